// How the realtime sources of a feed are doing, as clients, operators and Prometheus are told.

import { AGING_AFTER, STALE_AFTER, saidAt } from '#engine/live/aging.ts'
import { AUTH_FAILED } from '#engine/live/reasons.ts'
import { isMismatch, namesOtherVersion, type SourceStatus } from '#engine/live/state.ts'
import type { FeedState } from './messages.ts'

/** One source by itself; a feed's state is that of its freshest (docs/live.md). @param now Unix seconds */
export function stateOfSource(source: SourceStatus, now: number): FeedState['state'] {
  const asOf = saidAt(source)
  // what was said before the credentials ran out goes on ageing as ever
  if (source.refused === AUTH_FAILED && (asOf === 0 || now - asOf > STALE_AFTER)) return 'auth_error'
  if (asOf === 0) return 'waiting'
  if (now - asOf > STALE_AFTER) return 'stale'
  return now - asOf > AGING_AFTER ? 'aging' : 'live'
}

/** Had its newest message trip updates or vehicles? Fresh alerts make no prediction any fresher. */
const speaksOfRuns = ({ tripUpdates, vehicles }: SourceStatus): boolean => tripUpdates + vehicles > 0

/** State by feed tag: of a feed's sources the freshest of those that speak of runs counts; where none does, the freshest. */
export function feedStates(sources: readonly SourceStatus[], now: number): Record<string, FeedState> {
  const counting = new Map<string, SourceStatus>()
  for (const source of sources) {
    const known = counting.get(source.tag)
    const order =
      known && (Number(speaksOfRuns(source)) - Number(speaksOfRuns(known)) || saidAt(source) - saidAt(known))
    if (order === undefined || order > 0) counting.set(source.tag, source)
  }
  return Object.fromEntries(
    Array.from(counting, ([tag, source]) => [tag, { state: stateOfSource(source, now), asOf: saidAt(source) }]),
  )
}

/** What follows from a source's counts. Undefined: nobody can tell yet. Shares are 0…1. */
export function healthOf(source: SourceStatus, now: number) {
  const { timestamp, receivedAt, matched, unmatched, applied, unchangedCount, refusedCount } = source
  const asked = applied + unchangedCount + refusedCount
  return {
    ageSeconds: saidAt(source) > 0 ? Math.max(0, now - saidAt(source)) : undefined,
    /** How far the producer's clock was ahead of ours at the last message; below 0: how old the message was. */
    skewSeconds: timestamp > 0 ? timestamp - receivedAt : undefined,
    matchRate: matched + unmatched > 0 ? matched / (matched + unmatched) : undefined,
    /** Most of its trips are unknown (B18). */
    mismatch: isMismatch(source),
    /** It names another version of the timetable than ours (A16). */
    staticMismatch: namesOtherVersion(source),
    /** Share of all answers that were of use. */
    availability: asked > 0 ? (applied + unchangedCount) / asked : undefined,
  }
}

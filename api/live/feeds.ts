// How fresh the realtime sources of a feed are, as clients are told.

import { STALE_AFTER, saidAt } from '#engine/live/aging.ts'
import { AUTH_FAILED } from '#engine/live/reasons.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import type { FeedState } from './messages.ts'

export function stateOfSource(source: SourceStatus, now: number): FeedState['state'] {
  const asOf = saidAt(source)
  // what was said before the credentials ran out goes on ageing as ever
  if (source.refused === AUTH_FAILED && (asOf === 0 || now - asOf > STALE_AFTER)) return 'auth_error'
  if (asOf === 0) return 'waiting'
  return now - asOf > STALE_AFTER ? 'stale' : 'live'
}

/** State by feed tag; of several sources of one feed the freshest counts. */
export function feedStates(sources: readonly SourceStatus[], now: number): Record<string, FeedState> {
  const states = new Map<string, FeedState>()
  for (const source of sources) {
    const asOf = saidAt(source)
    const known = states.get(source.tag)
    if (known && known.asOf >= asOf) continue
    states.set(source.tag, { state: stateOfSource(source, now), asOf })
  }
  return Object.fromEntries(states)
}

// A journey's legs brought up to date by what their runs say now.

import type { Leg, Place } from '../../shared/api.ts'
import { seconds } from '../../shared/times.ts'
import { isRide } from './legs.ts'

/** All calls of a whole run. */
export const callsOf = ({ from, intermediateStops, to }: Leg): Place[] => [from, ...(intermediateStops ?? []), to]

/**
 * A run's call that is meant, −1 if there is none: by its planned time (Unix seconds), which does not move, and among neighbours that are planned
 * for the same minute by its stop, or, should it be at another platform now, its station.
 */
export function indexOfCall(
  calls: readonly Place[],
  event: 'scheduledDeparture' | 'scheduledArrival',
  meant: Pick<Place, 'stopId' | 'parentId'> & { readonly time: number },
): number {
  const timed = calls.flatMap((call, i) => (seconds(call[event] ?? '') === meant.time ? [i] : []))
  const station = meant.parentId ?? meant.stopId
  return (
    timed.find(i => calls[i]!.stopId === meant.stopId) ??
    timed.find(i => (calls[i]!.parentId ?? calls[i]!.stopId) === station) ??
    timed[0] ??
    -1
  )
}

/** The part of a whole run that is ridden. */
export function withRun(leg: Leg, run: Leg): Leg {
  const calls = callsOf(run)
  const from = indexOfCall(calls, 'scheduledDeparture', {
    ...leg.from,
    time: seconds(leg.from.scheduledDeparture ?? ''),
  })
  const to = indexOfCall(calls, 'scheduledArrival', { ...leg.to, time: seconds(leg.to.scheduledArrival ?? '') })
  if (from < 0 || to <= from) return leg
  const board = withoutArrival(calls[from]!)
  const alight = withoutDeparture(calls[to]!)
  return {
    ...leg,
    from: board,
    to: alight,
    startTime: board.departure ?? leg.startTime,
    endTime: alight.arrival ?? leg.endTime,
    realTime: run.realTime,
    occupancy: run.occupancy,
    cancelled: run.cancelled || board.cancelled || alight.cancelled,
    intermediateStops: calls.slice(from + 1, to),
  }
}

/** Ways move with the rides that they lead to or come from, however many are in a row. */
export function withWays(legs: readonly Leg[]): Leg[] {
  const moved = [...legs]
  const first = legs.findIndex(isRide)
  for (let i = first - 1; i >= 0; i--) moved[i] = withWalk(moved[i]!, undefined, moved[i + 1])
  for (let i = first + 1; first >= 0 && i < legs.length; i++)
    if (!isRide(moved[i]!)) moved[i] = withWalk(moved[i]!, moved[i - 1], undefined)
  return moved
}

/** A walk after a ride begins when the ride ends; the first walk begins in time for its ride. Stays between are kept. */
export function withWalk(walk: Leg, before: Leg | undefined, after: Leg | undefined): Leg {
  const length = walk.duration * 1000
  const begin = before
    ? Date.parse(before.endTime) + stayOf(walk)
    : after && Date.parse(after.startTime) - stayOf(after) - length
  return begin === undefined ? walk : { ...walk, startTime: iso(begin), endTime: iso(begin + length) }
}

const stayOf = ({ stay = 0 }: Leg): number => stay * 1000

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000', '')
const withoutArrival = ({ arrival: _a, scheduledArrival: _s, ...place }: Place): Place => place
const withoutDeparture = ({ departure: _d, scheduledDeparture: _s, ...place }: Place): Place => place

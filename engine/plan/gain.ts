// What renting has to gain over walking to be proposed: nobody fetches a vehicle for a ride round the corner. A journey that is better by more
// than this is never left out; one's own vehicle needs no gain.

import type { UnixSeconds } from '../core/time.ts'
import type { Journey, WalkLeg } from '../transit/journey.ts'
import type { Query } from './query.ts'

/** Seconds, unlocking and locking counted. */
export const LEAST_GAIN = 120

/** Does a journey on foot lose less than that by it, and change no more often? @param gain seconds; 1: does it lose nothing? */
export const isHardlyWorse = (walking: Journey, renting: Journey, gain = LEAST_GAIN): boolean =>
  walking.transfers <= renting.transfers &&
  Math.max(0, renting.departure - walking.departure) + Math.max(0, walking.arrival - renting.arrival) < gain

/**
 * A rented end of a journey (its legs not told yet) walked instead, where that costs less, and where the query leaves time for it.
 * @param seconds of the walk
 */
export function walkInstead(q: Query, j: Journey, at: 'access' | 'egress', seconds: number): Journey | undefined {
  const leg = (at === 'access' ? j.legs[0] : j.legs.at(-1)) as WalkLeg
  const more = seconds - (leg.arrival - leg.departure)
  if (more >= LEAST_GAIN) return undefined
  if (at === 'access') {
    const departure = (leg.departure - more) as UnixSeconds
    return !q.arriveBy && departure < q.time
      ? undefined
      : { ...j, departure, legs: [{ ...leg, departure }, ...j.legs.slice(1)] }
  }
  const arrival = (leg.arrival + more) as UnixSeconds
  return q.arriveBy && arrival > q.time
    ? undefined
    : { ...j, arrival, legs: [...j.legs.slice(0, -1), { ...leg, arrival }] }
}

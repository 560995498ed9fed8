// A page with fewer itineraries than were found. What is cut off lies at the page's far end, and its window ends before it: the next page
// begins there, so nothing is lost and nothing comes twice.

import type { UnixSeconds } from '../core/time.ts'
import type { Journey } from '../transit/journey.ts'
import type { PlanResult } from './plan.ts'
import type { Query } from './query.ts'
import { growsEarlier } from './window.ts'

/** At least `limit` itineraries, if there are as many: those that leave (arrive by: arrive) at the same time stay together. */
export function cutPage(result: PlanResult, q: Pick<Query, 'arriveBy' | 'extend'>, limit: number): PlanResult {
  const { itineraries } = result
  if (itineraries.length <= limit) return result
  const at = (j: Journey): UnixSeconds => (q.arriveBy ? j.arrival : j.departure)
  const times = itineraries.map(at).sort((a, b) => a - b)
  if (growsEarlier(q)) {
    const first = times[times.length - limit]!
    return { ...result, itineraries: itineraries.filter(j => at(j) >= first), windowStart: first }
  }
  const last = times[limit - 1]!
  const windowEnd = (last + 1) as UnixSeconds
  return { ...result, itineraries: itineraries.filter(j => at(j) <= last), windowEnd }
}

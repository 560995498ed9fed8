// How far one gets: along the streets alone, or with transit, then on foot from every stop that was reached.

import type { Horizon } from '../horizon/horizon.ts'
import { type Isochrone, isochrones } from '../street/isochrone.ts'
import { stopPlace } from '../street/links.ts'
import type { Profile } from '../street/profile.ts'
import { placeNear, travelAs } from '../street/search.ts'
import type { Seed } from '../street/start.ts'
import { platformsOf } from './access.ts'
import { streetsAt } from './moment.ts'
import type { Planner } from './plan.ts'
import { type ReachQuery, reachAll } from './reach.ts'

export interface IsochroneQuery extends ReachQuery {
  /** Who goes along the streets; with transit, who walks to, between and from the rides. */
  readonly traveller: Profile
  readonly transit: boolean
  /** Seconds, each a ring. */
  readonly rings: readonly number[]
}

/**
 * Rings around a place, the largest first; none without a map or far from any street.
 * @throws TIME_OUTSIDE_TIMETABLE as reachAll does
 */
export function isochronesAround(planner: Planner, horizon: Horizon, q: IsochroneQuery): Isochrone[] {
  const { timetable: tt } = planner
  const streets = streetsAt(planner, horizon, q.time)
  if (!streets) return []
  const starts: Seed[] = []
  const stops = q.transit ? reachAll(planner, horizon, { ...q, maxTravelTime: Math.max(...q.rings) }) : []
  travelAs(streets, q.traveller)
  const offer = (stop: number, seconds: number): void => {
    const place = stopPlace(streets.links, stop as never)
    if (place) starts.push({ place, ms: seconds * 1000 })
  }
  for (const { stop, seconds } of stops) offer(stop, seconds)
  if (q.one.kind === 'stop') for (const stop of platformsOf(tt, q.one.stop)) offer(stop, 0)
  else {
    const place = placeNear(streets, q.one, q.maxMatchingDistance)
    if (place) starts.push({ place, ms: 0 })
  }
  return starts.length === 0
    ? []
    : isochrones(streets, starts, { profile: q.traveller, rings: q.rings, reverse: q.arriveBy })
}

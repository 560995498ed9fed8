// How far one gets: along the streets alone, or with transit, then on foot from every stop that was reached; out of stations by their doors.

import { doorsOf, endFor } from '../access/doors.ts'
import { insideOf } from '../access/ground.ts'
import type { StopIdx } from '../core/ids.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { placesAt } from '../street/ends.ts'
import { type Isochrone, isochrones } from '../street/isochrone.ts'
import type { StreetEnd } from '../street/path.ts'
import type { Profile } from '../street/profile.ts'
import { travelAs } from '../street/search.ts'
import type { Seed } from '../street/start.ts'
import { streetEnd } from './direct.ts'
import { groundDuring } from './moment.ts'
import type { Planner } from './plan.ts'
import { type ReachQuery, reachAll } from './reach.ts'
import { spanAround } from './window.ts'

export interface IsochroneQuery extends ReachQuery {
  /** Who goes along the streets; with transit, who walks to, between and from the rides. */
  readonly traveller: Profile
  readonly transit: boolean
  /** Seconds, each a ring. */
  readonly rings: readonly number[]
}

/**
 * Rings around a place, the largest first; none without a map or far from any street. On foot from each stop that is reached, and along the
 * streets alone, over elevators that work as long as the largest ring lasts; to the stops by what works at each time.
 * @throws TIME_OUTSIDE_TIMETABLE as reachAll does
 */
export function isochronesAround(planner: Planner, horizon: Horizon, q: IsochroneQuery): Isochrone[] {
  const longest = Math.max(...q.rings)
  const ground = groundDuring(planner, horizon, ...spanAround(q, longest))
  const { timetable: tt, streets } = ground
  if (!streets) return []
  const stops = q.transit ? reachAll(planner, horizon, { ...q, maxTravelTime: longest }) : []
  travelAs(streets, q.traveller)
  const starts: Seed[] = []
  const inside = insideOf(q.walker)
  const travel = { profile: q.traveller, maxSeconds: longest, maxMatchingDistance: q.maxMatchingDistance }
  const offer = (end: StreetEnd, seconds: number): void => {
    for (const door of doorsOf(ground, end, inside, longest - seconds, q.arriveBy)) {
      const ms = Math.round((seconds + door.seconds) * 1000)
      for (const place of placesAt(streets, endFor(ground, travel, door.end), q.maxMatchingDistance, q.arriveBy))
        starts.push({ place, ms })
    }
  }
  for (const { stop, seconds } of stops) offer({ stop: stop as StopIdx }, seconds)
  offer(streetEnd(tt, q.one), 0)
  return starts.length === 0
    ? []
    : isochrones(streets, starts, { profile: q.traveller, rings: q.rings, reverse: q.arriveBy })
}

// Walking all the way: along the streets where there is a map, else in a straight line.

import { metresBetween } from '../core/geo.ts'
import type { UnixSeconds } from '../core/time.ts'
import { type StreetEnd, streetPath } from '../street/path.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Journey } from '../transit/journey.ts'
import { DETOUR } from './access.ts'
import type { Planner } from './plan.ts'
import type { Query, QueryPlace } from './query.ts'

/** The walk that leaves (arrive by: arrives) at the query's time, if it takes no longer than `maxDirect`. */
export function directWalk(planner: Planner, q: Query): Journey[] {
  const seconds = walkSeconds(planner, q)
  if (seconds === undefined || seconds > q.maxDirect) return []
  const departure = (q.arriveBy ? q.time - seconds : q.time) as UnixSeconds
  const arrival = (departure + seconds) as UnixSeconds
  const legs = [{ kind: 'walk', from: { kind: 'start' }, to: { kind: 'end' }, departure, arrival }] as const
  return [{ departure, arrival, transfers: 0, legs }]
}

function walkSeconds({ timetable: tt, streets }: Planner, q: Query): number | undefined {
  const [from, to] = [streetEnd(tt, q.from), streetEnd(tt, q.to)]
  if (streets)
    return streetPath(streets, from, to, {
      profile: q.walker,
      maxSeconds: q.maxDirect,
      maxMatchingDistance: q.maxMatchingDistance,
    })?.seconds
  const point = (e: StreetEnd): [number, number] =>
    'stop' in e ? [tt.stopLat[e.stop]!, tt.stopLon[e.stop]!] : [e.lat, e.lon]
  return Math.ceil((metresBetween(...point(from), ...point(to)) * DETOUR) / q.walker.speed)
}

/** Where a place touches the streets. */
export const streetEnd = (tt: Timetable, place: QueryPlace): StreetEnd =>
  place.kind === 'coordinate'
    ? { lat: place.lat, lon: place.lon }
    : tt.stopLocationType[place.stop] === 0
      ? { stop: place.stop }
      : { lat: tt.stopLat[place.stop]!, lon: tt.stopLon[place.stop]! }

// Walking all the way: along the streets where there is a map, else in a straight line; through stations as they are inside.

import { passage } from '../access/passage.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { StreetEnd } from '../street/path.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Journey } from '../transit/journey.ts'
import type { Planner } from './plan.ts'
import type { Query, QueryPlace } from './query.ts'

/** The walk that leaves (arrive by: arrives) at the query's time, if it takes no longer than `maxDirect`. */
export function directWalk({ timetable: tt, ground }: Planner, q: Query): Journey[] {
  const { walker: profile, maxDirect: maxSeconds, maxMatchingDistance } = q
  const [from, to] = [streetEnd(tt, q.from), streetEnd(tt, q.to)]
  const way = passage(ground, from, to, { profile, maxSeconds, maxMatchingDistance })
  if (!way) return []
  const departure = (q.arriveBy ? q.time - way.seconds : q.time) as UnixSeconds
  const arrival = (departure + way.seconds) as UnixSeconds
  const legs = [{ kind: 'walk', from: { kind: 'start' }, to: { kind: 'end' }, departure, arrival }] as const
  return [{ departure, arrival, transfers: 0, legs }]
}

/** Where a place touches the streets, or the inside of its station. */
export const streetEnd = (tt: Timetable, place: QueryPlace): StreetEnd =>
  place.kind === 'coordinate'
    ? { lat: place.lat, lon: place.lon }
    : tt.stopLocationType[place.stop] === 0
      ? { stop: place.stop }
      : { lat: tt.stopLat[place.stop]!, lon: tt.stopLon[place.stop]! }

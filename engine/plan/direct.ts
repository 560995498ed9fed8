// Walking all the way: along the streets where there is a map, else in a straight line; through stations as they are inside.

import { onTheWay, outagesThrough } from '../access/elevators.ts'
import type { Ground } from '../access/ground.ts'
import { passage } from '../access/passage.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { StreetEnd } from '../street/path.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Journey } from '../transit/journey.ts'
import { groundDuring, statesFor, wayAt } from './moment.ts'
import type { Planner } from './plan.ts'
import type { Query, QueryPlace } from './query.ts'
import { soonestWay, timesOf } from './soonest.ts'
import { spanAround } from './window.ts'

/**
 * The walk that leaves (arrive by: arrives) at the query's time, if it takes no longer than `maxDirect`. Where one is there sooner by waiting for
 * an elevator to work again, it leaves then; arrive by: where one may leave later, it arrives before an elevator goes out of order.
 */
export function directWalk(planner: Planner, horizon: Horizon, q: Query): Journey[] {
  const { timetable: tt } = planner
  const { walker: profile, maxMatchingDistance } = q
  const [from, to] = [streetEnd(tt, q.from), streetEnd(tt, q.to)]
  const best = directInTime(planner, horizon, q, profile.speed, (ground, maxSeconds) =>
    passage(ground, from, to, { profile, maxSeconds, maxMatchingDistance }),
  )
  if (!best) return []
  const { times } = best
  return [{ ...times, transfers: 0, legs: [{ kind: 'walk', from: { kind: 'start' }, to: { kind: 'end' }, ...times }] }]
}

/**
 * A way all the way, over elevators that work from its beginning to its end, when it is best made.
 * @param speed m/s of whoever goes fastest on it
 * @param find the quickest on some ground that takes no longer than so many seconds
 */
export function directInTime<W extends { readonly seconds: number }>(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  speed: number,
  find: (ground: Ground, maxSeconds: number) => W | undefined,
): { readonly way: W; readonly times: ReturnType<typeof timesOf> } | undefined {
  const { timetable: tt } = planner
  const { maxDirect, time, arriveBy } = q
  if (maxDirect <= 0) return undefined
  const mayUse = onTheWay(tt, streetEnd(tt, q.from), streetEnd(tt, q.to), maxDirect, { speed })
  const states = statesFor(planner, horizon, q).filter(({ elevator }) => mayUse(elevator))
  const outages = outagesThrough(states, ...spanAround(q, maxDirect))
  const during = (begin: number, end: number): Ground =>
    q.realtime ? groundDuring(planner, horizon, begin, end, mayUse) : planner.ground
  // with everything working nobody takes less: the way at once is the best, or who waits longer than that spares is there later
  const least = outages.length > 0 ? (find(planner.ground, maxDirect)?.seconds ?? maxDirect) : 0
  const found = new Map<number, W>()
  const best = soonestWay(outages, { time, arriveBy, least, longest: maxDirect }, (at, most) => {
    const { way } = wayAt(during, at, arriveBy, ground => find(ground, most))
    if (way) found.set(Math.abs(at - time), way)
    return way?.seconds
  })
  return best && { way: found.get(best.waits)!, times: timesOf(best, q) }
}

/** Where a place touches the streets, or the inside of its station. */
export const streetEnd = (tt: Timetable, place: QueryPlace): StreetEnd =>
  place.kind === 'coordinate'
    ? { lat: place.lat, lon: place.lon }
    : tt.stopLocationType[place.stop] === 0
      ? { stop: place.stop }
      : { lat: tt.stopLat[place.stop]!, lon: tt.stopLon[place.stop]! }

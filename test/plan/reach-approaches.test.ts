// One-to-all, and to many with transit, by other ways than on foot to the first stop and from the last one: as a plan comes there.

import { expect, test } from 'vitest'
import { E7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { onFoot, type StreetMode } from '#engine/plan/approaches.ts'
import { reachManyByTransit } from '#engine/plan/intermodal.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   start ──── 3 km ──── B ──L1── C ──── 3 km ──── end
const s = streets(`
  at a 0,0  at b 3000,0  at c 9000,0  at d 12000,0
  a-b highway=residential
  c-d highway=residential`)
const degrees = (east: number): string => {
  const { lat, lon } = metresToPoint(east, 0)
  return `${lat / E7},${lon / E7}`
}
const { tt, footpaths, day, stop } = timetable(`
  L1  B 10:30  C 10:40  [bikes=1]
  L1  B 11:30  C 11:40
  at B ${degrees(3000)}
  at C ${degrees(9000)}`)
const planner = createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) })
const horizon = horizonOf(tt, footpaths)
const at = (hour: number, minute: number) => (day * 86_400 + hour * 3600 + minute * 60) as UnixSeconds
const [start, end] = [0, 12_000].map((east): QueryPlace => ({ kind: 'coordinate', ...metresToPoint(east, 0) })) as [
  QueryPlace,
  QueryPlace,
]
const base = { ...queryDefaults, maxTravelTime: 5400 }
const modes = (access: readonly StreetMode[], egress: readonly StreetMode[]) => ({ ...onFoot, access, egress })
const minutes = (all: readonly { stop: number; seconds: number }[]): string =>
  all.map(one => `${'BC'[one.stop - stop('B')]} ${one.seconds / 60}`).join()

test('the first stop is come to by whatever is quickest of what is asked for', () => {
  const ask = (more: Partial<Query>): string =>
    minutes(reachAll(planner, horizon, { ...base, one: start, time: at(10, 0), ...more }))
  expect(ask({})).toBe('')
  const byBike = ask({ approaches: modes(['WALK', 'BIKE'], ['WALK']) })
  expect(byBike).toMatch(/^B 1\d(\.\d+)?,C 40$/)
  expect(ask({ approaches: modes(['BIKE'], ['WALK']) })).toBe(byBike)
  // at 2 m/s 25 minutes are too long, unless they are allowed: then the first bus is reached as well
  const slow = { approaches: modes(['BIKE'], ['WALK']), rider: withChanges(Profile.bike, { speed: 2 }) }
  expect(ask(slow)).toBe('')
  expect(ask({ ...slow, maxAccess: 1800 })).toMatch(/^B 2\d(\.\d+)?,C 40$/)
  // what is asked for at the other end is no matter
  expect(ask({ approaches: modes(['WALK'], ['BIKE']) })).toBe('')
})

test('arriving by a time it is the last stop that is left so', () => {
  const ask = (more: Partial<Query>): string =>
    minutes(reachAll(planner, horizon, { ...base, one: end, time: at(11, 0), arriveBy: true, ...more }))
  expect(ask({ approaches: modes(['BIKE'], ['WALK']) })).toBe('')
  expect(ask({ approaches: modes(['WALK'], ['BIKE']) })).toMatch(/^C 1\d(\.\d+)?,B 30$/)
})

test.each([false, true])('to many by transit both ends are, as in a plan; arriving by a time: %s', arriveBy => {
  const query = { ...base, time: at(arriveBy ? 11 : 10, 0), arriveBy }
  const [one, other] = arriveBy ? [end, start] : [start, end]
  const ask = (access: readonly StreetMode[], egress: readonly StreetMode[]): number | undefined =>
    reachManyByTransit(planner, horizon, { ...query, one, many: [other], approaches: modes(access, egress) })[0]![0]
      ?.seconds
  const planned = (access: readonly StreetMode[], egress: readonly StreetMode[]): number | undefined => {
    const q = { ...query, from: start, to: end, window: 0, minJourneys: 0, approaches: modes(access, egress) }
    const [best] = plan(planner, horizon, q).itineraries
    return best && (arriveBy ? query.time - best.departure : best.arrival - query.time)
  }
  expect(ask(['BIKE'], ['BIKE'])).toBeGreaterThan(2000)
  for (const access of [['WALK'], ['BIKE'], ['CAR'], ['WALK', 'CAR']] as const)
    for (const egress of [['WALK'], ['BIKE'], ['CAR_DROPOFF']] as const)
      expect(ask(access, egress), `${access} ${egress}`).toBe(planned(access, egress))
})

test('a bicycle that comes along is ridden at both ends and parked nowhere', () => {
  const q = { ...base, from: start, to: end, time: at(10, 0), window: 7200, minJourneys: 0, maxDirect: 0 }
  const ends = (more: Partial<Query>): (number | undefined)[] =>
    plan(planner, horizon, {
      ...q,
      approaches: modes(['WALK', 'BIKE'], ['WALK', 'BIKE']),
      ...more,
    }).itineraries.flatMap(({ legs }) => [legs[0]!, legs.at(-1)!].map(leg => leg.arrival - leg.departure))
  const [parked] = ends({})
  // there is no rack anywhere
  expect(ends({ bikeParking: 'rack' })).toEqual([])
  for (const more of [{}, { bikeParking: 'rack' }] as const)
    expect(ends({ bikes: 'yes', ...more })).toEqual([parked! - 30, parked! - 30])
})

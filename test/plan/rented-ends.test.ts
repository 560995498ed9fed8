// Journeys with something rented at both ends: the end where that gains next to nothing is walked.

import { expect, test } from 'vitest'
import { anyRental } from '#engine/access/courses.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import type { RentalSystem } from '#engine/conditions/rental.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allTold, planObjects } from '../helpers/plan-objects.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   near ─ 200 m ─ P ~~~ S1, S2 ~~~ Q ────── 1,500 m ────── far
//         v                          w                      x
const degrees = (east: number): string =>
  Object.values(metresToPoint(east, 0))
    .map(e7 => e7 / 1e7)
    .join(',')
const { tt, footpaths, day } = timetable(`
  S1   P 10:00   Q 10:10
  S2   Q 11:00   P 11:10
  at P ${degrees(200)}
  at Q ${degrees(9000)}`)
const s = streets(`
  at a 0,0  at p 200,0  at q 9000,0  at z 10500,0
  a-p highway=residential
  q-z highway=residential`)
const at = (hour: number): UnixSeconds => (day * 86_400 + hour * 3600) as UnixSeconds
const system: RentalSystem = {
  ...{ id: 'r', group: 'r', name: 'r', systemId: 'r', zones: [], otherwise: [], stations: [], measured: at(9.5) },
  types: [
    { id: 'e', name: 'e', formFactor: 'SCOOTER_STANDING', propulsion: 'ELECTRIC', rangeMetres: 9e4, returns: 'NONE' },
  ],
  vehicles: [5, 190, 9010, 10_495].map(east => ({
    ...{ id: `v${east}`, type: 'e', ...metresToPoint(east, 0), usable: true, rangeMetres: 40_000 },
  })),
}
const near = { kind: 'coordinate', ...s.at('a') } as const
const far = { kind: 'coordinate', ...s.at('z') } as const

const planner = () => createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) })
const horizonWith = (system: RentalSystem) => ({
  ...horizonOf(tt, footpaths),
  conditions: { ...noConditions, rentals: [system] },
})
const query = (asked: Partial<Query>): Query =>
  ({
    ...queryDefaults,
    walker: withChanges(Profile.foot, { speed: 1 }),
    maxAccess: 900,
    maxEgress: 900,
    realtime: true,
    approaches: {
      ...{ access: ['WALK', 'RENTAL'], egress: ['WALK', 'RENTAL'], direct: ['WALK'] },
      rental: { access: anyRental, egress: anyRental, direct: anyRental },
    },
    ...asked,
  }) as Query

test.each<[string, Partial<Query>]>([
  ['the first, walked 200 m', { from: near, to: far, time: at(9.75) }],
  ['the last, walked 200 m', { from: far, to: near, time: at(10.75) }],
  ['the first, of who arrives by a time', { from: near, to: far, time: at(10.5), arriveBy: true }],
  ['the last, of who arrives by a time', { from: far, to: near, time: at(11.5), arriveBy: true }],
])('%s', (_, asked) => {
  const { itineraries } = plan(planner(), horizonWith(system), query(asked))
  expect(itineraries).toHaveLength(1)
  const { departure, arrival, legs } = itineraries[0]!
  const isNearFirst = asked.from === near
  const [board, alight] = isNearFirst ? [at(10), at(10) + 600] : [at(11), at(11) + 600]
  const spent = legs.map(leg => (leg.kind === 'walk' ? leg.arrival - leg.departure : 600))
  // 200 m on foot, no more and no less; then a scooter of which no second is lost
  const [walk, ride] = isNearFirst ? [legs[0]!, legs[2]!] : [legs[2]!, legs[0]!]
  if (walk.kind !== 'walk' || ride.kind !== 'walk') throw new Error('a ride')
  expect(walk.by).toBeUndefined()
  expect(Math.abs(walk.arrival - walk.departure - 200)).toBeLessThanOrEqual(2)
  expect(ride.by?.mode).toBe('RENTAL')
  expect(ride.by?.parts.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(ride.arrival - ride.departure)
  expect([departure, arrival]).toEqual([board - spent[0]!, alight + spent[2]!])
  expect([legs[0]!.departure, legs[0]!.arrival, legs[2]!.departure, legs[2]!.arrival]).toEqual([
    ...[departure, board, alight, arrival],
  ])
})

test('what is planned within six hours of the last word is told as known, whenever it is taken', () => {
  const told = (measured: number) => {
    const asked = query({ from: near, to: far, time: at(9.75) })
    const { itineraries } = planObjects(planner(), horizonWith({ ...system, measured }), asked, allTold, at(9.75))
    return itineraries.flatMap(({ legs }) => legs.flatMap(({ rental }) => rental?.availability ?? []))
  }
  expect(told(at(3.75))).toEqual(['KNOWN'])
  // vehicles that stand by themselves are nowhere then
  expect(told(at(3.75) - 1)).toEqual([])
})

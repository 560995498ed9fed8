// What is rented is drawn where it was found to ride: round a zone that may not be ridden through.

import { expect, test } from 'vitest'
import { anyRental } from '#engine/access/courses.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import type { RentalSystem } from '#engine/conditions/rental.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allTold, planObjects } from '../helpers/plan-objects.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//        d ─────────── e
//        │             │  400 m
//   a v ─ m ──── ▒ ─── n ── z
const s = streets(`
  at a 0,0  at m 200,0  at n 800,0  at z 1000,0  at d 200,400  at e 800,400
  a-m-n-z highway=residential
  m-d-e-n highway=residential`)
const { tt, footpaths, day } = timetable('S1   P 10:00   Q 10:10')
const now = (day * 86_400 + 9 * 3600) as UnixSeconds
const [p, q] = [metresToPoint(450, -50), metresToPoint(550, 50)]
const zone = (through: boolean): RentalSystem['zones'][number] => ({
  name: 'park',
  polygon: [[[p.lat, p.lon, q.lat, p.lon, q.lat, q.lon, p.lat, q.lon]]],
  rules: [{ types: undefined, start: true, end: true, through, stationParking: false }],
})
const system: RentalSystem = {
  ...{ id: 'r', group: 'r', name: 'r', systemId: 'r', zones: [], otherwise: [], stations: [], measured: now },
  types: [
    { id: 'e', name: 'e', formFactor: 'SCOOTER_STANDING', propulsion: 'ELECTRIC', rangeMetres: 9e4, returns: 'NONE' },
  ],
  vehicles: [{ id: 'v', type: 'e', ...metresToPoint(5, 0), usable: true, rangeMetres: undefined }],
}

test.each([
  ['round it', false, 1795],
  ['through it, where that is allowed', true, 995],
])('%s', (_, through, metres) => {
  const query = {
    ...queryDefaults,
    from: { kind: 'coordinate', ...s.at('a') },
    to: { kind: 'coordinate', ...s.at('z') },
    time: now,
    realtime: true,
    approaches: {
      ...{ access: ['WALK'], egress: ['WALK'], direct: ['RENTAL'] },
      rental: { access: anyRental, egress: anyRental, direct: anyRental },
    },
  } as Query
  const planner = createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) })
  const conditions = { ...noConditions, rentals: [{ ...system, zones: [zone(through)] }] }
  const { direct } = planObjects(planner, { ...horizonOf(tt, footpaths), conditions }, query, allTold, now)
  const rides = direct.flatMap(({ legs }) => legs.filter(({ mode }) => mode === 'RENTAL'))
  expect(rides.map(({ distance }) => Math.round(distance! / 5) * 5)).toEqual([metres])
})

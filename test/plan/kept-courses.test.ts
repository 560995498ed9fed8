// However many different limits are asked for, the streets of a system, and the search states that come with each, are made once.

import { expect, test } from 'vitest'
import { anyRental } from '#engine/access/courses.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import type { RentalSystem } from '#engine/conditions/rental.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { coursesOf, parkingNear, rideSearch, searchFor } from '#engine/plan/kept-courses.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   a ── v ────── m ──── ▒ no riding through ▒ ── z
const s = streets(`
  at a 0,0  at m 1000,0  at n 1000,60  at z 2000,0
  a-m-z highway=residential
  m-n highway=residential`)
const { tt, footpaths } = timetable('S1   P 10:00   Q 10:10')
const [p, q] = [metresToPoint(1400, -50), metresToPoint(1500, 50)]
const type = (id: string) =>
  ({ id, name: id, formFactor: 'SCOOTER_STANDING', propulsion: 'ELECTRIC', rangeMetres: 9e4, returns: 'NONE' }) as const
const system: RentalSystem = {
  ...{ id: 'r', group: 'r', name: 'r', systemId: 'r', otherwise: [], stations: [], measured: 0 },
  types: [type('e'), type('f')],
  vehicles: ['e', 'f'].map(id => ({ id, type: id, ...metresToPoint(5, 0), usable: true, rangeMetres: undefined })),
  zones: [
    {
      name: 'park',
      polygon: [[[p.lat, p.lon, q.lat, p.lon, q.lat, q.lon, p.lat, q.lon]]],
      rules: [{ types: undefined, start: true, end: true, through: false, stationParking: false }],
    },
  ],
}

test('one graph for each kind of vehicle, of 200 limits and riders', () => {
  const planner = createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) })
  const horizon = (conditions = { ...noConditions, rentals: [system] }) => ({ ...horizonOf(tt, footpaths), conditions })
  const now = horizon()
  const graphs = new Set<object>()
  const ask = (world: typeof now, maxAccess: number): void => {
    const approaches = { access: ['RENTAL'], egress: [], direct: [], rental: { access: anyRental } }
    const query = { ...queryDefaults, time: 0 as UnixSeconds, realtime: true, maxAccess, approaches }
    for (const { graph } of coursesOf(planner, world, query as unknown as Query, 'access', 'RENTAL')) {
      graphs.add(graph)
      searchFor(planner, graph, 0)
    }
  }
  for (let i = 0; i < 200; i++) ask(now, 600 + i)
  expect([graphs.size, planner.moments.courses!.searches.size]).toEqual([2, 2])
  expect(graphs.has(s.graph)).toBe(false)
  // a source has answered anew
  ask(horizon(), 600)
  expect([graphs.size, planner.moments.courses!.searches.size]).toEqual([4, 2])
})

test('a kind of vehicle that nobody lets has no graph of its own', () => {
  const planner = createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) })
  const world = { ...horizonOf(tt, footpaths), conditions: { ...noConditions, rentals: [system] } }
  const graphOf = (type: string) => rideSearch(planner, world, planner.streets!, { system: 'r', type }).graph
  expect([graphOf('e') === s.graph, graphOf('made up') === s.graph]).toEqual([false, true])
})

test('of the streets without what is out of order, which change by the hour, a few are kept', () => {
  const planner = createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) })
  const horizon = { ...horizonOf(tt, footpaths), conditions: { ...noConditions, rentals: [system] } }
  const approaches = { access: ['RENTAL'], egress: [], direct: [], rental: { access: anyRental } }
  const query = { ...queryDefaults, time: 0 as UnixSeconds, realtime: true, approaches } as unknown as Query
  for (let hour = 0; hour < 50; hour++) {
    const there = { ...planner, streets: { ...planner.streets!, graph: { ...s.graph } } }
    for (const { graph } of coursesOf(there, horizon, query, 'access', 'RENTAL')) searchFor(there, graph, 0)
    searchFor(there, there.streets.graph, 0)
    parkingNear(there, horizon)
  }
  const { streets: kept, searches } = planner.moments.courses!
  // the streets, and those of either kind of vehicle; all of them with one set of labels
  expect([kept.size, searches.size]).toEqual([8, 3 * 8])
  expect(new Set([...searches.values()].flatMap(these => these.map(({ turn }) => turn))).size).toBe(1)
})

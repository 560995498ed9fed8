// A zone without cars, as an import lays it: how a server that has it answers who asks for ways by car.

import { expect, test } from 'vitest'
import { noConditions, type ParkingReport } from '#engine/conditions/conditions.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { onFoot, type StreetMode } from '#engine/plan/approaches.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { openStreetGraph } from '#engine/street/graph.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { parseArea } from '#feeds/area.ts'
import { layStreets } from '#feeds/layers.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allTold, planObjects } from '../helpers/plan-objects.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   a ──────── 2,000 m ──────── m ┊── 200 m ── z P ~S1~ Q          the zone begins behind m, the lot is 60 m inside
const s = streets(`
  at a 0,0  at m 2000,0  at z 2200,0
  a-m highway=residential
  m-z highway=residential`)
const degrees = (east: number): string => Object.values(metresToPoint(east, 0)).map(e7 => e7 / 1e7).join(',') // biome-ignore format: one line
const { tt, footpaths, day, stop } = timetable(`
  S1   P 10:00   Q 10:10
  at P ${degrees(2200)}
  at Q ${degrees(9000)}`)
const lot: ParkingReport = {
  ...{ id: 'p', name: 'P+R', ...s.at([2060, 10]), free: 5, total: 50, open: true },
  ...{ trend: 0, measured: 0, source: 'x' },
}

function ask(zoned: boolean, mode: StreetMode, to: 'z' | 'Q') {
  const [sw, ne] = zoned ? [s.at([2001, -300]), s.at([2400, 300])] : [s.at([-900, -900]), s.at([-800, -800])]
  const carFree = parseArea([sw.lon, sw.lat, ne.lon, ne.lat].map(v => v / 1e7).join(','))
  const graph = openStreetGraph(layStreets(s.graph, { carFree }).graph.buffer)
  const answer = planObjects(
    createPlanner(tt, footpaths, { graph, links: buildStopLinks(graph, tt) }),
    { ...horizonOf(tt, footpaths), conditions: { ...noConditions, lots: [lot] } },
    {
      ...queryDefaults,
      from: { kind: 'coordinate', ...s.at('a') },
      to: to === 'z' ? { kind: 'coordinate', ...s.at('z') } : { kind: 'stop', stop: stop('Q') },
      time: (day * 86_400 + 9.5 * 3600) as UnixSeconds,
      approaches: { ...onFoot, access: [mode], direct: to === 'z' ? [mode] : [] },
    },
    allTold,
    (day * 86_400) as UnixSeconds,
  )
  const found = to === 'z' ? answer.direct : answer.itineraries
  return found[0]?.legs.map(leg => leg.mode)
}

test('a car park inside it is not proposed, however near an open street is', () => {
  expect(ask(false, 'CAR_PARKING', 'Q')).toEqual(['CAR_PARKING', 'WALK', 'REGIONAL_RAIL'])
  expect(ask(true, 'CAR_PARKING', 'Q')).toBeUndefined()
})

test('who is dropped walks into it; a car that goes on has no way', () => {
  expect(ask(false, 'CAR_DROPOFF', 'z')).toEqual(['CAR_DROPOFF'])
  expect(ask(true, 'CAR_DROPOFF', 'z')).toEqual(['CAR_DROPOFF', 'WALK'])
  expect(ask(true, 'CAR_DROPOFF', 'Q')).toEqual(['CAR_DROPOFF', 'WALK', 'REGIONAL_RAIL'])
  expect([ask(false, 'CAR', 'z'), ask(true, 'CAR', 'z')]).toEqual([['CAR'], undefined])
})

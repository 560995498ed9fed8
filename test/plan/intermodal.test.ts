import { expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { reachManyByTransit } from '#engine/plan/intermodal.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { buildLookup, findStop } from '#engine/timetable/lookup.ts'
import { at } from '../api/city.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { timetable } from '../helpers/timetable.ts'

const drawn = timetable(
  `
  Bus    A 10:00   B 10:50
  Tram   A 10:05   C 10:10
  Train  C 10:15   B 10:25
  at A 51.50,7.40
  at B 51.60,7.50
  at C 51.55,7.45`,
  { change: 60, range: ['20260109', '20260112'] },
)
const lookup = buildLookup(drawn.tt)
const stop = (id: string) => ({ kind: 'stop', stop: findStop(lookup, `test_${id}`)! }) as const

test('slow with one ride, quicker with two: both; nothing where one already is', () => {
  const planner = createPlanner(drawn.tt, drawn.footpaths)
  const query = { ...queryDefaults, one: stop('A'), many: [stop('B'), stop('A'), stop('C')] }
  const trades = reachManyByTransit(planner, horizonOf(drawn.tt, drawn.footpaths), {
    ...query,
    time: at('9:55') as UnixSeconds,
    maxTravelTime: 7200,
  })
  expect(trades).toEqual([
    [
      { seconds: 55 * 60, rides: 1 },
      { seconds: 30 * 60, rides: 2 },
    ],
    [],
    [{ seconds: 15 * 60, rides: 1 }],
  ])
})

test('arriving by a time: from the many, counted back', () => {
  const planner = createPlanner(drawn.tt, drawn.footpaths)
  const query = { ...queryDefaults, arriveBy: true, one: stop('B'), many: [stop('A')], maxTravelTime: 7200 }
  const horizon = horizonOf(drawn.tt, drawn.footpaths)
  // the bus leaves at 10:00, an hour before; the tram at 10:05
  expect(reachManyByTransit(planner, horizon, { ...query, time: at('11:00') })).toEqual([
    [
      { seconds: 3600, rides: 1 },
      { seconds: 3300, rides: 2 },
    ],
  ])
})

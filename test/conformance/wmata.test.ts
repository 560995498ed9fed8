// OneBusAway's WMATA integration tests (service day 20230818, single updates around midnight; @Ignore there): the times of their messages in
// a small world. Each stop's board has the realtime row, before midnight and after.

import { expect, test } from 'vitest'
import { readBoard } from '#api/live/board.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { say, storeOf, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const world = timetable(
  `
  B1   s15613 23:58   s13004 23:59   s13006 24:00   s10662 24:01   s10650 24:02   [id=364060]
  B2   s15613 00:44   s13004 00:45   [id=21489060 days=20230819]`,
  { zone: 'America/New_York', days: ['20230818'], range: ['20230817', '20230820'] },
)
const FIRST = 1692417540
const stops = ['s15613', 's13004', 's13006', 's10662', 's10650'] as const
const update = stops.reduce(
  (t, stop, i) =>
    t
      .stop(stop)
      .arrival({ time: FIRST + 60 * i })
      .departure({ time: FIRST + 60 * i }),
  trip('364060', { startDate: '20230818' }),
)
const late = trip('21489060', { startDate: '20230819' }).stop('s15613').departure({ time: 1692420300 })

test.each(
  // the last stop has no departure
  stops.slice(0, -1).flatMap((stop, i) => [-1800, -60, 0].map(before => [stop, FIRST + 60 * i, before] as const)),
)('WMATA service day 20230818, trip 364060: %s at %i, asked %i s from then', (stop, time, before) => {
  const asked = (time + before) as UnixSeconds
  const { state } = say(storeOf(world.tt), { timestamp: FIRST - 1800 }, update)
  const { rows } = readBoard(horizonOf(world.tt, world.footpaths, state), [world.stop(stop)], asked, [])
  expect(rows.filter(row => row.trip.endsWith('364060'))).toMatchObject([
    { sched: time - 60, pred: time, delay: 60, source: 'predicted' },
  ])
})

test('WMATA service day 20230819, trip 21489060: a quarter to one belongs to the new day', () => {
  const { state } = say(storeOf(world.tt), { timestamp: FIRST }, late)
  const { rows } = readBoard(
    horizonOf(world.tt, world.footpaths, state),
    [world.stop('s15613')],
    FIRST as UnixSeconds,
    [],
  )
  expect(rows.filter(row => row.trip.endsWith('21489060'))).toMatchObject([
    { sched: 1692420240, pred: 1692420300, source: 'predicted' },
  ])
})

import { expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { BOARD_SECONDS, readBoard } from '#api/live/board.ts'
import { Row } from '#api/live/rows/board.ts'
import { boardStops } from '#api/motis/stops.ts'
import { publicStopId } from '#api/render/texts.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { DAY, parseDate, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import { RunState, Source } from '#engine/live/state.ts'
import { appFor, expectShape, get } from '../helpers/api.ts'
import { rowOf } from '../helpers/board.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { type ChangedRun, liveState, plannedRun } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, city } from './city.ts'

test.each(Array.from({ length: 25 }, (_, seed) => seed))('a board is what stoptimes answers (city %i)', async seed => {
  const r = random(seed)
  const drawn = timetable(drawCity(r), { zone: 'Europe/Berlin' })
  const now = (parseDate('20260328')! * DAY + r.below(3 * DAY)) as UnixSeconds
  const service = testService(drawn, now, liveState(disturb(r, drawn.tt)))
  const app = appFor(service)
  for (let s = 0; s < drawn.tt.counts.stops - drawn.tt.counts.roomStops; s++) {
    const stop = s as StopIdx
    const { rows } = readBoard(service.horizon, boardStops(service, stop, false), now, [])
    const { stopTimes } = await get<StoptimesResponse>(
      app,
      `/api/v6/stoptimes?stopId=${publicStopId(drawn.tt, stop)}&n=30&time=${new Date(now * 1000).toISOString()}`,
    )
    const near = stopTimes.filter(({ cancelled, place }) => {
      const time = Date.parse((cancelled ? place.scheduledDeparture : place.departure)!) / 1000
      return time <= now + BOARD_SECONDS
    })
    expect(rows.map(({ id: _id, exp: _exp, alerts: _alerts, wheelchair: _wheelchair, ...row }) => row)).toEqual(
      near.map(rowOf),
    )
    for (const row of rows) expectShape(Row, row)
    expect(new Set(rows.map(row => row.id)).size).toBe(rows.length)
  }
})

const today = (city.day + 1) as ServiceDay
const delay = (run: ChangedRun, seconds: number): void => {
  for (const call of run.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
}
const rowsAt = (hhmm: string, ...changed: Parameters<typeof liveState>[0]) => {
  const service = testService(city, at(hhmm), liveState(changed))
  return readBoard(service.horizon, boardStops(service, city.stop('Hbf'), false), at(hhmm), []).rows
}

test('a row: planned', () => {
  expect(rowsAt('10:00')[0]).toEqual({
    id: '20260110_10:00_test_S1#2',
    trip: '20260110_10:00_test_S1',
    route: 'test_S1',
    line: 'S1',
    headsign: 'Castrop',
    mode: 'REGIONAL_RAIL',
    color: undefined,
    textColor: undefined,
    stop: 'test_H1',
    platform: undefined,
    platformPlanned: undefined,
    sched: at('10:11'),
    pred: null,
    delay: null,
    rt: 'scheduled',
    source: 'scheduled',
    state: 'normal',
    headway: undefined,
    // the only one in its direction
    ofDay: 'last',
    interval: undefined,
    wheelchair: true,
    alerts: [],
    exp: at('10:11') + 1,
  })
})

test('L5: a late run stays until it has left, a cancelled one until its planned time', () => {
  const late = plannedRun(city.tt, city.trip('S1'), today)
  delay(late, 540)
  expect(rowsAt('10:19', late)[0]).toMatchObject({
    line: 'S1',
    pred: at('10:20'),
    delay: 540,
    rt: 'live',
    exp: at('10:20') + 1,
  })
  const cancelled = { ...plannedRun(city.tt, city.trip('S1'), today), state: RunState.cancelled }
  expect(rowsAt('10:11', cancelled)[0]).toMatchObject({ line: 'S1', state: 'cancelled', pred: null, delay: null })
  expect(rowsAt('10:12', cancelled)[0]).toMatchObject({ line: 'U2' })
})

test.each([
  [Source.predicted, 'live'],
  [Source.propagated, 'live'],
  [Source.recorded, 'live'],
  [Source.noData, 'nodata'],
  [Source.stale, 'stale'],
  [Source.schedule, 'scheduled'],
] as const)('source %i is shown as %s, with the time the search reckons with', (source, rt) => {
  const run = plannedRun(city.tt, city.trip('S1'), today)
  delay(run, 120)
  const state = liveState([run])
  state.runs.eventDepartureSource.fill(source)
  state.runs.eventArrivalSource.fill(source)
  const service = testService(city, at('10:00'), state)
  const [row] = readBoard(service.horizon, [city.stop('H1')], at('10:00'), []).rows
  expect(row).toMatchObject({ rt, pred: at('10:13') })
  const planned = readBoard(testService(city, at('10:00')).horizon, [city.stop('H1')], at('10:00'), []).rows[0]
  expect(planned).toMatchObject({ rt: 'scheduled', pred: null })
})

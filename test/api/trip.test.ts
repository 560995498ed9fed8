import { expect, test } from 'vitest'
import { Itinerary } from '#api/contract.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { appFor, expectShape, get, refused } from '../helpers/api.ts'
import { liveState, plannedRun } from '../helpers/horizon.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

test.each([1, 2, 4, 5, 6])('v%i: the whole run as one leg', async version => {
  const app = appFor(testService(city, at('9:00')))
  const trip = await get<Itinerary>(app, `/api/v${version}/trip?tripId=20260110_10:00_test_S1`)
  expectShape(Itinerary, trip)
  expect(trip).toMatchObject({ startTime: iso('10:00'), endTime: iso('10:40'), duration: 2400, transfers: 0 })
  expect(trip.legs).toHaveLength(1)
  expect(trip.legs[0]).toMatchObject({ tripId: '20260110_10:00_test_S1', from: { name: 'A' }, to: { name: 'C' } })
})

test('a run after midnight is named by its service day', async () => {
  const trip = await get<Itinerary>(
    appFor(testService(city, at('9:00'))),
    '/api/v6/trip?tripId=20260110_25:30_test_night',
  )
  expect(trip.startTime).toBe('2026-01-11T01:30:00Z')
})

test('a run of a frequency trip by the minute at which it starts', async () => {
  const app = appFor(testService(city, at('9:00')))
  expect((await get<Itinerary>(app, '/api/v6/trip?tripId=20260110_11:20_test_B3')).startTime).toBe(iso('11:20'))
  expect(await refused(app, '/api/v6/trip?tripId=20260110_11:25_test_B3')).toEqual([
    404,
    expect.stringContaining('11:25'),
  ])
})

test('a cancelled run can still be looked at', async () => {
  const cancelled = { ...plannedRun(city.tt, city.trip('S1'), (city.day + 1) as ServiceDay), state: RunState.cancelled }
  const app = appFor(testService(city, at('9:00'), liveState([cancelled])))
  const { legs } = await get<Itinerary>(app, '/api/v6/trip?tripId=20260110_10:00_test_S1')
  expect(legs[0]).toMatchObject({ cancelled: true, from: { cancelled: true } })
})

test.each([
  ['20260110_10:00_test_XX', 404],
  ['20260111_10:00_test_S1', 404], // does not run on that day
  ['20260110_10:00_nobody_S1', 404],
  ['20260110_10:00_test___proto__', 404],
  ['S1', 400],
  ['20261310_10:00_test_S1', 400],
])('%s is %i', async (id, status) => {
  const [got] = await refused(appFor(testService(city, at('9:00'))), `/api/v6/trip?tripId=${id}`)
  expect(got).toBe(status)
})

import { describe, expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { Itinerary, type PlanResponse } from '#api/contract/itinerary.ts'
import { type TripSegment, TripsResponse } from '#api/contract/map.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { appFor, expectShape, get, refused } from '../helpers/api.ts'
import { liveState, plannedRun } from '../helpers/horizon.ts'
import { alert, say, storeOf, trip } from '../helpers/realtime.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
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

describe('a run that only realtime knows (F22)', () => {
  const store = storeOf(city.tt)
  const { state } = say(
    store,
    { timestamp: at('9:00') },
    trip('extra', { routeId: 'U2', startDate: '20260110' })
      .is('NEW')
      .becomes({ tripHeadsign: 'Depot' })
      .stop(1, 'A')
      .departure({ time: at('9:55') })
      .stop(2, 'E')
      .arrival({ time: at('10:07') })
      .stop(3, 'F')
      .arrival({ time: at('10:10') }),
    trip('S1', { startDate: '20260110' })
      .is('REPLACEMENT')
      .stop(1, 'A')
      .departure({ time: at('10:00') })
      .stop(2, 'D')
      .arrival({ time: at('10:33') }),
    alert('detour', {
      headerText: { translation: [{ text: 'S1 ends at D' }] },
      informedEntity: [{ trip: { tripId: 'S1', startDate: '20260110' } }],
    }),
  )
  const app = () => appFor(testService(city, at('9:00'), state))

  test('its id has date and time of its start in UTC, as the timetable’s never have', async () => {
    const berlin = timetable('S1   A 10:00   B 10:10   [days=20260110,20260111]', { zone: 'Europe/Berlin' })
    const T = Date.UTC(2026, 0, 10, 20) / 1000
    const run = (id: string, time: number, more: object = {}) =>
      trip(id, { routeId: 'S1', startDate: '20260111', ...more })
        .is('NEW')
        .stop(1, 'A')
        .departure({ time: time + 90, delay: 90 })
        .stop(2, 'B')
        .arrival({ time: time + 600 })
    const night = run('night', Date.UTC(2026, 0, 10, 23, 30) / 1000) // 00:30 of the 11th in Berlin
    const late = run('late', Date.UTC(2026, 0, 11, 23, 30) / 1000, { startTime: '24:30:00' })
    const copy = trip('S1', { startDate: '20260111' })
      .is('DUPLICATED')
      .becomes({ tripId: 'copy', startDate: '20260111', startTime: '11:00:00' })
      .stop('A')
      .delay(0)
    const ids = ['20260110_23:30_test_night', '20260111_23:30_test_late', '20260111_10:00_test_copy']
    const app = appFor(
      testService(berlin, T as never, say(storeOf(berlin.tt), { timestamp: T }, night, late, copy).state),
    )
    for (const id of ids) {
      const { legs } = await get<Itinerary>(app, `/api/v6/trip?tripId=${id}`)
      expect([legs[0]!.tripId, legs[0]!.scheduledStartTime.slice(11, 16)]).toEqual([id, id.slice(9, 14)])
    }
    const { stopTimes } = await get<StoptimesResponse>(
      app,
      `/api/v6/stoptimes?stopId=test_A&n=4&time=2026-01-10T20:00:00Z`,
    )
    expect(stopTimes.map(row => row.tripId)).toEqual([ids[0], '20260111_10:00_test_S1', ids[2], ids[1]])
  })

  test('plan, board, trip page and map show the same, by one id', async () => {
    const { itineraries } = await get<PlanResponse>(
      app(),
      `/api/v6/plan?fromPlace=test_A&toPlace=test_E&time=${iso('9:50')}`,
    )
    const leg = itineraries[0]!.legs[0]!
    expect(leg).toMatchObject({ displayName: 'U2', headsign: 'Depot', scheduled: false, realTime: true })
    expect([leg.startTime, leg.endTime]).toEqual([iso('9:55'), iso('10:07')])
    const { stopTimes } = await get<StoptimesResponse>(app(), `/api/v6/stoptimes?stopId=test_A&n=2&time=${iso('9:50')}`)
    expect(stopTimes.map(row => [row.tripId, row.headsign, row.place.departure])).toEqual([
      [leg.tripId, 'Depot', iso('9:55')],
      ['20260110_10:00_test_S1', 'Castrop', iso('10:00')],
    ])
    const whole = await get<Itinerary>(app(), `/api/v6/trip?tripId=${leg.tripId}`)
    expectShape(Itinerary, whole)
    expect(whole.legs[0]).toMatchObject({ tripId: leg.tripId, from: { name: 'A' }, to: { name: 'F' } })
    const found = await get<Itinerary>(app(), `/api/v6/refresh-itinerary?itineraryId=${itineraries[0]!.id}`)
    expect(found.legs.map(l => [l.tripId, l.startTime])).toEqual([[leg.tripId, iso('9:55')]])
    const rides = await get<TripSegment[]>(
      app(),
      `/api/v6/map/trips?zoom=12&min=51.4,7.3&max=51.6,7.5&startTime=${iso('9:58')}&endTime=${iso('9:59')}`,
    )
    expectShape(TripsResponse, rides)
    expect(rides).toMatchObject([
      {
        trips: [{ tripId: leg.tripId, displayName: 'U2' }],
        departure: iso('9:55'),
        arrival: iso('10:07'),
        realTime: true,
        from: { name: 'A' },
        to: { name: 'E' },
      },
    ])
  })

  test('a replaced run keeps its id and has the new stops', async () => {
    const whole = await get<Itinerary>(app(), '/api/v6/trip?tripId=20260110_10:00_test_S1')
    expect(whole.legs[0]).toMatchObject({ from: { name: 'A' }, to: { name: 'D' }, endTime: iso('10:33') })
  })

  test('J7, F17: an alert of the timetable’s trip is shown on the run that takes its place', async () => {
    const whole = await get<Itinerary>(app(), '/api/v6/trip?tripId=20260110_10:00_test_S1')
    expect(whole.legs[0]!.alerts).toMatchObject([{ headerText: 'S1 ends at D' }])
    const { stopTimes } = await get<StoptimesResponse>(
      app(),
      `/api/v6/stoptimes?stopId=test_A&n=2&time=${iso('9:50')}&withAlerts=true`,
    )
    expect(stopTimes.map(({ place }) => place.alerts?.length ?? 0)).toEqual([0, 1])
  })
})

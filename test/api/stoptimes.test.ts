import { expect, test } from 'vitest'
import { type StopTime, StoptimesResponse } from '#api/contract/board.ts'
import { readBoard } from '#api/live/board.ts'
import { boardStops } from '#api/motis/stops.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { KEPT, type LiveState, type LiveVehicle, RunState } from '#engine/live/state.ts'
import { appFor, expectShape, get, refused } from '../helpers/api.ts'
import { type ChangedRun, liveState, plannedRun } from '../helpers/horizon.ts'
import { raw, say, storeOf, trip, vehicle } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, city, iso } from './city.ts'

const board = (query: string, changed: readonly ChangedRun[] = [], version = 6) =>
  get<StoptimesResponse>(
    appFor(testService(city, at('9:55'), liveState(changed))),
    `/api/v${version}/stoptimes?${query}`,
  )
const run = (id: string): ChangedRun => plannedRun(city.tt, city.trip(id), (city.day + 1) as ServiceDay)
const departs = ({ place, displayName, headsign }: StopTime): string =>
  `${place.departure?.slice(11, 16)} ${displayName} → ${headsign}`

test('the station shows all its platforms, terminating runs not among the departures', async () => {
  const answer = await board('stopId=test_H1&n=3')
  expectShape(StoptimesResponse, answer)
  expect(answer.place).toMatchObject({ name: 'Hbf', stopId: 'test_H1', parentId: 'test_Hbf' })
  expect(answer.stopTimes.map(departs)).toEqual(['10:11 S1 → Castrop', '10:14 U2 → Zoo', '10:41 S1 → C'])
  expect((await board('stopId=test_E&n=3')).stopTimes.map(departs)).toEqual(['10:55 U2 → F'])
})

test('exactRadius shows the platform alone', async () => {
  expect((await board('stopId=test_H2&n=2&exactRadius=true')).stopTimes.map(departs)).toEqual([
    '10:14 U2 → Zoo',
    '10:44 U2 → F',
  ])
})

test('arrivals: by default those before, LATER those after', async () => {
  const arrives = (s: StopTime): string => `${s.place.arrival!.slice(11, 16)} ${s.displayName}`
  expect((await board(`stopId=test_C&n=5&arriveBy=true&time=${iso('11:30')}`)).stopTimes.map(arrives)).toEqual([
    '10:40 S1',
    '11:10 S1',
  ])
  expect((await board('stopId=test_C&n=1&arriveBy=true&direction=LATER')).stopTimes.map(arrives)).toEqual(['10:40 S1'])
})

test('both: arrivals and departures in one list, a call only once', async () => {
  const { stopTimes } = await board('stopId=test_E&n=2&both=true')
  expect(stopTimes.map(s => (s.place.departure ?? s.place.arrival)!.slice(11, 16))).toEqual(['10:30', '10:55'])
})

test('n = 0 is legal: the stop alone', async () => {
  expect(await board('stopId=test_A&n=0')).toMatchObject({
    stopTimes: [],
    place: { name: 'A' },
    previousPageCursor: '',
    nextPageCursor: '',
  })
})

test('n or window, whichever gives more; events at one time are never parted', async () => {
  expect((await board('stopId=test_Hbf&n=1&window=1800')).stopTimes).toHaveLength(2)
  expect((await board('stopId=test_Hbf&n=3&window=60')).stopTimes).toHaveLength(3)
})

test('center and radius', async () => {
  const { stopTimes, place } = await board('center=51.51,7.42&radius=100&n=2')
  expect(stopTimes.map(s => s.displayName)).toEqual(['S1', 'U2'])
  expect(place).toMatchObject({ lat: 51.51, lon: 7.42 })
  // they stand in for a stop that is not known (any more), never for one that is
  expect((await board('stopId=test_gone&center=51.51,7.42&radius=100&n=2')).place).toEqual(place)
  expect((await board('stopId=test_A&center=51.51,7.42&radius=100&n=2')).place.stopId).toBe('test_A')
})

test('modes', async () => {
  expect((await board('stopId=test_Hbf&n=2&mode=SUBWAY')).stopTimes.map(s => s.displayName)).toEqual(['U2', 'U2'])
  expect((await board('stopId=test_Hbf&n=2&mode=BUS,TRAM')).stopTimes).toEqual([])
})

test("yesterday's service day runs on: 25:40 is 01:40", async () => {
  const { stopTimes } = await board(`stopId=test_Hbf&n=1&time=${iso('24:30')}`)
  expect(stopTimes[0]).toMatchObject({
    tripId: '20260110_25:30_test_night',
    place: { departure: '2026-01-11T01:41:00Z' },
  })
})

test('a frequency trip is one run per departure, each with its own id', async () => {
  const { stopTimes } = await board('stopId=test_D&n=3&mode=BUS')
  expect(stopTimes.map(s => s.tripId)).toEqual([
    '20260110_11:00_test_B3',
    '20260110_11:10_test_B3',
    '20260110_11:20_test_B3',
  ])
})

test('sorted by the real time; times as they are and as planned', async () => {
  const late = run('S1')
  for (const call of late.calls) {
    call.arrival += 300
    call.departure += 300
  }
  const { stopTimes } = await board('stopId=test_Hbf&n=2', [late])
  expect(stopTimes.map(departs)).toEqual(['10:14 U2 → Zoo', '10:16 S1 → Castrop'])
  expect(stopTimes[1]).toMatchObject({
    realTime: true,
    timeState: 'live',
    place: { departure: iso('10:16'), scheduledDeparture: iso('10:11') },
  })
  const off = await board('stopId=test_Hbf&n=2&realtimeMode=OFF', [late])
  expect(off.stopTimes[0]).toMatchObject({ realTime: false, place: { departure: iso('10:11') } })
  const annotated = await board('stopId=test_Hbf&n=2&realtimeMode=REALTIME_ANNOTATION_ONLY', [late])
  expect(annotated.stopTimes.map(departs)).toEqual(['10:16 S1 → Castrop', '10:14 U2 → Zoo'])
})

test('a cancelled run and a skipped stop are told apart, and both are shown', async () => {
  const cancelled = { ...run('S1'), state: RunState.cancelled }
  const skipping = run('U2')
  skipping.calls[1]!.skipped = true
  const [first] = (await board('stopId=test_H1&n=1', [cancelled, skipping])).stopTimes
  expect(first).toMatchObject({
    cancelled: true,
    tripCancelled: true,
    pickupDropoffType: 'NOT_ALLOWED',
    place: { cancelled: true },
  })
  const [skipped] = (await board('stopId=test_D&n=1', [cancelled, skipping])).stopTimes
  expect(skipped).toMatchObject({
    cancelled: true,
    tripCancelled: false,
    pickupDropoffType: 'NOT_ALLOWED',
    place: { cancelled: true },
  })
})

test('H1: another platform: planned and present track, on the boards of both platforms and their station, trip and leg', async () => {
  const world = timetable(`
    station Hbf: P1 P2
    S1   A 10:00   P1 10:10   C 10:20
    at Hbf 51.5,7.42
    at P1 51.5,7.42 platform=1
    at P2 51.5,7.42 platform=2`)
  const moved = { stopId: 'test_P2', track: '2', scheduledTrack: '1' }
  const update = trip('S1').stop(1).delay(0).stop(2, 'P1').delay(60).properties({ assignedStopId: 'P2' })
  const { state } = say(storeOf(world.tt), { timestamp: at('9:55') }, update)
  const rider = riderOf(world, state, at('9:55'))
  expect(await rider.stoptimes('Hbf')).toMatchObject([{ place: moved }])
  expect(await rider.stoptimes('P1', 'n=1&exactRadius=true')).toEqual([])
  expect(await rider.stoptimes('P2', 'n=1&exactRadius=true')).toMatchObject([{ place: moved }])
  const [before] = await rider.stoptimes('A', 'n=1&fetchStops=true')
  expect(before!.nextStops![0]).toMatchObject(moved)
  const platforms = { stop: 'test_P2', platform: '2', platformPlanned: '1' }
  expect(rider.board('Hbf')).toMatchObject([platforms])
  expect(rider.calls('20260110_10:00_test_S1').rows[1]).toMatchObject(platforms)
  expect((await rider.plan('A', 'Hbf'))[0]!.legs[0]!.to).toMatchObject(moved)
  expect((await rider.plan('Hbf', 'C'))[0]!.legs.at(-1)!.from).toMatchObject(moved)
})

test('fetchStops: what comes before and after', async () => {
  const [first] = (await board('stopId=test_Hbf&n=1&fetchStops=true')).stopTimes
  expect(first!.previousStops!.map(p => p.name)).toEqual(['A'])
  expect(first!.nextStops!.map(p => p.name)).toEqual(['C'])
})

test('pages laid together are the whole list, there and back', async () => {
  const app = appFor(testService(city, at('9:55')))
  const whole = await get<StoptimesResponse>(app, '/api/v6/stoptimes?stopId=test_Hbf&n=10')
  const ids = (b: StoptimesResponse): string[] => b.stopTimes.map(s => s.tripId)
  const there: string[] = []
  let page = await get<StoptimesResponse>(app, '/api/v6/stoptimes?stopId=test_Hbf&n=2')
  for (; page.stopTimes.length > 0; ) {
    there.push(...ids(page))
    page = await get(app, `/api/v6/stoptimes?stopId=test_Hbf&n=2&pageCursor=${encodeURIComponent(page.nextPageCursor)}`)
  }
  expect(there).toEqual(ids(whole))
  const last = await get<StoptimesResponse>(
    app,
    `/api/v6/stoptimes?stopId=test_Hbf&n=10&pageCursor=EARLIER|${at('30:00')}`,
  )
  expect(ids(last)).toEqual(ids(whole))
})

test('versions below 5 and 4: METRO would be their word, the display name is the short name', async () => {
  for (const version of [1, 4, 5, 6])
    expect((await board('stopId=test_Hbf&n=1', [], version)).stopTimes[0]!.routeShortName).toBe('S1')
})

test('the first and the last of the day, and how often between', async () => {
  const { stopTimes } = await board(`stopId=test_D&n=9&time=${iso('10:15')}`)
  expect(stopTimes.map(s => [departs(s), s.ofDay, s.interval])).toEqual([
    ['10:20 U2 → Zoo', 'first', undefined],
    ['10:50 U2 → F', 'last', undefined],
    ['11:00 B3 → E', 'first', undefined],
    ['11:10 B3 → E', undefined, 600],
    ['11:20 B3 → E', undefined, 600],
    ['11:30 B3 → E', undefined, 600],
    ['11:40 B3 → E', undefined, 600],
    ['11:50 B3 → E', 'last', undefined],
  ])
})

test('leave now: what cannot be reached any more is not listed, and when to leave for the rest', async () => {
  const { stopTimes } = await board(`stopId=test_Hbf&n=2&time=${iso('10:04')}&walkTime=480`)
  expect(stopTimes.map(s => [departs(s), s.leaveBy])).toEqual([
    ['10:14 U2 → Zoo', iso('10:06')],
    ['10:41 S1 → C', iso('10:33')],
  ])
  // a late one can
  const late = run('S1')
  for (const call of late.calls) {
    call.arrival += 120
    call.departure += 120
  }
  const { stopTimes: now } = await board(`stopId=test_Hbf&n=1&time=${iso('10:04')}&walkTime=480`, [late])
  expect(now.map(s => [departs(s), s.leaveBy])).toEqual([['10:13 S1 → Castrop', iso('10:05')]])
})

test('where each time comes from, at every stop', async () => {
  const { stopTimes } = await board('stopId=test_Hbf&n=2&fetchStops=true', [run('S1')])
  expect(stopTimes.map(s => s.timeSource)).toEqual(['predicted', 'scheduled'])
  expect(stopTimes[0]!.nextStops).toMatchObject([{ arrivalSource: 'predicted' }])
  expect(stopTimes[1]!.nextStops).toMatchObject([{ arrivalSource: 'scheduled' }, {}])
})

test('I15, A18: our own prediction and a lost feed’s last word are told as such, here and on live boards', async () => {
  const store = storeOf(city.tt, { predictFromPositions: true })
  const seen = { tripId: 'S1', startDate: '20260110' }
  const { state } = say(
    store,
    { timestamp: at('10:02') },
    vehicle('v', { trip: seen, currentStopSequence: 1, currentStatus: 1, timestamp: at('10:02') }),
  )
  const told = async (now: LiveState) => {
    const service = testService(city, at('10:02'), now)
    const query = `stopId=test_Hbf&n=1&time=${iso('10:02')}&fetchStops=true`
    const { stopTimes } = await get<StoptimesResponse>(appFor(service), `/api/v6/stoptimes?${query}`)
    const row = stopTimes[0]!
    const [live] = readBoard(service.horizon, boardStops(service, city.stop('Hbf'), false), at('10:02'), []).rows
    return [row.timeState, row.timeSource, row.nextStops![0]!.arrivalSource, live!.source]
  }
  expect(await told(state)).toEqual(['live', 'own', 'own', 'own'])
  const kept = { ...state.runs, eventFlags: state.runs.eventFlags.map(() => KEPT) }
  expect(await told({ ...state, runs: kept })).toEqual(['live', 'kept', 'kept', 'kept'])
})

test('H6: how full a vehicle is expected to leave, stop by stop', async () => {
  const { state } = say(
    storeOf(city.tt),
    { timestamp: at('9:55') },
    raw({
      tripUpdate: {
        trip: { tripId: 'S1', startDate: '20260110' },
        stopTimeUpdate: [
          { stopSequence: 1, departure: { delay: 0 }, departureOccupancyStatus: 0 },
          // without a time, and beside "no data"
          { stopSequence: 2, scheduleRelationship: 2, departureOccupancyStatus: 5 },
        ],
      },
    }),
  )
  const service = testService(city, at('9:55'), state)
  const { stopTimes } = await get<StoptimesResponse>(
    appFor(service),
    `/api/v6/stoptimes?stopId=test_A&n=1&time=${iso('9:55')}&fetchStops=true`,
  )
  const { place, nextStops } = stopTimes[0]!
  expect([place, ...nextStops!].map(p => p.departureOccupancy)).toEqual(['EMPTY', 'FULL', undefined])
  const [live] = readBoard(service.horizon, boardStops(service, city.stop('Hbf'), false), at('9:55'), []).rows
  expect(live!.departureOccupancy).toBe('FULL')
  const rider = riderOf(city, state, at('9:55'))
  expect(rider.calls('20260110_10:00_test_S1').rows.map(row => row.departureOccupancy)).toEqual([
    'EMPTY',
    'FULL',
    undefined,
  ])
  const [itinerary] = await rider.plan('A', 'C')
  expect(itinerary!.legs[0]!.from.departureOccupancy).toBe('EMPTY')
  expect(itinerary!.legs[0]!.intermediateStops![0]!.departureOccupancy).toBe('FULL')
})

test('H6: without stop_sequence nobody knows which stop it is about', async () => {
  const stopTimeUpdate = [{ stopId: 'A', departure: { delay: 60 }, departureOccupancyStatus: 0 }]
  const update = raw({ tripUpdate: { trip: { tripId: 'S1', startDate: '20260110' }, stopTimeUpdate } })
  const rider = riderOf(city, say(storeOf(city.tt), { timestamp: at('9:55') }, update).state, at('9:55'))
  const [first] = await rider.stoptimes('A', 'n=1')
  expect([first!.place.departure, first!.place.departureOccupancy]).toEqual([iso('10:01'), undefined])
})

test('L5: a run that calls at both platforms in the same moment is listed once', async () => {
  const twice = timetable(`
    station S: A B
    L1   A 10:00   B 10:00   C 10:10`)
  const { stopTimes } = await get<StoptimesResponse>(
    appFor(testService(twice, at('9:00'))),
    '/api/v6/stoptimes?stopId=test_S&n=5',
  )
  expect(stopTimes.map(s => s.place.stopId)).toEqual(['test_A'])
})

test('how full the vehicle is, its carriages, and whether the timetable has the run: as the live board has them', async () => {
  const { trip, day, shift } = run('S1')
  const vehicle: LiveVehicle = {
    id: '7',
    source: 0,
    trip,
    day,
    shift,
    timestamp: at('9:54'),
    occupancy: 'FULL',
    occupancyPercentage: 93,
    carriages: [{ id: 'internal', label: '1', occupancy: 'FULL' }, { occupancyPercentage: 80 }],
  }
  const state = { ...liveState([{ ...run('U2'), state: RunState.added }]), vehicles: [vehicle] }
  const service = testService(city, at('9:55'), state)
  const answer = await get<StoptimesResponse>(appFor(service), '/api/v6/stoptimes?stopId=test_H1&n=2')
  expectShape(StoptimesResponse, answer)
  const carriages = [{ label: '1', occupancy: 'FULL' }, { occupancyPercentage: 80 }]
  expect(answer.stopTimes).toMatchObject([
    { displayName: 'S1', occupancy: { status: 'FULL', percentage: 93, measured: iso('9:54') }, carriages },
    { displayName: 'U2', scheduled: false },
  ])
  expect(answer.stopTimes[0]!.scheduled).toBeUndefined()
  expect(answer.stopTimes[1]!.occupancy).toBeUndefined()
  const { rows } = readBoard(service.horizon, [city.stop('H1'), city.stop('H2')], at('9:55'), [])
  expect(rows.slice(0, 2)).toMatchObject([
    { line: 'S1', state: 'normal', occupancy: 'FULL', occupancyPercentage: 93, carriages },
    { line: 'U2', state: 'new' },
  ])
  const off = await get<StoptimesResponse>(appFor(service), '/api/v6/stoptimes?stopId=test_H1&n=1&realtimeMode=OFF')
  expect([off.stopTimes[0]!.occupancy, off.stopTimes[0]!.carriages]).toEqual([undefined, undefined])
})

test('a window in which too much leaves for one answer is refused, with how much it is', async () => {
  const lines = ['B1', 'B2'].map(line => `${line}   A 00:00   B 00:10   [every 1m until 24:00]`)
  const app = appFor(testService(timetable(lines.join('\n'), { range: ['20260109', '20260112'] }), at('00:00')))
  const url = `/api/v6/stoptimes?stopId=test_A&window=86400&time=${iso('00:00')}`
  expect((await get<StoptimesResponse>(app, url)).stopTimes).toHaveLength(2880)
  const [status, error] = await refused(app, `${url}&fetchStops=true`)
  expect([status, error]).toEqual([422, expect.stringMatching(/^TOO_LARGE at window: 2880 stop times .* at most 2048/)])
})

import { expect, test } from 'vitest'
import { type Leg, PlanResponse } from '#api/contract/itinerary.ts'
import { planPage } from '#api/plan-page.ts'
import { pageStyle } from '#api/warm.ts'
import { createPlanner, plan as search } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { appFor, expectShape, get } from '../helpers/api.ts'
import { horizonOf, liveState, plannedRun } from '../helpers/horizon.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, city, iso } from './city.ts'

const service = () => testService(city, at('9:00'))
const plan = (query: string, version = 6, from = service()) =>
  get<PlanResponse>(appFor(from), `/api/v${version}/plan?time=${iso('9:50')}&${query}`)

const told = (leg: Leg): string =>
  [
    leg.startTime.slice(11, 16),
    leg.from.name,
    leg.displayName ?? leg.mode,
    leg.to.name,
    leg.endTime.slice(11, 16),
  ].join(' ')

test('stop to stop: rides with a walk between the platforms of a station', async () => {
  const answer = await plan('fromPlace=test_A&toPlace=test_E')
  expectShape(PlanResponse, answer)
  expect(answer.itineraries[0]!.legs.map(told)).toEqual([
    '10:00 A S1 Hbf 10:10',
    '10:10 Hbf WALK Hbf 10:12',
    '10:14 Hbf U2 E 10:30',
  ])
  const { duration, startTime, endTime, transfers } = answer.itineraries[0]!
  expect({ duration, startTime, endTime, transfers }).toEqual({
    duration: 1800,
    startTime: iso('10:00'),
    endTime: iso('10:30'),
    transfers: 1,
  })
})

test('nobody is sent round to where he is, but by way of a place he is', async () => {
  const round = timetable(`
    S1   A 10:00   B 10:10
    S2   B 10:20   A 10:30
    at A 51.50,7.40
    at B 51.51,7.42`)
  const from = testService(round, at('9:00'))
  const ask = (query: string) => plan(query, 6, from)
  for (const there of ['fromPlace=A&toPlace=A', 'fromPlace=51.50,7.40&toPlace=51.5001,7.4001'])
    expect(await ask(there)).toMatchObject({ itineraries: [], direct: [{ transfers: 0 }] })
  const [tour] = (await ask('fromPlace=A&toPlace=A&via=B')).itineraries
  expect(tour!.legs.filter(leg => leg.mode !== 'WALK').map(told)).toEqual(['10:00 A S1 B 10:10', '10:20 B S2 A 10:30'])
})

test('a ride tells its run, its line and its stops', async () => {
  const [ride] = (await plan('fromPlace=A&toPlace=C')).itineraries[0]!.legs
  expect(ride).toMatchObject({
    mode: 'REGIONAL_RAIL',
    tripId: '20260110_10:00_test_S1',
    routeId: 'test_S1',
    routeShortName: 'S1',
    headsign: 'Castrop',
    directionId: '1',
    agencyName: 'Agency',
    wheelchairAccessible: 'ACCESSIBLE',
    bikesAllowed: true,
    realTime: false,
    scheduled: true,
    cancelled: false,
    from: { name: 'A', stopId: 'test_A', departure: iso('10:00'), vertexType: 'TRANSIT' },
    to: { name: 'C', stopId: 'test_C', arrival: iso('10:40') },
    intermediateStops: [
      { name: 'Hbf', stopId: 'test_H1', parentId: 'test_Hbf', arrival: iso('10:10'), departure: iso('10:11') },
    ],
    legGeometry: { precision: 6, length: 3 },
  })
  expect(ride!.from.arrival).toBeUndefined()
  expect(ride!.to.departure).toBeUndefined()
})

test('coordinates: START and END, walks to and from the stops', async () => {
  const answer = await plan('fromPlace=51.5005,7.4005,0&toPlace=51.5405,7.4605,0')
  expectShape(PlanResponse, answer)
  expect(answer.from).toMatchObject({ name: 'START', vertexType: 'NORMAL', lat: 51.5005, lon: 7.4005, level: 0 })
  const { legs } = answer.itineraries[0]!
  expect(legs.map(leg => leg.mode)).toEqual(['WALK', 'REGIONAL_RAIL', 'WALK', 'SUBWAY', 'WALK'])
  expect(legs[0]).toMatchObject({ from: { name: 'START' }, to: { name: 'A' }, distance: 85 })
  expect(legs.at(-1)).toMatchObject({ from: { name: 'E' }, to: { name: 'END' } })
})

test('walking all the way is a direct itinerary, left out when nobody may walk', async () => {
  const near = 'fromPlace=51.5005,7.4005&toPlace=51.5015,7.4015'
  const [direct] = (await plan(near)).direct
  expect(direct!.legs).toHaveLength(1)
  expect(direct!.legs[0]).toMatchObject({ mode: 'WALK', from: { name: 'START' }, to: { name: 'END' } })
  expect((await plan(`${near}&directModes=BIKE`)).direct).toEqual([])
})

test('transitModes= asks for no transit', async () => {
  expect((await plan('fromPlace=A&toPlace=C&transitModes=')).itineraries).toEqual([])
})

test('a late run: times as they are and as planned, marked as real time', async () => {
  const late = plannedRun(city.tt, city.trip('S1'), (at('0:00') / 86_400) as never)
  for (const call of late.calls) {
    call.arrival += 240
    call.departure += 240
  }
  const from = testService(city, at('9:00'), liveState([late]))
  const [ride] = (await plan('fromPlace=A&toPlace=C', 6, from)).itineraries[0]!.legs
  expect(ride).toMatchObject({
    realTime: true,
    startTime: iso('10:04'),
    scheduledStartTime: iso('10:00'),
    endTime: iso('10:44'),
    to: { arrival: iso('10:44'), scheduledArrival: iso('10:40') },
  })
  const [planned] = (await plan('fromPlace=A&toPlace=C&realtimeMode=OFF', 6, from)).itineraries[0]!.legs
  expect(planned).toMatchObject({ realTime: false, startTime: iso('10:00'), endTime: iso('10:40') })
  // searched by the schedule, told as it is
  const [annotated] = (await plan('fromPlace=A&toPlace=C&realtimeMode=REALTIME_ANNOTATION_ONLY', 6, from))
    .itineraries[0]!.legs
  expect(annotated).toMatchObject({ realTime: true, startTime: iso('10:04') })
  // and walked on from when it has come
  const on = 'fromPlace=A&toPlace=51.5201,7.4401&realtimeMode=REALTIME_ANNOTATION_ONLY'
  const [journey] = (await plan(on, 6, from)).itineraries
  const walk = journey!.legs.at(-1)!
  expect([journey!.legs.at(-2)!.endTime, walk.startTime]).toEqual([iso('10:44'), iso('10:44')])
  expect(journey!.endTime).toBe(walk.endTime)
})

test('pages follow each other: cursors are the ends of the span searched', async () => {
  const first = await plan('fromPlace=A&toPlace=C&searchWindow=1200&numItineraries=1')
  expect(first.itineraries.map(i => i.startTime)).toEqual([iso('10:00')])
  expect(first.nextPageCursor).toBe(`LATER|${at('10:10')}`)
  expect(first.previousPageCursor).toBe(`EARLIER|${at('9:50')}`)
  const later = await plan(
    `fromPlace=A&toPlace=C&numItineraries=1&pageCursor=${encodeURIComponent(first.nextPageCursor)}`,
  )
  expect(later.itineraries.map(i => i.startTime)).toEqual([iso('10:30')])
  const back = await plan(`fromPlace=A&toPlace=C&numItineraries=1&pageCursor=EARLIER|${at('10:30')}`)
  expect(back.itineraries.map(i => i.startTime)).toEqual([iso('10:00')])
})

test('maxItineraries cuts, and the cursor says where', async () => {
  const answer = await plan('fromPlace=A&toPlace=C&searchWindow=7200&maxItineraries=1')
  expect(answer.itineraries.map(i => i.startTime)).toEqual([iso('10:00')])
  expect(answer.nextPageCursor).toBe(`LATER|${at('10:00') + 1}`)
})

test('arrive by', async () => {
  const { itineraries } = await get<PlanResponse>(
    appFor(service()),
    `/api/v6/plan?fromPlace=A&toPlace=C&time=${iso('11:05')}&arriveBy=true&timetableView=false`,
  )
  expect(itineraries.map(i => i.endTime)).toEqual([iso('10:40')])
})

test.each([
  [1, 'v1 and v2 count rides: two rides are needed', 'maxTransfers=1', 0],
  [2, 'the same', 'maxTransfers=2', 1],
  [3, 'v3 counts changes', 'maxTransfers=1', 1],
  [6, 'v6 too', 'maxTransfers=0', 0],
])('maxTransfers in v%i: %s', async (version, _why, parameter, found) => {
  const { itineraries } = await plan(`fromPlace=A&toPlace=E&searchWindow=1800&numItineraries=1&${parameter}`, version)
  expect(itineraries.length).toBe(found)
})

test('what differs between versions: precision, level, display name', async () => {
  const v1 = (await plan('fromPlace=A&toPlace=C', 1)).itineraries[0]!.legs[0]!
  const v6 = (await plan('fromPlace=A&toPlace=C', 6)).itineraries[0]!.legs[0]!
  expect([v1.legGeometry.precision, v6.legGeometry.precision]).toEqual([7, 6])
  expect([v1.from.level, v6.from.level]).toEqual([0, undefined])
})

test('detailedLegs=false leaves out lines, not stops', async () => {
  const { legs } = (await plan('fromPlace=A&toPlace=E&detailedLegs=false')).itineraries[0]!
  expect(legs.map(leg => leg.legGeometry.points)).toEqual(['', '', ''])
  expect(legs[1]!.steps).toBeUndefined()
})

test('who has given up is heeded while the answer is written, too', () => {
  const { tt, footpaths } = city
  const planner = createPlanner(tt, footpaths)
  const horizon = horizonOf(tt, footpaths)
  const [from, to] = (['A', 'C'] as const).map(name => ({ kind: 'stop', stop: city.stop(name) }) as const)
  const query = { ...queryDefaults, from: from!, to: to!, time: at('9:50'), window: 7200 }
  let asked = 0
  let patience = Number.POSITIVE_INFINITY
  planner.state.isGivenUp = () => ++asked > patience
  const { itineraries } = search(planner, horizon, query)
  expect(itineraries.length).toBeGreaterThan(1)
  const searching = asked
  // gives up behind the first itinerary
  ;[asked, patience] = [0, searching + 1]
  expect(() => planPage(planner, horizon, query, pageStyle, at('9:50'))).toThrow(/TIMEOUT/)
  expect(asked).toBe(searching + 2)
})

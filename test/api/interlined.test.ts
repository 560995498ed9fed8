import { expect, test } from 'vitest'
import { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import { readLegs } from '#api/motis/legs.ts'
import { publicTripId } from '#api/render/texts.ts'
import { DAY, type ServiceDay } from '#engine/core/time.ts'
import { appFor, expectShape, get } from '../helpers/api.ts'
import { refreshByWords } from '../helpers/motis-words.ts'
import { alert, say, storeOf, trip } from '../helpers/realtime.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, iso } from './city.ts'

// one vehicle: U1 to C, then on as U2; changing at C would take ten minutes
const world = timetable(`
  U1   A 10:00   B 10:10   C 10:20          [block=x]
  U2             C 10:22   D 10:30   E 10:40   [block=x]
  change C 600s`)
const plan = (query: string) =>
  get<PlanResponse>(
    appFor(testService(world, at('9:00'))),
    `/api/v6/plan?time=${iso('9:50')}&fromPlace=test_A&toPlace=test_E${query}`,
  )

test('riders who stay seated are told one leg by default', async () => {
  const answer = await plan('')
  expectShape(PlanResponse, answer)
  const [itinerary] = answer.itineraries
  expect(itinerary!.transfers).toBe(0)
  expect(itinerary!.legs).toHaveLength(1)
  const [leg] = itinerary!.legs
  expect(leg).toMatchObject({
    routeShortName: 'U1',
    from: { name: 'A', departure: iso('10:00') },
    to: { name: 'E', arrival: iso('10:40') },
    duration: 2400,
    cancelled: false,
    tripTo: { name: 'E' },
  })
  expect(leg!.intermediateStops!.map(stop => [stop.name, stop.arrival, stop.departure])).toEqual([
    ['B', iso('10:10'), iso('10:10')],
    ['C', iso('10:20'), iso('10:22')],
    ['D', iso('10:30'), iso('10:30')],
  ])
})

test('joinInterlinedLegs=false: two legs, the second one marked, no walk between them', async () => {
  const { itineraries } = await plan('&joinInterlinedLegs=false')
  expect(itineraries[0]!.legs.map(leg => [leg.routeShortName, leg.interlineWithPreviousLeg ?? false])).toEqual([
    ['U1', false],
    ['U2', true],
  ])
})

test.each(['', '&joinInterlinedLegs=false'])(
  'asked for again in MOTIS’ own words: the seat is kept (%s)',
  async style => {
    const app = appFor(testService(world, at('9:00')))
    const [before] = (await plan(style)).itineraries
    const now = await refreshByWords(app, before!, style)
    expect([now.transfers, now.legs]).toEqual([0, before!.legs])
  },
)

test('what vehicles go on as is looked up for a few days only, whatever a body says', async () => {
  const days = timetable(
    `
    U1   A 10:00   B 10:10   C 10:20          [block=x]
    U2             C 10:22   D 10:30   E 10:40   [block=x]`,
    { days: Array.from({ length: 6 }, (_, day) => `202601${10 + day}`) },
  )
  const service = testService(days, at('9:00'))
  const leg = (day: number) => ({
    ...{
      tripId: publicTripId(days.tt, days.trip('U1'), (days.day + day) as ServiceDay, 0),
      fromId: 'test_A',
      toId: 'test_E',
      mode: 'BUS',
      displayName: 'U1',
    },
    ...{ schedStart: at('10:00') + day * DAY, schedEnd: at('10:40') + day * DAY },
  })
  const ridesIn = (count: number) =>
    readLegs(service, { id: { legs: Array.from({ length: count }, (_, day) => leg(day)) } }).rides.length
  expect([1, 4, 6].map(ridesIn)).toEqual([2, 8, 10])
})

test('an alert that concerns both parts is told once', async () => {
  const store = storeOf(world.tt)
  const ofAgency = alert('a', {
    informedEntity: [{ routeId: 'U1' }, { routeId: 'U2' }],
    headerText: { translation: [{ text: 'Crowds' }] },
  })
  const { state } = say(store, { timestamp: at('9:00') }, ofAgency)
  const app = appFor(testService(world, at('9:00'), state))
  const query = `time=${iso('9:50')}&fromPlace=test_A&toPlace=test_E`
  const [itinerary] = (await get<PlanResponse>(app, `/api/v6/plan?${query}`)).itineraries
  expect(itinerary!.legs.map(leg => leg.alerts?.map(({ headerText }) => headerText))).toEqual([['Crowds']])
})

test.each(['', '&joinInterlinedLegs=false'])('read again, they still stay seated (%s)', async joined => {
  const app = appFor(testService(world, at('9:00')))
  const [before] = (await plan(joined)).itineraries
  expect(await get(app, `/api/v6/refresh-itinerary?itineraryId=${before!.id}${joined}`)).toEqual(before)
})

test('S35 over midnight: one leg of two service days, late as its second trip, read again the same', async () => {
  const night = timetable(
    `
    U1   A 23:40   B 24:10   C 24:20          [block=x days=20260110]
    U2             C 00:25   D 00:35   E 01:10   [block=x days=20260111]
    change C 1h`,
    { range: ['20260109', '20260112'] },
  )
  const late = trip('U2', { startDate: '20260111' }).stop('C').delay(300)
  const { state } = say(storeOf(night.tt), { timestamp: at('23:00') }, late)
  const app = appFor(testService(night, at('23:00'), state))
  const query = `/api/v6/plan?time=${iso('23:30')}&fromPlace=test_B&toPlace=test_E`
  const [itinerary] = (await get<PlanResponse>(app, query)).itineraries
  expect(itinerary!.legs).toHaveLength(1)
  expect(itinerary!.legs[0]).toMatchObject({
    from: { name: 'B', departure: iso('24:10') },
    to: { name: 'E', arrival: iso('25:15'), scheduledArrival: iso('25:10') },
  })
  expect(itinerary!.legs[0]!.intermediateStops!.map(stop => [stop.name, stop.arrival, stop.departure])).toEqual([
    ['C', iso('24:20'), iso('24:30')],
    ['D', iso('24:40'), iso('24:40')],
  ])
  const { legs } = (await get<PlanResponse>(app, `${query}&joinInterlinedLegs=false`)).itineraries[0]!
  expect(legs.map(leg => [leg.tripId, leg.interlineWithPreviousLeg ?? false])).toEqual([
    ['20260110_23:40_test_U1', false],
    ['20260111_00:25_test_U2', true],
  ])
  expect(await get(app, `/api/v6/refresh-itinerary?itineraryId=${itinerary!.id}`)).toEqual(itinerary)
})

test.each(['', '&joinInterlinedLegs=false'])(
  'B17 a late first trip makes the next one late until there is time again: no time runs back (%s)',
  async joined => {
    const late = trip('U1').stop('C').delay(900)
    const { state } = say(storeOf(world.tt), { timestamp: at('9:00') }, late)
    const app = appFor(testService(world, at('9:00'), state))
    const query = `/api/v6/plan?time=${iso('9:50')}&fromPlace=test_A&toPlace=test_E${joined}`
    const [itinerary] = (await get<PlanResponse>(app, query)).itineraries
    const calls = itinerary!.legs.flatMap(({ from, intermediateStops, to }) => [from, ...intermediateStops!, to])
    const told = calls.flatMap(({ name, arrival, arrivalSource, departure, departureSource }) => [
      ...(arrival ? [[name, arrival, arrivalSource]] : []),
      ...(departure ? [[name, departure, departureSource]] : []),
    ])
    expect(told).toEqual([
      ['A', iso('10:00'), 'scheduled'],
      ['B', iso('10:10'), 'scheduled'],
      ['B', iso('10:10'), 'scheduled'],
      ['C', iso('10:35'), 'predicted'],
      ['C', iso('10:35'), 'propagated'],
      ['D', iso('10:35'), 'propagated'],
      ['D', iso('10:35'), 'propagated'],
      ['E', iso('10:40'), 'scheduled'],
    ])
    expect(await get(app, `/api/v6/refresh-itinerary?itineraryId=${itinerary!.id}${joined}`)).toEqual(itinerary)
  },
)

test('trip: the run and what its vehicle goes on as, as one leg or two', async () => {
  const app = appFor(testService(world, at('9:00')))
  const ask = (id: string, more = '') => get<Itinerary>(app, `/api/v6/trip?tripId=20260110_${id}${more}`)
  const whole = await ask('10:00_test_U1')
  expectShape(Itinerary, whole)
  expect(whole.legs).toHaveLength(1)
  const [planned] = (await plan('')).itineraries
  const { co2: _, energy: __, ...ride } = planned!.legs[0]!
  expect(whole.legs[0]).toEqual(ride)
  expect([whole.id, whole.startTime, whole.endTime, whole.duration]).toEqual([
    '20260110_10:00_test_U1',
    iso('10:00'),
    iso('10:40'),
    2400,
  ])
  const { legs } = await ask('10:00_test_U1', '&joinInterlinedLegs=false')
  expect(legs.map(leg => [leg.tripId, leg.from.name, leg.to.name, leg.interlineWithPreviousLeg ?? false])).toEqual([
    ['20260110_10:00_test_U1', 'A', 'C', false],
    ['20260110_10:22_test_U2', 'C', 'E', true],
  ])
  expect((await ask('10:22_test_U2')).legs.map(leg => [leg.from.name, leg.to.name])).toEqual([['C', 'E']])
})

test.each([
  ['U2', [['A', 'C', false]]],
  ['U1', [['A', 'C', true]]],
])('trip: nobody goes on where %s is cancelled', async (line, expected) => {
  const { state } = say(storeOf(world.tt), { timestamp: at('9:00') }, trip(line).is('CANCELED'))
  const app = appFor(testService(world, at('9:00'), state))
  const { legs } = await get<Itinerary>(app, '/api/v6/trip?tripId=20260110_10:00_test_U1')
  expect(legs.map(leg => [leg.from.name, leg.to.name, leg.cancelled])).toEqual(expected)
})

test('trip: a vehicle that comes late goes on late', async () => {
  const { state } = say(storeOf(world.tt), { timestamp: at('9:00') }, trip('U1').stop('C').delay(900))
  const app = appFor(testService(world, at('9:00'), state))
  const { legs } = await get<Itinerary>(app, '/api/v6/trip?tripId=20260110_10:00_test_U1&joinInterlinedLegs=false')
  expect(legs.map(leg => [leg.startTime, leg.endTime])).toEqual([
    [iso('10:00'), iso('10:35')],
    [iso('10:35'), iso('10:40')],
  ])
})

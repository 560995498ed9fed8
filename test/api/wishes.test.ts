// What riders wish for and how lines say that they run every so often.

import { describe, expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { type Itinerary, type Leg, PlanResponse } from '#api/contract/itinerary.ts'
import type { ReachResponse } from '#api/contract/reach.ts'
import { appFor, expectShape, get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, iso } from './city.ts'

const world = timetable(`
  U1   A 10:00   B 10:30   [wheelchair=1 bikes=2]
  B2   A 10:05   B 10:45   [wheelchair=2 bikes=1]
  U3   A 11:00   B 11:20   [about every 10m until 12:00]`)
const app = () => appFor(testService(world, at('9:00')))
const lines = async (query: string): Promise<(string | undefined)[]> => {
  const answer = await get<PlanResponse>(
    app(),
    `/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&searchWindow=2400&numItineraries=0${query}`,
  )
  expectShape(PlanResponse, answer)
  return answer.itineraries.map(itinerary => itinerary.legs[0]!.displayName)
}

test('modes, routes and agencies can be left out', async () => {
  expect(await lines('')).toEqual(['U1', 'B2'])
  expect(await lines('&transitModes=BUS')).toEqual(['B2'])
  expect(await lines('&bannedRoutes=test_U1')).toEqual(['B2'])
  expect(await lines('&bannedAgencies=agency')).toEqual([])
})

test('for a wheelchair and for a bike', async () => {
  expect(await lines('&pedestrianProfile=WHEELCHAIR')).toEqual(['U1'])
  expect(await lines('&requireBikeTransport=true')).toEqual(['B2'])
})

describe('of what nobody says', () => {
  const said = timetable(`
    at A 51.5,7.40 wheelchair=1
    at B 51.5,7.41 wheelchair=1
    U1   A 10:00   B 10:20   [wheelchair=1 bikes=1]
    B2   A 10:05   B 10:15   [wheelchair=2 bikes=2]
    X3   A 10:10   B 10:25`)
  const server = () => appFor(testService(said, at('9:00')))

  // three values, and what to do with the third is the asker's choice
  test.each([
    ['pedestrianProfile=WHEELCHAIR', ['U1', 'X3']],
    ['pedestrianProfile=WHEELCHAIR&unknownRides=ALLOW', ['U1', 'X3']],
    ['pedestrianProfile=WHEELCHAIR&unknownRides=REFUSE', ['U1']],
    ['requireBikeTransport=true', ['U1']],
    ['requireBikeTransport=true&unknownRides=REFUSE', ['U1']],
    ['requireBikeTransport=true&unknownRides=ALLOW', ['U1', 'X3']],
    ['requireCarTransport=true', []],
    ['requireCarTransport=true&unknownRides=ALLOW', ['B2', 'X3']],
    ['unknownRides=REFUSE', ['B2', 'X3']],
  ])('plan?%s → %j', async (query, expected) => {
    const { itineraries } = await get<PlanResponse>(
      server(),
      `/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&searchWindow=2400&numItineraries=0&${query}`,
    )
    expect(itineraries.map(({ legs }) => legs[0]!.displayName)).toEqual(expected)
  })

  // A says yes, B nothing, C no; U1 says yes, X3 nothing
  const stops = timetable(`
    at A 51.5,7.40 wheelchair=1
    at B 51.5,7.41
    at C 51.5,7.42 wheelchair=2
    U1   A 10:00   B 10:20   C 10:30   [wheelchair=1]
    X3   A 10:10   B 10:25   C 10:35`)

  test.each([
    ['B', '', ['U1', 'X3']],
    ['B', '&unknownRides=REFUSE', ['U1']],
    ['B', '&unknownStops=REFUSE', []],
    ['B', '&unknownRides=REFUSE&unknownStops=REFUSE', []],
    ['C', '', []],
    ['C', '&unknownStops=ALLOW', []],
  ])('rides are one question, stops another: to %s in a wheelchair%s → %j', async (to, query, expected) => {
    const { itineraries, reasons } = await get<PlanResponse>(
      appFor(testService(stops, at('9:00'))),
      `/api/v6/plan?fromPlace=test_A&toPlace=test_${to}&time=${iso('9:50')}&searchWindow=2400&numItineraries=0&pedestrianProfile=WHEELCHAIR${query}`,
    )
    expect(itineraries.map(({ legs }) => legs[0]!.displayName)).toEqual(expected)
    expect(reasons?.map(({ code }) => code)).toEqual(expected.length > 0 ? undefined : ['WHEELCHAIR'])
  })
  test('who is in no wheelchair asks no stop', async () => {
    const { itineraries } = await get<PlanResponse>(
      appFor(testService(stops, at('9:00'))),
      `/api/v6/plan?fromPlace=test_A&toPlace=test_C&time=${iso('9:50')}&searchWindow=2400&numItineraries=0&unknownStops=REFUSE`,
    )
    expect(itineraries).toHaveLength(2)
  })

  test('legs say nothing of it, boards promise nothing', async () => {
    const query = `fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&searchWindow=2400&numItineraries=0`
    const bikes = 'requireBikeTransport=true&unknownRides=ALLOW'
    const { itineraries } = await get<PlanResponse>(server(), `/api/v6/plan?${query}&${bikes}`)
    const carries = ({
      displayName,
      wheelchairAccessible,
      bikesAllowed,
    }: Pick<Leg, 'displayName' | 'wheelchairAccessible' | 'bikesAllowed'>) => [
      displayName,
      wheelchairAccessible,
      bikesAllowed,
    ]
    expect(itineraries.map(({ legs }) => carries(legs[0]!))).toEqual([
      ['U1', 'ACCESSIBLE', true],
      ['X3', undefined, undefined],
    ])
    const { stopTimes } = await get<StoptimesResponse>(
      server(),
      `/api/v6/stoptimes?stopId=test_A&n=3&time=${iso('9:50')}`,
    )
    expect(stopTimes.map(carries)).toEqual([
      ['U1', 'ACCESSIBLE', true],
      ['B2', 'NOT_ACCESSIBLE', false],
      ['X3', 'NOT_ACCESSIBLE', false],
    ])
  })

  test.each([
    ['', 13],
    ['requireBikeTransport=true', undefined],
    ['requireBikeTransport=true&unknownRides=ALLOW', 23],
    ['requireCarTransport=true', undefined],
    ['requireCarTransport=true&unknownRides=ALLOW', 13],
    ['bannedRoutes=test_B2', 23],
    ['bannedAgencies=agency', undefined],
    ['pedestrianProfile=WHEELCHAIR', 23],
    ['pedestrianProfile=WHEELCHAIR&unknownRides=REFUSE', undefined],
  ])('one-to-all?%s: from 10:02 to B in %s minutes', async (query, expected) => {
    const { all } = await get<ReachResponse>(
      server(),
      `/api/v6/one-to-all?one=test_A&time=${iso('10:02')}&maxTravelTime=40&maxPreTransitTime=60&${query}`,
    )
    expect(all.find(({ place }) => place.stopId === 'test_B')?.duration).toBe(expected)
  })
})

test('cars on board, and no longer than so many times the direct way', async () => {
  // nobody says that cars may come along; A and B are 692 m apart: 750 s on foot, U1 takes 1,800 s, B2 2,400 s
  expect(await lines('&requireCarTransport=true')).toEqual([])
  expect(await lines('&fastestDirectFactor=2.5')).toEqual(['U1'])
  expect(await lines('&fastestDirectFactor=1')).toEqual([])
})

test('a ban of something unknown is said', async () => {
  for (const [name, id] of [
    ['bannedRoutes', 'test_U9'],
    ['bannedAgencies', 'nobody'],
  ]) {
    const answer = await app().inject(`/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&${name}=${id}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error).toContain(`${name}: no `)
  }
})

test('A24 a line without exact times says how often it runs, others do not', async () => {
  const board = await get<StoptimesResponse>(app(), `/api/v6/stoptimes?stopId=test_A&n=3&time=${iso('9:50')}`)
  expect(board.stopTimes.map(row => [row.displayName, row.headway])).toEqual([
    ['U1', undefined],
    ['B2', undefined],
    ['U3', 600],
  ])
})

test('an unknown place is named by its parameter; repeated keys are echoed whole', async () => {
  const answer = await app().inject(`/api/v6/plan?fromPlace=test_A&toPlace=test_Q&time=${iso('9:50')}`)
  expect([answer.statusCode, answer.json().error]).toEqual([404, expect.stringContaining('at toPlace:')])
  const { requestParameters } = await get<PlanResponse>(
    app(),
    `/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&transitModes=BUS&transitModes=TRAM`,
  )
  expect(requestParameters.transitModes).toBe('BUS,TRAM')
})

test('slowDirect tells the ride that another one overtakes; nothing here has to be reserved', async () => {
  const overtaken = timetable(`
    U1   A 10:00   B 10:40
    U2   A 10:10   B 10:30`)
  const told = async (query: string): Promise<unknown[]> => {
    const answer = await get<PlanResponse>(
      appFor(testService(overtaken, at('9:00'))),
      `/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&searchWindow=2400&numItineraries=0${query}`,
    )
    return answer.itineraries.map(({ legs: [leg] }) => [leg!.displayName, leg!.reservation])
  }
  expect(await told('')).toEqual([['U2', 'NONE']])
  expect(await told('&noCompulsoryReservation=true')).toEqual([['U2', 'NONE']])
  expect(await told('&slowDirect=true')).toEqual([
    ['U1', 'NONE'],
    ['U2', 'NONE'],
  ])
  // 40 minutes are twice as many as 20
  const names = async (factor: string) =>
    (await told(`&slowDirect=true&fastestSlowDirectFactor=${factor}`)).map(row => (row as string[])[0])
  expect(await names('2')).toEqual(['U1', 'U2'])
  expect(await names('1.9')).toEqual(['U2'])
  expect(await names('0.5')).toEqual(['U1', 'U2'])
})

test('radius: stops in a circle as the crow flies, at 1.5 m/s', async () => {
  // A lies 499 m north of the start, B 299 m north of the end
  const circle = timetable(`
    at A 51.5,7.4
    at B 51.6,7.4
    U1   A 10:00   B 10:40`)
  const north = (metres: number): number => metres / 111_195
  const told = async (radius: string): Promise<unknown[]> => {
    const places = `fromPlace=${51.5 - north(499)},7.4&toPlace=${51.6 - north(299)},7.4`
    const answer = await get<PlanResponse>(
      appFor(testService(circle, at('9:00'))),
      `/api/v6/plan?${places}&time=${iso('9:50')}&searchWindow=2400&numItineraries=0${radius}`,
    )
    return answer.itineraries.map(({ legs }) => legs.map(leg => leg.duration))
  }
  // by default 1.3 times the straight line at 1.2 m/s
  expect(await told('')).toEqual([[541, 2400, 324]])
  expect(await told('&radius=510')).toEqual([[333, 2400, 200]])
  expect(await told('&radius=490')).toEqual([])
})

test('withScheduledSkippedStops: calls at which nobody may get on or off', async () => {
  const passing = timetable('U1   A 10:00   -V- 10:10   W 10:20   B 10:30')
  const app = appFor(testService(passing, at('9:00')))
  for (const [query, stops] of [
    ['', ['W']],
    ['&withScheduledSkippedStops=true', ['V', 'W']],
  ] as const) {
    const answer = await get<PlanResponse>(
      app,
      `/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&numItineraries=0&searchWindow=2400${query}`,
    )
    const [leg] = answer.itineraries[0]!.legs
    expect(leg!.intermediateStops!.map(({ name }) => name)).toEqual(stops)
    const trip = await get<Itinerary>(app, `/api/v6/trip?tripId=${leg!.tripId}${query}`)
    expect(trip.legs[0]!.intermediateStops!.map(({ name }) => name)).toEqual(stops)
  }
})

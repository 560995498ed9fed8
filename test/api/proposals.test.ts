// Own wishes beside MOTIS' parameters: different proposals, and vehicles with room.

import { expect, test } from 'vitest'
import { PlanResponse } from '#api/contract/itinerary.ts'
import type { LiveVehicle } from '#engine/live/state.ts'
import { appFor, expectShape, get, refused } from '../helpers/api.ts'
import { liveState } from '../helpers/horizon.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, iso } from './city.ts'

const world = timetable(
  `
  S1   A 10:00   B 10:20   C 10:40
  S1   A 10:10   B 10:30   C 10:50
  U2   B 10:22   C 10:39
  at A 51.50,7.40
  at B 51.51,7.42
  at C 51.52,7.44`,
  { change: 60, range: ['20260109', '20260112'] },
)
const vehicle = (trip: string, more: Partial<LiveVehicle>): LiveVehicle => ({
  ...{ id: trip, source: 0, timestamp: at('9:58') as number, trip: world.trip(trip) as number },
  ...{ day: world.day + 1, shift: 0, ...more },
})
const service = (...vehicles: readonly LiveVehicle[]) => testService(world, at('9:59'), { ...liveState([]), vehicles })
const plan = (query: string, from = service(), enough = 2) =>
  get<PlanResponse>(
    appFor(from),
    `/api/v6/plan?time=${iso('9:59')}&fromPlace=test_A&toPlace=test_C&numItineraries=${enough}&directModes=&${query}`,
  )
const told = (answer: PlanResponse): string[] =>
  answer.itineraries.map(i => `${i.startTime.slice(11, 16)}–${i.endTime.slice(11, 16)} ${i.transfers}`)

test('a minute is not worth a change, for those who ask', async () => {
  expect(told(await plan(''))).toEqual(['10:00–10:39 1', '10:00–10:40 0', '10:10–10:50 0'])
  expect(told(await plan('distinct=true'))).toEqual(['10:00–10:40 0', '10:10–10:50 0'])
})

test('ten minutes for a seat', async () => {
  const vehicles = [vehicle('S1', { occupancy: 'FULL' }), vehicle('S1#2', { occupancyPercentage: 20 })]
  const answer = await plan('distinct=true&preferRoom=10', service(...vehicles), 1)
  expect(told(answer)).toEqual(['10:10–10:50 0'])
  expectShape(PlanResponse, answer)
  expect(answer.itineraries[0]!.legs[0]!.occupancy).toEqual({ percentage: 20, measured: iso('9:58') })
  expect(told(await plan('distinct=true&preferRoom=9', service(...vehicles)))).toHaveLength(2)
})

test.each([
  ['arriveBy=false', iso('9:59'), 'S1', '10:10–10:50 0', '10:00–10:40 0'],
  ['arriveBy=true', iso('10:50'), 'S1#2', '10:00–10:40 0', '10:10–10:50 0'],
])('for a single moment too: %s', async (direction, time, full, roomy, first) => {
  const free = full === 'S1' ? 'S1#2' : 'S1'
  const vehicles = [vehicle(full, { occupancy: 'FULL' }), vehicle(free, { occupancyPercentage: 20 })]
  const ask = async (room: number) => {
    const url = `/api/v6/plan?fromPlace=test_A&toPlace=test_C&directModes=&maxTransfers=0&timetableView=false`
    const app = appFor(service(...vehicles))
    return told(await get<PlanResponse>(app, `${url}&${direction}&time=${time}&preferRoom=${room}`))
  }
  expect([await ask(10), await ask(9), await ask(0)]).toEqual([[roomy], [first], [first]])
})

test('a leg says how full its vehicle is, or nothing', async () => {
  const from = service(vehicle('S1', { occupancy: 'STANDING_ROOM_ONLY' }))
  const said = (answer: PlanResponse) => answer.itineraries.map(i => i.legs[0]!.occupancy?.status)
  expect(said(await plan('distinct=true', from))).toEqual(['STANDING_ROOM_ONLY', undefined])
  expect(said(await plan('distinct=true&realtimeMode=OFF', from))).toEqual([undefined, undefined])
})

test('nobody rides round and back to where he got on, but by way of somewhere', async () => {
  const round = timetable(
    `
    S1   A 10:00   B 10:05
    S2   B 10:08   A 10:12   C 10:30
    U3   A 10:20   C 10:40
    at A 51.50,7.400
    at B 51.52,7.400
    at C 51.55,7.400`,
    { change: 60, range: ['20260109', '20260112'] },
  )
  // a street away from A on either side, where a walk takes longer than riding round
  const ask = (more: string): Promise<PlanResponse> =>
    get<PlanResponse>(
      appFor(testService(round, at('9:50'))),
      `/api/v6/plan?time=${iso('9:50')}&fromPlace=51.50,7.403&directModes=&searchWindow=3600&numItineraries=1&${more}`,
    )
  expect((await ask('toPlace=51.50,7.397')).itineraries).toEqual([])
  expect((await ask('toPlace=51.50,7.397')).reasons).toMatchObject([{ code: 'ONLY_BACK' }])
  const [byWayOf] = (await ask('toPlace=51.50,7.397&via=test_B')).itineraries
  expect(byWayOf!.legs.map(leg => leg.to.name)).toEqual(['A', 'B', 'B', 'A', 'END'])
  expect(told(await ask('toPlace=test_C'))).toEqual(['10:08–10:30 0', '10:16–10:40 0'])
})

test('a page looks as far as it takes to find enough different ones', async () => {
  expect(told(await plan('distinct=true&searchWindow=300', service(), 1))).toEqual(['10:00–10:40 0'])
  expect(told(await plan('distinct=true&searchWindow=300', service(), 2))).toEqual(['10:00–10:40 0', '10:10–10:50 0'])
})

test('what is outside its limits is refused by name', async () => {
  const asked = async (query: string) =>
    (await refused(appFor(service()), `/api/v6/plan?fromPlace=test_A&toPlace=test_C&${query}`))[1]
  expect(await asked('preferRoom=121')).toContain('preferRoom: 121 is not within 0 … 120')
  expect(await asked('preferRoom=-1')).toContain('preferRoom: -1 is not within 0 … 120')
  expect(await asked('distinct=perhaps')).toContain('distinct')
})

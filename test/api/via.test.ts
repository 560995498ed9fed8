// Places on the way, as clients ask for them.

import { expect, test } from 'vitest'
import { PlanResponse } from '#api/contract/itinerary.ts'
import { appFor, expectShape, get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, iso } from './city.ts'

const world = timetable(`
  at V 51.6,7.42
  U1   A 10:00   V 10:10   B 10:30
  U1   A 10:20   V 10:30   B 10:50
  U2   A 10:01   B 10:20`)
const app = () => appFor(testService(world, at('9:00')))
const path = (query: string): string =>
  `/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&searchWindow=3600&numItineraries=0&${query}`
const told = async (query: string): Promise<string[]> => {
  const answer = await get<PlanResponse>(app(), path(query))
  expectShape(PlanResponse, answer)
  return answer.itineraries.map(({ legs }) => legs.map(leg => leg.displayName ?? leg.to.name).join(' '))
}

test('via stops, with and without a stay', async () => {
  expect(await told('via=test_V')).toEqual(['U1', 'U1'])
  expect(await told('via=test_V&viaMinimumStay=5')).toEqual(['U1 V U1'])
  // so many are MOTIS' default
  expect(await told('via=test_V&viaMinimumStay=5,0')).toEqual(['U1 V U1'])
})

test('via coordinates, with a semicolon or as two values', async () => {
  // a way of 55 m on foot there and back
  expect(await told('via=51.6005;7.42')).toEqual(['U1 VIA V U1'])
  expect(await told('via=51.6005,7.42')).toEqual(['U1 VIA V U1'])
})

test.each([
  ['via=test_Q', 404, 'via'],
  ['via=test_V&viaMinimumStay=5,5', 400, 'viaMinimumStay: 2 stays at 1 places'],
  ['viaMinimumStay=0,5', 400, 'viaMinimumStay: 2 stays at 0 places'],
  ['via=test_V,,test_W&viaMinimumStay=5', 400, 'via: value 2 of 3 is empty'],
])('%s is refused', async (query, status, text) => {
  const answer = await app().inject(path(query))
  expect([answer.statusCode, answer.json().error]).toEqual([status, expect.stringContaining(text)])
})

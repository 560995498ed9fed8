// 5,000 watched journeys and random realtime batches: exactly those that changed are told (test/api/live-watched.test.ts and live-lifts.test.ts
// are the short ones).

import { expect, test } from 'vitest'
import { watchMany } from '../helpers/watched.ts'
import { watchLifts } from '../helpers/watched-lifts.ts'

test('5,000 journeys, 40 random batches', () => {
  const { journeys, told, reads } = watchMany(5000, 40, 0xf1f0)
  console.log(`${journeys} journeys: ${told} told in 40 batches, ${reads} read for it of ${40 * journeys}`)
  expect(told).toBeGreaterThan(5000)
})

test('1,000 journeys, 6 random batches of elevators', async () => {
  const { journeys, told, reads, asked } = await watchLifts(1000, 6, 0xf1f0)
  console.log(`${journeys} journeys: ${told} told in 6 batches, ${reads} read for it and ${asked} asked for`)
  expect(told).toBeGreaterThan(300)
})

// Elevators break and work again: of many watched journeys exactly those are told whose walks that changes; test/long has it with a thousand.

import { expect, test } from 'vitest'
import { watchLifts } from '../helpers/watched-lifts.ts'

test('30 journeys, 8 random batches', async () => {
  const { told } = await watchLifts(30, 8, 0x11f7)
  expect(told).toBeGreaterThan(20)
})

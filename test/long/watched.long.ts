// 5,000 watched journeys and random realtime batches: exactly those that changed are told (test/api/live-watched.test.ts is the short one).

import { expect, test } from 'vitest'
import { watchMany } from '../helpers/watched.ts'

test('5,000 journeys, 40 random batches', () => {
  const { journeys, told, reads } = watchMany(5000, 40, 0xf1f0)
  console.log(`${journeys} journeys: ${told} told in 40 batches, ${reads} read for it of ${40 * journeys}`)
  expect(told).toBeGreaterThan(5000)
})

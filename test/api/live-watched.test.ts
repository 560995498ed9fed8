// Of many watched journeys exactly those are told of a change that a full recomputation says have changed; test/long has it with 5,000.

import { expect, test } from 'vitest'
import { watchMany } from '../helpers/watched.ts'

test('400 journeys, 15 random batches', () => {
  const { told, reads } = watchMany(400, 15, 0x5eed)
  expect(told).toBeGreaterThan(100)
  // what is read beside those told: rides whose change shows nowhere
  expect(reads).toBeLessThan(2 * told)
})

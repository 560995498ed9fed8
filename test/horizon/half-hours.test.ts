// Which departures can matter is asked by half hours as bits: what overlaps must share one, or a departure would be missed.

import assert from 'node:assert/strict'
import { test } from 'vitest'
import { halfHours } from '#engine/horizon/horizon.ts'
import { random } from '../helpers/random.ts'

test('times that overlap share a bit, before midnight and in the mirror too', () => {
  const r = random(11)
  for (let i = 0; i < 20_000; i++) {
    const first = r.between(-200_000, 200_000)
    const last = first + r.below(80_000)
    const time = r.between(first, last)
    assert.notEqual(halfHours(first, last) & halfHours(time, time), 0, `${time} in ${first} to ${last}`)
  }
})

test('an evening and the next noon share none', () => {
  const [evening, noon] = [18 * 2048, 43 * 2048]
  assert.equal(halfHours(evening, evening + 4000) & halfHours(noon, noon + 4000), 0)
  assert.equal(halfHours(evening, evening + 4000), (1 << 18) | (1 << 19))
  assert.equal(halfHours(0, 31 * 2048), -1)
})

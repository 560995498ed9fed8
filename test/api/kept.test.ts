import { expect, test } from 'vitest'
import { json } from '#api/render/json.ts'
import { Kept } from '#api/render/kept.ts'

const walk = { json: json('x'.repeat(1000)), departures: [], arrivals: [] }

test('walks are kept for each traveller, and let go before all of them together take more than 2 MB', () => {
  const kept = new Kept()
  const [foot, pram] = [kept.walksOf('foot'), kept.walksOf('pram')]
  for (let i = 0; i < 950; i++) {
    kept.keepWalk(foot, `1 2 ${i}`, walk)
    kept.keepWalk(pram, `1 2 ${i}`, walk)
  }
  expect(kept.walksOf('foot')).toBe(foot)
  expect([kept.walksOf('foot').size, kept.walksOf('pram').size]).toEqual([950, 950])
  for (let i = 950; i < 1050; i++) kept.keepWalk(kept.walksOf('foot'), `1 2 ${i}`, walk)
  expect(kept.walksOf('pram').size).toBe(0)
  expect(kept.walksOf('foot').size).toBeLessThanOrEqual(50)
})

test('who never walks between two stops is let go as well', () => {
  const kept = new Kept()
  const first = kept.walksOf('first')
  for (let i = 0; i < 50; i++) kept.walksOf(`${i} ${'who '.repeat(6000)}`)
  expect(kept.walksOf('first')).toBe(first)
  for (let i = 50; i < 100; i++) kept.walksOf(`${i} ${'who '.repeat(6000)}`)
  expect(kept.walksOf('first')).not.toBe(first)
})

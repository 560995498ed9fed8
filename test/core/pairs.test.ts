import assert from 'node:assert/strict'
import { test } from 'vitest'
import { PairCollector } from '#engine/core/pairs.ts'
import { random } from '../helpers/random.ts'

test('pairs come sorted, each once, with the smallest of its values', () => {
  const pairs = new PairCollector(4)
  for (const [from, to, value] of [
    [2, 1, 50],
    [0, 3, 7],
    [2, 1, 40],
    [0, 1, 9],
    [2, 1, 60],
  ] as const)
    pairs.add(from, to, value)
  const { begin, to, value } = pairs.finish()
  assert.deepEqual([...begin], [0, 2, 2, 3, 3])
  assert.deepEqual([...to], [1, 3, 1])
  assert.deepEqual([...value], [9, 7, 40])
})

test('as a map would have them', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const r = random(seed)
    const size = r.between(1, 20)
    const pairs = new PairCollector(size)
    const map = new Map<number, number>()
    for (let i = r.below(200); i > 0; i--) {
      const [from, to, value] = [r.below(size), r.below(size), r.between(-50, 50)]
      pairs.add(from, to, value)
      const key = from * size + to
      map.set(key, Math.min(map.get(key) ?? value, value))
    }
    const { begin, to, value } = pairs.finish()
    const found: [number, number][] = []
    for (let from = 0; from < size; from++)
      for (let i = begin[from]!; i < begin[from + 1]!; i++) found.push([from * size + to[i]!, value[i]!])
    assert.deepEqual(
      found,
      [...map].sort((a, b) => a[0] - b[0]),
      `seed ${seed}`,
    )
  }
})

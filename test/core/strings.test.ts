import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StringPool, textOf } from '#engine/core/strings.ts'

test('a pool is a map from texts to numbers in order of appearance', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 4 }), { maxLength: 200 }), texts => {
      const pool = new StringPool()
      const model = new Map([['', 0]])
      for (const text of texts) {
        expect(pool.find(text)).toBe(model.get(text))
        if (!model.has(text)) model.set(text, model.size)
        expect(pool.intern(text)).toBe(model.get(text))
      }
      expect(pool.count).toBe(model.size)
      for (const [text, index] of model) expect(pool.textOf(index)).toBe(text)
    }),
  )
})

test('grows beyond its first size', () => {
  const pool = new StringPool()
  for (let i = 0; i < 20_000; i++) pool.intern(`trip ${i}`)
  expect(pool.find('trip 19999')).toBe(20_000)
  const strings = { stringBytes: pool.bytes.view(), stringBegin: pool.begin.view() }
  expect([0, 1, 12_345, 20_000].map(i => textOf(strings, i))).toEqual(['', 'trip 0', 'trip 12344', 'trip 19999'])
})

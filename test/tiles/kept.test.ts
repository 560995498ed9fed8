// Answers that are kept are bounded by the memory that they take, not by their bytes alone.

import { expect, test } from 'vitest'
import { KeptAnswers } from '#api/tiles/kept.ts'

const empty = async (): Promise<Uint8Array> => new Uint8Array(0)

test('empty tiles have their weight: asking for ever more of them fills no memory', async () => {
  const kept = new KeptAnswers(100_000)
  for (let x = 0; x < 500; x++) await kept.get(`tile ${x}`, empty)
  expect(kept.size).toBeGreaterThan(10)
  expect(kept.size).toBeLessThan(100)
})

test('an answer keeps no memory but its own', async () => {
  const { plain, gzip } = await new KeptAnswers(100_000).get('tile', async () => Buffer.from('a small tile'))
  expect(plain.buffer.byteLength).toBe(plain.length)
  expect(gzip.buffer.byteLength).toBe(gzip.length)
})

test('the one asked for longest ago is forgotten first, and what failed is not kept', async () => {
  const kept = new KeptAnswers(3500)
  let made = 0
  const ask = (key: string) =>
    kept.get(key, async () => {
      made++
      return new Uint8Array(8)
    })
  for (const key of ['a', 'b', 'c', 'a', 'd', 'a']) await ask(key)
  expect(made).toBe(4)
  await ask('b')
  expect(made).toBe(5)
  await expect(kept.get('e', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  expect((await kept.get('e', async () => new Uint8Array([1]))).plain).toHaveLength(1)
})

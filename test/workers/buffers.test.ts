import { expect, test } from 'vitest'
import { BufferPool, collectShared } from '#workers/buffers.ts'

test('a released buffer is used again, a used one never', () => {
  const pool = new BufferPool(2)
  const a = pool.take(1000)!
  const b = pool.take(1000)!
  expect(a).not.toBe(b)
  expect(pool.take(1)).toBeUndefined()
  pool.release(a)
  expect(pool.take(1000)).toBe(a)
  expect(pool.made).toBe(2)
})

test('a buffer is free when its last user has let go', () => {
  const pool = new BufferPool(1)
  const a = pool.take(10)!
  pool.keep(a)
  pool.release(a)
  expect(pool.inUse).toBe(1)
  pool.release(a)
  expect(pool.inUse).toBe(0)
  expect(() => pool.release(a)).toThrow('nobody uses')
  expect(() => pool.keep(a)).toThrow('nobody uses')
})

test('growing content keeps the number of buffers', () => {
  const pool = new BufferPool(2)
  for (let bytes = 1000; bytes < 4_000_000; bytes *= 2) {
    const buffer = pool.take(bytes)!
    expect(buffer.byteLength).toBeGreaterThanOrEqual(bytes)
    pool.release(buffer)
  }
  // never more than two of at most 1.25 times the size
  expect(pool.bytes).toBeLessThan(2 * 5_000_000)
})

test('the smallest buffer that fits is taken', () => {
  const pool = new BufferPool(2)
  const small = pool.take(100_000)!
  const large = pool.take(1_000_000)!
  pool.release(large)
  pool.release(small)
  expect(pool.take(50_000)).toBe(small)
  expect(pool.take(50_000)).toBe(large)
})

test('shared memory that nobody holds any more goes, though nothing else happens', async () => {
  const gone = Promise.withResolvers<void>()
  const registry = new FinalizationRegistry<void>(() => gone.resolve())
  // held in an object that has become old, as a network is
  let network: SharedArrayBuffer[] | undefined = [new SharedArrayBuffer(1 << 20)]
  for (let i = 0; i < 3e6; i++) network.push(...(i % 1e6 === 0 ? [new SharedArrayBuffer(8)] : []))
  registry.register(network[0]!, undefined)
  network = undefined
  collectShared()
  await gone.promise
})

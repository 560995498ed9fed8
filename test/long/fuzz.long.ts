// Figures of the realtime side that take minutes: 10,000 broken messages, 1,000 shuffles.

import { expect, test } from 'vitest'
import { loadFeed } from '../conformance/feeds.ts'
import { bytesInUse } from '../helpers/collect.ts'
import { fuzz } from '../helpers/fuzz.ts'
import { shuffled } from '../helpers/mutations.ts'
import { random } from '../helpers/random.ts'
import { apply, storeOf } from '../helpers/realtime.ts'
import { kingstonMessages } from '../helpers/replays.ts'
import { stateHash } from '../helpers/state-hash.ts'

test('10,000 broken messages: none crashes, none is applied in part, 50 MB at most', async () => {
  const tt = await loadFeed('kingston/gtfs.zip')
  const messages = kingstonMessages().slice(0, 100)
  fuzz(tt, messages, 500, 7)
  const before = bytesInUse()
  const { rss } = process.memoryUsage()
  const { refused, taken, partial } = fuzz(tt, messages, 10_000, 2026)
  const grown = bytesInUse() - before
  const mb = (n: number): string => (n / 1e6).toFixed(1)
  console.log(
    `fuzz: refused ${refused}, taken ${taken}, partial ${partial}, memory ${mb(grown)} MB more (rss ${mb(process.memoryUsage().rss - rss)} MB more)`,
  )
  expect(partial).toBe(0)
  expect(grown).toBeLessThan(50e6)
})

test('1,000 shuffles and repetitions of real messages: one state each', async () => {
  const tt = await loadFeed('kingston/gtfs.zip')
  const messages = kingstonMessages()
  for (let n = 0; n < 1000; n++) {
    const { made, bytes } = messages[(n * 7) % messages.length]!
    const expected = stateHash(tt, apply(storeOf(tt), bytes, made).state)
    expect(stateHash(tt, apply(storeOf(tt), shuffled(bytes, random(n)), made).state), `shuffle ${n}`).toBe(expected)
  }
  console.log('order: 1000 of 1000 equal')
})

// Broken messages: nothing crashes, and whoever is refused leaves the state as it was. 10,000 of them are in test/long/fuzz.long.ts.

import { describe, expect, test } from 'vitest'
import { loadFeed } from '../conformance/feeds.ts'
import { dataFile } from '../helpers/data.ts'
import { fuzz } from '../helpers/fuzz.ts'
import { kingstonMessages } from '../helpers/replays.ts'

describe.skipIf(!dataFile('kingston/gtfs.zip'))('Kingston’s messages, broken', () => {
  test('100 of them', async () => {
    const { refused, taken, partial } = fuzz(
      await loadFeed('kingston/gtfs.zip'),
      kingstonMessages().slice(0, 60),
      100,
      1,
    )
    expect(partial).toBe(0)
    expect(refused + taken).toBe(100)
    expect(Math.min(refused, taken)).toBeGreaterThan(4)
  })
})

// The state follows from the newest message alone, whatever the order of its entities and whatever came before (A4, A10).

import { describe, expect, test } from 'vitest'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { loadFeed } from '../conformance/feeds.ts'
import { dataFile } from '../helpers/data.ts'
import { shuffled } from '../helpers/mutations.ts'
import { random } from '../helpers/random.ts'
import { apply, storeOf } from '../helpers/realtime.ts'
import { kingstonMessages, newYorkMessages, type Recorded } from '../helpers/replays.ts'
import { stateHash, stateLines } from '../helpers/state-hash.ts'

const feeds: [string, string, () => Recorded[]][] = [
  ['Kingston', 'kingston/gtfs.zip', kingstonMessages],
  ['New York', 'gtfs-rt/onebusaway/nyct_multi_trips/MTASBWY/cut.zip', newYorkMessages],
]

describe.skipIf(!dataFile('kingston/gtfs.zip'))('real messages', () => {
  test.each(feeds)('10: %s: shuffled and repeated, one state', async (_, path, read) => {
    const tt = await loadFeed(path)
    const messages = read()
    for (const [i, { made, bytes }] of messages.filter((_, i) => i % 40 === 7).entries()) {
      const store = storeOf(tt)
      const expected = stateHash(tt, apply(store, bytes, made).state)
      for (let seed = 0; seed < 5; seed++)
        expect(stateHash(tt, apply(storeOf(tt), shuffled(bytes, random(100 * i + seed)), made).state)).toBe(expected)
    }
  })

  test('New York: after 80 messages the state is that of the last alone', async () => {
    const tt: Timetable = await loadFeed(feeds[1]![1])
    const messages = newYorkMessages()
    expect(messages).toHaveLength(80)
    const store = storeOf(tt)
    for (const { made, bytes } of messages) expect(apply(store, bytes, made).refused).toBeUndefined()
    const last = messages.at(-1)!
    const alone = apply(storeOf(tt), last.bytes, last.made).state
    expect(stateLines(tt, store.state)).toEqual(stateLines(tt, alone))
    // nearly all of the 150 and more trips under way: those with two stops left
    expect(store.state.runs.runs).toBeGreaterThan(100)
    expect(store.extras.inUse).toBeLessThan(tt.counts.roomTrips)
  })
})

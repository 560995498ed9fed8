// 9, 11, 13, 53: feeds that go back in time, fall silent, belong to another timetable, or are wrong ten thousand times over. The clock is
// the test's. (10 is test/live/order.test.ts and envelope.test.ts; 12 is test/api/live-hub.test.ts.)

import { expect, test, vi } from 'vitest'
import { feedStates } from '#api/live/feeds.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { ageSources } from '#engine/live/apply.ts'
import { createClock } from '#workers/clock.ts'
import { startService } from '#workers/start.ts'
import { openNetworkOf } from '../helpers/open-network.ts'
import { apply, feedMessage, runText, say, storeOf, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const world = timetable(`
  S1   A 10:00   B 10:10   C 10:20
  S2   A 9:00   B 9:10   C 9:20`)
const { tt, day } = world
const T = Date.UTC(2026, 0, 10, 9) / 1000
const S1 = (store: ReturnType<typeof storeOf>): string => runText(tt, store.state, world.trip('S1'), day) ?? ''
const late = (seconds: number) => trip('S1').stop('A').delay(seconds)

test('9: two producers, one 30 s behind the other, alternating a hundred times: no board goes back', () => {
  const store = storeOf(tt)
  say(store, { timestamp: T }, late(0))
  let reverted = 0
  for (let i = 1; i <= 100; i++) {
    // the older one says what the newer one said two messages ago
    const ahead = i % 2 === 1
    const before = S1(store)
    const { refused } = say(store, { timestamp: T + 15 * i - (ahead ? 0 : 30) }, late(ahead ? i * 6 : (i - 3) * 6))
    expect(refused).toBe(ahead ? undefined : 'went_backwards')
    if (!ahead && S1(store) !== before) reverted++
  }
  expect(reverted).toBe(0)
  expect(store.state.sources[0]!.refusedCount).toBe(50)
})

test('11: a feed whose time stands still is stale at most 315 s after its last word, and its predictions are no longer used', () => {
  const store = storeOf(tt)
  const same = feedMessage({ timestamp: T }, late(300))
  let staleAfter: number | undefined
  // asked every 15 s, it answers with the same bytes for ten minutes
  for (let seconds = 0; seconds <= 600; seconds += 15) {
    apply(store, same, T + seconds)
    ageSources(store, (T + seconds) as UnixSeconds)
    const { state } = feedStates(store.state.sources, T + seconds).test!
    if (state === 'stale') staleAfter ??= seconds
    expect(S1(store).startsWith('A 10:05')).toBe(state !== 'stale')
  }
  expect(staleAfter).toBeLessThanOrEqual(315)
})

test('13: trips of another timetable: an alarm with the third message, and nothing of them is applied', () => {
  const store = storeOf(tt)
  const poor: number[] = []
  for (let n = 0; n < 3; n++) {
    say(store, { timestamp: T + n }, trip('next-1').stop('A').delay(60), trip('next-2').stop('A').delay(60))
    poor.push(store.state.sources[0]!.poorMatches)
  }
  // /feeds calls three a mismatch
  expect(poor).toEqual([1, 2, 3])
  expect(store.state.runs.runs).toBe(0)
})

test('53: ten thousand trips that nobody knows, a minute of them: counted exactly, and no line of log', async () => {
  const clock = createClock()
  clock.set(T as UnixSeconds, true)
  const trouble = vi.fn()
  const spies = (['log', 'warn', 'error'] as const).map(name => vi.spyOn(console, name))
  const service = await startService({
    network: openNetworkOf(world),
    clock,
    sources: [{ tag: '', url: 'test:' }],
    planWorker: new URL('../workers/reader.worker.ts', import.meta.url),
    threads: 1,
    onTrouble: trouble,
  })
  const strangers = Array.from({ length: 10_000 }, (_, i) => trip(`nobody-${i}`).stop('A').delay(60))
  for (let n = 0; n < 4; n++) {
    clock.set((T + n) as UnixSeconds, true)
    await service.apply(0, feedMessage({ timestamp: T + n }, ...strangers, late(n)))
  }
  const [status] = service.sources()
  expect(status).toMatchObject({ matched: 1, unmatched: 10_000, applied: 4 })
  expect(Object.values(status!.rejected)).toEqual([10_000])
  await service.close()
  expect(trouble).not.toHaveBeenCalled()
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

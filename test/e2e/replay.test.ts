// Recorded realtime, clients that come and go at random: what deltas leave behind is what a fresh snapshot says, on every channel. Here on a
// part of the channels and messages; test/long/replay.long.ts has all.

import { expect, test, vi } from 'vitest'
import { kingstonIsThere, startKingston } from '../helpers/recorded-city.ts'
import { replayChannels } from '../helpers/replay.ts'

test.skipIf(!kingstonIsThere)('Kingston: sixteen messages, every 24th channel', async () => {
  const { service, clock, messages, close } = await startKingston()
  const figures = await replayChannels(service, clock, messages.slice(20, 36), 24, 0x5eed)
  await close()
  expect(figures.wrong).toEqual([])
  expect(figures.compared).toBeGreaterThanOrEqual(figures.channels)
  expect(figures.deltas).toBeGreaterThan(figures.channels)
  expect(figures.resumed).toBeGreaterThan(figures.returned / 2)
})

test.skipIf(!kingstonIsThere)(
  'a machine on which seconds pass between any two looks at the clock sees the same',
  async () => {
    const { service, clock, messages, close } = await startKingston()
    const { now } = Date
    const { set } = clock
    let late = 0
    vi.spyOn(Date, 'now').mockImplementation(() => {
      late += 2000
      return now() + late
    })
    vi.spyOn(clock, 'set').mockImplementation((time, frozen) => {
      late = -2000 // the other threads' time
      set(time, frozen)
    })
    const { wrong } = await replayChannels(service, clock, messages.slice(20, 24), 24, 0x5eed)
    vi.restoreAllMocks()
    await close()
    expect(wrong).toEqual([])
  },
)

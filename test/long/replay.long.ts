// Recorded messages, all of them over all of their city's channels (test/e2e/replay.test.ts is the short one).

import { expect, test } from 'vitest'
import { kingstonIsThere, newYorkIsThere, startKingston, startNewYork } from '../helpers/recorded-city.ts'
import { replayChannels } from '../helpers/replay.ts'

test.skipIf(!kingstonIsThere)('Kingston: delta-fed state = fresh snapshot on 100 % of channels', () =>
  replay(startKingston),
)

test.skipIf(!newYorkIsThere)('New York: delta-fed state = fresh snapshot on 100 % of channels', () =>
  replay(startNewYork),
)

async function replay(start: typeof startKingston): Promise<void> {
  const { service, clock, messages, close } = await start()
  const { wrong, ...figures } = await replayChannels(service, clock, messages, 1, 0xf00d)
  await close()
  console.log(`wrong: ${wrong.length}; ${JSON.stringify(figures)}`)
  expect(wrong).toEqual([])
}

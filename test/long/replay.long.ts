// All of Kingston's recorded messages and all of its channels (test/e2e/replay.test.ts is the short one).

import { expect, test } from 'vitest'
import { kingstonIsThere, startKingston } from '../helpers/kingston.ts'
import { replayChannels } from '../helpers/replay.ts'

test.skipIf(!kingstonIsThere)('delta-fed state = fresh snapshot on 100 % of channels', async () => {
  const { service, clock, messages, close } = await startKingston()
  const { wrong, ...figures } = await replayChannels(service, clock, messages, 1, 0xf00d)
  await close()
  console.log(`wrong: ${wrong.length}; ${JSON.stringify(figures)}`)
  expect(wrong).toEqual([])
})

// Cities with their recorded realtime, behind real threads.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createClock } from '#workers/clock.ts'
import { importNetwork } from '#workers/import.ts'
import { openNetwork } from '#workers/network.ts'
import { startService } from '#workers/start.ts'
import { readRecording } from '../../bench/realtime.bench.ts'
import { dataFile } from './data.ts'
import { newYorkMessages } from './replays.ts'

const kingston = dataFile('kingston/gtfs.zip')
const recording = dataFile('kingston/tripupdates.tar.gz')
const newYork = dataFile('gtfs-rt/onebusaway/nyct_multi_trips/MTASBWY/cut.zip')

export const kingstonIsThere = kingston !== undefined && recording !== undefined
export const newYorkIsThere = newYork !== undefined

interface RecordedMessage {
  readonly time: UnixSeconds
  readonly bytes: Uint8Array
}

export const startKingston = () =>
  startCity(
    'kingston',
    kingston!,
    readRecording(recording!).map(m => ({ ...m, time: m.time as UnixSeconds })),
  )

/** The lines A, C and E; every trip is told as a new one (replays.ts says why). */
export const startNewYork = () =>
  startCity(
    'newyork',
    newYork!,
    newYorkMessages().map(({ made, bytes }) => ({ time: made as UnixSeconds, bytes })),
  )

/** The service, its clock at the first message, and the messages; `close` takes all of it away again. */
async function startCity(tag: string, feed: string, messages: readonly RecordedMessage[]) {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-'))
  const clock = createClock(messages[0]!.time)
  await importNetwork({ gtfs: [{ tag, from: feed }], out: join(dir, tag) })
  const start = () =>
    startService({
      network: openNetwork(join(dir, tag)),
      clock,
      sources: [{ tag, url: 'http://127.0.0.1:9/none.pb' }],
      planWorker: new URL('../../api/plan.worker.ts', import.meta.url),
      pollSeconds: 100_000,
      onTrouble: () => {},
    })
  const service = await start()
  return {
    service,
    /** Another service of the same network, which has heard nothing yet; whoever starts it closes it. */
    start,
    clock,
    messages,
    async close() {
      await service.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

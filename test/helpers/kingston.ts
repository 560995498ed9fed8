// Kingston with its recorded realtime, behind real threads.

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

const feed = dataFile('kingston/gtfs.zip')
const recording = dataFile('kingston/tripupdates.tar.gz')

export const kingstonIsThere = feed !== undefined && recording !== undefined

/** The service, its clock at the first message, and the messages; `close` takes all of it away again. */
export async function startKingston() {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-'))
  const messages = readRecording(recording!).map(m => ({ ...m, time: m.time as UnixSeconds }))
  const clock = createClock(messages[0]!.time)
  await importNetwork({ gtfs: [{ tag: 'kingston', from: feed! }], out: join(dir, 'kingston') })
  const start = () =>
    startService({
      network: openNetwork(join(dir, 'kingston')),
      clock,
      sources: [{ tag: 'kingston', url: 'http://127.0.0.1:9/none.pb' }],
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

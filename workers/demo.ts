// The demo city from nothing: written as the files a real city comes as, imported the ordinary way, its vehicles simulated behind a
// genuine GTFS-Realtime address on this machine, bicycles for rent behind a GBFS one.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY, type ServiceDay } from '#engine/core/time.ts'
import { createBikeShare } from '#feeds/demo/bikes.ts'
import { buildCity } from '#feeds/demo/city.ts'
import { serveSimulator } from '#feeds/demo/serve.ts'
import { createSimulator } from '#feeds/demo/simulator.ts'
import { writeDemoCity } from '#feeds/demo/write.ts'
import { type ImportProgress, importNetwork } from './import.ts'
import type { ConditionSource, RealtimeSource } from './messages.ts'
import { type OpenNetwork, openNetwork } from './network.ts'
import type { Clock } from './service.ts'

export interface Demo {
  readonly network: OpenNetwork
  readonly source: RealtimeSource
  readonly bikes: ConditionSource
  close(): Promise<void>
}

const TAG = 'demo'
const DAYS = 92

/**
 * @param clock the timetable begins the day before what it shows; the simulated vehicles keep its time
 * @param seed of the streets and of what goes wrong
 */
export async function startDemo(
  clock: Clock,
  seed: number,
  onProgress?: (progress: ImportProgress) => void,
): Promise<Demo> {
  const network = await makeNetwork((Math.floor(clock.now() / DAY) - 1) as ServiceDay, seed, onProgress)
  const simulator = createSimulator({ seed })
  const { url, close } = await serveSimulator({
    simulator,
    bikes: createBikeShare(buildCity(), seed),
    clock: () => clock.now(),
  })
  return {
    network,
    source: { tag: TAG, url: `${url}/gtfs-rt.pb` },
    bikes: { kind: 'gbfs', tag: TAG, url: `${url}/gbfs/gbfs.json` },
    close,
  }
}

/** Once opened a network needs its files no more. */
async function makeNetwork(
  from: ServiceDay,
  seed: number,
  onProgress?: (progress: ImportProgress) => void,
): Promise<OpenNetwork> {
  const dir = await mkdtemp(join(tmpdir(), 'freifahrt-demo-'))
  try {
    const { gtfs, osm } = await writeDemoCity(join(dir, 'city'), { from, days: DAYS, seed })
    const out = join(dir, 'network')
    const mapAttribution = { text: 'Streets invented for the demo' }
    await importNetwork({ gtfs: [{ tag: TAG, from: gtfs }], osm, mapAttribution, out }, onProgress && { onProgress })
    return openNetwork(out)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

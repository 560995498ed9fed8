// The two cities that the clients are run against, served on loopback: the demo city with its simulated vehicles, and Heidelberg, with the
// bicycles of another city.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '#api/server.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Places } from '#engine/places/places.ts'
import { createClock } from '#workers/clock.ts'
import { startDemo } from '#workers/demo.ts'
import { importNetwork } from '#workers/import.ts'
import { openNetwork } from '#workers/network.ts'
import { type ServiceOptions, startService } from '#workers/start.ts'
import { dataFile } from '../helpers/data.ts'
import { hasBikes, serveBikes } from './bikes.ts'
import { typedInDemo, typedInHeidelberg } from './typed.ts'

export interface World {
  readonly url: string
  /** RFC 3339: what the server's clock said when it was started. */
  readonly time: string
  /** Two stations with rides between them, as people write them, and a door. */
  readonly from: string
  readonly to: string
  readonly fromName: string
  readonly toName: string
  readonly door: string
  readonly places: Places
  /** Are there vehicles for rent? */
  readonly rents: boolean
  /** Is there more on its map than streets? The demo's are invented, without numbers. */
  readonly mapped: boolean
  /** What people type and what they mean by it. */
  readonly typed: readonly [string, string][]
  close(): Promise<void>
}

const planWorker = new URL('../../api/plan.worker.ts', import.meta.url)
const instant = (iso: string): UnixSeconds => (Date.parse(iso) / 1000) as UnixSeconds

/** Serves what is open, on loopback, by one plan thread. @param closeRest what the world has besides */
async function serveWorld(
  facts: Omit<World, 'url' | 'places' | 'close'>,
  service: Omit<ServiceOptions, 'planWorker' | 'threads'>,
  closeRest: () => Promise<void>,
): Promise<World> {
  const running = await startService({ ...service, planWorker, threads: 1 })
  const server = await startServer(running, { port: 0, log: 'nothing' })
  return {
    ...facts,
    url: server.url,
    places: running.places!,
    async close() {
      await server.close()
      await running.close()
      await closeRest()
    },
  }
}

async function demoCity(): Promise<World> {
  const time = '2026-03-16T07:00:00Z'
  const clock = createClock(instant(time))
  const { network, source, bikes, close } = await startDemo(clock, 1)
  return serveWorld(
    {
      time,
      from: 'Dortmund Hbf',
      to: 'Dortmund Hörde',
      fromName: 'Dortmund Hbf',
      toName: 'Dortmund Hörde Bahnhof',
      door: '51.5117,7.4640',
      rents: true,
      mapped: false,
      typed: typedInDemo,
    },
    { network, clock, sources: [source], conditions: [bikes] },
    close,
  )
}

const feed = dataFile('heidelberg/vrn_gtfs_cut.zip')
const map = dataFile('heidelberg/heidelberg.osm.pbf')
const hasHeidelberg = feed !== undefined && map !== undefined

async function heidelberg(): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-'))
  const out = join(dir, 'heidelberg')
  await importNetwork({ gtfs: [{ tag: 'vrn', from: feed! }], osm: map!, out })
  const time = '2022-06-21T06:00:00Z'
  const clock = createClock(instant(time))
  const bikes = hasBikes ? await serveBikes({ lat: 49.4093, lon: 8.6939 }, () => clock.now()) : undefined
  return serveWorld(
    {
      time,
      from: 'Heidelberg Bismarckplatz',
      to: 'Heidelberg Hbf',
      fromName: 'Heidelberg, Bismarckplatz',
      toName: 'Heidelberg, Hauptbahnhof',
      door: '49.41090,8.70640',
      rents: hasBikes,
      mapped: true,
      typed: typedInHeidelberg,
    },
    {
      network: openNetwork(out),
      clock,
      conditions: bikes ? [{ kind: 'gbfs', tag: 'bay', url: bikes.url }] : [],
    },
    async () => {
      await bikes?.close()
      rmSync(dir, { recursive: true, force: true })
    },
  )
}

export const worlds = [
  { name: 'the demo city', open: demoCity, there: true },
  { name: 'Heidelberg', open: heidelberg, there: hasHeidelberg },
] as const

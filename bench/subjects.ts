// What is measured: the demo city on a summer Wednesday at eight, which is always there and always the same, and real feeds where they are.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers, straightLineWalks } from '#engine/footpaths/transfers.ts'
import { createSimulator } from '#feeds/demo/simulator.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { createClock, type SharedClock } from '#workers/clock.ts'
import { startDemo } from '#workers/demo.ts'
import { importNetwork } from '#workers/import.ts'
import { type NetworkTables, type OpenNetwork, openNetwork } from '#workers/network.ts'
import { dataFile } from '../test/helpers/data.ts'

/** 2026-06-10 08:00 in Dortmund. */
export const NOW = 1_781_071_200 as UnixSeconds
const SEED = 1

export interface DemoBench {
  readonly network: OpenNetwork
  readonly clock: SharedClock
  /** The simulator's message of a moment. */
  messageAt(time: number): Uint8Array
}

export async function openDemo(): Promise<DemoBench> {
  const clock = createClock(NOW)
  clock.set(NOW, true)
  const { network, close } = await startDemo(clock, SEED)
  await close()
  const simulator = createSimulator({ seed: SEED })
  return { network, clock, messageAt: time => simulator.messageAt(time) }
}

/** Heidelberg with its streets, imported; undefined without its data. */
export async function openHeidelberg(): Promise<{ network: OpenNetwork; clock: SharedClock } | undefined> {
  const [gtfs, osm] = [dataFile('heidelberg/vrn_gtfs_cut.zip'), dataFile('heidelberg/heidelberg.osm.pbf')]
  if (!gtfs || !osm) return undefined
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-bench-'))
  try {
    const out = join(dir, 'heidelberg')
    await importNetwork({ gtfs: [{ tag: 'vrn', from: gtfs }], osm, out })
    // once opened it needs its files no more
    return {
      network: openNetwork(out),
      clock: createClock((Date.parse('2022-06-21T08:00+02:00') / 1000) as UnixSeconds),
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** A feed without a map, in this process and without files. */
export async function openFeed(path: string, tag: string): Promise<NetworkTables> {
  const { timetable } = await loadGtfs([{ tag, source: await openSource(path) }])
  return { timetable, footpaths: mergeTransfers(timetable, straightLineWalks(timetable)) }
}

// Feeds to columns and to networks on disk. The slow and plain thing beside it is csv-parse on the same bytes of stop_times.txt.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { TimetableBuilder } from '#engine/timetable/builder.ts'
import { Report } from '#feeds/gtfs/report.ts'
import { type GtfsSource, openSource } from '#feeds/gtfs/source.ts'
import { readStopTimes } from '#feeds/gtfs/stop-times.ts'
import { readStopPlaces } from '#feeds/gtfs/stops.ts'
import type { FeedInput } from '#feeds/gtfs/tables.ts'
import { readTrips } from '#feeds/gtfs/trips.ts'
import type { ImportReport } from '#workers/import.ts'
import { openNetwork } from '#workers/network.ts'
import { cpuMs, cpuMsOf, figure, median, type Row, ratio, repeat } from './harness.ts'

/** File to columns: unzip, scan, look ids up, write columns. */
export async function stopTimesRows(name: string, feed: string): Promise<Row[]> {
  const { rows, ms } = await readTimes(feed)
  return [figure(`${name}, stop_times.txt to columns`, rows / ms / 1000, 'M rows per CPU-second')]
}

/** The best of several runs on either side: a single run of csv-parse differs by half from process to process. */
export async function stopTimesRatio(name: string, feed: string): Promise<Row[]> {
  const { best } = await readTimes(feed)
  const source = await openSource(feed)
  const text = Buffer.concat(await Array.fromAsync(source.read('stop_times.txt')))
  await source.close()
  const slow = Math.min(...repeat(4, () => parse(text)))
  return [ratio(`${name}, stop_times.txt to columns: CPU, csv-parse = 1,000`, (1000 * best) / slow)]
}

async function readTimes(feed: string): Promise<{ rows: number; ms: number; best: number }> {
  const times: number[] = []
  let rows = 0
  for (let run = 0; run < 6; run++) {
    const source = await openSource(feed)
    const { input, builder } = inputOf(source)
    const stops = await readStopPlaces(input, builder)
    const trips = await readTrips(input, builder, undefined)
    times.push(
      await cpuMsOf(async () => {
        rows = (await readStopTimes(input, trips.ids, stops.ids, builder.strings)).trip.length
      }),
    )
    await source.close()
  }
  return { rows, ms: median(times.slice(2)), best: Math.min(...times) }
}

function inputOf(source: GtfsSource): { input: FeedInput; builder: TimetableBuilder } {
  return { input: { tag: 'bench', source, report: new Report(), cut: false }, builder: new TimetableBuilder() }
}

/** The whole way to a network on disk, in a process of its own, and back into memory. */
export function networkRows(name: string, feed: string): Row[] {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-bench-'))
  try {
    const out = join(dir, 'network')
    const text = execFileSync(process.execPath, [CLI, 'import', '--gtfs', feed, '--out', out, '--json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const { cpuSeconds, peakRssBytes } = JSON.parse(text) as ImportReport
    const open = [1, 2, 3].map(() => cpuMs(() => openNetwork(out)))
    return [
      figure(`${name}, import to a network on disk`, cpuSeconds, 's of CPU'),
      figure(`${name}, resident memory at its highest`, peakRssBytes / 1e6, 'MB'),
      figure(`${name}, opened from its files`, median(open), 'ms of CPU'),
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const CLI = fileURLToPath(new URL('../api/cli.ts', import.meta.url))

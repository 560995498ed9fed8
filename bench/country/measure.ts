// What is measured of a feed, whatever its size: import in a process of its own, and in this one what a server does with the network.

import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchQuery } from '#api/cli/answers.ts'
import { answer, openBench } from '#api/cli/bench.ts'
import { metresBetween } from '#engine/core/geo.ts'
import type { ServiceIdx, StopIdx, TripIdx, ZoneIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { compileDay } from '#engine/horizon/compile-day.ts'
import { searchPlaces } from '#engine/places/search.ts'
import { buildLookup, findStop, type StopLookup } from '#engine/timetable/lookup.ts'
import { dayStart, runsOn, type Timetable } from '#engine/timetable/timetable.ts'
import { buildHops } from '#engine/transit/bounds.ts'
import { type OpenNetwork, openNetwork } from '#workers/network.ts'
import { cpuMs, median, quantile } from '../harness.ts'
import { randomQueries } from '../queries.ts'

export interface Figures {
  readonly name: string
  readonly sha256: string
  readonly stops: number
  readonly trips: number
  readonly stopTimes: number
  /** Runs' events of the busiest day. */
  readonly dayEvents: number
  readonly importCpu: number
  readonly importRss: number
  readonly cutRss: number | undefined
  readonly disk: number
  /** Milliseconds of CPU from here on. */
  readonly open: number
  readonly lookup: number
  readonly names: number
  readonly day: number
  readonly hops: number
  readonly first: number
  readonly near: Times
  readonly far: Times
}

/** Milliseconds of CPU: earliest arrival and 2-hour range. */
interface Times {
  readonly queries: number
  readonly earliest: number
  readonly earliest99: number
  readonly range: number
  readonly range99: number
}

const NEAR_METRES = 50_000
const WINDOW = 7200

function importFeed(feed: string, out: string, area?: string): { cpu: number; rss: number } {
  const child = join(import.meta.dirname, 'import-child.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [child, feed, out, ...(area ? [area] : [])], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`import of ${feed}: ${stderr}`)
  return JSON.parse(stdout)
}

export function measureFeed(
  name: string,
  feed: string,
  sha256: string,
  dir: string,
  queries: number,
  area?: string,
): Figures {
  const out = join(dir, `network-${name}`)
  const { cpu, rss } = importFeed(feed, out)
  const cut = area === undefined ? undefined : importFeed(feed, join(dir, `cut-${name}`), area).rss
  const disk = readdirSync(out).reduce((sum, file) => sum + statSync(join(out, file)).size, 0)
  const [open, network] = timed(() => openNetwork(out))
  const { timetable: tt } = network
  const [lookup, places] = timed(() => buildLookup(tt))
  const [names] = timed(() => searchPlaces(network.places!, { text: 'Bahnhof', limit: 10 }))
  const day = busiestDay(tt)
  // the second time: what a server pays at midnight
  const [, warm] = timed(() => compileDay(tt, 0 as ZoneIdx, day))
  const [dayMs] = timed(() => compileDay(tt, 0 as ZoneIdx, day))
  const [hops] = timed(() => buildHops(tt, false))
  const asked = randomQueries(places, 60 * queries, dayStart(tt, 0 as ZoneIdx, day))
  const near = asked.filter(query => isNear(places, query)).slice(0, queries)
  const far = asked.slice(0, queries)
  const [first] = timed(() => answer(openBench(network, far.slice(0, 1), WINDOW), far[0]!))
  return {
    name,
    sha256,
    stops: tt.counts.stops,
    trips: tt.counts.trips,
    stopTimes: stopTimesOf(tt),
    dayEvents: warm.counts.events,
    importCpu: cpu,
    importRss: rss,
    cutRss: cut,
    disk,
    open,
    lookup,
    names,
    day: dayMs,
    hops,
    first,
    near: timesOf(network, near),
    far: timesOf(network, far),
  }
}

function timesOf(network: OpenNetwork, queries: readonly BenchQuery[]): Times {
  const [earliest, range] = [0, WINDOW].map(window => {
    const subject = openBench(network, queries, window)
    for (const query of queries.slice(0, 10)) answer(subject, query)
    return queries.map(query => cpuMs(() => answer(subject, query)))
  }) as [number[], number[]]
  return {
    queries: queries.length,
    earliest: median(earliest),
    earliest99: quantile(earliest, 0.99),
    range: median(range),
    range99: quantile(range, 0.99),
  }
}

function timed<T>(work: () => T): [ms: number, result: T] {
  let result: T | undefined
  return [cpuMs(() => (result = work())), result as T]
}

function isNear(places: StopLookup, { from, to }: BenchQuery): boolean {
  const { tt } = places
  const [a, b] = [from, to].map(id => findStop(places, id)!) as [StopIdx, StopIdx]
  return metresBetween(tt.stopLat[a]!, tt.stopLon[a]!, tt.stopLat[b]!, tt.stopLon[b]!) < NEAR_METRES
}

function busiestDay(tt: Timetable): ServiceDay {
  const trips = new Float64Array(tt.counts.services)
  for (let t = 0 as TripIdx; t < tt.counts.trips; t++) trips[tt.tripService[t]]!++
  let [best, most] = [0, -1]
  for (let day = tt.counts.firstDay; day < tt.counts.firstDay + tt.counts.days; day++) {
    let running = 0
    for (let s = 0; s < trips.length; s++) if (runsOn(tt, s as ServiceIdx, day as ServiceDay)) running += trips[s]!
    if (running > most) [best, most] = [day, running]
  }
  return best as ServiceDay
}

function stopTimesOf(tt: Timetable): number {
  let sum = 0
  for (let p = 0; p < tt.counts.patterns; p++)
    sum += (tt.slotBegin[p + 1]! - tt.slotBegin[p]!) * (tt.tripBegin[p + 1]! - tt.tripBegin[p]!)
  return sum
}

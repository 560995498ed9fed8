// npm run bench              every figure, on the demo city and on real feeds where they are (test/helpers/data.ts says where)
// npm run bench -- --guard   the guarded rows only, against limits.json; exit code 1 when one is beyond its limit twice
//                 --realtime    realtime alone: decoded, published, a country's message, the serving loop meanwhile
//                 --plans       plans over HTTP alone: CPU above the search, the serving loop, time limits
//                 --streets     streets alone: scanned, to the stops, across the city, door to door, walks between stops for each traveller
//                 --country 25  a synthetic country instead, up to so many million stop times (country.ts)
//                 --tighten  writes better values into limits.json, and rows that are new; never a worse value
//
// A count may exceed its limit by 5 %, a ratio by 30 %.

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readQueries } from '#api/cli/answers.ts'
import { buildLookup } from '#engine/timetable/lookup.ts'
import { typedInDemo, typedInHeidelberg } from '../test/clients/typed.ts'
import { dataFile, peersFile } from '../test/helpers/data.ts'
import { measureCountry } from './country.ts'
import { fleetRows } from './fleet.bench.ts'
import { digits, machine, print, type Row } from './harness.ts'
import { horizonRows } from './horizon.bench.ts'
import { networkRows, stopTimesRatio, stopTimesRows } from './import.bench.ts'
import { largeMessageRows } from './large-message.bench.ts'
import { mapRows } from './map.bench.ts'
import { outageRows } from './outages.ts'
import { planHttpRows } from './plan.bench.ts'
import { randomQueries } from './queries.ts'
import { decodeRows, readRecording, realtimeRows } from './realtime.bench.ts'
import { searchRows } from './search.bench.ts'
import { serverRows } from './server.bench.ts'
import { openMapped, osmRows, streetRows, walkRows } from './streets.bench.ts'
import { type DemoBench, NOW, openDemo, openFeed, openHeidelberg } from './subjects.ts'

const LIMITS = new URL('./limits.json', import.meta.url)
const MARGIN = { count: 1.05, ratio: 1.3 }

type Limits = Record<string, number>

/** @param all false: only what is guarded */
async function demoRows(demo: DemoBench, all: boolean): Promise<Row[]> {
  const { network, messageAt } = demo
  const midnight = NOW - 8 * 3600
  const queries = randomQueries(buildLookup(network.timetable), 100, midnight)
  const messages = Array.from({ length: 60 }, (_, i) => ({ time: NOW + 15 * i, bytes: messageAt(NOW + 15 * i) }))
  return [
    ...searchRows({ name: 'demo', tables: network, queries, twin: 8, runs: 5 }),
    ...realtimeRows({ name: 'demo', tables: network, tag: 'demo', messages }),
    ...streetRows({ name: 'demo', tables: network, midnight }),
    ...decodeRows(),
    ...(await serverRows(demo)),
    ...(await mapRows({ name: 'demo', network, clock: demo.clock, typed: typedInDemo })),
    ...(all ? await fleetRows(demo) : []),
  ]
}

/** @param all false: only what is guarded, and fewer queries */
async function realRows(all: boolean): Promise<Row[]> {
  const rows: Row[] = []
  const rnv = dataFile('rnv/rnv.zip')
  const tokyo = peersFile('tokyo/feed.zip')
  const queries = peersFile('tokyo/queries.csv')
  const kingston = dataFile('kingston/gtfs.zip')
  const recording = dataFile('kingston/tripupdates.tar.gz')
  if (rnv) rows.push(...(await stopTimesRatio('rnv', rnv)))
  if (all && rnv) rows.push(...(await stopTimesRows('rnv', rnv)), ...networkRows('rnv', rnv))
  if (all && tokyo) rows.push(...(await stopTimesRows('tokyo', tokyo)), ...networkRows('tokyo', tokyo))
  const heidelberg = await openHeidelberg()
  if (heidelberg) rows.push(...(await mapRows({ name: 'heidelberg', ...heidelberg, typed: typedInHeidelberg })))
  if (tokyo && queries) {
    const tables = await openFeed(tokyo, 'tokyo')
    rows.push(...horizonRows('tokyo', tables.timetable))
    const asked = readQueries(queries).slice(0, all ? undefined : GUARD_QUERIES)
    rows.push(
      ...searchRows({ name: all ? 'tokyo' : 'tokyo short', tables, queries: asked, twin: 0, runs: all ? 3 : 1 }),
    )
  }
  if (all && tokyo) rows.push(...(await largeMessageRows('tokyo', await openFeed(tokyo, 'tokyo'))))
  const map = dataFile('heidelberg/heidelberg.osm.pbf')
  if (map) rows.push(...(await osmRows('heidelberg', map)))
  if (rnv && map) {
    const tables = await openMapped(rnv, map, 'rnv')
    rows.push(...streetRows({ name: 'rnv with its map', tables, midnight: RNV_MIDNIGHT }))
  }
  if (all && tokyo && queries) rows.push(...(await planHttpRows(tokyo, readQueries(queries))))
  if (kingston && recording) {
    const tables = await openFeed(kingston, 'kingston')
    rows.push(...realtimeRows({ name: 'kingston', tables, tag: 'kingston', messages: readRecording(recording) }))
  }
  return rows
}

const GUARD_QUERIES = 100
/** A Wednesday of the feed, local time. */
const RNV_MIDNIGHT = Date.parse('2016-11-09T00:00:00+01:00') / 1000

/** Prints every guarded row beside its limit; returns those that are beyond it or have none. */
function beyondLimits(rows: readonly Row[], limits: Limits): Row[] {
  return rows.filter(({ name, value, guard }) => {
    const limit = limits[name]
    const most = limit === undefined ? 0 : limit * MARGIN[guard!]
    const bad = value > most
    const verdict = limit === undefined ? 'NO LIMIT YET: --tighten' : bad ? `BEYOND ${digits(most)}` : 'ok'
    console.log(
      `  ${name.padEnd(64)} ${digits(value).padStart(11)}  limit ${digits(limit ?? 0).padStart(9)}  ${verdict}`,
    )
    return bad
  })
}

function tighten(rows: readonly Row[], limits: Limits): Limits {
  const next = { ...limits }
  for (const { name, value, guard } of rows) {
    const old = limits[name] ?? Number.POSITIVE_INFINITY
    // a ratio jitters: only a clear gain counts
    const better = guard === 'ratio' ? value < 0.9 * old : value < old
    if (better) next[name] = Number(value.toPrecision(4))
  }
  return Object.fromEntries(Object.entries(next).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What realtime costs, real feeds where they are. */
async function realtime(): Promise<void> {
  console.log(machine())
  decodeRows().forEach(print)
  const tokyo = peersFile('tokyo/feed.zip')
  if (tokyo) (await largeMessageRows('tokyo', await openFeed(tokyo, 'tokyo'))).forEach(print)
}

/** What plans over HTTP cost, on Tokyo. Throws when it is not there. */
async function plans(): Promise<void> {
  console.log(machine())
  const [tokyo, queries] = [peersFile('tokyo/feed.zip'), peersFile('tokyo/queries.csv')]
  if (!tokyo || !queries) throw new Error('there is no peers/tokyo beside the data: see test/helpers/data.ts')
  for (const row of await planHttpRows(tokyo, readQueries(queries))) print(row)
}

/** What streets cost: rnv's stops on Heidelberg's map. Throws when they are not there. */
async function streets(): Promise<void> {
  console.log(machine())
  const [rnv, map] = [dataFile('rnv/rnv.zip'), dataFile('heidelberg/heidelberg.osm.pbf')]
  if (!rnv || !map) throw new Error('there are no real feeds: see test/helpers/data.ts')
  for (const row of await osmRows('heidelberg', map)) print(row)
  const tables = await openMapped(rnv, map, 'rnv')
  const subject = { name: 'rnv with its map', tables, midnight: RNV_MIDNIGHT }
  for (const row of [...streetRows(subject), ...walkRows(subject), ...outageRows(subject)]) print(row)
}

/** What the options `--guard` and `--tighten` say, see above. */
async function figures(guard: boolean, tightens: boolean): Promise<void> {
  console.log(machine())
  const started = performance.now()
  const measured = async () => [...(await demoRows(await openDemo(), !guard)), ...(await realRows(!guard))]
  const rows = await measured()
  const guarded = rows.filter(row => row.guard)
  const limits = JSON.parse(readFileSync(LIMITS, 'utf8')) as Limits
  if (!guard) rows.forEach(print)
  if (tightens) writeFileSync(LIMITS, `${JSON.stringify(tighten(guarded, limits), null, 2)}\n`)
  else if (guard) {
    let bad = beyondLimits(guarded, limits)
    // what else the machine does seldom hits one row twice
    if (bad.length > 0)
      bad = beyondLimits(
        (await measured()).filter(({ name }) => bad.some(row => row.name === name)),
        limits,
      )
    if (bad.length > 0) process.exitCode = 1
  }
  console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`)
}

const { values } = parseArgs({
  options: {
    guard: { type: 'boolean', default: false },
    tighten: { type: 'boolean', default: false },
    realtime: { type: 'boolean', default: false },
    plans: { type: 'boolean', default: false },
    streets: { type: 'boolean', default: false },
    country: { type: 'string' },
  },
})
if (values.realtime) await realtime()
else if (values.plans) await plans()
else if (values.streets) await streets()
else if (values.country === undefined) await figures(values.guard, values.tighten)
else await measureCountry(Number(values.country))

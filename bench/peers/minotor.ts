// minotor (npm, MIT) on a file of queries: earliest arrivals, in the columns of `freifahrt bench`.
// It knows one service day, so arrivals after midnight's trips of the next day are beyond it; its answers are no reference, its times are.
//
//   node bench/peers/minotor.ts FEED.zip QUERIES.csv OUT.csv [RUNS]

import { readFileSync, writeFileSync } from 'node:fs'
import { Query, Router, Time } from 'minotor'
import { GtfsParser } from 'minotor/parser'

const [feed, queryFile, out, runsText] = process.argv.slice(2)
if (!feed || !queryFile || !out) throw new Error('usage: node bench/peers/minotor.ts FEED.zip QUERIES.csv OUT.csv [RUNS]')
const runs = Number(runsText ?? 3)

const queries = readFileSync(queryFile, 'utf8')
  .trimEnd()
  .split(/\r?\n/)
  .slice(1)
  .map(text => {
    const [from, to, departure] = text.split(',') as [string, string, string]
    // local date, time and offset as they are written
    const [, date, time, offset] = /^(.{10})T(.{8})(.*)$/.exec(departure)!
    return { text, from, to, date: date!, time: time!, offset: offset! }
  })
const day = queries[0]!.date
const started = process.cpuUsage()
// it warns twice about every stop time that leaves pickup_type empty
const warn = console.warn
console.warn = () => {}
const { timetable, stopsIndex } = await new GtfsParser(feed).parse(new Date(`${day}T12:00:00`))
console.warn = warn
console.error(`minotor: parsed in ${(process.cpuUsage(started).user / 1e6).toFixed(1)} s of CPU`)

const router = new Router(timetable, stopsIndex)
const midnight = Date.parse(`${day}T00:00:00${queries[0]!.offset}`)
const iso = (time: { toSeconds(): number }): string =>
  new Date(midnight + time.toSeconds() * 1000).toISOString().replace('.000Z', 'Z')

const times = queries.map(() => new Float64Array(runs))
const answers: string[] = []
for (let run = 0; run < runs; run++)
  queries.forEach(({ from, to, time }, i) => {
    const begin = performance.now()
    const query = new Query.Builder().from(from).to(to).departureTime(Time.fromString(time)).maxTransfers(7).build()
    const route = router.route(query).bestRoute()
    times[i]![run] = performance.now() - begin
    // walking alone is an answer of its own kind there: it has no ride and gives no arrival
    if (!route?.legs.some(leg => 'route' in leg)) {
      answers[i] = ',,0,'
      return
    }
    const rides = route.legs.filter(leg => 'route' in leg).length
    const arrival = iso(route.arrivalTime())
    const transfers = Math.max(0, rides - 1)
    answers[i] = `${arrival},${transfers},1,${iso(Time.fromString(time))}|${arrival}|${transfers};`
  })

const medians = times.map(t => t.sort()[Math.floor((runs - 1) / 2)]!)
const header =
  'from_stop_id,to_stop_id,departure,arrival,transfers,n_journeys,journeys(dep|arr|transfers;),ms_median'
writeFileSync(out, `${[header, ...queries.map((q, i) => `${q.text},${answers[i]},${medians[i]!.toFixed(4)}`)].join('\n')}\n`)

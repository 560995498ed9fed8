// Two files of answers to the same queries: first whether the answers agree, then the times. A difference is a query whose set of
// departure|arrival|transfers is another one; times are read as moments, so 10:00+09:00 and 01:00Z are the same.
//
//   node bench/compare.ts OURS.csv THEIRS.csv [--arrivals] [--minutes] [--all]
//     --arrivals  compare the earliest arrival only
//     --minutes   cut times to the minute: some engines count no seconds
//     --all       print every difference instead of the first ten
// Exit code 1 when answers differ.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { summary } from './harness.ts'

export interface Answer {
  readonly query: string
  /** RFC 3339 in UTC, or `none`. */
  readonly arrival: string
  /** `dep|arr|transfers`, sorted. */
  readonly journeys: readonly string[]
  readonly ms: number
}

/** @param step milliseconds to which times are cut: 1000, or 60,000 for engines that count in minutes */
export function readAnswers(text: string, step = 1000): Answer[] {
  const moment = (time = ''): string => {
    const ms = Date.parse(time)
    return Number.isNaN(ms) ? 'none' : new Date(ms - (ms % step)).toISOString().replace('.000Z', 'Z')
  }
  const lines = text.trimEnd().split(/\r?\n/).slice(1)
  return lines.map(line => {
    const [from, to, departure, arrival, , , journeys = '', ms] = line.split(',')
    const normalised = journeys
      .split(';')
      .filter(Boolean)
      .map(journey => journey.split('|'))
      .map(([dep, arr, transfers]) => `${moment(dep)}|${moment(arr)}|${transfers}`)
    return {
      query: `${from},${to},${departure}`,
      arrival: moment(arrival),
      journeys: normalised.sort(),
      ms: Number(ms),
    }
  })
}

export interface Difference {
  readonly query: string
  readonly onlyOurs: readonly string[]
  readonly onlyTheirs: readonly string[]
}

export function differences(ours: readonly Answer[], theirs: readonly Answer[], arrivalsOnly: boolean): Difference[] {
  const byQuery = new Map(theirs.map(answer => [answer.query, answer]))
  return ours.flatMap(a => {
    const b = byQuery.get(a.query)
    if (!b) return []
    const [x, y] = arrivalsOnly ? [[a.arrival], [b.arrival]] : [a.journeys, b.journeys]
    const onlyOurs = x.filter(j => !y.includes(j))
    const onlyTheirs = y.filter(j => !x.includes(j))
    return onlyOurs.length + onlyTheirs.length === 0 ? [] : [{ query: a.query, onlyOurs, onlyTheirs }]
  })
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      arrivals: { type: 'boolean', default: false },
      minutes: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
    },
  })
  const [ours, theirs] = positionals.map(path =>
    readAnswers(readFileSync(path, 'utf8'), values.minutes ? 60_000 : 1000),
  )
  if (!ours || !theirs)
    throw new Error('usage: node bench/compare.ts OURS.csv THEIRS.csv [--arrivals] [--minutes] [--all]')
  const common = new Set(theirs.map(a => a.query))
  const compared = ours.filter(a => common.has(a.query)).length
  const found = differences(ours, theirs, values.arrivals)
  console.log(`${compared} queries in both, ${compared - found.length} answered alike, ${found.length} differently`)
  for (const { query, onlyOurs, onlyTheirs } of values.all ? found : found.slice(0, 10))
    console.log(
      [query, ...onlyOurs.map(j => `  only ours    ${j}`), ...onlyTheirs.map(j => `  only theirs  ${j}`)].join('\n'),
    )
  console.log(`ms ours    ${summary(ours.map(a => a.ms))}`)
  console.log(`ms theirs  ${summary(theirs.map(a => a.ms))}`)
  if (found.length > 0) process.exitCode = 1
}

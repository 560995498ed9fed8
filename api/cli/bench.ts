// `freifahrt bench`: answers a file of queries in this one thread and says how long each took, from ids to finished journeys. The model is
// the one that engines are compared by: from exactly the one stop to exactly the other, walks only as transfers.txt lists them.

import { writeFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { NEVER } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { createPlanner, type Planner, plan } from '#engine/plan/plan.ts'
import { MAX_TRANSFERS, MAX_TRAVEL_TIME, type Query, queryDefaults } from '#engine/plan/query.ts'
import { daysFor } from '#engine/plan/window.ts'
import { buildLookup, findStop, type StopLookup } from '#engine/timetable/lookup.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { type NetworkTables, openNetwork } from '#workers/network.ts'
import { ANSWER_HEADER, answerRow, type BenchQuery, readQueries } from './answers.ts'
import { networkOption, parseWhole } from './options.ts'
import { grouped } from './output.ts'
import { scheduleHorizon } from './schedule.ts'

interface Options {
  network: string
  queries: string
  mode: 'earliest' | 'range'
  window: number
  runs: number
  out: string
}

export const benchWord = (): Command =>
  new Command('bench')
    .description('Answer a file of queries, write answers and times to be laid beside other engines’.')
    .addOption(networkOption().makeOptionMandatory())
    .requiredOption('--queries <Q.csv>', 'from_stop_id,to_stop_id,departure')
    .addOption(new Option('--mode <MODE>', 'what is asked').choices(['earliest', 'range']).makeOptionMandatory())
    .option('--window <S>', 'with --mode range: departures in [t, t + S)', parseWhole, 7200)
    .option('--runs <N>', 'how often each query is run, at least 3; the median counts', parseWhole, 3)
    .requiredOption('--out <A.csv>', 'answers')
    .addHelpText(
      'after',
      `
All queries are run once before any is run again. What a plan thread keeps
between queries (lower bounds to the ends asked for last) is kept here too.

Examples:
  freifahrt import --gtfs feed.zip --out data/tokyo
  freifahrt bench --network data/tokyo --queries queries.csv --mode earliest --out earliest.csv
  freifahrt bench --network data/tokyo --queries queries.csv --mode range --window 7200 --out range.csv`,
    )
    .action(bench)

function bench({ network, queries: file, mode, window, runs, out }: Options): void {
  if (runs < 3) throw new FreifahrtError('BAD_REQUEST', '--runs', 'at least 3, the median of fewer says nothing')
  const queries = readQueries(file)
  const subject = openBench(openNetwork(network), queries, mode === 'range' ? window : 0)
  const { answers, ms } = measure(subject, queries, runs)
  const rows = queries.map((query, i) => answerRow(query, answers[i]!, ms[i]!))
  writeFileSync(out, `${[ANSWER_HEADER, ...rows].join('\n')}\n`)

  const sorted = Float64Array.from(ms).sort()
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(3)
  const answered = answers.filter(journeys => journeys.length > 0).length
  console.log(
    `${out}: ${grouped(queries.length)} queries, ${grouped(answered)} answered; ms median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`,
  )
}

/** What answers queries: everything that is made once per network. */
export interface Bench {
  readonly planner: Planner
  readonly horizon: Horizon
  readonly lookup: StopLookup
  /** Seconds of the departure window; 0 asks for the earliest arrivals only. */
  readonly window: number
  /** The window grows until there are as many; 0: it does not grow. */
  readonly minJourneys: number
}

export function openBench(
  tables: NetworkTables,
  queries: readonly BenchQuery[],
  window: number,
  minJourneys = 0,
): Bench {
  const { timetable, footpaths } = tables
  const lookup = buildLookup(timetable)
  const nowhere = 0 as StopIdx
  const days = queries.flatMap(({ time }) => daysFor(timetable, asked(nowhere, nowhere, time, window, minJourneys)))
  const distinct = new Map(days.map(day => [`${day.zone} ${day.day}`, day]))
  return {
    planner: createPlanner(timetable, footpaths),
    horizon: scheduleHorizon(tables, distinct.values()),
    lookup,
    window,
    minJourneys,
  }
}

/** The journeys for one query. A stop nobody knows has none. */
export function answer(
  { planner, horizon, lookup, window, minJourneys }: Bench,
  { from, to, time }: BenchQuery,
): readonly Journey[] {
  const [a, b] = [findStop(lookup, from), findStop(lookup, to)]
  if (a === undefined || b === undefined) return []
  return plan(planner, horizon, asked(a, b, time, window, minJourneys)).itineraries
}

const asked = (from: StopIdx, to: StopIdx, time: BenchQuery['time'], window: number, minJourneys: number): Query => ({
  ...queryDefaults,
  from: { kind: 'stop', stop: from },
  to: { kind: 'stop', stop: to },
  time,
  window,
  minJourneys,
  maxTransfers: MAX_TRANSFERS,
  maxTravelTime: MAX_TRAVEL_TIME,
  maxAccess: NEVER,
  maxEgress: NEVER,
  maxDirect: 0,
})

/** Runs all queries `runs` times; milliseconds are each query's median. */
export function measure(
  subject: Bench,
  queries: readonly BenchQuery[],
  runs: number,
): { readonly answers: (readonly Journey[])[]; readonly ms: number[] } {
  const answers: (readonly Journey[])[] = []
  const times = queries.map(() => new Float64Array(runs))
  for (let run = 0; run < runs; run++)
    queries.forEach((query, i) => {
      const started = performance.now()
      answers[i] = answer(subject, query)
      times[i]![run] = performance.now() - started
    })
  // the rider is at the stop at the query's time: without a window that is the departure engines write down
  const written =
    subject.window > 0 ? answers : answers.map((js, i) => js.map(j => ({ ...j, departure: queries[i]!.time })))
  return { answers: written, ms: times.map(t => t.sort()[Math.floor((runs - 1) / 2)]!) }
}

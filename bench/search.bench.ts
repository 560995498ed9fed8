// Journeys: milliseconds, work counted, and how much faster than the slow twin, which looks at every run in every round.

import assert from 'node:assert/strict'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { BenchQuery } from '#api/cli/answers.ts'
import { answer, type Bench, measure, openBench } from '#api/cli/bench.ts'
import { createGround } from '#engine/access/ground.ts'
import { NEVER } from '#engine/core/time.ts'
import { stopsAround } from '#engine/plan/access.ts'
import { MAX_TRANSFERS, queryDefaults } from '#engine/plan/query.ts'
import { Profile } from '#engine/street/profile.ts'
import { buildLookup, findStop, type StopLookup } from '#engine/timetable/lookup.ts'
import type { NetworkTables } from '#workers/network.ts'
import { allRuns, type PlainRun } from '../test/helpers/plain-runs.ts'
import { answerSet, type PlainAnswer, referenceAt } from '../test/helpers/reference.ts'
import { count, figure, median, quantile, type Row, ratio, repeat } from './harness.ts'

export interface SearchSubject {
  readonly name: string
  readonly tables: NetworkTables
  readonly queries: readonly BenchQuery[]
  /** How many of the queries the slow twin answers too; 0 where the network is too large for it. */
  readonly twin: number
  readonly runs: number
}

/** Seconds; the second is MOTIS' default, from which the window grows. */
const [WINDOW, FIRST_WINDOW] = [7200, 900]

export function searchRows({ name, tables, queries, twin, runs }: SearchSubject): Row[] {
  const rows: Row[] = []
  const slow = twin > 0 ? slowTwin(tables, queries.slice(0, twin)) : undefined
  for (const [mode, window, least] of [
    ['earliest arrival', 0, 0],
    ['2-hour range', WINDOW, 0],
    ['at least five results', FIRST_WINDOW, 5],
  ] as const) {
    const subject = openBench(tables, queries, window, least)
    const { answers, ms } = measure(subject, queries, runs)
    rows.push(
      figure(`${name}, ${mode}: median`, median(ms), 'ms'),
      figure(`${name}, ${mode}: p99`, quantile(ms, 0.99), 'ms'),
      figure(`${name}, ${mode}: p99 / median`, quantile(ms, 0.99) / median(ms), ''),
      ...(runs > 1 ? heapRows(`${name}, ${mode}`, subject, queries) : []),
      ...workRows(`${name}, ${mode}`, subject, queries),
    )
    if (!slow || least > 0) continue
    if (window === 0)
      for (const [i, set] of slow.answers.entries()) assert.deepEqual(fastSet(answers[i]!), set, queries[i]!.text)
    const all = (): void => {
      for (const query of queries) answer(subject, query)
    }
    const fast = Math.min(...repeat(30, all)) / queries.length
    rows.push(ratio(`${name}, ${mode}: CPU, slow twin's earliest arrival = 1,000`, (1000 * fast) / slow.ms))
  }
  return rows
}

/** What a thousand queries leave behind, garbage collected before and after; what each takes of the heap, and how much of that is its answer. */
function heapRows(name: string, subject: Bench, queries: readonly BenchQuery[]): Row[] {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heap = () => {
    collect()
    return getHeapStatistics()
  }
  const ask = (i: number) => answer(subject, queries[i % queries.length]!)
  const before = heap()
  for (let i = 0; i < 1000; i++) ask(i)
  const after = heap()
  const held = new Array<unknown>(1000)
  const empty = heap()
  for (let i = 0; i < held.length; i++) held[i] = ask(i)
  const full = heap()
  const allocated = (after.total_allocated_bytes - before.total_allocated_bytes) / 1e6
  const kept = (full.used_heap_size - empty.used_heap_size) / held.length / 1000
  return [
    figure(`${name}: heap kept after 1,000 queries`, (after.used_heap_size - before.used_heap_size) / 1000, 'kB'),
    figure(`${name}: heap allocated per query`, allocated, 'kB'),
    figure(`${name}: of it the answer`, kept, 'kB'),
    figure(`${name}: allocated / answer`, allocated / kept, ''),
  ]
}

/** Work per query, which does not jitter. */
function workRows(name: string, subject: Bench, queries: readonly BenchQuery[]): Row[] {
  const { work } = subject.planner.state
  const sum = { lanesScanned: 0, eventsVisited: 0, footpathsWalked: 0 }
  for (const query of queries) {
    answer(subject, query)
    sum.lanesScanned += work.lanesScanned
    sum.eventsVisited += work.eventsVisited
    sum.footpathsWalked += work.footpathsWalked
  }
  const each = (n: number): number => n / queries.length
  return [
    count(`${name}: lanes scanned`, each(sum.lanesScanned)),
    count(`${name}: events visited`, each(sum.eventsVisited)),
    count(`${name}: footpaths walked`, each(sum.footpathsWalked)),
  ]
}

const fastSet = (journeys: readonly { departure: number; arrival: number; transfers: number }[]): string[] =>
  answerSet(journeys.map(({ departure, arrival, transfers }) => ({ departure, arrival, rides: transfers + 1 })))

/** Its answers, and the milliseconds of CPU that one takes. */
function slowTwin(tables: NetworkTables, queries: readonly BenchQuery[]): { answers: string[][]; ms: number } {
  const runs = allRuns(tables.timetable)
  const lookup = buildLookup(tables.timetable)
  const near = queries.map(query => runs.filter(run => isNear(run, query.time)))
  let found: PlainAnswer[][] = []
  // as warm as what it is laid beside
  const all = (): void => {
    found = queries.map((query, i) => askTwin(tables, lookup, near[i]!, query))
  }
  const ms = Math.min(...repeat(20, all)) / queries.length
  return { answers: found.map(answerSet), ms }
}

const isNear = ({ calls }: PlainRun, time: number): boolean =>
  calls.at(-1)!.arrival >= time && calls[0]!.departure <= time + queryDefaults.maxTravelTime

function askTwin(
  { timetable: tt, footpaths }: NetworkTables,
  lookup: StopLookup,
  runs: readonly PlainRun[],
  q: BenchQuery,
): PlainAnswer[] {
  const around = (id: string, reverse: boolean): ReadonlyMap<number, number> => {
    const place = { kind: 'stop', stop: findStop(lookup, id)! } as const
    const { stops, seconds } = stopsAround({ timetable: tt, footpaths, ground: createGround(tt, undefined) }, place, {
      maxSeconds: NEVER,
      profile: Profile.foot,
      maxMatchingDistance: 0,
      reverse,
    })
    return new Map(Array.from(stops, (stop, i) => [stop, seconds[i]!]))
  }
  return referenceAt(
    runs,
    footpaths,
    tt.counts.stops,
    {
      access: around(q.from, false),
      egress: around(q.to, true),
      maxRides: MAX_TRANSFERS + 1,
      maxTravelTime: queryDefaults.maxTravelTime,
    },
    q.time,
  )
}

// LiveRuns as they are built, merged and compared.

import { type LiveRunIdx, NONE, type TripIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { ServiceDay } from '../core/time.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { patternLength, slotStop, type Timetable } from '../timetable/timetable.ts'
import { type LiveRuns, OWN, RunState, Source } from './state.ts'

/** LiveRuns while they are being filled. */
export interface RunColumns {
  runs: number
  events: number
  readonly runTrip: Uint32Array
  readonly runDay: Int32Array
  readonly runShift: Int32Array
  readonly runState: Uint8Array
  readonly runOther: Uint32Array
  readonly runWheelchair: Uint8Array
  readonly runSource: Uint8Array
  readonly eventBegin: Uint32Array
  readonly eventArrival: Int32Array
  readonly eventDeparture: Int32Array
  readonly eventArrivalSource: Uint8Array
  readonly eventDepartureSource: Uint8Array
  readonly eventFlags: Uint32Array
  readonly eventUncertainty: Uint32Array
  readonly eventStop: Uint32Array
}

/** Columns for so many runs, and events of all of them together, with none in them yet. */
export const createRuns = (runs: number, events: number): RunColumns => ({
  runs: 0,
  events: 0,
  runTrip: new Uint32Array(runs),
  runDay: new Int32Array(runs),
  runShift: new Int32Array(runs),
  runState: new Uint8Array(runs),
  runOther: new Uint32Array(runs).fill(NONE),
  runWheelchair: new Uint8Array(runs),
  runSource: new Uint8Array(runs),
  eventBegin: new Uint32Array(runs + 1),
  eventArrival: new Int32Array(events),
  eventDeparture: new Int32Array(events),
  eventArrivalSource: new Uint8Array(events),
  eventDepartureSource: new Uint8Array(events),
  eventFlags: new Uint32Array(events),
  eventUncertainty: new Uint32Array(events),
  eventStop: new Uint32Array(events),
})

/** The same columns, typed for readers; from here on nobody writes to them. */
export const finishRuns = (columns: RunColumns): LiveRuns => columns as unknown as LiveRuns

export const NO_RUNS: LiveRuns = finishRuns(createRuns(0, 0))

const columnsOf = (runs: LiveRuns): RunColumns => runs as unknown as RunColumns

/** Appends row `r` of `from`. */
function copyRun(from: LiveRuns, r: number, into: RunColumns): void {
  const source = columnsOf(from)
  const row = into.runs++
  const begin = source.eventBegin[r]!
  const end = source.eventBegin[r + 1]!
  const at = into.events
  into.runTrip[row] = source.runTrip[r]!
  into.runDay[row] = source.runDay[r]!
  into.runShift[row] = source.runShift[r]!
  into.runState[row] = source.runState[r]!
  into.runOther[row] = source.runOther[r]!
  into.runWheelchair[row] = source.runWheelchair[r]!
  into.runSource[row] = source.runSource[r]!
  into.events += end - begin
  into.eventBegin[row] = at
  into.eventBegin[row + 1] = into.events
  for (let e = begin, to = at; e < end; e++, to++) {
    into.eventArrival[to] = source.eventArrival[e]!
    into.eventDeparture[to] = source.eventDeparture[e]!
    into.eventArrivalSource[to] = source.eventArrivalSource[e]!
    into.eventDepartureSource[to] = source.eventDepartureSource[e]!
    into.eventFlags[to] = source.eventFlags[e]!
    into.eventUncertainty[to] = source.eventUncertainty[e]!
    into.eventStop[to] = source.eventStop[e]!
  }
}

/** Order of rows: day, trip, shift. Below 0 when row `i` of `a` comes first. */
function compareRuns(a: LiveRuns, i: number, b: LiveRuns, j: number): number {
  const x = i as LiveRunIdx
  const y = j as LiveRunIdx
  return a.runDay[x] - b.runDay[y] || a.runTrip[x] - b.runTrip[y] || a.runShift[x] - b.runShift[y]
}

/** A run that another takes the place of is gone, whoever else speaks of it; a detour's bare schedule, and our
 * own prediction, give way to what is said of its run. */
function loudness(runs: LiveRuns, r: number): number {
  const row = r as LiveRunIdx
  if (runs.runState[row] === RunState.superseded) return 2
  if (runs.eventFlags[runs.eventBegin[row]]! & OWN) return 0
  if (runs.runState[row] !== RunState.replaced) return 1
  for (let e = runs.eventBegin[row]; e < runs.eventBegin[(r + 1) as LiveRunIdx]; e++)
    if (runs.eventArrivalSource[e] !== Source.schedule || runs.eventDepartureSource[e] !== Source.schedule) return 1
  return 0
}

/** The row of a run, or −1. */
export function findRow(runs: LiveRuns, trip: TripIdx, day: ServiceDay, shift: number): number {
  let lo = 0
  let hi = runs.runs
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    const at = mid as LiveRunIdx
    const order = runs.runDay[at] - day || runs.runTrip[at] - trip || runs.runShift[at] - shift
    if (order === 0) return mid
    if (order < 0) lo = mid + 1
    else hi = mid
  }
  return -1
}

/** The extra trips among the runs, each as often as it comes. */
export function extraTripsIn(tt: Timetable, runs: LiveRuns): TripIdx[] {
  const found: TripIdx[] = []
  for (let r = 0; r < runs.runs; r++)
    if (runs.runTrip[r as LiveRunIdx] >= tt.counts.trips) found.push(runs.runTrip[r as LiveRunIdx])
  return found
}

const byName = new WeakMap<LiveRuns, ReadonlyMap<string, readonly LiveRunIdx[]>>()

/** The runs of extra trips with this trip_id, in their order. */
export function addedNamed(tt: Timetable, runs: LiveRuns, tripId: string): readonly LiveRunIdx[] {
  const names = byName.getOrInsertComputed(runs, () => {
    const found = new Map<string, LiveRunIdx[]>()
    for (let r = 0 as LiveRunIdx; r < runs.runs; r++) {
      const trip = runs.runTrip[r]
      if (isExtraTrip(tt, trip)) found.getOrInsertComputed(textOf(tt, tt.tripId[trip]!), () => []).push(r)
    }
    return found
  })
  return names.get(tripId) ?? []
}

/**
 * All sources' runs in one list; where two speak of one run, the louder is heard, else the first. `onShadowed` is told the other.
 */
export function mergeRuns(sources: readonly LiveRuns[], onShadowed: (source: number) => void): LiveRuns {
  const speaking = sources.filter(s => s.runs > 0)
  if (speaking.length <= 1) return speaking[0] ?? NO_RUNS
  const into = createRuns(
    speaking.reduce((sum, s) => sum + s.runs, 0),
    speaking.reduce((sum, s) => sum + s.eventBegin[s.runs as LiveRunIdx], 0),
  )
  const next = speaking.map(() => 0)
  for (;;) {
    let first = -1
    for (let k = 0; k < speaking.length; k++) {
      if (next[k]! >= speaking[k]!.runs) continue
      if (first < 0 || compareRuns(speaking[k]!, next[k]!, speaking[first]!, next[first]!) < 0) first = k
    }
    if (first < 0) return finishRuns(into)
    const at = next[first]!
    let heard = first
    for (let k = first; k < speaking.length; k++) {
      if (next[k]! >= speaking[k]!.runs || compareRuns(speaking[k]!, next[k]!, speaking[first]!, at) !== 0) continue
      const louder = k !== heard && loudness(speaking[k]!, next[k]!) > loudness(speaking[heard]!, next[heard]!)
      if (louder) heard = k
      else if (k !== heard) onShadowed(speaking[k]!.runSource[next[k]! as LiveRunIdx])
    }
    copyRun(speaking[heard]!, next[heard]!, into)
    for (let k = speaking.length - 1; k >= first; k--)
      if (next[k]! < speaking[k]!.runs && compareRuns(speaking[k]!, next[k]!, speaking[first]!, at) === 0) next[k]!++
  }
}

/** Which rows stay: those for which `keep` says so. The same object when all do. */
export function filterRuns(runs: LiveRuns, keep: (row: LiveRunIdx) => boolean): LiveRuns {
  let kept = 0
  for (let r = 0; r < runs.runs; r++) if (keep(r as LiveRunIdx)) kept++
  if (kept === runs.runs) return runs
  const into = createRuns(kept, runs.eventBegin[runs.runs as LiveRunIdx])
  for (let r = 0; r < runs.runs; r++) if (keep(r as LiveRunIdx)) copyRun(runs, r, into)
  return finishRuns(into)
}

/**
 * Marks the stops (1 in `marks`) at which anything differs between two states, planned and assigned stop both; returns how many runs
 * differ. A run that only one of them has differs everywhere: even with the schedule's times it is now live, or no longer.
 */
export function diffRuns(tt: Timetable, before: LiveRuns, after: LiveRuns, marks: Uint8Array): number {
  if (before === after) return 0
  let changed = 0
  let i = 0
  let j = 0
  while (i < before.runs || j < after.runs) {
    const order = i >= before.runs ? 1 : j >= after.runs ? -1 : compareRuns(before, i, after, j)
    if (order !== 0) {
      changed++
      if (order < 0) markRun(tt, before, i++, marks)
      else markRun(tt, after, j++, marks)
      continue
    }
    if (diffRun(tt, before, i++, after, j++, marks)) changed++
  }
  return changed
}

function diffRun(tt: Timetable, before: LiveRuns, i: number, after: LiveRuns, j: number, marks: Uint8Array): boolean {
  const [x, y] = [i as LiveRunIdx, j as LiveRunIdx]
  if (before.runState[x] !== after.runState[y] || before.runWheelchair[x] !== after.runWheelchair[y]) {
    markRun(tt, before, i, marks)
    markRun(tt, after, j, marks)
    return true
  }
  const a = before.eventBegin[i as LiveRunIdx]
  const b = after.eventBegin[j as LiveRunIdx]
  const stops = after.eventBegin[(j + 1) as LiveRunIdx] - b
  const slot = tt.slotBegin[tt.tripPattern[after.runTrip[j as LiveRunIdx]]]!
  let changed = false
  for (let k = 0; k < stops; k++) {
    if (
      before.eventArrival[a + k] === after.eventArrival[b + k] &&
      before.eventDeparture[a + k] === after.eventDeparture[b + k] &&
      before.eventArrivalSource[a + k] === after.eventArrivalSource[b + k] &&
      before.eventDepartureSource[a + k] === after.eventDepartureSource[b + k] &&
      before.eventFlags[a + k] === after.eventFlags[b + k] &&
      before.eventUncertainty[a + k] === after.eventUncertainty[b + k] &&
      before.eventStop[a + k] === after.eventStop[b + k]
    )
      continue
    changed = true
    marks[slotStop(tt.slots[slot + k]!)] = 1
    marks[before.eventStop[a + k]!] = 1
    marks[after.eventStop[b + k]!] = 1
  }
  return changed
}

/** A run by its numbers. */
export interface RunName {
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly shift: number
}

/** What maps know a run by. */
export const runKey = ({ trip, day, shift }: Readonly<Record<keyof RunName, number>>): string =>
  `${day} ${trip} ${shift}`

/** Marks the stops of a run, planned and assigned ones, whether or not it is among the runs that are told of. */
export function markStopsOf(tt: Timetable, runs: LiveRuns, { trip, day, shift }: RunName, marks: Uint8Array): void {
  const row = findRow(runs, trip, day, shift)
  if (row >= 0) {
    markRun(tt, runs, row, marks)
    return
  }
  const pattern = tt.tripPattern[trip]
  const first = tt.slotBegin[pattern]!
  for (let k = 0; k < patternLength(tt, pattern); k++) marks[slotStop(tt.slots[first + k]!)] = 1
}

function markRun(tt: Timetable, runs: LiveRuns, r: number, marks: Uint8Array): void {
  const run = r as LiveRunIdx
  const begin = runs.eventBegin[run]
  const stops = runs.eventBegin[(r + 1) as LiveRunIdx] - begin
  const slot = tt.slotBegin[tt.tripPattern[runs.runTrip[run]]]!
  for (let k = 0; k < stops; k++) {
    marks[slotStop(tt.slots[slot + k]!)] = 1
    marks[runs.eventStop[begin + k]!] = 1
  }
}

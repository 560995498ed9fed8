// One route at this moment: its runs under way with their next stop, delay and distance in time to the run ahead, and what the last hour was
// like. Headways are judged per direction at the station where most runs call.

import { type LiveRunIdx, NO_LIVE_RUN, type RouteIdx, type StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { type RunCall, readCall } from '../horizon/runs.ts'
import { runKey } from '../live/runs.ts'
import { RunState } from '../live/state.ts'
import { patternLength, rootStop, slotStop } from '../timetable/timetable.ts'
import {
  excessWait,
  type Headway,
  headwayAdherence,
  meanOf,
  type Punctuality,
  punctuality,
  quantileOf,
  type Spacing,
  spacingOf,
  variation,
} from './figures.ts'
import type { Observations } from './observations.ts'
import type { FleetRules } from './rules.ts'
import { isReal, type RunUnderWay, runsBetween } from './runs.ts'
import { nextPosition } from './vehicles.ts'

export interface RunOnRoute {
  readonly run: RunUnderWay
  readonly direction: number
  readonly position: number
  readonly call: RunCall
  /** Seconds behind plan at its next stop; undefined when no feed says. */
  readonly delay: number | undefined
  /** Seconds behind the run ahead there, now and as planned. */
  readonly headway: number | undefined
  readonly headwayPlanned: number | undefined
  readonly spacing: Spacing
  /** Nothing is heard of it though it should be under way and its feed speaks. */
  readonly ghost: boolean
}

export interface DirectionFigures {
  readonly direction: number
  readonly station: StopIdx
  readonly planned: number | undefined
  readonly actual: number | undefined
  readonly cv: number | undefined
  readonly adherence: number | undefined
  readonly excessWait: number | undefined
  readonly bunched: number
  readonly gaps: number
}

export interface RouteReading {
  readonly runs: readonly RunOnRoute[]
  readonly delays: {
    readonly median: number | undefined
    readonly p90: number | undefined
    readonly max: number | undefined
  }
  readonly live: number
  readonly cancelled: number
  readonly ghosts: number
  readonly punctuality: Punctuality
  readonly directions: readonly DirectionFigures[]
}

/** A run's call at one station. */
interface Passing {
  readonly run: RunUnderWay
  readonly position: number
  readonly scheduled: number
  /** When it departs or has departed, as far as is known; `real` if some feed has said so. */
  readonly time: number
  readonly real: boolean
}

/** @param speaking does the realtime of this route's feed speak now? Without it nothing is a ghost */
export function readRoute(
  horizon: Horizon,
  route: RouteIdx,
  seen: Observations,
  now: UnixSeconds,
  rules: FleetRules,
  speaking: boolean,
): RouteReading {
  const { timetable: tt } = horizon
  const from = (now - rules.windowSeconds) as UnixSeconds
  // runs that left before the window still call within it, and the run ahead may have been at a stop long before
  const around = runsBetween(horizon, from, (now + rules.longestHeadway) as UnixSeconds, route)
  const directions = Map.groupBy(around, run => tt.tripDirection[run.trip]!)
  const served = servedRuns(horizon)
  const runs: RunOnRoute[] = []
  const figures: DirectionFigures[] = []
  for (const [direction, list] of [...directions].sort(([a], [b]) => a - b)) {
    const stations = passingsOf(horizon, list, seen, now)
    for (const run of list) {
      if (run.begin > now || run.end < now) continue
      runs.push(readRun(horizon, run, direction, stations, served, now, rules, speaking))
    }
    const figure = readDirection(direction, stations, from, now, rules)
    if (figure) figures.push(figure)
  }
  const running = runs.filter(({ run }) => run.state !== RunState.cancelled)
  const delays = running.flatMap(({ delay }) => (delay === undefined ? [] : [delay]))
  return {
    runs,
    delays: { median: quantileOf(delays, 0.5), p90: quantileOf(delays, 0.9), max: quantileOf(delays, 1) },
    live: delays.length,
    cancelled: runs.length - running.length,
    ghosts: running.filter(({ ghost }) => ghost).length,
    punctuality: readPunctuality(horizon, around, seen, Math.max(from, seen.since), now, rules),
    directions: figures,
  }
}

/** Runs that some vehicle says it serves. */
export function servedRuns({ vehicles }: Horizon): ReadonlySet<string> {
  return new Set(
    vehicles.flatMap(v =>
      v.trip === undefined || v.day === undefined ? [] : [runKey({ trip: v.trip, day: v.day, shift: v.shift ?? 0 })],
    ),
  )
}

/** Nothing is said of any of its times, and no vehicle serves it. */
export function isGhost(
  { live }: Horizon,
  { row, trip, day, shift, begin, end, state }: RunUnderWay,
  served: ReadonlySet<string>,
  now: UnixSeconds,
  { ghostSeconds }: FleetRules,
): boolean {
  if (state === RunState.cancelled || begin + ghostSeconds > now || end < now) return false
  if (served.has(runKey({ trip, day, shift }))) return false
  if (row === NO_LIVE_RUN) return true
  for (let e = live.runEventBegin[row]!; e < live.runEventBegin[row + 1]!; e++)
    if (isReal(live.eventDepartureSource[e]! as never) || isReal(live.eventArrivalSource[e]! as never)) return false
  return true
}

/** Station → its calls of these runs, in order of time; calls at a run's last stop left out. */
function passingsOf(
  horizon: Horizon,
  runs: readonly RunUnderWay[],
  seen: Observations,
  now: UnixSeconds,
): Map<StopIdx, Passing[]> {
  const { timetable: tt } = horizon
  const stations = new Map<StopIdx, Passing[]>()
  for (const run of runs) {
    const pattern = tt.tripPattern[run.trip]
    for (let position = 0; position < patternLength(tt, pattern) - 1; position++) {
      const station = rootStop(tt, slotStop(tt.slots[tt.slotBegin[pattern]! + position]!))
      const call = readCall(horizon, run, run.row, position)
      const departed = seen.departed(run, position, now)
      const real = departed !== undefined || isReal(call.departureSource)
      const time = departed ?? call.departure
      stations
        .getOrInsertComputed(station, () => [])
        .push({ run, position, scheduled: call.scheduledDeparture, time, real })
    }
  }
  for (const list of stations.values()) list.sort((a, b) => a.time - b.time || a.run.trip - b.run.trip)
  return stations
}

function readRun(
  horizon: Horizon,
  run: RunUnderWay,
  direction: number,
  stations: ReadonlyMap<StopIdx, readonly Passing[]>,
  served: ReadonlySet<string>,
  now: UnixSeconds,
  rules: FleetRules,
  speaking: boolean,
): RunOnRoute {
  const { timetable: tt } = horizon
  const position = nextPosition(horizon, run, run.row as LiveRunIdx, now)
  const call = readCall(horizon, run, run.row, position)
  const last = position === patternLength(tt, tt.tripPattern[run.trip]) - 1
  const real = isReal(last ? call.arrivalSource : call.departureSource)
  const behind = last ? call.arrival - call.scheduledArrival : call.departure - call.scheduledDeparture
  const station = rootStop(tt, slotStop(tt.slots[tt.slotBegin[tt.tripPattern[run.trip]]! + position]!))
  const passings = stations.get(station) ?? []
  const mine = passings.find(passing => passing.run === run && passing.position === position)
  const ahead = mine && mine.run.state !== RunState.cancelled ? headwayOf(mine, passings) : undefined
  return {
    run,
    direction,
    position,
    call,
    delay: real ? behind : undefined,
    headway: ahead?.actual,
    headwayPlanned: ahead?.planned,
    spacing: ahead ? spacingOf(ahead, rules) : 'unknown',
    ghost: speaking && isGhost(horizon, run, served, now, rules),
  }
}

/** To the run before it in time, planned to the run before it in the timetable; undefined for the first, or where nobody knows. */
function headwayOf(mine: Passing, passings: readonly Passing[]): Headway | undefined {
  if (!mine.real) return undefined
  let before: Passing | undefined
  let plannedBefore: Passing | undefined
  for (const other of passings) {
    if (other.run === mine.run) continue
    const running = other.run.state !== RunState.cancelled
    const isBefore = other.time < mine.time || (other.time === mine.time && other.scheduled < mine.scheduled)
    if (running && isBefore && (!before || other.time >= before.time)) before = other
    if (other.scheduled < mine.scheduled && (!plannedBefore || other.scheduled > plannedBefore.scheduled))
      plannedBefore = other
  }
  if (!before?.real) return undefined
  return {
    actual: mine.time - before.time,
    planned: plannedBefore && mine.scheduled - plannedBefore.scheduled,
  }
}

function readDirection(
  direction: number,
  stations: ReadonlyMap<StopIdx, readonly Passing[]>,
  from: number,
  now: number,
  rules: FleetRules,
): DirectionFigures | undefined {
  let station: StopIdx | undefined
  let most: readonly Passing[] = []
  for (const [one, passings] of stations) if (passings.length > most.length) [station, most] = [one, passings]
  if (station === undefined) return undefined
  const headways = most
    .filter(({ time, run }) => time >= from && time <= now && run.state !== RunState.cancelled)
    .flatMap(passing => headwayOf(passing, most) ?? [])
  const judged = headways.filter(({ planned }) => planned !== undefined && planned <= rules.longestHeadway)
  const actual = judged.map(h => h.actual)
  const scheduled = most.map(p => p.scheduled).filter(time => time >= from && time <= now)
  scheduled.sort((a, b) => a - b)
  const planned = scheduled.slice(1).map((time, i) => time - scheduled[i]!)
  const spaced = judged.map(h => spacingOf(h, rules))
  return {
    direction,
    station,
    planned: meanOf(planned),
    actual: meanOf(actual),
    cv: variation(actual),
    adherence: headwayAdherence(judged, rules),
    excessWait: excessWait(
      actual,
      planned.filter(h => h <= rules.longestHeadway),
    ),
    bunched: spaced.filter(s => s === 'bunched').length,
    gaps: spaced.filter(s => s === 'gap').length,
  }
}

/** Departures planned since `from` that should have happened by now. */
function readPunctuality(
  horizon: Horizon,
  runs: readonly RunUnderWay[],
  seen: Observations,
  from: number,
  now: UnixSeconds,
  rules: FleetRules,
): Punctuality {
  const { timetable: tt } = horizon
  const delays: number[] = []
  let missing = 0
  let cancelled = 0
  for (const run of runs)
    for (let position = 0; position < patternLength(tt, tt.tripPattern[run.trip]) - 1; position++) {
      const { scheduledDeparture, skipped, departureSource } = readCall(horizon, run, run.row, position)
      if (scheduledDeparture < from || scheduledDeparture > now) continue
      if (run.state === RunState.cancelled || skipped) {
        cancelled++
        continue
      }
      const departed = seen.departed(run, position, now)
      if (departed !== undefined) delays.push(departed - scheduledDeparture)
      // one that is predicted for later is late, and will be seen
      else if (!isReal(departureSource)) missing++
    }
  return punctuality(delays, missing, cancelled, rules)
}

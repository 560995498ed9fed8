// Range search (rRAPTOR, same paper, section 4): every departure of a window, latest first, on one state. A label that a later departure
// left behind prunes whatever an earlier one cannot better, so what is found is the Pareto set over departure, arrival and rides.

import { NEVER } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import { CALL_COLUMN, CALL_LANE, CALL_RUNS, CALL_WORDS } from '../horizon/horizon.ts'
import type { LowerBounds } from './bounds.ts'
import { isClosed, type SearchNetwork } from './network.ts'
import { runRounds, seed } from './raptor.ts'
import { FAR } from './rides.ts'
import { clearLabels, fitLanes, type SearchState } from './state.ts'

/** Stops with the seconds between them and the query's place; the same stop may be named once only. */
export interface Reach {
  readonly count: number
  readonly stops: ArrayLike<number>
  readonly seconds: ArrayLike<number>
}

export interface TransitQuery {
  readonly access: Reach
  readonly egress: Reach
  readonly maxRides: number
  /** Seconds from departure to arrival. */
  readonly maxTravelTime: number
}

/**
 * One departure at `time` (seconds after the network's base): earliest arrivals, Pareto over arrival and rides.
 * @param found called for each answer right after it is final: the state holds its parents until the next search
 */
export function searchAt(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  time: number,
  found: (rides: number, departure: number) => void,
): void {
  const latest = fewestFirst(network, footpaths, bounds, q, s, time)
  if (latest === undefined) return
  report(s, q.maxRides, time, found)
  clearLabels(s)
  seedAll(q.access, s, time)
  runRounds(network, footpaths, bounds, s, q.maxRides, latest)
  report(s, q.maxRides, time, found)
}

/**
 * All departures of the window [from, to), latest first. What leaves at `to` or later is searched as well, unreported: a journey of the
 * window must better it, so that windows laid side by side give the same set as one large window.
 */
export function searchRange(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  from: number,
  to: number,
  found: (rides: number, departure: number) => void,
): void {
  const departures = departuresAt(network, q.access, bounds, from, to)
  if (departures.length === 0) return
  const latest = leaveAt(network, footpaths, bounds, q, s, to)
  if (latest !== undefined) leaveBefore(network, footpaths, bounds, q, s, departures, latest, found)
}

/** The search for who leaves at `time`, on cleared labels. @returns as fewestFirst */
export function leaveAt(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  time: number,
): number | undefined {
  const latest = fewestFirst(network, footpaths, bounds, q, s, time)
  if (latest === undefined) return undefined
  clearLabels(s)
  seedAll(q.access, s, time)
  runRounds(network, footpaths, bounds, s, q.maxRides, latest)
  return latest
}

/** Departures (see departuresAt), latest first, on the labels of later ones. @param latest arrivals at or after it are of no interest */
export function leaveBefore(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  departures: Float64Array,
  latest: number,
  found: (rides: number, departure: number) => void,
): void {
  for (let i = departures.length - 1; i >= 0; ) {
    const time = Math.floor(departures[i]! / ACCESS_LIMIT)
    i = seedOf(q.access, s, departures, i)
    runRounds(network, footpaths, bounds, s, q.maxRides, Math.min(latest, time + q.maxTravelTime + 1))
    report(s, q.maxRides, time, found)
  }
}

/** Seeds all departures of the same time as the i-th, which is the last of them. @returns the one before them */
export function seedOf({ stops, seconds }: Reach, s: SearchState, departures: Float64Array, i: number): number {
  const time = Math.floor(departures[i]! / ACCESS_LIMIT)
  let at = i
  for (; at >= 0 && Math.floor(departures[at]! / ACCESS_LIMIT) === time; at--) {
    const access = departures[at]! - time * ACCESS_LIMIT
    seed(s, stops[access]!, time + seconds[access]!)
  }
  return at
}

/** Seconds that the best journey of fewest rides usually takes at most, when it takes at least so many; measured on Tokyo. */
const usualMost = (least: number): number => 2.5 * least + 900

/**
 * The journeys with as few rides as there may be, found first: hardly any stop is on a way of so few, and whatever has more rides must be
 * there before them, which keeps the search for it within narrow bounds from its first round on. Half the work on large cities.
 * @returns from when on arrivals are of no interest, unless with as few rides; undefined when there is no journey of so few rides as allowed
 */
function fewestFirst(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  { access, maxRides, maxTravelTime }: TransitQuery,
  s: SearchState,
  time: number,
): number | undefined {
  let rides = FAR
  let least = NEVER
  for (let i = 0; i < access.count; i++) {
    const stop = access.stops[i]!
    rides = Math.min(rides, Math.max(1, bounds.rides[stop]!))
    least = Math.min(least, access.seconds[i]! + bounds.seconds[stop]!)
  }
  if (rides > maxRides || least >= NEVER) return undefined
  fitLanes(s, network.lanes)
  const latest = time + maxTravelTime + 1
  // where nothing bounds this search either, it would look at the whole day
  for (let end = time + usualMost(least); ; end = latest) {
    clearLabels(s)
    seedAll(access, s, time)
    runRounds(network, footpaths, bounds, s, rides, Math.min(end, latest))
    if (s.target[rides]! < NEVER || end >= latest) return Math.min(latest, s.target[rides]!)
  }
}

function seedAll({ count, stops, seconds }: Reach, s: SearchState, time: number): void {
  for (let i = 0; i < count; i++) seed(s, stops[i]!, time + seconds[i]!)
}

/** Round k's arrival is an answer if this pass brought it: it beats every other of the same or a later departure with k rides or fewer. */
export function report(
  s: SearchState,
  maxRides: number,
  departure: number,
  found: (rides: number, departure: number) => void,
): void {
  for (let k = 1; k <= maxRides; k++) if (s.targetPass[k] === s.pass) found(k, departure)
}

export const ACCESS_LIMIT = 1 << 20

/** Times to leave the query's place so that some run is just caught, with the access stop: time * ACCESS_LIMIT + access, ascending. */
export function departuresAt(
  network: SearchNetwork,
  access: Reach,
  bounds: LowerBounds,
  from: number,
  to: number,
): Float64Array {
  let count = 0
  for (let i = 0; i < access.count; i++) {
    const stop = access.stops[i]!
    if (bounds.seconds[stop] === NEVER) continue
    const seconds = access.seconds[i]!
    for (const { block, offset, closed } of network.blocks) {
      const earliest = from + seconds - offset
      const end = to + seconds - offset
      if (block.stopDepartures[2 * stop + 1]! < earliest || block.stopDepartures[2 * stop]! >= end) continue
      for (let e = block.stopBegin[stop]!; e < block.stopBoardEnd[stop]!; e++) {
        const call = CALL_WORDS * e
        if (isClosed(closed, block.stopCalls[call + CALL_LANE]!)) continue
        const column = block.stopCalls[call + CALL_COLUMN]!
        const runs = block.stopCalls[call + CALL_RUNS]!
        let lo = 0
        let hi = runs
        while (lo < hi) {
          const mid = (lo + hi) >> 1
          if (block.dep[column + mid]! < earliest) lo = mid + 1
          else hi = mid
        }
        if (count + runs - lo > packed.length) {
          const all = packed
          packed = new Float64Array(2 * (count + runs))
          packed.set(all)
        }
        for (; lo < runs && block.dep[column + lo]! < end; lo++)
          packed[count++] = (block.dep[column + lo]! + offset - seconds) * ACCESS_LIMIT + i
      }
    }
  }
  const sorted = packed.subarray(0, count).sort()
  let n = 0
  for (let i = 0; i < count; i++) if (n === 0 || sorted[i] !== sorted[n - 1]) sorted[n++] = sorted[i]!
  return sorted.slice(0, n)
}

/** Scratch of departuresAt. */
let packed = new Float64Array(1 << 10)

// What a query forbids, turned into data before the search, so that the search itself asks nothing: lanes become bits (network.ts), stops
// become unreachable by their lower bound, and slower changes become a footpath table of their own.

import type { PatternIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { Horizon, LaneBlock } from '../horizon/horizon.ts'
import { type RunKey, wheelchairOn } from '../horizon/runs.ts'
import { Access, type Timetable, tripBikes } from '../timetable/timetable.ts'
import type { AllowedLanes } from './network.ts'
import type { Reach } from './range.ts'

/** `yes` to what nobody knows is the asker's choice. */
export type Need = 'no' | 'yes' | 'yes-or-unknown'

/** Seconds of a change: max(`min`, `factor` × what the footpath says) + `additional`. */
export interface TransferTimes {
  readonly min: number
  readonly additional: number
  readonly factor: number
}

export interface Wishes {
  /** Route → 1 if it may be used; all when absent. */
  readonly allowedRoutes?: Uint8Array
  readonly bikes: Need
  /** Cars on board; not asked for when absent. */
  readonly cars?: Need
  /** Rides that take a wheelchair (trips.txt wheelchair_accessible). */
  readonly wheelchair: Need
  /** Stops at which one can board with it (stops.txt wheelchair_boarding). */
  readonly wheelchairStops: Need
}

const meets = (need: Need, access: number): boolean =>
  need === 'no' || access === Access.yes || (need === 'yes-or-unknown' && access === Access.unknown)

/** Which lanes may be used; undefined when all may. */
export function allowedLanes(
  tt: Timetable,
  { allowedRoutes, bikes, cars = 'no', wheelchair }: Wishes,
): AllowedLanes | undefined {
  if (!allowedRoutes && bikes === 'no' && cars === 'no' && wheelchair === 'no') return undefined
  return (block, lane) => {
    const access = block.laneAccess[lane]!
    return (
      (allowedRoutes === undefined || patternsOf(block, lane).every(p => allowedRoutes[tt.patternRoute[p]] === 1)) &&
      meets(wheelchair, access & 3) &&
      meets(bikes, (access >> 2) & 3) &&
      meets(cars, (access >> 4) & 3)
    )
  }
}

/** The pattern of a lane; of a through lane those of its trips. */
function patternsOf(block: LaneBlock, lane: number): PatternIdx[] {
  const through = lane - block.counts.firstThrough
  if (through < 0) return [block.lanePattern[lane]! as PatternIdx]
  return [...block.partPattern.subarray(block.partBegin[through]!, block.partBegin[through + 1]!)] as PatternIdx[]
}

/** May the traveller ride this run? */
export function usableRun(
  horizon: Horizon,
  { allowedRoutes, bikes, cars = 'no', wheelchair, realtime }: Wishes & { readonly realtime: boolean },
  run: RunKey,
): boolean {
  const tt = horizon.timetable
  return (
    (allowedRoutes === undefined || allowedRoutes[tt.patternRoute[tt.tripPattern[run.trip]]] === 1) &&
    (wheelchair === 'no' || meets(wheelchair, wheelchairOn(horizon, run, realtime))) &&
    meets(bikes, tripBikes(tt, run.trip)) &&
    meets(cars, (tt.tripAccess[run.trip]! >> 4) & 3)
  )
}

/** Can the traveller use this stop? */
export const usableStop = (tt: Timetable, need: Wishes['wheelchairStops'], stop: number): boolean =>
  meets(need, tt.stopWheelchair[stop]!)

/** Stops that the traveller can use stay; the others get the bound NEVER, so nothing boards, changes or alights there. */
export function closeStops(tt: Timetable, need: Wishes['wheelchairStops'], bounds: Int32Array): void {
  if (need === 'no') return
  const { count, stopOf } = stopCopies(tt)
  for (let s = 0; s < count; s++) if (!usableStop(tt, need, stopOf[s]!)) bounds[s] = NEVER
}

/** A reach without the stops that the traveller cannot use. */
export function usableReach(tt: Timetable, need: Wishes['wheelchairStops'], reach: Reach): Reach {
  if (need === 'no') return reach
  const kept = Array.from({ length: reach.count }, (_, i) => i).filter(i => usableStop(tt, need, reach.stops[i]!))
  return { count: kept.length, stops: kept.map(i => reach.stops[i]!), seconds: kept.map(i => reach.seconds[i]!) }
}

/** The footpaths with every change made slower as asked. */
export function slowerChanges(f: Footpaths, { min, additional, factor }: TransferTimes): Footpaths {
  if (min === 0 && additional === 0 && factor === 1) return f
  const slower = (seconds: number): number =>
    seconds === NEVER ? NEVER : Math.ceil(Math.max(min, seconds * factor)) + additional
  return {
    ...f,
    outSeconds: f.outSeconds.map(slower),
    inSeconds: f.inSeconds.map(slower),
    changeSeconds: f.changeSeconds.map(slower),
  }
}

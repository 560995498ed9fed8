// The horizon: runs compiled into lanes. A lane holds runs of one pattern and one service day (or, in the live block, of any days) in
// which an earlier run is never later anywhere (FIFO), so a search needs no calendar, no realtime and no look behind it.
//
//   DayBlock   the schedule of one service day in one time zone; immutable; days with the same services share one.
//              times: seconds of the service day, so the same bytes serve every such day
//   LiveBlock  one generation of realtime: the cold columns of every run a feed speaks of, and the lanes that replace those lanes of
//              the day blocks in which any run changed. times: seconds after `base` (a UnixSeconds). Pooled memory, never grown.
//
//   arrivals  trip-major: one run's row is contiguous, a ride reads it from left to right      arr[lane + run * stops + pos]
//   departures stop-major: all runs at one stop are contiguous, boarding is a search in them   dep[lane + pos * runs + run]

import type { Conditions } from '../conditions/conditions.ts'
import { createTable, type Table, type TableFormat, tableBytes } from '../core/columns.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { OccupancyTable } from '../live/occupancy.ts'
import type { AddedStops } from '../live/realtime-stops.ts'
import type { RunSigns } from '../live/signs.ts'
import type { LiveAlert, LiveVehicle, SourceStatus } from '../live/state.ts'
import type { Timetable } from '../timetable/timetable.ts'

// words of a call in `stopCalls`
export const CALL_WORDS = 6
export const CALL_LANE = 0
export const CALL_POSITION = 1
export const CALL_COLUMN = 2
export const CALL_RUNS = 3
export const CALL_LAST = 4
export const CALL_TIMES = 5

/**
 * The half hours (2,048 s) from `first` to `last`, both included, as bits; the 33rd has the first one's. What shares no bit shares no time.
 */
export function halfHours(first: number, last: number): number {
  const begin = first >> 11
  const count = (last >> 11) - begin + 1
  if (count >= 32) return -1
  const bits = (1 << count) - 1
  const turn = begin & 31
  return (bits << turn) | ((bits >>> 1) >>> (31 - turn))
}

/** `halfHours` of one time: a shift counts its bits modulo 32. */
export const halfHour = (time: number): number => 1 << (time >> 11)

interface LaneCounts {
  readonly stops: number
  readonly lanes: number
  readonly laneRuns: number
  readonly events: number
  readonly stopEntries: number
  readonly slots: number
  readonly firstThrough: number
  readonly parts: number
  readonly throughTrips: number
}

const laneSpec = (c: LaneCounts) =>
  ({
    // slot words as in the timetable: stop << 2 | canAlight << 1 | canBoard; lanes with one stop list share theirs
    slots: [Uint32Array, c.slots],
    // lane → first of its slot words
    laneSlot: [Uint32Array, c.lanes],
    laneStops: [Uint32Array, c.lanes],
    laneRunBegin: [Uint32Array, c.lanes + 1], // range in laneTrip …
    laneEvent: [Uint32Array, c.lanes], // first event in arr and dep
    lanePattern: [Uint32Array, c.lanes],
    laneAccess: [Uint8Array, c.lanes], // as tripAccess: wheelchair | bikes << 2 | cars << 4
    // run of a lane, earliest first → its trip, and by how much it starts later than the trip (frequencies)
    laneTrip: [Uint32Array, c.laneRuns],
    laneShift: [Int32Array, c.laneRuns],
    arr: [Int32Array, c.events],
    dep: [Int32Array, c.events],
    // stop → range of its calls; those where boarding is possible come first, whose last departure is latest at the front, and end at
    // stopBoardEnd
    stopBegin: [Uint32Array, c.stops + 1],
    stopBoardEnd: [Uint32Array, c.stops],
    // call → lane, position, first of its departures in `dep`, runs of the lane, last departure, half hours with departures: all that boarding
    // asks for, in one place (CALL_… above)
    stopCalls: [Int32Array, CALL_WORDS * c.stopEntries],
    // 2 · stop → earliest and latest departure there with boarding (NEVER and −NEVER when none): skips a stop's whole day in one look
    stopDepartures: [Int32Array, 2 * c.stops],
    // ── through lanes, the last of the block: one vehicle, several trips (through.ts). lane − firstThrough → range of parts;
    // part → its pattern, the lane position at which it begins, the service days after the lane's; row-major trips of the lane's runs
    partBegin: [Uint32Array, c.lanes - c.firstThrough + 1],
    partPattern: [Uint32Array, c.parts],
    partPosition: [Uint32Array, c.parts],
    partDays: [Uint8Array, c.parts],
    throughTripBegin: [Uint32Array, c.lanes - c.firstThrough + 1],
    throughTrip: [Uint32Array, c.throughTrips],
  }) as const

const laneCountNames = [
  'stops',
  'lanes',
  'laneRuns',
  'events',
  'stopEntries',
  'slots',
  'firstThrough',
  'parts',
  'throughTrips',
] as const

export interface DayCounts extends LaneCounts, Readonly<Record<string, number>> {}

export const dayFormat: TableFormat<DayCounts, ReturnType<typeof laneSpec>> = {
  name: 'day block',
  version: 5,
  countNames: [...laneCountNames],
  specOf: laneSpec,
}

export interface LiveCounts extends LaneCounts, Readonly<Record<string, number>> {
  readonly base: number
  readonly runs: number
  readonly runEvents: number
  readonly runStops: number
  readonly days: number
  readonly deadWords: number
}

const liveSpec = (c: LiveCounts) =>
  ({
    ...laneSpec(c),
    // run of a lane → row of the run table below, NONE for a run nobody speaks of (it is here because its lane changed)
    laneLiveRun: [Uint32Array, c.laneRuns],
    laneDay: [Int32Array, c.laneRuns],

    // ── the run table: LiveRuns as they are (see live/state.ts), sorted by (day, trip, shift)
    runTrip: [Uint32Array, c.runs],
    runDay: [Int32Array, c.runs],
    runShift: [Int32Array, c.runs],
    runState: [Uint8Array, c.runs],
    runOther: [Uint32Array, c.runs],
    runWheelchair: [Uint8Array, c.runs],
    runSource: [Uint8Array, c.runs],
    runEventBegin: [Uint32Array, c.runs + 1],
    eventArrival: [Int32Array, c.runEvents],
    eventDeparture: [Int32Array, c.runEvents],
    eventArrivalSource: [Uint8Array, c.runEvents],
    eventDepartureSource: [Uint8Array, c.runEvents],
    eventFlags: [Uint32Array, c.runEvents],
    eventUncertainty: [Uint32Array, c.runEvents],
    eventStop: [Uint32Array, c.runEvents],
    // stop → (run row, slot) of every live run that calls or should have called there, scheduled and assigned stop both
    runStopBegin: [Uint32Array, c.stops + 1],
    runStopRun: [Uint32Array, c.runStops],
    runStopSlot: [Uint32Array, c.runStops],

    // ── which lanes of which day blocks are replaced: (zone, service day) → first word of its bit set
    dayZone: [Uint32Array, c.days],
    dayService: [Int32Array, c.days],
    deadBegin: [Uint32Array, c.days + 1],
    dead: [Uint32Array, c.deadWords],
  }) as const

export const liveFormat: TableFormat<LiveCounts, ReturnType<typeof liveSpec>> = {
  name: 'live block',
  version: 6,
  countNames: [...laneCountNames, 'base', 'runs', 'runEvents', 'runStops', 'days', 'deadWords'],
  specOf: liveSpec,
}

/** What the scan needs of either kind of block. */
export type LaneBlock = Table<LaneCounts, ReturnType<typeof laneSpec>>
export type DayBlock = Table<DayCounts, ReturnType<typeof laneSpec>>
export type LiveBlock = Table<LiveCounts, ReturnType<typeof liveSpec>>

export const createDayBlock = (counts: DayCounts, buffer?: SharedArrayBuffer): DayBlock =>
  createTable(dayFormat, counts, buffer)
export const dayBytes = (counts: DayCounts): number => tableBytes(dayFormat, counts)
export const createLiveBlock = (counts: LiveCounts, buffer?: SharedArrayBuffer): LiveBlock =>
  createTable(liveFormat, counts, buffer)
export const liveBytes = (counts: LiveCounts): number => tableBytes(liveFormat, counts)

/** One service day of one time zone as the horizon holds it. */
export interface HorizonDay {
  readonly zone: number
  readonly day: ServiceDay
  /** Noon − 12 h local. */
  readonly start: UnixSeconds
  readonly block: DayBlock
}

/**
 * One generation: what a search, a board and a leg read, so that they cannot disagree. Published whole; whoever holds it may read it
 * until they let go of it (workers/ pins the pooled live block while a task runs).
 */
export interface Horizon {
  /** Counts up with each publish. */
  readonly generation: number
  readonly timetable: Timetable
  readonly footpaths: Footpaths
  /** Stops that only realtime knows; absent while there are none. */
  readonly added?: AddedStops
  /** By `dayKey(zone, day)`; days not here have to be compiled first (workers/ does it and waits). */
  readonly days: ReadonlyMap<number, HorizonDay>
  readonly live: LiveBlock
  /** What feeds have runs say of themselves (H5, H7), by `runKey`. */
  readonly signs?: ReadonlyMap<string, RunSigns>
  readonly alerts: readonly LiveAlert[]
  readonly vehicles: readonly LiveVehicle[]
  /** How full the vehicles are; absent where nobody says. */
  readonly occupancy?: OccupancyTable
  readonly sources: readonly SourceStatus[]
  /** Elevators, vehicles for rent, car parks: what is known of the way to the stops; absent where nobody says. */
  readonly conditions?: Conditions
}

export const dayKey = (zone: number, day: ServiceDay): number => zone * 0x100000 + day

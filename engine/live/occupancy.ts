// How full the vehicles are that say so, by run: what journeys are shown with and, if riders ask for it, chosen by. It is what was measured
// on the vehicle; what is expected at a later stop stands with the stop's times (H6).

import { createTable, openTable, type Table, type TableFormat, tableBytes } from '../core/columns.ts'
import type { TripIdx } from '../core/ids.ts'
import type { ServiceDay } from '../core/time.ts'
import type { RunName } from './runs.ts'
import type { Carriage, LiveState, LiveVehicle } from './state.ts'

interface OccupancyCounts extends Readonly<Record<string, number>> {
  readonly runs: number
}

const specOf = (c: OccupancyCounts) =>
  ({
    // sorted by day, trip, shift
    trip: [Uint32Array, c.runs],
    day: [Int32Array, c.runs],
    shift: [Int32Array, c.runs],
    // Unix seconds of the measurement
    measured: [Uint32Array, c.runs],
    // index into OCCUPANCY, or NOT_SAID
    status: [Uint8Array, c.runs],
    // per cent of all places, seats and standing, may pass 100; NO_PERCENTAGE
    percentage: [Int16Array, c.runs],
    // index into the same state's vehicles: their carriages are read there
    vehicle: [Uint32Array, c.runs],
  }) as const

const format: TableFormat<OccupancyCounts, ReturnType<typeof specOf>> = {
  name: 'occupancy',
  version: 2,
  countNames: ['runs'],
  specOf,
}

export type OccupancyTable = Table<OccupancyCounts, ReturnType<typeof specOf>>

/** From empty to full, whatever numbers the enum has (I10). */
export const OCCUPANCY = [
  'EMPTY',
  'MANY_SEATS_AVAILABLE',
  'FEW_SEATS_AVAILABLE',
  'STANDING_ROOM_ONLY',
  'CRUSHED_STANDING_ROOM_ONLY',
  'FULL',
  'NOT_ACCEPTING_PASSENGERS',
  'NOT_BOARDABLE',
] as const
export type OccupancyStatus = (typeof OCCUPANCY)[number]

/** As GTFS-Realtime numbers them; 7, NO_DATA_AVAILABLE, says nothing (I10). */
export const OCCUPANCY_NUMBERS: readonly (OccupancyStatus | undefined)[] = [
  ...OCCUPANCY.slice(0, 7),
  undefined,
  'NOT_BOARDABLE',
]

const NOT_SAID = 255
const NO_PERCENTAGE = -1
/** Seconds by which a measurement may be older than its source's newest message. */
const MAX_AGE = 900

/** At least one of status and percentage is there. */
export interface Occupancy {
  readonly status?: OccupancyStatus
  readonly percentage?: number
  /** Unix seconds. */
  readonly measured: number
}

/** Bytes are asked for once their number is known, so that they may come from a pool. */
export function buildOccupancy(
  { vehicles, sources }: Pick<LiveState, 'vehicles' | 'sources'>,
  take = (bytes: number) => new SharedArrayBuffer(bytes),
): OccupancyTable {
  const rows = [...vehicles.keys()].filter(i => {
    const v = vehicles[i]!
    return isTold(v) && v.trip !== undefined && v.timestamp >= (sources[v.source]?.timestamp ?? 0) - MAX_AGE
  })
  // of several vehicles on one run the one measured last
  rows.sort((i, j) => byRun(vehicles[i]!, vehicles[j]!) || vehicles[j]!.timestamp - vehicles[i]!.timestamp)
  const runs = rows.filter((row, i) => i === 0 || byRun(vehicles[rows[i - 1]!]!, vehicles[row]!) !== 0)
  const counts = { runs: runs.length }
  const table = createTable(format, counts, take(tableBytes(format, counts)))
  runs.forEach((row, i) => {
    const v = vehicles[row]!
    table.trip[i] = v.trip!
    table.day[i] = v.day!
    table.shift[i] = v.shift!
    table.measured[i] = v.timestamp
    const status = OCCUPANCY.indexOf(v.occupancy as OccupancyStatus)
    table.status[i] = status < 0 ? NOT_SAID : status
    table.percentage[i] = Math.min(v.occupancyPercentage ?? NO_PERCENTAGE, 0x7fff)
    table.vehicle[i] = row
  })
  return table
}

const isTold = (v: LiveVehicle): boolean =>
  v.occupancy !== undefined || v.occupancyPercentage !== undefined || v.carriages !== undefined

/** A run by its numbers; a vehicle that is on one. */
type OnRun = Pick<LiveVehicle, 'trip' | 'day' | 'shift'>
const byRun = (a: OnRun, b: OnRun): number => a.day! - b.day! || a.trip! - b.trip! || a.shift! - b.shift!

export const openOccupancy = (buffer: SharedArrayBuffer): OccupancyTable => openTable(format, buffer)

/** What is known about a run's vehicle. */
export function occupancyOf(t: OccupancyTable, run: OnRun): Occupancy | undefined {
  const i = rowOfRun(t, run)
  return i < 0 || (t.status[i] === NOT_SAID && t.percentage[i] === NO_PERCENTAGE) ? undefined : rowOf(t, i)
}

/**
 * The carriages of a run's vehicle, in the direction of travel.
 * @param vehicles those that the table was made of
 */
export function carriagesOf(
  t: OccupancyTable,
  vehicles: readonly LiveVehicle[],
  run: OnRun,
): readonly Carriage[] | undefined {
  const i = rowOfRun(t, run)
  return i < 0 ? undefined : vehicles[t.vehicle[i]!]?.carriages
}

/** A table and the vehicles it was made of. */
export interface OccupancyState {
  readonly table: OccupancyTable
  readonly vehicles: readonly LiveVehicle[]
}

/** The runs of which two states say different things, however old the measurements are. */
export function changedOccupancies(before: OccupancyState, after: OccupancyState): RunName[] {
  const [a, b] = [before.table, after.table]
  const changed: RunName[] = []
  let [i, j] = [0, 0]
  while (i < a.counts.runs || j < b.counts.runs) {
    const order = i >= a.counts.runs ? 1 : j >= b.counts.runs ? -1 : byRun(runAt(a, i), runAt(b, j))
    if (order < 0) changed.push(runAt(a, i++))
    else if (order > 0) changed.push(runAt(b, j++))
    else {
      if (!isSame(before, i, after, j)) changed.push(runAt(b, j))
      i++
      j++
    }
  }
  return changed
}

function isSame(before: OccupancyState, i: number, after: OccupancyState, j: number): boolean {
  const [a, b] = [before.table, after.table]
  if (a.status[i] !== b.status[j] || a.percentage[i] !== b.percentage[j]) return false
  const carriages = before.vehicles[a.vehicle[i]!]?.carriages
  const now = after.vehicles[b.vehicle[j]!]?.carriages
  return carriages === now || JSON.stringify(carriages) === JSON.stringify(now)
}

const runAt = (t: OccupancyTable, i: number): RunName => ({
  trip: t.trip[i] as TripIdx,
  day: t.day[i] as ServiceDay,
  shift: t.shift[i]!,
})

/** -1: no row. */
function rowOfRun(t: OccupancyTable, run: OnRun): number {
  let lo = 0
  let hi = t.counts.runs
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    const order = byRun(runAt(t, mid), run)
    if (order === 0) return mid
    if (order < 0) lo = mid + 1
    else hi = mid
  }
  return -1
}

const rowOf = (t: OccupancyTable, i: number): Occupancy => ({
  ...(t.status[i] !== NOT_SAID && { status: OCCUPANCY[t.status[i]!]! }),
  ...(t.percentage[i] !== NO_PERCENTAGE && { percentage: t.percentage[i]! }),
  measured: t.measured[i]!,
})

/** What it means to who gets on: 0 a seat for sure, 1 perhaps a seat, 2 standing, 3 standing close, 4 no room. */
export function crowding({ status, percentage = 0 }: Occupancy): number {
  if (status === undefined) return FULLER.findLastIndex(from => percentage >= from)
  return LEVEL[status]
}

/** Per cent from which on a level holds, where only a percentage is given. */
const FULLER = [0, 35, 60, 85, 100]
const LEVEL: Readonly<Record<OccupancyStatus, number>> = {
  EMPTY: 0,
  MANY_SEATS_AVAILABLE: 0,
  FEW_SEATS_AVAILABLE: 1,
  STANDING_ROOM_ONLY: 2,
  CRUSHED_STANDING_ROOM_ONLY: 3,
  FULL: 4,
  NOT_ACCEPTING_PASSENGERS: 4,
  NOT_BOARDABLE: 4,
}

// How full the vehicles are that say so, by run: what journeys are shown with and, if riders ask for it, chosen by. It is what was measured
// on the vehicle, not a forecast for a later stop. Left out: departure_occupancy_status of a stop, carriages.

import { createTable, openTable, type Table, type TableFormat, tableBytes } from '../core/columns.ts'
import type { LiveState, LiveVehicle } from './state.ts'

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
  }) as const

const format: TableFormat<OccupancyCounts, ReturnType<typeof specOf>> = {
  name: 'occupancy',
  version: 1,
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
  const rows = vehicles.filter(
    v =>
      v.trip !== undefined &&
      (v.occupancy !== undefined || v.occupancyPercentage !== undefined) &&
      v.timestamp >= (sources[v.source]?.timestamp ?? 0) - MAX_AGE,
  )
  // of several vehicles on one run the one measured last
  rows.sort((a, b) => byRun(a, b) || b.timestamp - a.timestamp)
  const runs = rows.filter((v, i) => i === 0 || byRun(rows[i - 1]!, v) !== 0)
  const counts = { runs: runs.length }
  const table = createTable(format, counts, take(tableBytes(format, counts)))
  runs.forEach((v, i) => {
    table.trip[i] = v.trip!
    table.day[i] = v.day!
    table.shift[i] = v.shift!
    table.measured[i] = v.timestamp
    const status = OCCUPANCY.indexOf(v.occupancy as OccupancyStatus)
    table.status[i] = status < 0 ? NOT_SAID : status
    table.percentage[i] = Math.min(v.occupancyPercentage ?? NO_PERCENTAGE, 0x7fff)
  })
  return table
}

const byRun = (a: LiveVehicle, b: LiveVehicle): number => a.day! - b.day! || a.trip! - b.trip! || a.shift! - b.shift!

export const openOccupancy = (buffer: SharedArrayBuffer): OccupancyTable => openTable(format, buffer)

/** What is known about a run's vehicle. */
export function occupancyOf(
  t: OccupancyTable,
  { trip, day, shift }: { readonly trip: number; readonly day: number; readonly shift: number },
): Occupancy | undefined {
  let lo = 0
  let hi = t.counts.runs
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    const order = t.day[mid]! - day || t.trip[mid]! - trip || t.shift[mid]! - shift
    if (order === 0) return rowOf(t, mid)
    if (order < 0) lo = mid + 1
    else hi = mid
  }
  return undefined
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

// stop_times.txt, the one big table: from bytes straight to columns, one row at a time, ids looked up by their bytes. Cleaning is done
// trip by trip in calls.ts, when all rows of a trip are there: the file may be in any order (S27).

import { GrowColumn } from '#engine/core/columns.ts'
import type { StringPool } from '#engine/core/strings.ts'
import { BAD } from './row.ts'
import { type FeedInput, readTable, STOP_TIMES } from './tables.ts'

/** Rows in the order of the file. */
export interface StopTimes {
  /** Numbers of the ids in the pools they were looked up in. */
  readonly trip: GrowColumn<Uint32Array>
  readonly stop: GrowColumn<Uint32Array>
  readonly sequence: GrowColumn<Uint32Array>
  /** Seconds of the service day or EMPTY (row.ts). */
  readonly arrival: GrowColumn<Int32Array>
  readonly departure: GrowColumn<Int32Array>
  /**
   * pickup_type | drop_off_type << 2 | continuous_pickup << 4 | continuous_drop_off << 7 | timepoint << 10; the last three with 3 bits
   * or 2, UNSAID (timepoint: NO_TIMEPOINT) where the cell is empty.
   */
  readonly types: GrowColumn<Uint16Array>
  /** Texts of stop_headsign, shape_dist_traveled in 1e-7 of the feed's unit (NaN where empty); no rows when the feed has no such column. */
  readonly headsign: GrowColumn<Uint32Array>
  readonly distance: GrowColumn<Float64Array>
}

export const UNSAID = 7
export const NO_TIMEPOINT = 2

/** Lines of stop_times.txt are worth at least so many bytes: how large to make the columns at first. */
const BYTES_PER_ROW = 70

export async function readStopTimes(
  feed: FeedInput,
  tripIds: StringPool,
  stopIds: StringPool,
  texts: StringPool,
): Promise<StopTimes> {
  const { at } = STOP_TIMES
  const { report } = feed
  const count = report.file(STOP_TIMES.file)
  const expected = Math.min(1 << 24, Math.ceil((feed.source.files.get(STOP_TIMES.file) ?? 0) / BYTES_PER_ROW) + 16)
  const rows: StopTimes = {
    trip: new GrowColumn(Uint32Array, expected),
    stop: new GrowColumn(Uint32Array, expected),
    sequence: new GrowColumn(Uint32Array, expected),
    arrival: new GrowColumn(Int32Array, expected),
    departure: new GrowColumn(Int32Array, expected),
    types: new GrowColumn(Uint16Array, expected),
    headsign: new GrowColumn(Uint32Array, 16),
    distance: new GrowColumn(Float64Array, 16),
  }
  const sameTrip = lastId(tripIds)
  await readTable(feed, STOP_TIMES, row => {
    const trip = sameTrip(row.bytes, row.begin[at.trip_id]!, row.end[at.trip_id]!)
    if (trip === 0) {
      if (feed.cut) count.outsideArea++
      else report.note('unknown_trip', STOP_TIMES.file, row.line, () => `trip ${row.text(at.trip_id)}`)
      return
    }
    if (
      !row.isEmpty(at.start_pickup_drop_off_window) ||
      !row.isEmpty(at.location_id) ||
      !row.isEmpty(at.location_group_id)
    )
      return report.note('flexible_stop_time', STOP_TIMES.file, row.line, () => `trip ${row.text(at.trip_id)}`)
    const stop = stopIds.findBytes(row.bytes, row.begin[at.stop_id]!, row.end[at.stop_id]!)
    if (stop === undefined || stop === 0)
      return report.note('unknown_stop', STOP_TIMES.file, row.line, () => `stop ${row.text(at.stop_id)}`)
    const sequence = row.int(at.stop_sequence)
    if (sequence < 0)
      return report.note('bad_sequence', STOP_TIMES.file, row.line, () => `'${row.text(at.stop_sequence)}'`)
    const arrival = row.time(at.arrival_time)
    const departure = row.time(at.departure_time)
    if (arrival === BAD || departure === BAD)
      return report.note(
        'bad_time',
        STOP_TIMES.file,
        row.line,
        () => `'${row.text(at.arrival_time)}', '${row.text(at.departure_time)}'`,
      )

    const index = rows.trip.push(trip)
    rows.stop.push(stop)
    rows.sequence.push(sequence)
    rows.arrival.push(arrival)
    rows.departure.push(departure)
    rows.types.push(
      row.choice(at.pickup_type, 3, 0) |
        (row.choice(at.drop_off_type, 3, 0) << 2) |
        (row.choice(at.continuous_pickup, 3, UNSAID) << 4) |
        (row.choice(at.continuous_drop_off, 3, UNSAID) << 7) |
        (row.choice(at.timepoint, 1, NO_TIMEPOINT) << 10),
    )
    if (!row.isEmpty(at.stop_headsign)) {
      fillTo(rows.headsign, index, 0)
      rows.headsign.push(texts.internBytes(row.bytes, row.begin[at.stop_headsign]!, row.end[at.stop_headsign]!))
    }
    if (!row.isEmpty(at.shape_dist_traveled)) {
      fillTo(rows.distance, index, Number.NaN)
      rows.distance.push(row.e7(at.shape_dist_traveled))
    }
  })
  if (rows.headsign.length > 0) fillTo(rows.headsign, rows.trip.length, 0)
  if (rows.distance.length > 0) fillTo(rows.distance, rows.trip.length, Number.NaN)
  return rows
}

function fillTo(column: GrowColumn<Uint32Array> | GrowColumn<Float64Array>, length: number, value: number): void {
  const from = column.length
  if (length > from) {
    column.reserve(length - from)
    column.data.fill(value, from, length)
  }
}

/** Looks ids up in a pool (0 = unknown); the one of the row before is mostly the one of this row and is compared first. */
function lastId(ids: StringPool): (bytes: Uint8Array, begin: number, end: number) => number {
  const { data } = ids.bytes
  let [last, lastBegin, lastLength] = [0, 0, -1]
  return (bytes, begin, end) => {
    if (end - begin === lastLength) {
      let i = 0
      while (i < lastLength && bytes[begin + i] === data[lastBegin + i]) i++
      if (i === lastLength) return last
    }
    last = ids.findBytes(bytes, begin, end) ?? 0
    lastBegin = ids.begin.data[last]!
    lastLength = last === 0 ? -1 : end - begin
    return last
  }
}

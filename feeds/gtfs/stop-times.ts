// stop_times.txt, the one big table: from bytes straight to columns, one row at a time, ids looked up by their bytes. Cleaning is done
// trip by trip in calls.ts, when all rows of a trip are there: the file may be in any order (S27).

import type { StringPool } from '#engine/core/strings.ts'
import { BAD } from './row.ts'
import { type FeedInput, readTable, STOP_TIMES } from './tables.ts'

/** Rows in the order of the file. */
export interface StopTimes {
  /** Numbers of the ids in the pools they were looked up in. */
  readonly trip: Uint32Array
  readonly stop: Uint32Array
  readonly sequence: Uint32Array
  /** Seconds of the service day or EMPTY (row.ts). */
  readonly arrival: Int32Array
  readonly departure: Int32Array
  /**
   * pickup_type | drop_off_type << 2 | continuous_pickup << 4 | continuous_drop_off << 7 | timepoint << 10; the continuous ones have 3
   * bits and UNSAID where the cell is empty, as timepoint has NO_TIMEPOINT.
   */
  readonly types: Uint16Array
  /** Text of stop_headsign; undefined when no row has one. */
  readonly headsign: Uint32Array | undefined
  /** shape_dist_traveled in 1e-7 of the feed's unit, NaN where empty; undefined when no row has one. */
  readonly distance: Float64Array | undefined
}

export const UNSAID = 7
export const NO_TIMEPOINT = 2

/** A line of stop_times.txt has hardly less: how large to make the columns at first. */
const BYTES_PER_ROW = 32
const MOST_ROWS_AT_FIRST = 1 << 22

/** Rows of trips that are not in `tripIds` are left out and counted. @param texts takes the headsigns */
export async function readStopTimes(
  feed: FeedInput,
  tripIds: StringPool,
  stopIds: StringPool,
  texts: StringPool,
): Promise<StopTimes> {
  const { at } = STOP_TIMES
  const { report } = feed
  const file = report.file(STOP_TIMES.file)
  // Columns of their own instead of GrowColumns: one `push` that serves five kinds of typed array is three times slower.
  const bytes = feed.source.files.get(STOP_TIMES.file) ?? 0
  let capacity = Math.min(MOST_ROWS_AT_FIRST, Math.ceil(bytes / BYTES_PER_ROW) + 1)
  let count = 0
  let trip = new Uint32Array(capacity)
  let stop = new Uint32Array(capacity)
  let sequence = new Uint32Array(capacity)
  let arrival = new Int32Array(capacity)
  let departure = new Int32Array(capacity)
  let types = new Uint16Array(capacity)
  let headsign: Uint32Array | undefined
  let distance: Float64Array | undefined
  const grow = (): void => {
    capacity *= 2
    trip = enlarged(trip, new Uint32Array(capacity))
    stop = enlarged(stop, new Uint32Array(capacity))
    sequence = enlarged(sequence, new Uint32Array(capacity))
    arrival = enlarged(arrival, new Int32Array(capacity))
    departure = enlarged(departure, new Int32Array(capacity))
    types = enlarged(types, new Uint16Array(capacity))
    headsign &&= enlarged(headsign, new Uint32Array(capacity))
    distance &&= enlarged(distance, new Float64Array(capacity).fill(Number.NaN))
  }

  const findTrip = lastId(tripIds)
  await readTable(feed, STOP_TIMES, row => {
    const tripNumber = findTrip(row.bytes, row.begin[at.trip_id]!, row.end[at.trip_id]!)
    if (tripNumber === 0) {
      if (feed.cut) file.outsideArea++
      else report.note('unknown_trip', STOP_TIMES.file, row.line, () => `trip ${row.text(at.trip_id)}`)
      return
    }
    if (
      !row.isEmpty(at.start_pickup_drop_off_window) ||
      !row.isEmpty(at.location_id) ||
      !row.isEmpty(at.location_group_id)
    )
      return report.note('flexible_stop_time', STOP_TIMES.file, row.line, () => `trip ${row.text(at.trip_id)}`)
    const stopNumber = stopIds.findBytes(row.bytes, row.begin[at.stop_id]!, row.end[at.stop_id]!)
    if (stopNumber === undefined || stopNumber === 0)
      return report.note('unknown_stop', STOP_TIMES.file, row.line, () => `stop ${row.text(at.stop_id)}`)
    const order = row.int(at.stop_sequence)
    if (order < 0)
      return report.note('bad_sequence', STOP_TIMES.file, row.line, () => `'${row.text(at.stop_sequence)}'`)
    const [arrives, departs] = [row.time(at.arrival_time), row.time(at.departure_time)]
    if (arrives === BAD || departs === BAD)
      return report.note(
        'bad_time',
        STOP_TIMES.file,
        row.line,
        () => `'${row.text(at.arrival_time)}', '${row.text(at.departure_time)}'`,
      )

    if (count === capacity) grow()
    trip[count] = tripNumber
    stop[count] = stopNumber
    sequence[count] = order
    arrival[count] = arrives
    departure[count] = departs
    types[count] =
      row.choice(at.pickup_type, 3, 0) |
      (row.choice(at.drop_off_type, 3, 0) << 2) |
      (row.choice(at.continuous_pickup, 3, UNSAID) << 4) |
      (row.choice(at.continuous_drop_off, 3, UNSAID) << 7) |
      (row.choice(at.timepoint, 1, NO_TIMEPOINT) << 10)
    if (!row.isEmpty(at.stop_headsign)) {
      headsign ??= new Uint32Array(capacity)
      headsign[count] = texts.internBytes(row.bytes, row.begin[at.stop_headsign]!, row.end[at.stop_headsign]!)
    }
    if (!row.isEmpty(at.shape_dist_traveled)) {
      distance ??= new Float64Array(capacity).fill(Number.NaN)
      distance[count] = row.e7(at.shape_dist_traveled)
    }
    count++
  })
  return {
    trip: trip.subarray(0, count),
    stop: stop.subarray(0, count),
    sequence: sequence.subarray(0, count),
    arrival: arrival.subarray(0, count),
    departure: departure.subarray(0, count),
    types: types.subarray(0, count),
    headsign,
    distance,
  }
}

function enlarged<A extends Uint16Array | Uint32Array | Int32Array | Float64Array>(old: A, larger: A): A {
  larger.set(old as never)
  return larger
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

// One trip's stop times, cleaned: sorted, known stops only, both times everywhere and never running backwards (rules S9, S10, S19–S26,
// S38). What cannot be set right drops the trip and names the reason.

import { metresBetween } from '#engine/core/geo.ts'
import { NONE } from '#engine/core/ids.ts'
import { APPROXIMATE, type Calls, createCalls, EXACT, LONGEST_TRIP } from '#engine/timetable/patterns.ts'
import type { NoticeCode, Report } from './report.ts'
import { EMPTY } from './row.ts'
import { NO_TIMEPOINT, type StopTimes, UNSAID } from './stop-times.ts'
import type { FeedStops } from './stops.ts'
import { STOP_TIMES } from './tables.ts'

const PLATFORM = 0
/** Times that run back by no more than this are set right, by more they drop the trip. Seconds (S22). */
const SMALL_STEP_BACK = 60

export interface CallReader {
  /** Filled by `read`, good until the next one. */
  readonly calls: Calls
  /**
   * The calls of the rows order[begin … end), or the reason why there are none.
   * @param continuous the route's continuous_pickup | continuous_drop_off << 2
   */
  read(order: Uint32Array, begin: number, end: number, continuous: number): NoticeCode | undefined
}

/** @param indexOf number of a stop's id → StopIdx or NONE */
export function createCallReader(
  rows: StopTimes,
  stops: FeedStops,
  indexOf: Uint32Array,
  report: Report,
  tripName: (row: number) => string,
): CallReader {
  const onlyPlatform = findOnlyPlatforms(stops)
  const note = (code: NoticeCode, row: number): void =>
    report.note(code, STOP_TIMES.file, 0, () => `trip ${tripName(row)}, stop_sequence ${rows.sequence[row]}`)
  let calls = createCalls(256)
  let source = new Uint32Array(256)

  /** Where the vehicle stops: number of a platform, 0 when there is none. */
  function boardable(row: number): number {
    const stop = rows.stop[row]!
    if (stops.exists.data[stop] === 0) {
      note('unknown_stop', row)
      return 0
    }
    if (stops.type.data[stop] === PLATFORM) return stop
    note('stop_time_at_station', row)
    return onlyPlatform[stop]!
  }

  function gather(order: Uint32Array, begin: number, end: number, continuous: number): void {
    calls.length = 0
    for (let k = begin; k < end; k++) {
      const row = order[k]!
      if (k > begin && rows.sequence[row] === rows.sequence[order[k - 1]!]) {
        note('duplicate_sequence', row)
        continue
      }
      const stop = boardable(row)
      if (stop === 0) continue
      const i = calls.length++
      const types = rows.types[row]!
      const [pickup, dropOff, timepoint] = [(types >> 4) & 7, (types >> 7) & 7, types >> 10]
      source[i] = row
      calls.stop[i] = indexOf[stop]!
      calls.sequence[i] = rows.sequence[row]!
      calls.arrival[i] = rows.arrival[row]!
      calls.departure[i] = rows.departure[row]!
      calls.types[i] =
        (types & 15) |
        ((pickup === UNSAID ? continuous & 3 : pickup) << 4) |
        ((dropOff === UNSAID ? continuous >> 2 : dropOff) << 6)
      calls.timing[i] = timepoint === NO_TIMEPOINT ? 0 : timepoint === 1 ? EXACT : APPROXIMATE
      calls.headsign[i] = rows.headsign?.[row] ?? 0
    }
  }

  /** Both times where one is given, none before the one before; false when they run back too far (S21, S22). */
  function straighten(): boolean {
    let latest = Number.NEGATIVE_INFINITY
    for (let i = 0; i < calls.length; i++) {
      if (calls.arrival[i] === EMPTY && calls.departure[i] === EMPTY) continue
      if (calls.arrival[i] === EMPTY) calls.arrival[i] = calls.departure[i]!
      if (calls.departure[i] === EMPTY) calls.departure[i] = calls.arrival[i]!
      if (calls.departure[i]! < calls.arrival[i]!) {
        note('departure_before_arrival', source[i]!)
        // at the first stop only the departure means anything
        if (i === 0) calls.arrival[i] = calls.departure[i]!
        else calls.departure[i] = calls.arrival[i]!
      }
      if (calls.arrival[i]! < latest) {
        if (latest - calls.arrival[i]! > SMALL_STEP_BACK) return false
        note('decreasing_time', source[i]!)
        calls.arrival[i] = latest
        calls.departure[i] = Math.max(latest, calls.departure[i]!)
      }
      latest = calls.departure[i]!
    }
    return true
  }

  /** Times between two given ones, by distance along the line, else by number of stops (S19). */
  function interpolate(): void {
    for (let from = 0; from < calls.length - 1; ) {
      let to = from + 1
      while (calls.arrival[to] === EMPTY) to++
      if (to > from + 1) {
        const way = wayBetween(from, to)
        const [start, span] = [calls.departure[from]!, calls.arrival[to]! - calls.departure[from]!]
        for (let i = from + 1; i < to; i++) {
          const time = start + Math.round((span * way[i - from]!) / way[to - from]!)
          calls.arrival[i] = time
          calls.departure[i] = time
          calls.timing[i] = APPROXIMATE
        }
      }
      from = to
    }
  }

  /** How far each call from `from` to `to` is from the first of them: never decreasing, the last above 0. */
  function wayBetween(from: number, to: number): number[] {
    const { distance } = rows
    if (distance) {
      const traveled = Array.from({ length: to - from + 1 }, (_, k) => distance[source[from + k]!]!)
      if (rises(traveled)) return traveled.map(d => d - traveled[0]!)
    }
    const beeline = [0]
    for (let i = from + 1; i <= to; i++) {
      const [a, b] = [rows.stop[source[i - 1]!]!, rows.stop[source[i]!]!]
      beeline.push(
        beeline.at(-1)! + metresBetween(stops.lat.data[a]!, stops.lon.data[a]!, stops.lat.data[b]!, stops.lon.data[b]!),
      )
    }
    return rises(beeline) ? beeline : beeline.map((_, k) => k)
  }

  return {
    get calls() {
      return calls
    },
    read(order, begin, end, continuous) {
      if (end - begin > calls.stop.length) {
        calls = createCalls(2 * (end - begin))
        source = new Uint32Array(2 * (end - begin))
      }
      gather(order, begin, end, continuous)
      if (calls.length < 2) return 'trip_too_short'
      if (calls.length > LONGEST_TRIP) return 'trip_too_long'
      if (!straighten()) return 'decreasing_time'
      if (calls.departure[0] === EMPTY || calls.arrival[calls.length - 1] === EMPTY) return 'missing_end_time'
      interpolate()
      return undefined
    },
  }
}

/** Never decreasing from the first to a larger last; false when a value is missing (NaN). */
function rises(values: readonly number[]): boolean {
  for (let i = 1; i < values.length; i++) if (!(values[i]! >= values[i - 1]!)) return false
  return values.at(-1)! > values[0]!
}

/** Number of a station → its platform if it has exactly one, else 0 (S38). */
function findOnlyPlatforms(stops: FeedStops): Uint32Array {
  const only = new Uint32Array(stops.ids.count)
  for (let id = 1; id < stops.parent.length; id++) {
    const parent = stops.parent.data[id]!
    if (parent !== 0 && stops.type.data[id] === PLATFORM) only[parent] = only[parent] === 0 ? id : NONE
  }
  return only.map(id => (id === NONE ? 0 : id))
}

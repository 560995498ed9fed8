// The two small tables that speak about trips: frequencies.txt (S28–S30) and transfers.txt (S33–S36).

import { NONE, type RouteIdx, type StopIdx } from '#engine/core/ids.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'
import type { TripRow } from '#engine/timetable/fields.ts'
import type { FeedRoutes } from './routes.ts'
import type { Row } from './row.ts'
import type { FeedStops } from './stops.ts'
import { type FeedInput, FREQUENCIES, readTable, TRANSFERS } from './tables.ts'
import type { FeedTrips } from './trips.ts'

/** Where the rows of a feed went. */
export interface FeedRows {
  readonly stops: FeedStops
  /** Number of a stop's id → StopIdx or NONE. */
  readonly stopIndex: Uint32Array
  readonly routes: FeedRoutes
  readonly trips: FeedTrips
  /** Number of a trip's id → TripRow or NONE. */
  readonly tripRow: Uint32Array
}

/** Seconds. Every run is written out; a headway below this is a slip (minutes typed as seconds) that would make hundreds of thousands. */
const SHORTEST_HEADWAY = 10

/** frequencies.txt, trip by trip; rows of dropped trips go with them (S28–S30). */
export async function addFrequencies(feed: FeedInput, builder: TimetableBuilder, rows: FeedRows): Promise<void> {
  const { at } = FREQUENCIES
  const count = feed.report.file(FREQUENCIES.file)
  await readTable(feed, FREQUENCIES, row => {
    const trip = tripOf(rows, row, at.trip_id)
    if (trip === undefined || trip === NONE) {
      if (feed.cut) count.outsideArea++
      else feed.report.note('unknown_trip', FREQUENCIES.file, row.line, () => `trip ${row.text(at.trip_id)}`)
      return
    }
    const [start, end, headway] = [row.time(at.start_time), row.time(at.end_time), row.int(at.headway_secs)]
    if (start < 0 || end <= start || headway < SHORTEST_HEADWAY)
      return feed.report.note(
        'bad_frequency',
        FREQUENCIES.file,
        row.line,
        () => `from '${row.text(at.start_time)}' to '${row.text(at.end_time)}' every '${row.text(at.headway_secs)}'`,
      )
    builder.addFrequency(trip as TripRow, { start, end, headway, exact: row.int(at.exact_times) === 1 })
    count.kept++
  })
}

/** transfers.txt (S33–S36); a rule that names what the feed does not have is dropped. */
export async function addTransfers(feed: FeedInput, builder: TimetableBuilder, rows: FeedRows): Promise<void> {
  const { at } = TRANSFERS
  const count = feed.report.file(TRANSFERS.file)
  await readTable(feed, TRANSFERS, row => {
    const type = row.isEmpty(at.transfer_type) ? 0 : row.choice(at.transfer_type, 5, -1)
    const [fromStop, toStop] = [stopOf(rows, row, at.from_stop_id), stopOf(rows, row, at.to_stop_id)]
    const [fromRoute, toRoute] = [
      routeOf(builder, rows, row, at.from_route_id),
      routeOf(builder, rows, row, at.to_route_id),
    ]
    const [fromTrip, toTrip] = [tripOf(rows, row, at.from_trip_id), tripOf(rows, row, at.to_trip_id)]
    const refs = [fromStop, toStop, fromRoute, toRoute, fromTrip, toTrip]
    if (refs.includes(NONE) || (refs.includes(undefined) && feed.cut)) {
      // what it speaks of is outside the area or was dropped with a reason of its own
      count.outsideArea++
      return
    }
    const complete = type >= 4 ? fromTrip !== ABSENT && toTrip !== ABSENT : fromStop !== ABSENT && toStop !== ABSENT
    if (type < 0 || refs.includes(undefined) || !complete)
      return feed.report.note(
        'bad_transfer',
        TRANSFERS.file,
        row.line,
        () =>
          `from '${row.text(at.from_stop_id)}' to '${row.text(at.to_stop_id)}', type '${row.text(at.transfer_type)}'`,
      )
    builder.addTransfer({
      fromStop: given(fromStop!) as StopIdx,
      toStop: given(toStop!) as StopIdx,
      fromRoute: given(fromRoute!) as RouteIdx,
      toRoute: given(toRoute!) as RouteIdx,
      fromTrip: given(fromTrip!) as TripRow,
      toTrip: given(toTrip!) as TripRow,
      minTime: Math.max(-1, row.int(at.min_transfer_time)),
      type,
    })
    count.kept++
  })
}

// a reference is the index of a row, NONE (known, but not in the timetable), ABSENT (empty cell) or undefined (unknown)
export const ABSENT = -1
const given = (ref: number): number => (ref === ABSENT ? NONE : ref)

export function stopOf(rows: FeedRows, row: Row, column: number): number | undefined {
  if (row.isEmpty(column)) return ABSENT
  const id = rows.stops.ids.findBytes(row.bytes, row.begin[column]!, row.end[column]!)
  return id === undefined ? undefined : rows.stopIndex[id]
}

export function routeOf(builder: TimetableBuilder, rows: FeedRows, row: Row, column: number): number | undefined {
  if (row.isEmpty(column)) return ABSENT
  const text = builder.strings.findBytes(row.bytes, row.begin[column]!, row.end[column]!)
  return text === undefined ? undefined : rows.routes.byId.get(text)
}

export function tripOf(rows: FeedRows, row: Row, column: number): number | undefined {
  if (row.isEmpty(column)) return ABSENT
  const id = rows.trips.ids.findBytes(row.bytes, row.begin[column]!, row.end[column]!)
  return id === undefined ? undefined : rows.tripRow[id]
}

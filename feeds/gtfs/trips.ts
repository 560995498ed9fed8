// trips.txt as columns of texts; what the texts mean (route, service, shape) is looked up when the trip's stop times are there.

import { GrowColumn } from '#engine/core/columns.ts'
import type { StringIdx } from '#engine/core/ids.ts'
import { StringPool } from '#engine/core/strings.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'
import type { FeedStops } from './stops.ts'
import { type FeedInput, readTable, STOP_TIME_IDS, TRIPS } from './tables.ts'

/** Trips by the number of their id in `ids`, which counts up from 1; row 0 is nobody's. Texts are the builder's. */
export interface FeedTrips {
  readonly ids: StringPool
  readonly line: GrowColumn<Uint32Array>
  readonly route: GrowColumn<Uint32Array>
  readonly service: GrowColumn<Uint32Array>
  readonly headsign: GrowColumn<Uint32Array>
  readonly shortName: GrowColumn<Uint32Array>
  readonly block: GrowColumn<Uint32Array>
  readonly shape: GrowColumn<Uint32Array>
  /** 0, 1, 255 unknown. */
  readonly direction: GrowColumn<Uint8Array>
  /** wheelchair | bikes << 2 | cars << 4 (S41, S49) */
  readonly access: GrowColumn<Uint8Array>
}

/** The ids of the trips that call at a stop inside; reads stop_times.txt once, and nothing but two columns of it. */
export async function selectTrips(feed: FeedInput, stops: FeedStops, inside: Uint8Array): Promise<StringPool> {
  const { at } = STOP_TIME_IDS
  const selected = new StringPool()
  await readTable(
    feed,
    STOP_TIME_IDS,
    row => {
      const stop = stops.ids.findBytes(row.bytes, row.begin[at.stop_id]!, row.end[at.stop_id]!)
      if (stop !== undefined && inside[stop] === 1)
        selected.internBytes(row.bytes, row.begin[at.trip_id]!, row.end[at.trip_id]!)
    },
    true,
  )
  return selected
}

/** @param selected ids of the trips to keep; all when absent */
export async function readTrips(
  feed: FeedInput,
  builder: TimetableBuilder,
  selected: StringPool | undefined,
): Promise<FeedTrips> {
  const { at } = TRIPS
  const count = feed.report.file(TRIPS.file)
  const trips: FeedTrips = {
    ids: new StringPool(),
    line: new GrowColumn(Uint32Array),
    route: new GrowColumn(Uint32Array),
    service: new GrowColumn(Uint32Array),
    headsign: new GrowColumn(Uint32Array),
    shortName: new GrowColumn(Uint32Array),
    block: new GrowColumn(Uint32Array),
    shape: new GrowColumn(Uint32Array),
    direction: new GrowColumn(Uint8Array),
    access: new GrowColumn(Uint8Array),
  }
  const texts = [
    [trips.route, at.route_id],
    [trips.service, at.service_id],
    [trips.headsign, at.trip_headsign],
    [trips.shortName, at.trip_short_name],
    [trips.block, at.block_id],
    [trips.shape, at.shape_id],
  ] as const
  for (const column of Object.values(trips)) if (column instanceof GrowColumn) column.push(0)
  await readTable(feed, TRIPS, row => {
    const [begin, end] = [row.begin[at.trip_id]!, row.end[at.trip_id]!]
    if (begin === end) return feed.report.note('missing_id', TRIPS.file, row.line, () => 'no trip_id')
    if (selected && selected.findBytes(row.bytes, begin, end) === undefined) {
      count.outsideArea++
      return
    }
    const known = trips.ids.count
    if (trips.ids.internBytes(row.bytes, begin, end) < known)
      return feed.report.note('duplicate_id', TRIPS.file, row.line, () => `trip ${row.text(at.trip_id)}`)
    trips.line.push(row.line)
    for (const [column, cell] of texts)
      column.push(builder.strings.internBytes(row.bytes, row.begin[cell]!, row.end[cell]!))
    trips.direction.push(row.choice(at.direction_id, 1, 255))
    trips.access.push(
      row.choice(at.wheelchair_accessible, 2, 0) |
        (row.choice(at.bikes_allowed, 2, 0) << 2) |
        (row.choice(at.cars_allowed, 2, 0) << 4),
    )
  })
  return trips
}

/** The distinct texts of a column: which routes, services or shapes the trips use. */
export function distinct(column: GrowColumn<Uint32Array>): Set<StringIdx> {
  const seen = new Set<StringIdx>()
  for (const text of column.view()) if (text !== 0) seen.add(text as StringIdx)
  return seen
}

// stops.txt, read twice: first ids, places and parents, which decide what lies inside an area; the rest, names above all, only for the
// stops that are kept (rules S9, S14, S38–S41).

import { GrowColumn } from '#engine/core/columns.ts'
import { type FeedIdx, NONE, type StopIdx, type ZoneIdx } from '#engine/core/ids.ts'
import { StringPool } from '#engine/core/strings.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'
import { type Area, areaContains } from '#feeds/area.ts'
import { isZone } from '#feeds/zones.ts'
import { numberAlongCurve } from './stop-order.ts'
import { type FeedInput, readTable, STOPS } from './tables.ts'

/** Stops by the number of their id in `ids`, which counts up from 1; ids that are only named as a parent are there, but not `exist`. */
export interface FeedStops {
  readonly ids: StringPool
  readonly exists: GrowColumn<Uint8Array>
  /** 1e-7 degrees, the parent's where a stop has none (S39); NaN when there is no usable position. */
  readonly lat: GrowColumn<Float64Array>
  readonly lon: GrowColumn<Float64Array>
  /** Number of the parent; 0 = none. Links that GTFS does not allow are dropped (S40). */
  readonly parent: GrowColumn<Uint32Array>
  readonly type: GrowColumn<Uint8Array>
  readonly wheelchair: GrowColumn<Uint8Array>
  /** ZoneIdx, or NONE for the agency's. */
  readonly zone: GrowColumn<Uint32Array>
}

const HIGHEST_LOCATION_TYPE = 4
const [PLATFORM, STATION, BOARDING_AREA] = [0, 1, 4]
const LARGEST = { lat: 90e7, lon: 180e7 }

/** The first reading: ids, positions, parents, zones. @param builder takes the zones that stops name */
export async function readStopPlaces(feed: FeedInput, builder: TimetableBuilder): Promise<FeedStops> {
  const { at } = STOPS
  const stops: FeedStops = {
    ids: new StringPool(),
    exists: new GrowColumn(Uint8Array),
    lat: new GrowColumn(Float64Array),
    lon: new GrowColumn(Float64Array),
    parent: new GrowColumn(Uint32Array),
    type: new GrowColumn(Uint8Array),
    wheelchair: new GrowColumn(Uint8Array),
    zone: new GrowColumn(Uint32Array),
  }
  const note = feed.report.note.bind(feed.report)
  await readTable(feed, STOPS, row => {
    const id = stops.ids.internBytes(row.bytes, row.begin[at.stop_id]!, row.end[at.stop_id]!)
    if (id === 0) return note('missing_id', STOPS.file, row.line, () => 'no stop_id')
    const parent = stops.ids.internBytes(row.bytes, row.begin[at.parent_station]!, row.end[at.parent_station]!)
    growTo(stops, stops.ids.count)
    if (stops.exists.data[id] === 1)
      return note('duplicate_id', STOPS.file, row.line, () => `stop ${row.text(at.stop_id)}`)
    stops.exists.data[id] = 1
    stops.parent.data[id] = parent
    stops.type.data[id] = row.choice(at.location_type, HIGHEST_LOCATION_TYPE, PLATFORM)
    stops.wheelchair.data[id] = row.choice(at.wheelchair_boarding, 2, 0)
    stops.zone.data[id] = row.isEmpty(at.stop_timezone) ? NONE : zoneOf(builder, row.text(at.stop_timezone))
    const [lat, lon] = [row.e7(at.stop_lat), row.e7(at.stop_lon)]
    const usable = Math.abs(lat) <= LARGEST.lat && Math.abs(lon) <= LARGEST.lon && (lat !== 0 || lon !== 0)
    stops.lat.data[id] = usable ? lat : Number.NaN
    stops.lon.data[id] = usable ? lon : Number.NaN
    if (!usable && parent === 0)
      note(
        'bad_coordinates',
        STOPS.file,
        row.line,
        () => `stop ${row.text(at.stop_id)} is at '${row.text(at.stop_lat)}', '${row.text(at.stop_lon)}'`,
      )
  })
  checkParents(feed, stops)
  inherit(stops)
  return stops
}

function zoneOf(builder: TimetableBuilder, name: string): number {
  return isZone(name) ? builder.zone(name) : NONE
}

function growTo(stops: FeedStops, length: number): void {
  for (const column of [stops.exists, stops.lat, stops.lon, stops.parent, stops.type, stops.wheelchair, stops.zone])
    if (column.length < length) column.reserve(length - column.length)
}

/** Platforms, entrances and nodes lie in stations, boarding areas on platforms, stations in nothing. */
function checkParents(feed: FeedInput, stops: FeedStops): void {
  for (let id = 1; id < stops.parent.length; id++) {
    const parent = stops.parent.data[id]!
    if (parent === 0) continue
    const type = stops.type.data[id]!
    const wanted = type === BOARDING_AREA ? PLATFORM : STATION
    if (type !== STATION && stops.exists.data[parent] === 1 && stops.type.data[parent] === wanted) continue
    stops.parent.data[id] = 0
    feed.report.note(
      'bad_parent',
      STOPS.file,
      0,
      () => `${stops.ids.textOf(id)} cannot lie in ${stops.ids.textOf(parent)}`,
    )
  }
}

/** What a child does not say its parent says: its place, its zone (always, S14), and whether a wheelchair gets there (S41). */
function inherit(stops: FeedStops): void {
  // boarding areas after platforms, so that what comes from the station reaches them too
  for (const areas of [false, true])
    for (let id = 1; id < stops.parent.length; id++) {
      const parent = stops.parent.data[id]!
      if (parent === 0 || (stops.type.data[id] === BOARDING_AREA) !== areas) continue
      if (Number.isNaN(stops.lat.data[id]!)) {
        stops.lat.data[id] = stops.lat.data[parent]!
        stops.lon.data[id] = stops.lon.data[parent]!
      }
      if (stops.wheelchair.data[id] === 0) stops.wheelchair.data[id] = stops.wheelchair.data[parent]!
      stops.zone.data[id] = stops.zone.data[parent]!
    }
}

/** Number → does the stop lie inside the area? Without an area all do. */
export function stopsInside(stops: FeedStops, area: Area | undefined): Uint8Array {
  const inside = new Uint8Array(stops.ids.count).fill(area ? 0 : 1)
  if (area)
    for (let id = 1; id < stops.lat.length; id++)
      if (areaContains(area, stops.lat.data[id]!, stops.lon.data[id]!)) inside[id] = 1
  return inside
}

/** With a stop its station and everything in it is kept. */
export function keepStations(stops: FeedStops, keep: Uint8Array): void {
  const root = (id: number): number => {
    let at = id
    while (stops.parent.data[at]! !== 0) at = stops.parent.data[at]!
    return at
  }
  for (let id = 1; id < stops.parent.length; id++) if (keep[id]) keep[root(id)] = 1
  for (let id = 1; id < stops.parent.length; id++) if (keep[root(id)]) keep[id] = 1
}

/** Number → StopIdx, NONE for what is not kept. */
export async function addStops(
  feed: FeedInput,
  builder: TimetableBuilder,
  feedIdx: FeedIdx,
  feedZone: ZoneIdx,
  stops: FeedStops,
  keep: Uint8Array,
  levels: ReadonlyMap<string, number>,
): Promise<Uint32Array> {
  const { at } = STOPS
  const count = feed.report.file(STOPS.file)
  const indexOf = new Uint32Array(stops.ids.count).fill(NONE)
  const first = builder.stops.stopId.length
  await readTable(
    feed,
    STOPS,
    row => {
      const text = (column: number) => builder.strings.internBytes(row.bytes, row.begin[column]!, row.end[column]!)
      const id = stops.ids.findBytes(row.bytes, row.begin[at.stop_id]!, row.end[at.stop_id]!)
      if (id === undefined || id === 0 || indexOf[id] !== NONE) return
      if (!keep[id]) {
        count.outsideArea++
        return
      }
      const [lat, lon, zone] = [stops.lat.data[id]!, stops.lon.data[id]!, stops.zone.data[id]!]
      count.kept++
      indexOf[id] = builder.addStop({
        feed: feedIdx,
        id: text(at.stop_id),
        name: text(at.stop_name),
        zone: zone === NONE ? feedZone : (zone as ZoneIdx),
        lat: Number.isNaN(lat) ? undefined : lat,
        lon: Number.isNaN(lon) ? undefined : lon,
        code: text(at.stop_code),
        desc: text(at.stop_desc),
        platform: text(at.platform_code),
        locationType: stops.type.data[id]!,
        wheelchair: stops.wheelchair.data[id]!,
        access: row.isEmpty(at.stop_access) ? 0 : [2, 1, 0][row.choice(at.stop_access, 1, 2)]!,
        level: row.isEmpty(at.level_id) ? 0 : (levels.get(row.text(at.level_id)) ?? 0),
      })
    },
    true,
  )
  numberAlongCurve(builder, first, indexOf)
  for (let id = 1; id < stops.parent.length; id++) {
    const parent = stops.parent.data[id]!
    if (indexOf[id] !== NONE && parent !== 0) builder.setParent(indexOf[id]! as StopIdx, indexOf[parent]! as StopIdx)
  }
  return indexOf
}

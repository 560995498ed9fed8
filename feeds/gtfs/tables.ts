// The files of a feed and the columns that are read of them; every other file and column is ignored (S3, S47). Columns are named once,
// here; the readers ask a row for them by number: `row.text(STOPS.at.stop_name)`.

import { FreifahrtError } from '#engine/core/errors.ts'
import { CsvReader } from './csv.ts'
import { utf8Chunks } from './encoding.ts'
import type { Report } from './report.ts'
import type { Row } from './row.ts'
import type { GtfsSource } from './source.ts'

/** A feed while it is read. */
export interface FeedInput {
  readonly tag: string
  readonly source: GtfsSource
  readonly report: Report
  /** Is the import cut to an area? Then what refers to unknown trips and stops is outside, not wrong. */
  readonly cut: boolean
  readonly onProgress?: ((progress: GtfsProgress) => void) | undefined
}

export interface GtfsProgress {
  readonly tag: string
  readonly file: string
  /** Bytes of the file, inflated. */
  readonly read: number
  readonly total: number
}

export interface Table<C extends string> {
  readonly file: string
  /** Without these columns the file cannot be read. */
  readonly needed: readonly C[]
  readonly columns: readonly C[]
  /** Column → its number in a row. */
  readonly at: Readonly<Record<C, number>>
}

function table<N extends string, O extends string>(
  file: string,
  needed: readonly N[],
  optional: readonly O[],
): Table<N | O> {
  const columns = [...needed, ...optional]
  const at = Object.fromEntries(columns.map((name, i) => [name, i])) as Record<N | O, number>
  return { file, needed, columns, at }
}

export const AGENCY = table(
  'agency.txt',
  ['agency_name', 'agency_timezone'],
  ['agency_id', 'agency_url', 'agency_lang', 'agency_fare_url'],
)
export const STOPS = table(
  'stops.txt',
  ['stop_id'],
  [
    'stop_name',
    'stop_lat',
    'stop_lon',
    'stop_code',
    'stop_desc',
    'platform_code',
    'parent_station',
    'stop_timezone',
    'location_type',
    'wheelchair_boarding',
    'stop_access',
    'level_id',
  ],
)
export const ROUTES = table(
  'routes.txt',
  ['route_id', 'route_type'],
  [
    'agency_id',
    'route_short_name',
    'route_long_name',
    'route_desc',
    'route_url',
    'route_color',
    'route_text_color',
    'route_sort_order',
    'continuous_pickup',
    'continuous_drop_off',
  ],
)
export const TRIPS = table(
  'trips.txt',
  ['route_id', 'service_id', 'trip_id'],
  [
    'trip_headsign',
    'trip_short_name',
    'direction_id',
    'block_id',
    'shape_id',
    'wheelchair_accessible',
    'bikes_allowed',
    'cars_allowed',
  ],
)
export const STOP_TIMES = table(
  'stop_times.txt',
  ['trip_id', 'stop_sequence'],
  [
    'stop_id',
    'arrival_time',
    'departure_time',
    'pickup_type',
    'drop_off_type',
    'continuous_pickup',
    'continuous_drop_off',
    'timepoint',
    'stop_headsign',
    'shape_dist_traveled',
    'start_pickup_drop_off_window',
    'end_pickup_drop_off_window',
    'location_group_id',
    'location_id',
  ],
)
/** What tells which trips call inside an area. */
export const STOP_TIME_IDS = table('stop_times.txt', ['trip_id'], ['stop_id'])
export const CALENDAR = table(
  'calendar.txt',
  [
    'service_id',
    'monday',
    'tuesday',
    'wednesday',
    'thursday',
    'friday',
    'saturday',
    'sunday',
    'start_date',
    'end_date',
  ],
  [],
)
export const CALENDAR_DATES = table('calendar_dates.txt', ['service_id', 'date', 'exception_type'], [])
export const FREQUENCIES = table(
  'frequencies.txt',
  ['trip_id', 'start_time', 'end_time', 'headway_secs'],
  ['exact_times'],
)
export const TRANSFERS = table(
  'transfers.txt',
  [],
  [
    'from_stop_id',
    'to_stop_id',
    'from_route_id',
    'to_route_id',
    'from_trip_id',
    'to_trip_id',
    'transfer_type',
    'min_transfer_time',
  ],
)
export const PATHWAYS = table(
  'pathways.txt',
  ['from_stop_id', 'to_stop_id', 'pathway_mode'],
  [
    'pathway_id',
    'is_bidirectional',
    'length',
    'traversal_time',
    'stair_count',
    'max_slope',
    'min_width',
    'signposted_as',
    'reversed_signposted_as',
  ],
)
export const LEVELS = table('levels.txt', ['level_id', 'level_index'], [])
export const SHAPES = table('shapes.txt', ['shape_id', 'shape_pt_lat', 'shape_pt_lon', 'shape_pt_sequence'], [])
export const FEED_INFO = table(
  'feed_info.txt',
  [],
  [
    'feed_publisher_name',
    'feed_publisher_url',
    'feed_lang',
    'default_lang',
    'feed_version',
    'feed_contact_email',
    'feed_contact_url',
  ],
)
export const TRANSLATIONS = table(
  'translations.txt',
  ['table_name', 'field_name', 'language', 'translation'],
  ['record_id', 'record_sub_id', 'field_value'],
)
export const ATTRIBUTIONS = table(
  'attributions.txt',
  ['organization_name'],
  ['attribution_url', 'is_producer', 'is_operator', 'is_authority', 'trip_id', 'route_id', 'agency_id'],
)

/** Is there anything to read? */
export const hasTable = (feed: FeedInput, t: Table<string>): boolean => (feed.source.files.get(t.file) ?? 0) > 0

/** Throws FEED_MISSING_FILE. */
export function requireTable(feed: FeedInput, t: Table<string>): void {
  const where = `${feed.source.name}/${t.file}`
  if (!feed.source.files.has(t.file)) throw new FreifahrtError('FEED_MISSING_FILE', where, 'a feed needs this file')
  if (!hasTable(feed, t)) throw new FreifahrtError('FEED_EMPTY', where, 'the file has 0 bytes')
}

/**
 * Gives every row of a table to `onRow`; an absent file has none. The row is good until the next one.
 * @param again the file has been counted before and is read a second time
 * Throws FEED_UNREADABLE, FEED_TOO_LARGE and, for files a feed needs, FEED_MISSING_COLUMN.
 */
export async function readTable(
  feed: FeedInput,
  t: Table<string>,
  onRow: (row: Row) => void,
  again = false,
): Promise<void> {
  if (!hasTable(feed, t)) return
  const { source, report } = feed
  const where = `${source.name}/${t.file}`
  const count = again ? { rows: 0 } : report.file(t.file)
  let usable = true
  const reader = new CsvReader(where, t.columns, {
    onHeader: names => {
      const missing = t.needed.filter(name => !names.includes(name))
      if (missing.length === 0) return
      usable = false
      const detail = `no column ${missing.join(', ')}`
      if (NEEDED_FILES.has(t.file)) throw new FreifahrtError('FEED_MISSING_COLUMN', where, detail)
      report.note('missing_column', t.file, 1, () => detail)
    },
    onRow: row => {
      if (!usable) return
      count.rows++
      onRow(row)
    },
    onTrouble: (trouble, line, detail) => {
      if (!again) report.note(trouble, t.file, line, () => detail)
    },
  })
  const total = source.files.get(t.file)!
  let read = 0
  const onFallback = (): void => {
    if (!again) report.note('encoding_fallback', t.file, 1, () => 'not UTF-8: read as Windows-1252')
  }
  for await (const chunk of utf8Chunks(source, t.file, onFallback)) {
    reader.push(chunk)
    read += chunk.length
    feed.onProgress?.({ tag: feed.tag, file: t.file, read, total })
    if (!usable) return
  }
  reader.finish()
}

const NEEDED_FILES = new Set(
  [AGENCY, STOPS, ROUTES, TRIPS, STOP_TIMES, CALENDAR, CALENDAR_DATES].map((t: Table<string>) => t.file),
)

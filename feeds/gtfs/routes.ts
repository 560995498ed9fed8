// agency.txt and routes.txt (rules S15, S17, S26, S50).

import {
  type AgencyIdx,
  type FeedIdx,
  NO_STRING,
  NONE,
  type RouteIdx,
  type StringIdx,
  type ZoneIdx,
} from '#engine/core/ids.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'
import { isZone } from '#feeds/zones.ts'
import type { Row } from './row.ts'
import { AGENCY, type FeedInput, ROUTES, readTable } from './tables.ts'

export interface AgencyRow {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly fareUrl: string
  readonly lang: string
  readonly zone: string
}

const FALLBACK_ZONE = 'UTC'

/** The agencies; a zone that nobody knows becomes the first one's that somebody does. */
export async function readAgencies(feed: FeedInput): Promise<AgencyRow[]> {
  const { at } = AGENCY
  const agencies: AgencyRow[] = []
  const known = new Set<string>()
  let fallback: string | undefined
  await readTable(feed, AGENCY, row => {
    const id = row.text(at.agency_id)
    if (known.has(id)) return feed.report.note('duplicate_id', AGENCY.file, row.line, () => `agency ${id}`)
    known.add(id)
    const stated = row.text(at.agency_timezone)
    const good = isZone(stated)
    if (!good) feed.report.note('unknown_time_zone', AGENCY.file, row.line, () => `'${stated}'`)
    else fallback ??= stated
    if (good && stated !== fallback)
      feed.report.note('zones_differ', AGENCY.file, row.line, () => `${stated} and ${fallback} in one feed`)
    agencies.push({
      id,
      name: row.text(at.agency_name),
      url: row.text(at.agency_url),
      fareUrl: row.text(at.agency_fare_url),
      lang: row.text(at.agency_lang),
      zone: good ? stated : '',
    })
  })
  feed.report.file(AGENCY.file).kept = agencies.length
  return agencies.map(agency => ({ ...agency, zone: agency.zone || (fallback ?? FALLBACK_ZONE) }))
}

export function addAgencies(
  builder: TimetableBuilder,
  feed: FeedIdx,
  agencies: readonly AgencyRow[],
): Map<string, AgencyIdx> {
  return new Map(
    agencies.map(({ id, name, url, fareUrl, zone }) => [
      id,
      builder.addAgency({
        feed,
        id: builder.text(id),
        name: builder.text(name),
        url: builder.text(url),
        fareUrl: builder.text(fareUrl),
        zone: builder.zone(zone) as ZoneIdx,
      }),
    ]),
  )
}

export interface FeedRoutes {
  /** Text of route_id → route. */
  readonly byId: ReadonlyMap<StringIdx, RouteIdx>
  /** Route → continuous_pickup | continuous_drop_off << 2 where its stop times say nothing. */
  readonly continuous: ReadonlyMap<RouteIdx, number>
}

const BUS = 3

/** @param used texts of the route_ids to keep; all when absent */
export async function addRoutes(
  feed: FeedInput,
  builder: TimetableBuilder,
  feedIdx: FeedIdx,
  agencies: ReadonlyMap<string, AgencyIdx>,
  used: ReadonlySet<StringIdx> | undefined,
): Promise<FeedRoutes> {
  const { at } = ROUTES
  const count = feed.report.file(ROUTES.file)
  const byId = new Map<StringIdx, RouteIdx>()
  const continuous = new Map<RouteIdx, number>()
  await readTable(feed, ROUTES, row => {
    const note = feed.report.note.bind(feed.report)
    const id = row.text(at.route_id)
    if (id === '') return note('missing_id', ROUTES.file, row.line, () => 'no route_id')
    if (used && !used.has(builder.strings.find(id) ?? NO_STRING)) {
      count.outsideArea++
      return
    }
    const text = builder.text(id)
    if (byId.has(text)) return note('duplicate_id', ROUTES.file, row.line, () => `route ${id}`)
    count.kept++
    const route = builder.addRoute({
      feed: feedIdx,
      id: text,
      agency: agencyOf(feed, agencies, row),
      type: routeType(feed, row),
      shortName: builder.text(row.text(at.route_short_name)),
      longName: builder.text(row.text(at.route_long_name)),
      desc: builder.text(row.text(at.route_desc)),
      url: builder.text(row.text(at.route_url)),
      sortOrder: row.choice(at.route_sort_order, 0x7fff_ffff, NONE),
      ...colors(feed, row),
    })
    byId.set(text, route)
    continuous.set(route, row.choice(at.continuous_pickup, 3, 1) | (row.choice(at.continuous_drop_off, 3, 1) << 2))
  })
  return { byId, continuous }
}

/** With one agency every route is its; else an unknown or missing one becomes the first (S17). */
function agencyOf(feed: FeedInput, agencies: ReadonlyMap<string, AgencyIdx>, row: Row): AgencyIdx {
  const id = row.text(ROUTES.at.agency_id)
  const agency = agencies.get(id)
  const [first] = agencies.values()
  if (agency === undefined && (agencies.size > 1 || id !== ''))
    feed.report.note(id === '' ? 'missing_agency' : 'unknown_agency', ROUTES.file, row.line, () => `'${id}'`)
  return agency ?? first ?? (NONE as AgencyIdx)
}

function routeType(feed: FeedInput, row: Row): number {
  const type = row.int(ROUTES.at.route_type)
  const known = (type >= 0 && type <= 7) || type === 11 || type === 12 || (type >= 100 && type <= 1702)
  if (!known) feed.report.note('unknown_route_type', ROUTES.file, row.line, () => `'${row.text(ROUTES.at.route_type)}'`)
  return known ? type : BUS
}

function colors(feed: FeedInput, row: Row): { color: number; textColor: number } {
  const [color, textColor] = [ROUTES.at.route_color, ROUTES.at.route_text_color].map(column => {
    const text = row.text(column)
    if (text === '') return NONE
    if (/^#?[0-9a-f]{6}$/i.test(text)) return Number.parseInt(text.replace('#', ''), 16)
    feed.report.note('bad_color', ROUTES.file, row.line, () => `'${text}'`)
    return NONE
  }) as [number, number]
  if (color !== textColor || color === NONE) return { color, textColor }
  feed.report.note('same_color', ROUTES.file, row.line, () => row.text(ROUTES.at.route_color))
  return { color, textColor: isDark(color) ? 0xffffff : 0 }
}

/** Relative luminance below the point at which white and black text are read equally well (WCAG: 0.179). */
function isDark(rgb: number): boolean {
  const linear = [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map(c =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]! < 0.179
}

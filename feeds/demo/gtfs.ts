// The demo city as a GTFS feed: the files' bytes, for any range of dates, so that it takes the same way in as every other feed.

import { formatDate, formatTime, type ServiceDay } from '#engine/core/time.ts'
import type { Path } from './city.ts'
import { buildCity, type City, metresApart, type Pattern, type Platform, type Station } from './city.ts'
import type { Track } from './lines.ts'
import { buildTrips, SERVICES, type Trip } from './schedule.ts'

export const ZONE = 'Europe/Berlin'

export interface DemoDates {
  /** First service day that is complete; the night before it is there as well. */
  readonly from: ServiceDay
  readonly days: number
}

/** Extended route types: the Stadtbahn's tunnels I and II are an underground, III runs in the street. */
const ROUTE_TYPE: Record<Track, number> = { I: 402, II: 402, III: 0, S: 109, H: 405, bus: 705 }

/** The public holidays with a fixed date: like a Sunday. */
const HOLIDAYS = new Set(['0101', '0501', '1003', '1101', '1225', '1226'])

/** Seconds to change between two tracks of a station, beyond the walk: stairs, and a look at the signs. */
const CHANGE_STATIONS = ['Hbf', 'Kampstraße', 'Stadtgarten', 'Reinoldikirche', 'Stadthaus', 'Möllerbrücke']

/** File name → UTF-8 CSV. */
export function demoGtfs(
  dates: DemoDates,
  city: City = buildCity(),
  trips = buildTrips(city),
): Map<string, Uint8Array> {
  const files = new Map<string, string[]>([
    ['agency.txt', agency()],
    ['feed_info.txt', feedInfo(dates)],
    ['calendar.txt', calendar(dates)],
    ['calendar_dates.txt', calendarDates(dates)],
    ['stops.txt', stops(city)],
    ['routes.txt', routes(city)],
    ['trips.txt', tripRows(trips)],
    ['stop_times.txt', stopTimes(trips)],
    ['shapes.txt', shapes(city)],
    ['transfers.txt', transfers(city)],
  ])
  const utf8 = new TextEncoder()
  return new Map([...files].map(([name, rows]) => [name, utf8.encode(`${rows.join('\n')}\n`)]))
}

const agency = (): string[] => [
  'agency_id,agency_name,agency_url,agency_timezone,agency_lang',
  `demo,Demo Dortmund (erfundener Fahrplan),https://example.org/freifahrt-demo,${ZONE},de`,
]

const lastDay = ({ from, days }: DemoDates): ServiceDay => (from + days - 1) as ServiceDay
// the night before the first day belongs to the day before it
const firstDay = ({ from }: DemoDates): ServiceDay => (from - 1) as ServiceDay

const feedInfo = (dates: DemoDates): string[] => [
  'feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,feed_version',
  `Freifahrt demo city,https://example.org/freifahrt-demo,de,${formatDate(dates.from)},${formatDate(lastDay(dates))},demo-${formatDate(dates.from)}`,
]

function calendar(dates: DemoDates): string[] {
  const range = `${formatDate(firstDay(dates))},${formatDate(lastDay(dates))}`
  return [
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date',
    `weekday,1,1,1,1,1,0,0,${range}`,
    `saturday,0,0,0,0,0,1,0,${range}`,
    `sunday,0,0,0,0,0,0,1,${range}`,
  ]
}

function calendarDates(dates: DemoDates): string[] {
  const rows = ['service_id,date,exception_type']
  for (let day = firstDay(dates); day <= lastDay(dates); day++) {
    const usual = weekService(day)
    if (serviceOn(day) !== usual) rows.push(`${SERVICES[usual]},${formatDate(day)},2`, `sunday,${formatDate(day)},1`)
  }
  return rows
}

/** Which service (index into SERVICES) runs on a day. */
export const serviceOn = (day: ServiceDay): number => (HOLIDAYS.has(formatDate(day).slice(4)) ? 2 : weekService(day))

function weekService(day: ServiceDay): number {
  const weekday = (day + 4) % 7 // 1970-01-01 was a Thursday; 0 = Sunday
  return weekday === 0 ? 2 : weekday === 6 ? 1 : 0
}

function stops(city: City): string[] {
  const rows = ['stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code,wheelchair_boarding']
  for (const station of city.stations) {
    const access = station.wheelchair ? 1 : 2
    rows.push(`${station.id},${station.name},${station.lat},${station.lon},1,,,${access}`)
    for (const p of station.platforms) {
      rows.push(`${p.id},${station.name},${p.lat.toFixed(6)},${p.lon.toFixed(6)},0,${station.id},${p.code},${access}`)
    }
  }
  return rows
}

function routes(city: City): string[] {
  const rows = [
    'route_id,agency_id,route_short_name,route_long_name,route_type,route_color,route_text_color,route_sort_order',
  ]
  for (const [i, line] of city.lines.entries()) {
    rows.push(
      `${line.name},demo,${line.name},${line.longName},${ROUTE_TYPE[line.track]},${line.colour},FFFFFF,${i + 1}`,
    )
  }
  return rows
}

const shapeId = (pattern: Pattern): string => `${pattern.line.name}-${pattern.direction}`

function tripRows(trips: readonly Trip[]): string[] {
  const rows = [
    'route_id,service_id,trip_id,trip_headsign,direction_id,block_id,shape_id,wheelchair_accessible,bikes_allowed',
  ]
  for (const { id, pattern, service, start, block } of trips) {
    // bicycles stay outside in the morning rush, and always in buses
    const rush = service === 0 && start >= 6.5 * 3600 && start < 9 * 3600
    const bikes = pattern.line.track === 'bus' || (rush && pattern.line.track !== 'S') ? 2 : 1
    rows.push(
      `${pattern.line.name},${SERVICES[service]},${id},${pattern.headsign},${pattern.direction},${block},${shapeId(pattern)},1,${bikes}`,
    )
  }
  return rows
}

function stopTimes(trips: readonly Trip[]): string[] {
  const rows = ['trip_id,stop_sequence,stop_id,arrival_time,departure_time']
  for (const { id, pattern, start } of trips) {
    for (let i = 0; i < pattern.platforms.length; i++) {
      const arrival = formatTime(start + pattern.arrivals[i]!)
      const departure = formatTime(start + pattern.departures[i]!)
      rows.push(`${id},${i + 1},${pattern.platforms[i]!.id},${arrival},${departure}`)
    }
  }
  return rows
}

function shapes(city: City): string[] {
  const rows = ['shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled']
  for (const pattern of city.patterns) pushShape(rows, shapeId(pattern), pattern.path)
  return rows
}

function pushShape(rows: string[], id: string, { lat, lon, metres }: Path): void {
  for (let i = 0; i < lat.length; i++) {
    rows.push(`${id},${lat[i]!.toFixed(6)},${lon[i]!.toFixed(6)},${i + 1},${metres[i]!.toFixed(1)}`)
  }
}

/** Only the places where many change have rules of their own; all other walks come from the streets. */
function transfers(city: City): string[] {
  const rows = ['from_stop_id,to_stop_id,transfer_type,min_transfer_time']
  for (const name of CHANGE_STATIONS) {
    const { platforms } = city.stations.find(s => s.name === `Dortmund ${name}`) as Station
    for (const from of platforms) {
      for (const to of platforms) if (from !== to) rows.push(`${from.id},${to.id},2,${changeSeconds(from, to)}`)
    }
  }
  return rows
}

function changeSeconds(from: Platform, to: Platform): number {
  // one track's two directions share an island platform; another track is a flight of stairs away
  return from.track === to.track ? 30 : Math.ceil((60 + metresApart(from, to) / 1.2) / 10) * 10
}

// The country as a GTFS zip, written as a stream: nothing of stop_times.txt is ever held but the piece being written. Not in it: shapes,
// fares, frequencies, and transfers between different stops, which the large German feeds hardly have either.

import { buildLand, type Stop, type Town } from './land.ts'
import { buildLines, type Line, type LineKind, TOWN } from './lines.ts'
import { runSeconds, runsOf, SERVICES } from './runs.ts'
import { ZipWriter } from './zip-writer.ts'

export interface Country {
  readonly millions: number
  readonly stops: number
  readonly routes: number
  readonly trips: number
  readonly stopTimes: number
  /** W,S,E,N of the second largest town, in degrees: what an import for one city is cut to. */
  readonly city: string
}

/** Millions of stop times of the whole country. */
const WHOLE = 25
const SEED = 20_260_614
const [SOUTH, WEST] = [47.5, 6.5]
const [METRES_LAT, METRES_LON] = [111_195, 70_000]
const PIECE = 1 << 22

/** @param millions of stop times: 25 is the whole country, less a sample of it */
export function writeCountry(path: string, millions: number): Country {
  const towns = buildLand(millions / WHOLE, SEED)
  const lines = buildLines(towns, SEED + 1)
  const zip = new ZipWriter(path)
  const text = (name: string, rows: Iterable<string>): void => writeText(zip, name, rows)
  text('agency.txt', agencies(towns))
  text('feed_info.txt', [
    'feed_publisher_name,feed_publisher_url,feed_lang,feed_version',
    'Bench,https://bench.invalid,de,1',
  ])
  text('stops.txt', stopRows(towns))
  text('routes.txt', routeRows(lines))
  text('calendar.txt', calendar(towns))
  text('calendar_dates.txt', exceptions(towns))
  text('transfers.txt', transfers(towns))
  text('trips.txt', tripRows(lines))
  const { trips, stopTimes } = writeStopTimes(zip, lines)
  zip.close()
  const stops = towns.reduce((n, town) => n + town.stops.reduce((m, s) => m + 1 + s.bays + s.tracks, 0), 0)
  const big = towns[Math.min(1, towns.length - 1)]!
  const radius = Math.max(...big.stops.map(s => Math.abs(s.y - big.y)))
  const city = [lon(big.x - radius), lat(big.y - radius), lon(big.x + radius), lat(big.y + radius)].join(',')
  return { millions, stops, routes: lines.length, trips, stopTimes, city }
}

function writeText(zip: ZipWriter, name: string, rows: Iterable<string>): void {
  zip.begin(name)
  let piece: string[] = []
  let length = 0
  for (const row of rows) {
    piece.push(row, '\n')
    length += row.length + 1
    if (length < PIECE) continue
    zip.push(Buffer.from(piece.join('')))
    piece = []
    length = 0
  }
  zip.push(Buffer.from(piece.join('')))
  zip.end()
}

// ── the small files ───────────────────────────────────────────────────────────────────────────────────────────────────

const lat = (y: number): string => (SOUTH + y / METRES_LAT).toFixed(6)
const lon = (x: number): string => (WEST + x / METRES_LON).toFixed(6)
const stationId = (stop: Stop): string => `de:${10_000 + (stop.number % 6000)}:${stop.number}`
const platformId = (stop: Stop, platform: number): string => `${stationId(stop)}:0:${platform + 1}`

/** One operator per town that has lines of its own. */
function* agencies(towns: readonly Town[]): Generator<string> {
  yield 'agency_id,agency_name,agency_url,agency_timezone,agency_lang'
  for (const [i, town] of towns.entries())
    if (town.stops.length >= TOWN)
      yield `${i},Verkehrsbetriebe ${town.name},https://bench.invalid/${i},Europe/Berlin,de`
}

function* stopRows(towns: readonly Town[]): Generator<string> {
  yield 'stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding,platform_code'
  for (const town of towns)
    for (const stop of town.stops) {
      const accessible = stop.number % 3
      yield `${stationId(stop)},"${stop.name}",${lat(stop.y)},${lon(stop.x)},1,,${accessible},`
      for (let p = 0; p < stop.bays + stop.tracks; p++) {
        // tracks lie 12 m apart behind the bus bays
        const [x, y] = [stop.x + (p % 2) * 30, stop.y + (p >= stop.bays ? 60 + 12 * (p - stop.bays) : 8 * p)]
        const code = p >= stop.bays ? p - stop.bays + 1 : String.fromCharCode(65 + p)
        yield `${platformId(stop, p)},"${stop.name}",${lat(y)},${lon(x)},0,${stationId(stop)},${accessible},${code}`
      }
    }
}

const ROUTE_TYPE: Readonly<Record<LineKind, number>> = {
  tram: 0,
  city: 3,
  town: 3,
  village: 3,
  regional: 106,
  express: 101,
}

function* routeRows(lines: readonly Line[]): Generator<string> {
  yield 'route_id,agency_id,route_short_name,route_long_name,route_type'
  for (const [i, line] of lines.entries()) yield `r${i},${line.operator},${line.name},,${ROUTE_TYPE[line.kind]}`
}

const FIRST_DAY = '20260614'
const LAST_DAY = '20261212'
const PUBLIC_HOLIDAYS = ['20260815', '20261003', '20261031', '20261101']
/** Mondays to Fridays without school. */
const SCHOOL_HOLIDAYS = [...weekdaysOf(2026, 6, 20, 32), ...weekdaysOf(2026, 9, 5, 10)]

function weekdaysOf(year: number, month: number, day: number, count: number): string[] {
  const days: string[] = []
  for (
    let date = new Date(Date.UTC(year, month, day));
    days.length < count;
    date = new Date(date.getTime() + 86_400_000)
  )
    if (date.getUTCDay() % 6 !== 0) days.push(date.toISOString().slice(0, 10).replaceAll('-', ''))
  return days
}

/** The day on which an operator's new timetables begin. */
const changeDay = (operator: number): [last: string, first: string] => {
  const date = Date.UTC(2026, 7, 3 + (operator % 40))
  return [date - 86_400_000, date].map(ms => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')) as [
    string,
    string,
  ]
}

function* calendar(towns: readonly Town[]): Generator<string> {
  yield 'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date'
  for (const [i, town] of towns.entries()) {
    if (town.stops.length < TOWN) continue
    const [last, first] = changeDay(i)
    for (const [service, days, from, to] of [
      ['weekday', '1,1,1,1,1,0,0', FIRST_DAY, LAST_DAY],
      ['school', '1,1,1,1,1,0,0', FIRST_DAY, LAST_DAY],
      ['saturday', '0,0,0,0,0,1,0', FIRST_DAY, LAST_DAY],
      ['sunday', '0,0,0,0,0,0,1', FIRST_DAY, LAST_DAY],
      ['night', '0,0,0,0,1,1,0', FIRST_DAY, LAST_DAY],
      ['before', '1,1,1,1,1,0,0', FIRST_DAY, last],
      ['after', '1,1,1,1,1,0,0', first, LAST_DAY],
    ] as const)
      yield `${service}-${i},${days},${from},${to}`
  }
}

function* exceptions(towns: readonly Town[]): Generator<string> {
  yield 'service_id,date,exception_type'
  for (const [i, town] of towns.entries()) {
    if (town.stops.length < TOWN) continue
    for (const day of PUBLIC_HOLIDAYS) {
      for (const service of ['weekday', 'school', 'saturday', 'before', 'after']) yield `${service}-${i},${day},2`
      yield `sunday-${i},${day},1`
    }
    for (const day of SCHOOL_HOLIDAYS) yield `school-${i},${day},2`
  }
}

/** Changes in stations take longer the larger these are. */
function* transfers(towns: readonly Town[]): Generator<string> {
  yield 'from_stop_id,to_stop_id,transfer_type,min_transfer_time'
  for (const town of towns) {
    const [station] = town.stops
    if (town.railway && station)
      yield `${stationId(station)},${stationId(station)},2,${Math.min(480, 120 + 30 * station.tracks)}`
  }
}

// ── the large ones ────────────────────────────────────────────────────────────────────────────────────────────────────

function* tripRows(lines: readonly Line[]): Generator<string> {
  yield 'route_id,service_id,trip_id,trip_headsign,direction_id,block_id,wheelchair_accessible,bikes_allowed'
  let trip = 1
  for (const [i, line] of lines.entries())
    for (const { service, back, from, to, vehicle } of runsOf(line, i, SEED)) {
      const last = back === 0 ? line.stops[to]! : line.stops[line.stops.length - 1 - to]!
      const block = vehicle < 0 ? '' : `${i}-${SERVICES.indexOf(service)}-${vehicle}`
      const access = from > 0 || line.kind === 'village' ? '0,0' : line.kind === 'express' ? '1,2' : '1,1'
      yield `r${i},${service}-${line.operator},${trip++},"${last.name}",${back},${block},${access}`
    }
}

/** Rows as bytes: a trip's are its id, two times of eight digits, and a tail that is the same for each run of a line. */
function writeStopTimes(zip: ZipWriter, lines: readonly Line[]): { trips: number; stopTimes: number } {
  zip.begin('stop_times.txt')
  const piece = Buffer.alloc(PIECE + 4096)
  let filled = piece.write('trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n')
  let [trips, stopTimes] = [0, 0]
  const number = (n: number): void => {
    filled += piece.write(String(n), filled, 'latin1')
  }
  const time = (seconds: number): void => {
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    for (const two of [h, m, s]) {
      piece[filled++] = 48 + Math.floor(two / 10)
      piece[filled++] = 48 + (two % 10)
      piece[filled++] = 58
    }
    piece[filled - 1] = 44
  }
  for (const [index, line] of lines.entries()) {
    const dwell = line.kind === 'express' ? 120 : line.kind === 'regional' ? 60 : 0
    const tails = ([0, 1] as const).map(back => tailsOf(line, back))
    const paces = new Map<number, readonly number[]>()
    for (const { back, start, from, to, pace } of runsOf(line, index, SEED)) {
      const hops = paces.getOrInsertComputed(back * 1000 + pace, () => runSeconds(line, back, pace))
      trips++
      let departure = start
      for (let k = from; k <= to; k++) {
        const arrival =
          k === from ? start : departure + hops[k - 1]! - (k < to ? Math.min(dwell, hops[k - 1]! - 60) : 0)
        departure = k === from ? start : departure + hops[k - 1]!
        number(trips)
        piece[filled++] = 44
        time(arrival)
        time(k === to ? arrival : departure)
        filled += tails[back]![k]!.copy(piece, filled)
        stopTimes++
        if (filled < PIECE) continue
        zip.push(piece.subarray(0, filled))
        filled = 0
      }
    }
  }
  zip.push(piece.subarray(0, filled))
  zip.end()
  return { trips, stopTimes }
}

function tailsOf(line: Line, back: 0 | 1): Buffer[] {
  const stops = back === 0 ? line.stops : line.stops.toReversed()
  const platforms = back === 0 ? line.platforms[0] : line.platforms[1].toReversed()
  return stops.map((stop, k) => Buffer.from(`${platformId(stop, platforms[k]!)},${k},0,0\n`))
}

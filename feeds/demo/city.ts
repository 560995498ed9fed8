// The demo city put together: the facts of lines.ts become stations with platforms, and each line two patterns (there and back) with
// the path that its vehicles follow and the time that they take. Platforms, paths and times are invented, but plausible.

import { METRES_PER_DEGREE } from '#engine/core/geo.ts'
import { LINES, type LineFacts, STATIONS, type Track } from './lines.ts'

export interface Platform {
  readonly id: string
  readonly station: Station
  /** Number of the track, as on the sign. */
  readonly code: string
  readonly track: Track
  readonly lat: number
  readonly lon: number
  /** Unit vector along the rails: east, north. */
  readonly east: number
  readonly north: number
}

export interface Station {
  readonly id: string
  readonly name: string
  readonly lat: number
  readonly lon: number
  readonly wheelchair: boolean
  /** Two per track, one for each direction: [there, back, there, back, …]. */
  readonly platforms: Platform[]
}

export interface Line {
  readonly name: string
  readonly track: Track
  readonly colour: string
  readonly longName: string
  readonly facts: LineFacts
}

/** One direction of a line. Seconds are counted from the departure at the first stop. */
export interface Pattern {
  readonly line: Line
  readonly direction: 0 | 1
  readonly headsign: string
  readonly platforms: readonly Platform[]
  readonly arrivals: Int32Array
  readonly departures: Int32Array
  /** Which stop the timetable is made at. */
  readonly anchor: number
  readonly path: Path
}

/** A polyline with its length; `stops` says how many metres along it each stop lies. */
export interface Path {
  readonly lat: Float64Array
  readonly lon: Float64Array
  readonly metres: Float64Array
  readonly stops: Float64Array
}

export interface City {
  readonly stations: readonly Station[]
  readonly lines: readonly Line[]
  readonly patterns: readonly Pattern[]
}

/** How a vehicle moves: cruising speed, seconds lost to starting and braking, seconds at a stop. */
const MOTION: Record<Track, { readonly speed: number; readonly lost: number; readonly dwell: number }> = {
  I: { speed: 14, lost: 18, dwell: 24 },
  II: { speed: 14, lost: 18, dwell: 24 },
  III: { speed: 12, lost: 16, dwell: 24 },
  S: { speed: 20, lost: 42, dwell: 36 },
  H: { speed: 10, lost: 14, dwell: 30 },
  bus: { speed: 10.5, lost: 15, dwell: 18 },
}

/** Planners in the Ruhr write times in tenths of a minute. */
const TICK = 6
/** Rails and roads are longer than the beeline. */
const DETOUR = 1.08
const POINTS_PER_HOP = 4

export const metresEast = (lat: number): number => METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180)

export function metresApart(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  return Math.hypot((b.lat - a.lat) * METRES_PER_DEGREE, (b.lon - a.lon) * metresEast(a.lat))
}

/** Always the same. */
export function buildCity(): City {
  const stations = readStations()
  const byName = new Map(stations.map(s => [s.name, s]))
  const lines: Line[] = []
  const patterns: Pattern[] = []
  for (const facts of LINES) {
    const calls = facts.stations.split('·').map(name => {
      const station = byName.get(fullName(name.trim()))
      if (!station) throw new Error(`${facts.name} calls at '${name.trim()}', which is no station of the table`)
      return station
    })
    const longName = `${calls[0]!.name} – ${calls.at(-1)!.name.replace('Dortmund ', '')}`
    const line = { name: facts.name, track: facts.track, colour: facts.colour, longName, facts }
    lines.push(line)
    addPlatforms(calls, facts.track)
    patterns.push(buildPattern(line, 0, calls), buildPattern(line, 1, calls.toReversed()))
  }
  return { stations, lines, patterns }
}

const fullName = (name: string): string => (name.startsWith('Dortmund') ? name : `Dortmund ${name}`)

function readStations(): Station[] {
  return STATIONS.trim()
    .split('\n')
    .map(row => {
      const [number, lat, lon, ...name] = row.split(' ')
      return {
        id: `de:05913:${number}`,
        name: fullName(name.join(' ')),
        lat: Number(lat),
        lon: Number(lon),
        // which stations have no lift is made up: about one in eleven
        wheelchair: Number(number) % 11 !== 0,
        platforms: [],
      }
    })
}

/** Gives every station of the line a pair of platforms for its track, 9 m apart, along the line; lines of one track share them. */
function addPlatforms(calls: readonly Station[], track: Track): void {
  for (const [i, station] of calls.entries()) {
    if (station.platforms.some(p => p.track === track)) continue
    const [before, after] = [calls[Math.max(0, i - 1)]!, calls[Math.min(calls.length - 1, i + 1)]!]
    const [dx, dy] = [(after.lon - before.lon) * metresEast(station.lat), (after.lat - before.lat) * METRES_PER_DEGREE]
    const length = Math.hypot(dx, dy)
    const [east, north] = [dx / length, dy / length]
    // a second and third track of a station lie off to the right: 45 m each
    const pair = station.platforms.length / 2
    for (const direction of [0, 1]) {
      const right = pair * 45 + (direction === 0 ? 4.5 : -4.5)
      station.platforms.push({
        id: `${station.id}:${pair + 1}:${pair * 2 + direction + 1}`,
        station,
        code: `${pair * 2 + direction + 1}`,
        track,
        lat: station.lat - (east * right) / METRES_PER_DEGREE,
        lon: station.lon + (north * right) / metresEast(station.lat),
        east,
        north,
      })
    }
  }
}

/** The platform of a station at which the line's vehicles of this direction stop. */
function platformOf(station: Station, track: Track, direction: 0 | 1): Platform {
  return station.platforms.filter(p => p.track === track)[direction]!
}

function buildPattern(line: Line, direction: 0 | 1, calls: readonly Station[]): Pattern {
  const platforms = calls.map(station => platformOf(station, line.track, direction))
  const path = buildPath(platforms)
  const { speed, lost, dwell } = MOTION[line.track]
  const arrivals = new Int32Array(calls.length)
  const departures = new Int32Array(calls.length)
  for (let i = 1; i < calls.length; i++) {
    const metres = metresApart(calls[i - 1]!, calls[i]!) * DETOUR
    const ride = Math.ceil((metres / speed + lost) / TICK) * TICK
    arrivals[i] = departures[i - 1]! + ride
    departures[i] = arrivals[i]! + (i === calls.length - 1 ? 0 : dwell)
  }
  return {
    line,
    direction,
    headsign: line.facts.beyond?.[direction === 0 ? 1 : 0] ?? calls.at(-1)!.name,
    platforms,
    arrivals,
    departures,
    anchor: calls.findIndex(s => s.name === fullName(line.facts.anchor)),
    path,
  }
}

/** A Catmull-Rom spline through the platforms: what a railway would do, and good enough to look at. */
function buildPath(platforms: readonly Platform[]): Path {
  const n = (platforms.length - 1) * POINTS_PER_HOP + 1
  const [lat, lon, metres] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const stops = new Float64Array(platforms.length)
  const at = (i: number): Platform => platforms[Math.min(platforms.length - 1, Math.max(0, i))]!
  for (let i = 0; i < n; i++) {
    const hop = Math.floor(i / POINTS_PER_HOP)
    const t = (i % POINTS_PER_HOP) / POINTS_PER_HOP
    lat[i] = spline(at(hop - 1).lat, at(hop).lat, at(hop + 1).lat, at(hop + 2).lat, t)
    lon[i] = spline(at(hop - 1).lon, at(hop).lon, at(hop + 1).lon, at(hop + 2).lon, t)
    const before = { lat: lat[i - 1]!, lon: lon[i - 1]! }
    if (i > 0) metres[i] = metres[i - 1]! + metresApart(before, { lat: lat[i]!, lon: lon[i]! })
    if (t === 0) stops[hop] = metres[i]!
  }
  return { lat, lon, metres, stops }
}

function spline(a: number, b: number, c: number, d: number, t: number): number {
  // tension ¼ instead of ½: stops of uneven distance would make it swing out
  return (
    b +
    t *
      (0.25 * (c - a) +
        t * (0.5 * a - 2.75 * b + 2.5 * c - 0.25 * d + t * (-0.25 * a + 1.75 * b - 1.75 * c + 0.25 * d)))
  )
}

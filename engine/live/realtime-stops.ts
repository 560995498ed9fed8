// Stops and lines that a message brings along (H7–H9). A stop takes a number of the timetable's room; as with added trips it keeps it as long
// as it says the same.

import { E7, toE7 } from '../core/geo.ts'
import type { FeedIdx, StopIdx } from '../core/ids.ts'
import { extraStop, extraStopText } from '../timetable/room.ts'
import { STOP_TEXT_BYTES, type Timetable, type TimetableColumns } from '../timetable/timetable.ts'
import type { Line } from './extra-trips.ts'

export interface RealtimeStop {
  readonly feed: FeedIdx
  readonly stopId: string
  readonly name: string
  readonly platformCode: string
  /** 1e-7 degrees. */
  readonly lat: number
  readonly lon: number
  /** The station it belongs to, or NONE. */
  readonly parent: number
  /** 0 unknown, 1 yes, 2 no. */
  readonly wheelchair: number
}

const utf8 = new TextEncoder()

/** The numbers given to realtime stops: never taken back while the process runs, so that nothing that names one is ever wrong. */
class RealtimeStops {
  private readonly tt: Timetable
  private readonly numbers = new Map<string, StopIdx>()

  constructor(tt: Timetable) {
    this.tt = tt
  }

  /** The stop's number; undefined when there is no room for another. */
  claim(stop: RealtimeStop): StopIdx | undefined {
    const key = JSON.stringify(stop)
    const known = this.numbers.get(key)
    if (known !== undefined) return known
    const row = this.numbers.size
    if (row >= this.tt.counts.roomStops) return undefined
    const number = extraStop(this.tt, row)
    if (!writeStop(this.tt as unknown as TimetableColumns, this.tt, row, number, stop)) return undefined
    this.numbers.set(key, number)
    return number
  }

  /** Those given out so far, in order. */
  all(): readonly StopIdx[] {
    return [...this.numbers.values()]
  }
}

const stores = new WeakMap<Timetable, RealtimeStops>()
/** A timetable has its room once, whoever reads it. */
export const realtimeStopsOf = (tt: Timetable): RealtimeStops =>
  stores.getOrInsertComputed(tt, () => new RealtimeStops(tt))

function writeStop(
  to: TimetableColumns,
  { counts, stringBegin }: Timetable,
  row: number,
  s: StopIdx,
  stop: RealtimeStop,
): boolean {
  const texts = [stop.stopId, stop.name, stop.platformCode].map(text => utf8.encode(text))
  if (texts.reduce((sum, bytes) => sum + bytes.length, 0) > STOP_TEXT_BYTES) return false
  let at = counts.stringBytes + counts.roomTrips * counts.roomTextBytes + row * STOP_TEXT_BYTES
  const [id, name, platform] = texts.map((bytes, i) => {
    if (bytes.length === 0) return 0
    const number = extraStopText({ counts } as Timetable, row, i)
    to.stringBytes.set(bytes, at)
    stringBegin[number] = at
    at += bytes.length
    stringBegin[number + 1] = at
    return number
  })
  to.stopFeed[s] = stop.feed
  to.stopId[s] = id!
  to.stopName[s] = name!
  to.stopPlatform[s] = platform!
  to.stopLat[s] = stop.lat
  to.stopLon[s] = stop.lon
  to.stopParent[s] = stop.parent
  to.stopZone[s] = to.feedZone[stop.feed]!
  to.stopLocationType[s] = 0
  to.stopWheelchair[s] = stop.wheelchair
  to.stopHasPosition[s] = 1
  return true
}

/** Google's encoded polyline of precision 5 → points; undefined when it is none or has fewer than two (H8). */
export function decodeLine(polyline: string): Line | undefined {
  const lat: number[] = []
  const lon: number[] = []
  let [y, x, at] = [0, 0, 0]
  const next = (): number => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 5) {
      const bits = polyline.charCodeAt(at++) - 63
      if (!(bits >= 0 && bits < 64)) return Number.NaN
      value += (bits & 31) * 2 ** shift
      if (bits < 32) return value % 2 === 1 ? -(value + 1) / 2 : value / 2
    }
    return Number.NaN
  }
  while (at < polyline.length) {
    y += next()
    x += next()
    if (!(Math.abs(y) <= 90e5 && Math.abs(x) <= 180e5)) return undefined
    lat.push(y * (E7 / 1e5))
    lon.push(x * (E7 / 1e5))
  }
  return lat.length < 2 ? undefined : { lat, lon }
}

/** Degrees as a message has them; undefined when that is no place. */
export const placeE7 = (lat: number | undefined, lon: number | undefined): [number, number] | undefined =>
  lat !== undefined && lon !== undefined && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0)
    ? [toE7(lat), toE7(lon)]
    : undefined

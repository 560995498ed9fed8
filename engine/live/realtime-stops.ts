// Stops and lines that a message brings along (H7–H9). A stop takes a number of the timetable's room and keeps it as long as it says the same.
// Whoever names it keeps it: the source that told of it, and the added trips in use that call there (extra-trips.ts). A number that nobody names
// any more is given to another stop, the longest unused first.

import { toE7 } from '../core/geo.ts'
import type { FeedIdx, StopIdx } from '../core/ids.ts'
import { platformsOf } from '../footpaths/rules.ts'
import { nearbyStops, straightLineSeconds } from '../footpaths/transfers.ts'
import { extraStop, extraStopText, isExtraStop } from '../timetable/room.ts'
import { STOP_TEXT_BYTES, type Timetable, type TimetableColumns } from '../timetable/timetable.ts'

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

/** The stops that only realtime knows, as they are now, and the walks from and to them. */
export interface AddedStops {
  /** Another one, and these are others. */
  readonly version: number
  /** The last one told first: of two with one stop_id that is the one meant. */
  readonly stops: readonly StopIdx[]
  /** from, to, seconds, from, … */
  readonly walks: readonly number[]
}

/** The numbers given to realtime stops. Walks lead to whatever is near or in the same station, in straight lines: nobody has asked the streets. */
export class RealtimeStops {
  private readonly tt: Timetable
  private readonly rowOf = new Map<string, number>()
  private readonly keyOf: (string | undefined)[]
  private readonly users: Uint32Array
  // row → which stop of all that were ever written it holds
  private readonly serials: Uint32Array
  private written = 0
  // rows without users, the longest unused first
  private readonly free: Set<number>
  private known: AddedStops = { version: 0, stops: [], walks: [] }
  private knownAs = ''

  constructor(tt: Timetable) {
    this.tt = tt
    const rows = tt.counts.roomStops
    this.keyOf = Array.from({ length: rows })
    this.users = new Uint32Array(rows)
    this.serials = new Uint32Array(rows)
    this.free = new Set(this.users.keys())
  }

  /** The stop's number, kept once for the caller; or why it has none. */
  claim(stop: RealtimeStop): StopIdx | 'no_room_for_stop' | 'stop_too_long' {
    const key = JSON.stringify(stop)
    let row = this.rowOf.get(key)
    if (row === undefined) {
      row = this.free.values().next().value
      if (row === undefined) return 'no_room_for_stop'
      if (!writeStop(this.tt as unknown as TimetableColumns, this.tt, row, extraStop(this.tt, row), stop))
        return 'stop_too_long'
      const old = this.keyOf[row]
      if (old !== undefined) this.rowOf.delete(old)
      this.keyOf[row] = key
      this.rowOf.set(key, row)
      this.serials[row] = ++this.written
    }
    const number = extraStop(this.tt, row)
    this.keep(number)
    return number
  }

  /** Of stops of the timetable, nothing. */
  keep(stop: StopIdx): void {
    const row = this.row(stop)
    if (row >= 0 && this.users[row]!++ === 0) this.free.delete(row)
  }

  release(stop: StopIdx): void {
    const row = this.row(stop)
    if (row >= 0 && --this.users[row]! === 0) this.free.add(row)
  }

  /** Which of the stops that had this number it is; 0 for one of the timetable. */
  serialOf(stop: StopIdx): number {
    return this.serials[this.row(stop)] ?? 0
  }

  /** @param named stops, those of the timetable among them left out; default: all that somebody keeps */
  added(named: Iterable<StopIdx> = this.kept()): AddedStops {
    const stops = [...new Set(named)]
      .filter(stop => isExtraStop(this.tt, stop))
      .sort((a, b) => this.serialOf(b) - this.serialOf(a))
    const as = stops.map(stop => this.serialOf(stop)).join()
    if (as !== this.knownAs) {
      const walks = stops.flatMap(stop => this.walksOf(stop, stops))
      this.known = { version: this.known.version + 1, stops, walks }
      this.knownAs = as
    }
    return this.known
  }

  /** Is there any at all? */
  get any(): boolean {
    return this.free.size < this.users.length
  }

  private kept(): StopIdx[] {
    return [...this.users.keys()].filter(row => this.users[row]! > 0).map(row => extraStop(this.tt, row))
  }

  private row(stop: StopIdx): number {
    return stop - extraStop(this.tt, 0)
  }

  /** Out and, where the other end is a stop of the timetable, back. */
  private walksOf(stop: StopIdx, added: readonly StopIdx[]): number[] {
    const { tt } = this
    const isThere = (other: number): boolean => other < extraStop(tt, 0) || added.includes(other as StopIdx)
    const near = nearbyStops(tt, stop, other => tt.stopLocationType[other] === 0 && isThere(other))
    const station = tt.stopParent[stop]
    const beside = station < tt.counts.stops ? platformsOf(tt, station).filter(isThere) : []
    const others = new Set([...near, ...beside])
    others.delete(stop)
    return [...others].flatMap(other => {
      const seconds = straightLineSeconds(tt, stop, other as StopIdx)
      return [stop, other, seconds, ...(this.row(other as StopIdx) < 0 ? [other, stop, seconds] : [])]
    })
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

/** Degrees as a message has them; undefined when that is no place. */
export const placeE7 = (lat: number | undefined, lon: number | undefined): [number, number] | undefined =>
  lat !== undefined && lon !== undefined && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0)
    ? [toE7(lat), toE7(lon)]
    : undefined

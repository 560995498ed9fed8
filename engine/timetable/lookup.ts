// From the names of the world to indices: public ids (`<tag>_<GTFS id>`), the feeds' own ids, and positions. Names as people type them are
// engine/places/.
// Derived from the timetable alone, so each thread builds its own; what is large or seldom used is built when first asked for.

import Flatbush from 'flatbush'
import { type Box, boxAround, metresBetween } from '../core/geo.ts'
import type { FeedIdx, RouteIdx, StopIdx, TripIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { buildIdIndex, buildTripIndex, findId, type IdIndex } from './ids.ts'
import { isExtraStop } from './room.ts'
import { CAN_BOARD, dayWords, rootStop, slotStop, type Timetable } from './timetable.ts'

export interface StopLookup {
  readonly tt: Timetable
  /** Stop → mean departures a day; a station has those of all its platforms. How important a stop is. */
  readonly departures: Float64Array
  readonly feedByTag: ReadonlyMap<string, FeedIdx>
  readonly stopIds: IdIndex
  readonly routeIds: IdIndex
  /** Stops with a position; `located` tells which stop an item of the index is. Undefined when there is none. */
  readonly points: Flatbush | undefined
  readonly located: Uint32Array
  readonly lazy: { tripIds?: IdIndex }
}

/** What finds stops by id, by the beginning of their name, and around a point. */
export function buildLookup(tt: Timetable): StopLookup {
  const located: number[] = []
  for (let s = 0; s < tt.counts.stops; s++) if (tt.stopHasPosition[s]) located.push(s)
  let points: Flatbush | undefined
  if (located.length > 0) {
    points = new Flatbush(located.length, 16, Int32Array)
    for (const s of located) points.add(tt.stopLon[s]!, tt.stopLat[s]!, tt.stopLon[s]!, tt.stopLat[s]!)
    points.finish()
  }
  return {
    tt,
    departures: countDepartures(tt),
    feedByTag: new Map(Array.from(tt.feedTag, (tag, feed) => [textOf(tt, tag), feed as FeedIdx])),
    stopIds: buildIdIndex(tt, tt.counts.stops - tt.counts.roomStops, tt.stopFeed, tt.stopId),
    routeIds: buildIdIndex(tt, tt.counts.routes, tt.routeFeed, tt.routeId),
    points,
    located: Uint32Array.from(located),
    lazy: {},
  }
}

// ── ids ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `<tag>_<id>`, or the feed's own id while only one feed has it. */
export const findStop = (l: StopLookup, id: string): StopIdx | undefined =>
  findPublic(l, l.stopIds, id) as StopIdx | undefined
export const findRoute = (l: StopLookup, id: string): RouteIdx | undefined =>
  findPublic(l, l.routeIds, id) as RouteIdx | undefined
export const tripByFeedId = (l: StopLookup, feed: FeedIdx, id: string): TripIdx | undefined =>
  findRow(l.tt, tripIds(l), id, feed) as TripIdx | undefined

function tripIds(l: StopLookup): IdIndex {
  l.lazy.tripIds ??= buildTripIndex(l.tt)
  return l.lazy.tripIds
}

function findPublic(l: StopLookup, index: IdIndex, id: string): number | undefined {
  const cut = id.indexOf('_')
  const feed = cut > 0 ? l.feedByTag.get(id.slice(0, cut)) : undefined
  const tagged = feed === undefined ? undefined : findRow(l.tt, index, id.slice(cut + 1), feed)
  return tagged ?? findRow(l.tt, index, id)
}

const utf8 = new TextEncoder()

/** The row with this id in `feed`; without a feed only if a single feed has it. */
function findRow(tt: Timetable, index: IdIndex, id: string, feed?: FeedIdx): number | undefined {
  const wanted = utf8.encode(id)
  if (feed !== undefined) return findId(tt, index, feed, wanted, 0, wanted.length)
  let found: number | undefined
  for (let f = 0; f < tt.counts.feeds; f++) {
    const row = findId(tt, index, f, wanted, 0, wanted.length)
    if (row !== undefined && found !== undefined) return undefined
    found ??= row
  }
  return found
}

// ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface StopNear {
  readonly stop: StopIdx
  readonly metres: number
}

/** Rows of stops.txt within `metres` of a point (1e-7 degrees), nearest first. */
export function stopsNear(l: StopLookup, lat: number, lon: number, metres: number): StopNear[] {
  return stopsInBox(l, boxAround(lat, lon, metres))
    .map(stop => ({ stop, metres: metresBetween(lat, lon, l.tt.stopLat[stop]!, l.tt.stopLon[stop]!) }))
    .filter(near => near.metres <= metres)
    .sort((a, b) => a.metres - b.metres || a.stop - b.stop)
}

/** How many of the nearest in degrees are measured in metres. */
const MEASURED = 16

/** The stop or platform nearest to a point (1e-7 degrees), however far; undefined: none has a position. */
export function nearestStop({ tt, points, located }: StopLookup, lat: number, lon: number): StopIdx | undefined {
  const isStop = (item: number): boolean =>
    tt.stopLocationType[located[item]!] === 0 && !isExtraStop(tt, located[item]!)
  const near = points?.neighbors(lon, lat, MEASURED, Number.POSITIVE_INFINITY, isStop) ?? []
  const metres = (s: StopIdx): number => metresBetween(lat, lon, tt.stopLat[s]!, tt.stopLon[s]!)
  const stops = near.map(item => located[item]! as StopIdx)
  return stops.length === 0 ? undefined : stops.reduce((best, stop) => (metres(stop) < metres(best) ? stop : best))
}

/** Rows of stops.txt in a box, in no order. */
export function stopsInBox(l: StopLookup, { south, west, north, east }: Box): StopIdx[] {
  return l.points?.search(west, south, east, north).map(item => l.located[item]! as StopIdx) ?? []
}

/** Mean departures a day at each stop, summed up to the stations. */
export function countDepartures(tt: Timetable): Float64Array {
  const words = dayWords(tt.counts.days)
  const daysOf = new Uint32Array(tt.counts.services)
  for (let i = 0; i < tt.serviceDays.length; i++) daysOf[Math.floor(i / words)]! += ones(tt.serviceDays[i]!)
  const departures = new Float64Array(tt.counts.stops)
  for (let p = 0; p < tt.counts.patterns; p++) {
    let runs = 0
    for (let t = tt.tripBegin[p]! as TripIdx; t < tt.tripBegin[p + 1]!; t++)
      runs += daysOf[tt.tripService[t]]! * runsPerDay(tt, t)
    for (let slot = tt.slotBegin[p]!; slot < tt.slotBegin[p + 1]!; slot++) {
      if ((tt.slots[slot]! & CAN_BOARD) === 0) continue
      const stop = slotStop(tt.slots[slot]!)
      const root = rootStop(tt, stop)
      departures[stop]! += runs / tt.counts.days
      if (root !== stop) departures[root]! += runs / tt.counts.days
    }
  }
  return departures
}

function runsPerDay(tt: Timetable, t: TripIdx): number {
  const [begin, end] = [tt.tripFrequencyBegin[t]!, tt.tripFrequencyBegin[t + 1]!]
  if (begin === end) return 1
  let runs = 0
  for (let f = begin; f < end; f++)
    runs += Math.ceil((tt.frequencyEnd[f]! - tt.frequencyStart[f]!) / tt.frequencyHeadway[f]!)
  return runs
}

/** Bits set in a word of 32. */
function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

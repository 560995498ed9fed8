// GTFS ids as UTF-8 bytes (a message's, a request's) → rows of the timetable, without making a string of either. An open-addressing hash
// table of row + 1 per id; equality is decided on the bytes of both sides.

import type { Column, FeedIdx } from '../core/ids.ts'
import { hashBytes } from '../core/strings.ts'
import type { Timetable } from './timetable.ts'

export interface IdIndex {
  /** hash → row + 1, 0 = free; a power of two of slots, at most half of them taken. */
  readonly slots: Uint32Array
  readonly feedOf: Column<number>
  /** row → its id, a StringIdx. */
  readonly textOf: Column<number>
}

/** Are a[aBegin … aEnd) and b[bBegin … bEnd) the same? */
export function sameBytes(
  a: Uint8Array,
  aBegin: number,
  aEnd: number,
  b: Uint8Array,
  bBegin: number,
  bEnd: number,
): boolean {
  const length = aEnd - aBegin
  if (length !== bEnd - bBegin) return false
  for (let i = 0; i < length; i++) if (a[aBegin + i] !== b[bBegin + i]) return false
  return true
}

/** @param textOf row → its id as a StringIdx; an id is looked for within its feed */
export function buildIdIndex(tt: Timetable, rows: number, feedOf: Column<number>, textOf: Column<number>): IdIndex {
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * rows + 2)))
  const mask = slots.length - 1
  for (let row = 0; row < rows; row++) {
    const text = textOf[row]!
    let at = hashBytes(tt.stringBytes, tt.stringBegin[text]!, tt.stringBegin[text + 1]!, feedOf[row]!) & mask
    while (slots[at] !== 0) at = (at + 1) & mask
    slots[at] = row + 1
  }
  return { slots, feedOf, textOf }
}

/** The row whose id these bytes are, or undefined. */
export function findId(
  tt: Timetable,
  index: IdIndex,
  feed: number,
  bytes: Uint8Array,
  begin: number,
  end: number,
): number | undefined {
  const { slots, feedOf, textOf } = index
  const mask = slots.length - 1
  for (let at = hashBytes(bytes, begin, end, feed) & mask; slots[at] !== 0; at = (at + 1) & mask) {
    const row = slots[at]! - 1
    if (feedOf[row] === feed && isText(tt, textOf[row]!, bytes, begin, end)) return row
  }
  return undefined
}

/** Is this byte range the timetable's text `text`? */
export const isText = (tt: Timetable, text: number, bytes: Uint8Array, begin: number, end: number): boolean =>
  sameBytes(bytes, begin, end, tt.stringBytes, tt.stringBegin[text]!, tt.stringBegin[text + 1]!)

/** The ids that messages speak in. */
export interface FeedIds {
  readonly tt: Timetable
  readonly trips: IdIndex
  readonly stops: IdIndex
  readonly routes: IdIndex
}

export const buildTripIndex = (tt: Timetable): IdIndex => buildIdIndex(tt, tt.counts.trips, tt.tripFeed, tt.tripId)

/** Ids of the feeds' files → rows; what only realtime knows is not among them. */
export const buildFeedIds = (tt: Timetable): FeedIds => ({
  tt,
  trips: buildTripIndex(tt),
  stops: buildIdIndex(tt, tt.counts.stops - tt.counts.roomStops, tt.stopFeed, tt.stopId),
  routes: buildIdIndex(tt, tt.counts.routes, tt.routeFeed, tt.routeId),
})

/** The row whose id these bytes are in the first of these feeds that has it. */
export function findIn(
  tt: Timetable,
  index: IdIndex,
  feeds: readonly FeedIdx[],
  bytes: Uint8Array,
  begin: number,
  end: number,
): number | undefined {
  for (const feed of feeds) {
    const found = findId(tt, index, feed, bytes, begin, end)
    if (found !== undefined) return found
  }
  return undefined
}

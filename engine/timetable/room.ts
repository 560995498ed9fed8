// Room for what only realtime knows: trips, stops and routes that the timetable's file does not have, as rows of the same columns behind its
// own. So whoever reads a trip (search, boards, legs, maps) reads an added one the same way, and nobody needs a case for it.
//
//   trips     0 … trips − 1 │ trips … trips + roomTrips − 1              each with a pattern, slots, texts and a line of its own, at
//   patterns  0 …           │ one pair of range entries per added trip   fixed places, so that its number says where all of it lies
//   stops     0 …           │ … the last roomStops of counts.stops       without name and position until one is used
//   routes    0 …           │ one per feed, for runs that name none
//
// A file has no room (it would be a tenth of it); a network gets it when it is opened. The rows are written by the thread that owns realtime,
// before the generation that names them is published, and again only when no generation names them any more (live/extra-trips.ts).

import type { FeedIdx } from '../core/ids.ts'
import { NONE, type PatternIdx, type RouteIdx, type StopIdx, type TripIdx } from '../core/ids.ts'
import { createTimetable, STOP_TEXTS, type Timetable, type TimetableCounts } from './timetable.ts'

export type Room = Pick<
  TimetableCounts,
  'roomTrips' | 'roomSlots' | 'roomTexts' | 'roomTextBytes' | 'roomPoints' | 'roomStops' | 'roomRoutes'
>

export const NO_ROOM: Room = {
  roomTrips: 0,
  roomSlots: 0,
  roomTexts: 0,
  roomTextBytes: 0,
  roomPoints: 0,
  roomStops: 0,
  roomRoutes: 0,
}

/** One in eight trips may be added, each somewhat longer than the longest known. */
function roomFor({ counts, slotBegin }: Timetable): Room {
  let longest = 0
  for (let p = 0; p < counts.patterns; p++) longest = Math.max(longest, slotBegin[p + 1]! - slotBegin[p]!)
  return {
    roomTrips: Math.min(2048, Math.max(256, counts.trips >> 3)),
    roomSlots: Math.min(256, Math.max(48, longest + 24)),
    roomTexts: 12,
    roomTextBytes: 768,
    roomPoints: 512,
    roomStops: 64,
    roomRoutes: counts.feeds,
  }
}

/** The same timetable with room behind its rows. */
export function makeRoom(tt: Timetable, room: Room = roomFor(tt)): Timetable {
  if (tt.counts.roomTrips > 0) return tt
  const { counts } = tt
  const wide = createTimetable({ ...counts, stops: counts.stops + room.roomStops, ...room })
  const columns = wide as unknown as Record<string, Uint32Array>
  for (const [name, column] of Object.entries(tt) as [string, Uint32Array][]) {
    if (!ArrayBuffer.isView(column)) continue
    const wider = columns[name]!
    wider.set(column)
    // what is added has nothing of its own in a table of ranges
    if (name.endsWith('Begin')) wider.fill(column.at(-1) ?? 0, column.length)
  }
  for (let s = counts.stops; s < wide.counts.stops; s++) wide.stopParent[s] = NONE
  wide.tripShape.fill(NONE, counts.trips)
  for (let feed = 0; feed < room.roomRoutes; feed++) {
    const route = counts.routes + feed
    const agency = tt.agencyFeed.indexOf(feed)
    wide.routeFeed[route] = feed
    wide.routeAgency[route] = agency < 0 ? NONE : agency
    wide.routeColor[route] = wide.routeTextColor[route] = NONE
    wide.routeType[route] = BUS
  }
  return wide as unknown as Timetable
}

const BUS = 3

// ── which row is where ────────────────────────────────────────────────────────────────────────────────────────────────
/** A trip that only realtime knows. */
export const isExtraTrip = (tt: Timetable, trip: number): boolean => trip >= tt.counts.trips && trip !== NONE
/** One that stands for no trip of the timetable. */
export const isNewTrip = (tt: Timetable, trip: number): boolean =>
  isExtraTrip(tt, trip) && tt.roomTripIsNew[trip - tt.counts.trips] === 1
export const extraTrip = (tt: Timetable, row: number): TripIdx => (tt.counts.trips + row) as TripIdx
// the entry behind the timetable's own ends its last pattern (text): pairs begin after it
export const extraPattern = ({ counts }: Timetable, row: number): PatternIdx =>
  (counts.patterns + 1 + 2 * row) as PatternIdx
export const extraSlot = ({ counts }: Timetable, row: number): number => counts.patternSlots + row * counts.roomSlots
export const extraProfile = ({ counts }: Timetable, row: number): number =>
  counts.profileTimes + 2 * row * counts.roomSlots
export const extraText = ({ counts }: Timetable, row: number, i: number): number =>
  counts.strings + 1 + 2 * (row * counts.roomTexts + i)
export const extraStopText = ({ counts }: Timetable, row: number, i: number): number =>
  counts.strings + 1 + 2 * (counts.roomTrips * counts.roomTexts + row * STOP_TEXTS + i)
export const extraStop = ({ counts }: Timetable, row: number): StopIdx =>
  (counts.stops - counts.roomStops + row) as StopIdx
/** All numbers of stops that only realtime knows, used or not. */
export const extraStops = (tt: Timetable): StopIdx[] =>
  Array.from({ length: tt.counts.roomStops }, (_, row) => extraStop(tt, row))
/** A stop that only realtime knows. */
export const isExtraStop = (tt: Timetable, stop: number): boolean => stop >= extraStop(tt, 0) && stop < tt.counts.stops
/** The route of this feed's runs that name none. */
export const routeUnknown = ({ counts }: Timetable, feed: FeedIdx): RouteIdx => (counts.routes + feed) as RouteIdx

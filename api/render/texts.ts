// Texts and public ids of a timetable. Decoding costs more than all the rest of an answer, so each text is decoded once; the memory for
// that is bounded. Every text is flat: JSON.stringify is four times as fast on an answer without a rope in it.
//
//   stop   <tag>_<stop_id>       route  <tag>_<route_id>       vehicle  <tag>_<vehicle id>
//   run    YYYYMMDD_HH:MM_<tag>_<trip_id>    service day and first departure in GTFS notation (25:30 is possible); of a run that the
//                                            timetable does not have date and time of its first departure in UTC

import type { RouteIdx, StopIdx, TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import {
  DAY,
  formatDate,
  formatTime,
  parseDate,
  parseTime,
  type ServiceDay,
  type UnixSeconds,
} from '#engine/core/time.ts'
import { isExtraStop, isNewTrip } from '#engine/timetable/room.ts'
import { dayStart, rootStop, type Timetable, zoneOfTrip } from '#engine/timetable/timetable.ts'
import { type Original, translate } from '#engine/timetable/translations.ts'

const MAX_REMEMBERED = 200_000
const remembered = new WeakMap<Timetable, Map<number, string>>()

/** Joined in one piece of memory; `+` and templates make a rope (V8's ConsString) of whatever is longer than twelve characters. */
export const flat = (...parts: readonly (string | number)[]): string => parts.join('')

/** The text of a string index; '' for none. */
export function text(tt: Timetable, i: number): string {
  // a text of a run that realtime added: another one may stand there in the next generation
  if (i >= tt.counts.strings) return textOf(tt, i)
  let known = remembered.get(tt)
  if (!known || known.size > MAX_REMEMBERED) {
    known = new Map()
    remembered.set(tt, known)
  }
  let found = known.get(i)
  if (found === undefined) {
    found = textOf(tt, i)
    known.set(i, found)
  }
  return found
}

/** The text, or undefined where the feed has none: empty members are left out of answers. */
export const textOrNone = (tt: Timetable, i: number): string | undefined => text(tt, i) || undefined

const tag = (tt: Timetable, feed: number): string => text(tt, tt.feedTag[feed]!)

const stopIds = new WeakMap<Timetable, Map<StopIdx, string>>()
export function publicStopId(tt: Timetable, s: StopIdx): string {
  const written = (): string => flat(tag(tt, tt.stopFeed[s]), '_', text(tt, tt.stopId[s]!))
  // another stop may stand there in the next generation
  if (isExtraStop(tt, s)) return written()
  return stopIds.getOrInsertComputed(tt, () => new Map()).getOrInsertComputed(s, written)
}
export const publicRouteId = (tt: Timetable, r: RouteIdx): string =>
  flat(tag(tt, tt.routeFeed[r]), '_', text(tt, tt.routeId[r]!))
/** Named by its service day and start; a run that the timetable does not have by when it is to set out, in UTC, as MOTIS names it. */
export function publicTripId(tt: Timetable, t: TripIdx, day: ServiceDay, shift: number): string {
  const start = tt.tripStart[t]! + shift
  const named = (date: ServiceDay, time: number): string =>
    flat(
      formatDate(date),
      '_',
      formatTime(time).slice(0, -3),
      '_',
      tag(tt, tt.tripFeed[t]),
      '_',
      text(tt, tt.tripId[t]!),
    )
  if (!isNewTrip(tt, t)) return named(day, start)
  const first = dayStart(tt, zoneOfTrip(tt, t), day) + start + tt.profileTimes[tt.tripProfile[t]! + 1]!
  return named(Math.floor(first / DAY) as ServiceDay, first % DAY)
}

/** A vehicle of a source: stable while the feed calls it the same. */
export const publicVehicleId = (
  { sources }: { readonly sources: readonly { readonly tag: string }[] },
  { source, id }: { readonly source: number; readonly id: string },
): string => `${sources[source]?.tag ?? ''}_${id}`

export interface RunName {
  readonly day: ServiceDay
  /** First departure, seconds of the service day, cut to the minute. */
  readonly start: number
  readonly tag: string
  readonly tripId: string
}

/** A run's public id taken apart; undefined if it is none. */
export function parseRunId(id: string): RunName | undefined {
  const m = /^(\d{8})_(\d{1,3}:\d\d)_([^_]+)_(.+)$/s.exec(id)
  const day = m && parseDate(m[1]!)
  const start = m && parseTime(`${m[2]}:00`)
  return m && day !== undefined && start !== undefined && day !== null && start !== null
    ? { day, start, tag: m[3]!, tripId: m[4]! }
    : undefined
}

/** What riders call the place: the station's name, not the platform's. */
export const placeName = (tt: Timetable, s: StopIdx, languages: readonly string[]): string =>
  stopName(tt, rootStop(tt, s), languages)

/** A text in the first of the rider's languages that the feed has it in (S45). */
export const inLanguage = (tt: Timetable, original: Original, languages: readonly string[]): string =>
  text(tt, translate(tt, original, languages))

/** The stop's own name. */
export const stopName = (tt: Timetable, s: StopIdx, languages: readonly string[]): string =>
  inLanguage(tt, { field: 'stops.stop_name', feed: tt.stopFeed[s], row: s, text: tt.stopName[s]! }, languages)
export const stopDescription = (tt: Timetable, s: StopIdx, languages: readonly string[]): string =>
  inLanguage(tt, { field: 'stops.stop_desc', feed: tt.stopFeed[s], row: s, text: tt.stopDesc[s]! }, languages)

export function routeShortName(tt: Timetable, r: RouteIdx, languages: readonly string[]): string {
  const [feed, name] = [tt.routeFeed[r], tt.routeShortName[r]!]
  return inLanguage(tt, { field: 'routes.route_short_name', feed, row: r, text: name }, languages)
}
export function routeLongName(tt: Timetable, r: RouteIdx, languages: readonly string[]): string {
  const [feed, name] = [tt.routeFeed[r], tt.routeLongName[r]!]
  return inLanguage(tt, { field: 'routes.route_long_name', feed, row: r, text: name }, languages)
}

/** Name of the route's agency; '' when the feed names none. */
export function agencyName(tt: Timetable, r: RouteIdx, languages: readonly string[]): string {
  const agency = tt.routeAgency[r]
  if (agency >= tt.counts.agencies) return ''
  const [feed, name] = [tt.agencyFeed[agency]!, tt.agencyName[agency]!]
  return inLanguage(tt, { field: 'agency.agency_name', feed, row: agency, text: name }, languages)
}

export function tripShortName(tt: Timetable, t: TripIdx, languages: readonly string[]): string {
  const [feed, name] = [tt.tripFeed[t], tt.tripShortName[t]!]
  return inLanguage(tt, { field: 'trips.trip_short_name', feed, row: t, text: name }, languages)
}

/** Name of the time zone that a trip's times are in. */
export const zoneNameOfTrip = (tt: Timetable, t: TripIdx): string | undefined =>
  textOrNone(tt, tt.zoneName[zoneOfTrip(tt, t)]!)

// most times come again: in the same answer, and in the next
const MAX_TIMES = 50_000
const times = new Map<number, string>()

/** RFC 3339 in UTC, to the second. Throws RangeError for what is no time. */
export function utc(t: UnixSeconds | number): string {
  const second = Math.floor(t)
  const known = times.get(second)
  if (known !== undefined) return known
  if (times.size >= MAX_TIMES) times.clear()
  const written = flat(new Date(second * 1000).toISOString().slice(0, -5), 'Z')
  times.set(second, written)
  return written
}

/** `0xRRGGBB` → `RRGGBB`; undefined when the feed names no colour. */
export const colorText = (color: number): string | undefined =>
  color > 0xff_ffff ? undefined : color.toString(16).padStart(6, '0').toUpperCase()

// Updates that bring a trip of their own: NEW and ADDED (F6–F16), REPLACEMENT (F17), DUPLICATED (F18–F20). Each becomes a row of the room
// (extra-trips.ts) that everything after here treats like a trip of the timetable; a REPLACEMENT stands for the run that it takes away.

import type { FeedIdx, RouteIdx, StopIdx, TripIdx, ZoneIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { DAY, parseDate, parseTime, type ServiceDay, type UnixSeconds } from '../core/time.ts'
import { isGuessed } from '../timetable/frequencies.ts'
import { findId, findIn } from '../timetable/ids.ts'
import { routeUnknown } from '../timetable/room.ts'
import { dayStart, runsOn, type Timetable } from '../timetable/timetable.ts'
import { type ExtraCall, type ExtraTripRow, likeTrip } from './extra-trips.ts'
import { hasTripId, type Match, nearestDay } from './match.ts'
import {
  ARRIVAL_DELAY,
  ARRIVAL_TIME,
  DEPARTURE,
  type DecodedMessage,
  DROP_OFF_TYPE,
  messageText,
  NO_TIME,
  PICKUP_TYPE,
  SCHEDULED_ARRIVAL,
  STOP_HEADSIGN,
  StopRelationship,
} from './message.ts'
import { isTooFar } from './plausible.ts'
import type { Reading } from './reading.ts'
import type { Rejection } from './reasons.ts'
import { MAX_UNIX_SECONDS } from './times.ts'

/** A run that the timetable does not have. */
export interface Addition {
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly dated: boolean
  /** Update row of each stop; undefined: to be located by sequence and stop_id, as in the trip it is a copy of. */
  readonly rows: readonly number[] | undefined
}

/** Added runs lie from 0 to 48 h after their service day's begin (D13). */
const LATEST = 2 * DAY
/** Planned times may run back by so much and are set right (D10). */
const MAX_REPAIR = 120

/** The run that update `i` adds (NEW, ADDED). */
export function newTrip(reading: Reading, i: number): Addition | Rejection {
  const { m, feeds, ids } = reading
  const { tt } = ids
  const d = m.updates.columns.descriptor[i]!
  const c = m.descriptors.columns
  const tripId = messageText(m, c.tripIdBegin[d]!, c.tripIdEnd[d]!)
  if (tripId.trim() === '') return 'invalid_descriptor'
  const feed = feeds[0]!
  const route = routeOf(reading, d, feed)
  if (route === undefined) return 'route_not_found'
  const direction = c.direction[d]!
  const start = parseTime(messageText(m, c.startTimeBegin[d]!, c.startTimeEnd[d]!))
  const named = { feed: routeFeed(tt, route, feed), tripId, route, direction, access: 0, headsign: '', shortName: '' }
  return ownStops(reading, i, { ...named, start, isNew: true })
}

const routeFeed = (tt: Timetable, route: RouteIdx, feed: FeedIdx): FeedIdx =>
  route < tt.counts.routes ? tt.routeFeed[route] : feed

/** Undefined when it is unknown, or none is given and the source may not do that (F9). */
function routeOf({ m, feeds, ids, options }: Reading, d: number, feed: FeedIdx): RouteIdx | undefined {
  const c = m.descriptors.columns
  const [begin, end] = [c.routeIdBegin[d]!, c.routeIdEnd[d]!]
  if (begin !== end) return findIn(ids.tt, ids.routes, feeds, m.bytes, begin, end) as RouteIdx | undefined
  return options.addedWithoutRoute && ids.tt.counts.roomRoutes > 0 ? routeUnknown(ids.tt, feed) : undefined
}

/** The run that takes the place of `match` (REPLACEMENT): same name, line and vehicle, stops of its own. */
export function replacementTrip(reading: Reading, i: number, match: Match): Addition | Rejection {
  const { calls: _, line: __, ...like } = likeTrip(reading.ids.tt, match.trip, match.shift)
  return ownStops(reading, i, like, match.day)
}

/** The service day that an update which adds a run names, if it does. */
export function dayGiven(m: DecodedMessage, i: number): ServiceDay | undefined {
  const day = givenDate(m, i)
  return day === 'bad_start_date' ? undefined : day
}

type Described = Omit<ExtraTripRow, 'calls' | 'line' | 'start'> & { readonly start: number | undefined }

/** The update's own stop list as a trip. */
function ownStops(reading: Reading, i: number, like: Described, onDay?: ServiceDay): Addition | Rejection {
  const { m, extras, warnings } = reading
  const { tt } = reading.ids
  const u = m.updates.columns
  const zone = zoneOf(tt, like.route, like.feed)
  const given = givenDate(m, i)
  if (given === 'bad_start_date') return given
  const first = plannedAt(m, u.stopsBegin[i]!)
  if (first === undefined) return u.stopsBegin[i] === u.stopsEnd[i] ? 'no_updates' : 'times_missing'
  const day = onDay ?? given ?? reading.options.serviceDay ?? localDay(tt, zone, first.departure)
  if (!isDay(tt, day)) return 'outside_service_period'
  const begin = dayStart(tt, zone, day)
  const calls: ExtraCall[] = []
  const rows: number[] = []
  let before = Number.NEGATIVE_INFINITY
  const c = m.stops.columns
  for (let s = u.stopsBegin[i]!; s < u.stopsEnd[i]!; s++) {
    const stop = stopOf(reading, like.feed, s)
    if (stop === undefined) {
      // where it begins and ends has to be known (F7)
      if (s === u.stopsBegin[i] || s === u.stopsEnd[i]! - 1) return 'stop_not_found'
      warnings.add('bad_stop_ref')
      continue
    }
    const skipped = c.relationship[s] === StopRelationship.skipped
    const planned =
      plannedAt(m, s) ?? (skipped && before > Number.NEGATIVE_INFINITY ? passing(begin + before) : undefined)
    if (planned === undefined) return 'times_missing'
    const arrival = Math.max(planned.arrival - begin, before)
    const departure = Math.max(planned.departure - begin, arrival)
    if (arrival - (planned.arrival - begin) > MAX_REPAIR || departure - (planned.departure - begin) > MAX_REPAIR)
      return 'times_run_back'
    if (arrival < 0 || departure > LATEST) return 'outside_service_day'
    const last = calls.at(-1)
    if (last && isTooFar(tt, last.stop, stop, arrival - last.departure)) return 'implausible_speed'
    calls.push({
      stop,
      arrival,
      departure,
      sequence: c.sequence[s] === 0xffff_ffff ? calls.length + 1 : c.sequence[s]!,
      pickupType: c.given[s]! & PICKUP_TYPE ? c.pickupType[s]! : 0,
      dropOffType: c.given[s]! & DROP_OFF_TYPE ? c.dropOffType[s]! : 0,
      headsign: c.given[s]! & STOP_HEADSIGN ? messageText(m, c.headsignBegin[s]!, c.headsignEnd[s]!) : '',
    })
    rows.push(s)
    before = departure
  }
  if (calls.length < 2) return 'too_few_stops'
  const start = like.start ?? calls[0]!.departure
  const trip = extras.claim({ ...like, ...properties(reading, i, like), start, calls })
  return trip === undefined ? 'no_room' : { trip, day, dated: given !== undefined, rows }
}

const passing = (time: number) => ({ arrival: time, departure: time })

/** Headsign, short name and line, as trip_properties have them where they do. */
function properties(
  reading: Reading,
  i: number,
  like: Described,
): Pick<ExtraTripRow, 'headsign' | 'shortName' | 'line'> {
  const { m } = reading
  const u = m.updates.columns
  const shapeId = messageText(m, u.newShapeBegin[i]!, u.newShapeEnd[i]!)
  const line = shapeId === '' ? undefined : reading.lineOf(shapeId)
  if (shapeId !== '' && line === undefined) reading.warnings.add('bad_shape')
  return {
    headsign: messageText(m, u.newHeadsignBegin[i]!, u.newHeadsignEnd[i]!) || like.headsign,
    shortName: messageText(m, u.newShortNameBegin[i]!, u.newShortNameEnd[i]!) || like.shortName,
    ...(line && { line }),
  }
}

/**
 * A copy of a trip at another time (DUPLICATED): named by trip_properties (F18) or, as real producers do, by the descriptor's own start and
 * date alone (F19).
 */
export function duplicatedTrip(reading: Reading, i: number): Addition | Rejection {
  const { m, feeds, ids, extras } = reading
  const { tt } = ids
  const u = m.updates.columns
  const c = m.descriptors.columns
  const d = u.descriptor[i]!
  const original = hasTripId(m, d)
    ? (findIn(tt, ids.trips, feeds, m.bytes, c.tripIdBegin[d]!, c.tripIdEnd[d]!) as TripIdx | undefined)
    : undefined
  if (original === undefined) return 'trip_not_found'
  if (isGuessed(tt, original)) return 'freq_start_mismatch'
  const text = (own: number, ownEnd: number, begin: number, end: number): string =>
    messageText(m, own, ownEnd) || messageText(m, begin, end)
  const startText = text(u.newStartTimeBegin[i]!, u.newStartTimeEnd[i]!, c.startTimeBegin[d]!, c.startTimeEnd[d]!)
  const start = parseTime(startText)
  if (start === undefined) return startText === '' ? 'start_time_missing' : 'bad_start_time'
  const dateText = text(u.newStartDateBegin[i]!, u.newStartDateEnd[i]!, c.startDateBegin[d]!, c.startDateEnd[d]!)
  const day =
    dateText === ''
      ? nearestDay(tt, original, start - tt.tripStart[original]!, reading.messageTime)
      : parseDate(dateText)
  if (day === undefined) return 'bad_start_date'
  if (!isDay(tt, day)) return 'outside_service_period'
  if (u.stopsBegin[i] === u.stopsEnd[i]) return 'no_updates'
  if (!operatesSoon(tt, original, day)) reading.warnings.add('duplicate_of_idle_trip')
  const copy = likeTrip(tt, original, start - tt.tripStart[original]!)
  const tripId =
    messageText(m, u.newTripIdBegin[i]!, u.newTripIdEnd[i]!) ||
    `${textOf(tt, tt.tripId[original]!)}@${dateText}T${startText.replaceAll(':', '')}`
  const trip = extras.claim({ ...copy, tripId, isNew: true, ...properties(reading, i, copy) })
  return trip === undefined ? 'no_room' : { trip, day, dated: dateText !== '', rows: undefined }
}

/** The base service should run within the next 30 days (F20). */
function operatesSoon(tt: Timetable, trip: TripIdx, day: ServiceDay): boolean {
  for (let d = day; d <= day + 30; d++) if (runsOn(tt, tt.tripService[trip], d as ServiceDay)) return true
  return false
}

// ── the parts of an update ────────────────────────────────────────────────────────────────────────────────────────────
function givenDate(m: DecodedMessage, i: number): ServiceDay | undefined | 'bad_start_date' {
  const u = m.updates.columns
  const c = m.descriptors.columns
  const d = u.descriptor[i]!
  const text =
    messageText(m, u.newStartDateBegin[i]!, u.newStartDateEnd[i]!) ||
    messageText(m, c.startDateBegin[d]!, c.startDateEnd[d]!)
  return text === '' ? undefined : (parseDate(text) ?? 'bad_start_date')
}

const isDay = ({ counts }: Timetable, day: number): boolean =>
  day >= counts.firstDay && day < counts.firstDay + counts.days

function zoneOf(tt: Timetable, route: RouteIdx, feed: FeedIdx): ZoneIdx {
  const agency = tt.routeAgency[route]
  return (agency < tt.counts.agencies ? tt.agencyZone[agency]! : tt.feedZone[feed]!) as ZoneIdx
}

/** The service day that begins last before `time`. */
function localDay(tt: Timetable, zone: ZoneIdx, time: number): ServiceDay {
  const { firstDay, days } = tt.counts
  const near = Math.min(Math.max(Math.floor(time / DAY), firstDay), firstDay + days - 1) as ServiceDay
  const offset = dayStart(tt, zone, near) - near * DAY
  const day = Math.floor((time - offset) / DAY) as ServiceDay
  // in the night in which the clocks change the day begins an hour earlier or later than by them
  if (isDay(tt, day) && dayStart(tt, zone, day) > time) return (day - 1) as ServiceDay
  const next = (day + 1) as ServiceDay
  return isDay(tt, next) && dayStart(tt, zone, next) <= time ? next : day
}

/** The stop of row `s`: one of the timetable's or one that the message brings along (H9). */
function stopOf({ m, ids, stopAdded }: Reading, feed: FeedIdx, s: number): StopIdx | undefined {
  const c = m.stops.columns
  const [begin, end] = [c.stopIdBegin[s]!, c.stopIdEnd[s]!]
  if (begin === end) return undefined
  const found = findId(ids.tt, ids.stops, feed, m.bytes, begin, end) as StopIdx | undefined
  if (found !== undefined) return ids.tt.stopLocationType[found] === 0 ? found : undefined
  return stopAdded(messageText(m, begin, end))
}

/** Planned arrival and departure, Unix seconds: as stated, else the time less its delay; one may stand for both. */
function plannedAt(m: DecodedMessage, s: number): { arrival: number; departure: number } | undefined {
  const c = m.stops.columns
  const given = c.given[s]!
  const arrival = planned(given, c.scheduledArrival[s]!, c.arrivalTime[s]!, c.arrivalDelay[s]!)
  const departure = planned(given >> DEPARTURE, c.scheduledDeparture[s]!, c.departureTime[s]!, c.departureDelay[s]!)
  if (arrival === undefined && departure === undefined) return undefined
  return { arrival: arrival ?? departure!, departure: departure ?? arrival! }
}

/** @param given with the bits of an arrival */
function planned(given: number, scheduled: number, time: number, delay: number): number | undefined {
  if (given & SCHEDULED_ARRIVAL && isTime(scheduled)) return scheduled
  if (!(given & ARRIVAL_TIME) || !isTime(time)) return undefined
  return given & ARRIVAL_DELAY ? time - delay : time
}

const isTime = (time: number): time is UnixSeconds => time > NO_TIME && time < MAX_UNIX_SECONDS

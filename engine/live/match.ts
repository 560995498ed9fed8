// TripDescriptor → run: the trip, its service day and, for frequencies, by how much it starts later than the trip. Rules B1–B17 and
// G1–G2. Exactly one run or a reason why not. Runs that the timetable does not have are in additions.ts and detours.ts.

import type { FeedIdx, PatternIdx, TripIdx } from '../core/ids.ts'
import { DAY, parseDate, parseTime, type ServiceDay, type UnixSeconds } from '../core/time.ts'
import { isFrequencyStart } from '../timetable/frequencies.ts'
import { findId, findIn, type IdIndex, isText } from '../timetable/ids.ts'
import { dayStart, patternLength, runsOn, type Timetable, zoneOfTrip } from '../timetable/timetable.ts'
import { type DecodedMessage, messageText, NO_VALUE } from './message.ts'
import type { Reading } from './reading.ts'
import type { Rejection, Tally, Warning } from './reasons.ts'

/** Where matchTrip puts its answer; one object, used again. */
export interface Match {
  trip: TripIdx
  day: ServiceDay
  shift: number
  /** Was the service day given, rather than inferred (D13)? */
  dated: boolean
}

export const createMatch = (): Match => ({ trip: 0 as TripIdx, day: 0 as ServiceDay, shift: 0, dated: false })

/** Does one of the feeds have this trip_id? The filter that skips a country's other trips unread. */
export const knowsTrip =
  (tt: Timetable, index: IdIndex, feeds: readonly FeedIdx[]) =>
  (bytes: Uint8Array, begin: number, end: number): boolean =>
    findIn(tt, index, feeds, bytes, begin, end) !== undefined

/**
 * @param d row of the message's descriptors
 * @param reference unix seconds of the first predicted time, else of the message: decides the service day when none is given (B7)
 * @returns undefined when `into` holds the run
 */
export function matchTrip(reading: Reading, d: number, reference: UnixSeconds, into: Match): Rejection | undefined {
  const { m, feeds, warnings } = reading
  const { tt, trips } = reading.ids
  const c = m.descriptors.columns

  let day: ServiceDay | undefined
  if (c.startDateEnd[d]! > c.startDateBegin[d]!) {
    day = dateOf(m, c.startDateBegin[d]!, c.startDateEnd[d]!)
    if (day === undefined) return 'bad_start_date'
  }
  let start: number | undefined
  const hasStart = c.startTimeEnd[d]! > c.startTimeBegin[d]!
  if (hasStart) start = parseTime(messageText(m, c.startTimeBegin[d]!, c.startTimeEnd[d]!))

  if (!hasTripId(m, d)) {
    if (day === undefined || !hasStart || c.routeIdBegin[d] === c.routeIdEnd[d]) return 'invalid_descriptor'
    if (start === undefined) return 'bad_start_time'
    return matchByRoute(reading, d, day, start, into)
  }
  day ??= reading.options.serviceDay
  const trip =
    (findIn(tt, trips, feeds, m.bytes, c.tripIdBegin[d]!, c.tripIdEnd[d]!) as TripIdx | undefined) ??
    reading.keys?.find(messageText(m, c.tripIdBegin[d]!, c.tripIdEnd[d]!), day)
  if (trip === undefined) return 'trip_not_found'
  if (trip === 'ambiguous') return 'ambiguous_trip'

  into.trip = trip
  into.shift = 0
  into.dated = day !== undefined
  checkRoute(tt, m, d, trip, warnings)

  if (tt.tripFrequencyBegin[trip + 1]! > tt.tripFrequencyBegin[trip]!) {
    if (!hasStart) return 'start_time_missing'
    if (start === undefined) return 'bad_start_time'
    if (!isFrequencyStart(tt, trip, start)) return 'freq_start_mismatch'
    into.shift = start - tt.tripStart[trip]!
  } else if (hasStart && start !== tt.tripStart[trip]) {
    // the producer wrote the calendar date and a time below 24:00 for a trip of the night before (B4)
    if (day !== undefined && start !== undefined && start + DAY === tt.tripStart[trip]) {
      const before = (day - 1) as ServiceDay
      if (runsOn(tt, tt.tripService[trip], before)) {
        warnings.add('date_shifted')
        into.day = before
        return undefined
      }
    }
    warnings.add('start_time_mismatch')
  }

  day ??= nearestDay(tt, trip, into.shift, reference)
  if (day === undefined || !runsOn(tt, tt.tripService[trip], day)) return 'no_service_on_date'
  into.day = day
  return undefined
}

/** Without a trip_id, route, date and start time have to leave exactly one trip; a direction narrows them (B8). */
function matchByRoute(
  { m, feeds, ids: { tt, routes } }: Reading,
  d: number,
  day: ServiceDay,
  start: number,
  into: Match,
): Rejection | undefined {
  const c = m.descriptors.columns
  let rejection: Rejection = 'trip_not_found'
  let found = 0
  // as written, or else the night trip of the day before (B4)
  for (let back = 0; back <= 1 && found === 0; back++)
    for (const feed of feeds) {
      const route = findId(tt, routes, feed, m.bytes, c.routeIdBegin[d]!, c.routeIdEnd[d]!)
      if (route === undefined) continue
      for (let p = firstPattern(tt, route); tt.patternRoute[p as PatternIdx] === route; p++)
        for (let t = firstFrom(tt, p, start + back * DAY); t < tt.tripBegin[p + 1]!; t++) {
          const trip = t as TripIdx
          if (tt.tripStart[trip] !== start + back * DAY) break
          if (!fitsDirection(tt, m, d, trip) || tt.tripFrequencyBegin[t + 1]! > tt.tripFrequencyBegin[t]!) continue
          const date = (day - back) as ServiceDay
          rejection = 'no_service_on_date'
          if (!runsOn(tt, tt.tripService[trip], date)) continue
          found++
          into.trip = trip
          into.day = date
          into.shift = 0
          into.dated = true
        }
    }
  if (found === 1) return undefined
  return found > 1 ? 'ambiguous_trip' : rejection
}

function fitsDirection(tt: Timetable, m: DecodedMessage, d: number, trip: TripIdx): boolean {
  const direction = m.descriptors.columns.direction[d]!
  return direction === NO_VALUE || tt.tripDirection[trip] === NO_VALUE || tt.tripDirection[trip] === direction
}

/** First trip of a pattern that starts at or after `start`. */
const firstFrom = (tt: Timetable, p: number, start: number): number =>
  firstAtLeast(tt.tripStart, tt.tripBegin[p]!, tt.tripBegin[p + 1]!, start)

/** First pattern of a route or of one behind it: patterns lie route by route. */
const firstPattern = (tt: Timetable, route: number): number =>
  firstAtLeast(tt.patternRoute, 0, tt.counts.patterns, route)

function firstAtLeast(ascending: ArrayLike<number>, begin: number, end: number, value: number): number {
  let low = begin
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** The trip_id is trusted; a route or direction that contradicts it is only worth a warning (B10). */
function checkRoute(tt: Timetable, m: DecodedMessage, d: number, trip: TripIdx, warnings: Tally<Warning>): void {
  const c = m.descriptors.columns
  const route = tt.patternRoute[tt.tripPattern[trip]]
  if (
    c.routeIdBegin[d] !== c.routeIdEnd[d] &&
    !isText(tt, tt.routeId[route]!, m.bytes, c.routeIdBegin[d]!, c.routeIdEnd[d]!)
  )
    warnings.add('route_mismatch')
  if (!fitsDirection(tt, m, d, trip)) warnings.add('direction_mismatch')
}

/**
 * Of yesterday, today and tomorrow, the day on which the trip runs nearest to `reference`; the earlier of two as near (B7). For a trip
 * that starts at 49:00:00, "today" is the service day of two days ago.
 */
export function nearestDay(
  tt: Timetable,
  trip: TripIdx,
  shift: number,
  reference: UnixSeconds,
): ServiceDay | undefined {
  const zone = zoneOfTrip(tt, trip)
  const { firstDay, days } = tt.counts
  const start = tt.tripStart[trip]! + shift
  const end = start + tt.profileTimes[tt.tripProfile[trip]! + 2 * patternLength(tt, tt.tripPattern[trip]) - 1]!
  const inTimetable = Math.min(Math.max(Math.floor(reference / DAY), firstDay), firstDay + days - 1) as ServiceDay
  const offset = dayStart(tt, zone, inTimetable) - inTimetable * DAY
  const today = Math.floor((reference - offset) / DAY) - Math.floor(start / DAY)
  let best: ServiceDay | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (let day = (today - 1) as ServiceDay; day <= today + 1; day++) {
    if (!runsOn(tt, tt.tripService[trip], day)) continue
    const at = reference - dayStart(tt, zone, day)
    const distance = at < start ? start - at : at > end ? at - end : 0
    if (distance < bestDistance) {
      best = day
      bestDistance = distance
    }
  }
  return best
}

/** A trip_id of blanks is none (B14). */
export function hasTripId(m: DecodedMessage, d: number): boolean {
  const c = m.descriptors.columns
  for (let i = c.tripIdBegin[d]!; i < c.tripIdEnd[d]!; i++) if (m.bytes[i] !== 0x20) return true
  return false
}

// Nearly every descriptor of a message has the same few dates: parsed once, then only compared.
let knownDate = new Uint8Array(0)
let knownDay: ServiceDay | undefined

function dateOf(m: DecodedMessage, begin: number, end: number): ServiceDay | undefined {
  if (knownDate.length === end - begin && knownDate.every((b, i) => b === m.bytes[begin + i])) return knownDay
  knownDate = m.bytes.slice(begin, end)
  knownDay = parseDate(messageText(m, begin, end))
  return knownDay
}

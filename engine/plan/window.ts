// Which departures (arrive by: arrivals) a query is about, and how that window grows. Windows are half-open and laid side by side: a range
// search leaves out what a departure after its window betters, so the journeys of neighbouring windows are those of one large window.
//
//                      first window                grows          never beyond
//   depart, auto       [time, time + window)       later          24 h from its fixed end
//   arrive by, auto    [time − window, time + 1)   earlier        the same
//   page later         begins as above             later
//   page earlier       depart: [time − window, time)  earlier     both: the next page begins where this one ended

import type { UnixSeconds } from '../core/time.ts'
import { daysBetween, type ZoneDay } from '../horizon/days.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Journey } from '../transit/journey.ts'
import { MAX_TRAVEL_TIME, type Query, queryDefaults } from './query.ts'

export interface Window {
  readonly begin: UnixSeconds
  readonly end: UnixSeconds
}

/** Seconds; windows that were asked wider stay as they are. */
const WIDEST = 24 * 3600
/** Seconds by which a window grows at least: where nothing was found, and where something was. */
const [FIRST_STEP, LEAST] = [3600, 900]
/** How much wider than what was searched before, at most, and than what journeys at equal distances would need. */
const [MOST, SPARE] = [3, 1.25]

const windowOf = (begin: number, end: number): Window => ({ begin: begin as UnixSeconds, end: end as UnixSeconds })

/** Does it grow towards earlier times? */
export const growsEarlier = (q: Pick<Query, 'extend' | 'arriveBy'>): boolean =>
  q.extend === 'earlier' || (q.extend === 'auto' && q.arriveBy)

/** What a window is about: when a journey departs (arrive by: arrives). */
export const timeOf = ({ arriveBy }: Pick<Query, 'arriveBy'>, { departure, arrival }: Journey): UnixSeconds =>
  arriveBy ? arrival : departure
export const isIn = (q: Pick<Query, 'arriveBy'>, { begin, end }: Window, j: Journey): boolean =>
  timeOf(q, j) >= begin && timeOf(q, j) < end

/** Where the search begins; a single moment for a window of 0. */
export function firstWindow(q: Query): Window {
  if (q.window === 0) return windowOf(q.time, q.time)
  if (q.arriveBy) return windowOf(q.time - q.window, q.time + 1)
  return q.extend === 'earlier' ? windowOf(q.time - q.window, q.time) : windowOf(q.time, q.time + q.window)
}

/**
 * The next piece of a window that grows, bordering on what was searched: as wide as what is still missing probably needs, twice as wide in all as
 * long as nothing was found that would tell. Undefined when it may not grow.
 * @param found journeys so far
 */
export function nextWindow(q: Query, { begin, end }: Window, found: number): Window | undefined {
  const searched = end - begin
  if (q.window === 0 || searched >= WIDEST) return undefined
  const missing = q.minJourneys - found
  const likely =
    found > 0 && missing > 0
      ? Math.min(MOST * searched, Math.max(LEAST, searched / 2, (missing * searched * SPARE) / found))
      : Math.max(FIRST_STEP, searched)
  const width = Math.min(60 * Math.ceil(likely / 60), WIDEST - searched)
  return growsEarlier(q) ? windowOf(begin - width, begin) : windowOf(end, end + width)
}

/** All that a window which grows may still come to. */
export function restOf(q: Query, { begin, end }: Window): Window {
  const width = Math.max(0, WIDEST - (end - begin))
  return growsEarlier(q) ? windowOf(begin - width, begin) : windowOf(end, end + width)
}

/** Nothing that a plan looks at lies outside this span. */
export function spanOf(q: Query): Window {
  const reach = Math.min(q.maxTravelTime, MAX_TRAVEL_TIME)
  const { begin, end } = firstWindow(q)
  const widest = q.window > 0 && q.minJourneys > 0 ? Math.max(WIDEST, end - begin) : end - begin
  const [first, last] = growsEarlier(q) ? [end - widest, end] : [begin, begin + widest]
  return q.arriveBy ? windowOf(first - reach, last) : windowOf(first, last + reach)
}

/** As far as one gets from the query's time (arrive by: up to it). */
export const spanAround = (
  { time, arriveBy }: { readonly time: number; readonly arriveBy: boolean },
  seconds: number,
): [number, number] => (arriveBy ? [time - seconds, time] : [time, time + seconds])

/** What is asked when a query found nothing: whether there are journeys at all. A single moment's need more time than it may have allowed. */
export const spanOfReasons = (q: Query): Window =>
  spanOf(q.window > 0 ? q : { ...q, maxTravelTime: Math.max(q.maxTravelTime, queryDefaults.maxTravelTime) })

/** Service days that have to be in the horizon before `plan` may be called for this query. */
export function daysFor(tt: Timetable, q: Query): ZoneDay[] {
  const { begin, end } = spanOfReasons(q)
  return daysBetween(tt, begin, end)
}

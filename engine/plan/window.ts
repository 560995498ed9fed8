// Which departures (arrive by: arrivals) a query is about, and how that window grows. Windows are half-open and laid side by side: a range
// search leaves out what a departure after its window betters, so the journeys of neighbouring windows are those of one large window.
//
//                      first window                grows          never beyond
//   depart, auto       [time, time + window)       later          24 h from its fixed end
//   arrive by, auto    [time − window, time + 60)  earlier        the same
//   page later         begins as above             later
//   page earlier       depart: [time − window, time)  earlier     both: the next page begins where this one ended

import type { UnixSeconds } from '../core/time.ts'
import { daysBetween, type ZoneDay } from '../horizon/days.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { MAX_TRAVEL_TIME, type Query } from './query.ts'

export interface Window {
  readonly begin: UnixSeconds
  readonly end: UnixSeconds
}

/** Seconds; windows that were asked wider stay as they are. */
const WIDEST = 24 * 3600
/** The first step by which a window grows, at least. */
const FIRST_STEP = 3600

const windowOf = (begin: number, end: number): Window => ({ begin: begin as UnixSeconds, end: end as UnixSeconds })

/** Does it grow towards earlier times? */
export const growsEarlier = (q: Pick<Query, 'extend' | 'arriveBy'>): boolean =>
  q.extend === 'earlier' || (q.extend === 'auto' && q.arriveBy)

/** Where the search begins; a single moment for a window of 0. */
export function firstWindow(q: Query): Window {
  if (q.window === 0) return windowOf(q.time, q.time)
  if (q.arriveBy) return windowOf(q.time - q.window, q.time + 60)
  return q.extend === 'earlier' ? windowOf(q.time - q.window, q.time) : windowOf(q.time, q.time + q.window)
}

/** The steps by which it may grow: each borders on what was searched before and is twice as wide as the one before. */
export function* furtherWindows(q: Query): Generator<Window> {
  let { begin, end } = firstWindow(q)
  if (q.window === 0) return
  for (let step = Math.max(q.window, FIRST_STEP); end - begin < WIDEST; step *= 2) {
    const width = Math.min(step, WIDEST - (end - begin))
    if (growsEarlier(q)) {
      yield windowOf(begin - width, begin)
      begin = (begin - width) as UnixSeconds
    } else {
      yield windowOf(end, end + width)
      end = (end + width) as UnixSeconds
    }
  }
}

/** Nothing that a plan looks at lies outside this span. */
export function spanOf(q: Query): Window {
  const reach = Math.min(q.maxTravelTime, MAX_TRAVEL_TIME)
  const { begin, end } = firstWindow(q)
  const widest = q.window > 0 && q.minJourneys > 0 ? Math.max(WIDEST, end - begin) : end - begin
  const [first, last] = growsEarlier(q) ? [end - widest, end] : [begin, begin + widest]
  return q.arriveBy ? windowOf(first - reach, last) : windowOf(first, last + reach)
}

/** Service days that have to be in the horizon before `plan` may be called for this query. */
export function daysFor(tt: Timetable, q: Query): ZoneDay[] {
  const { begin, end } = spanOf(q)
  return daysBetween(tt, begin, end)
}

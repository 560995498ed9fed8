// Which service days matter for a span of time. A run may begin before its service day's calendar date ends and last far beyond it
// (49:00:00 is two days later), so the answer looks back as far as the longest-lasting trip does.

import type { PatternIdx, ZoneIdx } from '../core/ids.ts'
import { DAY, type ServiceDay, type UnixSeconds } from '../core/time.ts'
import { dayStart, patternLength, type Timetable } from '../timetable/timetable.ts'

export interface ZoneDay {
  readonly zone: ZoneIdx
  readonly day: ServiceDay
}

const spans = new WeakMap<Timetable, { first: number; last: number }>()

/** Earliest and latest time of any trip, in seconds of its service day. */
export function serviceSpan(tt: Timetable): { first: number; last: number } {
  const known = spans.get(tt)
  if (known) return known
  let first = 0
  let last = 0
  for (let p = 0; p < tt.counts.patterns; p++) {
    const end = 2 * patternLength(tt, p as PatternIdx) - 1
    for (let t = tt.tripBegin[p]!; t < tt.tripBegin[p + 1]!; t++) {
      const profile = tt.tripProfile[t]!
      const start = tt.tripStart[t]!
      const length = tt.profileTimes[profile + end]!
      first = Math.min(first, start + tt.profileTimes[profile]!)
      last = Math.max(last, start + length)
      for (let f = tt.tripFrequencyBegin[t]!; f < tt.tripFrequencyBegin[t + 1]!; f++)
        last = Math.max(last, tt.frequencyEnd[f]! + length)
    }
  }
  const span = { first, last }
  spans.set(tt, span)
  return span
}

/** The timetable's service days, in every time zone, on which some run may be under way within [from, to]. */
export function daysBetween(tt: Timetable, from: UnixSeconds, to: UnixSeconds): ZoneDay[] {
  const { first, last } = serviceSpan(tt)
  const found: ZoneDay[] = []
  const end = tt.counts.firstDay + tt.counts.days
  // a zone's day begins up to 14 h before and 12 h after UTC's: one day of margin on either side, then the exact test
  const firstDay = Math.max(tt.counts.firstDay, Math.floor((from - last) / DAY) - 1)
  const lastDay = Math.min(end - 1, Math.floor((to - first) / DAY) + 1)
  for (let zone = 0; zone < tt.counts.zones; zone++)
    for (let day = firstDay; day <= lastDay; day++) {
      const start = dayStart(tt, zone as ZoneIdx, day as ServiceDay)
      if (start + last >= from && start + first <= to) found.push({ zone: zone as ZoneIdx, day: day as ServiceDay })
    }
  return found
}

/** Is this moment one that the timetable's service days cover at all? */
export function coversTime(tt: Timetable, time: UnixSeconds): boolean {
  const first = tt.counts.firstDay as ServiceDay
  const last = (tt.counts.firstDay + tt.counts.days - 1) as ServiceDay
  for (let zone = 0; zone < tt.counts.zones; zone++)
    if (
      time >= dayStart(tt, zone as ZoneIdx, first) &&
      time < dayStart(tt, zone as ZoneIdx, last) + Math.max(DAY, serviceSpan(tt).last)
    )
      return true
  return false
}

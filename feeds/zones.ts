// Where service days begin: GTFS counts from noon minus 12 hours in the agency's zone (S13), which is midnight except on the days on
// which the clocks change. Computed here with Temporal (its time zone database is Node's own), for the engine plain numbers.

import type { DayRange } from '#engine/timetable/builder.ts'

const HALF_DAY = 43_200
const MS = 1000

/** Is this an IANA name that the time zone database knows? */
export function isZone(name: string): boolean {
  try {
    // a day of its own, so that offsets like +01:00 are looked at too: GTFS wants names
    Temporal.PlainDate.from('2026-01-01').toZonedDateTime(name)
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/** For each day of the range: seconds from UTC midnight of the date to noon − 12 h in `zone`. */
export function zoneDayStarts(zone: string, range: DayRange): Int32Array {
  const starts = new Int32Array(range.days)
  const first = Temporal.PlainDate.from('1970-01-01').add({ days: range.first })
  for (let d = 0; d < range.days; d++) {
    const noon = first.add({ days: d }).toZonedDateTime({ timeZone: zone, plainTime: '12:00' })
    starts[d] = noon.epochMilliseconds / MS - HALF_DAY - (range.first + d) * 2 * HALF_DAY
  }
  return starts
}

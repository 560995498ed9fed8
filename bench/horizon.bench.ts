// The horizon without any I/O: three service days compiled from the timetable's columns, and the first look at one in the mirror. The slow
// and plain thing beside it, in the same run: every departure of these days in one array of numbers, sorted.

import type { TripIdx, ZoneIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { compileDay } from '#engine/horizon/compile-day.ts'
import type { DayBlock } from '#engine/horizon/horizon.ts'
import { patternLength, runsOn, type Timetable } from '#engine/timetable/timetable.ts'
import { mirrorBlock } from '#engine/transit/mirror.ts'
import { cpuMs, figure, median, type Row, ratio, repeat } from './harness.ts'

const DAYS = 3
const TIMES = 9

export function horizonRows(name: string, tt: Timetable): Row[] {
  const days = daysInTheMiddle(tt)
  const kept = days.map(() => new SharedArrayBuffer(0))
  let blocks: DayBlock[] = []
  const compile = (): void => {
    blocks = days.map((day, i) =>
      compileDay(tt, 0 as ZoneIdx, day, bytes => {
        if (kept[i]!.byteLength < bytes) kept[i] = new SharedArrayBuffer(bytes)
        return kept[i]!
      }),
    )
  }
  const first = cpuMs(compile)
  const warm = median(repeat(TIMES, compile))
  const sort = median(repeat(TIMES, () => sortDepartures(tt, days)))
  const events = blocks.reduce((sum, { counts }) => sum + counts.events, 0)
  const mirror = median(repeat(TIMES, () => blocks.forEach(mirrorBlock)))
  return [
    figure(`${name}, ${DAYS} service days: events`, events, ''),
    figure(`${name}, ${DAYS} service days compiled: first time`, first, 'ms of CPU'),
    figure(`${name}, ${DAYS} service days compiled: warm, memory kept`, warm, 'ms of CPU'),
    figure(`${name}, ${DAYS} service days mirrored: warm`, mirror, 'ms of CPU'),
    figure(`${name}, ${DAYS} service days, departures sorted in one array`, sort, 'ms of CPU'),
    ratio(`${name}, ${DAYS} service days compiled: CPU, departures sorted = 1,000`, (1000 * warm) / sort),
  ]
}

/** From a Wednesday on. */
function daysInTheMiddle(tt: Timetable): ServiceDay[] {
  const middle = tt.counts.firstDay + (tt.counts.days >> 1)
  const first = middle - ((middle + 1) % 7)
  return Array.from({ length: DAYS }, (_, i) => (first + i) as ServiceDay)
}

function sortDepartures(tt: Timetable, days: readonly ServiceDay[]): number[] {
  const found: number[] = []
  for (const [i, day] of days.entries())
    for (let t = 0; t < tt.counts.trips; t++) {
      const trip = t as TripIdx
      if (!runsOn(tt, tt.tripService[trip], day)) continue
      const stops = patternLength(tt, tt.tripPattern[trip])
      const profile = tt.tripProfile[trip]!
      for (let s = 0; s < stops; s++)
        found.push(86_400 * i + tt.tripStart[trip]! + tt.profileTimes[profile + 2 * s + 1]!)
    }
  return found.sort((a, b) => a - b)
}

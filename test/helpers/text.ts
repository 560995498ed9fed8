// A journey as one line: `A 10:00 ~S1~ 10:10 B ~walk 2m~ 10:12 D 10:14 ~U2~ 10:25 C`.

import { textOf } from '#engine/core/strings.ts'
import { formatTime } from '#engine/core/time.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { Journey, LegEnd } from '#engine/transit/journey.ts'

export function journeyText(tt: Timetable, j: Journey, dayStart: number): string {
  const clock = (t: number): string => formatTime(t - dayStart).replace(/:00$/, '')
  const name = (stop: number): string => textOf(tt, tt.stopName[stop]!)
  const end = (e: LegEnd): string => (e.kind === 'stop' ? name(e.stop) : e.kind)
  const parts: string[] = []
  for (const leg of j.legs) {
    const from = leg.kind === 'ride' ? name(leg.from) : end(leg.from)
    const to = leg.kind === 'ride' ? name(leg.to) : end(leg.to)
    if (parts.at(-1) !== from) parts.push(from)
    if (leg.kind === 'walk') {
      const s = leg.arrival - leg.departure
      parts.push(`~walk ${s % 60 === 0 ? `${s / 60}m` : `${s}s`}~`, to)
    } else {
      const line = textOf(tt, tt.routeShortName[tt.patternRoute[tt.tripPattern[leg.trip]]]!)
      parts.push(clock(leg.departure), `~${line}~`, clock(leg.arrival), to)
    }
  }
  return parts.join(' ')
}

// When a vehicle passes the stops that it skips (E3): nobody boards there, but maps and "where is it now" want to know. Between a departure
// and an arrival that are both known it goes as the timetable does, faster or slower:
//
//   plan      A 10:00    B 10:05    C 10:10          B is passed half way
//   now       A 10:00    (B) 10:10  C 10:20 stated

import type { Timetable } from '../timetable/timetable.ts'
import type { Located } from './locate.ts'
import type { RunColumns } from './runs.ts'
import { SKIPPED, Source } from './state.ts'

const isKnown = (source: number): boolean => isStated(source) || source === Source.propagated
const isStated = (source: number): boolean => source === Source.predicted || source === Source.recorded

/** Sets the passing times of skipped stops, events of the resolved run from `at` on, before a stated arrival. */
export function passSkipped(tt: Timetable, run: Located, out: RunColumns, at: number): void {
  const { eventArrival, eventDeparture, eventArrivalSource, eventDepartureSource, eventFlags } = out
  const profile = tt.tripProfile[run.trip]!
  const isSkipped = (i: number): boolean => (eventFlags[at + i]! & SKIPPED) !== 0
  const planned = (slot: number): number => tt.profileTimes[profile + slot]!
  for (let i = 1; i < run.stops; i++) {
    if (!isSkipped(i)) continue
    const from = i - 1
    while (i < run.stops && isSkipped(i)) i++
    if (i === run.stops) return
    if (!isKnown(eventDepartureSource[at + from]!) || !isStated(eventArrivalSource[at + i]!)) continue
    const [left, there] = [eventDeparture[at + from]!, eventArrival[at + i]!]
    const [begin, end] = [planned(2 * from + 1), planned(2 * i)]
    if (begin === end) continue
    const pass = (time: number): number => left + Math.floor(((time - begin) * (there - left)) / (end - begin))
    for (let s = from + 1; s < i; s++) {
      eventArrival[at + s] = pass(planned(2 * s))
      eventDeparture[at + s] = pass(planned(2 * s + 1))
    }
  }
}

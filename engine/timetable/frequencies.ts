// Runs of frequencies.txt (S28, S29): which starts it spells out, and which it only says to be about so.

import type { TripIdx } from '../core/ids.ts'
import type { Timetable } from './timetable.ts'

/** By how much each run of a frequency trip starts later than the trip's own times. */
export function* frequencyShifts(tt: Timetable, t: TripIdx): Generator<number> {
  for (let f = tt.tripFrequencyBegin[t]!; f < tt.tripFrequencyBegin[t + 1]!; f++) {
    const headway = tt.frequencyHeadway[f]!
    for (let start = tt.frequencyStart[f]!; start < tt.frequencyEnd[f]!; start += headway)
      yield start - tt.tripStart[t]!
  }
}

/**
 * May a run start then? Where starts are exact it has to be one of them (G2), elsewhere any time in between will do: it names the run (G1).
 */
export function isFrequencyStart(tt: Timetable, trip: TripIdx, start: number): boolean {
  let exact = false
  for (let f = tt.tripFrequencyBegin[trip]!; f < tt.tripFrequencyBegin[trip + 1]!; f++) {
    const first = tt.frequencyStart[f]!
    if (start >= first && start < tt.frequencyEnd[f]! && (start - first) % tt.frequencyHeadway[f]! === 0) return true
    exact ||= tt.frequencyExact[f] === 1
  }
  return !exact
}

/** Has the trip runs that it only says to be about so? */
export function isGuessed(tt: Timetable, trip: TripIdx): boolean {
  for (let f = tt.tripFrequencyBegin[trip]!; f < tt.tripFrequencyBegin[trip + 1]!; f++)
    if (tt.frequencyExact[f] === 0) return true
  return false
}

/** Seconds between the runs of a trip that goes "every so often" (exact_times 0) where this run, `shift` seconds after the trip's own times, is one. */
export function headwayOf(tt: Timetable, t: TripIdx, shift: number): number | undefined {
  const start = tt.tripStart[t]! + shift
  for (let f = tt.tripFrequencyBegin[t]!; f < tt.tripFrequencyBegin[t + 1]!; f++)
    if (tt.frequencyExact[f] === 0 && start >= tt.frequencyStart[f]! && start < tt.frequencyEnd[f]!)
      return tt.frequencyHeadway[f]!
  return undefined
}

// One number for all that the feeds say, in the feeds' own ids: equal states have equal numbers, whatever rows their added trips have.

import { hashBytes, textOf } from '#engine/core/strings.ts'
import type { LiveState } from '#engine/live/state.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'

/** The state as lines of text, sorted; status counts left out. */
export function stateLines(tt: Timetable, { runs, vehicles, alerts }: LiveState): string[] {
  const tripName = (trip: number | undefined): string =>
    trip === undefined || trip === 0xffff_ffff
      ? ''
      : `${textOf(tt, tt.tripId[trip]!)}${trip >= tt.counts.trips ? '+' : ''}`
  const lines: string[] = []
  for (let r = 0; r < runs.runs; r++) {
    const at = r as never
    const trip = runs.runTrip[at]
    const begin = runs.eventBegin[at]
    const end = runs.eventBegin[(r + 1) as never]
    const profile = tt.tripProfile[trip]!
    const calls: string[] = []
    for (let e = begin; e < end; e++)
      calls.push(
        [
          textOf(tt, tt.stopId[runs.eventStop[e]!]!),
          tt.tripStart[trip]! + tt.profileTimes[profile + 2 * (e - begin)]!,
          runs.eventArrival[e],
          runs.eventDeparture[e],
          runs.eventArrivalSource[e],
          runs.eventDepartureSource[e],
          runs.eventFlags[e],
          runs.eventUncertainty[e],
        ].join(','),
      )
    const head = [tripName(trip), runs.runDay[at], runs.runShift[at], runs.runState[at], tripName(runs.runOther[at])]
    lines.push(`${head.join(' ')} ${calls.join(' ')}`)
  }
  for (const { trip, ...vehicle } of vehicles) lines.push(JSON.stringify({ ...vehicle, trip: tripName(trip) }))
  for (const alert of alerts) lines.push(JSON.stringify(alert))
  return lines.sort()
}

const utf8 = new TextEncoder()
export function stateHash(tt: Timetable, state: LiveState): number {
  const bytes = utf8.encode(stateLines(tt, state).join('\n'))
  return hashBytes(bytes, 0, bytes.length)
}

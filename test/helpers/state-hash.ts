// One number for all that the feeds say, in the feeds' own ids: equal states have equal numbers, whatever rows their added trips have.

import { crc32 } from 'node:zlib'
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

/**
 * A number for the very memory that a state lies in: equal for as long as nobody writes into it. A hundred times quicker than `stateHash`, it
 * only compares a state with itself, or with one that shares its rows.
 */
export function stateFingerprint(tt: Timetable, { runs, runSigns, vehicles, alerts }: LiveState): number {
  let sum = 0
  for (const column of Object.values(runs))
    sum = ArrayBuffer.isView(column)
      ? crc32(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), sum)
      : crc32(JSON.stringify(column), sum)
  // rows that realtime adds lie in the timetable
  const added: (string | number)[] = []
  for (let r = 0; r < runs.runs; r++) {
    const trip = runs.runTrip[r as never]
    if (trip < tt.counts.trips) continue
    const [begin, end] = [runs.eventBegin[r as never], runs.eventBegin[(r + 1) as never]]
    const profile = tt.tripProfile[trip]!
    added.push(textOf(tt, tt.tripId[trip]!), tt.tripStart[trip]!)
    for (let i = 0; i < 2 * (end - begin); i++) added.push(tt.profileTimes[profile + i]!)
  }
  return crc32(JSON.stringify([added, runSigns, vehicles, alerts]), sum)
}

const utf8 = new TextEncoder()
export function stateHash(tt: Timetable, state: LiveState): number {
  const bytes = utf8.encode(stateLines(tt, state).join('\n'))
  return hashBytes(bytes, 0, bytes.length)
}

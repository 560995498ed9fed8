// What becomes of a source's words as it stays silent (K4), and of runs as they end (K10).
//
//   age of its newest message     ≤ 90 s   as said
//                                ≤ 300 s   as said, and how old it is
//                                > 300 s   predictions give way to the schedule, marked stale; vehicles hidden; cancellations stay
//                                > 30 min  alerts hidden as well

import type { LiveRunIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { dayStart, type Timetable, zoneOfTrip } from '../timetable/timetable.ts'
import { filterRuns, finishRuns, type RunColumns } from './runs.ts'
import { type LiveRuns, Source, type SourceStatus, withoutForecast } from './state.ts'

/** Seconds: from then on it is told how old a source's word is, and that it is believed no more. */
export const AGING_AFTER = 90
export const STALE_AFTER = 300
/** Unix seconds of what a source said last: its message's own time, of an undated one that of receipt (K4); 0 before the first. */
export const saidAt = ({ timestamp, receivedAt }: SourceStatus): number => timestamp || receivedAt
export const ALERTS_HIDDEN_AFTER = 1800
/** Seconds after its last time for which a run is kept. */
const KEEP_FINISHED = 6 * 3600

/** Without the runs that ended long ago; the same object when there are none. */
export const withoutFinished = (tt: Timetable, runs: LiveRuns, now: UnixSeconds): LiveRuns =>
  filterRuns(runs, r => {
    const last = runs.eventBegin[(r + 1) as LiveRunIdx] - 1
    const begin = dayStart(tt, zoneOfTrip(tt, runs.runTrip[r]), runs.runDay[r])
    return begin + runs.eventDeparture[last]! + KEEP_FINISHED >= now
  })

/** The same runs, predictions replaced by the schedule. What was recorded has happened and stays; the schedule is pushed up behind it. */
export function withoutPredictions(tt: Timetable, runs: LiveRuns): LiveRuns {
  const out: RunColumns = {
    ...(runs as unknown as RunColumns),
    eventArrival: runs.eventArrival.slice(),
    eventDeparture: runs.eventDeparture.slice(),
    eventArrivalSource: runs.eventArrivalSource.slice(),
    eventDepartureSource: runs.eventDepartureSource.slice(),
    eventFlags: runs.eventFlags.map(withoutForecast),
    eventUncertainty: new Uint32Array(runs.eventUncertainty.length),
  }
  for (let r = 0; r < runs.runs; r++) {
    const run = r as LiveRunIdx
    const trip = runs.runTrip[run]
    const start = tt.tripStart[trip]! + runs.runShift[run]
    const profile = tt.tripProfile[trip]! - 2 * runs.eventBegin[run]
    const begin = runs.eventBegin[run]
    let e = runs.eventBegin[(r + 1) as LiveRunIdx] - 1
    while (e >= begin && !hasRecorded(runs, e)) e--
    let floor = Number.NEGATIVE_INFINITY
    if (e >= begin) {
      floor =
        runs.eventDepartureSource[e] === Source.recorded
          ? out.eventDeparture[e]!
          : fade(
              out.eventDeparture,
              out.eventDepartureSource,
              e,
              start + tt.profileTimes[profile + 2 * e + 1]!,
              out.eventArrival[e]!,
            )
    }
    for (e++; e < runs.eventBegin[(r + 1) as LiveRunIdx]; e++) {
      floor = fade(out.eventArrival, out.eventArrivalSource, e, start + tt.profileTimes[profile + 2 * e]!, floor)
      floor = fade(
        out.eventDeparture,
        out.eventDepartureSource,
        e,
        start + tt.profileTimes[profile + 2 * e + 1]!,
        floor,
      )
    }
  }
  return finishRuns(out)
}

const hasRecorded = (runs: LiveRuns, e: number): boolean =>
  runs.eventArrivalSource[e] === Source.recorded || runs.eventDepartureSource[e] === Source.recorded

/** One event behind all that is recorded; returns the time below which the next may not be. */
function fade(times: Int32Array, sources: Uint8Array, e: number, planned: number, floor: number): number {
  if (sources[e] === Source.predicted || sources[e] === Source.propagated) sources[e] = Source.stale
  times[e] = Math.max(planned, floor)
  return times[e]!
}

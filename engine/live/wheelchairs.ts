// What vehicles say of wheelchairs (I9) laid over the runs: of the very vehicle, whatever the timetable says of the trip. So boards, pages and
// searches read it where they read all else of a run.

import { NONE, type TripIdx } from '../core/ids.ts'
import { dayStart, patternLength, type Timetable, tripWheelchair, zoneOfTrip } from '../timetable/timetable.ts'
import { beginRun, type Located } from './locate.ts'
import { createRuns, findRow, finishRuns, mergeRuns, type RunColumns } from './runs.ts'
import { type LiveRuns, type LiveVehicle, RunState, Source } from './state.ts'
import { writeSchedule } from './times.ts'

const WORDS = { yes: 1, no: 2 } as const

type Told = LiveVehicle & Required<Pick<LiveVehicle, 'trip' | 'day' | 'shift' | 'wheelchair'>>

/**
 * The runs with their vehicles' words; the same object when no vehicle says anything but the timetable.
 * @param located scratch
 */
export function withWheelchairs(
  tt: Timetable,
  runs: LiveRuns,
  vehicles: readonly LiveVehicle[],
  located: Located,
): LiveRuns {
  const told = vehicles.filter(
    (v): v is Told =>
      v.wheelchair !== undefined && v.trip !== undefined && v.day !== undefined && v.shift !== undefined,
  )
  const isPlanned = (v: Told): boolean => WORDS[v.wheelchair] === tripWheelchair(tt, v.trip as TripIdx)
  const others = told.filter(v => !isPlanned(v))
  if (others.length === 0) return runs
  const all = mergeRuns([runs, plannedRuns(tt, runs, others, located)], () => {})
  const runWheelchair = new Uint8Array(all.runs)
  // of two vehicles on one run the one measured last
  for (const v of told.sort((a, b) => a.timestamp - b.timestamp)) {
    const row = rowOf(all, v)
    if (row >= 0) runWheelchair[row] = isPlanned(v) ? 0 : WORDS[v.wheelchair]
  }
  return finishRuns({ ...(all as unknown as RunColumns), runWheelchair })
}

const rowOf = (runs: LiveRuns, { trip, day, shift }: Told): number =>
  findRow(runs, trip as TripIdx, day as never, shift)

/** Rows for the vehicles' runs that no feed speaks of: the schedule, and said to be. */
function plannedRuns(tt: Timetable, runs: LiveRuns, told: readonly Told[], located: Located): LiveRuns {
  const missing = told
    .filter(v => v.trip < tt.counts.trips && rowOf(runs, v) < 0)
    .sort((a, b) => a.day - b.day || a.trip - b.trip || a.shift - b.shift)
    .filter(
      (v, i, all) =>
        i === 0 || v.day !== all[i - 1]!.day || v.trip !== all[i - 1]!.trip || v.shift !== all[i - 1]!.shift,
    )
  const stops = missing.reduce((sum, { trip }) => sum + patternLength(tt, tt.tripPattern[trip as TripIdx]), 0)
  const out = createRuns(missing.length, stops)
  for (const v of missing) {
    const trip = v.trip as TripIdx
    const day = v.day as never
    beginRun(tt, located, trip, v.shift, dayStart(tt, zoneOfTrip(tt, trip), day))
    writeSchedule(tt, located, out, out.events, Source.schedule)
    const row = out.runs++
    out.runTrip[row] = trip
    out.runDay[row] = day
    out.runShift[row] = v.shift
    out.runState[row] = RunState.running
    out.runOther[row] = NONE
    out.runSource[row] = v.source
    out.events += located.stops
    out.eventBegin[row + 1] = out.events
  }
  return finishRuns(out)
}

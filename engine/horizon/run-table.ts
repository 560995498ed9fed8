// The live block's table of runs: what the feeds say of each, and at which stops it is or should have been.

import type { LiveRunIdx } from '../core/ids.ts'
import type { LiveState } from '../live/state.ts'
import { slotStop, type Timetable } from '../timetable/timetable.ts'
import type { LiveBlock } from './horizon.ts'

const plannedStop = (tt: Timetable, { runs }: LiveState, r: LiveRunIdx, i: number): number =>
  slotStop(tt.slots[tt.slotBegin[tt.tripPattern[runs.runTrip[r]]]! + i]!)

/** Calls of live runs by stop: the planned stop, and the assigned one where it is another. */
function forEachCall(tt: Timetable, live: LiveState, visit: (stop: number, run: number, slot: number) => void): void {
  const { runs } = live
  for (let r = 0; r < runs.runs; r++) {
    const run = r as LiveRunIdx
    const begin = runs.eventBegin[run]
    const stops = runs.eventBegin[(r + 1) as LiveRunIdx] - begin
    for (let i = 0; i < stops; i++) {
      const now = runs.eventStop[begin + i]!
      const planned = plannedStop(tt, live, run, i)
      visit(planned, r, i)
      if (now !== planned) visit(now, r, i)
    }
  }
}

export function countRunStops(tt: Timetable, live: LiveState): number {
  let count = 0
  forEachCall(tt, live, () => count++)
  return count
}

/** Writes LiveRuns as they are, and by stop. */
export function writeRuns(tt: Timetable, live: LiveState, block: LiveBlock): void {
  const { runs } = live
  const n = runs.runs
  const events = block.counts.runEvents
  for (let r = 0; r < n; r++) {
    const run = r as LiveRunIdx
    block.runTrip[r] = runs.runTrip[run]
    block.runDay[r] = runs.runDay[run]
    block.runShift[r] = runs.runShift[run]
    block.runState[r] = runs.runState[run]
    block.runOther[r] = runs.runOther[run]
    block.runWheelchair[r] = runs.runWheelchair[run]
    block.runSource[r] = runs.runSource[run]
    block.runEventBegin[r] = runs.eventBegin[run]
  }
  block.runEventBegin[n] = events
  block.eventArrival.set(runs.eventArrival.subarray(0, events))
  block.eventDeparture.set(runs.eventDeparture.subarray(0, events))
  block.eventArrivalSource.set(runs.eventArrivalSource.subarray(0, events))
  block.eventDepartureSource.set(runs.eventDepartureSource.subarray(0, events))
  block.eventFlags.set(runs.eventFlags.subarray(0, events))
  block.eventUncertainty.set(runs.eventUncertainty.subarray(0, events))
  for (let i = 0; i < events; i++) block.eventStop[i] = runs.eventStop[i]!

  const { runStopBegin, runStopRun, runStopSlot } = block
  runStopBegin.fill(0)
  forEachCall(tt, live, stop => runStopBegin[stop + 1]!++)
  for (let s = 0; s < block.counts.stops; s++) runStopBegin[s + 1]! += runStopBegin[s]!
  const next = runStopBegin.slice()
  forEachCall(tt, live, (stop, run, slot) => {
    const at = next[stop]!++
    runStopRun[at] = run
    runStopSlot[at] = slot
  })
}

// Where a run goes on the map when a feed says that it does not take the timetable's line (H7).

import { pointsOf } from '../live/lines.ts'
import { runKey } from '../live/runs.ts'
import type { RunSigns } from '../live/signs.ts'
import { type Points, placeOnShape } from '../timetable/geometry.ts'
import { patternLength, slotStop, type Timetable } from '../timetable/timetable.ts'
import type { Horizon } from './horizon.ts'
import type { RunKey } from './runs.ts'

/** Call → its point of the line, never running backwards. */
export interface RunLine extends Points {
  readonly places: ArrayLike<number>
}

const placed = new WeakMap<RunSigns, RunLine>()

/** The line that a feed gives the run; undefined: the timetable's, or none. */
export function toldLine({ timetable, signs }: Horizon, run: RunKey): RunLine | undefined {
  const told = signs?.size ? signs.get(runKey(run)) : undefined
  return told?.line && placed.getOrInsertComputed(told, () => place(timetable, told))
}

function place(tt: Timetable, { trip, line }: RunSigns): RunLine {
  const points = pointsOf(tt, line!)
  const slot = tt.slotBegin[tt.tripPattern[trip]]!
  const stops = Array.from(tt.slots.subarray(slot, slot + patternLength(tt, tt.tripPattern[trip])), slotStop)
  const at = (degrees: Timetable['stopLat']) => stops.map(s => (tt.stopHasPosition[s] ? degrees[s]! : Number.NaN))
  return { ...points, places: placeOnShape(at(tt.stopLat), at(tt.stopLon), points) }
}

// Where and how a live run stops, against what its schedule says.

import type { LiveRunIdx, PatternIdx } from '../core/ids.ts'
import { isServed, type LiveState, NO_DROP_OFF, NO_PICKUP, SKIPPED } from '../live/state.ts'
import { CAN_ALIGHT, CAN_BOARD, patternLength, slotStop, type Timetable } from '../timetable/timetable.ts'
import type { SlotLists } from './lanes.ts'

/** Does the run do anything but what its schedule says? */
export function differs(tt: Timetable, live: LiveState, r: LiveRunIdx): boolean {
  const { runs } = live
  if (!isServed(runs.runState[r]) || runs.runWheelchair[r] !== 0) return true
  const trip = runs.runTrip[r]
  const start = tt.tripStart[trip]! + runs.runShift[r]
  const profile = tt.tripProfile[trip]!
  const begin = runs.eventBegin[r]
  const stops = runs.eventBegin[(r + 1) as LiveRunIdx] - begin
  for (let i = 0; i < stops; i++)
    if (
      runs.eventArrival[begin + i]! !== start + tt.profileTimes[profile + 2 * i]! ||
      runs.eventDeparture[begin + i]! !== start + tt.profileTimes[profile + 2 * i + 1]!
    )
      return true
  return !stopsAsPlanned(tt, tt.tripPattern[trip], live, r)
}

/** Where and how the run stops now. */
export function wordsOfRun(tt: Timetable, pattern: number, { runs }: LiveState, r: LiveRunIdx): number[] {
  const begin = runs.eventBegin[r]
  const slot = tt.slotBegin[pattern]!
  return Array.from({ length: patternLength(tt, pattern as PatternIdx) }, (_, i) => {
    const flags = runs.eventFlags[begin + i]!
    let allowed = tt.slots[slot + i]! & (CAN_BOARD | CAN_ALIGHT)
    if (flags & SKIPPED) allowed = 0
    if (flags & NO_PICKUP) allowed &= ~CAN_BOARD
    if (flags & NO_DROP_OFF) allowed &= ~CAN_ALIGHT
    return ((runs.eventStop[begin + i] << 2) | allowed) >>> 0
  })
}

export const slotsOfRun = (tt: Timetable, slots: SlotLists, pattern: number, live: LiveState, r: LiveRunIdx): number =>
  stopsAsPlanned(tt, pattern, live, r)
    ? slots.ofTrip(pattern, live.runs.runTrip[r])
    : slots.of(wordsOfRun(tt, pattern, live, r), pattern, [live.runs.runTrip[r]])

export function stopsAsPlanned(tt: Timetable, pattern: number, { runs }: LiveState, r: LiveRunIdx): boolean {
  const begin = runs.eventBegin[r]
  const slot = tt.slotBegin[pattern]!
  const stops = tt.slotBegin[pattern + 1]! - slot
  for (let i = 0; i < stops; i++)
    if (
      (runs.eventFlags[begin + i]! & (SKIPPED | NO_PICKUP | NO_DROP_OFF)) !== 0 ||
      runs.eventStop[begin + i] !== slotStop(tt.slots[slot + i]!)
    )
      return false
  return true
}

// Where and how a live run stops, against what its schedule says.

import type { LiveRunIdx, PatternIdx } from '../core/ids.ts'
import {
  changesBoarding,
  DROP_OFF_SHIFT,
  isOpen,
  isServed,
  type LiveRuns,
  type LiveState,
  PICKUP_SHIFT,
} from '../live/state.ts'
import { CAN_ALIGHT, CAN_BOARD, patternLength, slotWord, type Timetable } from '../timetable/timetable.ts'
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
  const length = patternLength(tt, pattern as PatternIdx)
  return Array.from({ length }, (_, i) => wordNow(runs, begin + i, tt.slots[slot + i]!, i, length))
}

/** The slot word of an event; nobody gets off where a run begins or on where it ends, whatever is said there (S24). */
function wordNow(runs: LiveRuns, event: number, planned: number, i: number, length: number): number {
  const flags = runs.eventFlags[event]!
  const stop = runs.eventStop[event]!
  if (!changesBoarding(flags)) return ((stop << 2) | (planned & (CAN_BOARD | CAN_ALIGHT))) >>> 0
  const board = i < length - 1 && isOpen(flags, PICKUP_SHIFT, (planned & CAN_BOARD) !== 0)
  return slotWord(stop, board, i > 0 && isOpen(flags, DROP_OFF_SHIFT, (planned & CAN_ALIGHT) !== 0))
}

export const slotsOfRun = (tt: Timetable, slots: SlotLists, pattern: number, live: LiveState, r: LiveRunIdx): number =>
  stopsAsPlanned(tt, pattern, live, r)
    ? slots.ofTrip(pattern, live.runs.runTrip[r])
    : slots.of(wordsOfRun(tt, pattern, live, r), pattern, [live.runs.runTrip[r]])

/** Does run `r` stop, and let board and alight, as its pattern says? */
export function stopsAsPlanned(tt: Timetable, pattern: number, { runs }: LiveState, r: LiveRunIdx): boolean {
  const begin = runs.eventBegin[r]
  const slot = tt.slotBegin[pattern]!
  const stops = tt.slotBegin[pattern + 1]! - slot
  for (let i = 0; i < stops; i++)
    if (wordNow(runs, begin + i, tt.slots[slot + i]!, i, stops) !== tt.slots[slot + i]) return false
  return true
}

// A run as it is now, read where it lies: for loops that look at many calls and keep none. runs.ts has the same as objects, for those who
// show a run; a test holds the two together.

import { NO_LIVE_RUN, type StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { DROP_OFF_SHIFT, isOpen, PICKUP_SHIFT, SKIPPED } from '../live/state.ts'
import {
  CAN_ALIGHT,
  CAN_BOARD,
  dayStart,
  patternLength,
  slotStop,
  type Timetable,
  zoneOfTrip,
} from '../timetable/timetable.ts'
import type { Horizon, LiveBlock } from './horizon.ts'
import { findLiveRun, type RunKey } from './runs.ts'

export interface RunView {
  readonly tt: Timetable
  readonly live: LiveBlock
  readonly length: number
  /** Its first slot, and its first event in the live block: −1 when no feed speaks of it. */
  readonly slot: number
  readonly event: number
  /** Planned times are `planned` + the profile's, live ones `dayStart` + the event's. */
  readonly profile: number
  readonly planned: number
  readonly dayStart: number
}

type Draft = { -readonly [K in keyof RunView]: RunView[K] }

/**
 * @param annotate false: the schedule alone, as if no feed existed
 * @param over the view of a run that nobody looks at any more, written over
 */
export function viewRun(
  { timetable: tt, live }: Horizon,
  { trip, day, shift }: RunKey,
  annotate: boolean,
  over?: RunView,
): RunView {
  const row = annotate ? findLiveRun(live, trip, day, shift) : NO_LIVE_RUN
  const start = dayStart(tt, zoneOfTrip(tt, trip), day)
  const pattern = tt.tripPattern[trip]
  const view: Draft = over ?? { tt, live, length: 0, slot: 0, event: -1, profile: 0, planned: 0, dayStart: 0 }
  view.tt = tt
  view.live = live
  view.length = patternLength(tt, pattern)
  view.slot = tt.slotBegin[pattern]!
  view.event = row === NO_LIVE_RUN ? -1 : live.runEventBegin[row]!
  view.profile = tt.tripProfile[trip]!
  view.planned = start + tt.tripStart[trip]! + shift
  view.dayStart = start
  return view
}

export const stopOf = (v: RunView, i: number): StopIdx =>
  v.event < 0 ? slotStop(v.tt.slots[v.slot + i]!) : (v.live.eventStop[v.event + i]! as StopIdx)

export const arrivalOf = (v: RunView, i: number): UnixSeconds =>
  (v.event < 0
    ? v.planned + v.tt.profileTimes[v.profile + 2 * i]!
    : v.dayStart + v.live.eventArrival[v.event + i]!) as UnixSeconds

export const departureOf = (v: RunView, i: number): UnixSeconds =>
  (v.event < 0
    ? v.planned + v.tt.profileTimes[v.profile + 2 * i + 1]!
    : v.dayStart + v.live.eventDeparture[v.event + i]!) as UnixSeconds

const flagsOf = (v: RunView, i: number): number => (v.event < 0 ? 0 : v.live.eventFlags[v.event + i]!)

export const isSkipped = (v: RunView, i: number): boolean => (flagsOf(v, i) & SKIPPED) !== 0

export const canBoard = (v: RunView, i: number): boolean =>
  i < v.length - 1 && isOpen(flagsOf(v, i), PICKUP_SHIFT, (v.tt.slots[v.slot + i]! & CAN_BOARD) !== 0)

export const canAlight = (v: RunView, i: number): boolean =>
  i > 0 && isOpen(flagsOf(v, i), DROP_OFF_SHIFT, (v.tt.slots[v.slot + i]! & CAN_ALIGHT) !== 0)

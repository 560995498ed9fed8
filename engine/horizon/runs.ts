// One run as it is now: every stop with its planned and its present time and where the present one comes from. Boards, legs, trip pages
// and live rows all read runs through here, so they cannot disagree.
//
//  in the timetable   in the live block   the run is …
//  yes                –                   as planned, and nobody says how it really is
//  yes                yes                 late, early, cut, on another platform, cancelled, or confirmed
//  yes                superseded          gone: another run takes its place (standIn)
//  room               yes                 added or replaced: realtime alone knows its stops (timetable/room.ts)

import { type LiveRunIdx, NO_LIVE_RUN, NONE, type StopIdx, type TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { OCCUPANCY_NUMBERS, type OccupancyStatus } from '../live/occupancy.ts'
import {
  ARRIVAL_UNCERTAINTY_SHIFT,
  DEPARTURE_UNCERTAINTY_SHIFT,
  DROP_OFF_SHIFT,
  departureOccupancy,
  isOpen,
  isShown,
  KEPT,
  OWN,
  PICKUP_SHIFT,
  RunState,
  SKIPPED,
  Source,
  typeNow,
  uncertaintyOf,
} from '../live/state.ts'
import { isExtraTrip } from '../timetable/room.ts'
import {
  type Access,
  CAN_ALIGHT,
  CAN_BOARD,
  dayStart,
  patternLength,
  slotStop,
  tripWheelchair,
  zoneOfTrip,
} from '../timetable/timetable.ts'
import type { Horizon, LiveBlock } from './horizon.ts'

/** A trip on a service day; `shift` tells the runs of a frequency trip apart. */
export interface RunKey {
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly shift: number
}

export interface RunCall {
  /** Where the vehicle stops now, and where the timetable has it. */
  readonly stop: StopIdx
  readonly scheduledStop: StopIdx
  readonly scheduledArrival: UnixSeconds
  readonly scheduledDeparture: UnixSeconds
  readonly arrival: UnixSeconds
  readonly departure: UnixSeconds
  readonly arrivalSource: Source
  readonly departureSource: Source
  readonly skipped: boolean
  readonly canBoard: boolean
  readonly canAlight: boolean
  /** Planned boarding and alighting, whatever realtime says. */
  readonly couldBoard: boolean
  readonly couldAlight: boolean
  /** pickup_type and drop_off_type as they hold now, as GTFS numbers them (S24, H4). */
  readonly pickupType: number
  readonly dropOffType: number
  /** Where present times are not the feed's newest word: its last before it lost the run (A18), or our own prediction (I15). */
  readonly word: 'kept' | 'own' | undefined
  /** Seconds by which a stated time may be off (D17); 0 is certain, undefined: nobody says. */
  readonly arrivalUncertainty: number | undefined
  readonly departureUncertainty: number | undefined
  /** How full it is expected to leave (H6). */
  readonly occupancy: OccupancyStatus | undefined
}

export interface Run extends RunKey {
  readonly state: RunState
  /** Row of the live block, or NO_LIVE_RUN: then no feed speaks of this run. */
  readonly live: LiveRunIdx
  readonly calls: readonly RunCall[]
}

/** Row of the run in the live block's run table (sorted by day, trip, shift). */
export function findLiveRun(live: LiveBlock, trip: TripIdx, day: ServiceDay, shift: number): LiveRunIdx {
  let lo = 0
  let hi = live.counts.runs
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    const order = live.runDay[mid]! - day || live.runTrip[mid]! - trip || live.runShift[mid]! - shift
    if (order === 0) return mid as LiveRunIdx
    if (order < 0) lo = mid + 1
    else hi = mid
  }
  return NO_LIVE_RUN
}

/** The run that takes place where this one was planned: itself, unless a replacement or a detour stands for it. */
export function standIn({ live }: Horizon, key: RunKey): RunKey {
  const row = findLiveRun(live, key.trip, key.day, key.shift)
  if (row === NO_LIVE_RUN || live.runState[row] !== RunState.superseded) return key
  const other = live.runOther[row]! as TripIdx
  return other === key.trip || other === NONE ? key : { trip: other, day: key.day, shift: 0 }
}

/**
 * Does the key name the run in every generation? One that realtime added, or that another takes the place of now, has to be looked up by its
 * name again: its number may come to be another run's.
 */
export const isLasting = (horizon: Horizon, key: RunKey): boolean =>
  !isExtraTrip(horizon.timetable, key.trip) && standIn(horizon, key) === key

/** What is known of wheelchairs on a run: its vehicle's own word, else the timetable's (I9). */
export function wheelchairOn({ timetable, live }: Horizon, { trip, day, shift }: RunKey, realtime: boolean): Access {
  const row = realtime ? findLiveRun(live, trip, day, shift) : NO_LIVE_RUN
  const word = row === NO_LIVE_RUN ? 0 : live.runWheelchair[row]!
  return word === 0 ? tripWheelchair(timetable, trip) : (word as Access)
}

/** The timetable's trip that a run stands for: its own, unless it is a replacement, on a detour or another vehicle's copy of it (G5). */
export function plannedTrip({ timetable, live }: Horizon, { trip, day, shift }: RunKey): TripIdx {
  if (!isExtraTrip(timetable, trip)) return trip
  const row = findLiveRun(live, trip, day, shift)
  return row === NO_LIVE_RUN || live.runOther[row] === NONE ? trip : (live.runOther[row]! as TripIdx)
}

/** The runs that only realtime knows. */
export function* extraRuns({ timetable, live }: Horizon): Generator<RunKey> {
  for (let r = 0; r < live.counts.runs; r++)
    if (isExtraTrip(timetable, live.runTrip[r]!) && isShown(live.runState[r]! as RunState))
      yield { trip: live.runTrip[r]! as TripIdx, day: live.runDay[r]! as ServiceDay, shift: live.runShift[r]! }
}

/**
 * One call of a run.
 * @param row its row in the live block, or NO_LIVE_RUN: then present times are the planned ones
 */
export function readCall(horizon: Horizon, { trip, day, shift }: RunKey, row: LiveRunIdx, slot: number): RunCall {
  const { timetable: tt, live } = horizon
  const start = dayStart(tt, zoneOfTrip(tt, trip), day)
  const first = tt.slotBegin[tt.tripPattern[trip]]!
  const last = tt.slotBegin[tt.tripPattern[trip] + 1]! - first - 1
  const word = tt.slots[first + slot]!
  const planned = start + tt.tripStart[trip]! + shift
  const at = tt.tripProfile[trip]! + 2 * slot
  const scheduledArrival = (planned + tt.profileTimes[at]!) as UnixSeconds
  const scheduledDeparture = (planned + tt.profileTimes[at + 1]!) as UnixSeconds
  const couldBoard = (word & CAN_BOARD) !== 0 && slot < last
  const couldAlight = (word & CAN_ALIGHT) !== 0 && slot > 0
  const plan = { scheduledStop: slotStop(word), scheduledArrival, scheduledDeparture, couldBoard, couldAlight }
  const types = tt.slotTypes[first + slot]!
  const [pickupType, dropOffType] = [types & 3, (types >> 2) & 3]
  if (row === NO_LIVE_RUN)
    return {
      ...plan,
      stop: plan.scheduledStop,
      arrival: scheduledArrival,
      departure: scheduledDeparture,
      arrivalSource: Source.schedule,
      departureSource: Source.schedule,
      skipped: false,
      canBoard: couldBoard,
      canAlight: couldAlight,
      pickupType,
      dropOffType,
      word: undefined,
      arrivalUncertainty: undefined,
      departureUncertainty: undefined,
      occupancy: undefined,
    }
  const event = live.runEventBegin[row]! + slot
  const flags = live.eventFlags[event]!
  const uncertainty = live.eventUncertainty[event]!
  return {
    ...plan,
    stop: live.eventStop[event]! as StopIdx,
    arrival: (start + live.eventArrival[event]!) as UnixSeconds,
    departure: (start + live.eventDeparture[event]!) as UnixSeconds,
    arrivalSource: live.eventArrivalSource[event]! as Source,
    departureSource: live.eventDepartureSource[event]! as Source,
    skipped: (flags & SKIPPED) !== 0,
    canBoard: slot < last && isOpen(flags, PICKUP_SHIFT, couldBoard),
    canAlight: slot > 0 && isOpen(flags, DROP_OFF_SHIFT, couldAlight),
    pickupType: typeNow(flags, PICKUP_SHIFT, pickupType),
    dropOffType: typeNow(flags, DROP_OFF_SHIFT, dropOffType),
    arrivalUncertainty: uncertaintyOf(uncertainty, ARRIVAL_UNCERTAINTY_SHIFT),
    departureUncertainty: uncertaintyOf(uncertainty, DEPARTURE_UNCERTAINTY_SHIFT),
    word: flags & KEPT ? 'kept' : flags & OWN ? 'own' : undefined,
    occupancy: OCCUPANCY_NUMBERS[departureOccupancy(flags)],
  }
}

/** The call of a vehicle that is under way as another trip until `moment`, if it is. */
export function noSooner(call: RunCall, moment: UnixSeconds | undefined): RunCall {
  if (moment === undefined || (call.arrival >= moment && call.departure >= moment)) return call
  return {
    ...call,
    ...(call.arrival < moment && { arrival: moment, arrivalSource: Source.propagated }),
    ...(call.departure < moment && { departure: moment, departureSource: Source.propagated }),
  }
}

/**
 * The run as it is now, without its calls.
 * @param annotate false: the schedule alone, as if no feed existed
 */
export function readHead({ live }: Horizon, { trip, day, shift }: RunKey, annotate = true): Omit<Run, 'calls'> {
  const row = annotate ? findLiveRun(live, trip, day, shift) : NO_LIVE_RUN
  const state = row === NO_LIVE_RUN ? RunState.running : (live.runState[row]! as RunState)
  return { trip, day, shift, state, live: row }
}

/** The run as it is now, as `readHead` reads it. */
export function readRun(horizon: Horizon, key: RunKey, annotate = true): Run {
  const { timetable: tt } = horizon
  const head = readHead(horizon, key, annotate)
  const stops = patternLength(tt, tt.tripPattern[key.trip])
  return { ...head, calls: Array.from({ length: stops }, (_, slot) => readCall(horizon, key, head.live, slot)) }
}

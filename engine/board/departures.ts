// The board of one or several stops: what leaves (or arrives) there, by the time at which it really does. Runs of which a feed speaks come
// from the live block, all others from the day blocks; a run is listed once, on the platform where it stops now.
//
//  a late run stays until it has really left, a cancelled one until its planned time (features B11); a deleted one is not shown (F3)

import { type LiveRunIdx, NO_LIVE_RUN, NONE, type StopIdx, type TripIdx } from '../core/ids.ts'
import { DAY, type ServiceDay, type UnixSeconds } from '../core/time.ts'
import { daysBetween } from '../horizon/days.ts'
import { CALL_LANE, CALL_POSITION, CALL_WORDS, dayKey, type Horizon, type HorizonDay } from '../horizon/horizon.ts'
import { findLiveRun, type RunCall, type RunKey, readCall } from '../horizon/runs.ts'
import { isShown, RunState } from '../live/state.ts'
import { CAN_ALIGHT } from '../timetable/timetable.ts'

export interface StopEvent extends RunKey {
  /** Position in the run's stop list. */
  readonly position: number
  /** What the list is sorted by: when it really happens, or would have happened if it is cancelled. */
  readonly time: UnixSeconds
  readonly call: RunCall
  /** Row of the live block, or NO_LIVE_RUN. */
  readonly live: LiveRunIdx
  readonly state: RunState
  /** This call does not take place: the run is cancelled, the stop is skipped, or boarding (alighting) was taken away. */
  readonly cancelled: boolean
}

export interface BoardQuery {
  readonly arrivals: boolean
  /** Where the list begins; it runs towards later or earlier times from here. */
  readonly from: UnixSeconds
  readonly direction: 'later' | 'earlier'
  /** At least so many, if there are any within `MAX_SPAN`; events at one time are never parted. */
  readonly limit: number
  /** And everything within so many seconds. */
  readonly window: number
  /** false: the schedule alone. */
  readonly realtime: boolean
  /** Also calls at which the timetable itself forbids boarding (alighting). */
  readonly withClosedCalls: boolean
}

/** How far a board looks for `limit` events, in seconds. */
export const MAX_SPAN = 7 * DAY

/** Events in the order of the list: for `later` ascending, for `earlier` descending. Reads only the days that the horizon holds. */
export function stopEvents(horizon: Horizon, stops: readonly StopIdx[], q: BoardQuery): StopEvent[] {
  const later = q.direction === 'later'
  for (let span = Math.max(q.window, 3600); ; span = Math.min(MAX_SPAN, span * 6)) {
    const [from, to] = later ? [q.from, q.from + span] : [q.from - span, q.from]
    const found = collect(horizon, stops, from, to, q)
    if (found.length < q.limit && span < MAX_SPAN && hasDaysBeyond(horizon, from, to, later)) continue
    found.sort((a, b) => (later ? a.time - b.time : b.time - a.time) || a.trip - b.trip || a.position - b.position)
    const once = found.filter((event, i) => i === 0 || !sameMoment(found[i - 1]!, event))
    let n = 0
    while (
      n < once.length &&
      (n < q.limit || Math.abs(once[n]!.time - q.from) < q.window || once[n]!.time === once[n - 1]?.time)
    )
      n++
    return once.slice(0, n)
  }
}

/** A run that calls twice at one time, on two platforms of the place, is listed once. */
const sameMoment = (a: StopEvent, b: StopEvent): boolean =>
  a.time === b.time && a.trip === b.trip && a.day === b.day && a.shift === b.shift

/** Would a longer span see more days? */
function hasDaysBeyond({ days }: Horizon, from: number, to: number, later: boolean): boolean {
  for (const { start } of days.values()) if (later ? start + 2 * DAY > to : start < from) return true
  return false
}

/** All events with from ≤ time ≤ to, in any order. */
function collect(horizon: Horizon, stops: readonly StopIdx[], from: number, to: number, q: BoardQuery): StopEvent[] {
  const found: StopEvent[] = []
  for (const { zone, day } of daysBetween(horizon.timetable, from as UnixSeconds, to as UnixSeconds)) {
    const compiled = horizon.days.get(dayKey(zone, day))
    if (compiled) for (const stop of stops) collectPlanned(horizon, compiled, stop, from, to, q, found)
  }
  if (q.realtime) for (const stop of stops) collectLive(horizon, stop, from, to, q, found)
  return found
}

/** Runs nobody speaks of: straight from the lanes. */
function collectPlanned(
  horizon: Horizon,
  { block, day, start }: HorizonDay,
  stop: StopIdx,
  from: number,
  to: number,
  q: BoardQuery,
  found: StopEvent[],
): void {
  const end = q.arrivals || q.withClosedCalls ? block.stopBegin[stop + 1]! : block.stopBoardEnd[stop]!
  for (let e = block.stopBegin[stop]!; e < end; e++) {
    const lane = block.stopCalls[CALL_WORDS * e + CALL_LANE]!
    const position = block.stopCalls[CALL_WORDS * e + CALL_POSITION]!
    const begin = block.laneRunBegin[lane]!
    const runs = block.laneRunBegin[lane + 1]! - begin
    const stopsOfLane = block.laneStops[lane]!
    // through lanes repeat what the lanes of their trips say
    if (lane >= block.counts.firstThrough) continue
    const word = block.slots[block.laneSlot[lane]! + position]!
    if (q.arrivals ? position === 0 : position === stopsOfLane - 1) continue
    if (q.arrivals && !q.withClosedCalls && (word & CAN_ALIGHT) === 0) continue
    const event = block.laneEvent[lane]!
    const timeOf = (run: number): number =>
      start +
      (q.arrivals ? block.arr[event + run * stopsOfLane + position]! : block.dep[event + position * runs + run]!)
    let lo = 0
    let hi = runs
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if (timeOf(mid) < from) lo = mid + 1
      else hi = mid
    }
    for (; lo < runs && timeOf(lo) <= to; lo++) {
      const key = { trip: block.laneTrip[begin + lo]! as TripIdx, day, shift: block.laneShift[begin + lo]! }
      if (q.realtime && findLiveRun(horizon.live, key.trip, day, key.shift) !== NO_LIVE_RUN) continue
      const call = readCall(horizon, key, NO_LIVE_RUN, position)
      const time = timeOf(lo) as UnixSeconds
      found.push({ ...key, position, time, call, live: NO_LIVE_RUN, state: RunState.running, cancelled: false })
    }
  }
}

/** Runs of which a feed speaks, at the stop where they stop now. */
function collectLive(
  horizon: Horizon,
  stop: StopIdx,
  from: number,
  to: number,
  q: BoardQuery,
  found: StopEvent[],
): void {
  const { live } = horizon
  for (let e = live.runStopBegin[stop]!; e < live.runStopBegin[stop + 1]!; e++) {
    const row = live.runStopRun[e]! as LiveRunIdx
    const position = live.runStopSlot[e]!
    if (live.eventStop[live.runEventBegin[row]! + position] !== stop || live.runTrip[row] === NONE) continue
    const state = live.runState[row]! as RunState
    if (!isShown(state)) continue
    const key = {
      trip: live.runTrip[row]! as TripIdx,
      day: live.runDay[row]! as ServiceDay,
      shift: live.runShift[row]!,
    }
    const call = readCall(horizon, key, row, position)
    const last = live.runEventBegin[row + 1]! - live.runEventBegin[row]! - 1
    if (q.arrivals ? position === 0 : position === last) continue
    const could = q.arrivals ? call.couldAlight : call.couldBoard
    const can = q.arrivals ? call.canAlight : call.canBoard
    if (!could && !can && !q.withClosedCalls) continue
    const cancelled = state === RunState.cancelled || call.skipped || (could && !can)
    const planned = q.arrivals ? call.scheduledArrival : call.scheduledDeparture
    const time = cancelled ? planned : q.arrivals ? call.arrival : call.departure
    if (time >= from && time <= to) found.push({ ...key, position, time, call, live: row, state, cancelled })
  }
}

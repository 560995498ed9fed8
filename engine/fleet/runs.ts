// The runs that are under way in a span of time, of one route or of all: what the feeds speak of from the live block, the rest from the day
// blocks' lanes.

import { type LiveRunIdx, NO_LIVE_RUN, NONE, type RouteIdx, type TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { daysBetween } from '../horizon/days.ts'
import { dayKey, type Horizon, type HorizonDay } from '../horizon/horizon.ts'
import { findLiveRun, type RunKey } from '../horizon/runs.ts'
import { isShown, RunState, Source } from '../live/state.ts'
import { dayStart, zoneOfTrip } from '../timetable/timetable.ts'

export interface RunUnderWay extends RunKey {
  /** Row of the live block, or NO_LIVE_RUN. */
  readonly row: LiveRunIdx
  readonly state: RunState
  /** First departure and last arrival as they are now. */
  readonly begin: UnixSeconds
  readonly end: UnixSeconds
}

/** Real time is what a feed states or what follows from it. */
export const isReal = (source: Source): boolean =>
  source === Source.predicted || source === Source.propagated || source === Source.recorded

/**
 * Runs with begin ≤ `to` and end ≥ `from`, cancelled ones included, deleted ones and those that another stands for not. Reads only the days that the horizon holds.
 * @param route of this route alone
 */
export function runsBetween(horizon: Horizon, from: UnixSeconds, to: UnixSeconds, route?: RouteIdx): RunUnderWay[] {
  const found: RunUnderWay[] = []
  for (const { zone, day } of daysBetween(horizon.timetable, from, to)) {
    const compiled = horizon.days.get(dayKey(zone, day))
    if (compiled) collectPlanned(horizon, compiled, from, to, route, found)
  }
  collectLive(horizon, from, to, route, found)
  return found
}

function collectPlanned(
  horizon: Horizon,
  { block, start, day }: HorizonDay,
  from: number,
  to: number,
  route: RouteIdx | undefined,
  found: RunUnderWay[],
): void {
  const { timetable: tt, live } = horizon
  // through lanes only repeat what the others have
  for (let lane = 0; lane < block.counts.firstThrough; lane++) {
    if (route !== undefined && tt.patternRoute[block.lanePattern[lane] as never] !== route) continue
    const first = block.laneRunBegin[lane]!
    const runs = block.laneRunBegin[lane + 1]! - first
    const stops = block.laneStops[lane]!
    const event = block.laneEvent[lane]!
    // in a lane an earlier run is never later: those under way are neighbours
    for (let run = 0; run < runs; run++) {
      const end = start + block.arr[event + run * stops + stops - 1]!
      if (end < from) continue
      const begin = start + block.dep[event + run]!
      if (begin > to) break
      const trip = block.laneTrip[first + run]! as TripIdx
      const shift = block.laneShift[first + run]!
      if (findLiveRun(live, trip, day, shift) !== NO_LIVE_RUN) continue
      const times = { begin: begin as UnixSeconds, end: end as UnixSeconds }
      found.push({ trip, day, shift, row: NO_LIVE_RUN, state: RunState.running, ...times })
    }
  }
}

function collectLive(
  { timetable: tt, live }: Horizon,
  from: number,
  to: number,
  route: RouteIdx | undefined,
  found: RunUnderWay[],
): void {
  for (let r = 0; r < live.counts.runs; r++) {
    const trip = live.runTrip[r]! as TripIdx
    const state = live.runState[r]! as RunState
    if (trip === NONE || !isShown(state)) continue
    if (route !== undefined && tt.patternRoute[tt.tripPattern[trip]] !== route) continue
    const day = live.runDay[r]! as ServiceDay
    const start = dayStart(tt, zoneOfTrip(tt, trip), day)
    const begin = (start + live.eventDeparture[live.runEventBegin[r]!]!) as UnixSeconds
    const end = (start + live.eventArrival[live.runEventBegin[r + 1]! - 1]!) as UnixSeconds
    if (begin > to || end < from) continue
    found.push({ trip, day, shift: live.runShift[r]!, row: r as LiveRunIdx, state, begin, end })
  }
}

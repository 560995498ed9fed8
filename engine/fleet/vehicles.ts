// How each vehicle does: what it serves, how late it is, how old its position is.

import { type LiveRunIdx, NO_LIVE_RUN } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { findLiveRun, type RunCall, type RunKey, readCall } from '../horizon/runs.ts'
import type { LiveVehicle } from '../live/state.ts'
import { patternLength } from '../timetable/timetable.ts'
import type { FleetRules } from './rules.ts'
import { isReal } from './runs.ts'

export type VehicleCondition =
  | 'unknown'
  | 'on_time'
  | 'early'
  | 'late'
  | 'very_late'
  | 'stopped'
  | 'off_route'
  | 'unassigned'
  | 'no_gps'
  | 'silent'

export interface VehicleReading {
  readonly vehicle: LiveVehicle
  /** Undefined: no run of the timetable. */
  readonly run: RunKey | undefined
  /** Where it is or goes to next. */
  readonly position: number | undefined
  readonly call: RunCall | undefined
  /** Seconds behind plan there, negative when early; undefined when no feed says. */
  readonly delay: number | undefined
  readonly condition: VehicleCondition
}

/** @param alarm what earlier positions say of it (tracks.ts) */
export function readVehicle(
  horizon: Horizon,
  vehicle: LiveVehicle,
  now: UnixSeconds,
  rules: FleetRules,
  alarm?: 'off_route' | 'stopped',
): VehicleReading {
  const run = runOfVehicle(vehicle)
  const row = run ? findLiveRun(horizon.live, run.trip, run.day, run.shift) : NO_LIVE_RUN
  const position = run && (vehicle.slot ?? nextPosition(horizon, run, row, now))
  const call = run && position !== undefined ? readCall(horizon, run, row, position) : undefined
  const delay = call && delayAt(horizon, run!, call, position!)
  return { vehicle, run, position, call, delay, condition: conditionOf(vehicle, run, delay, now, rules, alarm) }
}

export const runOfVehicle = ({ trip, day, shift = 0 }: LiveVehicle): RunKey | undefined =>
  trip === undefined || day === undefined ? undefined : { trip: trip as RunKey['trip'], day: day as ServiceDay, shift }

/** The vehicle that serves the run; of several the one heard of last. */
export function vehicleOf({ vehicles }: Horizon, run: RunKey): LiveVehicle | undefined {
  let found: LiveVehicle | undefined
  for (const vehicle of vehicles)
    if (vehicle.trip === run.trip && vehicle.day === run.day && (vehicle.shift ?? 0) === run.shift)
      if (!found || vehicle.timestamp > found.timestamp) found = vehicle
  return found
}

function delayAt({ timetable: tt }: Horizon, run: RunKey, call: RunCall, position: number): number | undefined {
  const last = position === patternLength(tt, tt.tripPattern[run.trip]) - 1
  if (!isReal(last ? call.arrivalSource : call.departureSource)) return undefined
  return last ? call.arrival - call.scheduledArrival : call.departure - call.scheduledDeparture
}

/** The first call that it has not left; the last one when it should have left them all. */
export function nextPosition(horizon: Horizon, run: RunKey, row: LiveRunIdx, now: UnixSeconds): number {
  const { timetable: tt } = horizon
  const last = patternLength(tt, tt.tripPattern[run.trip]) - 1
  let lo = 0
  let hi = last
  // departures never decrease along a run
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if (readCall(horizon, run, row, mid).departure < now) lo = mid + 1
    else hi = mid
  }
  return lo
}

function conditionOf(
  vehicle: LiveVehicle,
  run: RunKey | undefined,
  delay: number | undefined,
  now: UnixSeconds,
  rules: FleetRules,
  alarm: 'off_route' | 'stopped' | undefined,
): VehicleCondition {
  const age = now - vehicle.timestamp
  if (age > rules.silentSeconds) return 'silent'
  if (age > rules.noGpsSeconds || vehicle.lat === undefined) return 'no_gps'
  if (!run) return 'unassigned'
  if (alarm) return alarm
  if (delay === undefined) return 'unknown'
  if (delay < -rules.earlySeconds) return 'early'
  if (delay > rules.veryLateSeconds) return 'very_late'
  return delay > rules.lateSeconds ? 'late' : 'on_time'
}

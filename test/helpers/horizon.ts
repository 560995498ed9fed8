// A horizon made on the spot: every service day of a drawn or random timetable compiled, with the live state it is given.

import { NONE, type StopIdx, type TripIdx, type ZoneIdx } from '#engine/core/ids.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import { compileDay, daySignature } from '#engine/horizon/compile-day.ts'
import { LiveCompiler } from '#engine/horizon/compile-live.ts'
import { type DayBlock, dayKey, type Horizon, type HorizonDay } from '#engine/horizon/horizon.ts'
import { buildOccupancy } from '#engine/live/occupancy.ts'
import { realtimeStopsOf } from '#engine/live/realtime-stops.ts'
import { runKey } from '#engine/live/runs.ts'
import {
  DROP_OFF_SHIFT,
  type LiveState,
  PICKUP_SHIFT,
  RunState,
  SKIPPED,
  Source,
  silence,
  typeFlags,
} from '#engine/live/state.ts'
import { dayStart, patternLength, slotStop, type Timetable } from '#engine/timetable/timetable.ts'

export function horizonOf(tt: Timetable, footpaths: Footpaths, live: LiveState = silence): Horizon {
  const days = new Map<number, HorizonDay>()
  const bySignature = new Map<string, DayBlock>()
  for (let zone = 0; zone < tt.counts.zones; zone++)
    for (let d = 0; d < tt.counts.days; d++) {
      const day = (tt.counts.firstDay + d) as ServiceDay
      const compile = (): DayBlock => compileDay(tt, zone as ZoneIdx, day)
      const block = bySignature.getOrInsertComputed(daySignature(tt, zone as ZoneIdx, day), compile)
      days.set(dayKey(zone, day), { zone, day, start: dayStart(tt, zone as ZoneIdx, day), block })
    }
  const added = realtimeStopsOf(tt).added()
  const base = (tt.counts.firstDay * 86_400) as UnixSeconds
  return {
    generation: 1,
    timetable: tt,
    footpaths,
    ...(added.stops.length > 0 && { added }),
    days,
    live: new LiveCompiler(tt).compile(days.values(), live, base),
    signs: new Map(live.runSigns?.map(signs => [runKey(signs), signs])),
    alerts: live.alerts,
    vehicles: live.vehicles,
    occupancy: buildOccupancy(live),
    sources: live.sources,
  }
}

export interface ChangedCall {
  arrival: number
  departure: number
  stop: StopIdx
  skipped: boolean
  /** pickup_type and drop_off_type in place of the planned ones. */
  pickup?: number
  dropOff?: number
}

/** A run as some feed would have it; times in seconds of the service day. */
export interface ChangedRun {
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly shift: number
  readonly state: RunState
  readonly calls: ChangedCall[]
}

/** The run as planned, to be changed. */
export function plannedRun(tt: Timetable, trip: TripIdx, day: ServiceDay, shift = 0): ChangedRun {
  const start = tt.tripStart[trip]! + shift
  const pattern = tt.tripPattern[trip]
  const calls = Array.from(
    { length: patternLength(tt, pattern) },
    (_, i): ChangedCall => ({
      arrival: start + tt.profileTimes[tt.tripProfile[trip]! + 2 * i]!,
      departure: start + tt.profileTimes[tt.tripProfile[trip]! + 2 * i + 1]!,
      stop: slotStop(tt.slots[tt.slotBegin[pattern]! + i]!),
      skipped: false,
    }),
  )
  return { trip, day, shift, state: RunState.running, calls }
}

/** The run as planned, so many seconds later at every stop. */
export function lateRun(tt: Timetable, trip: TripIdx, day: ServiceDay, seconds: number): ChangedRun {
  const run = plannedRun(tt, trip, day)
  for (const call of run.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
  return run
}

const flagsOf = ({ skipped, pickup, dropOff }: ChangedCall): number =>
  (skipped ? SKIPPED : 0) |
  (pickup === undefined ? 0 : typeFlags(pickup, PICKUP_SHIFT)) |
  (dropOff === undefined ? 0 : typeFlags(dropOff, DROP_OFF_SHIFT))

export function liveState(changed: readonly ChangedRun[]): LiveState {
  const rows = [...changed].sort((a, b) => a.day - b.day || a.trip - b.trip || a.shift - b.shift)
  const calls = rows.flatMap(r => r.calls)
  const eventBegin = [0]
  for (const row of rows) eventBegin.push(eventBegin.at(-1)! + row.calls.length)
  const sources = new Uint8Array(calls.length).fill(Source.predicted)
  return {
    runs: {
      runs: rows.length,
      runTrip: rows.map(r => r.trip),
      runDay: rows.map(r => r.day),
      runShift: rows.map(r => r.shift),
      runState: rows.map(r => r.state),
      runOther: rows.map(() => NONE),
      runWheelchair: rows.map(() => 0),
      runSource: rows.map(() => 0),
      eventBegin,
      eventArrival: Int32Array.from(calls, c => c.arrival),
      eventDeparture: Int32Array.from(calls, c => c.departure),
      eventArrivalSource: sources,
      eventDepartureSource: sources,
      eventFlags: Uint32Array.from(calls, flagsOf),
      eventUncertainty: new Uint32Array(calls.length),
      eventStop: calls.map(c => c.stop),
    },
    alerts: [],
    vehicles: [],
    sources: [],
  }
}

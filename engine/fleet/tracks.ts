// What one position alone does not tell: that a vehicle has left its route, or has not moved for minutes. An alarm rises with the second
// measurement in a row that says so and goes with the third that does not, so that a bad fix neither raises nor clears one.
//
//   measured every 30 s      ·   ·   x   ·   x   x   x   ·   x   ·   ·   ·   ·
//   off_route                –   –   –   –   –   on  on  on  on  on  on  –   –

import { metresBetween } from '../core/geo.ts'
import { NO_LIVE_RUN } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { findLiveRun, readCall } from '../horizon/runs.ts'
import type { LiveVehicle } from '../live/state.ts'
import { patternLength, slotStop } from '../timetable/timetable.ts'
import type { FleetRules } from './rules.ts'
import { nextPosition, runOfVehicle } from './vehicles.ts'

export type Alarm = 'off_route' | 'stopped'

/** On after so many measurements in a row that say so, off after so many that do not. */
interface Condition {
  on: boolean
  against: number
}

/** A place, and since when a vehicle is there. */
interface Stay {
  readonly lat: number
  readonly lon: number
  readonly since: number
}

interface Track {
  /** Of the measurement taken last. */
  measured: number
  /** Where it stands; where it seems to stand since it moved away, and how many measurements in a row say so. */
  stay: Stay
  next: Stay
  moved: number
  readonly offRoute: Condition
  readonly stopped: Condition
}

export class Tracks {
  private readonly rules: FleetRules
  private tracks = new Map<string, Track>()
  private seen: readonly LiveVehicle[] = []

  constructor(rules: FleetRules) {
    this.rules = rules
  }

  /** Reads a generation's vehicles; to be called for each. */
  take(horizon: Horizon): void {
    const { vehicles } = horizon
    if (vehicles === this.seen) return
    this.seen = vehicles
    const tracks = new Map<string, Track>()
    for (const vehicle of vehicles) {
      const key = keyOf(vehicle)
      const track = this.tracks.get(key) ?? beginTrack(vehicle)
      tracks.set(key, track)
      if (vehicle.timestamp > track.measured) this.measure(horizon, vehicle, track)
    }
    this.tracks = tracks
  }

  alarmOf(vehicle: LiveVehicle): Alarm | undefined {
    const track = this.tracks.get(keyOf(vehicle))
    if (track?.offRoute.on) return 'off_route'
    return track?.stopped.on ? 'stopped' : undefined
  }

  private measure(horizon: Horizon, vehicle: LiveVehicle, track: Track): void {
    const { timestamp, lat, lon } = vehicle
    track.measured = timestamp
    this.judge(track.offRoute, vehicle.offRoute === true)
    if (lat === undefined || lon === undefined) return
    const isAt = (stay: Stay): boolean => metresBetween(stay.lat, stay.lon, lat, lon) <= this.rules.stoppedMetres
    if (isAt(track.stay)) track.moved = 0
    else {
      if (track.moved++ === 0 || !isAt(track.next)) track.next = { lat, lon, since: timestamp }
      if (track.moved >= this.rules.clearAfter) {
        track.stay = track.next
        track.moved = 0
      }
    }
    const stands = track.moved === 0 && timestamp - track.stay.since > this.rules.stoppedSeconds
    this.judge(track.stopped, stands && !mayStand(horizon, vehicle, this.rules))
  }

  private judge(condition: Condition, says: boolean): void {
    condition.against = says === condition.on ? 0 : condition.against + 1
    const enough = condition.on ? this.rules.clearAfter : this.rules.raiseAfter
    if (condition.against < enough) return
    condition.on = !condition.on
    condition.against = 0
  }
}

const keyOf = ({ source, id }: LiveVehicle): string => `${source} ${id}`

function beginTrack({ lat = 0, lon = 0, timestamp }: LiveVehicle): Track {
  const stay = { lat, lon, since: timestamp }
  const [offRoute, stopped] = [0, 1].map(() => ({ on: false, against: 0 })) as [Condition, Condition]
  return { measured: 0, stay, next: stay, moved: 0, offRoute, stopped }
}

/** Without a run, where its run begins or ends, and where its plan lets it wait, a vehicle may stand as long as it likes. */
function mayStand(horizon: Horizon, vehicle: LiveVehicle, { terminalMetres }: FleetRules): boolean {
  const run = runOfVehicle(vehicle)
  if (!run || vehicle.lat === undefined || vehicle.lon === undefined) return true
  const { timetable: tt } = horizon
  const pattern = tt.tripPattern[run.trip]
  const first = tt.slotBegin[pattern]!
  for (const slot of [first, first + patternLength(tt, pattern) - 1]) {
    const stop = slotStop(tt.slots[slot]!)
    if (metresBetween(tt.stopLat[stop]!, tt.stopLon[stop]!, vehicle.lat, vehicle.lon) <= terminalMetres) return true
  }
  if (vehicle.status !== 'STOPPED_AT') return false
  const now = vehicle.timestamp as UnixSeconds
  const row = findLiveRun(horizon.live, run.trip, run.day, run.shift)
  const call = readCall(horizon, run, NO_LIVE_RUN, vehicle.slot ?? nextPosition(horizon, run, row, now))
  return now < call.scheduledDeparture
}

// Own predictions from positions alone, for producers that publish no TripUpdates (I15; off unless the source's options say so): how late a
// vehicle is where it is, and the rest of its run that much later. Told as propagated, since no producer states it, and only of runs that
// no TripUpdate speaks of.
//
//   planned       A 10:00      B 10:10/10:11      C 10:20         the vehicle at 10:17, two thirds of the way from B to C
//   there at                             10:11 + ⅔ · 9 min = 10:17
//
// Nobody is told to leave early: behind the vehicle's place a departure is never before its planned time.

import { metresBetween } from '../core/geo.ts'
import { NONE, type TripIdx } from '../core/ids.ts'
import type { ServiceDay } from '../core/time.ts'
import { headwayOf } from '../timetable/frequencies.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { dayStart, patternLength, slotStop, type Timetable, zoneOfTrip } from '../timetable/timetable.ts'
import { STALE_AFTER } from './aging.ts'
import type { Reading } from './reading.ts'
import { createRuns, findRow, finishRuns, NO_RUNS, type RunColumns } from './runs.ts'
import { type LiveRuns, type LiveVehicle, OWN, RunState, Source } from './state.ts'

/** Seconds early or late beyond which a vehicle is likelier on another run. */
const MAX_EARLY = 900
const MAX_LATE = 5400

type Placed = LiveVehicle & {
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly shift: number
  readonly slot: number
}

/** Rows for the vehicles' runs, ordered as LiveRuns are. */
export function runsFromPositions(reading: Reading, vehicles: readonly LiveVehicle[]): LiveRuns {
  const { tt } = reading.ids
  const placed = vehicles.filter((v): v is Placed => isUsable(reading, v))
  if (placed.length === 0) return NO_RUNS
  placed.sort((a, b) => a.day - b.day || a.trip - b.trip || a.shift - b.shift || b.timestamp - a.timestamp)
  const out = createRuns(
    placed.length,
    placed.reduce((sum, { trip }) => sum + patternLength(tt, tt.tripPattern[trip]), 0),
  )
  let last: Placed | undefined
  for (const vehicle of placed) {
    const { trip, day, shift } = vehicle
    // of two on one run the one measured last came first
    if (last?.trip === trip && last.day === day && last.shift === shift) continue
    last = vehicle
    if (!predict(tt, vehicle, out)) continue
    const row = out.runs++
    out.runTrip[row] = trip
    out.runDay[row] = day
    out.runShift[row] = shift
    out.runState[row] = RunState.running
    out.runOther[row] = NONE
    out.runSource[row] = reading.source
    out.events += patternLength(tt, tt.tripPattern[trip])
    out.eventBegin[row + 1] = out.events
  }
  return finishRuns(out)
}

function isUsable({ ids: { tt }, messageTime, runsOfFeed }: Reading, v: LiveVehicle): boolean {
  const { trip, day, shift = 0, slot } = v
  if (trip === undefined || day === undefined || slot === undefined || v.offRoute) return false
  if (messageTime - v.timestamp > STALE_AFTER || isExtraTrip(tt, trip)) return false
  if (headwayOf(tt, trip as TripIdx, shift) !== undefined) return false
  return runsOfFeed().every(runs => findRow(runs, trip as TripIdx, day as ServiceDay, shift) < 0)
}

/** Writes the run's events behind the last row; false when the vehicle is too far from its plan to be believed. */
function predict(tt: Timetable, v: Placed, out: RunColumns): boolean {
  const profile = tt.tripProfile[v.trip]!
  const start = tt.tripStart[v.trip]! + v.shift
  const arrivalAt = (i: number): number => start + tt.profileTimes[profile + 2 * i]!
  const departureAt = (i: number): number => start + tt.profileTimes[profile + 2 * i + 1]!
  const first = tt.slotBegin[tt.tripPattern[v.trip]]!
  const second = v.timestamp - dayStart(tt, zoneOfTrip(tt, v.trip), v.day)
  const standing = v.status === 'STOPPED_AT' || v.slot === 0
  let late: number
  if (standing) {
    // while it stands as planned it is in time; before its first departure it waits
    const early = v.slot === 0 ? 0 : Math.min(0, second - arrivalAt(v.slot))
    late = early + Math.max(0, second - departureAt(v.slot))
  } else {
    const part = wayDone(tt, slotStop(tt.slots[first + v.slot - 1]!), slotStop(tt.slots[first + v.slot]!), v)
    const left = departureAt(v.slot - 1)
    late = Math.round(second - (left + part * (arrivalAt(v.slot) - left)))
  }
  if (late < -MAX_EARLY || late > MAX_LATE) return false
  let floor = Number.NEGATIVE_INFINITY
  for (let i = 0; i < patternLength(tt, tt.tripPattern[v.trip]); i++) {
    const e = out.events + i
    const behind = i < v.slot
    // there, or still on the way to it
    const arrival = behind
      ? Math.min(arrivalAt(i), second)
      : i === v.slot && standing
        ? Math.min(arrivalAt(i) + Math.max(0, late), second)
        : Math.max(arrivalAt(i) + late, second)
    const departure = behind ? Math.min(departureAt(i), second) : departureAt(i) + Math.max(0, late)
    out.eventArrival[e] = floor = Math.max(floor, arrival)
    out.eventDeparture[e] = floor = Math.max(floor, departure)
    out.eventArrivalSource[e] = out.eventDepartureSource[e] = behind ? Source.schedule : Source.propagated
    out.eventFlags[e] = OWN
    out.eventUncertainty[e] = 0
    out.eventStop[e] = slotStop(tt.slots[first + i]!)
  }
  return true
}

/** 0 … 1 of the way between two stops, as the crow flies; without a position just short of the second. */
function wayDone(tt: Timetable, from: number, to: number, { lat, lon }: LiveVehicle): number {
  if (lat === undefined || lon === undefined) return 1
  const done = metresBetween(tt.stopLat[from]!, tt.stopLon[from]!, lat, lon)
  const left = metresBetween(tt.stopLat[to]!, tt.stopLon[to]!, lat, lon)
  return done + left === 0 ? 1 : done / (done + left)
}

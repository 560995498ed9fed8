// One run's updates → an arrival and a departure for every stop, each with where it comes from (rules D1–D16, E1–E10).
//
//   the feed says        A        B +5 min     C          D NO_DATA    E          F −1 min
//   this run             schedule predicted    propagated noData       noData     predicted
//   and its times        ≤ B      +5           +5         ≥ C          ≤ F        −1            never running back
//
// What the producer states is kept; what nobody stated gives way to it (D11): pushed up behind a late stop, pulled down before an early
// one. Stated times that contradict each other by at most two minutes are clamped forward, beyond that the update is not believed (D10).

import { NONE } from '../core/ids.ts'
import { DAY } from '../core/time.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Located } from './locate.ts'
import {
  ARRIVAL_DELAY,
  ARRIVAL_TIME,
  ARRIVAL_UNCERTAINTY,
  ASSIGNED_STOP,
  DEPARTURE,
  DEPARTURE_DELAY,
  DEPARTURE_TIME,
  DROP_OFF_TYPE,
  EMPTY_ARRIVAL,
  EMPTY_DEPARTURE,
  NO_DELAY,
  OCCUPANCY,
  PICKUP_TYPE,
  SCHEDULED_ARRIVAL,
  StopRelationship,
} from './message.ts'
import type { Reading } from './reading.ts'
import type { Rejection, Tally, Warning } from './reasons.ts'
import type { RunColumns } from './runs.ts'
import { passSkipped } from './skipped.ts'
import {
  ARRIVAL_UNCERTAINTY_SHIFT,
  DEPARTURE_OCCUPANCY_SHIFT,
  DEPARTURE_UNCERTAINTY_SHIFT,
  DROP_OFF_SHIFT,
  PICKUP_SHIFT,
  REPAIRED,
  SKIPPED,
  Source,
  typeFlags,
  uncertaintyBits,
} from './state.ts'

/** Seconds by which stated times may run back and still be repaired. */
const MAX_REPAIR = 120
/** Times are believed from 12 h before the service day begins to 72 h after (D13). */
const EARLIEST = -DAY / 2
const LATEST = 3 * DAY
/** Unix seconds are below this until the year 5138; above it are milliseconds (A14). */
export const MAX_UNIX_SECONDS = 1e11
const NOTHING = Number.NaN
const DEPARTURE_UNCERTAINTY = ARRIVAL_UNCERTAINTY << DEPARTURE
const ANY_TIME = ARRIVAL_TIME | ARRIVAL_DELAY | DEPARTURE_TIME | DEPARTURE_DELAY
const ANY_SCHEDULED = SCHEDULED_ARRIVAL | (SCHEDULED_ARRIVAL << DEPARTURE)
/** profileFlags: timepoint = 1 was stated. */
const TIMEPOINT = 2
/** OccupancyStatus: NOT_BOARDABLE. */
const LAST_OCCUPANCY = 8

/** Writes the schedule into the events from `at` on, every one of them with this source. */
export function writeSchedule(tt: Timetable, run: Located, out: RunColumns, at: number, source: Source): void {
  const profile = tt.tripProfile[run.trip]!
  for (let i = 0; i < run.stops; i++) {
    out.eventArrival[at + i] = run.start + tt.profileTimes[profile + 2 * i]!
    out.eventDeparture[at + i] = run.start + tt.profileTimes[profile + 2 * i + 1]!
    out.eventArrivalSource[at + i] = out.eventDepartureSource[at + i] = source
    out.eventFlags[at + i] = out.eventUncertainty[at + i] = 0
    out.eventStop[at + i] = tt.slots[run.slot + i]! >>> 2
  }
}

/**
 * Resolves the run into `out`, events from `at` on.
 * @param tripDelay the update's own delay, NO_DELAY when it has none (D16)
 * @param dated the feed named the service day, so even a delay of more than a day is meant
 */
export function resolveTimes(
  { m, ids: { tt }, messageTime, warnings, options }: Reading,
  run: Located,
  tripDelay: number,
  dated: boolean,
  out: RunColumns,
  at: number,
): Rejection | undefined {
  const c = m.stops.columns
  const profile = tt.tripProfile[run.trip]!
  const {
    eventArrival,
    eventDeparture,
    eventArrivalSource,
    eventDepartureSource,
    eventFlags,
    eventUncertainty,
    eventStop,
  } = out
  const maxDelay = dated ? LATEST : DAY
  const { guessed } = run
  const now = messageTime - run.dayStart

  // what holds for stops without an update of their own
  const hasDelay = tripDelay !== NO_DELAY && Math.abs(tripDelay) <= maxDelay
  let delay = hasDelay ? tripDelay : 0
  let mode: Source = hasDelay ? Source.propagated : Source.schedule
  let used = hasDelay ? 1 : 0

  for (let i = 0; i < run.stops; i++) {
    const plannedArrival = run.start + tt.profileTimes[profile + 2 * i]!
    const plannedDeparture = run.start + tt.profileTimes[profile + 2 * i + 1]!
    const e = at + i
    const s = run.updateOf[i]! - 1
    let flags = 0
    let uncertainty = 0
    let arrival = NOTHING
    let departure = NOTHING
    if (s >= 0) {
      const relationship = c.relationship[s]!
      const given = c.given[s]!
      if (given & PICKUP_TYPE) flags |= typeFlags(c.pickupType[s]!, PICKUP_SHIFT)
      if (given & DROP_OFF_TYPE) flags |= typeFlags(c.dropOffType[s]!, DROP_OFF_SHIFT)
      if (given & OCCUPANCY && c.sequence[s] !== NONE && c.occupancy[s]! <= LAST_OCCUPANCY)
        flags |= (c.occupancy[s]! + 1) << DEPARTURE_OCCUPANCY_SHIFT
      if (flags !== 0 || given & ASSIGNED_STOP) used++
      if (relationship === StopRelationship.skipped) {
        flags |= SKIPPED
        used++
      } else if (relationship === StopRelationship.noData) {
        delay = 0
        mode = Source.noData
        used++
      } else {
        if (relationship === StopRelationship.unscheduled && !guessed) warnings.add('stop_unscheduled')
        if (given & ANY_SCHEDULED && run.trip < tt.counts.trips) warnings.add('scheduled_time_ignored')
        if (given & (ARRIVAL_TIME | ARRIVAL_DELAY)) {
          const stated = given & ARRIVAL_TIME ? c.arrivalTime[s]! : 0
          const late = given & ARRIVAL_DELAY && !guessed ? c.arrivalDelay[s]! : NO_DELAY
          arrival = eventTime(stated, late, plannedArrival, run.dayStart, maxDelay, warnings)
          if (given & ARRIVAL_UNCERTAINTY && !Number.isNaN(arrival))
            uncertainty |= uncertaintyBits(c.arrivalUncertainty[s]!, ARRIVAL_UNCERTAINTY_SHIFT)
        }
        if (given & (DEPARTURE_TIME | DEPARTURE_DELAY)) {
          const stated = given & DEPARTURE_TIME ? c.departureTime[s]! : 0
          const late = given & DEPARTURE_DELAY && !guessed ? c.departureDelay[s]! : NO_DELAY
          departure = eventTime(stated, late, plannedDeparture, run.dayStart, maxDelay, warnings)
          if (given & DEPARTURE_UNCERTAINTY && !Number.isNaN(departure))
            uncertainty |= uncertaintyBits(c.departureUncertainty[s]!, DEPARTURE_UNCERTAINTY_SHIFT)
        }
        const brings = given & ANY_SCHEDULED && run.trip >= tt.counts.trips
        if (((given & ANY_TIME) === 0 && !brings) || given & (EMPTY_ARRIVAL | EMPTY_DEPARTURE)) warnings.add('no_times')
        else if (guessed && (given & (ARRIVAL_TIME | DEPARTURE_TIME)) === 0) warnings.add('delay_without_schedule')
      }
    }
    eventFlags[e] = flags
    eventUncertainty[e] = uncertainty
    eventStop[e] = run.stopAt[i]!

    const hasArrival = !Number.isNaN(arrival)
    const hasDeparture = !Number.isNaN(departure)
    if (hasArrival) {
      eventArrival[e] = arrival
      eventArrivalSource[e] = arrival < now ? Source.recorded : Source.predicted
      delay = arrival - plannedArrival
      mode = Source.propagated
      used++
    } else {
      // behind a stated departure it cannot be (D8): the repair below pulls it down
      eventArrival[e] = plannedArrival + delay
      eventArrivalSource[e] = mode
    }
    if (hasDeparture) {
      eventDeparture[e] = departure
      eventDepartureSource[e] = departure < now ? Source.recorded : Source.predicted
      delay = departure - plannedDeparture
      mode = Source.propagated
      used++
    } else {
      // an early vehicle waits where the timetable lets it wait: at a timepoint with a stay (D7, D15)
      if (
        (hasArrival || mode === Source.propagated) &&
        delay < 0 &&
        !options.earlyAtTimepoints &&
        plannedDeparture > plannedArrival &&
        tt.profileFlags[profile + 2 * i + 1]! & TIMEPOINT
      )
        delay = 0
      eventDeparture[e] = plannedDeparture + delay
      eventDepartureSource[e] = mode
    }
  }
  if (used === 0) return 'no_updates'
  if (!repair(out, at, run.stops, warnings)) return 'times_run_back'
  passSkipped(tt, run, out, at)
  return undefined
}

/** The stated time in seconds of the service day; a time counts before a delay (D1), NOTHING when neither is believable. */
function eventTime(
  stated: number,
  late: number,
  planned: number,
  dayStart: number,
  maxDelay: number,
  warnings: Tally<Warning>,
): number {
  let time: number
  // times of 0 occur in the wild and mean "none" (D12)
  if (stated > 0) {
    if (stated >= MAX_UNIX_SECONDS) {
      warnings.add('time_in_milliseconds')
      return NOTHING
    }
    time = stated - dayStart
  } else if (late !== NO_DELAY) time = planned + late
  else return NOTHING
  if (time < EARLIEST || time > LATEST || Math.abs(time - planned) > maxDelay) {
    warnings.add('time_out_of_range')
    return NOTHING
  }
  return time
}

const isStated = (source: number): boolean => source === Source.predicted || source === Source.recorded

/** Makes the times of a run never decrease; false when stated times run back too far. */
function repair(out: RunColumns, at: number, stops: number, warnings: Tally<Warning>): boolean {
  const { eventArrival, eventDeparture, eventArrivalSource, eventDepartureSource, eventFlags } = out
  let floor = Number.NEGATIVE_INFINITY
  for (let e = at; e < at + stops; e++) {
    if (isStated(eventArrivalSource[e]!)) {
      if (eventArrival[e]! < floor) {
        if (floor - eventArrival[e]! > MAX_REPAIR) return false
        eventArrival[e] = floor
        eventFlags[e]! |= REPAIRED
      }
      floor = eventArrival[e]!
    }
    if (isStated(eventDepartureSource[e]!)) {
      if (eventDeparture[e]! < floor) {
        if (floor - eventDeparture[e]! > MAX_REPAIR) return false
        eventDeparture[e] = floor
        eventFlags[e]! |= REPAIRED
      }
      floor = eventDeparture[e]!
    }
    if (eventFlags[e]! & REPAIRED) warnings.add('repaired')
  }
  // what is not stated: down to the next stated time …
  let ceiling = Number.POSITIVE_INFINITY
  for (let e = at + stops - 1; e >= at; e--) {
    if (isStated(eventDepartureSource[e]!)) ceiling = eventDeparture[e]!
    else if (eventDeparture[e]! > ceiling) eventDeparture[e] = ceiling
    if (isStated(eventArrivalSource[e]!)) ceiling = eventArrival[e]!
    else if (eventArrival[e]! > ceiling) eventArrival[e] = ceiling
  }
  // … and up to the one before
  floor = Number.NEGATIVE_INFINITY
  for (let e = at; e < at + stops; e++) {
    if (eventArrival[e]! < floor) eventArrival[e] = floor
    floor = eventArrival[e]!
    if (eventDeparture[e]! < floor) eventDeparture[e] = floor
    floor = eventDeparture[e]!
  }
  return true
}

// TripDescriptor of a vehicle → the run that it is really on: a run of the timetable, the one that takes its place, or one that realtime added.

import type { LiveRunIdx, TripIdx } from '../core/ids.ts'
import { parseDate, type ServiceDay, type UnixSeconds } from '../core/time.ts'
import { type Match, matchTrip } from './match.ts'
import { messageText } from './message.ts'
import type { Reading } from './reading.ts'
import type { Rejection } from './reasons.ts'
import { addedNamed, findRow } from './runs.ts'
import { findShared } from './shared-runs.ts'
import { isShown, RunState } from './state.ts'

/** @param vehicle its id, where it has one: what tells it from others on the same run (G5) */
export function matchRun(
  reading: Reading,
  d: number,
  reference: UnixSeconds,
  vehicle: string | undefined,
  into: Match,
): Rejection | undefined {
  const rejection = matchTrip(reading, d, reference, into)
  if (rejection === 'trip_not_found') return matchAdded(reading, d, into)
  if (rejection !== undefined) return rejection
  for (const runs of reading.runsOfFeed()) {
    const row = findRow(runs, into.trip, into.day, into.shift) as LiveRunIdx
    if (row < 0 || runs.runState[row] !== RunState.superseded || runs.runOther[row] === into.trip) continue
    into.trip = runs.runOther[row] as TripIdx
    into.shift = 0
  }
  if (vehicle) findShared(reading, vehicle, into)
  return undefined
}

/** A run that realtime added: by trip_id, and by date where one is given. */
export function matchAdded(reading: Reading, d: number, into: Match): Rejection | undefined {
  const { m, ids } = reading
  const c = m.descriptors.columns
  const tripId = messageText(m, c.tripIdBegin[d]!, c.tripIdEnd[d]!)
  const date = parseDate(messageText(m, c.startDateBegin[d]!, c.startDateEnd[d]!))
  for (const runs of reading.runsOfFeed())
    for (const r of addedNamed(ids.tt, runs, tripId)) {
      if (!isShown(runs.runState[r]) || (date !== undefined && runs.runDay[r] !== date)) continue
      into.trip = runs.runTrip[r]
      into.day = runs.runDay[r] as ServiceDay
      into.shift = runs.runShift[r]
      into.dated = date !== undefined
      return undefined
    }
  return 'trip_not_found'
}

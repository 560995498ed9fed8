// Several vehicles on one run of a line that goes "every so often" (G5): trip_id, date and start time name the same run for all of them, and
// only their ids tell them apart. The one whose id sorts first is the run; each other one is a run that the timetable does not have, a copy
// of it under a name of its own. So the state follows from the message alone, in whatever order its entities come.

import { NONE, type TripIdx } from '../core/ids.ts'
import { hashBytes } from '../core/strings.ts'
import { headwayOf } from '../timetable/frequencies.ts'
import { likeTrip } from './extra-trips.ts'
import type { Match } from './match.ts'
import { messageText, TripRelationship } from './message.ts'
import type { Reading } from './reading.ts'
import { runKey } from './runs.ts'
import { RunState } from './state.ts'
import type { Wanted } from './wanted.ts'

/** The id of the vehicle that an update names, or ''. */
export function vehicleOf({ m }: Reading, update: number): string {
  const { vehicleIdBegin, vehicleIdEnd } = m.updates.columns
  return messageText(m, vehicleIdBegin[update]!, vehicleIdEnd[update]!)
}

/** CANCELED and DELETED are about the run, whatever vehicle they name. */
function isOfRun({ m }: Reading, update: number): boolean {
  const relationship = m.descriptors.columns.relationship[m.updates.columns.descriptor[update]!]
  return relationship === TripRelationship.cancelled || relationship === TripRelationship.deleted
}

/** Is it one of several vehicles on a run, other than the first? Such a run has no plan that a delay could be against (G1). */
export const sharesRun = ({ state, other }: Pick<Wanted, 'state' | 'other'>): boolean =>
  state === RunState.added && other !== NONE

/** Gives every vehicle of a run but the first a run of its own. @param wanted changed in place; no room: left out, and counted */
export function shareRuns(reading: Reading, wanted: Wanted[]): void {
  const { tt } = reading.ids
  const vehiclesOn = new Map<string, Map<string, number[]>>()
  const calledOff = new Set<string>()
  for (const [at, { trip, day, shift, update }] of wanted.entries()) {
    if (update < 0 || trip >= tt.counts.trips || headwayOf(tt, trip, shift) === undefined) continue
    const run = runKey({ trip, day, shift })
    const vehicle = vehicleOf(reading, update)
    if (isOfRun(reading, update)) calledOff.add(run)
    else if (vehicle !== '') {
      const vehicles = vehiclesOn.getOrInsertComputed(run, () => new Map())
      vehicles.getOrInsertComputed(vehicle, () => []).push(at)
    }
  }
  const without = new Set<number>()
  for (const [run, vehicles] of vehiclesOn) {
    // that is about all of them: which word on the run counts, B15 says
    if (calledOff.has(run)) continue
    for (const [vehicle, updates] of [...vehicles].sort(([a], [b]) => (a < b ? -1 : 1)).slice(1))
      for (const at of updates) {
        const w = wanted[at]!
        const trip = copyFor(reading, w, vehicle)
        if (trip === undefined) without.add(at)
        else wanted[at] = { ...w, trip, shift: 0, state: RunState.added, other: w.trip }
      }
  }
  if (without.size === 0) return
  reading.rejected.add('no_room', without.size)
  let kept = 0
  for (const [at, w] of wanted.entries()) if (!without.has(at)) wanted[kept++] = w
  wanted.length = kept
}

/** Vehicle ids are internal (I8): the name holds what they hash to. */
function copyFor({ ids, extras, claimed }: Reading, { trip, shift }: Wanted, vehicle: string): TripIdx | undefined {
  const copy = likeTrip(ids.tt, trip, shift)
  const id = utf8.encode(vehicle)
  const tripId = `${copy.tripId}~${hashBytes(id, 0, id.length).toString(36)}`
  const found = extras.claim({ ...copy, tripId, isNew: true })
  if (found !== undefined) claimed.push(found)
  return found
}

const utf8 = new TextEncoder()

/** The run that is this vehicle's own, of those that a descriptor names; `into` holds the first. */
export function findShared(reading: Reading, vehicle: string, into: Match): void {
  const { tt } = reading.ids
  if (into.trip >= tt.counts.trips || headwayOf(tt, into.trip, into.shift) === undefined) return
  const start = tt.tripStart[into.trip]! + into.shift
  for (const runs of reading.runsOfFeed())
    for (let r = 0; r < runs.runs; r++) {
      const row = r as never
      const trip = runs.runTrip[row]
      if (runs.runState[row] !== RunState.added || runs.runOther[row] !== into.trip || runs.runDay[row] !== into.day)
        continue
      if (tt.tripStart[trip] !== start || reading.vehicleTold(runKey({ trip, day: into.day, shift: 0 })) !== vehicle)
        continue
      into.trip = trip
      into.shift = 0
      return
    }
}

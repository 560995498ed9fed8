// Several vehicles on one run of a line that goes "every so often" (G5): trip_id, date and start time name the same run for all of them, and
// only their ids tell them apart. One is the run: who was on it alone before, else the one whose id sorts first. Each other one is a run that
// the timetable does not have, a copy of it under a name of its own. That is remembered for as long as the service day lasts, so that nobody's
// name becomes another's: when the one goes, the run has no vehicle any more (A4), and the others stay what they are.

import { NONE, type TripIdx } from '../core/ids.ts'
import { hashBytes, textOf } from '../core/strings.ts'
import { DAY, type ServiceDay, type UnixSeconds } from '../core/time.ts'
import { headwayOf } from '../timetable/frequencies.ts'
import { likeTrip } from './extra-trips.ts'
import type { Match } from './match.ts'
import { messageText, TripRelationship } from './message.ts'
import type { Reading } from './reading.ts'
import { addedNamed, runKey } from './runs.ts'
import { RunState } from './state.ts'
import type { Wanted } from './wanted.ts'

/** Run (`runKey`) that vehicles have shared → the one that it is. */
export type Holders = Map<string, { readonly vehicle: string; readonly day: ServiceDay }>

/** Days after which nobody speaks of a run any more. */
const REMEMBERED = 3

/** To be called once a message. @param now of the message */
export function forgetHolders(holders: Holders, now: UnixSeconds): void {
  for (const [run, { day }] of holders) if ((day + REMEMBERED) * DAY < now) holders.delete(run)
}

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

/** Gives every vehicle of a run but one a run of its own. @param wanted changed in place; no room: left out, and counted */
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
    const holder = holderOf(reading, run, wanted, vehicles)
    for (const [vehicle, updates] of [...vehicles].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (vehicle === holder) continue
      for (const at of updates) {
        const w = wanted[at]!
        const trip = copyFor(reading, w, vehicle)
        if (trip === undefined) without.add(at)
        else wanted[at] = { ...w, trip, shift: 0, state: RunState.added, other: w.trip }
      }
    }
  }
  if (without.size === 0) return
  reading.rejected.add('no_room', without.size)
  let kept = 0
  for (const [at, w] of wanted.entries()) if (!without.has(at)) wanted[kept++] = w
  wanted.length = kept
}

/** The vehicle that the run is. */
function holderOf(
  { holders, vehicleTold }: Reading,
  run: string,
  wanted: readonly Wanted[],
  vehicles: ReadonlyMap<string, readonly number[]>,
): string {
  const known = holders.get(run)
  if (known) return known.vehicle
  const [first] = [...vehicles.keys()].sort()
  if (vehicles.size === 1) return first!
  const before = vehicleTold(run)
  const vehicle = before !== undefined && vehicles.has(before) ? before : first!
  holders.set(run, { vehicle, day: wanted[vehicles.get(first!)![0]!]!.day })
  return vehicle
}

function copyFor({ ids, extras, claimed }: Reading, { trip, shift }: Wanted, vehicle: string): TripIdx | undefined {
  const copy = likeTrip(ids.tt, trip, shift)
  const found = extras.claim({ ...copy, tripId: copyName(copy.tripId, vehicle), isNew: true })
  if (found !== undefined) claimed.push(found)
  return found
}

/** Vehicle ids are internal (I8): the name holds what they hash to. */
function copyName(tripId: string, vehicle: string): string {
  const id = utf8.encode(vehicle)
  return `${tripId}~${hashBytes(id, 0, id.length).toString(36)}`
}

const utf8 = new TextEncoder()

/** The run that is this vehicle's own, of those that a descriptor names; `into` holds the first. */
export function findShared(reading: Reading, vehicle: string, into: Match): void {
  const { tt } = reading.ids
  if (into.trip >= tt.counts.trips || headwayOf(tt, into.trip, into.shift) === undefined) return
  const start = tt.tripStart[into.trip]! + into.shift
  const name = copyName(textOf(tt, tt.tripId[into.trip]!), vehicle)
  for (const runs of reading.runsOfFeed())
    for (const row of addedNamed(tt, runs, name)) {
      const trip = runs.runTrip[row]
      if (runs.runOther[row] !== into.trip || runs.runDay[row] !== into.day || tt.tripStart[trip] !== start) continue
      // two ids may hash to one name
      if (reading.vehicleTold(runKey({ trip, day: into.day, shift: 0 })) !== vehicle) continue
      into.trip = trip
      into.shift = 0
      return
    }
}

// Which runs a message speaks of: each update matched to its run or to the run that it adds, and the runs that it takes away.

import { NONE, type TripIdx } from '../core/ids.ts'
import { hashBytes } from '../core/strings.ts'
import { DAY, parseDate, parseTime, type ServiceDay, type UnixSeconds } from '../core/time.ts'
import { frequencyShifts, headwayOf } from '../timetable/frequencies.ts'
import { findIn, sameBytes } from '../timetable/ids.ts'
import { type Addition, dayGiven, duplicatedTrip, newTrip, replacementTrip } from './additions.ts'
import { type Detour, tripNamed } from './detours.ts'
import { createMatch, hasTripId, type Match, matchTrip, nearestDay } from './match.ts'
import {
  ARRIVAL_DELAY,
  ARRIVAL_TIME,
  DEPARTURE_DELAY,
  DEPARTURE_TIME,
  type DecodedMessage,
  messageText,
  NO_DELAY,
  NO_TIME,
  TripRelationship,
} from './message.ts'
import type { Reading } from './reading.ts'
import { type Rejection, Tally, type Warning } from './reasons.ts'
import { shareRuns } from './shared-runs.ts'
import { RunState } from './state.ts'
import { MAX_UNIX_SECONDS } from './times.ts'

/** A row to be: the run it is about, and what says so. */
export interface Wanted {
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly shift: number
  /** Row of the message's updates; −1: the schedule alone. */
  readonly update: number
  readonly dated: boolean
  readonly state: RunState
  readonly other: number
  /** Of two for one run the higher is believed, of equals the newer (B15). */
  readonly rank: number
  /** Where the updates go that are not to be located by sequence or stop_id in the trip itself. */
  readonly rows?: readonly number[] | undefined
  readonly detour?: Detour | undefined
}

// ranks: the schedule of a detour gives way to what is said of its run, that by the old trip to that by the modified one (H18); and a run
// that another takes the place of is not there, whatever else is said of it
const SCHEDULE = 0
export const SAID_OF_ORIGINAL = 1
const SAID = 2
const TAKEN_AWAY = 3

/** Ordered by (day, trip, shift), of several for one run the one to be believed last. */
export function wantedRuns(
  reading: Reading,
  detours: ReadonlyMap<string, Detour>,
): { wanted: Wanted[]; matched: number; unmatched: number } {
  const { m, rejected } = reading
  const wanted: Wanted[] = []
  let matched = 0
  let unmatched = 0
  for (const detour of detours.values()) {
    const { original, day, shift, trip } = detour
    const run = { day, update: -1, dated: true }
    wanted.push({ ...run, trip, shift: 0, state: RunState.replaced, other: original, rank: SCHEDULE, detour })
    wanted.push({ ...run, trip: original, shift, state: RunState.superseded, other: trip, rank: TAKEN_AWAY })
  }
  const repeated = findRepeatedIds(m)
  const named = addedNames(m)
  const match = createMatch()
  for (let i = 0; i < m.updates.length; i++) {
    const rejection = repeated[i] === 1 ? 'duplicate_entity_id' : want(reading, i, match, named, wanted)
    if (rejection === undefined) matched++
    else {
      rejected.add(rejection)
      if (rejection !== 'duplicate_entity_id' && rejection !== 'added_twice') unmatched++
    }
  }
  coverHeadways(reading, wanted)
  shareRuns(reading, wanted)
  const { timestamp } = m.updates.columns
  for (let i = 0; i < m.updates.length; i++) {
    if (timestamp[i]! < MAX_UNIX_SECONDS) continue
    reading.warnings.add('time_in_milliseconds')
    timestamp[i] = NO_TIME
  }
  const madeAt = (w: Wanted): number => (w.update < 0 ? 0 : timestamp[w.update]!)
  wanted.sort(
    (a, b) =>
      a.day - b.day ||
      a.trip - b.trip ||
      a.shift - b.shift ||
      a.rank - b.rank ||
      madeAt(a) - madeAt(b) ||
      a.update - b.update,
  )
  return { wanted, matched, unmatched }
}

/** Adds the row or rows that update `i` asks for. */
function want(
  reading: Reading,
  i: number,
  match: Match,
  named: ReadonlyMap<string, readonly AddedName[]>,
  wanted: Wanted[],
): Rejection | undefined {
  const { m } = reading
  const d = m.updates.columns.descriptor[i]!
  if (d === NONE) return 'invalid_descriptor'
  switch (m.descriptors.columns.relationship[d]) {
    case TripRelationship.new:
      return isKnown(reading, d) ? 'trip_already_exists' : wantAdded(reading, i, newTrip(reading, i), wanted)
    case TripRelationship.added:
      if (isNamed(named, m, i)) return 'added_twice'
      if (!isKnown(reading, d)) return wantAdded(reading, i, newTrip(reading, i), wanted)
      return isAnotherRun(reading, i, match)
        ? wantAdded(reading, i, duplicatedTrip(reading, i), wanted)
        : 'trip_already_exists'
    case TripRelationship.duplicated:
      return wantAdded(reading, i, duplicatedTrip(reading, i), wanted)
    case TripRelationship.replacement:
      return wantReplacement(reading, i, match, wanted)
    default:
      return m.descriptors.columns.modified[d] === 0
        ? wantMatched(reading, i, match, wanted)
        : wantModified(reading, i, wanted)
  }
}

function wantMatched(reading: Reading, i: number, match: Match, wanted: Wanted[]): Rejection | undefined {
  const rejection = matchUpdate(reading, i, match)
  if (rejection !== undefined) return rejection
  const { trip, day, shift, dated } = match
  const detour = reading.detourOf(trip, day, shift)
  if (detour === undefined)
    wanted.push({ trip, day, shift, update: i, dated, state: RunState.running, other: NONE, rank: SAID })
  else
    wanted.push({
      trip: detour.trip,
      day,
      shift: 0,
      update: i,
      dated,
      state: RunState.replaced,
      other: trip,
      rank: SAID_OF_ORIGINAL,
      detour,
    })
  return undefined
}

function wantAdded(reading: Reading, i: number, added: Addition | Rejection, wanted: Wanted[]): Rejection | undefined {
  if (typeof added === 'string') return added
  const { trip, day, dated, rows } = added
  reading.claimed.push(trip)
  wanted.push({ trip, day, shift: 0, update: i, dated, state: RunState.added, other: NONE, rank: SAID, rows })
  return undefined
}

function wantReplacement(reading: Reading, i: number, match: Match, wanted: Wanted[]): Rejection | undefined {
  const rejection = matchUpdate(reading, i, match)
  if (rejection !== undefined) return rejection
  const { trip: original, shift, day } = match
  const added = replacementTrip(reading, i, match)
  if (typeof added === 'string') return added
  reading.claimed.push(added.trip)
  const run = { day, dated: match.dated }
  const { trip, rows } = added
  wanted.push({ ...run, trip, shift: 0, update: i, state: RunState.replaced, other: original, rank: SAID, rows })
  wanted.push({ ...run, trip: original, shift, update: -1, state: RunState.superseded, other: trip, rank: TAKEN_AWAY })
  return undefined
}

/** An update for a trip as a TripModifications entity makes it (B16, H17). */
function wantModified(reading: Reading, i: number, wanted: Wanted[]): Rejection | undefined {
  const { m, ids, messageTime } = reading
  const { tt } = ids
  const d = m.updates.columns.descriptor[i]!
  const { modificationsId, affectedTripId, startDate, startTime } =
    m.modifiedTrips[m.descriptors.columns.modified[d]! - 1]!
  const original = tripNamed(reading, affectedTripId)
  if (original === undefined) return 'trip_not_found'
  const start = startTime === '' ? undefined : parseTime(startTime)
  const shift = start === undefined || headwayOf(tt, original, 0) === undefined ? 0 : start - tt.tripStart[original]!
  const day = startDate === '' ? nearestDay(tt, original, shift, firstTime(m, i) ?? messageTime) : parseDate(startDate)
  if (day === undefined) return startDate === '' ? 'no_service_on_date' : 'bad_start_date'
  const detour = reading.detourOf(original, day, shift)
  if (detour === undefined || detour.id !== modificationsId) return 'modification_not_found'
  const run = { trip: detour.trip, day, shift: 0, update: i, dated: startDate !== '' }
  wanted.push({ ...run, state: RunState.replaced, other: original, rank: SAID })
  return undefined
}

/**
 * A vehicle on a line that goes "every so often" stands for one of the runs that the headway only guesses: the one planned at most half a
 * headway from its start is not shown beside it (G4).
 */
function coverHeadways({ ids: { tt } }: Reading, wanted: Wanted[]): void {
  for (const { trip, day, shift, update } of wanted.slice()) {
    if (update < 0 || trip >= tt.counts.trips) continue
    const headway = headwayOf(tt, trip, shift)
    if (headway === undefined) continue
    for (const guessed of frequencyShifts(tt, trip)) {
      const away = guessed - shift
      if (away === 0 || 2 * away <= -headway || 2 * away > headway) continue
      const run = { trip, day, shift: guessed, update: -1, dated: true }
      wanted.push({ ...run, state: RunState.superseded, other: trip, rank: SCHEDULE })
    }
  }
}

const tripIdOf = (m: DecodedMessage, d: number): string =>
  messageText(m, m.descriptors.columns.tripIdBegin[d]!, m.descriptors.columns.tripIdEnd[d]!)

const routeIdOf = (m: DecodedMessage, d: number): string =>
  messageText(m, m.descriptors.columns.routeIdBegin[d]!, m.descriptors.columns.routeIdEnd[d]!)

/** Runs of one trip_id that a message adds; more than that are not compared. */
const MOST_OF_ONE_NAME = 64

/** A run that an update adds, as it names it. */
interface AddedName {
  readonly day: ServiceDay | undefined
  /** Unix seconds. */
  readonly first: number | undefined
  readonly route: string
}

const nameOf = (m: DecodedMessage, i: number): AddedName => ({
  day: dayGiven(m, i),
  first: firstTime(m, i),
  route: routeIdOf(m, m.updates.columns.descriptor[i]!),
})

/** Do both name one run? Where a day is not said the times tell, and what is said nowhere means any. */
function isSameRun(a: AddedName, b: AddedName): boolean {
  if (a.route !== '' && b.route !== '' && a.route !== b.route) return false
  if (a.day !== undefined && b.day !== undefined) return a.day === b.day
  return a.first === undefined || b.first === undefined || Math.abs(a.first - b.first) < DAY / 2
}

/** Runs that the message's NEW and DUPLICATED updates name, so that an ADDED for old readers is not a second one (F15), by trip_id. */
function addedNames(m: DecodedMessage): ReadonlyMap<string, readonly AddedName[]> {
  const names = new Map<string, AddedName[]>()
  const u = m.updates.columns
  for (let i = 0; i < m.updates.length; i++) {
    const d = u.descriptor[i]!
    const relationship = d === NONE ? undefined : m.descriptors.columns.relationship[d]
    if (relationship !== TripRelationship.new && relationship !== TripRelationship.duplicated) continue
    const name = nameOf(m, i)
    const add = (tripId: string): void => {
      const known = names.getOrInsertComputed(tripId, () => [])
      if (known.length < MOST_OF_ONE_NAME) known.push(name)
    }
    for (const tripId of [tripIdOf(m, d), messageText(m, u.newTripIdBegin[i]!, u.newTripIdEnd[i]!)])
      if (tripId !== '') add(tripId)
  }
  return names
}

/** Is it one of them? */
function isNamed(names: ReadonlyMap<string, readonly AddedName[]>, m: DecodedMessage, i: number): boolean {
  const told = names.get(tripIdOf(m, m.updates.columns.descriptor[i]!))
  if (told === undefined) return false
  const own = nameOf(m, i)
  return told.some(name => isSameRun(name, own))
}

function isKnown({ m, ids, feeds }: Reading, d: number): boolean {
  const c = m.descriptors.columns
  return findIn(ids.tt, ids.trips, feeds, m.bytes, c.tripIdBegin[d]!, c.tripIdEnd[d]!) !== undefined
}

/** ADDED with a trip_id of the timetable, but at a time or on a day at which that trip does not run: the old way to say DUPLICATED (F16). */
function isAnotherRun(reading: Reading, i: number, match: Match): boolean {
  const { m, ids } = reading
  const c = m.descriptors.columns
  const d = m.updates.columns.descriptor[i]!
  const start = parseTime(messageText(m, c.startTimeBegin[d]!, c.startTimeEnd[d]!))
  if (start === undefined) return false
  const rejection = matchUpdate({ ...reading, warnings: new Tally<Warning>() }, i, match)
  return rejection === 'no_service_on_date' || (rejection === undefined && start !== ids.tt.tripStart[match.trip])
}

function matchUpdate(reading: Reading, i: number, into: Match): Rejection | undefined {
  const { m, messageTime } = reading
  const d = m.updates.columns.descriptor[i]!
  const rejection = matchTrip(reading, d, firstTime(m, i) ?? messageTime, into)
  if (rejection !== undefined) return rejection
  return hasTripId(m, d) || statesAllTimes(m, i) ? undefined : 'no_trip_id_needs_times'
}

/** The first time that the update states: what its service day is inferred from (B7). */
function firstTime(m: DecodedMessage, i: number): UnixSeconds | undefined {
  const c = m.stops.columns
  for (let s = m.updates.columns.stopsBegin[i]!; s < m.updates.columns.stopsEnd[i]!; s++) {
    const given = c.given[s]!
    const time = given & ARRIVAL_TIME ? c.arrivalTime[s]! : given & DEPARTURE_TIME ? c.departureTime[s]! : 0
    if (time > 0 && time < MAX_UNIX_SECONDS) return time as UnixSeconds
  }
  return undefined
}

/** Without a trip_id every stop needs its stop_id, and every time has to be absolute (B9). */
function statesAllTimes(m: DecodedMessage, i: number): boolean {
  const c = m.stops.columns
  if (m.updates.columns.delay[i] !== NO_DELAY) return false
  for (let s = m.updates.columns.stopsBegin[i]!; s < m.updates.columns.stopsEnd[i]!; s++) {
    const given = c.given[s]!
    if (c.stopIdBegin[s] === c.stopIdEnd[s]) return false
    if (given & ARRIVAL_DELAY && !(given & ARRIVAL_TIME)) return false
    if (given & DEPARTURE_DELAY && !(given & DEPARTURE_TIME)) return false
  }
  return true
}

/** 1 for every update whose entity id comes again: the last one wins (A8). Updates without id are all different. */
function findRepeatedIds(m: DecodedMessage): Uint8Array {
  const { entityBegin, entityEnd } = m.updates.columns
  const updates = m.updates.length
  const repeated = new Uint8Array(updates)
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * updates + 2)))
  const mask = slots.length - 1
  for (let i = 0; i < updates; i++) {
    const begin = entityBegin[i]!
    const end = entityEnd[i]!
    if (begin === end) continue
    let at = hashBytes(m.bytes, begin, end) & mask
    while (slots[at] !== 0) {
      const known = slots[at]! - 1
      if (sameBytes(m.bytes, begin, end, m.bytes, entityBegin[known]!, entityEnd[known]!)) {
        repeated[known] = 1
        break
      }
      at = (at + 1) & mask
    }
    slots[at] = i + 1
  }
  return repeated
}

// The trip updates of one message → rows of LiveRuns: each update matched to its run, of two for one run the newer kept, and the run's
// every stop resolved.

import { NONE, type TripIdx } from '../core/ids.ts'
import { hashBytes } from '../core/strings.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { sameBytes } from '../timetable/ids.ts'
import { dayStart, patternLength, zoneOfTrip } from '../timetable/timetable.ts'
import { beginRun, type Located, locateStops } from './locate.ts'
import { createMatch, hasTripId, type Match, matchTrip } from './match.ts'
import {
  ARRIVAL_DELAY,
  ARRIVAL_TIME,
  DEPARTURE_DELAY,
  DEPARTURE_TIME,
  type DecodedMessage,
  NO_DELAY,
  TripRelationship,
} from './message.ts'
import type { Reading } from './reading.ts'
import type { Rejection } from './reasons.ts'
import { createRuns, finishRuns, type RunColumns } from './runs.ts'
import { type LiveRuns, RunState, SKIPPED, Source } from './state.ts'
import { MAX_UNIX_SECONDS, resolveTimes, writeSchedule } from './times.ts'

export interface Resolved {
  readonly runs: LiveRuns
  readonly matched: number
  readonly unmatched: number
}

const UNSUPPORTED: Readonly<Record<number, Rejection | undefined>> = {
  [TripRelationship.added]: 'added_unsupported',
  [TripRelationship.new]: 'added_unsupported',
  [TripRelationship.unscheduled]: 'unscheduled_unsupported',
  [TripRelationship.replacement]: 'replacement_unsupported',
  [TripRelationship.duplicated]: 'duplicated_unsupported',
}

/** @param located scratch */
export function resolveRuns(reading: Reading, located: Located): Resolved {
  const { rejected } = reading
  const { tt } = reading.ids
  const matches = matchUpdates(reading)
  const { updates, trip, day, shift, dated } = matches
  let events = 0
  for (const i of updates) events += patternLength(tt, tt.tripPattern[trip[i]! as TripIdx])
  const out = createRuns(updates.length, events)
  for (let k = 0; k < updates.length; k++) {
    const i = updates[k]!
    const next = updates[k + 1]
    if (next !== undefined && day[i] === day[next] && trip[i] === trip[next] && shift[i] === shift[next]) {
      rejected.add('duplicate_trip_update')
      continue
    }
    const t = trip[i]! as TripIdx
    beginRun(tt, located, t, shift[i]!, dayStart(tt, zoneOfTrip(tt, t), day[i]! as ServiceDay))
    const state = resolveRun(reading, i, located, dated[i] === 1, out)
    if (state === undefined) continue
    const row = out.runs++
    out.runTrip[row] = t
    out.runDay[row] = day[i]!
    out.runShift[row] = shift[i]!
    out.runState[row] = state
    out.runSource[row] = reading.source
    out.events += located.stops
    out.eventBegin[row + 1] = out.events
  }
  return { runs: finishRuns(out), matched: updates.length, unmatched: matches.unmatched }
}

interface Matches {
  /** Those that name a run, ordered by (day, trip, shift), of several for one run the one to be believed last (B15). */
  readonly updates: readonly number[]
  readonly unmatched: number
  // update → its run
  readonly trip: Uint32Array
  readonly day: Int32Array
  readonly shift: Int32Array
  readonly dated: Uint8Array
}

function matchUpdates(reading: Reading): Matches {
  const { m, rejected } = reading
  const { descriptor, timestamp } = m.updates.columns
  const count = m.updates.length
  const trip = new Uint32Array(count)
  const day = new Int32Array(count)
  const shift = new Int32Array(count)
  const dated = new Uint8Array(count)
  const updates: number[] = []
  let unmatched = 0
  const match = createMatch()
  const repeated = findRepeatedIds(m)
  for (let i = 0; i < count; i++) {
    const unsupported = UNSUPPORTED[m.descriptors.columns.relationship[descriptor[i]!] ?? TripRelationship.scheduled]
    if (repeated[i] === 1) rejected.add('duplicate_entity_id')
    else if (unsupported !== undefined) rejected.add(unsupported)
    else {
      const rejection = matchUpdate(reading, i, match)
      if (rejection === undefined) {
        trip[i] = match.trip
        day[i] = match.day
        shift[i] = match.shift
        dated[i] = match.dated ? 1 : 0
        updates.push(i)
      } else {
        rejected.add(rejection)
        unmatched++
      }
    }
  }
  updates.sort(
    (a, b) =>
      day[a]! - day[b]! || trip[a]! - trip[b]! || shift[a]! - shift[b]! || timestamp[a]! - timestamp[b]! || a - b,
  )
  return { updates, unmatched, trip, day, shift, dated }
}

function matchUpdate(reading: Reading, i: number, into: Match): Rejection | undefined {
  const { m, messageTime } = reading
  const d = m.updates.columns.descriptor[i]!
  if (d === NONE) return 'invalid_descriptor'
  const rejection = matchTrip(reading, d, firstTime(m, i) ?? messageTime, into)
  if (rejection !== undefined) return rejection
  return hasTripId(m, d) || statesAllTimes(m, i) ? undefined : 'no_trip_id_needs_times'
}

/** Resolves update `i` into the events behind the last row; undefined: rejected, the run stays as scheduled. */
function resolveRun(reading: Reading, i: number, run: Located, dated: boolean, out: RunColumns): RunState | undefined {
  const { m, ids, rejected } = reading
  const { descriptor, stopsBegin, stopsEnd, delay } = m.updates.columns
  const relationship = m.descriptors.columns.relationship[descriptor[i]!]
  if (relationship === TripRelationship.cancelled || relationship === TripRelationship.deleted) {
    writeSchedule(ids.tt, run, out, out.events, Source.schedule)
    return relationship === TripRelationship.cancelled ? RunState.cancelled : RunState.deleted
  }
  if (!locateStops(reading, stopsBegin[i]!, stopsEnd[i]!, run)) {
    rejected.add('bad_stop_refs')
    return undefined
  }
  const rejection = resolveTimes(reading, run, delay[i]!, dated, out, out.events)
  if (rejection === undefined) return isLeftToServe(out, run.stops) ? RunState.running : RunState.cancelled
  rejected.add(rejection)
  if (rejection !== 'times_run_back') return undefined
  // the feed speaks of the run, but nothing it says can be believed
  writeSchedule(ids.tt, run, out, out.events, Source.noData)
  return RunState.running
}

/** A run that calls at one stop at most carries nobody (E5). */
function isLeftToServe(out: RunColumns, stops: number): boolean {
  let served = 0
  for (let e = out.events; e < out.events + stops; e++) if ((out.eventFlags[e]! & SKIPPED) === 0) served++
  return served > 1
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

// StopTimeUpdates → positions in the run's pattern (rules C1–C10). stop_sequence decides; without it stop_ids are looked for behind the
// last one found, so a trip may call twice at a stop. What cannot be placed is skipped, the rest of the update stays.

import { metresBetween } from '../core/geo.ts'
import { NONE, type StopIdx, type TripIdx } from '../core/ids.ts'
import { headwayOf } from '../timetable/frequencies.ts'
import { findId, type IdIndex, isText } from '../timetable/ids.ts'
import { patternLength, slotStop, type Timetable } from '../timetable/timetable.ts'
import { ASSIGNED_STOP, type DecodedMessage, StopRelationship } from './message.ts'
import type { Reading } from './reading.ts'

/** A platform farther away than this is no platform change but a mistake (H2). */
const MAX_PLATFORM_CHANGE_METRES = 500
/** A visit counts as not yet passed until so many seconds after its scheduled time (C5). */
const PASSED_AFTER = 300

/** One run of a message on its way to being resolved; scratch, used again for the next. */
export interface Located {
  trip: TripIdx
  stops: number
  /** First slot word of the pattern. */
  slot: number
  /** Scheduled start, seconds of the service day. */
  start: number
  /** A run "about every …": its plan is a guess that no delay can be against (G1). */
  guessed: boolean
  /** Unix seconds at which the service day begins. */
  dayStart: number
  // position → row of m.stops + 1, 0 = no update
  readonly updateOf: Uint32Array
  // position → where the vehicle stops
  readonly stopAt: Uint32Array
}

/** Scratch for the longest pattern that the timetable has, or that realtime may add. */
export function createLocated(tt: Timetable): Located {
  let longest = 0
  for (let p = 0; p < tt.counts.patterns; p++) longest = Math.max(longest, tt.slotBegin[p + 1]! - tt.slotBegin[p]!)
  return {
    trip: 0 as TripIdx,
    stops: 0,
    slot: 0,
    start: 0,
    guessed: false,
    dayStart: 0,
    updateOf: new Uint32Array(Math.max(longest, tt.counts.roomSlots)),
    stopAt: new Uint32Array(Math.max(longest, tt.counts.roomSlots)),
  }
}

/** The run as scheduled, without any update placed. */
export function beginRun(tt: Timetable, run: Located, trip: TripIdx, shift: number, dayStart: number): void {
  const pattern = tt.tripPattern[trip]
  run.trip = trip
  run.stops = patternLength(tt, pattern)
  run.slot = tt.slotBegin[pattern]!
  run.start = tt.tripStart[trip]! + shift
  run.guessed = headwayOf(tt, trip, shift) !== undefined
  run.dayStart = dayStart
  for (let i = 0; i < run.stops; i++) {
    run.updateOf[i] = 0
    run.stopAt[i] = slotStop(tt.slots[run.slot + i]!)
  }
}

/** Puts update row `rows[i]` at position i; −1: none. */
export function placeRows(run: Located, rows: readonly number[]): void {
  for (let i = 0; i < run.stops; i++) run.updateOf[i] = rows[i]! + 1
}

/** Places rows [begin, end) of the message's stops; false when more than half of them fit nowhere (C2). */
export function locateStops(reading: Reading, begin: number, end: number, run: Located): boolean {
  const { m, messageTime, warnings } = reading
  const { tt, stops: stopIndex } = reading.ids
  const c = m.stops.columns
  let cursor = 0
  let lost = 0
  for (let s = begin; s < end; s++) {
    const sequence = c.sequence[s]!
    const idBegin = c.stopIdBegin[s]!
    const idEnd = c.stopIdEnd[s]!
    let at: number
    if (sequence !== NONE) {
      at = findSequence(tt, run, sequence, cursor)
      if (at >= 0 && idBegin !== idEnd && !isStop(tt, run, at, m.bytes, idBegin, idEnd)) {
        // the sequence decides (C6); a neighbouring platform is how some producers say "assigned"
        if (!assign(tt, stopIndex, run, at, m.bytes, idBegin, idEnd, false)) warnings.add('stop_mismatch')
      }
    } else if (idBegin !== idEnd) {
      at =
        end - begin === 1
          ? findOnlyVisit(tt, run, m.bytes, idBegin, idEnd, messageTime)
          : findVisit(tt, run, m.bytes, idBegin, idEnd, cursor)
    } else {
      warnings.add('no_stop_ref')
      lost++
      continue
    }
    if (at < 0) {
      warnings.add('bad_stop_ref')
      lost++
      continue
    }
    const twin = run.updateOf[at]! - 1
    if (twin >= 0 && isSkipped(m, twin) !== isSkipped(m, s)) {
      // "not here, but there": the platform left out and the one used instead, both under one sequence number
      warnings.add('platform_by_skipping')
      run.updateOf[at] = (isSkipped(m, s) ? twin : s) + 1
      cursor = at + 1
      continue
    }
    if (twin >= 0) warnings.add('repeated_stop')
    else if (at < cursor) warnings.add('unsorted_stops')
    run.updateOf[at] = s + 1
    cursor = at + 1
    const [idFrom, idTo] = [c.assignedBegin[s]!, c.assignedEnd[s]!]
    if (c.given[s]! & ASSIGNED_STOP && !assign(tt, stopIndex, run, at, m.bytes, idFrom, idTo, true))
      warnings.add('bad_assigned_stop')
  }
  return 2 * lost <= end - begin
}

const isSkipped = (m: DecodedMessage, s: number): boolean =>
  m.stops.columns.relationship[s] === StopRelationship.skipped

function findSequence(tt: Timetable, run: Located, sequence: number, from: number): number {
  const first = tt.tripSequences[run.trip]!
  for (let i = from; i < run.stops; i++) if (tt.sequences[first + i] === sequence) return i
  // out of order, or repeated
  for (let i = 0; i < from; i++) if (tt.sequences[first + i] === sequence) return i
  return -1
}

const isStop = (tt: Timetable, run: Located, at: number, bytes: Uint8Array, begin: number, end: number): boolean =>
  isText(tt, tt.stopId[slotStop(tt.slots[run.slot + at]!)]!, bytes, begin, end)

/** The next visit; else an earlier one without update (unordered, C7); else the one it repeats (C8). */
function findVisit(tt: Timetable, run: Located, bytes: Uint8Array, begin: number, end: number, from: number): number {
  for (let i = from; i < run.stops; i++) if (isStop(tt, run, i, bytes, begin, end)) return i
  let repeated = -1
  for (let i = 0; i < from; i++) {
    if (!isStop(tt, run, i, bytes, begin, end)) continue
    if (run.updateOf[i] === 0) return i
    repeated = i
  }
  return repeated
}

/** Of several visits the first that has not passed; else the last (C5). */
function findOnlyVisit(
  tt: Timetable,
  run: Located,
  bytes: Uint8Array,
  begin: number,
  end: number,
  messageTime: number,
): number {
  const profile = tt.tripProfile[run.trip]!
  let last = -1
  for (let i = 0; i < run.stops; i++) {
    if (!isStop(tt, run, i, bytes, begin, end)) continue
    last = i
    if (run.dayStart + run.start + tt.profileTimes[profile + 2 * i + 1]! >= messageTime - PASSED_AFTER) return i
  }
  return last
}

/**
 * Another platform for this call (H1, H2); false when the stop is unknown or elsewhere.
 * @param stated the feed says so; otherwise (C6) a stop nearby at which the run calls anyway is no platform of this one
 */
function assign(
  tt: Timetable,
  stopIndex: IdIndex,
  run: Located,
  at: number,
  bytes: Uint8Array,
  begin: number,
  end: number,
  stated: boolean,
): boolean {
  const planned = slotStop(tt.slots[run.slot + at]!)
  const found = findId(tt, stopIndex, tt.stopFeed[planned], bytes, begin, end) as StopIdx | undefined
  if (found === undefined || !(found === planned || isPlatformOf(tt, planned, found))) return false
  if (!stated && !isSameStation(tt, planned, found) && callsAt(tt, run, found)) return false
  run.stopAt[at] = found
  return true
}

function callsAt(tt: Timetable, run: Located, stop: StopIdx): boolean {
  for (let i = 0; i < run.stops; i++) if (slotStop(tt.slots[run.slot + i]!) === stop) return true
  return false
}

const isSameStation = (tt: Timetable, a: StopIdx, b: StopIdx): boolean =>
  tt.stopParent[a] !== NONE && tt.stopParent[a] === tt.stopParent[b]

function isPlatformOf(tt: Timetable, planned: StopIdx, other: StopIdx): boolean {
  if (tt.stopLocationType[other] !== 0) return false
  if (isSameStation(tt, planned, other)) return true
  return (
    tt.stopHasPosition[planned] === 1 &&
    tt.stopHasPosition[other] === 1 &&
    metresBetween(tt.stopLat[planned]!, tt.stopLon[planned]!, tt.stopLat[other]!, tt.stopLon[other]!) <=
      MAX_PLATFORM_CHANGE_METRES
  )
}

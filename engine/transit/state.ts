// What a search remembers: allocated once per worker and cleared, never rebuilt. Labels of one round lie together, a row of them in the
// nearest cache:
//   ready[k * stops + stop]   earliest time to board at the stop after at most k rides
//   ride [k * stops + stop]   earliest arrival by vehicle at the stop with at most k rides
// A label that improves in round k is written to all later rounds too while it improves them, so one comparison tells whether it can
// be part of an answer. A round that no pass has come to yet is not written to; it begins as a copy of the one before (`openRound`). The
// parents stay with the round in which the label was made.

import type { Caller } from '../core/caller.ts'
import { NEVER } from '../core/time.ts'
import { FAR } from './rides.ts'

/** Positions a lane may have: a pattern with more stops is refused at import. */
export const POSITION_BITS = 11
export const MAX_POSITIONS = 1 << POSITION_BITS
export const UNREACHED = 0x7fff_ffff

// words of a label's parents: what a label is made of is written, and read, together
export const PARENT_WORDS = 4
export const READY_FROM = 0
export const RIDE_LANE = 1
export const RIDE_RUN = 2
/** Positions of boarding << 16 | of alighting. */
export const RIDE_SPAN = 3

/** Rides a journey may have at the most; one more than transfers. */
export const MAX_RIDES = 15

/** Its caller is asked before each round, and by the searches of the streets around it. */
export interface SearchState extends Caller {
  readonly stops: number
  readonly rounds: number
  /** The last round that some pass since clearing has come to. */
  opened: number
  readonly ready: Int32Array
  readonly ride: Int32Array
  // parents, PARENT_WORDS from index * PARENT_WORDS on: of `ready` the stop where the ride before ended; of `ride` the lane (numbered across
  // blocks), run and positions
  readonly parents: Int32Array
  // stops whose labels are not NEVER: clearing costs what was touched
  readonly touched: Int32Array
  readonly isTouched: Uint8Array
  touchedCount: number
  // stops to look at in this round, each with the label that is bettered, and stops reached by vehicle in it
  readonly marked: Int32Array
  readonly labelBefore: Int32Array
  readonly isMarked: Uint8Array
  markedCount: number
  readonly alighted: Int32Array
  readonly isAlighted: Uint8Array
  alightedCount: number
  // the marked stops as a round looks at them: stop, from when on one may board, from when on it is too late, stop, …
  readonly listed: Int32Array
  listedCount: number
  // lanes to scan in this round, numbered across blocks; lane → (first marked position + 1) << 16 | last, 0 when not queued
  queue: Int32Array
  queueSpan: Int32Array
  queueCount: number
  // k * laneRoom + lane → the earliest run ridden with at most k rides and from which position on: run << POSITION_BITS | position
  reached: Int32Array
  laneRoom: number
  touchedLanes: Int32Array
  touchedLaneCount: number
  // the target: earliest arrival with at most k rides, where its last ride ended, in which pass it improved
  readonly target: Int32Array
  readonly targetStop: Int32Array
  readonly targetPass: Int32Array
  // rides → from when on an arrival with so many is of no interest in this pass; none is beyond the rides allowed, and there may be as many
  // as a stop's lower bound says on top
  readonly limit: Int32Array
  pass: number
  // of this pass, seconds after the network's base; −NEVER: not known
  earliest: number
  // stop → seconds from it to the target; NEVER where the target is not reached from it
  readonly egress: Int32Array
  readonly work: Work
}

/** Work done, for figures that do not jitter. */
export interface Work {
  lanesScanned: number
  eventsVisited: number
  footpathsWalked: number
  stopsGathered: number
  passes: number
}

export function createSearchState(stops: number): SearchState {
  const rounds = MAX_RIDES + 1
  const ints = (n: number, fill = 0): Int32Array => {
    const column = new Int32Array(n)
    return fill === 0 ? column : column.fill(fill)
  }
  const bytes = (n: number): Uint8Array => new Uint8Array(n)
  return {
    stops,
    rounds,
    opened: 0,
    ready: ints(stops * rounds, NEVER),
    ride: ints(stops * rounds, NEVER),
    parents: ints(PARENT_WORDS * stops * rounds),
    touched: ints(stops),
    isTouched: bytes(stops),
    touchedCount: 0,
    marked: ints(stops),
    labelBefore: ints(stops),
    isMarked: bytes(stops),
    markedCount: 0,
    alighted: ints(stops),
    isAlighted: bytes(stops),
    alightedCount: 0,
    listed: ints(3 * stops),
    listedCount: 0,
    queue: ints(0),
    queueSpan: ints(0),
    queueCount: 0,
    reached: ints(0),
    laneRoom: 0,
    touchedLanes: ints(0),
    touchedLaneCount: 0,
    target: ints(rounds, NEVER),
    targetStop: ints(rounds),
    targetPass: ints(rounds),
    limit: ints(rounds + FAR),
    pass: 0,
    earliest: -NEVER,
    egress: ints(stops, NEVER),
    isGivenUp: () => false,
    work: { lanesScanned: 0, eventsVisited: 0, footpathsWalked: 0, stopsGathered: 0, passes: 0 },
  }
}

/** Forgets all labels of the query before. The egress column is the caller's to clear: it knows which stops it set. */
export function clearLabels(s: SearchState): void {
  const { stops, laneRoom, opened, ready, ride, reached, touched, touchedLanes, isTouched } = s
  for (let k = 0; k <= opened; k++) {
    clearRow(ready, k * stops, stops, touched, s.touchedCount, NEVER)
    clearRow(ride, k * stops, stops, touched, s.touchedCount, NEVER)
    clearRow(reached, k * laneRoom, laneRoom, touchedLanes, s.touchedLaneCount, UNREACHED)
  }
  clearRow(isTouched, 0, stops, touched, s.touchedCount, 0)
  s.touchedCount = 0
  s.touchedLaneCount = 0
  s.opened = 0
  s.target.fill(NEVER)
  s.targetPass.fill(0)
  s.pass = 0
  // a layer that is not seeded has no pass of its own to say it (via.ts)
  s.earliest = -NEVER
}

/** What a row has to be written in, to be written whole: many small writes cost more than a large one. */
const MANY = 8

function clearRow(
  row: Int32Array | Uint8Array,
  begin: number,
  length: number,
  touched: Int32Array,
  count: number,
  value: number,
): void {
  if (count * MANY > length) row.fill(value, begin, begin + length)
  else for (let i = 0; i < count; i++) row[begin + touched[i]!] = value
}

/** Round k, the next one or one that was open before, can be written to from here on. */
export function openRound(s: SearchState, k: number): void {
  if (k <= s.opened) return
  const { stops, laneRoom, touched, touchedCount, touchedLanes, touchedLaneCount } = s
  copyRow(s.ready, k * stops, stops, touched, touchedCount)
  copyRow(s.ride, k * stops, stops, touched, touchedCount)
  copyRow(s.reached, k * laneRoom, laneRoom, touchedLanes, touchedLaneCount)
  s.opened = k
}

/** The row at `begin` becomes as the one before it. */
function copyRow(rows: Int32Array, begin: number, length: number, touched: Int32Array, count: number): void {
  if (count * MANY > length) rows.copyWithin(begin, begin - length, begin)
  else for (let i = 0; i < count; i++) rows[begin + touched[i]!] = rows[begin - length + touched[i]!]!
}

/**
 * The seeds that were set since the pass before are searched by themselves, on the labels of those before.
 * @param latest arrivals at or after it are of no interest
 */
export function beginPass(s: SearchState, maxRides: number, latest: number): void {
  const { target, limit, marked, markedCount, ready } = s
  s.pass++
  s.work.passes++
  limit.fill(-NEVER)
  for (let k = 0; k <= maxRides; k++) limit[k] = Math.min(target[k]!, latest)
  s.earliest = NEVER
  for (let i = 0; i < markedCount; i++) s.earliest = Math.min(s.earliest, ready[marked[i]!]!)
}

export function touch(s: SearchState, stop: number): void {
  if (s.isTouched[stop] !== 0) return
  s.isTouched[stop] = 1
  s.touched[s.touchedCount++] = stop
}

/** @param before the label that is bettered: whoever boards then or later has been looked at with as many rides */
export function mark(s: SearchState, stop: number, before: number): void {
  if (s.isMarked[stop] !== 0) return
  s.isMarked[stop] = 1
  s.labelBefore[s.markedCount] = before
  s.marked[s.markedCount++] = stop
}

/** Makes room for a network's lanes; call it after `clearLabels`. */
export function fitLanes(s: SearchState, lanes: number): void {
  if (s.queue.length >= lanes) return
  const capacity = Math.ceil(lanes * 1.25)
  const ints = (n: number): Int32Array => new Int32Array(n)
  s.queue = ints(capacity)
  s.queueSpan = ints(capacity)
  s.touchedLanes = ints(capacity)
  s.laneRoom = capacity
  s.reached = ints(capacity * s.rounds).fill(UNREACHED)
}

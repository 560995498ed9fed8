// RAPTOR (Delling, Pajor, Werneck: Round-Based Public Transit Routing, 2012) over the compiled horizon. Round k finds what k rides reach:
// gather the lanes that call at stops improved in round k − 1, ride each once from its first such stop, then walk and change. The lanes
// hold neither calendars nor realtime, so a boarding is a search in adjacent departures and a ride one pass over adjacent arrivals.
// Pruned by the best arrival at the target and by lower bounds to it (bounds.ts); the slow twin in test/helpers/reference.ts has neither.

import { givenUp } from '../core/caller.ts'
import { NEVER } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import {
  CALL_COLUMN,
  CALL_LANE,
  CALL_LAST,
  CALL_POSITION,
  CALL_RUNS,
  CALL_TIMES,
  CALL_WORDS,
  halfHours,
} from '../horizon/horizon.ts'
import { CAN_ALIGHT, CAN_BOARD } from '../timetable/timetable.ts'
import type { LowerBounds } from './bounds.ts'
import { followsOn, isClosed, type SearchBlock, type SearchNetwork } from './network.ts'
import {
  beginPass,
  MAX_POSITIONS,
  mark,
  openRound,
  PARENT_WORDS,
  POSITION_BITS,
  READY_FROM,
  RIDE_LANE,
  RIDE_RUN,
  RIDE_SPAN,
  type SearchState,
  touch,
  UNREACHED,
} from './state.ts'

/** Writes a label of round k to the rounds from then on, while it improves them. */
function improve({ stops, opened }: SearchState, labels: Int32Array, stop: number, k: number, time: number): void {
  const end = opened * stops + stop
  for (let at = k * stops + stop; at <= end && labels[at]! > time; at += stops) labels[at] = time
}

/** The rider is at `stop` at `time` (seconds after the network's base): the search starts there. */
export function seed(s: SearchState, stop: number, time: number): void {
  const { ready } = s
  const before = ready[stop]!
  if (before <= time) return
  touch(s, stop)
  s.parents[PARENT_WORDS * stop + READY_FROM] = -1
  improve(s, ready, stop, 0, time)
  mark(s, stop, before)
}

/**
 * Runs all rounds from the stops seeded since the last call; labels of earlier calls stay, so calls with ever earlier seeds make a
 * range search. Improves `s.target` and its parents.
 * @param changes all of them, or those from the stops that a round got off at, asked for once it has
 * @param bounds to the target; of the seconds, what is NEVER only means that nobody may get on or off there
 * @param latest arrivals at or after it (seconds after base) are of no interest
 * @throws TIMEOUT when nobody waits for the answer any more
 */
export function runRounds(
  network: SearchNetwork,
  changes: Footpaths | (() => Footpaths),
  bounds: LowerBounds,
  s: SearchState,
  maxRides: number,
  latest: number,
): void {
  beginPass(s, maxRides, latest)
  for (let k = 1; k <= maxRides && s.markedCount > 0; k++) {
    rideRound(network, bounds, s, k)
    walk(typeof changes === 'function' ? changes() : changes, bounds, s, k)
  }
  unmark(s)
}

/** The k-th ride from all marked stops, which are no longer marked then. */
export function rideRound(network: SearchNetwork, bounds: LowerBounds, s: SearchState, k: number): void {
  if (s.isGivenUp()) giveUp([s])
  openRound(s, k)
  listMarked(bounds, s, k)
  for (const b of network.blocks) {
    gatherLanes(b, s, k)
    scanLanes(b, bounds, s, k)
  }
  unmark(s)
}

/** Ends the search, the state fit for the next one. */
export function giveUp(states: readonly SearchState[]): never {
  for (const s of states) unmark(s)
  throw givenUp()
}

export function unmark(s: SearchState): void {
  for (let i = 0; i < s.markedCount; i++) s.isMarked[s.marked[i]!] = 0
  s.markedCount = 0
}

/** Lists what the round has to look at: each marked stop, from when on one may board there, and from when on it is too late for the target. */
export function listMarked({ seconds, rides }: LowerBounds, s: SearchState, k: number): void {
  const { marked, markedCount, ready, labelBefore, limit, listed } = s
  const labels = (k - 1) * s.stops
  let count = 0
  for (let i = 0; i < markedCount; i++) {
    const stop = marked[i]!
    const from = ready[labels + stop]!
    const end = limit[k - 1 + Math.max(1, rides[stop]!)]! - seconds[stop]!
    // the target may have been reached since the stop was marked
    if (from >= end) continue
    listed[count++] = stop
    listed[count++] = from
    listed[count++] = Math.min(end, labelBefore[i]!)
  }
  s.listedCount = count
}

/** Queues the block's lanes that can be boarded at a listed stop, with the first and the last such position. */
export function gatherLanes(b: SearchBlock, s: SearchState, k: number): void {
  const { block, offset, firstLane, closed, before, departs } = b
  const { stopBegin, stopBoardEnd, stopCalls, stopDepartures, dep } = block
  const follows = before && followsOn(block)
  const { listed, listedCount, queue, queueSpan, reached, limit } = s
  const known = k * s.laneRoom + firstLane
  let queued = 0
  s.queueCount = 0
  // the whole day is over, or yet to come
  if (departs.last + offset < s.earliest || departs.first + offset >= limit[k]!) return
  for (let i = 0; i < listedCount; i += 3) {
    const stop = listed[i]!
    const time = listed[i + 1]! - offset
    const end = listed[i + 2]! - offset
    // the last run of that day has gone, or its first one leaves too late
    if (stopDepartures[2 * stop + 1]! < time || stopDepartures[2 * stop]! >= end) continue
    // whatever calls here can still be caught the day before
    if (before !== undefined && time + offset - before.offset <= before.served[stop]!) continue
    // later departures come too late for the target
    const useful = halfHours(time, end - 1)
    const callEnd = CALL_WORDS * stopBoardEnd[stop]!
    for (let call = CALL_WORDS * stopBegin[stop]!; call < callEnd; call += CALL_WORDS) {
      const last = stopCalls[call + CALL_LAST]!
      // gone, and so are those behind it
      if (last < time) break
      if ((stopCalls[call + CALL_TIMES]! & useful) === 0) continue
      const lane = stopCalls[call + CALL_LANE]!
      const position = stopCalls[call + CALL_POSITION]!
      const span = queueSpan[firstLane + lane]!
      // queued already from before here to beyond
      if (span !== 0 && position + 1 >= span >>> 16 && position <= (span & 0xffff)) continue
      const note = reached[known + lane]!
      // only a run before the one already ridden from here is worth a scan
      if (note !== UNREACHED && position >= (note & (MAX_POSITIONS - 1))) {
        const candidates = Math.min(note >>> POSITION_BITS, stopCalls[call + CALL_RUNS]!)
        if (candidates === 0 || dep[stopCalls[call + CALL_COLUMN]! + candidates - 1]! < time) continue
      }
      if (isClosed(closed, lane)) continue
      if (before !== undefined && follows![lane] === 1) {
        // still to be caught the day before: no need for this day's runs
        if (last >= time + offset - before.offset && !isClosed(before.closed, lane)) continue
      }
      if (span === 0) {
        queue[queued++] = lane
        queueSpan[firstLane + lane] = ((position + 1) << 16) | position
      } else {
        const first = Math.min(span >>> 16, position + 1)
        queueSpan[firstLane + lane] = (first << 16) | Math.max(span & 0xffff, position)
      }
    }
  }
  s.queueCount = queued
  s.work.stopsGathered += listedCount / 3
}

/**
 * Rides every queued lane of the block, boarding the earliest run that can be caught at a marked stop. Trip-Based routing's "reached" index
 * (Witt, 2015) is kept per lane and round: a run that this or an earlier pass has already ridden from here with no more rides, or a
 * later run, brings nothing new.
 */
export function scanLanes(b: SearchBlock, bounds: LowerBounds, s: SearchState, k: number): void {
  const { block, offset, firstLane } = b
  const { slots, laneSlot, laneStops, laneRunBegin, laneEvent, arr, dep } = block
  const { queue, queueSpan, queueCount, ready, ride, egress, isMarked, reached, limit, parents } = s
  const { seconds, rides } = bounds
  const labels = k * s.stops
  const labelsBefore = labels - s.stops
  const notes = k * s.laneRoom
  let events = 0
  for (let i = 0; i < queueCount; i++) {
    const lane = queue[i]!
    const number = firstLane + lane
    const first = (queueSpan[number]! >>> 16) - 1
    const lastMarked = queueSpan[number]! & 0xffff
    queueSpan[number] = 0
    const slot = laneSlot[lane]!
    const stops = laneStops[lane]!
    const runs = laneRunBegin[lane + 1]! - laneRunBegin[lane]!
    const event = laneEvent[lane]!
    const known = reached[notes + number]!
    const knownRun = known >>> POSITION_BITS
    const knownPosition = known & (MAX_POSITIONS - 1)
    let run = runs // none boarded yet
    let boardedAt = 0
    let row = 0
    let pos = first
    for (; pos < stops; pos++) {
      const word = slots[slot + pos]!
      const stop = word >>> 2
      const label = labels + stop
      if (run < runs) {
        const time = arr[row + pos]! + offset
        if (run >= knownRun && pos > knownPosition) run = runs
        else if (time < ride[label]!) {
          const least = time + seconds[stop]!
          // whoever stays on the vehicle is too late as well, where the bound is not just that nobody may change here
          if (least >= limit[k]!) {
            if (least < NEVER) run = runs
          } else if ((word & CAN_ALIGHT) !== 0 && least < limit[k + rides[stop]!]!) {
            alight(s, stop, k, time)
            const parent = PARENT_WORDS * label
            parents[parent + RIDE_LANE] = number
            parents[parent + RIDE_RUN] = run
            parents[parent + RIDE_SPAN] = (boardedAt << 16) | pos
            const there = egress[stop]! < NEVER ? time + egress[stop]! : NEVER
            if (there < limit[k]!) reachTarget(s, stop, k, there)
          }
        }
      }
      if (run === runs && pos > lastMarked) break
      if ((word & CAN_BOARD) === 0 || isMarked[stop] === 0) continue
      const time = ready[labelsBefore + stop]! - offset
      const column = event + pos * runs
      // FIFO: only an earlier run is worth changing to
      const candidates = run
      if (candidates === 0 || dep[column + candidates - 1]! < time) continue
      const found = firstAtOrAfter(dep, column, candidates, time)
      if (found >= knownRun && pos >= knownPosition) continue
      reach(s, number, k, found, pos)
      if (dep[column + found]! + offset + seconds[stop]! >= limit[k - 1 + Math.max(1, rides[stop]!)]!) continue
      run = found
      boardedAt = pos
      row = event + run * stops
    }
    events += pos - first
  }
  s.work.lanesScanned += queueCount
  s.work.eventsVisited += events
}

/** Notes that the run was boarded at this position with k rides; one note per lane and round, the newest earliest run. */
function reach(s: SearchState, lane: number, k: number, run: number, pos: number): void {
  const { reached, laneRoom } = s
  const note = run * MAX_POSITIONS + pos
  const end = s.opened * laneRoom + lane
  if (reached[end] === UNREACHED) s.touchedLanes[s.touchedLaneCount++] = lane
  for (let at = k * laneRoom + lane; at <= end && reached[at]! > note; at += laneRoom) reached[at] = note
}

/** Index of the first of `count` departures from `column` on that is not before `time`; one of them must be. */
export function firstAtOrAfter(dep: Int32Array, column: number, count: number, time: number): number {
  let lo = 0
  let hi = count - 1
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if (dep[column + mid]! < time) lo = mid + 1
    else hi = mid
  }
  return lo
}

export function alight(s: SearchState, stop: number, k: number, time: number): void {
  touch(s, stop)
  improve(s, s.ride, stop, k, time)
  if (s.isAlighted[stop] !== 0) return
  s.isAlighted[stop] = 1
  s.alighted[s.alightedCount++] = stop
}

export function reachTarget(s: SearchState, stop: number, k: number, time: number): void {
  const { target, limit, rounds } = s
  for (let j = k; j < rounds && target[j]! > time; j++) target[j] = time
  for (let j = k; j < rounds && limit[j]! > time; j++) limit[j] = time
  s.targetStop[k] = stop
  s.targetPass[k] = s.pass
}

/** From the stops reached by vehicle in this round: change there, or walk to another stop. Marks what improves. */
export function walk(footpaths: Footpaths, bounds: LowerBounds, s: SearchState, k: number): void {
  const { limit } = s
  const { seconds, rides } = bounds
  const { outBegin, outTo, outSeconds, changeSeconds } = footpaths
  const { alighted, isAlighted, ride } = s
  const labels = k * s.stops
  let walked = 0
  for (let i = 0; i < s.alightedCount; i++) {
    const stop = alighted[i]!
    isAlighted[stop] = 0
    const time = ride[labels + stop]!
    if (time + seconds[stop]! >= limit[k + 1]!) continue
    const change = changeSeconds[stop]!
    if (time + change + seconds[stop]! < limit[k + Math.max(1, rides[stop]!)]!) arrive(s, stop, stop, k, time + change)
    const end = outBegin[stop + 1]!
    walked += end - outBegin[stop]!
    for (let e = outBegin[stop]!; e < end; e++) {
      const to = outTo[e]!
      const there = time + outSeconds[e]!
      if (there + seconds[to]! < limit[k + Math.max(1, rides[to]!)]!) arrive(s, to, stop, k, there)
    }
  }
  s.alightedCount = 0
  s.work.footpathsWalked += walked
}

export function arrive(s: SearchState, stop: number, from: number, k: number, time: number): void {
  const { ready } = s
  const label = k * s.stops + stop
  const before = ready[label]!
  if (before <= time) return
  touch(s, stop)
  s.parents[PARENT_WORDS * label + READY_FROM] = from
  improve(s, ready, stop, k, time)
  mark(s, stop, before)
}

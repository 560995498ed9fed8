// RAPTOR (Delling, Pajor, Werneck: Round-Based Public Transit Routing, 2012) over the compiled horizon. Round k finds what k rides reach:
// gather the lanes that call at stops improved in round k − 1, ride each once from its first such stop, then walk and change. The lanes
// hold neither calendars nor realtime, so a boarding is a search in adjacent departures and a ride one pass over adjacent arrivals.
// Pruned by the best arrival at the target and by lower bounds to it (bounds.ts); the slow twin in test/helpers/reference.ts has neither.

import { NEVER } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import { CAN_ALIGHT, CAN_BOARD } from '../timetable/timetable.ts'
import { followsOn, type SearchBlock, type SearchNetwork } from './network.ts'
import { mark, type SearchState, touch } from './state.ts'

/** The rider is at `stop` at `time` (seconds after the network's base): the search starts there. */
export function seed(s: SearchState, stop: number, time: number): void {
  const { rounds, ready } = s
  const at = stop * rounds
  if (ready[at]! <= time) return
  touch(s, stop)
  s.readyFrom[at] = -1
  for (let k = at; k < at + rounds && ready[k]! > time; k++) ready[k] = time
  mark(s, stop)
}

/**
 * Runs all rounds from the stops seeded since the last call; labels of earlier calls stay, so calls with ever earlier seeds make a
 * range search. Improves `s.target` and its parents.
 * @param bounds stop → seconds at least from there to the target; a column of zeros prunes nothing
 * @param latest arrivals at or after it (seconds after base) are of no interest
 */
export function runRounds(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: Int32Array,
  s: SearchState,
  maxRides: number,
  latest: number,
): void {
  s.pass++
  s.work.passes++
  for (let k = 1; k <= maxRides && s.markedCount > 0; k++) {
    for (const b of network.blocks) {
      gatherLanes(b, s, k, Math.min(s.target[k]!, latest))
      scanLanes(b, bounds, s, k, latest)
    }
    unmark(s)
    walk(footpaths, bounds, s, k, Math.min(s.target[Math.min(k + 1, maxRides)]!, latest))
  }
  unmark(s)
}

function unmark(s: SearchState): void {
  for (let i = 0; i < s.markedCount; i++) s.isMarked[s.marked[i]!] = 0
  s.markedCount = 0
}

/** Queues the block's lanes that can be boarded at a marked stop, with the first such position. */
function gatherLanes(b: SearchBlock, s: SearchState, k: number, bound: number): void {
  const { block, offset, firstLane } = b
  const { stopBegin, stopBoardEnd, stopLane, stopPosition, laneLastDeparture, laneRunBegin, dep } = block
  const { before } = b
  const follows = before && followsOn(block)
  const { marked, markedCount, ready, rounds, queue, queuePosition } = s
  let queued = 0
  for (let i = 0; i < markedCount; i++) {
    const stop = marked[i]!
    const time = ready[stop * rounds + k - 1]! - offset
    // the last bus of that day has gone, or its first one leaves too late
    if (block.stopLastDeparture[stop]! < time || block.stopFirstDeparture[stop]! + offset >= bound) continue
    const end = stopBoardEnd[stop]!
    for (let e = stopBegin[stop]!; e < end; e++) {
      const lane = stopLane[e]!
      if (laneLastDeparture[lane]! < time) continue
      if (isDead(b, lane)) continue
      const position = stopPosition[e]!
      if (before !== undefined && follows![lane] === 1) {
        // still to be caught the day before: no need for this day's runs
        const end = block.laneEvent[lane]! + (position + 1) * (laneRunBegin[lane + 1]! - laneRunBegin[lane]!)
        if (dep[end - 1]! >= time + offset - before.offset && !isDead(before, lane)) continue
      }
      const known = queuePosition[firstLane + lane]!
      if (known === 0) queue[queued++] = lane
      if (known === 0 || position + 1 < known) queuePosition[firstLane + lane] = position + 1
    }
  }
  s.queueCount = queued
  s.work.stopsGathered += markedCount
}

const isDead = ({ dead, deadBegin }: SearchBlock, lane: number): boolean =>
  dead !== undefined && ((dead[deadBegin + (lane >>> 5)]! >>> (lane & 31)) & 1) !== 0

/** Rides every queued lane of the block once, boarding the earliest run that can be caught at each stop. */
function scanLanes(b: SearchBlock, bounds: Int32Array, s: SearchState, k: number, latest: number): void {
  const { block, slots, offset, firstLane } = b
  const { laneSlot, laneStops, laneRunBegin, laneEvent, arr, dep } = block
  const { queue, queuePosition, queueCount, ready, ride, rounds, egress, target } = s
  let events = 0
  for (let i = 0; i < queueCount; i++) {
    const lane = queue[i]!
    const first = queuePosition[firstLane + lane]! - 1
    queuePosition[firstLane + lane] = 0
    const slot = laneSlot[lane]!
    const stops = laneStops[lane]!
    const runs = laneRunBegin[lane + 1]! - laneRunBegin[lane]!
    const event = laneEvent[lane]!
    let run = runs // none boarded yet
    let boardedAt = 0
    let row = 0
    for (let pos = first; pos < stops; pos++) {
      const word = slots[slot + pos]!
      const stop = word >>> 2
      const label = stop * rounds + k
      if (run < runs) {
        const time = arr[row + pos]! + offset
        if ((word & CAN_ALIGHT) !== 0 && time < ride[label]! && time < latest && time + bounds[stop]! < target[k]!) {
          alight(s, stop, label, k, time)
          s.rideLane[label] = firstLane + lane
          s.rideRun[label] = run
          s.rideBoard[label] = boardedAt
          s.rideAlight[label] = pos
          const seconds = egress[stop]!
          if (seconds < NEVER && time + seconds < target[k]! && time + seconds < latest)
            reachTarget(s, stop, k, time + seconds)
        }
      }
      if ((word & CAN_BOARD) === 0) continue
      const time = ready[label - 1]! - offset
      if (time >= NEVER - offset) continue
      const column = event + pos * runs
      if (run === runs) {
        if (dep[column + runs - 1]! < time) continue
        run = firstAtOrAfter(dep, column, runs, time)
      } else {
        // FIFO: only an earlier run is worth changing to
        if (run === 0 || dep[column + run - 1]! < time) continue
        run = firstAtOrAfter(dep, column, run, time)
      }
      boardedAt = pos
      row = event + run * stops
    }
    events += stops - first
  }
  s.work.lanesScanned += queueCount
  s.work.eventsVisited += events
}

/** Index of the first of `count` departures from `column` on that is not before `time`; one of them must be. */
function firstAtOrAfter(dep: Int32Array, column: number, count: number, time: number): number {
  let lo = 0
  let hi = count - 1
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if (dep[column + mid]! < time) lo = mid + 1
    else hi = mid
  }
  return lo
}

function alight(s: SearchState, stop: number, label: number, k: number, time: number): void {
  const { ride, rounds } = s
  touch(s, stop)
  const end = label - k + rounds
  for (let j = label; j < end && ride[j]! > time; j++) ride[j] = time
  if (s.isAlighted[stop] !== 0) return
  s.isAlighted[stop] = 1
  s.alighted[s.alightedCount++] = stop
}

function reachTarget(s: SearchState, stop: number, k: number, time: number): void {
  for (let j = k; j < s.rounds && s.target[j]! > time; j++) s.target[j] = time
  s.targetStop[k] = stop
  s.targetPass[k] = s.pass
}

/** From the stops reached by vehicle in this round: change there, or walk to another stop. Marks what improves. */
function walk(footpaths: Footpaths, bounds: Int32Array, s: SearchState, k: number, bound: number): void {
  const { outBegin, outTo, outSeconds, changeSeconds } = footpaths
  const { alighted, isAlighted, ride, rounds } = s
  let walked = 0
  for (let i = 0; i < s.alightedCount; i++) {
    const stop = alighted[i]!
    isAlighted[stop] = 0
    const time = ride[stop * rounds + k]!
    if (time + bounds[stop]! >= bound) continue
    const change = changeSeconds[stop]!
    if (change < NEVER) arrive(s, stop, stop, k, time + change)
    const end = outBegin[stop + 1]!
    walked += end - outBegin[stop]!
    for (let e = outBegin[stop]!; e < end; e++) {
      const to = outTo[e]!
      const there = time + outSeconds[e]!
      if (there + bounds[to]! < bound) arrive(s, to, stop, k, there)
    }
  }
  s.alightedCount = 0
  s.work.footpathsWalked += walked
}

function arrive(s: SearchState, stop: number, from: number, k: number, time: number): void {
  const { ready, rounds } = s
  const at = stop * rounds
  if (ready[at + k]! <= time) return
  touch(s, stop)
  s.readyFrom[at + k] = from
  for (let j = at + k; j < at + rounds && ready[j]! > time; j++) ready[j] = time
  mark(s, stop)
}

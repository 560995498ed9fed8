// Dead ends: what hangs on the rest of the network by one station alone, like the buses of a town around its station. Whoever rides in and comes
// back has been at that station before, and had the time to change there; so unless the query begins or ends in it, nobody needs to board or
// get off in a dead end, and its stops are closed. Who stays on board passes through.
//
//   rest ──S1──▶ G ──U1──▶ ○ ──U2──▶ G ──S2──▶ rest         is no better than S1, a change at G, S2
//
// This is told from the lists of stops and the walks, never from times of day. Where a change at the station takes longer than the quickest way in and
// out of the dead end, it stays open; so does one that vehicles go into from elsewhere without ending at the station, or that realtime gives another hop.

import { NONE } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { changeBetween, type Footpaths } from '../footpaths/footpaths.ts'
import type { LaneBlock } from '../horizon/horizon.ts'
import { CAN_ALIGHT, CAN_BOARD, type Timetable } from '../timetable/timetable.ts'
import { type Bounds, hopsOf } from './bounds.ts'
import type { Reach } from './range.ts'
import { stationsOf } from './stations.ts'

const NOT_IN_ONE = -1

export interface DeadEnds {
  readonly count: number
  /** Stop → the dead end that it is in, or −1. */
  readonly within: Int32Array
  /** Stop → the dead end that hangs on its station, or −1. */
  readonly before: Int32Array
}

const known = new WeakMap<Footpaths, DeadEnds>()

/** @param changes between stops, not mirrored */
export const deadEndsOf = (tt: Timetable, changes: Footpaths): DeadEnds =>
  known.getOrInsertComputed(changes, () => buildDeadEnds(tt, changes))

/** What a query has to do with. */
export interface Touched {
  readonly ends: readonly Reach[]
  /** Hops that realtime made faster or new. */
  readonly faster: Bounds['faster']
  readonly blocks: readonly LaneBlock[]
}

/** Copies lower bounds, NEVER for all stops in dead ends that the query has nothing to do with. */
export function closeDeadEnds(deadEnds: DeadEnds, touched: Touched, seconds: Int32Array, closed: Int32Array): void {
  const { count, within, before } = deadEnds
  // the last one is for stops that are in none
  const isOpen = new Uint8Array(count + 1)
  isOpen[count] = 1
  const open = (stop: number): void => {
    for (const number of [within[stop], before[stop]]) if (number !== undefined && number >= 0) isOpen[number] = 1
  }
  for (const { stops, count: ends } of touched.ends) for (let i = 0; i < ends; i++) open(stops[i]!)
  for (const [to, hops] of touched.faster) {
    open(to)
    for (let i = 0; i < hops.length; i += 2) open(hops[i]!)
  }
  for (const block of touched.blocks) for (const number of refusing(deadEnds, block)) isOpen[number] = 1
  for (let stop = 0; stop < closed.length; stop++) {
    const number = within[stop]!
    closed[stop] = isOpen[number < 0 ? count : number] === 1 ? seconds[stop]! : NEVER
  }
}

const refused = new WeakMap<DeadEnds, WeakMap<LaneBlock, ReadonlySet<number>>>()

/** Dead ends at whose station some vehicle goes on from the rest into it or from it into the rest, or lets nobody on or off. */
function refusing(deadEnds: DeadEnds, block: LaneBlock): ReadonlySet<number> {
  const { within, before } = deadEnds
  const ofThese = refused.getOrInsertComputed(deadEnds, () => new WeakMap())
  return ofThese.getOrInsertComputed(block, () => {
    const numbers = new Set<number>()
    for (let lane = 0; lane < block.counts.lanes; lane++) {
      const last = block.laneStops[lane]! - 1
      // the station it is at, and the dead end that it was in before that
      let [at, came, area]: (number | undefined)[] = []
      for (let pos = 0; pos <= last; pos++) {
        const word = block.slots[block.laneSlot[lane]! + pos]!
        const number = before[word >>> 2]!
        if (number >= 0 && ((pos > 0 && !(word & CAN_ALIGHT)) || (pos < last && !(word & CAN_BOARD))))
          numbers.add(number)
        if (number >= 0 && number === at) continue
        const here = within[word >>> 2]!
        if (at !== undefined && came !== undefined && (came === at) !== (here === at)) numbers.add(at)
        ;[at, came, area] = number >= 0 ? [number, area, here] : [undefined, undefined, here]
      }
    }
    return numbers
  })
}

function buildDeadEnds(tt: Timetable, changes: Footpaths): DeadEnds {
  const { stops } = tt.counts
  const { stationOf, begin, to, stopBegin, stopsAt } = stationsOf(tt, changes)
  const inLargest = largestBlock(begin, to)
  const [number, before] = [new Int32Array(stops).fill(NOT_IN_ONE), new Int32Array(stops).fill(NOT_IN_ONE)]
  const gates: number[] = []
  for (let gate = 0; gate < stops; gate++) {
    if (inLargest[gate] === 0) continue
    const found: number[] = []
    const look = (station: number): void => {
      for (let e = begin[station]!; e < begin[station + 1]!; e++) {
        const next = to[e]!
        if (inLargest[next] === 1 || number[next] !== NOT_IN_ONE) continue
        number[next] = gates.length
        found.push(next)
      }
    }
    look(gate)
    for (let i = 0; i < found.length; i++) look(found[i]!)
    if (found.length === 0) continue
    for (let i = stopBegin[gate]!; i < stopBegin[gate + 1]!; i++) before[stopsAt[i]!] = gates.length
    gates.push(gate)
  }
  const within = Int32Array.from(stationOf, station => number[station]!)
  const deadEnds = { count: gates.length, within, before }
  const isLeft = changesAreQuicker(tt, changes, deadEnds, gates, stopBegin, stopsAt)
  for (let stop = 0; stop < stops; stop++) {
    if (within[stop]! >= 0 && isLeft[within[stop]!] === 0) within[stop] = NOT_IN_ONE
    if (before[stop]! >= 0 && isLeft[before[stop]!] === 0) before[stop] = NOT_IN_ONE
  }
  return deadEnds
}

/** Dead end → 1 if whoever comes to its station from the rest changes there no later than by way of the dead end. */
function changesAreQuicker(
  tt: Timetable,
  changes: Footpaths,
  { within, before }: DeadEnds,
  gates: readonly number[],
  stopBegin: Uint32Array,
  stopsAt: Uint32Array,
): Uint8Array {
  const { stops } = tt.counts
  const isLeft = new Uint8Array(gates.length).fill(1)
  const column = (length: number): Int32Array => new Int32Array(length).fill(NEVER)
  // dead end → the quickest hop into it, and out of it; stop of its station → the quickest walk
  const [rideInto, rideOut, walkInto, walkOut] = [gates.length, gates.length, stops, stops].map(column) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  // stop → does a vehicle come there from elsewhere than the dead end, or leave for elsewhere?
  const [arrives, leaves] = [new Uint8Array(stops), new Uint8Array(stops)]
  const shorten = (column: Int32Array, at: number, seconds: number): void => {
    column[at] = Math.min(column[at]!, seconds)
  }
  const { begin, from, seconds } = hopsOf(tt, false)
  const { outBegin, outTo, outSeconds, inBegin, inFrom, inSeconds, changeSeconds } = changes
  for (let v = 0; v < stops; v++) {
    for (let e = begin[v]!; e < begin[v + 1]!; e++) {
      const u = from[e]!
      if (within[u] === within[v]) arrives[v] = leaves[u] = 1
      else if (within[v]! >= 0) shorten(rideInto, within[v]!, seconds[e]!)
      else shorten(rideOut, within[u]!, seconds[e]!)
    }
    for (let e = outBegin[v]!; e < outBegin[v + 1]!; e++) {
      const to = outTo[e]!
      if (within[v] === within[to]) continue
      if (within[to]! >= 0) shorten(walkInto, v, outSeconds[e]!)
      else shorten(walkOut, to, outSeconds[e]!)
    }
  }
  gates.forEach((gate, number) => {
    const isRest = (stop: number, is: Uint8Array): boolean =>
      within[stop] !== number && (before[stop] !== number || is[stop] === 1)
    // who comes there on a vehicle or leaves from there → seconds until in the dead end, and since
    const [coming, going] = [new Map<number, number>(), new Map<number, number>()]
    const lower = (ways: Map<number, number>, stop: number, than: number): void => {
      ways.set(stop, Math.min(ways.get(stop) ?? NEVER, than))
    }
    for (let i = stopBegin[gate]!; i < stopBegin[gate + 1]!; i++) {
      const stop = stopsAt[i]!
      const change = changeSeconds[stop]!
      if (arrives[stop] === 1) lower(coming, stop, Math.min(change + rideInto[number]!, walkInto[stop]!))
      if (leaves[stop] === 1) lower(going, stop, Math.min(change + rideOut[number]!, walkOut[stop]!))
      for (let e = inBegin[stop]!; e < inBegin[stop + 1]!; e++)
        if (isRest(inFrom[e]!, arrives)) lower(coming, inFrom[e]!, inSeconds[e]! + rideInto[number]!)
      for (let e = outBegin[stop]!; e < outBegin[stop + 1]!; e++)
        if (isRest(outTo[e]!, leaves)) lower(going, outTo[e]!, outSeconds[e]! + rideOut[number]!)
    }
    for (const [a, there] of coming)
      for (const [b, back] of going)
        if (there < NEVER && back < NEVER && (changeBetween(changes, a, b) ?? NEVER) > there + back) isLeft[number] = 0
  })
  return isLeft
}

/** Station → 1 in the largest part that hangs together whichever of its stations is taken away (Hopcroft, Tarjan: Algorithm 447, 1973). */
function largestBlock(begin: Uint32Array, to: Uint32Array): Uint8Array {
  const stations = begin.length - 1
  const [seen, low, parent] = [new Int32Array(stations), new Int32Array(stations), new Int32Array(stations)]
  const next = begin.slice(0, stations)
  const open: number[] = []
  let largest: number[] = []
  let clock = 0
  const enter = (station: number, by: number): void => {
    seen[station] = low[station] = ++clock
    parent[station] = by
    open.push(station)
  }
  for (let root = 0; root < stations; root++) {
    if (seen[root] !== 0) continue
    enter(root, NONE)
    for (let at = root; ; ) {
      if (next[at]! < begin[at + 1]!) {
        const other = to[next[at]!++]!
        if (seen[other] === 0) {
          enter(other, at)
          at = other
        } else if (other !== parent[at]) low[at] = Math.min(low[at]!, seen[other]!)
        continue
      }
      if (at === root) break
      const by = parent[at]!
      low[by] = Math.min(low[by]!, low[at]!)
      if (low[at]! >= seen[by]!) {
        const block = open.splice(open.lastIndexOf(at))
        block.push(by)
        if (block.length > largest.length) largest = block
      }
      at = by
    }
    open.length = 0
  }
  const isIn = new Uint8Array(stations)
  for (const station of largest) isIn[station] = 1
  return isIn
}

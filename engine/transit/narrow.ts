// In a large network the first look in all directions costs far more than the answer. So the same is asked several times, each time for less:
//
//   1  only journeys that are not much longer than the lower bound says (an ellipse around the straight way): nearly always some are there,
//      and every longer one that is worth anything needs fewer rides than these
//   2  then longer ones of so few rides, longer still of even fewer …; stops that cannot lie on a way of so few rides are closed, and
//      mostly there is no such way at all, which ends it
//
// What is found, laid together (pareto.ts), is exactly what the plain search finds. Fewest rides from and to a stop come from a
// breadth-first search over lanes that looks at no time.

import { NEVER } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import { CALL_LANE, CALL_POSITION, CALL_WORDS, type LaneBlock } from '../horizon/horizon.ts'
import { CAN_ALIGHT, CAN_BOARD } from '../timetable/timetable.ts'
import type { SearchNetwork } from './network.ts'
import { type Reach, searchAt, searchRange, type TransitQuery } from './range.ts'
import type { SearchState } from './state.ts'

type Found = (rides: number, departure: number) => void

/** Seconds that a journey usually takes at most when it takes at least so many. */
const usualMost = (least: number): number => 1.4 * least + 3600
/** How much further to look when nothing was found, and when something was. */
const [A_LITTLE, FURTHER] = [1.3, 2]

/** `searchAt`, for a network that is large beside what the query is about. */
export function narrowAt(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: Int32Array,
  q: TransitQuery,
  s: SearchState,
  time: number,
  found: Found,
): void {
  widen(network, footpaths, bounds, q, s, 0, (usable, part) => {
    let fewest = NEVER
    searchAt(network, footpaths, usable, part, s, time, (rides, departure) => {
      fewest = Math.min(fewest, rides)
      found(rides, departure)
    })
    return fewest
  })
}

/** `searchRange`, likewise. */
export function narrowRange(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: Int32Array,
  q: TransitQuery,
  s: SearchState,
  from: number,
  to: number,
  found: Found,
): void {
  const window = to - from
  widen(network, footpaths, bounds, q, s, window, (usable, part) => {
    if (part.maxTravelTime === q.maxTravelTime) {
      searchRange(network, footpaths, usable, part, s, from, to, found)
      return NEVER
    }
    // Whoever is there only at `to` and still arrives by `from` + longest betters all that takes longer with as many rides.
    let fewest = NEVER
    let longest = 0
    const last = { ...part, maxTravelTime: part.maxTravelTime - window }
    searchAt(network, footpaths, usable, last, s, to, rides => {
      fewest = Math.min(fewest, rides)
      longest = Math.max(longest, s.target[rides]! - from)
    })
    const worth = { ...part, maxTravelTime: longest }
    if (fewest < NEVER) searchRange(network, footpaths, usable, worth, s, from, to, found)
    return fewest
  })
}

/**
 * Asks for ever longer journeys of ever fewer rides.
 * @param spare seconds by which the first limit is larger
 * @param ask searches with these bounds; gives the fewest rides of what nothing longer with as many can better, NEVER if there is none
 */
function widen(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: Int32Array,
  q: TransitQuery,
  s: SearchState,
  spare: number,
  ask: (usable: Int32Array, part: TransitQuery) => number,
): void {
  const least = leastSeconds(q.access, bounds)
  if (least === NEVER) return
  let limit = usualMost(least) + spare
  let maxRides = q.maxRides
  let usable = bounds
  for (;;) {
    const maxTravelTime = limit * A_LITTLE > q.maxTravelTime ? q.maxTravelTime : limit
    const fewest = ask(usable, { ...q, maxTravelTime, maxRides })
    if (maxTravelTime === q.maxTravelTime || fewest === 1) return
    limit = (limit - spare) * (fewest === NEVER ? A_LITTLE : FURTHER) + spare
    if (fewest === NEVER) continue
    maxRides = fewest - 1
    const narrowed = corridor(network, footpaths, bounds, q, s, maxRides)
    if (!narrowed) return
    usable = narrowed
  }
}

function leastSeconds({ count, stops, seconds }: Reach, bounds: Int32Array): number {
  let least = NEVER
  for (let i = 0; i < count; i++)
    if (bounds[stops[i]!]! < NEVER) least = Math.min(least, bounds[stops[i]!]! + seconds[i]!)
  return least
}

/** Reused between queries. */
interface Scratch {
  readonly ridesFrom: Uint8Array
  readonly ridesTo: Uint8Array
  readonly queue: Uint32Array
  readonly closed: Int32Array
}

const scratches = new WeakMap<SearchState, Scratch>()
const FAR = 255

/** The bounds with every stop closed that is on no way of at most `rides` rides; undefined when there is no such way at all. */
function corridor(
  network: SearchNetwork,
  { outBegin, outTo, inBegin, inFrom }: Footpaths,
  bounds: Int32Array,
  q: TransitQuery,
  s: SearchState,
  rides: number,
): Int32Array | undefined {
  const scratch = scratches.getOrInsertComputed(s, () => ({
    ridesFrom: new Uint8Array(s.stops),
    ridesTo: new Uint8Array(s.stops),
    queue: new Uint32Array(s.stops),
    closed: new Int32Array(new SharedArrayBuffer(4 * s.stops)),
  }))
  const { ridesFrom, ridesTo, closed } = scratch
  const blocks = new Set(network.blocks.map(({ block }) => block))
  const [out, back] = [
    { begin: outBegin, to: outTo },
    { begin: inBegin, to: inFrom },
  ]
  // half the way from the end, so that from the start only what can still meet it is looked at
  const half = rides >> 1
  ridesFrom.fill(0)
  spread(blocks, q.egress, back, -1, scratch, ridesTo, ridesFrom, half)
  for (let stop = 0; stop < ridesTo.length; stop++) if (ridesTo[stop] === FAR) ridesTo[stop] = half + 1
  spread(blocks, q.access, out, 1, scratch, ridesFrom, ridesTo, rides)
  let reachable = false
  for (let i = 0; i < q.egress.count; i++) reachable ||= ridesFrom[q.egress.stops[i]!]! <= rides
  if (!reachable) return undefined
  spread(blocks, q.egress, back, -1, scratch, ridesTo, ridesFrom, rides)
  for (let stop = 0; stop < closed.length; stop++)
    closed[stop] = ridesFrom[stop]! + ridesTo[stop]! <= rides ? bounds[stop]! : NEVER
  return closed
}

/**
 * Stop → fewest rides between `ends` and it, changes and walks free; FAR beyond `most`.
 * @param direction 1: rides from the ends; −1: to them
 * @param other at least so many rides in the other direction: stops that are too far with both together are left FAR
 */
function spread(
  blocks: ReadonlySet<LaneBlock>,
  ends: Reach,
  walks: { readonly begin: Uint32Array; readonly to: Uint32Array },
  direction: 1 | -1,
  { queue }: Scratch,
  rides: Uint8Array,
  other: Uint8Array,
  most: number,
): void {
  const [enter, leave] = direction === 1 ? [CAN_BOARD, CAN_ALIGHT] : [CAN_ALIGHT, CAN_BOARD]
  rides.fill(FAR)
  let queued = 0
  for (let i = 0; i < ends.count; i++) {
    const stop = ends.stops[i]!
    if (rides[stop] === 0) continue
    rides[stop] = 0
    queue[queued++] = stop
  }
  // lane → stops of it that are done: from its end (direction 1) or from its beginning
  const done = new Map(Array.from(blocks, block => [block, new Uint16Array(block.counts.lanes)]))
  for (let at = 0, round = 1; round <= most && at < queued; round++) {
    const alighted = queued
    for (; at < alighted; at++)
      for (const block of blocks) {
        const { slots, stopBegin, stopCalls, laneSlot, laneStops } = block
        const doneOf = done.get(block)!
        for (let e = stopBegin[queue[at]!]!; e < stopBegin[queue[at]! + 1]!; e++) {
          const lane = stopCalls[CALL_WORDS * e + CALL_LANE]!
          const slot = laneSlot[lane]!
          const stops = laneStops[lane]!
          const position = stopCalls[CALL_WORDS * e + CALL_POSITION]!
          const ahead = direction === 1 ? stops - 1 - position : position
          if (ahead <= doneOf[lane]! || (slots[slot + position]! & enter) === 0) continue
          const far = direction === 1 ? stops - doneOf[lane]! : doneOf[lane]! - 1
          for (let pos = position + direction; pos !== far; pos += direction) {
            const word = slots[slot + pos]!
            const stop = word >>> 2
            if ((word & leave) === 0 || rides[stop] !== FAR || other[stop]! + round > most) continue
            rides[stop] = round
            queue[queued++] = stop
          }
          doneOf[lane] = ahead
        }
      }
    // an end is also a place to ride from: who walks there and rides on to another end has one ride, as who boards right there
    for (let i = round === 1 ? 0 : alighted, end = queued; i < end; i++)
      for (let e = walks.begin[queue[i]!]!; e < walks.begin[queue[i]! + 1]!; e++) {
        const stop = walks.to[e]!
        if (rides[stop] !== FAR || other[stop]! + round > most) continue
        rides[stop] = round
        queue[queued++] = stop
      }
  }
}

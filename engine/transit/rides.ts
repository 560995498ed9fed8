// Fewest rides between a query's ends and every stop: a breadth-first search over lines that looks at no time; changes and walks are free.

import { NONE } from '../core/ids.ts'
import type { LaneBlock } from '../horizon/horizon.ts'
import { CAN_ALIGHT, CAN_BOARD } from '../timetable/timetable.ts'
import { linesOf } from './lines.ts'
import type { SearchNetwork } from './network.ts'
import type { Reach } from './range.ts'

/** Rides to a stop that is too far, or that no way leads to. */
export const FAR = 255

export interface Walks {
  readonly begin: Uint32Array
  readonly to: Uint32Array
}

export const blocksOf = (network: SearchNetwork): ReadonlySet<LaneBlock> =>
  new Set(network.blocks.map(({ block }) => block))

/**
 * Fills `rides` with the fewest rides between the ends and each stop; FAR beyond `most`.
 * @param walks from a stop onwards, in the direction that is looked
 * @param direction 1: rides from the ends; −1: to them
 * @param queue room for every stop
 * @param other at least so many rides in the other direction: stops that are too far with both together are left FAR
 */
export function fewestRides(
  blocks: ReadonlySet<LaneBlock>,
  ends: Reach,
  walks: Walks,
  direction: 1 | -1,
  queue: Uint32Array,
  rides: Uint8Array,
  most: number,
  other?: Uint8Array,
): void {
  const [enter, leave] = direction === 1 ? [CAN_BOARD, CAN_ALIGHT] : [CAN_ALIGHT, CAN_BOARD]
  const isTooFar = (stop: number, round: number): boolean => other !== undefined && other[stop]! + round > most
  rides.fill(FAR)
  let queued = 0
  for (let i = 0; i < ends.count; i++) {
    const stop = ends.stops[i]!
    if (rides[stop] === 0) continue
    rides[stop] = 0
    queue[queued++] = stop
  }
  const networks = Array.from(blocks, linesOf)
  // line → calls of it that are done: from its end (direction 1) or from its beginning
  for (const { done } of networks) done.fill(0)
  for (let at = 0, round = 1; round <= most && at < queued; round++) {
    const alighted = queued
    for (; at < alighted; at++)
      for (const { begin, words, line, next, first, done } of networks)
        for (let call = first[queue[at]!]!; call !== NONE; call = next[call]!) {
          const of = line[call]!
          const ahead = direction === 1 ? begin[of + 1]! - 1 - call : call - begin[of]!
          if (ahead <= done[of]! || (words[call]! & enter) === 0) continue
          const far = direction === 1 ? begin[of + 1]! - done[of]! : begin[of]! + done[of]! - 1
          for (let other = call + direction; other !== far; other += direction) {
            const word = words[other]!
            const stop = word >>> 2
            if ((word & leave) === 0 || rides[stop] !== FAR || isTooFar(stop, round)) continue
            rides[stop] = round
            queue[queued++] = stop
          }
          done[of] = ahead
        }
    // an end is also a place to ride from: who walks there and rides on to another end has one ride, as who boards right there
    for (let i = round === 1 ? 0 : alighted, end = queued; i < end; i++)
      for (let e = walks.begin[queue[i]!]!; e < walks.begin[queue[i]! + 1]!; e++) {
        const stop = walks.to[e]!
        if (rides[stop] !== FAR || isTooFar(stop, round)) continue
        rides[stop] = round
        queue[queued++] = stop
      }
  }
}

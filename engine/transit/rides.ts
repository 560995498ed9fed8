// Fewest rides between a query's ends and every stop: a breadth-first search over lines that looks at no time; changes and walks are free.

import { CAN_ALIGHT, CAN_BOARD } from '../timetable/timetable.ts'
import { type Lines, linesOf } from './lines.ts'
import type { SearchNetwork } from './network.ts'
import type { Reach } from './range.ts'

/** Rides to a stop that is too far, or that no way leads to. */
export const FAR = 255

export interface Walks {
  readonly begin: Uint32Array
  readonly to: Uint32Array
}

const lines = new WeakMap<SearchNetwork, readonly Lines[]>()
const findLines = ({ blocks }: SearchNetwork): readonly Lines[] => linesOf(blocks.map(({ block }) => block))

export const linesIn = (network: SearchNetwork): readonly Lines[] => lines.getOrInsertComputed(network, findLines)

/**
 * Fills `rides` with the fewest rides between the ends and each stop; FAR beyond `most`.
 * @param walks from a stop onwards, in the direction that is looked
 * @param direction 1: rides from the ends; −1: to them
 * @param queue room for every stop
 * @param other at least so many rides in the other direction: stops that are too far with both together are left FAR
 */
export function fewestRides(
  lines: readonly Lines[],
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
  // line → calls of it that are done: from its end (direction 1) or from its beginning
  for (const { done } of lines) done.fill(0)
  for (let at = 0, round = 1; round <= most && at < queued; round++) {
    const alighted = queued
    for (; at < alighted; at++)
      for (const { begin, words, stopBegin, stopCalls, done } of lines)
        for (let i = stopBegin[queue[at]!]!; i < stopBegin[queue[at]! + 1]!; i += 2) {
          const call = stopCalls[i]!
          const line = stopCalls[i + 1]!
          const ahead = direction === 1 ? begin[line + 1]! - 1 - call : call - begin[line]!
          if (ahead <= done[line]! || (words[call]! & enter) === 0) continue
          const far = direction === 1 ? begin[line + 1]! - done[line]! : begin[line]! + done[line]! - 1
          for (let other = call + direction; other !== far; other += direction) {
            const word = words[other]!
            const stop = word >>> 2
            if ((word & leave) === 0 || rides[stop] !== FAR || isTooFar(stop, round)) continue
            rides[stop] = round
            queue[queued++] = stop
          }
          done[line] = ahead
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

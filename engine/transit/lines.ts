// The lists of stops that a block's lanes have, for who asks which stop leads to which and not when. A list that another one has in it, stop
// by stop, says nothing new: in Tokyo 416 of 2,253 stay, with a fifth of the calls.
//
//   local     A B C D E F      stays
//   express   A   C     F      in it
//   branch    A B C   G        stays

import { NONE } from '../core/ids.ts'
import type { LaneBlock } from '../horizon/horizon.ts'

export interface Lines {
  readonly count: number
  // line → range of its calls
  readonly begin: Uint32Array
  // call → slot word (stop << 2 | may alight << 1 | may board), its line, and the next call at the same stop (NONE: none)
  readonly words: Uint32Array
  readonly line: Uint32Array
  readonly next: Uint32Array
  // stop → the first of the calls there, or NONE
  readonly first: Uint32Array
  /** line → scratch of one search. */
  readonly done: Uint32Array
}

const known = new WeakMap<LaneBlock, Lines>()

export const linesOf = (block: LaneBlock): Lines => known.getOrInsertComputed(block, () => buildLines(block))

function buildLines({ counts, slots, laneSlot, laneStops }: LaneBlock): Lines {
  // lanes with one list share its words
  const lists = new Map<number, number>()
  for (let lane = 0; lane < counts.lanes; lane++) lists.set(laneSlot[lane]!, laneStops[lane]!)
  // what is in another list is not longer than it
  const longestFirst = [...lists].sort((a, b) => b[1] - a[1])
  const calls = longestFirst.reduce((sum, [, stops]) => sum + stops, 0)
  const begin = new Uint32Array(longestFirst.length + 1)
  const words = new Uint32Array(calls)
  const line = new Uint32Array(calls)
  const next = new Uint32Array(calls)
  const first = new Uint32Array(counts.stops).fill(NONE)
  let count = 0
  let end = 0
  for (const [slot, stops] of longestFirst) {
    if (isInAnother(slots, slot, stops, { begin, words, line, next, first })) continue
    for (let i = 0; i < stops; i++, end++) {
      words[end] = slots[slot + i]!
      line[end] = count
      next[end] = first[words[end]! >>> 2]!
      first[words[end]! >>> 2] = end
    }
    begin[++count] = end
  }
  return { count, begin, words, line, next, first, done: new Uint32Array(count) }
}

/** Does one of the lines call at these stops in this order, with boarding and alighting wherever they allow it? */
function isInAnother(
  slots: Uint32Array,
  slot: number,
  stops: number,
  { begin, words, line, next, first }: Omit<Lines, 'count' | 'done'>,
): boolean {
  for (let call = first[slots[slot]! >>> 2]!; call !== NONE; call = next[call]!) {
    const end = begin[line[call]! + 1]!
    let met = 0
    for (let at = call; at < end && met < stops; at++) {
      const word = slots[slot + met]!
      if (words[at]! >>> 2 === word >>> 2 && (word & ~words[at]! & 3) === 0) met++
    }
    if (met === stops) return true
  }
  return false
}

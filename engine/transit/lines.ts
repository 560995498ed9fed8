// The lists of stops that lanes have, for who asks which stop leads to which and not when. A list that another one has in it, stop by stop,
// says nothing new: in Tokyo 416 of a day's 2,253 stay, with a fifth of the calls, and what is merely late adds none.
//
//   local     A B C D E F      stays
//   express   A   C     F      in it
//   branch    A B C   G        stays

import type { LaneBlock } from '../horizon/horizon.ts'

/** A block's lists that are neither in another of its own nor in those of the blocks before it. */
export interface Lines {
  /** Tells one from another. */
  readonly number: number
  readonly count: number
  // line → range of its calls
  readonly begin: Uint32Array
  // call → slot word (stop << 2 | may alight << 1 | may board)
  readonly words: Uint32Array
  // stop → range in stopCalls: a call there, then its line
  readonly stopBegin: Uint32Array
  readonly stopCalls: Uint32Array
  /** line → scratch of one search. */
  readonly done: Uint32Array
}

const known = new WeakMap<LaneBlock, Map<string, Lines>>()
let made = 0

/** The lines of all these blocks; those of days stand before the live one, which seldom has any of its own. */
export function linesOf(blocks: Iterable<LaneBlock>): Lines[] {
  const all: Lines[] = []
  for (const block of new Set(blocks)) {
    const beside = known.getOrInsertComputed(block, () => new Map())
    const lines = beside.getOrInsertComputed(numbersOf(all), () => buildLines(block, all))
    if (lines.count > 0) all.push(lines)
  }
  return all
}

/** Of the same lines always the same. */
export const numbersOf = (lines: readonly Lines[]): string => lines.map(({ number }) => number).join()

function buildLines({ counts, slots, laneSlot, laneStops }: LaneBlock, before: readonly Lines[]): Lines {
  // lanes with one list share its words
  const lists = new Map<number, number>()
  for (let lane = 0; lane < counts.lanes; lane++) lists.set(laneSlot[lane]!, laneStops[lane]!)
  // what is in another list is not longer than it
  const longestFirst = [...lists].sort((a, b) => b[1] - a[1])
  const begin = [0]
  const words: number[] = []
  // stop → its calls so far: call, line, call, line …
  const callsAt = new Map<number, number[]>()
  for (const [slot, stops] of longestFirst) {
    const list = slots.subarray(slot, slot + stops)
    const own = callsAt.get(list[0]! >>> 2)
    if (own?.some((call, i) => i % 2 === 0 && isIn(list, words, call, begin[own[i + 1]! + 1]!))) continue
    if (before.some(lines => isInOneOf(list, lines))) continue
    for (const word of list)
      callsAt.getOrInsertComputed(word >>> 2, () => []).push(words.push(word) - 1, begin.length - 1)
    begin.push(words.length)
  }
  const stopBegin = new Uint32Array(counts.stops + 1)
  for (let stop = 0; stop < counts.stops; stop++)
    stopBegin[stop + 1] = stopBegin[stop]! + (callsAt.get(stop)?.length ?? 0)
  const stopCalls = new Uint32Array(2 * words.length)
  for (const [stop, calls] of callsAt) stopCalls.set(calls, stopBegin[stop]!)
  const count = begin.length - 1
  return {
    number: ++made,
    count,
    begin: Uint32Array.from(begin),
    words: Uint32Array.from(words),
    stopBegin,
    stopCalls,
    done: new Uint32Array(count),
  }
}

function isInOneOf(list: Uint32Array, { begin, words, stopBegin, stopCalls }: Lines): boolean {
  const stop = list[0]! >>> 2
  for (let i = stopBegin[stop]!; i < stopBegin[stop + 1]!; i += 2)
    if (isIn(list, words, stopCalls[i]!, begin[stopCalls[i + 1]! + 1]!)) return true
  return false
}

/** Are the list's stops among these words, in its order, with boarding and alighting wherever it allows them? */
function isIn(list: Uint32Array, words: ArrayLike<number>, from: number, to: number): boolean {
  let met = 0
  for (let at = from; at < to && met < list.length; at++) {
    const word = list[met]!
    if (words[at]! >>> 2 === word >>> 2 && (word & ~words[at]! & 3) === 0) met++
  }
  return met === list.length
}

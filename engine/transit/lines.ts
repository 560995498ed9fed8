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
    const lines = beside.getOrInsertComputed(nameOf(all), () => buildLines(block, all))
    if (lines.count > 0) all.push(lines)
  }
  return all
}

/** Of the same lines always the same. */
export const numbersOf = (lines: readonly Lines[]): string => names.getOrInsertComputed(lines, nameOf)
const names = new WeakMap<readonly Lines[], string>()
const nameOf = (lines: readonly Lines[]): string => lines.map(({ number }) => number).join()

function buildLines({ counts, slots, laneSlot, laneStops }: LaneBlock, before: readonly Lines[]): Lines {
  // lanes with one list share its words
  const lists = new Map<number, number>()
  for (let lane = 0; lane < counts.lanes; lane++) lists.set(laneSlot[lane]!, laneStops[lane]!)
  // what is in another list is not longer than it
  const longestFirst = [...lists].sort((a, b) => b[1] - a[1])
  let most = 0
  for (const stops of lists.values()) most += stops
  const begin = [0]
  const words = new Uint32Array(most)
  // the calls of a stop are a linked list while they are collected: stop → its first and its last one, call → the next one there; −1: none
  const [firstCall, lastCall] = [new Int32Array(counts.stops).fill(-1), new Int32Array(counts.stops)]
  const nextCall = new Int32Array(most).fill(-1)
  const lineOf = new Uint32Array(most)
  let calls = 0
  for (const [slot, stops] of longestFirst) {
    const list = slots.subarray(slot, slot + stops)
    let call = firstCall[list[0]! >>> 2]!
    while (call >= 0 && !isIn(list, words, call, begin[lineOf[call]! + 1]!)) call = nextCall[call]!
    if (call >= 0 || before.some(lines => isInOneOf(list, lines))) continue
    for (const word of list) {
      const stop = word >>> 2
      words[calls] = word
      lineOf[calls] = begin.length - 1
      if (firstCall[stop] === -1) firstCall[stop] = calls
      else nextCall[lastCall[stop]!] = calls
      lastCall[stop] = calls++
    }
    begin.push(calls)
  }
  const stopBegin = new Uint32Array(counts.stops + 1)
  const stopCalls = new Uint32Array(2 * calls)
  let at = 0
  for (let stop = 0; stop < counts.stops; stop++) {
    for (let call = firstCall[stop]!; call >= 0; call = nextCall[call]!) {
      stopCalls[at++] = call
      stopCalls[at++] = lineOf[call]!
    }
    stopBegin[stop + 1] = at
  }
  const count = begin.length - 1
  return {
    number: ++made,
    count,
    begin: Uint32Array.from(begin),
    words: words.slice(0, calls),
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

// When a label of who does not go on for ever (endurance.ts) is as good as another: no later, with as much in the store. Where many vehicles are
// searched for at once every node would have some dozens that are not; then what is left is told apart by classes only.

import type { StreetSearch } from './search.ts'
import type { Endurance } from './store-labels.ts'

/**
 * Where a new label stands in the list of its node: behind this one, −1 at the head; undefined if there is one as good. Takes those out that are
 * no better than it.
 * @param matters otherwise only what it costs does
 */
export function placeAmong(
  search: StreetSearch,
  base: number,
  ms: number,
  level: number,
  most: number,
  reverse: number,
  matters: boolean,
): number | undefined {
  const { msPerUnit, filledAt, classes } = search.costs.store!
  if (classes) return isDominatedByClass(search, base, ms, level, reverse) ? undefined : -1
  // what is there may be had at once
  if (msPerUnit === 0 || filledAt === 0) return placeInOrder(search, base, ms, most, matters)
  return isDominated(search, base, ms, level, most) ? undefined : -1
}

/** The latest stands first, and the later, the more is left:   head ─▶ 40 s, 9 Wh ─▶ 30 s, 7 Wh ─▶ 20 s, 4 Wh */
function placeInOrder(
  { endurance, nodeMs }: StreetSearch,
  base: number,
  ms: number,
  most: number,
  matters: boolean,
): number | undefined {
  const { head, next, most: mosts } = endurance!
  let after = -1
  let other = head[base]!
  while (other >= 0 && nodeMs[other]! > ms && mosts[other]! > most) {
    after = other
    other = next[other]!
  }
  let sooner = other
  while (sooner >= 0 && nodeMs[sooner]! > ms) sooner = next[sooner]!
  if (sooner >= 0 && (mosts[sooner]! >= most || (!matters && nodeMs[sooner]! < ms))) return undefined
  for (; other >= 0 && nodeMs[other]! >= ms; other = next[other]!) mosts[other] = Number.NEGATIVE_INFINITY
  if (after < 0) head[base] = other
  else next[after] = other
  return after
}

/** The same where more could have been filled in, for what that takes: each label stands for many. */
function isDominated(
  { endurance, nodeMs, costs }: StreetSearch,
  base: number,
  ms: number,
  level: number,
  most: number,
): boolean {
  const { head, next, level: levels, most: mosts } = endurance!
  const { msPerUnit } = costs.store!
  let before = -1
  for (let other = head[base]!; other >= 0; other = next[other]!) {
    const [theirs, ours] = [levels[other]!, level]
    if (mosts[other]! >= most && nodeMs[other]! + Math.max(0, ours - theirs) * msPerUnit <= ms) return true
    if (most >= mosts[other]! && ms + Math.max(0, theirs - ours) * msPerUnit <= nodeMs[other]!) {
      unlink(endurance!, base, before, other)
    } else before = other
  }
  return false
}

/** The same where levels are told apart by their classes, of who fills nothing up; backwards the classes are of what has been drained. */
function isDominatedByClass(
  { endurance, nodeMs, costs }: StreetSearch,
  base: number,
  ms: number,
  level: number,
  reverse: number,
): boolean {
  const { head, next, level: levels } = endurance!
  const { full, classes } = costs.store!
  const borders = reverse === 1 ? classes!.ridden : classes!.left
  const classOf = (level: number): number => {
    const at = reverse === 1 ? full - level : level
    let n = 0
    for (const border of borders) if (at >= border) n++
    return reverse === 1 ? -n : n
  }
  const own = classOf(level)
  let before = -1
  for (let other = head[base]!; other >= 0; other = next[other]!) {
    const theirs = classOf(levels[other]!)
    if (theirs >= own && nodeMs[other]! <= ms) return true
    if (own >= theirs && ms <= nodeMs[other]!) {
      unlink(endurance!, base, before, other)
    } else before = other
  }
  return false
}

/** Takes a label out of its node's list, in which `before` stands before it (−1: it is the first). */
function unlink({ head, next, most }: Endurance, base: number, before: number, label: number): void {
  most[label] = Number.NEGATIVE_INFINITY
  if (before < 0) head[base] = next[label]!
  else next[before] = next[label]!
}

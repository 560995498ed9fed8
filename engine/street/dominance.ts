// When a label of who does not go on for ever (endurance.ts) is as good as another: no later, with as much in the store. Where many vehicles are
// searched for at once every node would have some dozens that are not; then what is left is told apart by classes only.

import type { Endurance } from './endurance.ts'
import type { StreetSearch } from './search.ts'

/** Is there a label as good? Takes those that are no better than the new one out. */
export function isDominated(
  search: StreetSearch,
  base: number,
  ms: number,
  level: number,
  most: number,
  reverse: number,
): boolean {
  const { endurance, nodeMs, costs } = search
  if (costs.store!.classes) return isDominatedByClass(search, base, ms, level, reverse)
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

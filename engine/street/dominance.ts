// When a label of who does not go on for ever (endurance.ts) is as good as another: no later, with as much in the store.

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
  matters: boolean,
): number | undefined {
  const { msPerUnit, filledAt } = search.costs.store!
  // what is there may be had at once
  if (msPerUnit === 0 || filledAt === 0) return placeInOrder(search, base, ms, most, matters)
  return isDominated(search, base, ms, level, most) ? undefined : -1
}

/**
 * Weak vehicles for rent, all searched for at once, are told apart to the millimetre up to so many labels: a second of work, which half an hour's ride
 * through a city does not take. Beyond, those are alike that go nearly as far, and some ride may be lost.
 */
const EXACT_LABELS = 1 << 20
const ALIKE_MM = 500_000

/** The latest stands first, and the later, the more is left:   head ─▶ 40 s, 9 Wh ─▶ 30 s, 7 Wh ─▶ 20 s, 4 Wh */
function placeInOrder(
  { endurance, nodeMs, costs }: StreetSearch,
  base: number,
  ms: number,
  most: number,
  matters: boolean,
): number | undefined {
  const { head, next, most: mosts, count } = endurance!
  const alike = costs.profile.range && count > EXACT_LABELS ? ALIKE_MM : 0
  let after = -1
  let other = head[base]!
  while (other >= 0 && nodeMs[other]! > ms && mosts[other]! > most) {
    after = other
    other = next[other]!
  }
  let sooner = other
  while (sooner >= 0 && nodeMs[sooner]! > ms) sooner = next[sooner]!
  if (sooner >= 0 && (mosts[sooner]! + alike >= most || (!matters && nodeMs[sooner]! < ms))) return undefined
  for (; other >= 0 && nodeMs[other]! >= ms; other = next[other]!) mosts[other] = Number.NEGATIVE_INFINITY
  if (after < 0) head[base] = other
  else next[after] = other
  return after
}

/** Who charges on the way is told apart exactly up to this share of the labels that a search may have (131,072), and beyond by what 100 m take. */
const EXACT_SHARE = 1 / 32
const ALIKE_CHARGED_MM = 100_000

/**
 * The same where more could have been filled in, for what that takes: each label stands for many. In no order, but what dominated last stands first:
 * it mostly does so again.
 */
function isDominated(
  { endurance, nodeMs, costs, mostLabels }: StreetSearch,
  base: number,
  ms: number,
  level: number,
  most: number,
): boolean {
  const { head, next, level: levels, most: mosts, count } = endurance!
  const { msPerUnit, plain } = costs.store!
  const alike = count > mostLabels * EXACT_SHARE ? ALIKE_CHARGED_MM * plain : 0
  let before = -1
  for (let other = head[base]!; other >= 0; other = next[other]!) {
    const theirs = levels[other]!
    if (mosts[other]! + alike >= most && nodeMs[other]! + Math.max(0, level - alike - theirs) * msPerUnit <= ms) {
      if (before < 0) return true
      next[before] = next[other]!
      next[other] = head[base]!
      head[base] = other
      return true
    }
    if (most >= mosts[other]! && ms + Math.max(0, theirs - level) * msPerUnit <= nodeMs[other]!) {
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

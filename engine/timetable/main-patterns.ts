// The patterns that stand for their route on a map.

import type { PatternIdx, RouteIdx } from '../core/ids.ts'
import type { Timetable } from './timetable.ts'

/** The most frequent ones: both directions and a branch each. */
const PATTERNS_PER_ROUTE = 4

const mains = new WeakMap<Timetable, Uint8Array>()

/** pattern → 1 when it is one of those that stand for its route */
export function mainPatterns(tt: Timetable): Uint8Array {
  const known = mains.get(tt)
  if (known) return known
  const trips = (p: PatternIdx): number => tt.tripBegin[p + 1]! - tt.tripBegin[p]!
  const patternsOf = new Map<RouteIdx, PatternIdx[]>()
  for (let p = 0 as PatternIdx; p < tt.counts.patterns; p++)
    if (trips(p) > 0) patternsOf.getOrInsertComputed(tt.patternRoute[p], () => []).push(p)
  const marks = new Uint8Array(tt.counts.patterns)
  for (const patterns of patternsOf.values())
    for (const p of patterns.sort((a, b) => trips(b) - trips(a) || a - b).slice(0, PATTERNS_PER_ROUTE)) marks[p] = 1
  mains.set(tt, marks)
  return marks
}

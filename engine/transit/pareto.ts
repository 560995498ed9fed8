// Journeys of several searches laid together: only those stay that no other betters or equals in departure, arrival and rides at once.

import type { Journey } from './journey.ts'

/** a is at least as good as b in everything. */
export const covers = (a: Journey, b: Journey): boolean =>
  a.departure >= b.departure && a.arrival <= b.arrival && a.transfers <= b.transfers

/** The Pareto set, by departure, then arrival; of equals the first stays. */
export function paretoSet(journeys: readonly Journey[]): Journey[] {
  const kept: Journey[] = []
  for (const j of journeys) {
    if (isCovered(kept, j)) continue
    for (let i = kept.length - 1; i >= 0; i--) if (covers(j, kept[i]!)) kept.splice(i, 1)
    kept.push(j)
  }
  return kept.sort(byTime)
}

function isCovered(kept: readonly Journey[], j: Journey): boolean {
  for (const k of kept) if (covers(k, j)) return true
  return false
}

const byTime = (a: Journey, b: Journey): number =>
  a.departure - b.departure || a.arrival - b.arrival || a.transfers - b.transfers

// From one point to many (reverse: from many to one): one flood of the streets, then a look at both ends of each point's edge.

import type { EdgeIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { placesAt } from './ends.ts'
import { hurried } from './hurry.ts'
import type { StreetEnd } from './path.ts'
import { costBound, type PointTravel, type StreetSearch, travelAs } from './search.ts'
import { type Arrival, arriveAt, floodFrom } from './shortest.ts'
import type { Place } from './snap.ts'
import { FIRST } from './start.ts'

export interface ManyTravel extends PointTravel {
  /** From the many to the one. */
  readonly reverse: boolean
}

/** The quickest way between the one and one of the many. */
export interface Way {
  /** Rounded up. */
  readonly seconds: number
  readonly metres: number
}

/** For each of `many`, in their order, the way; undefined where there is none within `maxSeconds`. */
export function waysToMany(
  search: StreetSearch,
  one: StreetEnd,
  many: readonly StreetEnd[],
  options: ManyTravel,
): (Way | undefined)[] {
  const ways = waysOnce(search, one, many, options)
  const profile = search.cutOff ? hurried(options.profile) : undefined
  if (!profile) return ways
  const missing = many.filter((_, i) => !ways[i])
  const more = waysOnce(search, one, missing, { ...options, profile }).values()
  return ways.map(way => way ?? more.next().value)
}

function waysOnce(
  search: StreetSearch,
  one: StreetEnd,
  many: readonly StreetEnd[],
  options: ManyTravel,
): (Way | undefined)[] {
  travelAs(search, options.profile)
  const { reverse } = options
  const places = (end: StreetEnd, reverse: boolean): readonly Place[] =>
    placesAt(search, end, options.maxMatchingDistance, reverse)
  const starts = places(one, reverse)
  if (starts.length === 0) return many.map(() => undefined)
  const seeds = starts.map(place => ({ place, ms: 0 }))
  floodFrom(search, seeds, costBound(search, options.maxSeconds), reverse)
  return many.map(end => {
    let best: (Arrival & { readonly start: Place; readonly goal: Place }) | undefined
    for (const goal of places(end, !reverse))
      for (const start of starts) {
        const way = arriveAt(search, start, goal, reverse ? 1 : 0, options.maxSeconds * 1000)
        if (way && way.cost < (best?.cost ?? NEVER)) best = { ...way, start, goal }
      }
    if (!best) return undefined
    return { seconds: Math.ceil(best.ms / 1000), metres: millimetresOf(search, starts, best) / 1000 }
  })
}

/** Along the labels from where the search began to where it arrived, off the streets as well. */
function millimetresOf(
  { graph, nodeArc, nodeFrom }: StreetSearch,
  starts: readonly Place[],
  { start, goal, entry }: Arrival & { readonly start: Place; readonly goal: Place },
): number {
  if (!entry) return start.offsetMm + Math.abs(goal.alongMm - start.alongMm) + goal.offsetMm
  let mm = goal.offsetMm + (entry.backward ? graph.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm)
  for (let label = entry.label; ; label = nodeFrom[label]!) {
    const arc = nodeArc[label]!
    const edge = ((arc & ~FIRST) >>> 1) as EdgeIdx
    if (arc >= FIRST) {
      const { offsetMm, alongMm } = starts.find(place => place.edge === edge)!
      return mm + offsetMm + ((arc & 1) === 1 ? alongMm : graph.edgeMillimetres[edge] - alongMm)
    }
    mm += graph.edgeMillimetres[edge]
  }
}

// From one point to many (reverse: from many to one): one flood of the streets, then a look at both ends of each point's edge.

import type { EdgeIdx } from '../core/ids.ts'
import { placeOf, type StreetEnd } from './path.ts'
import { costBound, type PointTravel, type StreetSearch, travelAs } from './search.ts'
import { type Arrival, arriveAt, flood } from './shortest.ts'
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
  travelAs(search, options.profile)
  const start = placeOf(search, one, options)
  if (!start) return many.map(() => undefined)
  const reverse = options.reverse ? 1 : 0
  flood(search, start, costBound(search, options.maxSeconds), options.reverse)
  return many.map(end => {
    const goal = placeOf(search, end, options)
    const way = goal && arriveAt(search, start, goal, reverse)
    if (!goal || !way || way.ms > options.maxSeconds * 1000) return undefined
    return { seconds: Math.ceil(way.ms / 1000), metres: millimetresOf(search, start, goal, way) / 1000 }
  })
}

/** Along the labels from where the search began to where it arrived, off the streets as well. */
function millimetresOf(
  { graph, nodeArc, nodeFrom }: StreetSearch,
  start: Place,
  goal: Place,
  { entry }: Arrival,
): number {
  const off = start.offsetMm + goal.offsetMm
  if (!entry) return off + Math.abs(goal.alongMm - start.alongMm)
  let mm = off + (entry.backward ? graph.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm)
  for (let label = entry.label; ; label = nodeFrom[label]!) {
    const arc = nodeArc[label]!
    const edge = ((arc & ~FIRST) >>> 1) as EdgeIdx
    if (arc >= FIRST) return mm + ((arc & 1) === 1 ? start.alongMm : graph.edgeMillimetres[edge] - start.alongMm)
    mm += graph.edgeMillimetres[edge]
  }
}

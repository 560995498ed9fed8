// From one point to many (reverse: from many to one): one flood of the streets, then a look at both ends of each point's edge.

import type { NodeIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { mayUse } from './graph.ts'
import { leaveMs, partMs } from './modes.ts'
import { type PointTravel, type StreetSearch, travelAs } from './search.ts'
import { FIRST, flood } from './shortest.ts'
import { type Place, snap } from './snap.ts'

/** A point in 1e-7 degrees. */
export interface StreetPoint {
  readonly lat: number
  readonly lon: number
}

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
  one: StreetPoint,
  many: readonly StreetPoint[],
  options: ManyTravel,
): (Way | undefined)[] {
  const place = ({ lat, lon }: StreetPoint): Place | undefined =>
    snap(search.graph, lat, lon, options.maxMatchingDistance, traits => mayUse(traits, options.profile.mode))
  const start = place(one)
  if (!start) return many.map(() => undefined)
  travelAs(search, options.profile, options.speed)
  const maxMs = Math.min(options.maxSeconds * 1000, NEVER - 1)
  flood(search, start, maxMs, options.reverse)
  return many.map(point => {
    const goal = place(point)
    const way = goal && bestWay(search, start, goal, options.reverse ? 1 : 0)
    return way && way.ms <= maxMs ? { seconds: Math.ceil(way.ms / 1000), metres: way.mm / 1000 } : undefined
  })
}

interface Found {
  readonly ms: number
  readonly mm: number
}

function bestWay(search: StreetSearch, start: Place, goal: Place, reverse: number): Found {
  const { graph, costs, nodeMs } = search
  const traits = graph.edgeTraits[goal.edge]
  const offMm = start.offsetMm + goal.offsetMm
  let best: Found = { ms: NEVER, mm: 0 }
  if (start.edge === goal.edge) {
    const along = goal.alongMm - start.alongMm
    const mm = Math.abs(along)
    const off = Math.round(start.offsetMm * costs.plain) + Math.round(goal.offsetMm * costs.plain)
    best = { ms: Math.min(NEVER, off + partMs(costs, traits, (along < 0 ? 1 : 0) ^ reverse, mm)), mm: offMm + mm }
  }
  for (const backward of [0, 1]) {
    const node = backward ? graph.edgeTo[goal.edge] : graph.edgeFrom[goal.edge]
    const mm = backward ? graph.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm
    const there = mm === 0 ? nodeMs[node]! : leaveMs(costs, graph.nodeTraits[node]!, nodeMs[node]!)
    const ms = there + partMs(costs, traits, backward ^ reverse, mm) + Math.round(goal.offsetMm * costs.plain)
    if (ms < best.ms) best = { ms, mm: offMm + millimetresTo(search, start, node) + mm }
  }
  return best
}

/** Along the labels from where the search began to a node that it reached. */
function millimetresTo({ graph, nodeArc }: StreetSearch, start: Place, goal: NodeIdx): number {
  let mm = 0
  for (let node = goal; ; ) {
    const arc = nodeArc[node]!
    const edge = ((arc & ~FIRST) >>> 1) as Place['edge']
    const backward = (arc & 1) === 1
    if (arc >= FIRST) return mm + (backward ? start.alongMm : graph.edgeMillimetres[edge] - start.alongMm)
    mm += graph.edgeMillimetres[edge]
    node = backward ? graph.edgeTo[edge] : graph.edgeFrom[edge]
  }
}

// How long somebody without limits takes from a point along the streets to places beside it. Who may not use the nearest street leaves his own where it
// comes near; were that way as long as the crow flies, he would be there sooner than others, and across railways.

import FlatQueue from 'flatqueue'
import type { EdgeIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { type Costs, leaveMs, partMs } from './costs.ts'
import type { StreetGraph } from './graph.ts'
import type { Profile } from './profile.ts'
import { besideNodes, type Place } from './snap.ts'
import { offMs } from './start.ts'

/** The same traveller without limits and wishes; the very same one if he has no limits. */
export function unlimited(profile: Profile): Profile {
  for (const limit in profile.limits)
    if (limit !== 'unknown' && limit !== 'maxWithoutRest') {
      const { battery: _, range: __, ...own } = profile
      return { ...own, limits: {}, weights: { safety: 0, flat: 0, lit: 0, maxDetour: 0 } }
    }
  return profile
}

/** Nodes looked at; what is farther is too far to be beside the point. */
const MOST_NODES = 4096

/** Dijkstra's algorithm as far as anybody asks; turns are allowed as if nobody forbade them. */
export class UnlimitedWays {
  private readonly settled = new Map<number, number>()
  private readonly best = new Map<number, number>()
  private readonly queue = new FlatQueue()
  private readonly graph: StreetGraph
  private readonly costs: Costs
  private readonly starts: readonly Place[]
  private readonly reverse: number

  /** @param reverse against the way */
  constructor(graph: StreetGraph, costs: Costs, starts: readonly Place[], reverse: boolean) {
    this.graph = graph
    this.costs = costs
    this.starts = starts
    this.reverse = reverse ? 1 : 0
    for (const place of starts)
      for (const backward of [0, 1]) {
        const mm = backward ? place.alongMm : graph.edgeMillimetres[place.edge] - place.alongMm
        const node = backward ? graph.edgeFrom[place.edge] : graph.edgeTo[place.edge]
        this.offer(node, offMs(costs, place) + this.partOf(place.edge, backward, mm))
      }
  }

  /** The place with what it takes longer to there than as the crow flies; undefined: too far. */
  placed(nearest: Place, costs: Costs): Place | undefined {
    if (this.starts.some(start => start.edge === nearest.edge)) return nearest
    const place = besideNodes(this.graph, nearest)
    const ms = this.msTo(place)
    return ms >= NEVER ? undefined : { ...place, moreMs: Math.max(0, ms - offMs(costs, place)) }
  }

  /** Milliseconds from the point to the place, NEVER if none of the nodes looked at leads there. */
  private msTo(place: Place): number {
    const { graph, costs } = this
    let least = NEVER
    for (const backward of [0, 1]) {
      const node = backward ? graph.edgeTo[place.edge] : graph.edgeFrom[place.edge]
      const mm = backward ? graph.edgeMillimetres[place.edge] - place.alongMm : place.alongMm
      const rest = this.partOf(place.edge, backward, mm)
      const left = leaveMs(costs, graph.nodeTraits[node]!, this.settle(node, least - rest))
      least = Math.min(least, left + rest)
    }
    return least
  }

  /** Until the node has its time, or what it has to be less than is past. */
  private settle(node: number, bound: number): number {
    const { graph, costs, queue, settled } = this
    const { arcsBegin, arcEdge, edgeFrom, edgeTo, edgeMillimetres, nodeTraits } = graph
    while (!settled.has(node) && queue.length > 0 && queue.peekValue()! < bound && settled.size < MOST_NODES) {
      const ms = queue.peekValue()!
      const at = queue.pop()!
      if (settled.has(at)) continue
      settled.set(at, ms)
      const left = leaveMs(costs, nodeTraits[at]!, ms)
      for (let a = arcsBegin[at]!; a < arcsBegin[at + 1]!; a++) {
        const arc = arcEdge[a]!
        const edge = (arc >>> 1) as EdgeIdx
        this.offer(
          (arc & 1) === 1 ? edgeFrom[edge] : edgeTo[edge],
          left + this.partOf(edge, arc & 1, edgeMillimetres[edge]),
        )
      }
    }
    return settled.get(node) ?? NEVER
  }

  private offer(node: number, ms: number): void {
    if (ms >= (this.best.get(node) ?? NEVER)) return
    this.best.set(node, ms)
    this.queue.push(node, ms)
  }

  private partOf(edge: EdgeIdx, backward: number, mm: number): number {
    return partMs(this.costs.time, this.graph.edgeSort[edge], backward ^ this.reverse, mm)
  }
}

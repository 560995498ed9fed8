// What one comes to from a place, as far as it has to be known: does the street there lead anywhere, or only round a courtyard? As if all elevators
// worked: whom an outage keeps on a platform does not leave it through the air.

import type { EdgeIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { type Costs, leaveMs } from './costs.ts'
import { ALL_MODES, mayUse, NODE_ELEVATOR, type StreetGraph } from './graph.ts'
import type { Place } from './snap.ts'

/** Nodes that a street leads to when it leads anywhere. */
const ANYWHERE = 256

/** A few nodes, and whether one gets from them to places on their edges. */
export class Surroundings {
  private readonly nodes: Set<number>
  private readonly graph: StreetGraph
  private readonly costs: Costs
  private readonly reverse: number

  /** @param reverse against the way */
  constructor(graph: StreetGraph, costs: Costs, { edge, alongMm }: Place, reverse: boolean) {
    this.graph = graph
    this.costs = costs
    this.reverse = reverse ? 1 : 0
    this.nodes = new Set()
    if (alongMm === graph.edgeMillimetres[edge] || this.isOpen(edge, 0)) this.nodes.add(graph.edgeTo[edge])
    if (alongMm === 0 || this.isOpen(edge, 1)) this.nodes.add(graph.edgeFrom[edge])
    this.spread()
  }

  /** More than are looked at. */
  get areMany(): boolean {
    return this.nodes.size >= ANYWHERE
  }

  /** Does one come to this edge? */
  lead(edge: EdgeIdx): boolean {
    const { edgeFrom, edgeTo } = this.graph
    return (
      (this.isOpen(edge, 0) && this.goesOn(edgeFrom[edge]) && this.nodes.has(edgeFrom[edge])) ||
      (this.isOpen(edge, 1) && this.goesOn(edgeTo[edge]) && this.nodes.has(edgeTo[edge]))
    )
  }

  private spread(): void {
    const { nodes, reverse } = this
    const { arcsBegin, arcEdge, edgeFrom, edgeTo, edgeSort } = this.graph
    const { pace } = this.costs
    const found = [...nodes]
    for (let i = 0; i < found.length && found.length < ANYWHERE; i++) {
      const node = found[i]!
      if (!this.goesOn(node)) continue
      for (let a = arcsBegin[node]!, end = arcsBegin[node + 1]!; a < end; a++) {
        const arc = arcEdge[a]!
        const edge = (arc >>> 1) as EdgeIdx
        const to = (arc & 1) === 1 ? edgeFrom[edge] : edgeTo[edge]
        if (nodes.has(to)) continue
        const direction = (edgeSort[edge] << 1) | ((arc & 1) ^ reverse)
        if (pace[direction] === Number.POSITIVE_INFINITY && !this.isOpen(edge, arc & 1)) continue
        nodes.add(to)
        found.push(to)
      }
    }
  }

  private isOpen(edge: EdgeIdx, backward: number): boolean {
    const { graph, costs } = this
    const sort = graph.edgeSort[edge]
    return (
      costs.pace[(sort << 1) | (backward ^ this.reverse)]! < Number.POSITIVE_INFINITY ||
      ALL_MODES.every(mode => !mayUse(graph.sortTraits[sort]!, mode))
    )
  }

  private goesOn(node: number): boolean {
    const traits = this.graph.nodeTraits[node]!
    if (leaveMs(this.costs, traits, 0) < NEVER) return true
    return (traits & NODE_ELEVATOR) !== 0 && this.costs.profile.limits.elevators !== false
  }
}

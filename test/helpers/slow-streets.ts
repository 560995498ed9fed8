// Shortest ways, slow and obvious: Dijkstra's algorithm from the definition, each edge in each direction asked anew whether and how long.
// What the search in engine/street is compared with.

import FlatQueue from 'flatqueue'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { accessOf, NODE_ELEVATOR, type StreetGraph } from '#engine/street/graph.ts'
import { type Costs, edgeMs } from '#engine/street/modes.ts'
import type { Place } from '#engine/street/snap.ts'

const allowed = (g: StreetGraph, costs: Costs, edge: number, fromFirst: boolean): boolean =>
  (accessOf(g.edgeTraits[edge as EdgeIdx]) & (1 << (costs.mode + (fromFirst ? 0 : 4)))) !== 0

/** ms to leave each node again when one has arrived there; Infinity past a barrier. */
const wait = (g: StreetGraph, costs: Costs, node: number): number => {
  if ((g.nodeTraits[node]! & (1 << costs.mode)) !== 0) return Number.POSITIVE_INFINITY
  return (g.nodeTraits[node]! & NODE_ELEVATOR) !== 0 ? costs.elevatorMs : 0
}

/** ms from `start` to every node, or, `reverse`, from every node to `start`. */
export function slowLabels(g: StreetGraph, costs: Costs, start: Place, reverse = false): Float64Array {
  const ms = new Float64Array(g.counts.nodes).fill(Number.POSITIVE_INFINITY)
  const queue = new FlatQueue()
  const offer = (node: number, at: number): void => {
    if (at >= ms[node]!) return
    ms[node] = at
    queue.push(node, at)
  }
  const length = g.edgeMillimetres[start.edge]
  const off = Math.round(start.offsetMm * costs.plain)
  const part = (mm: number): number => off + edgeMs(costs, g.edgeTraits[start.edge], mm)
  // on a node one is there, whatever the one-way says
  if (length === start.alongMm || allowed(g, costs, start.edge, !reverse))
    offer(g.edgeTo[start.edge], part(length - start.alongMm))
  if (start.alongMm === 0 || allowed(g, costs, start.edge, reverse)) offer(g.edgeFrom[start.edge], part(start.alongMm))
  const done = new Set<number>()
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (done.has(node)) continue
    done.add(node)
    const leave = ms[node]! + wait(g, costs, node)
    for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
      const edge = (g.arcEdge[a]! >> 1) as EdgeIdx
      const fromFirst = (g.arcEdge[a]! & 1) === 0
      if (!allowed(g, costs, edge, fromFirst !== reverse)) continue
      offer(
        fromFirst ? g.edgeTo[edge] : g.edgeFrom[edge],
        leave + edgeMs(costs, g.edgeTraits[edge], g.edgeMillimetres[edge]),
      )
    }
  }
  return ms
}

/** ms from `start` to `goal` (`reverse`: back), given the labels of `start`; Infinity if there is no way. */
export function slowMs(
  g: StreetGraph,
  costs: Costs,
  start: Place,
  goal: Place,
  labels: Float64Array,
  reverse = false,
): number {
  const part = (mm: number): number => edgeMs(costs, g.edgeTraits[goal.edge], mm)
  const off = Math.round(goal.offsetMm * costs.plain)
  const ways = [Number.POSITIVE_INFINITY]
  const [first, last] = [g.edgeFrom[goal.edge], g.edgeTo[goal.edge]]
  const length = g.edgeMillimetres[goal.edge]
  if (goal.alongMm === 0) ways.push(labels[first]! + off)
  else if (allowed(g, costs, goal.edge, !reverse))
    ways.push(labels[first]! + wait(g, costs, first) + part(goal.alongMm) + off)
  if (goal.alongMm === length) ways.push(labels[last]! + off)
  else if (allowed(g, costs, goal.edge, reverse))
    ways.push(labels[last]! + wait(g, costs, last) + part(length - goal.alongMm) + off)
  const between = Math.abs(goal.alongMm - start.alongMm)
  if (
    start.edge === goal.edge &&
    (between === 0 || allowed(g, costs, goal.edge, goal.alongMm >= start.alongMm !== reverse))
  )
    ways.push(Math.round(start.offsetMm * costs.plain) + part(between) + off)
  return Math.min(...ways)
}

// Turning round takes a car some time, so it matters by which street one came to a junction; else one label would do for each. A second label
// of a node is the best arrival by another street than the first's, and goes on only where the first would have to turn round.
//
//              first ──▶ w ◀── second         nobody wins anything by turning round, but who may not turn at v: on to w and back.
//      a ──▶ v ═════════ w                    The second goes back to v as well, later, and need not turn
//            │
//            b   no turn from a to b          labels: nodes, turns, then a second one for each node
//
// Whether that comes anywhere sooner is looked at once all that is nearer is settled (DELAY): behind a forbidden turn, hardly ever elsewhere.

import type { EdgeIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { leaveMs, partMs, usableSort } from './costs.ts'
import { labelsOf } from './labels.ts'
import type { StreetSearch } from './search.ts'
import type { Place } from './snap.ts'
import { AT_NODE, FIRST, freshLabels } from './start.ts'

/** Room for second labels. */
export function makeSeconds(search: StreetSearch): void {
  search.seconds = { nodes: new Uint32Array(search.graph.counts.nodes), count: 0 }
  freshLabels(search)
}

/** After a search in which turning takes no time: is there a place on the way to the goal where one does? */
export function turnsRound(search: StreetSearch, goal: Place): boolean {
  const { graph, nodeMs, nodeFrom, nodeArc } = search
  for (const node of [graph.edgeFrom[goal.edge], graph.edgeTo[goal.edge]])
    for (const end of labelsOf(graph, node)) {
      if (nodeMs[end] === NEVER) continue
      for (let label = end; nodeArc[label]! < FIRST; label = nodeFrom[label]!)
        if (nodeArc[label] === arcBack(search, nodeFrom[label]!)) return true
    }
  return false
}

/** To turn round at a node, having come along this edge. */
export function turningMs({ graph, costs }: StreetSearch, node: number, edge: EdgeIdx): number {
  const { turning } = costs
  if (!turning) return 0
  for (let a = graph.arcsBegin[node]!; a < graph.arcsBegin[node + 1]!; a++) {
    const other = (graph.arcEdge[a]! >>> 1) as EdgeIdx
    if (other !== edge && usableSort(costs, graph.edgeSort[other])) return turning[graph.edgeSort[edge]]!
  }
  return turning[graph.counts.sorts]!
}

/** The arc back along the one by which a label was reached. */
export const arcBack = (search: StreetSearch, label: number): number => (search.nodeArc[label]! & ~FIRST) ^ 1

/** By so many ms a second label's turn comes later: two buckets of the queue, inside which there is no order. */
export const DELAY = 2048

/** An arrival at a node that is not its first, or no longer: the second label if it is the best for that, else −1. */
export function keepSecond(
  search: StreetSearch,
  node: number,
  ms: number,
  arc: number,
  from: number,
  time: number,
): number {
  const { graph, costs, nodeMs, nodeArc, nodeFrom, times, seconds } = search
  // who began there came by no street
  if (nodeArc[node] === AT_NODE) return -1
  const label = graph.counts.nodes + graph.counts.turns + node
  const back = arcBack(search, node)
  const edge = (back >>> 1) as EdgeIdx
  if (isOf(back, arc) || (ms >= nodeMs[label]! && !isOf(back, nodeArc[label]!))) return -1
  // at least two streets meet here
  if (ms >= nodeMs[node]! + costs.turning![graph.edgeSort[edge]]!) return -1
  if (nodeMs[label] === NEVER) seconds!.nodes[seconds!.count++] = node
  nodeMs[label] = ms
  nodeArc[label] = arc
  nodeFrom[label] = from
  if (times !== nodeMs) times[label] = time
  return label
}

/** Do two arcs run along one edge? */
const isOf = (a: number, b: number): boolean => ((a ^ b) & ~FIRST) >>> 1 === 0

/** Does a node's second label, going back along the first one's way, come anywhere sooner? */
export function comesSooner(search: StreetSearch, label: number, reverse: number): boolean {
  const { graph, costs, nodeMs, nodeArc } = search
  const { nodes, turns } = graph.counts
  const bit = costs.profile.mode + (reverse << 2)
  let [node, at, came] = [label - nodes - turns, nodeMs[label]!, nodeArc[label]!]
  while (nodeArc[node]! < FIRST && !isOf(came, nodeArc[node]!)) {
    const back = arcBack(search, node)
    const edge = (back >>> 1) as EdgeIdx
    if (at >= nodeMs[node]! + turningMs(search, node, edge)) return false
    at = leaveMs(costs, graph.nodeTraits[node]!, at)
    at += partMs(costs.pace, graph.edgeSort[edge], (back & 1) ^ reverse, graph.edgeMillimetres[edge])
    if (at >= NEVER) return false
    let to = arcEnd(search, node, back)
    if (to >= nodes && ((graph.turnModes[to - nodes]! >> bit) & 1) === 0) to = graph.turnNode[to - nodes]!
    if (at <= nodeMs[to]!) return true
    // to a turn leads one street only
    if (to >= nodes) return false
    node = to
    came = back
  }
  return false
}

function arcEnd({ graph }: StreetSearch, node: number, arc: number): number {
  let a = graph.arcsBegin[node]!
  while (graph.arcEdge[a] !== arc) a++
  return graph.arcTo[a]!
}

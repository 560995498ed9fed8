// Most batteries last for all that is asked about. So the streets are first searched without a look at the store; if it lasts along every quickest
// way, that is the answer already, with one label for each node or turn. Only else there are labels for each level worth having (endurance.ts):
// a full e-bike half an hour around Heidelberg, one label instead of 45 a node, 0.03 s instead of 8.

import type { EdgeIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { type Target, targetsOf } from './ahead.ts'
import { drained, leastAtEnd } from './endurance.ts'
import { labelsOf, nodeOf } from './labels.ts'
import type { StreetSearch } from './search.ts'
import { type AskedAbout, AT_NODE, FIRST, type Seed } from './start.ts'
import { createEndurance } from './store-labels.ts'

/** Farther from its street nothing is that a search without a goal is asked about. Millimetres. */
const BESIDE = 1_000_000

/**
 * After a search without a look at the store: where there is not enough in it along the quickest way, of what is asked about. Nothing: the answer
 * is there, with its levels.
 */
export function outlasted(
  search: StreetSearch,
  seeds: readonly Seed[],
  asked: AskedAbout,
  maxMs: number,
  reverse: number,
): Target[] {
  const { graph, costs, nodeMs, times, touched, touchedCount } = search
  search.endurance ??= createEndurance(search)
  search.endurance.single = true
  const { level } = search.endurance
  setLevels(search, seeds, reverse)
  if (asked && asked !== 'nodes') {
    const least = leastAtEnd(costs.store!, reverse, costs.store!.strongest)
    const lacks = ({ node, drain }: Target): boolean =>
      labelsOf(graph, node).some(label => nodeMs[label] !== NEVER && level[label]! - drain < least)
    return asked.map(at => targetsOf(search, at, reverse)).flatMap(targets => (targets.some(lacks) ? targets : []))
  }
  const least = leastAtEnd(costs.store!, reverse)
  // farther in time is nothing that anybody is told of (costBound)
  const dearest = maxMs >= NEVER - 1 ? 1 : costs.dearest
  const nodes = new Set<number>()
  for (let i = 0; i < touchedCount; i++) {
    const label = touched[i]!
    const more = asked === 'nodes' ? 0 : beyond(search, label, reverse)
    if (times[label]! <= maxMs / dearest && level[label]! - more < least) nodes.add(nodeOf(graph, label))
  }
  return Array.from(nodes, node => ({ node, cost: 0, drain: 0 }))
}

/** What the longest street from a label drains, and the way from there to what stands beside it. */
function beyond({ graph, costs }: StreetSearch, label: number, reverse: number): number {
  const node = nodeOf(graph, label)
  let most = 0
  for (let a = graph.arcsBegin[node]!; a < graph.arcsBegin[node + 1]!; a++) {
    const [edge, backward] = [(graph.arcEdge[a]! >>> 1) as EdgeIdx, graph.arcEdge[a]! & 1]
    const direction = (graph.edgeSort[edge] << 1) | (backward ^ reverse)
    most = Math.max(most, drained(costs, direction, graph.edgeMillimetres[edge]))
  }
  return most + drained(costs, 0, 0, BESIDE)
}

function setLevels(search: StreetSearch, seeds: readonly Seed[], reverse: number): void {
  const { graph, costs, nodeArc, nodeFrom, touched, touchedCount } = search
  const { level, most, stopped } = search.endurance!
  const first = reverse === 1 ? costs.store!.full : costs.store!.start
  /** At the end of the edge where it began; of several beginnings on it the one that leaves least. */
  const firstLevel = (edge: EdgeIdx, backward: number, direction: number): number =>
    seeds.reduce((lowest, { place, left = first }) => {
      if (place.edge !== edge) return lowest
      const mm = backward ? place.alongMm : graph.edgeMillimetres[edge] - place.alongMm
      return Math.min(lowest, left - drained(costs, direction, mm, place.offsetMm))
    }, costs.store!.full)
  for (let i = 0; i < touchedCount; i++) level[touched[i]!] = Number.NaN
  const chain: number[] = []
  for (let i = 0; i < touchedCount; i++) {
    for (let label = touched[i]!; Number.isNaN(level[label]!); label = nodeFrom[label]!) {
      chain.push(label)
      if (nodeArc[label]! >= FIRST) break
    }
    while (chain.length > 0) {
      const label = chain.pop()!
      const arc = nodeArc[label]!
      const [edge, backward] = [((arc & ~FIRST) >>> 1) as EdgeIdx, arc & 1]
      const direction = (graph.edgeSort[edge] << 1) | (backward ^ reverse)
      level[label] =
        arc === AT_NODE
          ? first
          : arc >= FIRST
            ? firstLevel(edge, backward, direction)
            : level[nodeFrom[label]!]! - drained(costs, direction, graph.edgeMillimetres[edge])
      most[label] = level[label]!
      stopped[label] = 0
    }
  }
}

// Shortest ways, slow and obvious: Dijkstra's algorithm over arcs, so that a forbidden turn is just a pair of arcs that do not follow each
// other. What the search in engine/street is compared with.

import FlatQueue from 'flatqueue'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { NEVER } from '#engine/core/time.ts'
import type { Costs } from '#engine/street/costs.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import type { Place } from '#engine/street/snap.ts'

/** Cost of so many mm of an edge along this arc (`reverse`: against it); Infinity if that is not allowed. */
const cost = (g: StreetGraph, costs: Costs, arc: number, mm: number, reverse: boolean): number =>
  Math.round(mm * costs.pace[(g.edgeSort[(arc >> 1) as EdgeIdx] << 1) | ((arc & 1) ^ (reverse ? 1 : 0))]!)

const wait = (g: StreetGraph, costs: Costs, node: number): number =>
  costs.leave[g.nodeTraits[node]!]! >= NEVER ? Number.POSITIVE_INFINITY : costs.leave[g.nodeTraits[node]!]!

const knownBans = new WeakMap<StreetGraph, Map<string, Set<number>>>()

const pair = (g: StreetGraph, into: number, out: number): number => into * g.arcEdge.length + out

/** Arcs that must not follow each other; for those who go backwards in time, the same the other way round. */
function forbidden(g: StreetGraph, mode: number, reverse: boolean): Set<number> {
  const known = knownBans.getOrInsertComputed(g, () => new Map())
  const key = `${mode} ${reverse}`
  const before = known.get(key)
  if (before) return before
  const pairs = new Set<number>()
  known.set(key, pairs)
  for (let slot = 0; slot < g.arcTo.length; slot++) {
    const turn = g.arcTo[slot]! - g.counts.nodes
    if (turn < 0) continue
    for (let b = g.bansBegin[turn]!; b < g.bansBegin[turn + 1]!; b++) {
      if (((g.banModes[b]! >> mode) & 1) === 0) continue
      const [into, out] = [g.arcEdge[slot]!, g.banArc[b]!]
      pairs.add(reverse ? pair(g, out ^ 1, into ^ 1) : pair(g, into, out))
    }
  }
  return pairs
}

/** Arc (edge << 1 | backward) → cost of having got to its end from `start` (`reverse`: from there to `start`). */
export function slowLabels(g: StreetGraph, costs: Costs, start: Place, reverse = false): Float64Array {
  const bans = forbidden(g, costs.profile.mode, reverse)
  const ms = new Float64Array(g.counts.edges * 2).fill(Number.POSITIVE_INFINITY)
  const queue = new FlatQueue()
  const offer = (arc: number, at: number): void => {
    if (at >= ms[arc]!) return
    ms[arc] = at
    queue.push(arc, at)
  }
  const length = g.edgeMillimetres[start.edge]
  const off = Math.round(start.offsetMm * costs.plain)
  for (const backward of [0, 1]) {
    const arc = (start.edge << 1) | backward
    const mm = backward ? start.alongMm : length - start.alongMm
    // on a node one is there, whatever the one-way says
    offer(arc, off + (mm === 0 ? 0 : cost(g, costs, arc, mm, reverse)))
  }
  const done = new Set<number>()
  for (let arc = queue.pop(); arc !== undefined; arc = queue.pop()) {
    if (done.has(arc)) continue
    done.add(arc)
    const node = endOf(g, arc)
    const leave = ms[arc]! + wait(g, costs, node)
    for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
      const next = g.arcEdge[a]!
      if (bans.has(pair(g, arc, next))) continue
      offer(next, leave + cost(g, costs, next, g.edgeMillimetres[(next >> 1) as EdgeIdx], reverse))
    }
  }
  return ms
}

const endOf = (g: StreetGraph, arc: number): number => ((arc & 1) === 1 ? g.edgeFrom : g.edgeTo)[(arc >> 1) as EdgeIdx]

/** Cost from `start` to `goal` (`reverse`: back), given the labels of `start`; Infinity if there is no way. */
export function slowMs(
  g: StreetGraph,
  costs: Costs,
  start: Place,
  goal: Place,
  labels: Float64Array,
  reverse = false,
): number {
  const bans = forbidden(g, costs.profile.mode, reverse)
  const off = Math.round(goal.offsetMm * costs.plain)
  const length = g.edgeMillimetres[goal.edge]
  const ways = [Number.POSITIVE_INFINITY]
  for (const backward of [0, 1]) {
    const node = backward ? g.edgeTo[goal.edge] : g.edgeFrom[goal.edge]
    const arc = (goal.edge << 1) | backward
    const mm = backward ? length - goal.alongMm : goal.alongMm
    for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
      const into = g.arcEdge[a]! ^ 1
      if (labels[into] === Number.POSITIVE_INFINITY) continue
      if (mm === 0) ways.push(labels[into]! + off)
      else if (!bans.has(pair(g, into, arc)))
        ways.push(labels[into]! + wait(g, costs, node) + cost(g, costs, arc, mm, reverse) + off)
    }
  }
  if (start.edge === goal.edge) {
    const mm = goal.alongMm - start.alongMm
    const arc = (goal.edge << 1) | (mm < 0 ? 1 : 0)
    ways.push(
      Math.round(start.offsetMm * costs.plain) + (mm === 0 ? 0 : cost(g, costs, arc, Math.abs(mm), reverse)) + off,
    )
  }
  return Math.min(...ways)
}

// What is still ahead of somebody whose store (endurance.ts) may not last: from every node the least cost (or time) and the least drain to where that is
// decided. That is the goal, or another place that is asked about, or, if all are, wherever the store does not last along the quickest way (lasting.ts). Labels that
// come to no such place in time, with enough left, need not be told apart; nor is anything looked at that nobody gets to with what is in the store.
// Lower bounds: turns are allowed here as if nobody forbade them.
//
//   start ──── quickest ────▶ ● it lasts            a slower way to ○ with more left is worth a label only where it can still
//         ╰─── quickest ──○───▶ × here it does not   come to ×

import FlatQueue from 'flatqueue'
import type { EdgeIdx } from '../core/ids.ts'
import { leaveMs, partMs } from './costs.ts'
import { drained } from './endurance.ts'
import type { StreetSearch } from './search.ts'
import { type Asked, offMs, type Seed, type SeedNodes } from './start.ts'

export interface Ahead {
  /** Node → ms of cost or time; Infinity where nothing is ahead within the bounds. */
  readonly cost: Float64Array
  /** Node → units of the store, likewise. */
  readonly drain: Float64Array
  /** Node → the fewest units with which one gets there. */
  readonly behind: Float64Array
  /** Nodes where something is, ahead and behind. */
  nodes: readonly number[]
  reached: readonly number[]
}

/** A node where it is decided, and what is to come from there: who begins with less than the strongest counts as having drained the rest. */
export interface Target {
  readonly node: number
  readonly cost: number
  readonly drain: number
}

export const createAhead = ({ graph: { counts } }: StreetSearch): Ahead => ({
  cost: new Float64Array(counts.nodes).fill(Number.POSITIVE_INFINITY),
  drain: new Float64Array(counts.nodes).fill(Number.POSITIVE_INFINITY),
  behind: new Float64Array(counts.nodes).fill(Number.POSITIVE_INFINITY),
  ...{ nodes: [], reached: [] },
})

/** Both ends of a place's edge. */
export function targetsOf({ graph, costs }: StreetSearch, { place: goal, left }: Asked, reverse: number): Target[] {
  const { start, strongest } = costs.store!
  const lacking = strongest - (left ?? start)
  return [0, 1].map(backward => {
    const node = backward ? graph.edgeTo[goal.edge] : graph.edgeFrom[goal.edge]
    const mm = backward ? graph.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm
    const sort = graph.edgeSort[goal.edge]
    const wait = leaveMs(costs, graph.nodeTraits[node]!, 0)
    return {
      node,
      // also of cost a lower bound
      cost: wait + partMs(costs.time, sort, backward ^ reverse, mm) + offMs(costs, goal),
      drain: lacking + drained(costs, (sort << 1) | (backward ^ reverse), mm, goal.offsetMm),
    }
  })
}

/** Both ends of each edge where a search begins, and the nodes where it does, with what is drained until there. */
export function drainedToBegin(
  { graph, costs }: StreetSearch,
  seeds: readonly Seed[],
  from: SeedNodes,
  reverse: number,
): (readonly [node: number, drain: number])[] {
  const { start, strongest } = costs.store!
  const lacking = (left = start): number => (reverse === 1 ? 0 : strongest - left)
  const ends = seeds.flatMap(({ place, left }) =>
    [0, 1].map(backward => {
      const mm = backward ? place.alongMm : graph.edgeMillimetres[place.edge] - place.alongMm
      const direction = (graph.edgeSort[place.edge] << 1) | (backward ^ reverse)
      const node = backward ? graph.edgeFrom[place.edge] : graph.edgeTo[place.edge]
      return [node, lacking(left) + drained(costs, direction, mm, place.offsetMm)] as const
    }),
  )
  return [...ends, ...Array.from(from.nodes.subarray(0, from.count), node => [node, lacking()] as const)]
}

/**
 * Fills in what is ahead.
 * @param begins nodes where the search begins, with what is drained until there; undefined: the store is filled on the way
 * @param pace the table by which it is spent
 * @param mostMs, most what may be spent and drained until there
 */
export function lookAhead(
  search: StreetSearch,
  ahead: Ahead,
  begins: readonly (readonly [node: number, drain: number])[] | undefined,
  targets: readonly Target[],
  pace: Float64Array,
  mostMs: number,
  most: number,
  reverse: number,
): void {
  const { graph, costs } = search
  const { cost, drain, behind } = ahead
  for (const node of ahead.nodes) cost[node] = drain[node] = Number.POSITIVE_INFINITY
  for (const node of ahead.reached) behind[node] = Number.POSITIVE_INFINITY
  const { store } = costs
  const drains = (length: number, direction: number): number =>
    pace[direction]! < Number.POSITIVE_INFINITY ? length * store!.drain[direction]! : Number.POSITIVE_INFINITY
  const spends = (length: number, direction: number, from: number): number =>
    drain[from]! < Number.POSITIVE_INFINITY
      ? Math.round(length * pace[direction]!) + leaveMs(costs, graph.nodeTraits[from]!, 0)
      : Number.POSITIVE_INFINITY
  ahead.reached = begins ? againstTheWay(search, behind, begins, most, reverse ^ 1, drains) : []
  const within = begins && behind
  const near = within ? targets.filter(({ node }) => within[node]! < Number.POSITIVE_INFINITY) : targets
  const first = (what: 'cost' | 'drain') => near.map(target => [target.node, target[what]] as const)
  ahead.nodes = againstTheWay(search, drain, first('drain'), most, reverse, drains, within)
  againstTheWay(search, cost, first('cost'), mostMs, reverse, spends, within)
}

/**
 * Dijkstra's algorithm from the targets, along the edges as the search will go; gives the nodes that have a value now.
 * @param within where it is Infinity nobody gets to
 */
function againstTheWay(
  { graph }: StreetSearch,
  values: Float64Array,
  targets: readonly (readonly [node: number, value: number])[],
  most: number,
  reverse: number,
  step: (length: number, direction: number, from: number) => number,
  within?: Float64Array,
): number[] {
  const { arcsBegin, arcEdge, edgeMillimetres, edgeSort, edgeFrom, edgeTo } = graph
  const queue = new FlatQueue<number>()
  const nodes: number[] = []
  const offer = (node: number, value: number): void => {
    if (value > most || value >= values[node]! || within?.[node] === Number.POSITIVE_INFINITY) return
    if (values[node] === Number.POSITIVE_INFINITY) nodes.push(node)
    values[node] = value
    queue.push(node, value)
  }
  for (const [node, value] of targets) offer(node, value)
  while (queue.length > 0) {
    const value = queue.peekValue()!
    const node = queue.pop()!
    if (value > values[node]!) continue
    for (let a = arcsBegin[node]!; a < arcsBegin[node + 1]!; a++) {
      const arc = arcEdge[a]!
      const edge = (arc >>> 1) as EdgeIdx
      const from = (arc & 1) === 1 ? edgeFrom[edge] : edgeTo[edge]
      const direction = (edgeSort[edge] << 1) | ((arc & 1) ^ 1 ^ reverse)
      offer(from, value + step(edgeMillimetres[edge], direction, from))
    }
  }
  return nodes
}

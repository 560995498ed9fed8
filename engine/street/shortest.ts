// Shortest ways on streets: Dijkstra with label correction over a bucket queue (buckets.ts), one-to-many within a bound or, aimed at a
// place, A* with the straight line as its bound. Labels are allocated once per worker and cleared by what a search touched, so that a
// search leaves no garbage. Cost is in whole milliseconds: the time, or, with wishes, more than that; then the time runs along.

import { givenUp } from '../core/caller.ts'
import { E7, METRES_PER_DEGREE } from '../core/geo.ts'
import { type EdgeIdx, NONE } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { leaveMs, partMs } from './costs.ts'
import { baseOf, endure, enduresEdge, enduresMs, labelsAt } from './endurance.ts'
import { HOLDING_UP } from './graph.ts'
import { AS_EVER, BANNED, mayTurn, onward } from './labels.ts'
import { outlasted } from './lasting.ts'
import { type StreetSearch, timeBound } from './search.ts'
import type { Place } from './snap.ts'
import {
  ASK_EVERY,
  type AskedAbout,
  AT_NODE,
  clear,
  FIRST,
  firstLabel,
  noNodes,
  offMs,
  ROUNDING_MS,
  type Seed,
  type SeedNodes,
} from './start.ts'
import { arcBack, comesSooner, DELAY, keepSecond, turningMs, turnsRound } from './turning.ts'

/**
 * Labels every node within `maxMs` of the places and nodes; reverse: from which one of them can be reached.
 * @param maxMs a `costBound`
 * @param asked what will be asked about
 */
export function floodFrom(
  search: StreetSearch,
  seeds: readonly Seed[],
  maxMs: number,
  reverse: boolean,
  nodes: SeedNodes = noNodes,
  asked?: AskedAbout,
): void {
  run(search, seeds, undefined, maxMs, reverse ? 1 : 0, nodes, asked, timeBound(search, maxMs))
}

export interface Arrival {
  readonly cost: number
  readonly ms: number
  /** The label from which the goal's edge is entered, and whether against its direction; undefined: the start's edge, never left. */
  readonly entry: { readonly label: number; readonly backward: number } | undefined
}

/**
 * How the best way from `start` to `goal` ends; undefined if there is none within `maxMs` (of cost).
 * @param latest ms of time after which nothing goes on
 */
export function aim(
  search: StreetSearch,
  start: Place,
  goal: Place,
  maxMs: number,
  latest: number = NEVER,
): Arrival | undefined {
  const bound = Math.min(maxMs, NEVER - 1)
  const along = sameEdge(search, start, goal, 0)
  const least = along && along.ms <= latest ? Math.min(bound, along.cost) : bound
  run(search, [{ place: start, ms: 0 }], goal, least, 0, noNodes, [{ place: goal }], latest)
  const best = arriveAt(search, start, goal, 0, latest)
  return best && best.cost <= bound ? best : undefined
}

/**
 * After a search from `start`: the best way on to `goal`, from one of the labels or along the very edge of the start. A place at the end of its
 * edge is on this side of what stands there: whoever comes by another edge goes through that, as does who leaves by it.
 * @param latest ms of time after which nobody arrives
 * @param left in the store (endurance.ts) where the way begins, where that is not the same for all
 */
export function arriveAt(
  search: StreetSearch,
  start: Place,
  goal: Place,
  reverse: number,
  latest: number = NEVER,
  left?: number,
): Arrival | undefined {
  const { graph, costs, nodeMs, times } = search
  const { pace, time } = costs
  const along = sameEdge(search, start, goal, reverse, left)
  let best = along && along.ms <= latest ? along : undefined
  const sort = graph.edgeSort[goal.edge]
  const off = offMs(costs, goal)
  for (let backward = 0; backward < 2; backward++) {
    const node = backward ? graph.edgeTo[goal.edge] : graph.edgeFrom[goal.edge]
    const mm = backward ? graph.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm
    const rest = partMs(pace, sort, backward ^ reverse, mm)
    if (rest >= NEVER) continue
    for (const label of labelsAt(search, node)) {
      if (nodeMs[label] === NEVER || (mm > 0 && !mayGoOn(search, label, (goal.edge << 1) | backward, reverse))) continue
      const direction = (sort << 1) | (backward ^ reverse)
      const missing = enduresMs(search, label, reverse, direction, mm, goal.offsetMm, left)
      const more = rest + off + missing
      const cost = leaveMs(costs, graph.nodeTraits[node]!, nodeMs[label]!) + more
      if (cost >= (best?.cost ?? NEVER)) continue
      const ms =
        leaveMs(costs, graph.nodeTraits[node]!, times[label]!) +
        partMs(time, sort, backward ^ reverse, mm) +
        off +
        missing
      if (ms > latest) {
        search.cutOff = true
        continue
      }
      best = { cost, ms, entry: { label, backward } }
    }
  }
  return best
}

export function sameEdge(
  { graph, costs }: StreetSearch,
  start: Place,
  goal: Place,
  reverse: number,
  left?: number,
): Arrival | undefined {
  if (start.edge !== goal.edge) return undefined
  const mm = goal.alongMm - start.alongMm
  const [sort, direction] = [graph.edgeSort[start.edge], (mm < 0 ? 1 : 0) ^ reverse]
  const off = offMs(costs, start) + offMs(costs, goal)
  const cost = partMs(costs.pace, sort, direction, Math.abs(mm))
  const offMm = start.offsetMm + goal.offsetMm
  if (cost >= NEVER || !enduresEdge(costs, (sort << 1) | direction, Math.abs(mm), offMm, left)) return undefined
  return { cost: cost + off, ms: partMs(costs.time, sort, direction, Math.abs(mm)) + off, entry: undefined }
}

export const mayGoOn = (search: StreetSearch, label: number, arc: number, reverse: number): boolean =>
  mayTurn(search.graph, baseOf(search, label), arc, search.costs.profile.mode + (reverse << 2))

/** Ms of `table` from a node of the goal's edge to the goal, turns aside: on along the edge, then off it. NEVER if that is not allowed. */
function restMs({ graph, costs }: StreetSearch, table: Float64Array, goal: Place, backward: number): number {
  const node = backward ? graph.edgeTo[goal.edge] : graph.edgeFrom[goal.edge]
  const mm = backward ? graph.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm
  const ms = Math.min(NEVER, partMs(table, graph.edgeSort[goal.edge], backward, mm) + offMs(costs, goal))
  return leaveMs(costs, graph.nodeTraits[node]!, ms)
}

function run(
  search: StreetSearch,
  seeds: readonly Seed[],
  goal: Place | undefined,
  maxMs: number,
  reverse: number,
  nodes: SeedNodes = noNodes,
  asked?: AskedAbout,
  latest: number = NEVER,
): void {
  const { turning } = search.costs
  // a way on which one does not turn round is the best one too when that takes time; a flood nearly always has such a place somewhere
  if (!turning || goal) settle(search, seeds, nodes, goal, maxMs, latest, reverse, undefined)
  if (turning && (!goal || turnsRound(search, goal)))
    settle(search, seeds, nodes, goal, maxMs, latest, reverse, turning)
  if (!search.costs.store) return
  const undecided = outlasted(search, seeds, asked, maxMs, reverse)
  if (undecided.length > 0) endure(search, seeds, nodes, goal, undecided, maxMs, latest, reverse)
}

/** The one loop. `goal` aims it: keys get the straight line to the goal on top, and it ends when nothing better can come. Throws TIMEOUT. */
function settle(
  search: StreetSearch,
  seeds: readonly Seed[],
  from: SeedNodes,
  goal: Place | undefined,
  maxMs: number,
  latest: number,
  reverse: number,
  turning: Int32Array | undefined,
): void {
  clear(search)
  const { graph, nodeMs, nodeArc, nodeFrom, times, touched, queue, shrink, caller } = search
  const { arcsBegin, arcEdge, arcTo, edgeMillimetres, edgeSort, nodeTraits, nodeLat, nodeLon } = graph
  const { turnNode, turnModes } = graph
  const { nodes } = graph.counts
  const { pace, time, leave, plain } = search.costs
  const weighed = pace !== time
  const labels = nodes + graph.counts.turns
  const turnBit = search.costs.profile.mode + (reverse << 2)
  const goalLat = goal ? goal.lat : 0
  const goalLon = goal ? goal.lon : 0
  const entryA = goal ? graph.edgeFrom[goal.edge] : NONE
  const entryB = goal ? graph.edgeTo[goal.edge] : NONE
  const restA = goal ? restMs(search, pace, goal, 0) : 0
  const restB = goal ? restMs(search, pace, goal, 1) : 0
  // whoever comes later is told of nothing
  const lastA = goal ? latest - restMs(search, time, goal, 0) : 0
  const lastB = goal ? latest - restMs(search, time, goal, 1) : 0
  // a thousandth off, for lengths are rounded and the ground is no plane
  const msPerUnit = goal ? plain * ((METRES_PER_DEGREE * 1000) / E7) * 0.999 : 0
  const delay = turning ? DELAY : 0
  let bound = maxMs
  queue.clear(maxMs + delay)
  let count = 0
  let settled = 0
  for (const seed of seeds) count = sow(search, seed, maxMs, reverse, count)
  count = sowNodes(search, from, maxMs, count)

  while (queue.pop(bound + delay)) {
    const label = queue.node
    const ms = queue.ms
    if (ms !== nodeMs[label]) continue // found again, sooner
    if (++settled % ASK_EVERY === 0 && caller.isGivenUp()) {
      search.touchedCount = count
      throw givenUp()
    }
    const isSecond = label >= labels
    if (isSecond && !comesSooner(search, label, reverse)) continue
    const node = label < nodes ? label : isSecond ? label - labels : turnNode[label - nodes]!
    const back = turning ? arcBack(search, label) : NONE
    const only = isSecond ? arcBack(search, node) : NONE
    if (label === entryA && ms + restA < bound && times[label]! <= lastA) bound = ms + restA
    if (label === entryB && ms + restB < bound && times[label]! <= lastB) bound = ms + restB
    const wait = leave[nodeTraits[node]! & HOLDING_UP]!
    const left = ms + wait
    if (left > bound) continue
    for (let a = arcsBegin[node]!, end = arcsBegin[node + 1]!; a < end; a++) {
      const arc = arcEdge[a]!
      const edge = (arc >>> 1) as EdgeIdx
      const direction = (edgeSort[edge] << 1) | ((arc & 1) ^ reverse)
      const length = edgeMillimetres[edge]
      const spent = length * pace[direction]! + 0.5
      // also where the way is closed: Infinity
      if (left + spent > bound + 1) continue
      if (isSecond && arc !== only) continue
      const turned = arc === back ? turningMs(search, node, edge) : 0
      // rounded by itself: beside a large number halves would fall this way or that
      const at = left + turned + (spent | 0)
      let to = arcTo[a]!
      if (to >= nodes && ((turnModes[to - nodes]! >> turnBit) & 1) === 0) to = turnNode[to - nodes]!
      if (label >= nodes && !isSecond) {
        const next = onward(graph, label, arc, turnBit)
        if (next === BANNED) continue
        if (next !== AS_EVER) to = next
      }
      if (at > bound) continue
      const before = nodeMs[to]!
      // where a second label's way was found before the first one's changed
      const again = isSecond && at === before && nodeFrom[to] === node
      if (at >= before && !again && (!turning || to >= nodes)) continue
      let line = 0
      if (msPerUnit !== 0) {
        const place = to < nodes ? to : turnNode[to - nodes]!
        const dy = nodeLat[place]! - goalLat
        const dx = (nodeLon[place]! - goalLon) * shrink
        line = Math.max(0, Math.sqrt(dx * dx + dy * dy) * msPerUnit - ROUNDING_MS)
        if (at + line > bound) continue
      }
      const clock = weighed ? times[label]! + wait + turned + ((length * time[direction]! + 0.5) | 0) : at
      if (clock > latest) {
        search.cutOff = true
        // what came by this label comes by its new way, however late
        if (before === NEVER || nodeFrom[to] !== label) continue
      }
      if (at >= before && !again) {
        const second = keepSecond(search, to, at, arc, label, clock)
        if (second >= 0) queue.push(second, at, ((at + line) | 0) + DELAY)
        continue
      }
      const beforeArc = nodeArc[to]!
      const beforeFrom = nodeFrom[to]!
      const beforeTime = times[to]!
      if (before === NEVER) touched[count++] = to
      nodeMs[to] = at
      nodeArc[to] = arc
      nodeFrom[to] = label
      if (weighed) times[to] = clock
      queue.push(to, at, (at + line) | 0)
      if (turning && to < nodes && before !== NEVER) {
        const second = keepSecond(search, to, before, beforeArc, beforeFrom, beforeTime)
        if (second >= 0) queue.push(second, before, ((before + line) | 0) + DELAY)
      }
    }
  }
  search.touchedCount = count
}

/** Both ends of the edge where the way begins; gives how many nodes have a label now, of `count` before. */
function sow(
  search: StreetSearch,
  { place: start, ms: spent }: Seed,
  maxMs: number,
  reverse: number,
  count: number,
): number {
  const { graph, costs, nodeMs, nodeArc, nodeFrom, times, touched, queue } = search
  const sort = graph.edgeSort[start.edge]
  const off = spent + offMs(costs, start)
  for (let backward = 0; backward < 2; backward++) {
    const label = firstLabel(search, start.edge, backward, reverse)
    const mm = backward ? start.alongMm : graph.edgeMillimetres[start.edge] - start.alongMm
    const ms = off + partMs(costs.pace, sort, backward ^ reverse, mm)
    if (ms > maxMs || ms >= nodeMs[label]!) continue
    if (nodeMs[label] === NEVER) touched[count++] = label
    nodeMs[label] = ms
    nodeArc[label] = (FIRST | (start.edge << 1) | backward) >>> 0
    nodeFrom[label] = NONE
    if (costs.pace !== costs.time) times[label] = off + partMs(costs.time, sort, backward ^ reverse, mm)
    queue.push(label, ms, ms)
  }
  return count
}

/** The nodes where it begins: labelled all, before the first of them is looked at. */
function sowNodes(
  { costs, nodeMs, nodeArc, nodeFrom, times, touched, queue }: StreetSearch,
  { count: many, nodes, ms: spent }: SeedNodes,
  maxMs: number,
  count: number,
): number {
  for (let i = 0; i < many; i++) {
    const node = nodes[i]!
    const ms = spent[i]!
    if (ms > maxMs || ms >= nodeMs[node]!) continue
    if (nodeMs[node] === NEVER) touched[count++] = node
    nodeMs[node] = ms
    nodeArc[node] = AT_NODE
    nodeFrom[node] = NONE
    if (costs.pace !== costs.time) times[node] = ms
    queue.push(node, ms, ms)
  }
  return count
}

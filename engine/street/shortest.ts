// Shortest ways on streets: Dijkstra with label correction over a bucket queue (buckets.ts), one-to-many within a bound or, aimed at a
// place, A* with the straight line as its bound. Labels are allocated once per worker and cleared by what a search touched, so that a
// search leaves no garbage. Time is in whole milliseconds. Turn costs, hierarchies and landmarks are not here.

import { E7, METRES_PER_DEGREE } from '../core/geo.ts'
import { type EdgeIdx, NONE } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { limitOf, paceOf } from './graph.ts'
import { type Costs, leaveMs, partMs } from './modes.ts'
import type { StreetSearch } from './search.ts'
import type { Place } from './snap.ts'

/** Set in nodeArc if the search began somewhere on that arc's edge. */
export const FIRST = 0x8000_0000

/** Labels every node within `maxMs` of `start`; reverse: from which `start` can be reached. */
export function flood(search: StreetSearch, start: Place, maxMs: number, reverse: boolean): void {
  run(search, start, undefined, maxMs, reverse ? 1 : 0)
}

export interface Arrival {
  readonly ms: number
  /** From which end the goal's edge is entered; undefined: the start's edge, never left. */
  readonly entry: 'first node' | 'last node' | undefined
}

/** How the best way from `start` to `goal` ends; undefined if there is none within `maxMs`. */
export function aim(search: StreetSearch, start: Place, goal: Place, maxMs: number): Arrival | undefined {
  const { graph, costs } = search
  let best = NEVER
  let entry: Arrival['entry']
  if (start.edge === goal.edge) {
    const mm = goal.alongMm - start.alongMm
    const ms = partMs(costs, graph.edgeTraits[start.edge], mm < 0 ? 1 : 0, Math.abs(mm))
    best = Math.min(NEVER, ms + offMs(costs, start) + offMs(costs, goal))
  }
  const bound = Math.min(maxMs, NEVER - 1)
  run(search, start, goal, Math.min(bound, best), 0)
  for (const backward of [0, 1]) {
    const node = backward ? graph.edgeTo[goal.edge] : graph.edgeFrom[goal.edge]
    const ms = search.nodeMs[node]! + restMs(search, goal, backward)
    if (ms >= best) continue
    best = ms
    entry = backward ? 'last node' : 'first node'
  }
  return best <= bound ? { ms: best, entry } : undefined
}

/** Between a place on a street and the point that it stands for. */
const offMs = (costs: Costs, place: Place): number => Math.round(place.offsetMm * costs.plain)

/** From a node of the goal's edge to the goal: on along the edge, then off it. NEVER if that is not allowed. */
function restMs({ graph, costs }: StreetSearch, goal: Place, backward: number): number {
  const node = backward ? graph.edgeTo[goal.edge] : graph.edgeFrom[goal.edge]
  const mm = backward ? graph.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm
  const ms = partMs(costs, graph.edgeTraits[goal.edge], backward, mm) + offMs(costs, goal)
  return Math.min(NEVER, mm === 0 ? ms : leaveMs(costs, graph.nodeTraits[node]!, ms))
}

/** The one loop. `goal` aims it: keys get the straight line to the goal on top, and it ends when nothing better can come. */
function run(search: StreetSearch, start: Place, goal: Place | undefined, maxMs: number, reverse: number): void {
  clear(search)
  const { graph, nodeMs, nodeArc, touched, queue, shrink } = search
  const { arcsBegin, arcEdge, arcTo, edgeMillimetres, edgeTraits, nodeTraits, nodeLat, nodeLon } = graph
  const { costs } = search
  const { mode, pace, limit, plain } = costs
  const goalLat = goal ? goal.lat : 0
  const goalLon = goal ? goal.lon : 0
  const entryA = goal ? graph.edgeFrom[goal.edge] : NONE
  const entryB = goal ? graph.edgeTo[goal.edge] : NONE
  const restA = goal ? restMs(search, goal, 0) : 0
  const restB = goal ? restMs(search, goal, 1) : 0
  // a thousandth off, for lengths are rounded and the ground is no plane
  const msPerUnit = goal ? plain * ((METRES_PER_DEGREE * 1000) / E7) * 0.999 : 0
  let bound = maxMs
  let count = seed(search, start, maxMs, reverse)

  while (queue.pop(bound)) {
    const node = queue.node
    const ms = queue.ms
    if (ms !== nodeMs[node]) continue // found again, sooner
    if (node === entryA && ms + restA < bound) bound = ms + restA
    if (node === entryB && ms + restB < bound) bound = ms + restB
    const leave = leaveMs(costs, nodeTraits[node]!, ms)
    if (leave > bound) continue
    for (let a = arcsBegin[node]!, end = arcsBegin[node + 1]!; a < end; a++) {
      const arc = arcEdge[a]!
      const edge = (arc >>> 1) as EdgeIdx
      const edgeWord = edgeTraits[edge]
      if (((edgeWord >>> (mode + (((arc & 1) ^ reverse) << 2))) & 1) === 0) continue
      const to = arcTo[a]!
      const at =
        (leave + edgeMillimetres[edge] * Math.max(pace[paceOf(edgeWord)]!, limit[limitOf(edgeWord)]!) + 0.5) | 0
      if (at >= nodeMs[to]! || at > bound) continue
      let key = at
      if (msPerUnit !== 0) {
        const dy = nodeLat[to]! - goalLat
        const dx = (nodeLon[to]! - goalLon) * shrink
        key = (at + Math.sqrt(dx * dx + dy * dy) * msPerUnit) | 0
        if (key > bound) continue
      }
      if (nodeMs[to] === NEVER) touched[count++] = to
      nodeMs[to] = at
      nodeArc[to] = arc
      queue.push(to, at, key)
    }
  }
  search.touchedCount = count
}

function clear(search: StreetSearch): void {
  const { nodeMs, touched, touchedCount } = search
  for (let i = 0; i < touchedCount; i++) nodeMs[touched[i]!] = NEVER
  search.touchedCount = 0
}

/** Both ends of the edge where the way begins; gives how many nodes have a label now. */
function seed(search: StreetSearch, start: Place, maxMs: number, reverse: number): number {
  const { graph, costs, nodeMs, nodeArc, touched, queue } = search
  let count = 0
  queue.clear(maxMs)
  for (let backward = 0; backward < 2; backward++) {
    const node = backward ? graph.edgeFrom[start.edge] : graph.edgeTo[start.edge]
    const mm = backward ? start.alongMm : graph.edgeMillimetres[start.edge] - start.alongMm
    const ms = offMs(costs, start) + partMs(costs, graph.edgeTraits[start.edge], backward ^ reverse, mm)
    if (ms > maxMs || ms >= nodeMs[node]!) continue
    if (nodeMs[node] === NEVER) touched[count++] = node
    nodeMs[node] = ms
    nodeArc[node] = (FIRST | (start.edge << 1) | backward) >>> 0
    queue.push(node, ms, ms)
  }
  return count
}

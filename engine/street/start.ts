// How a search of the streets begins: where, with what behind it, and with labels that nothing has touched.

import type { EdgeIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import type { Costs } from './costs.ts'
import { nodeOf } from './labels.ts'
import type { StreetSearch } from './search.ts'
import type { Place } from './snap.ts'

/** Set in nodeArc if the search began somewhere on that arc's edge. */
export const FIRST = 0x8000_0000
/** In nodeArc: the search began at the node itself. */
export const AT_NODE = 0xffff_ffff

/** Where a search begins, and what has been spent until then. */
export interface Seed {
  readonly place: Place
  readonly ms: number
  /** In the store (endurance.ts) of who begins here, where that is not the same for all; not of a search against the way. */
  readonly left?: number
}

/** What a search is asked about, where that is not all that it reaches. */
export interface Asked {
  readonly place: Place
  /** In the store where a way against the search begins, where that is not the same for all. */
  readonly left?: number | undefined
}

/** Places alone, nodes alone; undefined: all that stands beside the streets. */
export type AskedAbout = readonly Asked[] | 'nodes' | undefined

/**
 * Nodes where a search begins as well, a column each. All of them have their label before anything is looked at, so of some thousands of
 * nodes only those cost more than a look that lead anywhere sooner than others do.
 */
export interface SeedNodes {
  readonly count: number
  readonly nodes: Uint32Array
  /** What has been spent until there, ms. */
  readonly ms: Int32Array
}

export const noNodes: SeedNodes = { count: 0, nodes: new Uint32Array(0), ms: new Int32Array(0) }

/** Between a place on a street and the point that it stands for. */
export const offMs = ({ plain }: Costs, { offsetMm, moreMs = 0 }: Pick<Place, 'offsetMm' | 'moreMs'>): number =>
  Math.round(offsetMm * plain) + moreMs

/** Each edge's cost is rounded: a chain of very short ones may come out this much shorter than the straight line. */
export const ROUNDING_MS = 16

/** Labels settled between two questions whether anybody still waits: a few milliseconds at most. */
export const ASK_EVERY = 1024

const [noTimes, noLabels] = [new Int32Array(0), new Uint32Array(0)]

/** The labels of all who search the same streets are this one's from now on; what others remember of theirs is gone (`begun`). */
function takeTurn(search: StreetSearch): void {
  const { turn } = search
  const before = turn.holder
  if (!before || before === search) return
  turn.holder = search
  const { nodeMs, nodeArc, nodeFrom, ownTimes, touched, touchedCount, seconds, endurance } = before
  Object.assign(search, { nodeMs, nodeArc, nodeFrom, ownTimes, touched, touchedCount, seconds, endurance })
  search.times = search.costs.pace === search.costs.time ? nodeMs : ownTimes
  const none = { nodeMs: noTimes, times: noTimes, ownTimes: noTimes, nodeArc: noLabels, nodeFrom: noLabels }
  Object.assign(before, { ...none, touched: noLabels, touchedCount: 0, seconds: undefined, endurance: undefined })
  before.begun++
  if (search.costs.turning && !seconds) {
    search.seconds = { nodes: new Uint32Array(search.graph.counts.nodes), count: 0 }
    freshLabels(search)
  }
}

/** Nothing has a label any more. */
export function clear(search: StreetSearch): void {
  takeTurn(search)
  search.cutOff = false
  const { nodeMs, touched, touchedCount, seconds, graph } = search
  if (release(search)) return
  search.touchedCount = 0
  search.begun++
  for (let i = 0; i < touchedCount; i++) nodeMs[touched[i]!] = NEVER
  if (!seconds) return
  for (let i = 0; i < seconds.count; i++) nodeMs[seconds.nodes[i]! + graph.counts.nodes + graph.counts.turns] = NEVER
  seconds.count = 0
}

/**
 * Gives back what a search took that needed more labels than nodes, turns and second labels are (endurance.ts); its answer is gone then.
 * Called between two tasks, and before a search. True if there was any.
 */
export function release(search: StreetSearch): boolean {
  const { nodes, turns } = search.graph.counts
  if (search.nodeMs.length <= nodes + turns + (search.seconds ? nodes : 0)) return false
  freshLabels(search)
  return true
}

/** Labels that nothing has touched. */
export function freshLabels(search: StreetSearch): void {
  const { nodes, turns } = search.graph.counts
  const labels = nodes + turns + (search.seconds ? nodes : 0)
  const weighed = search.times !== search.nodeMs
  search.nodeMs = new Int32Array(labels).fill(NEVER)
  search.nodeArc = new Uint32Array(labels)
  search.nodeFrom = new Uint32Array(labels)
  search.ownTimes = new Int32Array(labels)
  search.touched = new Uint32Array(labels)
  search.times = weighed ? search.ownTimes : search.nodeMs
  search.endurance = undefined
  search.touchedCount = 0
  search.begun++
  if (search.seconds) search.seconds.count = 0
}

/** The label at the end of the edge where a search begins. */
export function firstLabel({ graph, costs }: StreetSearch, edge: EdgeIdx, backward: number, reverse: number): number {
  const node = backward ? graph.edgeTo[edge] : graph.edgeFrom[edge]
  for (let a = graph.arcsBegin[node]!; a < graph.arcsBegin[node + 1]!; a++) {
    if (graph.arcEdge[a] !== ((edge << 1) | backward)) continue
    const to = graph.arcTo[a]!
    const binds =
      to >= graph.counts.nodes &&
      (graph.turnModes[to - graph.counts.nodes]! >> (costs.profile.mode + (reverse << 2))) & 1
    return binds ? to : nodeOf(graph, to)
  }
  throw new Error(`edge ${edge} is not among the arcs of its node`)
}

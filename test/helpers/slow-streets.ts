// Shortest ways, slow and obvious: Dijkstra's algorithm over arcs, so that a forbidden turn is just a pair of arcs that do not follow each
// other. What the search in engine/street is compared with.

import FlatQueue from 'flatqueue'
import { type EdgeIdx, NONE } from '#engine/core/ids.ts'
import { NEVER } from '#engine/core/time.ts'
import type { Costs } from '#engine/street/costs.ts'
import { HOLDING_UP, type KindName, kindNames, kindOf, type StreetGraph } from '#engine/street/graph.ts'
import type { Place } from '#engine/street/snap.ts'
import { offMs } from '#engine/street/start.ts'

/** Cost of so many mm of an edge along this arc (`reverse`: against it); Infinity if that is not allowed. */
const cost = (g: StreetGraph, costs: Costs, arc: number, mm: number, reverse: boolean): number =>
  Math.round(mm * costs.pace[(g.edgeSort[(arc >> 1) as EdgeIdx] << 1) | ((arc & 1) ^ (reverse ? 1 : 0))]!)

const wait = (g: StreetGraph, costs: Costs, node: number): number => {
  const ms = costs.leave[g.nodeTraits[node]! & HOLDING_UP]!
  return ms >= NEVER ? Number.POSITIVE_INFINITY : ms
}

/** To turn round after this arc: by the street's kind, unless no other street is there to go on by. */
function turningMs(g: StreetGraph, { profile, pace }: Costs, arc: number): number {
  const { turningRound } = profile
  if (!turningRound) return 0
  const node = endOf(g, arc)
  const edges = new Set(Array.from(g.arcEdge.slice(g.arcsBegin[node]!, g.arcsBegin[node + 1]!), out => out >> 1))
  const usable = [...edges].filter(edge => {
    const sort = g.edgeSort[edge as EdgeIdx]
    return Math.min(pace[sort << 1]!, pace[(sort << 1) | 1]!) < Number.POSITIVE_INFINITY
  })
  const kind = kindNames[kindOf(g.sortTraits[g.edgeSort[(arc >> 1) as EdgeIdx]]!)]! as KindName
  return 1000 * (usable.length < 2 ? turningRound.atEnd : (turningRound.on[kind] ?? turningRound.elsewhere))
}

/** Rows of arcs that must not follow one another, and their beginnings. */
interface Rows {
  readonly rows: ReadonlySet<string>
  readonly beginnings: ReadonlySet<string>
}

const knownRows = new WeakMap<StreetGraph, Map<string, Rows>>()

/** As the turns say it; for those who go backwards in time, the other way round. */
function forbidden(g: StreetGraph, mode: number, reverse: boolean): Rows {
  const known = knownRows.getOrInsertComputed(g, () => new Map())
  return known.getOrInsertComputed(`${mode} ${reverse}`, () => {
    const [rows, beginnings] = [new Set<string>(), new Set<string>()]
    const follow = (turn: number, arcs: readonly number[]): void => {
      for (let b = g.bansBegin[turn]!; b < g.bansBegin[turn + 1]!; b++) {
        if (((g.banModes[b]! >> mode) & 1) === 0) continue
        const longer = [...arcs, g.banArc[b]!]
        if (g.banTurn[b] !== NONE) {
          if (longer.length < 8) follow(g.banTurn[b]!, longer)
          continue
        }
        const row = reverse ? longer.map(arc => arc ^ 1).reverse() : longer
        rows.add(row.join())
        for (let length = 1; length < row.length; length++) beginnings.add(row.slice(0, length).join())
      }
    }
    for (let slot = 0; slot < g.arcTo.length; slot++)
      if (g.arcTo[slot]! >= g.counts.nodes) follow(g.arcTo[slot]! - g.counts.nodes, [g.arcEdge[slot]!])
    return { rows, beginnings }
  })
}

/** What to remember after one more arc: the longest end that is a beginning of a forbidden row, at least the arc. Undefined: forbidden. */
function remember({ rows, beginnings }: Rows, came: string, arc: number): string | undefined {
  if (beginnings.size === 0) return String(arc)
  let longest: string | undefined
  const all = [...came.split(','), String(arc)]
  for (let from = 0; from < all.length - 1; from++) {
    const end = all.slice(from).join()
    if (rows.has(end)) return undefined
    if (beginnings.has(end)) longest ??= end
  }
  return longest ?? String(arc)
}

const lastOf = (came: string): number => Number(came.slice(came.lastIndexOf(',') + 1))

/** How one came (the last arcs, as far as they matter) → cost of having got there from `start` (`reverse`: from there to `start`). */
export interface SlowLabels {
  readonly ms: ReadonlyMap<string, number>
  /** By the last arc. */
  readonly byArc: ReadonlyMap<number, readonly string[]>
}

export function slowLabels(g: StreetGraph, costs: Costs, start: Place, reverse = false): SlowLabels {
  const bans = forbidden(g, costs.profile.mode, reverse)
  const ms = new Map<string, number>()
  const ways: string[] = []
  const queue = new FlatQueue()
  const offer = (came: string, at: number): void => {
    if (at >= (ms.get(came) ?? Number.POSITIVE_INFINITY)) return
    ms.set(came, at)
    queue.push(ways.push(came) - 1, at)
  }
  const length = g.edgeMillimetres[start.edge]
  const off = offMs(costs, start)
  for (const backward of [0, 1]) {
    const arc = (start.edge << 1) | backward
    const mm = backward ? start.alongMm : length - start.alongMm
    // on a node one is there, whatever the one-way says
    offer(String(arc), off + (mm === 0 ? 0 : cost(g, costs, arc, mm, reverse)))
  }
  const done = new Set<string>()
  for (let way = queue.pop(); way !== undefined; way = queue.pop()) {
    const came = ways[way]!
    if (done.has(came)) continue
    done.add(came)
    const node = endOf(g, lastOf(came))
    const leave = ms.get(came)! + wait(g, costs, node)
    for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
      const next = g.arcEdge[a]!
      const turned = next === (lastOf(came) ^ 1) ? turningMs(g, costs, lastOf(came)) : 0
      const at = leave + turned + cost(g, costs, next, g.edgeMillimetres[(next >> 1) as EdgeIdx], reverse)
      const now = at < Number.POSITIVE_INFINITY ? remember(bans, came, next) : undefined
      if (now !== undefined) offer(now, at)
    }
  }
  return { ms, byArc: Map.groupBy(ms.keys(), lastOf) }
}

const endOf = (g: StreetGraph, arc: number): number => ((arc & 1) === 1 ? g.edgeFrom : g.edgeTo)[(arc >> 1) as EdgeIdx]

/** Cost from `start` to `goal` (`reverse`: back), given the labels of `start`; Infinity if there is no way. */
export function slowMs(
  g: StreetGraph,
  costs: Costs,
  start: Place,
  goal: Place,
  labels: SlowLabels,
  reverse = false,
): number {
  const bans = forbidden(g, costs.profile.mode, reverse)
  const off = offMs(costs, goal)
  const length = g.edgeMillimetres[goal.edge]
  const ways = [Number.POSITIVE_INFINITY]
  for (const backward of [0, 1]) {
    const node = backward ? g.edgeTo[goal.edge] : g.edgeFrom[goal.edge]
    const arc = (goal.edge << 1) | backward
    const mm = backward ? length - goal.alongMm : goal.alongMm
    for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
      for (const came of labels.byArc.get(g.arcEdge[a]! ^ 1) ?? []) {
        if (mm > 0 && remember(bans, came, arc) === undefined) continue
        const along = mm === 0 ? 0 : cost(g, costs, arc, mm, reverse)
        ways.push(labels.ms.get(came)! + wait(g, costs, node) + along + off)
      }
    }
  }
  if (start.edge === goal.edge) {
    const mm = goal.alongMm - start.alongMm
    const arc = (goal.edge << 1) | (mm < 0 ? 1 : 0)
    ways.push(offMs(costs, start) + (mm === 0 ? 0 : cost(g, costs, arc, Math.abs(mm), reverse)) + off)
  }
  return Math.min(...ways)
}

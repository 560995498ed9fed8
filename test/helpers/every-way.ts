// The slow twin of a search for who does not go on for ever: every way there is, with every stop considered.

import { metresBetween } from '#engine/core/geo.ts'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { type Costs, leaveMs } from '#engine/street/costs.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import type { StreetPath } from '#engine/street/path.ts'
import type { Place } from '#engine/street/snap.ts'

/** Pieces of ways looked at: with ten places to stop there are more ways than anybody can wait for. */
const MOST = 1_000_000

/**
 * The quickest of all ways from place to place, turning back and every stop considered; Infinity if there is none, undefined where there are too
 * many to look at. Milliseconds.
 */
export function everyWay(g: StreetGraph, costs: Costs, start: Place, goal: Place, maxMs: number): number | undefined {
  let looked = 0
  const store = costs.store!
  const ends = new Map<number, [backward: number, mm: number][]>()
  for (const backward of [0, 1]) {
    const node = backward ? g.edgeTo[goal.edge] : g.edgeFrom[goal.edge]
    const mm = backward ? g.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm
    ends.getOrInsertComputed(node, () => []).push([backward, mm])
  }
  const ms = (edge: EdgeIdx, backward: number, mm: number): number =>
    mm === 0 ? 0 : mm * costs.time[(g.edgeSort[edge] << 1) | backward]!
  const drain = (edge: EdgeIdx, backward: number, mm: number): number =>
    store.drain[(g.edgeSort[edge] << 1) | backward]! * mm
  let best = maxMs
  // legs: what each stretch between two stops drains; a stop's charge is what the next leg wants
  const finish = (travelled: number, legs: readonly number[]): number => {
    let [level, time] = [store.start, travelled]
    for (const [i, leg] of legs.entries()) {
      if (i > 0) {
        const wanted = store.msPerUnit === 0 ? store.full : Math.max(level, store.least + leg)
        if (wanted > store.full + 1e-6) return Number.POSITIVE_INFINITY
        time += store.stopMs + (wanted - level) * store.msPerUnit
        level = wanted
      }
      level -= leg
      if (level < store.least - 1e-6) return Number.POSITIVE_INFINITY
    }
    return time
  }
  const off = (place: Place): number => place.offsetMm * costs.plain
  const walk = (
    node: number,
    came: number,
    travelled: number,
    legs: readonly number[],
    seen: ReadonlySet<number>,
  ): void => {
    if (++looked > MOST || finish(travelled, legs) >= best) return
    for (const [backward, mm] of ends.get(node) ?? []) {
      const wait = leaveMs(costs, g.nodeTraits[node]!, 0)
      const last = legs.at(-1)! + drain(goal.edge, backward, mm) + store.plain * goal.offsetMm
      best = Math.min(
        best,
        finish(travelled + wait + ms(goal.edge, backward, mm) + off(goal), [...legs.slice(0, -1), last]),
      )
    }
    if ((g.nodeTraits[node]! & store.filledAt) !== 0 && !seen.has(-1 - node))
      walk(node, came, travelled, [...legs, 0], new Set([...[...seen].filter(s => s < 0), -1 - node]))
    const left = travelled + leaveMs(costs, g.nodeTraits[node]!, 0)
    for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
      const edge = (g.arcEdge[a]! >>> 1) as EdgeIdx
      const backward = g.arcEdge[a]! & 1
      const to = backward ? g.edgeFrom[edge] : g.edgeTo[edge]
      if (seen.has(to)) continue
      const length = g.edgeMillimetres[edge]
      const leg = legs.at(-1)! + drain(edge, backward, length)
      walk(to, edge, left + ms(edge, backward, length), [...legs.slice(0, -1), leg], new Set([...seen, to]))
    }
  }
  for (const backward of [0, 1]) {
    const node = backward ? g.edgeFrom[start.edge] : g.edgeTo[start.edge]
    const mm = backward ? start.alongMm : g.edgeMillimetres[start.edge] - start.alongMm
    const leg = drain(start.edge, backward, mm) + store.plain * start.offsetMm
    walk(node, start.edge, off(start) + ms(start.edge, backward, mm), [leg], new Set([node]))
  }
  if (start.edge === goal.edge) {
    const mm = goal.alongMm - start.alongMm
    const backward = mm < 0 ? 1 : 0
    const leg = drain(start.edge, backward, Math.abs(mm)) + store.plain * (start.offsetMm + goal.offsetMm)
    best = Math.min(best, finish(off(start) + off(goal) + ms(start.edge, backward, Math.abs(mm)), [leg]))
  }
  if (looked > MOST) return undefined
  return best < maxMs ? best : Number.POSITIVE_INFINITY
}

/** Drains and levels along a found way, walked again. */
export function lowest(g: StreetGraph, costs: Costs, path: StreetPath): number {
  const store = costs.store!
  const off = 1000 * metresBetween(...(path.points.slice(0, 4) as [number, number, number, number]))
  let [level, least, mm] = [store.start - store.plain * off, store.start, off]
  const pauses = [...path.endured.pauses]
  for (const { edge, fromMm, toMm } of path.stretches) {
    const length = Math.abs(toMm - fromMm)
    level -= store.drain[(g.edgeSort[edge] << 1) | (fromMm > toMm ? 1 : 0)]! * length
    mm += length
    least = Math.min(least, level)
    while (pauses[0] && pauses[0].metres * 1000 <= mm + 60_000 && Math.abs(pauses[0].metres * 1000 - mm) < 30_000) {
      const seconds = pauses.shift()!.seconds
      level =
        store.msPerUnit === 0
          ? store.full
          : Math.min(store.full, level + (seconds * 1000 - store.stopMs) / store.msPerUnit)
    }
  }
  return least
}

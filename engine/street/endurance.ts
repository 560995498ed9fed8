// Ways for somebody who cannot go on for ever: a battery that must not fall below its reserve and is charged on the way, or legs that want a
// bench after so many metres. Both are a store that every way drains and some nodes fill:
//
//   full  ┐╲             ╱╲                 store   emptied by       filled at          which takes
//         │ ╲           ╱  ╲                battery watt-hours       charging points    plugging in, and time for what is charged
//   least ┘  ╲─ charger ─   ╲─ goal         legs    metres           benches            a rest of two minutes
//
// The search is multi-label Dijkstra over (cost, level). How much to charge is decided late, as in Baum et al.'s CHArge (2019): all points charge
// at one rate, so a label remembers the most that could have been charged at its last stop and pays for it only when the way needs it. A label:
// at least `level` at cost `ms`, and any more up to `most` for `msPerUnit` each. One dominates another if it does so for every level. Mostly the
// store lasts, and nobody has to look at levels (lasting.ts).

import { givenUp } from '../core/caller.ts'
import { E7, METRES_PER_DEGREE } from '../core/geo.ts'
import { type EdgeIdx, NONE } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { type Ahead, createAhead, drainedToBegin, lookAhead, type Target } from './ahead.ts'
import { type Costs, leaveMs, partMs, type Store } from './costs.ts'
import { placeAmong } from './dominance.ts'
import type { StreetGraph } from './graph.ts'
import { AS_EVER, BANNED, labelsOf, nodeOf, onward } from './labels.ts'
import type { StreetSearch } from './search.ts'
import type { Place } from './snap.ts'
import { ASK_EVERY, AT_NODE, clear, FIRST, firstLabel, offMs, ROUNDING_MS, type Seed, type SeedNodes } from './start.ts'
import { addLabel, clearHeads, createEndurance } from './store-labels.ts'

/** Lengths are added up in another order there and back. */
const EPSILON = 1e-6

/**
 * What has to be left at the end of a search: forwards the reserve; backwards, which began with a full store, what is not there at the start.
 * @param left in the store where the way begins
 */
export const leastAtEnd = ({ full, start, least }: Store, reverse: number, left = start): number =>
  reverse === 1 ? full + least - left : least

/** Drained by a part of an edge, and off the streets. */
export const drained = ({ store }: Costs, direction: number, mm: number, offMm = 0): number =>
  store!.drain[direction]! * mm + store!.plain * offMm

/**
 * What it takes to drain so much more after a label and end with enough: milliseconds for what has to be charged, NEVER if that is not possible.
 * 0 for who never tires.
 * @param left backwards: in the store where the way begins
 */
export function enduresMs(
  search: StreetSearch,
  label: number,
  reverse: number,
  direction = 0,
  mm = 0,
  offMm = 0,
  left?: number,
): number {
  const { store } = search.costs
  if (!store) return 0
  const { level, most } = search.endurance!
  const wanted = leastAtEnd(store, reverse, left) + drained(search.costs, direction, mm, offMm)
  return missingMs(store, level[label]!, most[label]!, wanted)
}

function missingMs(store: Store, level: number, most: number, wanted: number): number {
  if (most < wanted - EPSILON) return NEVER
  return level < wanted ? Math.ceil((wanted - level) * store.msPerUnit) : 0
}

/**
 * The same along one edge, from a start on it to a goal on it.
 * @param left in the store where the way begins
 */
export function enduresEdge(
  costs: Costs,
  direction: number,
  mm: number,
  offMm: number,
  left = costs.store?.start,
): boolean {
  return !costs.store || left! - drained(costs, direction, mm, offMm) >= costs.store.least - EPSILON
}

/** How far one gets along an edge from a label, or from a start so far off the streets, before the store is down to what must be left. Millimetres. */
export function enduredMm(
  search: StreetSearch,
  from: { label: number } | { offMm: number },
  direction: number,
  reverse: number,
): number {
  const { store } = search.costs
  if (!store || search.endurance!.single || store.drain[direction] === 0) return Number.POSITIVE_INFINITY
  const first = reverse === 1 ? store.full : store.start
  const most = 'label' in from ? search.endurance!.most[from.label]! : first - store.plain * from.offMm
  return Math.max(0, most - leastAtEnd(store, reverse)) / store.drain[direction]!
}

/** All labels that a node can have, or, of who has a store that does not last, those that it has. */
export function labelsAt({ graph, costs, endurance }: StreetSearch, node: number): number[] {
  const bases = labelsOf(graph, node)
  if (!costs.store || endurance!.single) return bases
  const labels: number[] = []
  for (const base of bases)
    for (let label = endurance!.head[base]!; label >= 0; label = endurance!.next[label]!) labels.push(label)
  return labels
}

/** The node or turn that a label is of. */
export const baseOf = ({ costs, endurance }: StreetSearch, label: number): number =>
  costs.store && !endurance!.single ? endurance!.base[label]! : label

/** What is left in the store of who has one. */
export const levelOf = ({ endurance }: StreetSearch, label: number): number => endurance!.level[label]!

/** The node that a label is of. */
export const labelNode = (search: StreetSearch, label: number): number => nodeOf(search.graph, baseOf(search, label))

/**
 * As `run` in shortest.ts, for who has a store.
 * @param undecided where it does not last along the quickest way
 * @param latest ms of time after which nothing goes on
 * @throws TOO_LARGE, TIMEOUT
 */
export function endure(
  search: StreetSearch,
  seeds: readonly Seed[],
  from: SeedNodes,
  goal: Place | undefined,
  undecided: readonly Target[],
  maxMs: number,
  latest: number,
  reverse: number,
): void {
  clear(search)
  const { graph, costs, queue, shrink, caller } = search
  const store = costs.store!
  search.endurance ??= createEndurance(search)
  const { endurance } = search
  endurance.single = false
  clearHeads(endurance)
  const { arcsBegin, arcEdge, arcTo, edgeMillimetres, edgeSort, nodeTraits, nodeLat, nodeLon } = graph
  const { nodes } = graph.counts
  const { pace, time: slow } = costs
  const turnBit = costs.profile.mode + (reverse << 2)
  const msPerUnit = goal ? costs.plain * ((METRES_PER_DEGREE * 1000) / E7) * 0.999 : 0
  let bound = maxMs
  let settled = 0
  queue.clear(maxMs)

  const first = reverse === 1 ? store.full : store.start
  // against the way nothing helps that leaves more to drain than anybody has at the start, unless he fills up on the way
  const fills = store.filledAt !== 0
  const wanted = leastAtEnd(store, reverse, store.strongest)
  const enough = fills ? store.least : wanted
  // to all around time is the narrower bound, to a goal cost is, once a way is found
  const byTime = !goal && latest < NEVER
  let ahead: Ahead | undefined
  if (!fills || reverse === 1) {
    endurance.ahead ??= createAhead(search)
    ahead = endurance.ahead
    const most = (reverse === 1 ? store.full : store.strongest) - enough
    const targets = fills ? filling(graph, store) : undecided
    const begins = fills ? undefined : drainedToBegin(search, seeds, from, reverse)
    lookAhead(search, ahead, begins, targets, byTime ? costs.time : costs.pace, byTime ? latest : maxMs, most, reverse)
  }
  /** May a label still come to where it matters? */
  const leads = (node: number, cost: number, time: number, level: number, most: number): boolean => {
    if (!ahead) return true
    const ms = byTime ? time : cost
    const within = byTime ? latest : bound
    if (!fills) return ms + ahead.cost[node]! <= within && most - ahead.drain[node]! >= enough - EPSILON
    const charging = ms + Math.max(0, wanted - level) * store.msPerUnit
    if (most >= wanted - EPSILON) return charging <= within
    return charging + store.stopMs + ahead.cost[node]! <= within && most - ahead.drain[node]! >= enough - EPSILON
  }

  const push = (label: number, node: number, ms: number): void => {
    let key = ms
    if (goal && ahead) key = Math.min(ms + ahead.cost[node]!, maxMs)
    else if (goal) {
      const line = Math.hypot((nodeLon[node]! - goal.lon) * shrink, nodeLat[node]! - goal.lat) * msPerUnit - ROUNDING_MS
      if (line > 0) key = (ms + line) | 0
      if (key > bound) return
    }
    queue.push(label, ms, key)
  }
  const offer = (
    base: number,
    node: number,
    ms: number,
    time: number,
    level: number,
    most: number,
    stopped: number,
    arc: number,
    from: number,
  ): void => {
    if (ms > bound) return
    const matters = time <= latest && leads(node, ms, time, level, most)
    if (!matters && (time > latest || goal || fills)) {
      search.cutOff = true
      return
    }
    const after = placeAmong(search, base, ms, level, most, matters)
    if (after === undefined) return
    const label = addLabel(search, endurance, base, after)
    search.nodeMs[label] = ms
    search.times[label] = time
    search.nodeArc[label] = arc
    search.nodeFrom[label] = from
    endurance.level[label] = level
    endurance.most[label] = most
    endurance.stopped[label] = stopped
    push(label, node, ms)
  }
  /** A new label, and where the store can be filled, another one with it full. */
  const arrive = (base: number, ms: number, time: number, level: number, most: number, arc: number, from: number) => {
    if (most < enough - EPSILON) return
    const missing = level < store.least ? store.least - level : 0
    const spent = Math.ceil(missing * store.msPerUnit)
    const node = nodeOf(graph, base)
    offer(base, node, ms + spent, time + spent, level + missing, most, 0, arc, from)
    if ((nodeTraits[node]! & store.filledAt) === 0 || most >= store.full - EPSILON) return
    const stop = spent + store.stopMs
    const filled = store.msPerUnit === 0 ? store.full : level + missing
    offer(base, node, ms + stop, time + stop, filled, store.full, 1, arc, from)
  }

  for (const { place, ms, left = first } of seeds)
    for (let backward = 0; backward < 2; backward++) {
      const mm = backward ? place.alongMm : edgeMillimetres[place.edge] - place.alongMm
      const direction = (edgeSort[place.edge] << 1) | (backward ^ reverse)
      const off = ms + offMs(costs, place)
      const [cost, time] = [costs.pace, costs.time].map(
        table => off + partMs(table, edgeSort[place.edge], backward ^ reverse, mm),
      )
      const level = left - drained(costs, direction, mm, place.offsetMm)
      const arc = (FIRST | (place.edge << 1) | backward) >>> 0
      if (cost! <= maxMs)
        arrive(firstLabel(search, place.edge, backward, reverse), cost!, time!, level, level, arc, NONE)
    }

  for (let i = 0; i < from.count; i++)
    if (from.ms[i]! <= maxMs) arrive(from.nodes[i]!, from.ms[i]!, from.ms[i]!, first, first, AT_NODE, NONE)

  const entries = goal ? ([graph.edgeFrom[goal.edge], graph.edgeTo[goal.edge]] as const) : undefined
  while (queue.pop(bound)) {
    const label = queue.node
    const most = endurance.most[label]!
    if (most === Number.NEGATIVE_INFINITY) continue // dominated since
    if (++settled % ASK_EVERY === 0 && caller.isGivenUp()) throw givenUp()
    const ms = search.nodeMs[label]!
    const base = endurance.base[label]!
    const node = nodeOf(graph, base)
    if (entries && (node === entries[0] || node === entries[1])) {
      const [cost, time] = endMs(search, goal!, label, node === entries[0] ? 0 : 1, reverse)
      if (ms + cost < bound && search.times[label]! + time <= latest) bound = ms + cost
    }
    const left = leaveMs(costs, nodeTraits[node]!, ms)
    if (left > bound) continue
    const level = endurance.level[label]!
    const time = search.times[label]! + (left - ms)
    const from = search.nodeFrom[label]!
    // whoever goes back there has won nothing, unless he has filled up
    const came = from === NONE || endurance.stopped[label] === 1 ? NONE : endurance.base[from]!
    for (let a = arcsBegin[node]!; a < arcsBegin[node + 1]!; a++) {
      const arc = arcEdge[a]!
      const edge = (arc >>> 1) as EdgeIdx
      const direction = (edgeSort[edge] << 1) | ((arc & 1) ^ reverse)
      const length = edgeMillimetres[edge]
      const at = left + Math.round(length * pace[direction]!)
      if (!(at <= bound)) continue
      let to = arcTo[a]!
      if (to >= nodes && ((graph.turnModes[to - nodes]! >> turnBit) & 1) === 0) to = nodeOf(graph, to)
      if (base >= nodes) {
        const next = onward(graph, base, arc, turnBit)
        if (next === BANNED) continue
        if (next !== AS_EVER) to = next
      }
      if (to === came) continue
      const drain = store.drain[direction]! * length
      arrive(to, at, time + Math.round(length * slow[direction]!), level - drain, most - drain, arc, label)
    }
  }
}

/** Where the store is filled. */
function filling({ nodeTraits }: StreetGraph, { filledAt }: Store): Target[] {
  const targets: Target[] = []
  for (let node = 0; node < nodeTraits.length; node++)
    if ((nodeTraits[node]! & filledAt) !== 0) targets.push({ node, cost: 0, drain: 0 })
  return targets
}

/** Cost, and time, from a label at an end of the goal's edge to the goal; NEVER if there is none. */
function endMs(search: StreetSearch, goal: Place, label: number, backward: number, reverse: number): number[] {
  const { graph, costs } = search
  const mm = backward ? graph.edgeMillimetres[goal.edge] - goal.alongMm : goal.alongMm
  const sort = graph.edgeSort[goal.edge]
  const direction = (sort << 1) | (backward ^ reverse)
  const missing = enduresMs(search, label, reverse, direction, mm, goal.offsetMm)
  const wait = leaveMs(costs, graph.nodeTraits[nodeOf(graph, search.endurance!.base[label]!)]!, 0)
  const more = missing + wait + offMs(costs, goal)
  return [costs.pace, costs.time].map(table => Math.min(NEVER, partMs(table, sort, backward ^ reverse, mm) + more))
}

// Arcs of the graph, and the turns among them: arcs after which not every way on is allowed (see labels.ts).

import { NONE } from '../core/ids.ts'
import type { Restriction } from './builder.ts'

export interface Arcs {
  /** node → range of its arcs */
  readonly begin: Uint32Array
  /** edge << 1 | backward */
  readonly edge: Uint32Array
  readonly to: Uint32Array
  /** edge → node */
  readonly edgeFrom: Uint32Array
  readonly edgeTo: Uint32Array
}

/** @param from, to edge → node */
export function arcsOf(nodes: number, from: Uint32Array, to: Uint32Array): Arcs {
  const arcs = {
    begin: new Uint32Array(nodes + 1),
    edge: new Uint32Array(from.length * 2),
    to: new Uint32Array(from.length * 2),
    edgeFrom: from,
    edgeTo: to,
  }
  for (let e = 0; e < from.length; e++) {
    arcs.begin[from[e]! + 1]!++
    arcs.begin[to[e]! + 1]!++
  }
  for (let n = 0; n < nodes; n++) arcs.begin[n + 1]! += arcs.begin[n]!
  const next = arcs.begin.slice(0, nodes)
  for (let e = 0; e < from.length; e++) {
    const forward = next[from[e]!]!++
    arcs.edge[forward] = e << 1
    arcs.to[forward] = to[e]!
    const backward = next[to[e]!]!++
    arcs.edge[backward] = (e << 1) | 1
    arcs.to[backward] = from[e]!
  }
  return arcs
}

export interface Turns {
  readonly node: Uint32Array
  readonly modes: Uint8Array
  readonly bansBegin: Uint32Array
  readonly banArc: Uint32Array
  readonly banModes: Uint8Array
  readonly banTurn: Uint32Array
  /** Restrictions whose ways do not meet as they say. */
  readonly broken: number
}

/** Arcs that must not follow one another, and for whom: modes, against the traffic four bits above. */
interface Forbidden {
  readonly arcs: readonly number[]
  readonly modes: number
}

/**
 * Redirects `arcs.to` to the turns that it makes of the restrictions: one for each beginning of a forbidden row of arcs, so that it is
 * remembered how one came (the states of Aho and Corasick's automaton over arcs).
 * @param wayOf edge → OSM way
 */
export function turnsOf(arcs: Arcs, wayOf: Uint32Array, restrictions: readonly Restriction[]): Turns {
  const streets = { arcs, wayOf, edgesOf: edgesOfWays(wayOf, restrictions) }
  const rows = restrictions.map(restriction => forbiddenBy(streets, restriction))
  const turns = beginningsOf(rows.flatMap(row => row ?? []))
  const nodes = arcs.begin.length - 1
  const ends = turns.map(({ row }) => endOf(arcs, row.at(-1)!))
  const order = [...turns.keys()].sort((a, b) => ends[a]! - ends[b]! || a - b)
  const numberOf = new Map(order.map((t, number) => [turns[t]!, number]))
  const bansBegin = new Uint32Array(turns.length + 1)
  const [banArc, banModes, banTurn]: [number[], number[], number[]] = [[], [], []]
  const known = new Map(turns.map(turn => [turn.row.join(), turn]))
  for (const [number, t] of order.entries()) {
    const turn = turns[t]!
    for (const slot of slotsAt(arcs, ends[t]!)) {
      const row = [...turn.row, arcs.edge[slot]!]
      let open = turn.modes
      const say = (modes: number, to: number): void => {
        if ((open & modes) === 0) return
        banArc.push(arcs.edge[slot]!)
        banModes.push(open & modes)
        banTurn.push(to)
        open &= ~modes
      }
      for (let from = 0; from < row.length - 1; from++) say(turn.bans.get(row.slice(from).join()) ?? 0, NONE)
      // the longest way by which one came, as far as it may still be the beginning of a forbidden row
      for (let from = 0; from < row.length - 1; from++) {
        const longer = known.get(row.slice(from).join())
        if (longer) say(longer.modes, numberOf.get(longer)!)
      }
    }
    bansBegin[number + 1] = banArc.length
    if (turn.row.length === 1) arcs.to[slotOf(arcs, turn.row[0]!)] = nodes + number
  }
  return {
    node: Uint32Array.from(order, t => ends[t]!),
    modes: Uint8Array.from(order, t => turns[t]!.modes),
    bansBegin,
    banArc: Uint32Array.from(banArc),
    banModes: Uint8Array.from(banModes),
    banTurn: Uint32Array.from(banTurn),
    broken: rows.filter(row => row === undefined).length,
  }
}

interface Turn {
  readonly row: readonly number[]
  modes: number
  /** All forbidden rows → for whom. */
  readonly bans: ReadonlyMap<string, number>
}

/** Every proper beginning of a forbidden row, for whom it is one. */
function beginningsOf(rows: readonly Forbidden[]): Turn[] {
  const turns = new Map<string, Turn>()
  const bans = new Map<string, number>()
  for (const { arcs, modes } of rows) {
    bans.set(arcs.join(), (bans.get(arcs.join()) ?? 0) | modes)
    for (let length = 1; length < arcs.length; length++) {
      const row = arcs.slice(0, length)
      turns.getOrInsertComputed(row.join(), () => ({ row, modes: 0, bans })).modes |= modes
    }
  }
  return [...turns.values()]
}

interface Streets {
  readonly arcs: Arcs
  readonly wayOf: Uint32Array
  /** Of the ways over which restrictions go. */
  readonly edgesOf: ReadonlyMap<number, readonly number[]>
}

/** The rows of arcs that a restriction forbids; undefined when its ways do not meet as it says. */
function forbiddenBy(streets: Streets, { only, fromWay, toWay, via, modes }: Restriction): Forbidden[] | undefined {
  const { arcs, wayOf } = streets
  const path = 'node' in via ? { from: via.node, to: via.node, arcs: [] } : pathOver(streets, fromWay, toWay, via.ways)
  if (!path) return undefined
  const from = slotsAt(arcs, path.from).filter(slot => wayOf[arcs.edge[slot]! >>> 1] === fromWay)
  const to = slotsAt(arcs, path.to).filter(slot => wayOf[arcs.edge[slot]! >>> 1] === toWay)
  if (from.length !== 1 || to.length !== 1) return undefined
  const before = [arcs.edge[from[0]!]! ^ 1, ...path.arcs]
  const back = before.at(-1)! ^ 1
  return slotsAt(arcs, path.to)
    .filter(slot => (only ? slot !== to[0] && arcs.edge[slot] !== back : slot === to[0]))
    .flatMap(slot => {
      const row = [...before, arcs.edge[slot]!]
      // against the traffic one comes by what the ban is about and must not go on to where it is from
      return [
        { arcs: row, modes },
        { arcs: row.map(arc => arc ^ 1).reverse(), modes: modes << 4 },
      ]
    })
}

/** The way over `ways` from the one end of `fromWay` on them to the one end of `toWay`; undefined if there is not exactly one such end each. */
function pathOver(
  { arcs, edgesOf }: Streets,
  fromWay: number,
  toWay: number,
  ways: readonly number[],
): { from: number; to: number; arcs: number[] } | undefined {
  const over = new Set(ways.flatMap(way => edgesOf.get(way) ?? []))
  const nodesOf = (edges: Iterable<number>): Set<number> =>
    new Set([...edges].flatMap(edge => [endOf(arcs, edge << 1), endOf(arcs, (edge << 1) | 1)]))
  const onPath = nodesOf(over)
  const meeting = (way: number): number[] => [...nodesOf(edgesOf.get(way) ?? [])].filter(node => onPath.has(node))
  const [[from, ...others], [to, ...more]] = [meeting(fromWay), meeting(toWay)]
  if (from === undefined || to === undefined || from === to || others.length > 0 || more.length > 0) return undefined
  const came = new Map<number, number>()
  const queue = [from]
  for (let node = queue.shift(); node !== undefined && node !== to; node = queue.shift())
    for (const slot of slotsAt(arcs, node)) {
      const arc = arcs.edge[slot]!
      const next = endOf(arcs, arc)
      if (!over.has(arc >>> 1) || next === from || came.has(next)) continue
      came.set(next, arc)
      queue.push(next)
    }
  const path: number[] = []
  for (let node = to; node !== from; node = endOf(arcs, path[0]! ^ 1)) {
    const arc = came.get(node)
    if (arc === undefined) return undefined
    path.unshift(arc)
  }
  return { from, to, arcs: path }
}

function edgesOfWays(wayOf: Uint32Array, restrictions: readonly Restriction[]): Map<number, number[]> {
  const wanted = new Map<number, number[]>()
  for (const { via, fromWay, toWay } of restrictions)
    if ('ways' in via) for (const way of [fromWay, toWay, ...via.ways]) wanted.set(way, [])
  if (wanted.size > 0) for (const [edge, way] of wayOf.entries()) wanted.get(way)?.push(edge)
  return wanted
}

const slotsAt = ({ begin }: Arcs, node: number): number[] =>
  node + 1 < begin.length ? Array.from({ length: begin[node + 1]! - begin[node]! }, (_, i) => begin[node]! + i) : []

const endOf = ({ edgeFrom, edgeTo }: Arcs, arc: number): number => ((arc & 1) === 1 ? edgeFrom : edgeTo)[arc >>> 1]!

/** Among the arcs of the node where it begins. */
const slotOf = (arcs: Arcs, arc: number): number =>
  slotsAt(arcs, endOf(arcs, arc ^ 1)).find(slot => arcs.edge[slot] === arc)!

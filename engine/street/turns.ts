// Arcs of the graph, and the turns among them: arcs after which not every way on is allowed (see labels.ts).

import type { Restriction } from './builder.ts'

export interface Arcs {
  /** node → range of its arcs */
  readonly begin: Uint32Array
  /** edge << 1 | backward */
  readonly edge: Uint32Array
  readonly to: Uint32Array
}

/** @param from, to edge → node */
export function arcsOf(nodes: number, from: Uint32Array, to: Uint32Array): Arcs {
  const arcs = {
    begin: new Uint32Array(nodes + 1),
    edge: new Uint32Array(from.length * 2),
    to: new Uint32Array(from.length * 2),
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
  readonly broken: number
}

/**
 * Redirects `arcs.to` to the turns that it makes of the restrictions.
 * @param wayOf edge → OSM way
 */
export function turnsOf(arcs: Arcs, wayOf: Uint32Array, restrictions: readonly Restriction[]): Turns {
  const nodes = arcs.begin.length - 1
  // arc slot into the node → arc out of it → modes
  const bans = new Map<number, Map<number, number>>()
  const ban = (into: number, outOf: number, modes: number): void => {
    const after = bans.getOrInsertComputed(into, () => new Map())
    after.set(outOf, (after.get(outOf) ?? 0) | modes)
  }
  let broken = 0
  for (const { only, fromWay, toWay, via, modes } of restrictions) {
    const out = slotsAt(arcs, via)
    const from = out.filter(slot => wayOf[arcs.edge[slot]! >>> 1] === fromWay)
    const to = out.filter(slot => wayOf[arcs.edge[slot]! >>> 1] === toWay)
    if (from.length !== 1 || to.length !== 1) {
      broken++
      continue
    }
    const into = slotBack(arcs, via, from[0]!)
    for (const slot of out) {
      if (only ? slot === to[0] || slot === from[0] : slot !== to[0]) continue
      ban(into, arcs.edge[slot]!, modes)
      // against the traffic one comes by what the ban is about and must not go on to where it is from
      ban(slotBack(arcs, via, slot), arcs.edge[from[0]!]!, modes << 4)
    }
  }
  const slots = [...bans.keys()].sort((a, b) => arcs.to[a]! - arcs.to[b]! || a - b)
  const node = Uint32Array.from(slots, slot => arcs.to[slot]!)
  const bansBegin = new Uint32Array(slots.length + 1)
  const [banArc, banModes]: [number[], number[]] = [[], []]
  for (const [turn, slot] of slots.entries()) {
    for (const [arc, modes] of bans.get(slot)!) {
      banArc.push(arc)
      banModes.push(modes)
    }
    bansBegin[turn + 1] = banArc.length
    arcs.to[slot] = nodes + turn
  }
  const modes = Uint8Array.from(slots, slot => [...bans.get(slot)!.values()].reduce((all, some) => all | some, 0))
  return {
    node,
    modes,
    bansBegin,
    banArc: Uint32Array.from(banArc),
    banModes: Uint8Array.from(banModes),
    broken,
  }
}

const slotsAt = ({ begin }: Arcs, node: number): number[] =>
  node + 1 < begin.length ? Array.from({ length: begin[node + 1]! - begin[node]! }, (_, i) => begin[node]! + i) : []

/** The slot of the same edge at its other end, leading to `node`. */
function slotBack(arcs: Arcs, node: number, slot: number): number {
  const wanted = arcs.edge[slot]! ^ 1
  const other = arcs.to[slot]!
  return (
    slotsAt(arcs, other).find(s => arcs.edge[s] === wanted) ?? slotsAt(arcs, node).find(s => arcs.edge[s] === wanted)!
  )
}

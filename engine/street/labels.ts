// What the search labels: nodes, and beside them turns. A turn is an arc into a node after which not every way out is allowed (a turn
// restriction); whoever it binds has a label of his own there, all others share the node's.
//
//            b                     no left turn from a to b at v: the arc a→v leads to turn t instead of v for cars;
//            │                     arcTo says nodes + t, turnNode[t] is v, and t's bans hold the arc v→b
//     a ────▶v──── c
//
// A ban has a bit per mode forwards and, for searches against the traffic, four bits above: there the arc b→v is the turn.
//
//     a ────▶v────▶w──── c       no way from a over v and w to d: a→v is a turn, and so is v→w after it. The first turn's ban of v→w says
//                  │             to which turn that arc leads from here; only the second one's, of w→d, forbids.
//                  d

import { NONE } from '../core/ids.ts'
import type { StreetGraph } from './graph.ts'

export const nodeOf = (g: StreetGraph, label: number): number =>
  label < g.counts.nodes ? label : g.turnNode[label - g.counts.nodes]!

/** All labels that a node can have. */
export function labelsOf({ turnNode, counts }: StreetGraph, node: number): number[] {
  const labels = [node]
  let [low, high] = [0, counts.turns]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (turnNode[middle]! < node) low = middle + 1
    else high = middle
  }
  for (let turn = low; turn < counts.turns && turnNode[turn] === node; turn++) labels.push(counts.nodes + turn)
  return labels
}

/** What `onward` says of an arc: it leads where it always does, or nowhere. Everything else is a label. */
export const AS_EVER = -1
export const BANNED = -2

/** Where this arc leads whoever has the label of a turn. `bit`: mode, with 4 on top against the traffic. */
export function onward(
  { bansBegin, banArc, banModes, banTurn, counts }: StreetGraph,
  label: number,
  arc: number,
  bit: number,
): number {
  const turn = label - counts.nodes
  for (let b = bansBegin[turn]!; b < bansBegin[turn + 1]!; b++)
    if (banArc[b] === arc && ((banModes[b]! >> bit) & 1) === 1)
      return banTurn[b] === NONE ? BANNED : counts.nodes + banTurn[b]!
  return AS_EVER
}

/** May whoever has this label go on by this arc? */
export const mayTurn = (g: StreetGraph, label: number, arc: number, bit: number): boolean =>
  label < g.counts.nodes || onward(g, label, arc, bit) !== BANNED

// What the search labels: nodes, and beside them turns. A turn is an arc into a node after which not every way out is allowed (a turn
// restriction); whoever it binds has a label of his own there, all others share the node's.
//
//            b                     no left turn from a to b at v: the arc a→v leads to turn t instead of v for cars;
//            │                     arcTo says nodes + t, turnNode[t] is v, and t's bans hold the arc v→b
//     a ────▶v──── c
//
// A ban has a bit per mode forwards and, for searches against the traffic, four bits above: there the arc b→v is the turn.

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

/** May whoever has this label go on by this arc? `bit`: mode, with 4 on top against the traffic. */
export function mayTurn(
  { bansBegin, banArc, banModes, counts }: StreetGraph,
  label: number,
  arc: number,
  bit: number,
): boolean {
  const turn = label - counts.nodes
  if (turn < 0) return true
  for (let b = bansBegin[turn]!; b < bansBegin[turn + 1]!; b++)
    if (banArc[b] === arc && ((banModes[b]! >> bit) & 1) === 1) return false
  return true
}

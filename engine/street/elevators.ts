// Elevators on the street map (a way, or a node between two ways) and the streets without those that are out of order.

import type { EdgeIdx } from '../core/ids.ts'
import { ALL_MODES, Kind, kindOf, NODE_ELEVATOR, type StreetGraph, traitsOf } from './graph.ts'

/** Where it stands, 1e-7 degrees. */
export type StreetElevator = { readonly lat: number; readonly lon: number } & (
  | { readonly node: number }
  | { readonly edge: number }
)

/** Those on a node, and those drawn as a way. */
export function streetElevators(g: StreetGraph): StreetElevator[] {
  const found: StreetElevator[] = []
  for (let n = 0; n < g.counts.nodes; n++)
    if ((g.nodeTraits[n]! & NODE_ELEVATOR) !== 0) found.push({ lat: g.nodeLat[n]!, lon: g.nodeLon[n]!, node: n })
  for (let e = 0; e < g.counts.edges; e++) {
    if (kindOf(traitsOf(g, e as EdgeIdx)) !== Kind.elevator) continue
    const node = g.edgeFrom[e as EdgeIdx]
    found.push({ lat: g.nodeLat[node]!, lon: g.nodeLon[node]!, edge: e })
  }
  return found
}

const BARRED = ALL_MODES.reduce<number>((bits, mode) => bits | (1 << mode), 0)

/** The same streets, but nobody rides these elevators. */
export function withoutElevators(g: StreetGraph, out: readonly StreetElevator[]): StreetGraph {
  const nodeTraits = g.nodeTraits.slice()
  for (const e of out) if ('node' in e) nodeTraits[e.node]! |= BARRED
  const edges = out.flatMap(e => ('edge' in e ? [e.edge] : []))
  return { ...withoutEdges(g, edges), nodeTraits }
}

/** The same streets, but some edges are closed to everybody: they get a sort of their own. Only the sorts are copied. */
export function withoutEdges(g: StreetGraph, edges: Iterable<number>): StreetGraph {
  const edgeSort = (g.edgeSort as unknown as Uint32Array).slice()
  const closed = g.counts.sorts
  for (const edge of edges) edgeSort[edge] = closed
  const longer = (column: Uint32Array<ArrayBufferLike>) => {
    const copy = new Uint32Array(closed + 1)
    copy.set(column)
    return copy
  }
  return {
    ...g,
    counts: { ...g.counts, sorts: closed + 1 },
    edgeSort: edgeSort as unknown as StreetGraph['edgeSort'],
    sortTraits: longer(g.sortTraits),
    sortForm: longer(g.sortForm),
  }
}

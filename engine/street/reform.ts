// The same streets, looked at anew: what comes from other sources than the map (slopes, accidents, zones) changes what edges are, not where
// they lead, so only their sorts are made again.

import { openTable } from '../core/columns.ts'
import type { EdgeIdx } from '../core/ids.ts'
import { type Rings, zoneColumns } from './car-free.ts'
import { createStreetGraph, formOf, openStreetGraph, type StreetGraph, streetFormat, traitsOf } from './graph.ts'
import { sortsOf } from './sorts.ts'

/** What an edge is and how it is built, before and after. */
export interface EdgeWords {
  readonly traits: number
  readonly form: number
}

/** @param zone without cars, in place of the one before */
export function reform(
  g: StreetGraph,
  change: (edge: EdgeIdx, words: EdgeWords) => EdgeWords,
  zone?: Rings,
): StreetGraph {
  const { edges } = g.counts
  const words = { traits: new Uint32Array(edges), form: new Uint32Array(edges) }
  for (let e = 0 as EdgeIdx; e < edges; e++) {
    const { traits, form } = change(e, { traits: traitsOf(g, e), form: formOf(g, e) })
    words.traits[e] = traits
    words.form[e] = form
  }
  const sorts = sortsOf(
    words,
    Uint32Array.from({ length: edges }, (_, e) => e),
  )
  const laid = zone && zoneColumns(zone)
  const rings = laid && { zoneRings: zone.length, zonePoints: laid.zoneLat.length }
  const columns = createStreetGraph({ ...g.counts, ...rings, sorts: sorts.traits.length })
  const before = openTable(streetFormat, g.buffer)
  for (const name of Object.keys(streetFormat.specOf(g.counts)) as (keyof ReturnType<typeof streetFormat.specOf>)[])
    if (!name.startsWith('sort') && !(laid && name in laid)) columns[name].set(before[name])
  for (const name of laid ? (['zoneBegin', 'zoneLat', 'zoneLon'] as const) : []) columns[name].set(laid![name])
  columns.edgeSort.set(sorts.ofEdge)
  columns.sortTraits.set(sorts.traits)
  columns.sortForm.set(sorts.form)
  return openStreetGraph(columns.buffer)
}

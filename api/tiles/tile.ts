// One tile: all layers that a zoom shows, as bytes.

import type { Ground } from '#engine/ground/ground.ts'
import type { Tile } from '#engine/ground/mercator.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import { buildLookup, type StopLookup } from '#engine/timetable/lookup.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { groundLayers } from './ground-layers.ts'
import { encodeTile, type Layer } from './mvt.ts'
import { streetLayers } from './street-layers.ts'
import { transitLayers } from './transit-layers.ts'

export interface TileTables {
  readonly timetable: Timetable
  readonly streets?: StreetGraph | undefined
  readonly ground?: Ground | undefined
}

const lookups = new WeakMap<Timetable, StopLookup>()

/** @param language of stops' and lines' names, where the feed has it */
export function makeTile(
  { timetable, streets, ground }: TileTables,
  tile: Tile,
  language: readonly string[] = [],
): Uint8Array {
  const lookup = lookups.get(timetable) ?? buildLookup(timetable)
  lookups.set(timetable, lookup)
  const layers = [
    ...(streets ? streetLayers(streets, tile) : []),
    ...(ground ? groundLayers(ground, tile) : []),
    ...transitLayers(lookup, tile, language),
  ]
  return encodeTile(joined(layers))
}

/** Numbered roads are ground and street: one layer of a tile has a name. */
const joined = (layers: readonly Layer[]): Layer[] =>
  [...Map.groupBy(layers, layer => layer.name)].map(([name, parts]) => ({
    name,
    features: parts.flatMap(part => part.features),
  }))

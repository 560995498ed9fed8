// One tile: all layers that a zoom shows, as bytes.

import type { Ground } from '#engine/ground/ground.ts'
import type { Tile } from '#engine/ground/mercator.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import { buildLookup, type StopLookup } from '#engine/timetable/lookup.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { groundLayers } from './ground-layers.ts'
import { encodeTile } from './mvt.ts'
import { streetLayers } from './street-layers.ts'
import { transitLayers } from './transit-layers.ts'

export interface TileTables {
  readonly timetable: Timetable
  readonly streets?: StreetGraph | undefined
  readonly ground?: Ground | undefined
}

const lookups = new WeakMap<Timetable, StopLookup>()

export function makeTile({ timetable, streets, ground }: TileTables, tile: Tile): Uint8Array {
  const lookup = lookups.get(timetable) ?? buildLookup(timetable)
  lookups.set(timetable, lookup)
  return encodeTile([
    ...(ground ? groundLayers(ground, tile) : []),
    ...(streets ? streetLayers(streets, tile) : []),
    ...transitLayers(lookup, tile),
  ])
}

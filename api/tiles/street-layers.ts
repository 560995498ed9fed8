// The layers `road` and `ferry`: streets by kind and name, pieces of one street joined.

import type { EdgeIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { joinLines } from '#engine/ground/join.ts'
import { boxOfTile, type Tile } from '#engine/ground/mercator.ts'
import { Kind, type KindName, kindNames, kindOf, type StreetGraph, traitsOf } from '#engine/street/graph.ts'
import { edgePoints } from '#engine/street/stretch.ts'
import { type Feature, GeometryType, type Layer } from './mvt.ts'
import { linesIn } from './shape.ts'

/** The least important kind that a zoom shows; kinds are in order of importance. */
function lastKind(z: number): number {
  if (z < 9) return Kind.trunk
  if (z < 11) return Kind.primary
  if (z < 12) return Kind.secondary
  if (z < 13) return Kind.tertiary
  if (z < 14) return Kind.pedestrian
  return kindNames.length
}
/** Kinds that OSM tells apart otherwise, in its words for `highway`. */
const inOsm: Partial<Readonly<Record<KindName, string>>> = {
  sidewalk: 'footway',
  crossing: 'footway',
  escalator: 'steps',
}
/** Names stand on streets from here on. */
const NAMES_FROM = 13

export function streetLayers(graph: StreetGraph, tile: Tile): Layer[] {
  const { south, west, north, east } = boxOfTile(tile)
  const last = lastKind(tile.z)
  const shown = (edge: number): boolean => {
    const kind = kindOf(traitsOf(graph, edge as EdgeIdx))
    return kind <= last || (kind === Kind.ferry && tile.z >= 8)
  }
  const groups = new Map<string, { properties: Feature['properties']; layer: string; lines: number[][] }>()
  for (const edge of graph.index.search(west, south, east, north, shown) as EdgeIdx[]) {
    const kind = kindOf(traitsOf(graph, edge))
    const name = tile.z >= NAMES_FROM ? graph.edgeName[edge] : 0
    const [fromLevel, toLevel] = [graph.edgeFromLevel[edge]! / 2, graph.edgeToLevel[edge]! / 2]
    const group = groups.getOrInsertComputed(`${kind} ${name} ${fromLevel} ${toLevel}`, () => ({
      layer: kind === Kind.ferry ? 'ferry' : 'road',
      properties: {
        highway: kind === Kind.ferry ? undefined : (inOsm[kindNames[kind]!] ?? kindNames[kind]!),
        name: textOf(graph, name) || undefined,
        ...(fromLevel === toLevel
          ? { level: fromLevel === 0 ? undefined : fromLevel }
          : { from_level: fromLevel, to_level: toLevel }),
      },
      lines: [],
    }))
    group.lines.push(...linesIn(tile, edgePoints(graph, edge)))
  }
  const layers = new Map<string, Feature[]>()
  for (const { layer, properties, lines } of groups.values())
    if (lines.length > 0)
      layers.getOrInsertComputed(layer, () => []).push({ type: GeometryType.line, parts: joinLines(lines), properties })
  return [...layers].map(([name, features]) => ({ name, features }))
}

// Layers of what the ground is: water, green, buildings, railways, names of places.

import { textOf } from '#engine/core/strings.ts'
import type { Ground } from '#engine/ground/ground.ts'
import { groundKinds } from '#engine/ground/kinds.ts'
import { boxOfTile, type Tile } from '#engine/ground/mercator.ts'
import { type Feature, GeometryType, type Layer } from './mvt.ts'
import { linesIn, pointIn, ringsIn } from './shape.ts'

/** Layer → what its kind and its name are called, where that is not the layer's name and `name`. */
const properties = new Map<string, readonly [string, string]>([
  ['cities', ['place', 'name']],
  ['road', ['highway', 'ref']],
])

export function groundLayers(ground: Ground, tile: Tile): Layer[] {
  const { south, west, north, east } = boxOfTile(tile)
  const found = ground.index?.search(west, south, east, north) ?? []
  const layers = new Map<string, Feature[]>()
  for (const f of found.sort((a, b) => ground.featureKind[a]! - ground.featureKind[b]! || a - b)) {
    const kind = groundKinds[ground.featureKind[f]!]!
    if (tile.z < kind.minZoom) continue
    const parts = partsOf(ground, f)
    const shape = shapeIn(tile, kind.shape, parts.points, parts.holes)
    if (shape.parts.length === 0) continue
    const [property, title] = properties.get(kind.layer) ?? [kind.layer, 'name']
    const name = textOf(ground, ground.featureName[f]!) || undefined
    const feature: Feature = { ...shape, properties: { [property]: kind.value, [title]: name } }
    layers.getOrInsertComputed(kind.layer, () => []).push(feature)
  }
  return [...layers].map(([name, features]) => ({ name, features }))
}

function partsOf(ground: Ground, f: number): { points: number[][]; holes: boolean[] } {
  const points: number[][] = []
  const holes: boolean[] = []
  for (let part = ground.partsBegin[f]!; part < ground.partsBegin[f + 1]!; part++) {
    const line: number[] = []
    for (let p = ground.pointsBegin[part]!; p < ground.pointsBegin[part + 1]!; p++)
      line.push(ground.pointLat[p]!, ground.pointLon[p]!)
    points.push(line)
    holes.push(ground.partHole[part] === 1)
  }
  return { points, holes }
}

function shapeIn(
  tile: Tile,
  shape: 'area' | 'line' | 'point',
  points: readonly number[][],
  holes: readonly boolean[],
): Pick<Feature, 'type' | 'parts'> {
  if (shape === 'area') return { type: GeometryType.polygon, parts: ringsIn(tile, points, holes) }
  if (shape === 'line') return { type: GeometryType.line, parts: points.flatMap(line => linesIn(tile, line)) }
  const at = pointIn(tile, points[0]![0]!, points[0]![1]!)
  return { type: GeometryType.point, parts: at ? [at] : [] }
}

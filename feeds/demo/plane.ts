// The map while it is drawn: metres east and north of the city's corner, turned into OpenStreetMap's nodes and ways.

import { METRES_PER_DEGREE } from '#engine/core/geo.ts'
import type { OsmNode, OsmTags, OsmWay } from '../osm/write.ts'
import { metresEast } from './city.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

/** From `a` towards `b`, so many metres (not beyond). */
export function towards(a: Point, b: Point, metres: number): Point {
  const f = Math.min(1, metres / Math.max(1e-9, distance(a, b)))
  return { x: a.x + (b.x - a.x) * f, y: a.y + (b.y - a.y) * f }
}

/** South-west of everything in the city. */
const CORNER = { lat: 51.452, lon: 7.326 }
const PER_DEGREE_EAST = metresEast(51.515)

export const toPlane = ({ lat, lon }: { lat: number; lon: number }): Point => ({
  x: (lon - CORNER.lon) * PER_DEGREE_EAST,
  y: (lat - CORNER.lat) * METRES_PER_DEGREE,
})

/** A place on the map that has become an OSM node. */
export interface Spot extends Point {
  readonly id: number
}

/** Collects nodes and ways, and numbers them in the order in which they come. */
export class MapDrawing {
  readonly nodes: OsmNode[] = []
  readonly ways: OsmWay[] = []

  spot({ x, y }: Point, tags?: OsmTags): Spot {
    const id = this.nodes.length + 1
    this.nodes.push({
      id,
      lat: CORNER.lat + y / METRES_PER_DEGREE,
      lon: CORNER.lon + x / PER_DEGREE_EAST,
      ...(tags && { tags }),
    })
    return { id, x, y }
  }

  way(spots: readonly Spot[], tags: OsmTags): void {
    this.ways.push({ id: this.ways.length + 1, nodes: spots.map(s => s.id), tags })
  }
}

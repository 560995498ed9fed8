// Which streets touch an area: looked at every few metres along each edge, bends and ends included.

import type { MultiPolygon } from '../conditions/rental.ts'
import type { EdgeIdx } from '../core/ids.ts'
import type { StreetGraph } from '../street/graph.ts'

/** 1e-7 degrees between two looks, some 10 m. */
const STEP = 1000

/**
 * @param areas outside of which nothing has to be looked at
 * @param inside is this place part of it?
 */
export function edgesTouching(
  g: StreetGraph,
  areas: readonly MultiPolygon[],
  inside: (lat: number, lon: number) => boolean,
): Set<number> {
  const found = new Set<number>()
  for (const polygons of areas) {
    const [south, west, north, east] = boundsOf(polygons)
    g.index.search(west, south, east, north, edge => {
      if (!found.has(edge) && touches(g, edge as EdgeIdx, inside)) found.add(edge)
      return false // nothing to collect
    })
  }
  return found
}

function boundsOf(polygons: MultiPolygon): [south: number, west: number, north: number, east: number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [ring] of polygons)
    for (let i = 0; ring && i < ring.length; i += 2) {
      bounds[0] = Math.min(bounds[0], ring[i]!)
      bounds[1] = Math.min(bounds[1], ring[i + 1]!)
      bounds[2] = Math.max(bounds[2], ring[i]!)
      bounds[3] = Math.max(bounds[3], ring[i + 1]!)
    }
  return bounds
}

function touches(g: StreetGraph, edge: EdgeIdx, inside: (lat: number, lon: number) => boolean): boolean {
  const [from, to] = [g.edgeFrom[edge], g.edgeTo[edge]]
  let [lat, lon] = [g.nodeLat[from]!, g.nodeLon[from]!]
  if (inside(lat, lon)) return true
  for (let p = g.pointsBegin[edge]!; p <= g.pointsBegin[edge + 1]!; p++) {
    const last = p === g.pointsBegin[edge + 1]!
    const [nextLat, nextLon] = last ? [g.nodeLat[to]!, g.nodeLon[to]!] : [g.pointLat[p]!, g.pointLon[p]!]
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(nextLat - lat), Math.abs(nextLon - lon)) / STEP))
    for (let i = 1; i <= steps; i++)
      if (inside(lat + ((nextLat - lat) * i) / steps, lon + ((nextLon - lon) * i) / steps)) return true
    ;[lat, lon] = [nextLat, nextLon]
  }
  return false
}

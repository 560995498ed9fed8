// The zones without cars that an import laid over the streets: their edges are closed to cars, and nobody parks, fetches or drops inside,
// however near an open street is.

import type { StreetGraph } from './graph.ts'

/** lon, lat, lon, lat, … in 1e-7 degrees; what an odd number of rings surrounds is inside. */
export type Rings = readonly ArrayLike<number>[]

/** Is the point (1e-7 degrees) inside a zone without cars? */
export function isCarFree({ counts, zoneBegin, zoneLat, zoneLon }: StreetGraph, lat: number, lon: number): boolean {
  let inside = false
  for (let ring = 0; ring < counts.zoneRings; ring++) {
    const [begin, end] = [zoneBegin[ring]!, zoneBegin[ring + 1]!]
    for (let i = begin, j = end - 1; i < end; j = i++) {
      const [y1, y2] = [zoneLat[j]!, zoneLat[i]!]
      if (y1 > lat === y2 > lat) continue
      if (lon < ((zoneLon[i]! - zoneLon[j]!) * (lat - y1)) / (y2 - y1) + zoneLon[j]!) inside = !inside
    }
  }
  return inside
}

/** As columns of the graph. */
export function zoneColumns(rings: Rings): { zoneBegin: number[]; zoneLat: number[]; zoneLon: number[] } {
  const columns = { zoneBegin: [0], zoneLat: [] as number[], zoneLon: [] as number[] }
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      columns.zoneLon.push(ring[i]!)
      columns.zoneLat.push(ring[i + 1]!)
    }
    columns.zoneBegin.push(columns.zoneLat.length)
  }
  return columns
}

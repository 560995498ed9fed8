// The zones without cars that an import laid over the streets: their edges are closed to cars, and nobody parks, fetches or drops inside,
// however near an open street is.

import { passing } from '../core/geo.ts'
import type { StreetGraph } from './graph.ts'

/** lon, lat, lon, lat, … in 1e-7 degrees, outer rings counterclockwise, holes clockwise; what they go round on balance is inside. */
export type Rings = readonly ArrayLike<number>[]

/** Is the point (1e-7 degrees) inside a zone without cars? */
export function isCarFree({ counts, zoneBegin, zoneLat, zoneLon }: StreetGraph, lat: number, lon: number): boolean {
  let times = 0
  for (let ring = 0; ring < counts.zoneRings; ring++) {
    const [begin, end] = [zoneBegin[ring]!, zoneBegin[ring + 1]!]
    for (let i = begin, j = end - 1; i < end; j = i++)
      times += passing(zoneLon[j]!, zoneLat[j]!, zoneLon[i]!, zoneLat[i]!, lat, lon)
  }
  return times !== 0
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

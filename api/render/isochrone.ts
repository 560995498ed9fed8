// Isochrones as GeoJSON (RFC 7946).

import type { Isochrone } from '#engine/street/isochrone.ts'

export const isochroneCollection = (found: readonly Isochrone[]): object => ({
  type: 'FeatureCollection',
  features: found.map(({ seconds, polygons }) => ({
    type: 'Feature',
    properties: { minutes: seconds / 60 },
    geometry: { type: 'MultiPolygon', coordinates: polygons.map(rings => rings.map(pairs)) },
  })),
})

function pairs(ring: readonly number[]): number[][] {
  const points: number[][] = []
  for (let i = 0; i < ring.length; i += 2) points.push([ring[i]!, ring[i + 1]!])
  return points
}

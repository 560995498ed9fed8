// Where a network is: everything read from country-sized feeds and maps is cut to it while reading. A box, or polygons inside one.

import { FreifahrtError } from '#engine/core/errors.ts'
import { passing, toE7 } from '#engine/core/geo.ts'

/** Edges in 1e-7 degrees. */
export interface Area {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
  /**
   * lon, lat, lon, lat, … of each ring, the outer ones counterclockwise and holes clockwise: a point is inside when the rings go round it, on
   * balance, at least once, and so in any of several polygons that overlap. Absent: the box.
   */
  readonly rings?: readonly Int32Array[]
}

/** Is the point (1e-7 degrees) inside, the border included? */
export function areaContains(area: Area, lat: number, lon: number): boolean {
  if (lat < area.south || lat > area.north || lon < area.west || lon > area.east) return false
  if (!area.rings) return true
  let times = 0
  for (const ring of area.rings)
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
      times += passing(ring[j]!, ring[j + 1]!, ring[i]!, ring[i + 1]!, lat, lon)
  return times !== 0
}

/** Its rings; of a box its border. */
export const ringsOf = ({ west, south, east, north, rings }: Area): readonly Int32Array[] =>
  rings ?? [Int32Array.of(west, south, east, south, east, north, west, north)]

/** `W,S,E,N` in degrees, or the text of a GeoJSON Polygon, MultiPolygon, Feature or FeatureCollection. Throws BAD_REQUEST. */
export function parseArea(text: string): Area {
  if (text.trimStart().startsWith('{')) return polygonArea(text)
  const degrees = text.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)))
  const [west, south, east, north] = degrees.map(toE7) as [number, number, number, number]
  if (degrees.length !== 4 || !degrees.every(Number.isFinite)) throw bad(`'${text}' is not W,S,E,N in degrees`)
  return checked({ west, south, east, north })
}

function polygonArea(text: string): Area {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw bad('neither W,S,E,N nor GeoJSON')
  }
  const rings: Int32Array[] = []
  collectRings(json, rings)
  if (rings.length === 0) throw bad('this GeoJSON holds no polygon')
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      west = Math.min(west, ring[i]!)
      east = Math.max(east, ring[i]!)
      south = Math.min(south, ring[i + 1]!)
      north = Math.max(north, ring[i + 1]!)
    }
  }
  return checked({ west, south, east, north, rings })
}

interface GeoJson {
  readonly type?: unknown
  readonly features?: readonly unknown[]
  readonly geometry?: unknown
  readonly coordinates?: unknown
}

function collectRings(json: unknown, rings: Int32Array[]): void {
  const { type, features, geometry, coordinates } = (json ?? {}) as GeoJson
  if (type === 'FeatureCollection' && Array.isArray(features))
    for (const feature of features) collectRings(feature, rings)
  if (type === 'Feature') collectRings(geometry, rings)
  if (type === 'Polygon') pushRings(coordinates, rings)
  if (type === 'MultiPolygon' && Array.isArray(coordinates))
    for (const polygon of coordinates) pushRings(polygon, rings)
}

function pushRings(polygon: unknown, rings: Int32Array[]): void {
  if (!Array.isArray(polygon)) throw bad('a polygon without rings')
  for (const [i, ring] of polygon.entries()) {
    const flat = Array.isArray(ring) ? ring.flatMap(point => [toE7(Number(point?.[0])), toE7(Number(point?.[1]))]) : []
    if (flat.length < 6 || !flat.every(Number.isFinite)) throw bad('a ring without three positions')
    rings.push(Int32Array.from(isCounterclockwise(flat) === (i === 0) ? flat : reversed(flat)))
  }
}

function isCounterclockwise(ring: readonly number[]): boolean {
  let twice = 0
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    twice += (ring[i]! - ring[0]!) * (ring[j + 1]! - ring[1]!) - (ring[j]! - ring[0]!) * (ring[i + 1]! - ring[1]!)
  return twice < 0
}

const reversed = (ring: readonly number[]): number[] =>
  ring.map((_, i) => ring[i % 2 === 0 ? ring.length - 2 - i : ring.length - i]!)

function checked(area: Area): Area {
  const { west, south, east, north } = area
  if (west < toE7(-180) || east > toE7(180) || south < toE7(-90) || north > toE7(90)) throw bad('beyond the globe')
  if (west >= east || south >= north) throw bad('west must be below east and south below north')
  return area
}

const bad = (detail: string): FreifahrtError => new FreifahrtError('BAD_REQUEST', 'area', detail)

// Positions are integers of 1e-7 degrees (about 1 cm), as in OpenStreetMap.

export const E7 = 1e7
/** Metres of one degree of latitude (mean earth radius 6,371,009 m). */
export const METRES_PER_DEGREE = 111_195.08

export const toE7 = (degrees: number): number => Math.round(degrees * E7)

/** A rectangle in 1e-7 degrees. */
export interface Box {
  readonly south: number
  readonly west: number
  readonly north: number
  readonly east: number
}

/** Holds every point within some metres of this one. */
export function boxAround(lat: number, lon: number, metres: number): Box {
  const high = (metres / METRES_PER_DEGREE) * E7
  // at the poles a box of all longitudes would be right; nobody rides there
  const wide = high / Math.max(0.01, Math.cos((lat / E7) * (Math.PI / 180)))
  return { south: lat - high, west: lon - wide, north: lat + high, east: lon + wide }
}

export const overlap = (a: Box, b: Box): boolean =>
  a.south <= b.north && a.north >= b.south && a.west <= b.east && a.east >= b.west

/** Metres between two points given in 1e-7 degrees; plane approximation, exact to 0.1 % below 100 km. */
export function metresBetween(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const dy = (lat2 - lat1) / E7
  const dx = ((lon2 - lon1) / E7) * Math.cos(((lat1 + lat2) / 2 / E7) * (Math.PI / 180))
  return Math.hypot(dx, dy) * METRES_PER_DEGREE
}

export const isInside = ({ south, west, north, east }: Box, lat: number, lon: number): boolean =>
  lat >= south && lat <= north && lon >= west && lon <= east

/**
 * Does the line from 1 to 2 pass the point in the east, northward (1) or southward (-1)? The sum over a closed ring says how often it goes round
 * the point, counterclockwise as positive.
 */
export function passing(lon1: number, lat1: number, lon2: number, lat2: number, lat: number, lon: number): -1 | 0 | 1 {
  if (lat1 > lat === lat2 > lat || lon >= ((lon2 - lon1) * (lat - lat1)) / (lat2 - lat1) + lon1) return 0
  return lat2 > lat1 ? 1 : -1
}

/**
 * Google's encoded polyline of points in 1e-7 degrees.
 * @param points lat, lon, lat, lon, …
 * @param precision decimals kept: MOTIS uses 7 in API v1 and 6 from v2 on
 */
export function encodePolyline(points: ArrayLike<number>, precision: number): string {
  const scale = 10 ** precision / E7
  const codes: number[] = []
  let lastLat = 0
  let lastLon = 0
  for (let i = 0; i + 1 < points.length; i += 2) {
    const lat = Math.round(points[i]! * scale)
    const lon = Math.round(points[i + 1]! * scale)
    encodeSigned(codes, lat - lastLat)
    encodeSigned(codes, lon - lastLon)
    lastLat = lat
    lastLon = lon
  }
  return textOfCodes(codes)
}

/** Arguments of one call lie on the stack. */
const MOST_ARGUMENTS = 8192

function textOfCodes(codes: readonly number[]): string {
  if (codes.length <= MOST_ARGUMENTS) return String.fromCharCode(...codes)
  const pieces: string[] = []
  for (let i = 0; i < codes.length; i += MOST_ARGUMENTS)
    pieces.push(String.fromCharCode(...codes.slice(i, i + MOST_ARGUMENTS)))
  return pieces.join('')
}

function encodeSigned(codes: number[], value: number): void {
  // precision 7 needs 33 bits for a jump across the globe: plain arithmetic instead of shifts
  let v = value < 0 ? -2 * value - 1 : 2 * value
  while (v >= 32) {
    codes.push((v % 32) + 32 + 63)
    v = Math.floor(v / 32)
  }
  codes.push(v + 63)
}

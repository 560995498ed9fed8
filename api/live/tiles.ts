// Boxes of a map, rounded out to web map tiles (spherical Mercator, z/x/y from the north-west) of a level at which a few tiles cover them.

import { FreifahrtError } from '#engine/core/errors.ts'

export interface TileRange {
  readonly z: number
  readonly x: readonly [first: number, last: number]
  readonly y: readonly [first: number, last: number]
}

/** Tiles across and down at most. */
const MOST = 4
const DEEPEST = 16
const EDGE = 85.0511 // degrees: where Mercator's square world ends

const column = (lon: number, z: number): number => Math.floor(((lon + 180) / 360) * 2 ** z)
const row = (lat: number, z: number): number => {
  const radians = (lat * Math.PI) / 180
  return Math.floor(((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * 2 ** z)
}
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** The tiles around a box in degrees. Throws BAD_REQUEST for a box that is none. */
export function tilesAround(west: number, south: number, east: number, north: number): TileRange {
  if (!(west <= east && south <= north && Math.abs(west) <= 180 && Math.abs(east) <= 180 && Math.abs(north) <= 90))
    throw new FreifahrtError('BAD_REQUEST', 'ch', 'a box is west,south,east,north in degrees')
  for (let z = DEEPEST; ; z--) {
    const last = 2 ** z - 1
    const x = [clamp(column(west, z), 0, last), clamp(column(east, z), 0, last)] as const
    const [top, bottom] = [clamp(north, -EDGE, EDGE), clamp(south, -EDGE, EDGE)]
    const y = [clamp(row(top, z), 0, last), clamp(row(bottom, z), 0, last)] as const
    if (z === 0 || (x[1] - x[0] < MOST && y[1] - y[0] < MOST)) return { z, x, y }
  }
}

/** `12/2130-2132/1370-1371` */
export const writeTiles = ({ z, x, y }: TileRange): string => `${z}/${x[0]}-${x[1]}/${y[0]}-${y[1]}`

/** Undefined when the text is no range of at most `MOST` tiles each way. */
export function readTiles(text: string): TileRange | undefined {
  const m = /^(\d{1,2})\/(\d{1,6})-(\d{1,6})\/(\d{1,6})-(\d{1,6})$/.exec(text)
  if (!m) return undefined
  const [z, x0, x1, y0, y1] = m.slice(1).map(Number) as [number, number, number, number, number]
  const fits = (first: number, last: number): boolean => first <= last && last < 2 ** z && last - first < MOST
  return z <= DEEPEST && fits(x0, x1) && fits(y0, y1) ? { z, x: [x0, x1], y: [y0, y1] } : undefined
}

/** West, south, east, north in degrees. */
export function tileBox({ z, x, y }: TileRange): [number, number, number, number] {
  const lon = (tile: number): number => (tile / 2 ** z) * 360 - 180
  const lat = (tile: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * tile) / 2 ** z))) * 180) / Math.PI
  return [lon(x[0]), lat(y[1] + 1), lon(x[1] + 1), lat(y[0])]
}

// Heights from SRTM tiles (.hgt): a degree square of big-endian int16 metres, rows from north to south, 1201 or 3601 a side; −32768 is a
// hole. Named after its south-west corner: N49E008. Neighbours share the heights on their rim.
// https://lpdaac.usgs.gov/documents/179/SRTM_User_Guide_V3.pdf

import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'

const VOID = -32_768
/** Heights along a side, and with them the bytes of a tile. */
const SIDES = [1201, 3601]
export const MOST_TILE_BYTES = 2 * Math.max(...SIDES) ** 2

/** The tile of that name, undefined if there is none. */
export type TileOf = (name: string) => Tile | undefined

export interface Tile {
  /** Of big-endian int16. */
  readonly heights: DataView
  readonly side: number
}

/** Metres above the sea at a place in 1e-7 degrees, undefined where nobody measured. */
export type HeightAt = (lat: number, lon: number) => number | undefined

/** Between the four heights around a place. */
export function heightsFrom(tileOf: TileOf): HeightAt {
  return (latE7, lonE7) => {
    const [lat, lon] = [latE7 / E7, lonE7 / E7]
    const [south, west] = [Math.floor(lat), Math.floor(lon)]
    const tile = tileOf(tileName(south, west))
    if (!tile) return undefined
    const last = tile.side - 1
    const [x, y] = [(lon - west) * last, (south + 1 - lat) * last]
    const [column, row] = [Math.min(last - 1, Math.floor(x)), Math.min(last - 1, Math.floor(y))]
    const at = (dx: number, dy: number): number =>
      tile.heights.getInt16(((row + dy) * tile.side + column + dx) * Int16Array.BYTES_PER_ELEMENT)
    const corners = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)] as const
    if (corners.includes(VOID)) return undefined
    const [right, down] = [x - column, y - row]
    const [above, below] = [
      corners[0] + right * (corners[1] - corners[0]),
      corners[2] + right * (corners[3] - corners[2]),
    ]
    return above + down * (below - above)
  }
}

/** Degrees in 1e-7 between two heights of the finest tiles, some 30 m. */
export const STEP = 2778

/** The mean of nine heights around each place: they are some metres wrong, each for itself, and a street is no rougher than that. */
export const smoothed =
  (heightAt: HeightAt): HeightAt =>
  (lat, lon) => {
    if (heightAt(lat, lon) === undefined) return undefined
    const around = [-STEP, 0, STEP].flatMap(dy => [-STEP, 0, STEP].flatMap(dx => heightAt(lat + dy, lon + dx) ?? []))
    return around.reduce((sum, height) => sum + height, 0) / around.length
  }

/** Of the square north and east of whole degrees. */
export function tileName(south: number, west: number): string {
  const part = (n: number, letters: string, digits: number): string =>
    `${n < 0 ? letters[1] : letters[0]}${String(Math.abs(n)).padStart(digits, '0')}`
  return `${part(south, 'NS', 2)}${part(west, 'EW', 3)}`
}

/** Throws FEED_BAD_VALUE for bytes of another size. */
export function readTile(bytes: Uint8Array, where: string): Tile {
  const side = Math.sqrt(bytes.byteLength / Int16Array.BYTES_PER_ELEMENT)
  if (!SIDES.includes(side))
    throw new FreifahrtError(
      'FEED_BAD_VALUE',
      where,
      `${bytes.byteLength} bytes; an SRTM tile has ${SIDES.map(n => `${n}²`).join(' or ')} heights of 2 bytes`,
    )
  return { side, heights: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}

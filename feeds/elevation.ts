// Heights from SRTM tiles (.hgt): a degree square of big-endian int16 metres, rows from north to south, 1201 or 3601 a side; −32768 is a
// hole. Named after its south-west corner: N49E008.hgt. https://lpdaac.usgs.gov/documents/179/SRTM_User_Guide_V3.pdf

import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'

const VOID = -32_768

/** Bytes of the tile of that name, undefined if there is none. */
export type ReadTile = (name: string) => Uint8Array | undefined

/** Metres above the sea at a place in 1e-7 degrees, undefined where nobody measured. Tiles are read once. */
export type HeightAt = (lat: number, lon: number) => number | undefined

/** Throws FEED_BAD_VALUE for a tile of another size. */
export function heightsFrom(read: ReadTile): HeightAt {
  const tiles = new Map<string, DataView | undefined>()
  return (latE7, lonE7) => {
    const [lat, lon] = [latE7 / E7, lonE7 / E7]
    const [south, west] = [Math.floor(lat), Math.floor(lon)]
    const name = tileName(south, west)
    const tile = tiles.getOrInsertComputed(name, () => viewOf(read(name), name))
    if (!tile) return undefined
    const last = Math.sqrt(tile.byteLength / 2) - 1
    const [x, y] = [(lon - west) * last, (south + 1 - lat) * last]
    const [column, row] = [Math.min(last - 1, Math.floor(x)), Math.min(last - 1, Math.floor(y))]
    const at = (dx: number, dy: number): number => tile.getInt16(((row + dy) * (last + 1) + column + dx) * 2)
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
const STEP = 2778

/** The mean of nine heights around each place: they are some metres wrong, each for itself, and a street is no rougher than that. */
export const smoothed =
  (heightAt: HeightAt): HeightAt =>
  (lat, lon) => {
    if (heightAt(lat, lon) === undefined) return undefined
    const around = [-STEP, 0, STEP].flatMap(dy => [-STEP, 0, STEP].flatMap(dx => heightAt(lat + dy, lon + dx) ?? []))
    return around.reduce((sum, height) => sum + height, 0) / around.length
  }

export function tileName(south: number, west: number): string {
  const part = (n: number, letters: string, digits: number): string =>
    `${n < 0 ? letters[1] : letters[0]}${String(Math.abs(n)).padStart(digits, '0')}`
  return `${part(south, 'NS', 2)}${part(west, 'EW', 3)}.hgt`
}

function viewOf(bytes: Uint8Array | undefined, name: string): DataView | undefined {
  if (!bytes) return undefined
  const side = Math.sqrt(bytes.byteLength / 2)
  if (side !== 1201 && side !== 3601)
    throw new FreifahrtError(
      'FEED_BAD_VALUE',
      name,
      `${bytes.byteLength} bytes; an SRTM tile has 1201² or 3601² heights of 2 bytes`,
    )
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

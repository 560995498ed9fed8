// Web Mercator: where a point is in a map's tile.

/** Units along a tile's side. */
export const EXTENT = 4096
/** Around a tile more is drawn, so that lines' ends and names do not show its edges. */
export const BUFFER = 96
export const MAX_ZOOM = 20

export interface Tile {
  readonly z: number
  readonly x: number
  readonly y: number
}

/** The tile with its buffer, in 1e-7 degrees. */
export function boxOfTile({ z, x, y }: Tile): { south: number; west: number; north: number; east: number } {
  const margin = BUFFER / EXTENT
  const lon = (column: number): number => Math.round((column / 2 ** z - 0.5) * 360e7)
  const lat = (row: number): number =>
    Math.round((Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / 2 ** z))) * 180e7) / Math.PI)
  return { south: lat(y + 1 + margin), west: lon(x - margin), north: lat(y - margin), east: lon(x + 1 + margin) }
}

/** lat, lon, … in 1e-7 degrees → x, y, … in the tile's units, not rounded; x to the right, y down. */
export function projectInto({ z, x, y }: Tile, points: ArrayLike<number>): number[] {
  const scale = 2 ** z * EXTENT
  const out: number[] = []
  for (let i = 0; i + 1 < points.length; i += 2) {
    const sin = Math.sin((points[i]! / 180e7) * Math.PI)
    out.push(
      (points[i + 1]! / 360e7 + 0.5) * scale - x * EXTENT,
      (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * scale - y * EXTENT,
    )
  }
  return out
}

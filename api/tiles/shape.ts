// Points on the globe → a tile's lines, rings and points: projected, cut, thinned, rounded.

import { clipLine, clipRing, type Square, simplify } from '#engine/ground/clip.ts'
import { BUFFER, EXTENT, projectInto, type Tile } from '#engine/ground/mercator.ts'

const square: Square = { low: -BUFFER, high: EXTENT + BUFFER }
/** Units of a tile; a screen's dot is 8 of them. At the last zooms a tile is drawn larger than it is. */
const tolerance = (z: number): number => (z >= 16 ? 1 : 4)

/** Lines inside the tile; each has at least two different points. */
export function linesIn(tile: Tile, points: ArrayLike<number>): number[][] {
  const thin = simplify(projectInto(tile, points), tolerance(tile.z))
  return clipLine(thin, square)
    .map(rounded)
    .filter(line => line.length >= 4)
}

/**
 * The rings of an area inside the tile, each outer one with its holes after it, turned as MVT wants them; smaller than a dot: none.
 * @param holes which of the rings are holes in the outer one before
 */
export function ringsIn(tile: Tile, rings: readonly ArrayLike<number>[], holes: readonly boolean[]): number[][] {
  const found: number[][] = []
  let outerThere = false
  rings.forEach((points, i) => {
    const hole = holes[i]!
    if (hole && !outerThere) return
    const ring = ringIn(tile, points)
    const size = ring ? signedArea(ring) : 0
    const there = Math.abs(size) >= 64
    if (!hole) outerThere = there
    if (there) found.push(size > 0 === !hole ? ring! : turned(ring!))
  })
  return found
}

/** The point, if it is in the tile or in the buffer around it. */
export function pointIn(tile: Tile, lat: number, lon: number): number[] | undefined {
  const [x, y] = projectInto(tile, [lat, lon]).map(Math.round) as [number, number]
  const inside = (v: number): boolean => v >= square.low && v <= square.high
  return inside(x) && inside(y) ? [x, y] : undefined
}

function ringIn(tile: Tile, points: ArrayLike<number>): number[] | undefined {
  const projected = projectInto(tile, points)
  // thinned as a line that comes back to its first point
  const line = simplify([...projected, projected[0]!, projected[1]!], tolerance(tile.z)).slice(0, -2)
  const ring = rounded(clipRing(line, square))
  if (ring.length > 2 && ring[0] === ring.at(-2) && ring[1] === ring.at(-1)) ring.length -= 2
  return ring.length >= 6 ? ring : undefined
}

function rounded(points: readonly number[]): number[] {
  const out: number[] = []
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [Math.round(points[i]!), Math.round(points[i + 1]!)]
    if (x !== out.at(-2) || y !== out.at(-1)) out.push(x, y)
  }
  return out
}

/** Twice the area; positive when the ring runs clockwise on the screen (y down). */
function signedArea(ring: readonly number[]): number {
  let sum = 0
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    sum += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!
  return sum
}

function turned(ring: readonly number[]): number[] {
  const out: number[] = []
  for (let i = ring.length - 2; i >= 0; i -= 2) out.push(ring[i]!, ring[i + 1]!)
  return out
}

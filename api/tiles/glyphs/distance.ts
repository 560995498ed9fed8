// An outline as a field of distances to it, which a graphics card turns into sharp letters of any size (Green, SIGGRAPH 2007). Exact: each
// pixel's distance to each piece of the outline.

import type { Contour } from './woff.ts'

/** Pixels around a glyph. */
const BORDER = 3
/** Distances from here on are all the same; this share of them lies outside. */
const RADIUS = 8
const OUTSIDE = 0.25
/** Pieces of a curve: at 24 pixels a hundredth of a pixel off. */
const PIECES = 6
/** Pixels beside a piece, to see whether it is a rim. */
const BESIDE = 0.02

export interface DistanceField {
  /** Pixels without the border; `bitmap` has it. */
  readonly width: number
  readonly height: number
  /** Of the first pixel without the border: to the right of the origin, and above the baseline. */
  readonly left: number
  readonly top: number
  /** Rows from top to bottom. 191 is the outline, more is inside. */
  readonly bitmap: Uint8Array
}

/** @param scale pixels a font unit */
export function distanceField(contours: readonly Contour[], scale: number): DistanceField {
  const pieces = rim(Float64Array.from(contours.flatMap(contour => flatten(contour, scale))))
  if (pieces.length === 0) return { width: 0, height: 0, left: 0, top: 0, bitmap: new Uint8Array(0) }
  const xs = pieces.filter((_, i) => i % 2 === 0)
  const ys = pieces.filter((_, i) => i % 2 === 1)
  const [left, bottom] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))]
  const [right, top] = [Math.ceil(Math.max(...xs)), Math.ceil(Math.max(...ys))]
  const [width, height] = [right - left, top - bottom]
  const row = width + 2 * BORDER
  const bitmap = new Uint8Array(row * (height + 2 * BORDER))
  for (let i = 0; i < bitmap.length; i++) {
    const x = left - BORDER + (i % row) + 0.5
    const y = top + BORDER - Math.floor(i / row) - 0.5
    const away = Math.sqrt(nearest(pieces, x, y)) * (windings(pieces, x, y) === 0 ? 1 : -1)
    bitmap[i] = Math.max(0, Math.min(255, Math.round(255 - 255 * (away / RADIUS + OUTSIDE))))
  }
  return { width, height, left, top, bitmap }
}

/** x, y → x, y, … in pixels: straight pieces. */
function flatten(contour: Contour, scale: number): number[] {
  const points = withImplied(contour)
  const pieces: number[] = []
  const at = (i: number, axis: number): number => points[(3 * i + axis) % points.length]! * scale
  for (let i = 0; i < points.length / 3; i++) {
    if (points[3 * i + 2] === 0) continue
    const curved = points[(3 * (i + 1) + 2) % points.length] === 0
    const end = i + (curved ? 2 : 1)
    let [x, y] = [at(i, 0), at(i, 1)]
    for (let k = 1; k <= PIECES; k++) {
      const t = k / PIECES
      const along = (axis: number): number =>
        curved
          ? (1 - t) ** 2 * at(i, axis) + 2 * t * (1 - t) * at(i + 1, axis) + t ** 2 * at(end, axis)
          : (1 - t) * at(i, axis) + t * at(end, axis)
      const [nextX, nextY] = [along(0), along(1)]
      if (nextX !== x || nextY !== y) pieces.push(x, y, nextX, nextY)
      ;[x, y] = [nextX, nextY]
    }
  }
  return pieces
}

/** Between two points off the curve there is one on it; the first is on it. */
function withImplied(contour: Contour): number[] {
  const points: number[] = []
  for (let i = 0; i < contour.length; i += 3) {
    const before = (i + contour.length - 3) % contour.length
    if (contour[i + 2] === 0 && contour[before + 2] === 0)
      points.push((contour[i]! + contour[before]!) / 2, (contour[i + 1]! + contour[before + 1]!) / 2, 1)
    points.push(contour[i]!, contour[i + 1]!, contour[i + 2]!)
  }
  return points[2] === 0 ? [...points.slice(3), ...points.slice(0, 3)] : points
}

/** Contours may lie over each other: what is within another is no rim. */
function rim(pieces: Float64Array): Float64Array {
  const kept: number[] = []
  for (let p = 0; p < pieces.length; p += 4) {
    const [x0, y0, x1, y1] = pieces.subarray(p, p + 4) as unknown as [number, number, number, number]
    const beside = BESIDE / Math.hypot(x1 - x0, y1 - y0)
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2]
    const [right, up] = [(y1 - y0) * beside, (x0 - x1) * beside]
    if ((windings(pieces, x + right, y + up) === 0) !== (windings(pieces, x - right, y - up) === 0))
      kept.push(x0, y0, x1, y1)
  }
  return Float64Array.from(kept)
}

/** How often the pieces go round a point; 0 is outside. */
function windings(pieces: Float64Array, x: number, y: number): number {
  let times = 0
  for (let p = 0; p < pieces.length; p += 4) {
    const y0 = pieces[p + 1]!
    const y1 = pieces[p + 3]!
    if (y0 > y === y1 > y) continue
    const x0 = pieces[p]!
    if (x0 + ((y - y0) / (y1 - y0)) * (pieces[p + 2]! - x0) > x) times += y1 > y0 ? 1 : -1
  }
  return times
}

/** The square of the distance. */
function nearest(pieces: Float64Array, x: number, y: number): number {
  let least = Infinity
  for (let p = 0; p < pieces.length; p += 4) {
    const x0 = pieces[p]! - x
    const y0 = pieces[p + 1]! - y
    const dx = pieces[p + 2]! - x - x0
    const dy = pieces[p + 3]! - y - y0
    const t = Math.max(0, Math.min(1, -(x0 * dx + y0 * dy) / (dx * dx + dy * dy)))
    const offX = x0 + t * dx
    const offY = y0 + t * dy
    const square = offX * offX + offY * offY
    if (square < least) least = square
  }
  return least
}

// Where the stops of a pattern lie on a shape: for each stop one point of it, never running backwards, so that loops and lines that
// pass a stop twice come out right. Dynamic programming over (stop, point): the sum of squared distances is the smallest possible.

import { E7 } from '../core/geo.ts'

/** Stops × points that are compared; real shapes need a tenth of it. */
const MOST_CELLS = 1 << 22

export interface Points {
  /** 1e-7 degrees. */
  readonly lat: ArrayLike<number>
  readonly lon: ArrayLike<number>
  readonly begin: number
  readonly end: number
}

/**
 * The point of the shape for each stop, not decreasing; indices into `shape.lat`.
 * @param stopLat 1e-7 degrees, as is stopLon; NaN for a stop that is nowhere: it goes where its neighbours allow it
 */
export function placeOnShape(stopLat: ArrayLike<number>, stopLon: ArrayLike<number>, shape: Points): Uint32Array {
  const stops = stopLat.length
  // of a shape with more points than anyone can see, only some are looked at
  const step = Math.ceil(((shape.end - shape.begin) * stops) / MOST_CELLS)
  const points = Math.ceil((shape.end - shape.begin) / step)
  // best[p]: cheapest way to place the stops so far with the last of them at p or before; where[stop * points + p]: that place
  let best = new Float64Array(points)
  let next = new Float64Array(points)
  const where = new Uint32Array(stops * points)
  const shrink = Math.cos((shape.lat[shape.begin]! / E7) * (Math.PI / 180))
  for (let s = 0; s < stops; s++) {
    let cheapest = Number.POSITIVE_INFINITY
    let place = 0
    const nowhere = Number.isNaN(stopLat[s]!)
    for (let p = 0; p < points; p++) {
      const dy = stopLat[s]! - shape.lat[shape.begin + p * step]!
      const dx = (stopLon[s]! - shape.lon[shape.begin + p * step]!) * shrink
      const cost = nowhere ? best[p]! : best[p]! + dx * dx + dy * dy
      if (cost < cheapest) {
        cheapest = cost
        place = p
      }
      next[p] = cheapest
      where[s * points + p] = place
    }
    ;[best, next] = [next, best]
  }
  const placed = new Uint32Array(stops)
  for (let s = stops - 1, p = points - 1; s >= 0; s--) {
    p = where[s * points + p]!
    placed[s] = shape.begin + p * step
  }
  return placed
}

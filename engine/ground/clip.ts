// Lines and rings cut at a square around a tile, and thinned to what its resolution shows. Points are x, y, … in the tile's units.

/** A square from `low` to `high` in both directions. */
export interface Square {
  readonly low: number
  readonly high: number
}

/** The parts of a line inside the square (Liang and Barsky). */
export function clipLine(line: readonly number[], { low, high }: Square): number[][] {
  const parts: number[][] = []
  let part: number[] = []
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [x0, y0, x1, y1] = [line[i]!, line[i + 1]!, line[i + 2]!, line[i + 3]!]
    const [dx, dy] = [x1 - x0, y1 - y0]
    let [t0, t1] = [0, 1]
    let outside = false
    for (const [delta, room] of [
      [-dx, x0 - low],
      [dx, high - x0],
      [-dy, y0 - low],
      [dy, high - y0],
    ] as const) {
      if (delta === 0) {
        if (room < 0) outside = true
      } else if (delta < 0) t0 = Math.max(t0, room / delta)
      else t1 = Math.min(t1, room / delta)
    }
    if (outside || t0 > t1) {
      if (part.length > 0) parts.push(part)
      part = []
      continue
    }
    if (t0 > 0 && part.length > 0) {
      parts.push(part)
      part = []
    }
    if (part.length === 0) part.push(x0 + t0 * dx, y0 + t0 * dy)
    part.push(x0 + t1 * dx, y0 + t1 * dy)
    if (t1 < 1) {
      parts.push(part)
      part = []
    }
  }
  if (part.length > 0) parts.push(part)
  return parts
}

/** The part of a ring inside the square (Sutherland and Hodgman): one ring, perhaps along the square's sides; empty if there is none. */
export function clipRing(ring: readonly number[], { low, high }: Square): number[] {
  let points = ring as number[]
  for (const [axis, sign, edge] of [
    [0, 1, low],
    [0, -1, high],
    [1, 1, low],
    [1, -1, high],
  ] as const) {
    const inside = (i: number): boolean => (points[i + axis]! - edge) * sign >= 0
    const next: number[] = []
    for (let i = 0; i < points.length; i += 2) {
      const before = i === 0 ? points.length - 2 : i - 2
      if (inside(i) !== inside(before)) {
        const t = (edge - points[before + axis]!) / (points[i + axis]! - points[before + axis]!)
        const at = (k: number): number => points[before + k]! + t * (points[i + k]! - points[before + k]!)
        next.push(axis === 0 ? edge : at(0), axis === 1 ? edge : at(1))
      }
      if (inside(i)) next.push(points[i]!, points[i + 1]!)
    }
    points = next
    if (points.length === 0) return points
  }
  return points
}

/** Leaves out points that are less than `tolerance` off the line without them (Douglas and Peucker); the ends stay. */
export function simplify(line: readonly number[], tolerance: number): number[] {
  const last = line.length / 2 - 1
  if (last < 2 || tolerance <= 0) return line as number[]
  const keep = new Uint8Array(last + 1)
  keep[0] = keep[last] = 1
  const stack = [0, last]
  while (stack.length > 0) {
    const end = stack.pop()!
    const begin = stack.pop()!
    let [worst, at] = [tolerance * tolerance, -1]
    for (let i = begin + 1; i < end; i++) {
      const off = squaredDistance(line, i, begin, end)
      if (off > worst) [worst, at] = [off, i]
    }
    if (at < 0) continue
    keep[at] = 1
    stack.push(begin, at, at, end)
  }
  const kept: number[] = []
  for (let i = 0; i <= last; i++) if (keep[i]) kept.push(line[2 * i]!, line[2 * i + 1]!)
  return kept
}

/** Of point p from the piece between points a and b. */
function squaredDistance(line: readonly number[], p: number, a: number, b: number): number {
  const [ax, ay] = [line[2 * a]!, line[2 * a + 1]!]
  const [dx, dy] = [line[2 * b]! - ax, line[2 * b + 1]! - ay]
  const [px, py] = [line[2 * p]! - ax, line[2 * p + 1]! - ay]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length))
  return (px - t * dx) ** 2 + (py - t * dy) ** 2
}

// Where a field on a grid is below a level, as polygons: marching squares (Lorensen and Cline 1987, in the plane), the crossing on a grid
// line interpolated. Rings are closed, the inside on the left: shells run counter-clockwise, holes clockwise, as GeoJSON wants it.
//
//      8 ┌──2──┐ 4      corners that are inside make a number 0 … 15; which says between which sides
//        3     1        (0 below, 1 right, 2 above, 3 left) a line runs through the cell
//      1 └──0──┘ 2

export interface Grid {
  readonly columns: number
  readonly rows: number
  /** row by row from below, columns · rows; anything above a level is outside */
  readonly field: Float32Array
}

/** x, y, x, y … in columns and rows; the last point is the first. */
export type Ring = number[]
/** The shell, then its holes. */
export type Polygon = Ring[]

// corners inside → [from side, to side] …, inside on the left
const LINES: readonly (readonly number[])[] = [
  ...[[], [0, 3], [1, 0], [1, 3], [2, 1], [0, 3, 2, 1], [2, 0], [2, 3]],
  ...[[3, 2], [0, 2], [3, 2, 1, 0], [1, 2], [3, 1], [0, 1], [3, 0], []],
]

/** The polygons within which the field is at most `level`. */
export function contour({ columns, rows, field }: Grid, level: number): Polygon[] {
  // a point on a side has one number whichever cell it is seen from: on the line to the right of (x, y), or above it
  const next = new Map<number, number>()
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= columns || y >= rows ? Number.POSITIVE_INFINITY : field[y * columns + x]!
  const inside = (x: number, y: number): boolean => at(x, y) <= level
  const pitch = columns + 3
  const right = (x: number, y: number): number => ((y + 1) * pitch + x + 1) * 2
  const above = (x: number, y: number): number => right(x, y) + 1
  for (let y = -1; y < rows; y++) {
    for (let x = -1; x < columns; x++) {
      const corners =
        (inside(x, y) ? 1 : 0) |
        (inside(x + 1, y) ? 2 : 0) |
        (inside(x + 1, y + 1) ? 4 : 0) |
        (inside(x, y + 1) ? 8 : 0)
      const lines = LINES[corners]!
      if (lines.length === 0) continue
      const sides = [right(x, y), above(x + 1, y), right(x, y + 1), above(x, y)]
      for (let i = 0; i < lines.length; i += 2) next.set(sides[lines[i]!]!, sides[lines[i + 1]!]!)
    }
  }
  const point = (key: number): [number, number] => {
    const y = Math.floor(key / 2 / pitch) - 1
    const x = ((key >> 1) % pitch) - 1
    const [dx, dy] = key % 2 === 0 ? [1, 0] : [0, 1]
    const share = crossing(at(x, y), at(x + dx, y + dy), level)
    return [x + dx * share, y + dy * share]
  }
  const rings: Ring[] = []
  for (const start of next.keys()) {
    const ring: Ring = []
    for (let key: number | undefined = start; key !== undefined && next.has(key); ) {
      ring.push(...point(key))
      const after: number = next.get(key)!
      next.delete(key)
      key = after
    }
    ring.push(ring[0]!, ring[1]!)
    if (ring.length >= 8) rings.push(ring)
  }
  return nest(rings)
}

/** How far from a to b the level is crossed; never right on a corner, so that rings do not touch themselves. */
function crossing(a: number, b: number, level: number): number {
  // what was not reached counts as twice as far above the level as the other corner is below, at least a little
  const [low, high] = [Math.min(a, b), Math.max(a, b)]
  const top = high === Number.POSITIVE_INFINITY ? level + Math.max(1, level - low) : high
  const share = Math.min(0.95, Math.max(0.05, (level - low) / (top - low)))
  return a < b ? share : 1 - share
}

/** Twice the area, positive when counter-clockwise. */
export function doubleArea(ring: Ring): number {
  let sum = 0
  for (let i = 0; i + 3 < ring.length; i += 2) sum += ring[i]! * ring[i + 3]! - ring[i + 2]! * ring[i + 1]!
  return sum
}

function nest(rings: readonly Ring[]): Polygon[] {
  const sized = rings.map(ring => ({ ring, area: doubleArea(ring) }))
  const shells = sized.filter(({ area }) => area > 0).sort((a, b) => a.area - b.area)
  const polygons = new Map(shells.map(({ ring }) => [ring, [ring] as Polygon]))
  for (const { ring, area } of sized) {
    if (area >= 0) continue
    // the smallest shell around it
    const shell = shells.find(s => s.area > -area && contains(s.ring, ring[0]!, ring[1]!))
    if (shell) polygons.get(shell.ring)!.push(ring)
  }
  return [...polygons.values()].reverse()
}

/** Even–odd rule. */
export function contains(ring: Ring, x: number, y: number): boolean {
  let odd = false
  for (let i = 0; i + 3 < ring.length; i += 2) {
    const [x1, y1, x2, y2] = [ring[i]!, ring[i + 1]!, ring[i + 2]!, ring[i + 3]!]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd
  }
  return odd
}

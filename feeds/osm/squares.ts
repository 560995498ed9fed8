// Squares, platforms and other areas that people walk across, not along the rim: straight lines between the places where ways meet the rim,
// wherever one can see from one to the other; corners that have to be walked round join in (a visibility graph, de Berg et al., ch. 15).
//
//        │                     ┌────●────┐         ● a way meets the rim
//     ●──┼──●                  │   ╱ ╲   │         ◦ a corner that stands in the way
//     │  │  │                  ●──╱───╲──●
//                              └──◦▓▓▓◦──┘

/** Rings of points: those outside and those of holes alike, each closed by itself (the first point is not repeated). */
export interface Square<Node extends number = number> {
  readonly rings: readonly (readonly Node[])[]
  /** 1e-7 degrees; only compared, so the plane does. */
  readonly lat: (node: Node) => number
  readonly lon: (node: Node) => number
  /** Does something else than the rim lead there? */
  readonly meets: (node: Node) => boolean
}

/** A square with more places to see is joined at these many: its lines grow with their square. */
const MOST_PLACES = 24
/** Rims with more points than this are no squares but woods. */
const MOST_POINTS = 2000

/** Pairs of the rim's nodes to be joined by a straight way across. */
export function linesAcross<Node extends number>(square: Square<Node>): [Node, Node][] {
  const points = square.rings.reduce((n, ring) => n + ring.length, 0)
  const doors = square.rings.flat().filter(square.meets)
  if (doors.length < 2 || points > MOST_POINTS) return []
  const corners = square.rings.flatMap(ring =>
    ring.filter((node, i) => !square.meets(node) && isCorner(square, ring, i)),
  )
  const places = [...new Set([...evenly(doors, MOST_PLACES), ...corners])].slice(0, MOST_PLACES)
  const neighbours = new Set<string>()
  for (const ring of square.rings)
    ring.forEach((node, i) => {
      const next = ring[(i + 1) % ring.length]!
      neighbours.add(`${node} ${next}`).add(`${next} ${node}`)
    })
  const lines: [Node, Node][] = []
  for (const [i, a] of places.entries())
    for (const b of places.slice(i + 1)) if (!neighbours.has(`${a} ${b}`) && sees(square, a, b)) lines.push([a, b])
  return lines
}

const evenly = <T>(all: readonly T[], most: number): readonly T[] =>
  all.length <= most ? all : Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!)

/** Does the square bend inwards here? Just beyond the tip, away from both neighbours, one is still inside. */
function isCorner<Node extends number>(square: Square<Node>, ring: readonly Node[], i: number): boolean {
  const { lat, lon } = square
  const [before, at, after] = [ring.at(i - 1)!, ring[i]!, ring[(i + 1) % ring.length]!]
  const [x, y] = [lon(at), lat(at)]
  const [dx, dy] = [x - (lon(before) + lon(after)) / 2, y - (lat(before) + lat(after)) / 2]
  const length = Math.hypot(dx, dy)
  // straight on, or so nearly that nobody walks round it
  if (length < 20) return false
  return inside(square, x + (dx / length) * 5, y + (dy / length) * 5)
}

function sees<Node extends number>(square: Square<Node>, a: Node, b: Node): boolean {
  const { lat, lon } = square
  const [x1, y1, x2, y2] = [lon(a), lat(a), lon(b), lat(b)]
  for (const ring of square.rings)
    for (const [i, from] of ring.entries()) {
      const to = ring[(i + 1) % ring.length]!
      if (from === a || from === b || to === a || to === b) continue
      if (cross(x1, y1, x2, y2, lon(from), lat(from), lon(to), lat(to))) return false
    }
  // along the rim's outside there is nothing to walk on
  return [0.25, 0.5, 0.75].every(share => inside(square, x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
}

function cross(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number): number =>
    Math.sign((qx - px) * (ry - py) - (qy - py) * (rx - px))
  return (
    side(ax, ay, bx, by, cx, cy) !== side(ax, ay, bx, by, dx, dy) &&
    side(cx, cy, dx, dy, ax, ay) !== side(cx, cy, dx, dy, bx, by)
  )
}

/** Even–odd rule over all rings. */
function inside<Node extends number>({ rings, lat, lon }: Square<Node>, x: number, y: number): boolean {
  let odd = false
  for (const ring of rings)
    for (const [i, from] of ring.entries()) {
      const to = ring[(i + 1) % ring.length]!
      const [x1, y1, x2, y2] = [lon(from), lat(from), lon(to), lat(to)]
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd
    }
  return odd
}

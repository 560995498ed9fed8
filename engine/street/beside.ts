// Points beside ways → places on them: which way is nearest, and where on it. The points lie in a grid, and all ways pass over it once.
//
//        ● bench, door                    the foot of the line from the bench to the way becomes a node of it,
//        ┊                                or the way's own node, when that is as near as makes no difference
//   a ───┴──────────── b

import { GrowColumn } from '../core/columns.ts'
import { E7, METRES_PER_DEGREE, metresBetween } from '../core/geo.ts'
import { Mode, mayUse, NODE_BENCH, NODE_BIKE_CHARGER } from './graph.ts'
import { type Spot, SpotKind } from './spots.ts'

/** Ways as the builder has them. */
export interface WayLines {
  /** way → range in `nodes` */
  readonly begin: GrowColumn<Uint32Array>
  readonly traits: Uint32Array
  readonly nodes: GrowColumn<Uint32Array>
  /** node → 1e-7 degrees */
  readonly lat: GrowColumn<Int32Array>
  readonly lon: GrowColumn<Int32Array>
}

/** On the piece from `nodes[at]` to the next one. */
interface Beside {
  readonly at: number
  /** 0 … 1 */
  readonly share: number
  /** Length of the piece, metres. */
  readonly metres: number
}

/** Farthest from a bench, a charging point or a door to the way on which one comes to it, and where a node of that way will do. Metres. */
const [BESIDE_METRES, SAME_METRES] = [25, 2]

/** The ways with a node for each spot that one of them passes, in `nodeOf` by its index; `addNode` makes new ones (1e-7 degrees). */
export function putBeside(
  ways: WayLines,
  spots: readonly Spot[],
  addNode: (lat: number, lon: number) => number,
): { begin: GrowColumn<Uint32Array>; nodes: GrowColumn<Uint32Array>; nodeOf: Map<number, number> } {
  const found = placesBeside(ways, spots)
  const placed = found.flatMap((beside, spot) => (beside ? [{ spot, ...beside }] : []))
  placed.sort((a, b) => a.at - b.at || a.share - b.share)
  const begin = new GrowColumn(Uint32Array)
  const nodes = new GrowColumn(Uint32Array)
  const nodeOf = new Map<number, number>()
  let next = 0
  for (let w = 0; w + 1 < ways.begin.length; w++) {
    begin.push(nodes.length)
    for (let at = ways.begin.data[w]!; at < ways.begin.data[w + 1]!; at++) {
      nodes.push(ways.nodes.data[at]!)
      for (; placed[next]?.at === at; next++) {
        const before = nodes.data[nodes.length - 1]!
        const node = nodeFor(ways, placed[next]!, before, addNode)
        nodeOf.set(placed[next]!.spot, node)
        if (node !== before && node !== ways.nodes.data[at + 1]) nodes.push(node)
      }
    }
  }
  begin.push(nodes.length)
  return { begin, nodes, nodeOf }
}

/** The node at a place of a piece: one that is there already (`before` is the last on the piece so far), or a new one. */
function nodeFor(
  { nodes, lat, lon }: WayLines,
  { at, share, metres }: Beside,
  before: number,
  addNode: (lat: number, lon: number) => number,
): number {
  const [a, b] = [nodes.data[at]!, nodes.data[at + 1]!]
  if ((1 - share) * metres < SAME_METRES) return b
  const between = ({ data }: GrowColumn<Int32Array>): number => Math.round(data[a]! + share * (data[b]! - data[a]!))
  const place = [between(lat), between(lon)] as const
  return metresBetween(lat.data[before]!, lon.data[before]!, ...place) < SAME_METRES ? before : addNode(...place)
}

const UNIT = METRES_PER_DEGREE / E7

/** The mode whose ways lead to the spot. */
function modeFor({ kind, nodeTraits }: Spot): Mode {
  if (kind === SpotKind.entrance || (nodeTraits & NODE_BENCH) !== 0) return Mode.foot
  return (nodeTraits & NODE_BIKE_CHARGER) !== 0 ? Mode.bike : Mode.wheelchair
}

/** For each spot the nearest place on a way that leads to it, undefined if there is none near. */
function placesBeside(ways: WayLines, spots: readonly Spot[]): (Beside | undefined)[] {
  const best = new Float64Array(spots.length).fill(BESIDE_METRES)
  const found: (Beside | undefined)[] = spots.map(() => undefined)
  const [lat, lon, nodes] = [ways.lat.data, ways.lon.data, ways.nodes.data]
  const narrow = (at: number): number => Math.max(0.01, Math.cos(((at / E7) * Math.PI) / 180))
  const high = BESIDE_METRES / UNIT
  const wide = high / spots.reduce((least, spot) => Math.min(least, narrow(spot.lat)), 1)
  const cells = new Map<number, number[]>()
  const [row, column] = [(at: number) => Math.floor(at / high), (at: number) => Math.floor(at / wide)]
  const key = (r: number, c: number): number => r * 0x200_0000 + c
  for (const [i, spot] of spots.entries())
    cells.getOrInsertComputed(key(row(spot.lat), column(spot.lon)), () => []).push(i)

  const measure = (i: number, at: number, a: number, b: number): void => {
    const spot = spots[i]!
    const shrink = narrow(spot.lat)
    const [x1, y1] = [(lon[a]! - spot.lon) * shrink, lat[a]! - spot.lat]
    const [dx, dy] = [(lon[b]! - lon[a]!) * shrink, lat[b]! - lat[a]!]
    const squared = dx * dx + dy * dy
    const share = squared === 0 ? 0 : Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / squared))
    const metres = Math.hypot(x1 + share * dx, y1 + share * dy) * UNIT
    if (metres >= best[i]!) return
    best[i] = metres
    found[i] = { at, share, metres: Math.sqrt(squared) * UNIT }
  }
  for (let w = 0; w + 1 < ways.begin.length; w++)
    for (let at = ways.begin.data[w]!; at + 1 < ways.begin.data[w + 1]!; at++) {
      const [a, b] = [nodes[at]!, nodes[at + 1]!]
      const [south, north] = [row(Math.min(lat[a]!, lat[b]!)) - 1, row(Math.max(lat[a]!, lat[b]!)) + 1]
      const [west, east] = [column(Math.min(lon[a]!, lon[b]!)) - 1, column(Math.max(lon[a]!, lon[b]!)) + 1]
      const look = (i: number): void => {
        if (mayUse(ways.traits[w]!, modeFor(spots[i]!))) measure(i, at, a, b)
      }
      // a ferry from coast to coast passes more cells than there are spots
      if ((north - south + 1) * (east - west + 1) > spots.length) for (let i = 0; i < spots.length; i++) look(i)
      else
        for (let r = south; r <= north; r++)
          for (let c = west; c <= east; c++) for (const i of cells.get(key(r, c)) ?? []) look(i)
    }
  return found
}

// The streets of the demo city, invented: a slightly bent grid with names, denser around stations, with a pedestrian centre and parks.
//
//      ═══╪═══╪═══╪═══╪═══   every fourth street (═ ║) crosses the whole city, the others only where a station is near;
//      ───┼───┼┄┄┄┼───┼───   one block in ten has no street on a side; the blocks next to a station have lanes (┄ ┆) through them
//         │   ┆   │   ║
//
// Every crossing is at a place of its own (seeded), and what hangs on nothing is left out: any two addresses are joined.

import type { OsmMap, OsmTags } from '../osm/write.ts'
import type { City } from './city.ts'
import { distance, MapDrawing, type Point, type Spot, toPlane } from './plane.ts'
import { mix, roll, wave } from './random.ts'
import { drawStation } from './station-ways.ts'
import { streetName } from './street-names.ts'

/** Metres between streets; crossings east and north that cover the city. */
const SPACING = 240
const COLUMNS = 90
const ROWS = 64
const MAIN_EVERY = 4
/** So near to a station (metres) there are side streets, and lanes. */
const SIDE_STREETS = 950
const LANES = 330
const MISSING = 0.1
/** Streets change their name after so many blocks. */
const NAME_BLOCKS = 14
const STREETS_ACROSS = ROWS * Math.ceil(COLUMNS / NAME_BLOCKS)

const PARKS = [
  { at: 'Westfalenpark', metres: 330 },
  { at: 'Rombergpark', metres: 300 },
  { at: 'Fredenbaum', metres: 280 },
  { at: 'Hauptfriedhof', metres: 320 },
  { at: 'Grotenbachstraße', metres: 200 },
] as const
const CENTRE = { at: 'Kampstraße', metres: 480 }

/** The same seed draws the same streets. */
export function buildStreets(city: City, seed: number): OsmMap {
  const map = new MapDrawing()
  const net = drawGrid(map, new Plan(city, mix(seed, 0x57ee7)))
  for (const station of city.stations) drawStation(map, station, net)
  return { nodes: map.nodes, ways: map.ways }
}

/** Where a street could be: a piece between two crossings, its middle, and what it is. `across`: west–east, else south–north. */
interface Block {
  readonly i: number
  readonly j: number
  readonly across: boolean
}

/** Decides, for any crossing and block, whether it is there and what it is; the same answer each time. */
class Plan {
  readonly seed: number
  readonly #stations: readonly Point[]
  readonly #parks: readonly { centre: Point; metres: number }[]
  readonly #centre: Point

  constructor(city: City, seed: number) {
    this.seed = seed
    const at = (name: string): Point => toPlane(city.stations.find(s => s.name === `Dortmund ${name}`)!)
    this.#stations = city.stations.map(toPlane)
    // a park begins beside its station
    this.#parks = PARKS.map(({ at: name, metres }) => {
      const { x, y } = at(name)
      return { centre: { x: x + metres * 0.8, y: y - metres * 0.6 }, metres }
    })
    this.#centre = at(CENTRE.at)
  }

  crossing(i: number, j: number): Point {
    const { seed } = this
    const own = mix(mix(seed, i), j)
    // two swings, a wide and a narrow one, turn the chessboard into something that has grown
    const swing = (axis: number, a: number, b: number): number =>
      270 * wave(seed + axis, a / 11 + b / 23) + 60 * wave(seed + axis + 10, a / 4 - b / 9)
    return {
      x: i * SPACING + swing(1, j, i) + 40 * (roll(own, 1) - 0.5),
      y: j * SPACING + swing(2, i, j) + 40 * (roll(own, 2) - 0.5),
    }
  }

  /** The middle of a block's street, a little off the straight line. */
  middle({ i, j, across }: Block): Point {
    const a = this.crossing(i, j)
    const b = across ? this.crossing(i + 1, j) : this.crossing(i, j + 1)
    const bend = 0.1 * (roll(mix(mix(this.seed + 3, i), j), across ? 1 : 0) - 0.5)
    return { x: (a.x + b.x) / 2 - (b.y - a.y) * bend, y: (a.y + b.y) / 2 + (b.x - a.x) * bend }
  }

  isMain = ({ i, j, across }: Block): boolean => (across ? j : i) % MAIN_EVERY === 0

  has(block: Block): boolean {
    if (this.isMain(block)) return true
    const { i, j, across } = block
    const there = roll(mix(mix(this.seed + 4, i), j), across ? 1 : 0) >= MISSING
    return there && this.toStation(this.middle(block)) < SIDE_STREETS
  }

  toStation(p: Point): number {
    let nearest = Number.POSITIVE_INFINITY
    for (const s of this.#stations) nearest = Math.min(nearest, distance(s, p))
    return nearest
  }

  tags(block: Block): OsmTags {
    const { i, j, across } = block
    const run = across
      ? j + ROWS * Math.floor(i / NAME_BLOCKS)
      : STREETS_ACROSS + i + COLUMNS * Math.floor(j / NAME_BLOCKS)
    const name = streetName(mix(this.seed, 5), run)
    const middle = this.middle(block)
    if (this.#parks.some(park => distance(park.centre, middle) < park.metres)) {
      return { highway: 'footway', surface: 'fine_gravel', bicycle: 'yes' }
    }
    if (distance(this.#centre, middle) < CENTRE.metres) return { highway: 'pedestrian', name, surface: 'paving_stones' }
    if (this.isMain(block)) return { highway: 'secondary', name, sidewalk: 'both', lit: 'yes', maxspeed: '50' }
    const calm = roll(mix(this.seed, 6), run) < 0.2
    return calm
      ? { highway: 'living_street', name, lit: 'yes' }
      : { highway: 'residential', name, sidewalk: 'both', lit: 'yes', maxspeed: '30' }
  }
}

/** Draws all streets that hang together. Returns the spots that something may be joined to. */
function drawGrid(map: MapDrawing, plan: Plan): Spot[] {
  const blocks = connected([...candidates(plan)])
  const spots = new Map<string, Spot>()
  const spotAt = (key: string, point: () => Point): Spot => {
    let spot = spots.get(key)
    if (!spot) {
      spot = map.spot(point())
      spots.set(key, spot)
    }
    return spot
  }
  const crossing = (i: number, j: number): Spot => spotAt(`${i},${j}`, () => plan.crossing(i, j))
  const middle = (b: Block): Spot => spotAt(blockKey(b), () => plan.middle(b))

  // a way for each stretch of blocks with equal tags
  let spotsOfWay: Spot[] = []
  let tags: OsmTags = {}
  let words = ''
  for (const block of blocks) {
    const { i, j, across } = block
    const start = crossing(i, j)
    const blockTags = plan.tags(block)
    const blockWords = JSON.stringify(blockTags)
    if (spotsOfWay.at(-1) !== start || blockWords !== words) {
      if (spotsOfWay.length > 0) map.way(spotsOfWay, tags)
      spotsOfWay = [start]
      tags = blockTags
      words = blockWords
    }
    spotsOfWay.push(middle(block), across ? crossing(i + 1, j) : crossing(i, j + 1))
  }
  if (spotsOfWay.length > 0) map.way(spotsOfWay, tags)

  drawLanes(map, plan, new Set(blocks.map(blockKey)), middle)
  return [...spots.values()]
}

const blockKey = ({ i, j, across }: Block): string => `${i},${j},${across ? 'e' : 'n'}`

/** In the order in which one travels along the streets. */
function* candidates(plan: Plan): Generator<Block> {
  for (let j = 0; j < ROWS; j++) {
    for (let i = 0; i + 1 < COLUMNS; i++) if (plan.has({ i, j, across: true })) yield { i, j, across: true }
  }
  for (let i = 0; i < COLUMNS; i++) {
    for (let j = 0; j + 1 < ROWS; j++) if (plan.has({ i, j, across: false })) yield { i, j, across: false }
  }
}

/** The blocks that can be reached from the first one (a main street). */
function connected(blocks: readonly Block[]): Block[] {
  const group = Int32Array.from({ length: COLUMNS * ROWS }, (_, crossing) => crossing)
  const find = (crossing: number): number => {
    let c = crossing
    while (group[c] !== c) c = group[c] = group[group[c]!]!
    return c
  }
  for (const { i, j, across } of blocks) {
    const from = j * COLUMNS + i
    group[find(from)] = find(across ? from + 1 : from + COLUMNS)
  }
  const first = blocks[0]!
  const main = find(first.j * COLUMNS + first.i)
  return blocks.filter(({ i, j }) => find(j * COLUMNS + i) === main)
}

/** Through the middle of blocks near a station, from side to side where both sides have a street. */
function drawLanes(map: MapDrawing, plan: Plan, drawn: ReadonlySet<string>, middle: (b: Block) => Spot): void {
  for (let j = 0; j + 1 < ROWS; j++) {
    for (let i = 0; i + 1 < COLUMNS; i++) {
      const [south, north] = [
        { i, j, across: true },
        { i, j: j + 1, across: true },
      ]
      const [west, east] = [
        { i, j, across: false },
        { i: i + 1, j, across: false },
      ]
      if (![south, north, west, east].every(b => drawn.has(blockKey(b)))) continue
      const [w, e, s, n] = [middle(west), middle(east), middle(south), middle(north)]
      const heart = { x: (w.x + e.x + s.x + n.x) / 4, y: (w.y + e.y + s.y + n.y) / 4 }
      if (plan.toStation(heart) > LANES) continue
      const centre = map.spot(heart)
      const lit = { lit: 'yes' }
      map.way([w, centre, e], { highway: 'footway', ...lit })
      map.way([s, centre, n], { highway: 'living_street', ...lit })
    }
  }
}

// The land: municipalities with Germany's distribution of sizes (the r-th largest has 3.6 M · r^−0.8 inhabitants: 80 above 100,000, 700 above
// 20,000, 11,000 in all) on a plane, each with its stops on a bent lattice around the station in its middle. A smaller country is a sample
// of the large one: a hundredth of the municipalities on a hundredth of the area.

import { type Random, random } from '../../test/helpers/random.ts'

export interface Town {
  /** 1 = the largest of the whole country; a sample has every so-manieth. */
  readonly rank: number
  readonly name: string
  /** Metres. */
  readonly x: number
  readonly y: number
  /** Its stops; the first is in the middle and the station, if it has one. */
  readonly stops: readonly Stop[]
  /** Lattice place → stop. */
  readonly at: ReadonlyMap<number, Stop>
  readonly railway: boolean
}

/** A place where vehicles stop: in the feed a station with its platforms. */
export interface Stop {
  readonly number: number
  readonly name: string
  readonly x: number
  readonly y: number
  /** Place in the town's lattice. */
  readonly column: number
  readonly row: number
  /** Platforms for buses and trams, then tracks. */
  readonly bays: number
  readonly tracks: number
  served: boolean
}

const LARGEST = 3.6e6
const MUNICIPALITIES = 11_000
const WITH_RAILWAY = 5_000
const PEOPLE_PER_STOP = 880
const STOPS_BESIDES = 2
/** Metres between stops of a town. */
const SPACING = 450
const SIDE_OF_ALL = 600_000

export const latticeKey = (column: number, row: number): number => (column + 512) * 1024 + row + 512

export const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number =>
  Math.hypot(a.x - b.x, a.y - b.y)

/** @param share of the whole country, 0 … 1 */
export function buildLand(share: number, seed: number): Town[] {
  const r = random(seed)
  const side = SIDE_OF_ALL * Math.sqrt(share)
  const towns: Town[] = []
  const room = new Room(side)
  let stops = 0
  for (let i = 0; i < Math.round(MUNICIPALITIES * share); i++) {
    const rank = (i + 0.5) / share
    const size = STOPS_BESIDES + Math.round((LARGEST * rank ** -0.8) / PEOPLE_PER_STOP)
    const radius = SPACING * Math.sqrt((1.15 * size) / Math.PI)
    const [x, y] = room.find(r, radius)
    const name = townName(r)
    const railway = rank <= WITH_RAILWAY
    const list = drawStops({ name, x, y, size, railway, first: stops }, r)
    stops += list.length
    towns.push({
      rank,
      name,
      x,
      y,
      stops: list,
      at: new Map(list.map(s => [latticeKey(s.column, s.row), s])),
      railway,
    })
  }
  return towns
}

/** Where there is room for one more town. */
class Room {
  private readonly side: number
  private readonly cells = new Map<number, { x: number; y: number; radius: number }[]>()
  constructor(side: number) {
    this.side = side
  }
  /** The freest of some places; the largest towns come first and find what they need. */
  find(r: Random, radius: number): [number, number] {
    let best = { x: 0, y: 0, free: Number.NEGATIVE_INFINITY }
    for (let attempt = 0; attempt < 12; attempt++) {
      const place = { x: r.below(this.side), y: r.below(this.side) }
      let free = 3_000
      for (const other of this.around(place.x, place.y))
        free = Math.min(free, distance(place, other) - other.radius - radius)
      if (free > best.free) best = { ...place, free }
      if (free >= 3_000) break
    }
    const town = { x: best.x, y: best.y, radius }
    for (let cx = -radius; cx <= radius + CELL; cx += CELL)
      for (let cy = -radius; cy <= radius + CELL; cy += CELL) {
        const key = cellOf(town.x + cx, town.y + cy)
        const cell = this.cells.get(key)
        if (cell) cell.push(town)
        else this.cells.set(key, [town])
      }
    return [best.x, best.y]
  }
  private *around(x: number, y: number): Generator<{ x: number; y: number; radius: number }> {
    for (const dx of [-CELL, 0, CELL])
      for (const dy of [-CELL, 0, CELL]) yield* this.cells.get(cellOf(x + dx, y + dy)) ?? []
  }
}

const CELL = 8_000
const cellOf = (x: number, y: number): number => (Math.floor(x / CELL) + 64) * 4096 + Math.floor(y / CELL) + 64

interface Plan {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly size: number
  readonly railway: boolean
  readonly first: number
}

/** The lattice places nearest to the middle, each moved a little. */
function drawStops({ name, x, y, size, railway, first }: Plan, r: Random): Stop[] {
  const reach = Math.ceil(Math.sqrt((1.3 * size) / Math.PI)) + 1
  const places: [number, number][] = []
  for (let column = -reach; column <= reach; column++)
    for (let row = -reach; row <= reach; row++) places.push([column, row])
  // villages lie along their road
  const stretch = size < 6 ? 9 : 1
  places.sort((a, b) => a[0] ** 2 * stretch + a[1] ** 2 - b[0] ** 2 * stretch - b[1] ** 2)
  // every other operator tells the town's name with each stop, the others do not
  const prefix = r.chance(0.5) ? `${name}, ` : ''
  return places.slice(0, size).map(([column, row], i) => ({
    number: first + i,
    name: i === 0 && railway ? `${name} ${size > 100 ? 'Hbf' : 'Bahnhof'}` : `${prefix}${streetName(r)}`,
    x: x + column * SPACING + (i === 0 ? 0 : r.between(-120, 120)),
    y: y + row * SPACING + (i === 0 ? 0 : r.between(-120, 120)),
    column,
    row,
    bays: i === 0 ? Math.min(12, 2 + Math.floor(size / 25) * 2) : 2,
    tracks: i === 0 && railway ? Math.min(16, 2 + 2 * Math.floor(Math.log2(1 + size / 20))) : 0,
    served: false,
  }))
}

const HEADS =
  'Alten Burg Dorn Eich Feld Grün Hohen Kirch Lang Mühl Neu Ober Rot Sand Stein Tal Unter Wald Weiss Wolf'.split(' ')
const TAILS =
  'au bach berg born bruck burg dorf feld furt hagen heim hausen kirchen leben ried rode stadt stein tal weiler'.split(
    ' ',
  )
const FIRST =
  'Am An_der Alter Berliner Friedrich Garten Goethe Hafen Haupt Kant Linden Markt Nord Park Ring Schiller Schul Sonnen Süd Wiesen'.split(
    ' ',
  )
const LAST = 'allee brücke garten hof kirche park platz straße tor weg'.split(' ')

const townName = (r: Random): string =>
  `${r.pick(HEADS)}${r.chance(0.3) ? r.pick(HEADS).toLowerCase() : ''}${r.pick(TAILS)}`
const streetName = (r: Random): string => {
  const first = r.pick(FIRST)
  const last = r.pick(LAST)
  return first.length < 3 || first.includes('_')
    ? `${first.replace('_', ' ')} ${last[0]!.toUpperCase()}${last.slice(1)}`
    : `${first}${last}`
}

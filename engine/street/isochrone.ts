// How far one gets in so many minutes, as areas along the streets: the streets reached are drawn into a grid with the time at which each
// place is reached, widened by a short way off the street (on foot, to the doors), and the grid is cut at each ring's time.

import { E7, METRES_PER_DEGREE, metresBetween } from '../core/geo.ts'
import type { EdgeIdx } from '../core/ids.ts'
import { contour, type Polygon } from './contour.ts'
import { leaveMs } from './costs.ts'
import { enduredMm, labelNode } from './endurance.ts'
import type { Profile } from './profile.ts'
import { costBound, type StreetSearch, travelAs } from './search.ts'
import { floodFrom } from './shortest.ts'
import { offMs, type Seed } from './start.ts'
import { pushStretch, wholeEdge } from './stretch.ts'

export interface IsochroneTravel {
  readonly profile: Profile
  /** Seconds, each a ring; the largest counts for the search. */
  readonly rings: readonly number[]
  /** From everywhere to the starts. */
  readonly reverse: boolean
}

export interface Isochrone {
  readonly seconds: number
  /** lon, lat in degrees; a shell and its holes each. */
  readonly polygons: readonly Polygon[]
}

/** A cell's side in metres: fine where the area is small, so that a grid never has more than some hundred thousand cells. */
const FINEST = 25
const MOST_CELLS_ACROSS = 420
/** How far from a street somebody may live. */
const OFF_STREET_METRES = 60
/** Off the street one walks, whoever one is on it. */
const OFF_STREET_SPEED = 1

/** The areas, the largest first. */
export function isochrones(search: StreetSearch, starts: readonly Seed[], travel: IsochroneTravel): Isochrone[] {
  const rings = [...new Set(travel.rings)].sort((a, b) => b - a)
  travelAs(search, travel.profile)
  floodFrom(search, starts, costBound(search, rings[0]!), travel.reverse)
  const grid = drawReached(search, starts, rings[0]! * 1000, travel.reverse ? 1 : 0)
  return rings.map(seconds => ({
    seconds,
    polygons: grid ? contour(grid, seconds).map(polygon => polygon.map(ring => grid.toDegrees(ring))) : [],
  }))
}

interface ReachedGrid {
  readonly columns: number
  readonly rows: number
  readonly field: Float32Array
  toDegrees(ring: number[]): number[]
}

/** Told of each place reached, 1e-7 degrees, and when. */
type Plot = (lat: number, lon: number, ms: number) => void

function drawReached(
  search: StreetSearch,
  starts: readonly Seed[],
  maxMs: number,
  reverse: number,
): ReachedGrid | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  const step = FINEST * 0.7
  followStreets(search, starts, maxMs, reverse, 100, (lat, lon) => {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  })
  if (west > east) return undefined
  const unit = METRES_PER_DEGREE / E7
  const shrink = Math.cos((((south + north) / 2 / E7) * Math.PI) / 180)
  const across = Math.max((east - west) * shrink, north - south) * unit
  const cell = Math.max(FINEST, across / MOST_CELLS_ACROSS)
  const margin = Math.ceil((OFF_STREET_METRES + 100) / cell) + 2
  const columns = Math.ceil(((east - west) * shrink * unit) / cell) + 2 * margin
  const rows = Math.ceil(((north - south) * unit) / cell) + 2 * margin
  const field = new Float32Array(columns * rows).fill(Number.POSITIVE_INFINITY)
  followStreets(search, starts, maxMs, reverse, (step * cell) / FINEST, (lat, lon, ms) => {
    const x = Math.round(((lon - west) * shrink * unit) / cell) + margin
    const y = Math.round(((lat - south) * unit) / cell) + margin
    const at = y * columns + x
    if (ms / 1000 < field[at]!) field[at] = ms / 1000
  })
  widen(field, columns, rows, cell)
  return {
    columns,
    rows,
    field,
    toDegrees: ring =>
      ring.map((value, i) =>
        round(
          (i % 2 === 0 ? west + ((value - margin) * cell) / unit / shrink : south + ((value - margin) * cell) / unit) /
            E7,
        ),
      ),
  }
}

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

/** A dot at least every `step` metres along each street, from where one starts and on from each node that was reached. */
function followStreets(
  search: StreetSearch,
  starts: readonly Seed[],
  maxMs: number,
  reverse: number,
  step: number,
  plot: Plot,
): void {
  const { graph, costs, touched, touchedCount, times } = search
  for (const { place, ms } of starts) {
    if (ms > maxMs) continue
    plot(place.lat, place.lon, ms)
    const length = graph.edgeMillimetres[place.edge]
    for (const backward of [0, 1]) {
      const direction = (graph.edgeSort[place.edge] << 1) | (backward ^ reverse)
      const points: number[] = []
      pushStretch(graph, { edge: place.edge, fromMm: place.alongMm, toMm: backward ? 0 : length }, points)
      const mm = enduredMm(search, { offMm: place.offsetMm }, direction, reverse)
      follow(points, ms + offMs(costs, place), costs.time[direction]!, mm, maxMs, step, plot)
    }
  }
  for (let i = 0; i < touchedCount; i++) {
    const label = touched[i]!
    if (times[label]! > maxMs) continue
    const node = labelNode(search, label)
    plot(graph.nodeLat[node]!, graph.nodeLon[node]!, times[label]!)
    const leave = leaveMs(costs, graph.nodeTraits[node]!, times[label]!)
    if (leave > maxMs) continue
    for (let a = graph.arcsBegin[node]!; a < graph.arcsBegin[node + 1]!; a++) {
      const edge = (graph.arcEdge[a]! >>> 1) as EdgeIdx
      const backward = graph.arcEdge[a]! & 1
      const direction = (graph.edgeSort[edge] << 1) | (backward ^ reverse)
      const pace = costs.time[direction]!
      if (pace === Number.POSITIVE_INFINITY) continue
      const points: number[] = []
      pushStretch(graph, wholeEdge(graph, edge, backward === 1), points)
      follow(points, leave, pace, enduredMm(search, { label }, direction, reverse), maxMs, step, plot)
    }
  }
}

/** @param pace ms per mm; maxMm how far at most */
function follow(
  points: readonly number[],
  from: number,
  pace: number,
  maxMm: number,
  maxMs: number,
  step: number,
  plot: Plot,
): void {
  if (pace === Number.POSITIVE_INFINITY) return
  const end = Math.min(maxMs, from + maxMm * pace)
  let ms = from
  for (let p = 0; p + 3 < points.length; p += 2) {
    const [lat, lon, nextLat, nextLon] = [points[p]!, points[p + 1]!, points[p + 2]!, points[p + 3]!]
    const metres = metresBetween(lat, lon, nextLat, nextLon)
    const dots = Math.max(1, Math.ceil(metres / step))
    for (let d = 1; d <= dots; d++) {
      const at = ms + (metres * 1000 * pace * d) / dots
      if (at > end) return
      plot(lat + ((nextLat - lat) * d) / dots, lon + ((nextLon - lon) * d) / dots, at)
    }
    ms += metres * 1000 * pace
  }
}

/** From the streets to the doors: cells near one that was reached are, a little later (two sweeps, as in a chamfer distance). */
function widen(field: Float32Array, columns: number, rows: number, cell: number): void {
  const reach = Math.max(1, Math.round(OFF_STREET_METRES / cell))
  const seconds = cell / OFF_STREET_SPEED
  const off = new Uint8Array(field.length).fill(255)
  for (let i = 0; i < field.length; i++) if (field[i]! < Number.POSITIVE_INFINITY) off[i] = 0
  const from = (at: number, other: number, step: number): void => {
    const steps = off[other]!
    // a street keeps its own time: nobody gets across a river or a fence this way
    if (off[at] === 0 || steps >= reach || field[other]! + seconds * step >= field[at]!) return
    field[at] = field[other]! + seconds * step
    off[at] = steps + 1
  }
  for (let y = 1; y < rows - 1; y++)
    for (let x = 1; x < columns - 1; x++) {
      const at = y * columns + x
      from(at, at - 1, 1)
      from(at, at - columns, 1)
      from(at, at - columns - 1, Math.SQRT2)
      from(at, at - columns + 1, Math.SQRT2)
    }
  for (let y = rows - 2; y > 0; y--)
    for (let x = columns - 2; x > 0; x--) {
      const at = y * columns + x
      from(at, at + 1, 1)
      from(at, at + columns, 1)
      from(at, at + columns + 1, Math.SQRT2)
      from(at, at + columns - 1, Math.SQRT2)
    }
}

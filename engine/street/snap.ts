// Where a point touches the streets: the nearest place on an edge that somebody may use. Straight lines in a plane around the point.

import { E7, METRES_PER_DEGREE } from '../core/geo.ts'
import type { EdgeIdx } from '../core/ids.ts'
import type { StreetGraph } from './graph.ts'

/** A place on an edge, and how far the point is from it. */
export interface Place {
  readonly edge: EdgeIdx
  /** From the edge's first node. */
  readonly alongMm: number
  /** From the point, as the crow flies. */
  readonly offsetMm: number
  /** What it takes longer than that between the two, of whom limits close the street there (unlimited.ts). */
  readonly moreMs?: number
  readonly lat: number
  readonly lon: number
}

/**
 * The place, but at no end of its street: to a junction one comes without waiting there, and on a street behind it only past its signals, elevator
 * or barrier. Whoever goes on from the place has to.
 */
export function besideNodes(g: StreetGraph, place: Place): Place {
  const length = g.edgeMillimetres[place.edge]
  return length < 2 ? place : { ...place, alongMm: Math.min(Math.max(1, place.alongMm), length - 1) }
}

const MM_PER_UNIT = (METRES_PER_DEGREE * 1000) / E7
// most points lie close to a street: look there first, and farther only if need be
const RADII = [30, 120]

/**
 * The nearest place on an edge that `accepts`, undefined if there is none within `maxMetres`.
 * @param lat, lon 1e-7 degrees
 */
export function snap(
  g: StreetGraph,
  lat: number,
  lon: number,
  maxMetres: number,
  accepts: (edge: EdgeIdx) => boolean,
): Place | undefined {
  for (const radius of [...RADII.filter(r => r < maxMetres), maxMetres]) {
    const place = nearestWithin(g, lat, lon, radius, accepts)
    if (place) return place
  }
  return undefined
}

// The edge nearest so far, its segment and the place on that: scratch of one call.
interface Nearest {
  squared: number
  edge: EdgeIdx
  segment: number
  share: number
}

function nearestWithin(
  g: StreetGraph,
  lat: number,
  lon: number,
  metres: number,
  accepts: (edge: EdgeIdx) => boolean,
): Place | undefined {
  const shrink = Math.cos((lat / E7) * (Math.PI / 180)) // of a degree of longitude
  const radius = (metres * 1000) / MM_PER_UNIT
  const nearest: Nearest = { squared: radius * radius, edge: -1 as EdgeIdx, segment: 0, share: 0 }
  const wide = radius / Math.max(shrink, 0.01)
  g.index.search(lon - wide, lat - radius, lon + wide, lat + radius, edge => {
    if (accepts(edge as EdgeIdx)) measure(g, edge as EdgeIdx, lat, lon, shrink, nearest)
    return false // nothing to collect
  })
  return nearest.edge < 0 ? undefined : placeOn(g, shrink, nearest)
}

function measure(g: StreetGraph, edge: EdgeIdx, lat: number, lon: number, shrink: number, nearest: Nearest): void {
  const [begin, end] = [g.pointsBegin[edge]!, g.pointsBegin[edge + 1]!]
  const [from, to] = [g.edgeFrom[edge], g.edgeTo[edge]]
  let x1 = (g.nodeLon[from]! - lon) * shrink
  let y1 = g.nodeLat[from]! - lat
  for (let p = begin; p <= end; p++) {
    const x2 = ((p < end ? g.pointLon[p]! : g.nodeLon[to]!) - lon) * shrink
    const y2 = (p < end ? g.pointLat[p]! : g.nodeLat[to]!) - lat
    const [dx, dy] = [x2 - x1, y2 - y1]
    const squaredLength = dx * dx + dy * dy
    const share = squaredLength === 0 ? 0 : Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / squaredLength))
    const [x, y] = [x1 + share * dx, y1 + share * dy]
    const squared = x * x + y * y
    if (squared < nearest.squared || (squared === nearest.squared && edge < nearest.edge)) {
      nearest.squared = squared
      nearest.edge = edge
      nearest.segment = p - begin
      nearest.share = share
    }
    x1 = x2
    y1 = y2
  }
}

function placeOn(g: StreetGraph, shrink: number, { edge, segment, share, squared }: Nearest): Place {
  const begin = g.pointsBegin[edge]!
  const count = g.pointsBegin[edge + 1]! - begin + 2
  const latAt = (i: number): number =>
    i === 0 ? g.nodeLat[g.edgeFrom[edge]]! : i === count - 1 ? g.nodeLat[g.edgeTo[edge]]! : g.pointLat[begin + i - 1]!
  const lonAt = (i: number): number =>
    i === 0 ? g.nodeLon[g.edgeFrom[edge]]! : i === count - 1 ? g.nodeLon[g.edgeTo[edge]]! : g.pointLon[begin + i - 1]!
  let before = 0
  let whole = 0
  for (let i = 0; i + 1 < count; i++) {
    const length = Math.hypot((lonAt(i + 1) - lonAt(i)) * shrink, latAt(i + 1) - latAt(i))
    if (i < segment) before += length
    if (i === segment) before += length * share
    whole += length
  }
  return {
    edge,
    // as a share of the edge, so that it agrees with the length by which the edge is known
    alongMm: whole === 0 ? 0 : Math.round((before / whole) * g.edgeMillimetres[edge]),
    offsetMm: Math.round(Math.sqrt(squared) * MM_PER_UNIT),
    lat: Math.round(latAt(segment) + share * (latAt(segment + 1) - latAt(segment))),
    lon: Math.round(lonAt(segment) + share * (lonAt(segment + 1) - lonAt(segment))),
  }
}

// A piece of an edge, walked from one place on it to another: what a way on streets is made of.

import { metresBetween } from '../core/geo.ts'
import type { EdgeIdx } from '../core/ids.ts'
import type { StreetGraph } from './graph.ts'

/** Millimetres from the edge's first node; `fromMm > toMm` means backwards. */
export interface Stretch {
  readonly edge: EdgeIdx
  readonly fromMm: number
  readonly toMm: number
}

export const wholeEdge = (g: StreetGraph, edge: EdgeIdx, backward: boolean): Stretch => {
  const length = g.edgeMillimetres[edge]
  return backward ? { edge, fromMm: length, toMm: 0 } : { edge, fromMm: 0, toMm: length }
}

/** Appends lat, lon unless the line is there already. */
export function pushPoint(lat: number, lon: number, into: number[]): void {
  if (into.length === 0 || into.at(-2) !== lat || into.at(-1) !== lon) into.push(lat, lon)
}

/** Appends the points of a stretch in the direction of travel, both ends included, as lat, lon, … in 1e-7 degrees. */
export function pushStretch(g: StreetGraph, { edge, fromMm, toMm }: Stretch, into: number[]): void {
  const points = edgePoints(g, edge)
  const backward = fromMm > toMm
  const [low, high] = backward ? [toMm, fromMm] : [fromMm, toMm]
  const along: number[] = []
  let at = 0
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [lat1, lon1, lat2, lon2] = [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!]
    const length = metresBetween(lat1, lon1, lat2, lon2) * 1000
    const between = (mm: number): [number, number] => {
      const share = length === 0 ? 0 : Math.min(1, Math.max(0, (mm - at) / length))
      return [Math.round(lat1 + share * (lat2 - lat1)), Math.round(lon1 + share * (lon2 - lon1))]
    }
    // the edge's length is a rounded sum: its end counts as reached on the last piece
    if (at + length >= low || i + 4 >= points.length) {
      if (along.length === 0) pushPoint(...between(low), along)
      pushPoint(...between(high), along)
    }
    at += length
    if (at >= high) break
  }
  if (backward) for (let i = along.length - 2; i >= 0; i -= 2) pushPoint(along[i]!, along[i + 1]!, into)
  else for (let i = 0; i < along.length; i += 2) pushPoint(along[i]!, along[i + 1]!, into)
}

/** All points of an edge, both ends included: lat, lon, … */
export function edgePoints(g: StreetGraph, edge: EdgeIdx): number[] {
  const [from, to] = [g.edgeFrom[edge], g.edgeTo[edge]]
  const points = [g.nodeLat[from]!, g.nodeLon[from]!]
  for (let p = g.pointsBegin[edge]!; p < g.pointsBegin[edge + 1]!; p++) points.push(g.pointLat[p]!, g.pointLon[p]!)
  points.push(g.nodeLat[to]!, g.nodeLon[to]!)
  return points
}

// The streets in a rectangle, as lines to draw a map from.

import type { EdgeIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { KINDS, type KindName, kindNames, kindOf, type StreetGraph, traitsOf } from './graph.ts'
import { edgePoints } from './stretch.ts'

/** 1e-7 degrees */
export interface Box {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

export interface StreetLine {
  readonly kind: KindName
  readonly name: string
  /** lat, lon, … in 1e-7 degrees */
  readonly points: readonly number[]
}

/** Lines of the edges that touch the box; of more than `limit` the less important kinds of street are left out. */
export function edgesInBox(g: StreetGraph, box: Box, limit: number): StreetLine[] {
  const found = g.index.search(box.west, box.south, box.east, box.north) as EdgeIdx[]
  const ofKind = new Uint32Array(KINDS)
  for (const edge of found) ofKind[kindOf(traitsOf(g, edge))]!++
  let kinds = 0
  for (let drawn = 0; kinds < KINDS; kinds++) {
    // even the most important kind alone may be too much: that is cut
    if (drawn > 0 && drawn + ofKind[kinds]! > limit) break
    drawn += ofKind[kinds]!
  }
  const drawn = found.filter(edge => kindOf(traitsOf(g, edge)) < kinds).slice(0, limit)
  return drawn.map(edge => ({
    kind: kindNames[kindOf(traitsOf(g, edge))]!,
    name: textOf(g, g.edgeName[edge]),
    points: edgePoints(g, edge),
  }))
}

/** The floors that edges touching the box are on or lead to, highest first. */
export function levelsInBox(g: StreetGraph, box: Box): number[] {
  const halves = new Set<number>()
  for (const edge of g.index.search(box.west, box.south, box.east, box.north)) {
    halves.add(g.edgeFromLevel[edge]!)
    halves.add(g.edgeToLevel[edge]!)
  }
  return [...halves].sort((a, b) => b - a).map(half => half / 2)
}

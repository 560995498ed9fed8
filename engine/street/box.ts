// What is known of the streets in a rectangle.

import type { Box } from '../core/geo.ts'
import type { StreetGraph } from './graph.ts'

/** The floors that edges touching the box are on or lead to. */
export function levelsInBox(g: StreetGraph, box: Box): number[] {
  const halves = new Set<number>()
  for (const edge of g.index.search(box.west, box.south, box.east, box.north)) {
    halves.add(g.edgeFromLevel[edge]!)
    halves.add(g.edgeToLevel[edge]!)
  }
  return Array.from(halves, half => half / 2)
}

// Is a way passable for this traveller: yes, no, or nobody knows; and what stands in the way, by the ids of the map.

import { E7 } from '../core/geo.ts'
import { judgeNode, judgeWay, type LimitName, type Passable } from './costs.ts'
import { accidentsOf, formOf, type StreetGraph, traitsOf } from './graph.ts'
import type { Profile } from './profile.ts'
import { pushStretch, type Stretch } from './stretch.ts'

export interface Obstacle {
  readonly limit: LimitName
  readonly passable: Exclude<Passable, 'yes'>
  /** Of the way it is on, or leads away from it. */
  readonly osmWay: number
  /** Degrees. */
  readonly lat: number
  readonly lon: number
}

export interface Verdict {
  readonly passable: Passable
  /** One for each limit and way, in the order of travel, what is not passable first. */
  readonly obstacles: readonly Obstacle[]
}

/** A place where accidents happened. */
export interface HotSpot {
  readonly osmWay: number
  readonly lat: number
  readonly lon: number
  /** 1 … 7, by number and gravity for the length of the street. */
  readonly accidents: number
}

/** @param before on the way from its streets to its ends */
export function judgeStretches(
  g: StreetGraph,
  profile: Profile,
  stretches: readonly Stretch[],
  before: readonly Obstacle[] = [],
): Verdict {
  const found = new Map<string, Obstacle>()
  const add = (stretch: Stretch, verdicts: readonly [LimitName, Passable][]): void => {
    for (const [limit, passable] of verdicts) {
      const osmWay = g.edgeWay[stretch.edge]!
      if (passable !== 'yes')
        found.getOrInsert(`${limit} ${osmWay}`, { limit, passable, osmWay, ...startOf(g, stretch) })
    }
  }
  for (const [i, stretch] of stretches.entries()) {
    if (stretch.fromMm === stretch.toMm) continue
    add(stretch, judgeWay(profile, traitsOf(g, stretch.edge), formOf(g, stretch.edge)))
    if (i > 0) add(stretch, judgeNode(profile, g.nodeTraits[startNode(g, stretch)]!))
  }
  for (const obstacle of before) found.getOrInsert(`${obstacle.limit} ${obstacle.osmWay}`, obstacle)
  const obstacles = [...found.values()].sort((a, b) => (a.passable < b.passable ? -1 : a.passable > b.passable ? 1 : 0))
  return { passable: obstacles[0]?.passable ?? 'yes', obstacles }
}

/**
 * Places of accidents along a way, in travel order: edges one after the other on one OSM way are one place, in the middle of the worst.
 * @param without edges that do not count
 */
export function hotSpotsOn(
  g: StreetGraph,
  stretches: readonly Stretch[],
  without: ReadonlySet<number> = new Set(),
): HotSpot[] {
  const found: HotSpot[] = []
  let onSpot: number | undefined
  for (const stretch of stretches) {
    if (stretch.fromMm === stretch.toMm) continue
    const accidents = without.has(stretch.edge) ? 0 : accidentsOf(formOf(g, stretch.edge))
    const osmWay = g.edgeWay[stretch.edge]!
    const goesOn = onSpot === osmWay
    onSpot = accidents > 0 ? osmWay : undefined
    if (accidents === 0 || (goesOn && accidents <= found.at(-1)!.accidents)) continue
    if (goesOn) found.pop()
    found.push({ osmWay, accidents, ...middleOf(g, stretch) })
  }
  return found
}

function middleOf(g: StreetGraph, { edge, fromMm, toMm }: Stretch): { lat: number; lon: number } {
  const half: number[] = []
  pushStretch(g, { edge, fromMm, toMm: (fromMm + toMm) / 2 }, half)
  return { lat: half.at(-2)! / E7, lon: half.at(-1)! / E7 }
}

const startNode = (g: StreetGraph, s: Stretch): number => (s.fromMm > s.toMm ? g.edgeTo[s.edge] : g.edgeFrom[s.edge])

function startOf(g: StreetGraph, s: Stretch): { lat: number; lon: number } {
  const node = startNode(g, s)
  return { lat: g.nodeLat[node]! / E7, lon: g.nodeLon[node]! / E7 }
}

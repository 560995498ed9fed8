// Walks between stops while elevators are out of order: only those of the stops around them are made anew, the rest is as it was.

import { metresBetween } from '../core/geo.ts'
import type { EdgeIdx, NodeIdx, StopIdx } from '../core/ids.ts'
import { buildFootpaths, type Footpaths, type Walk } from '../footpaths/footpaths.ts'
import { keepNeeded } from '../footpaths/needed.ts'
import { readStopRules } from '../footpaths/rules.ts'
import { mergeWalk } from '../footpaths/transfers.ts'
import { type StreetElevator, withoutElevators } from '../street/elevators.ts'
import type { Profile } from '../street/profile.ts'
import { createStreetSearch, reachFrom, type StreetSearch } from '../street/search.ts'
import { rootStop } from '../timetable/timetable.ts'
import type { Elevator, Outages } from './elevators.ts'
import type { Ground } from './ground.ts'
import { placeAtNode } from './switches.ts'
import { walkLimits, walksBetweenStops } from './walks.ts'

/** The same ground without what is out of order. */
export function groundWithout(ground: Ground, { out }: Outages): Ground {
  const closed = new Set(out.flatMap(e => ('pathway' in e ? [e.pathway] : [])))
  const onStreets = out.filter(e => !('pathway' in e)) as Exclude<Elevator, { readonly pathway: number }>[]
  const { streets } = ground
  return {
    ...ground,
    closed,
    streets:
      streets && onStreets.length > 0
        ? createStreetSearch(withoutElevators(streets.graph, onStreets), streets.links, streets.caller)
        : streets,
  }
}

/**
 * The footpaths of a walker while these elevators are out of order.
 * @param ground while everything works, as are `footpaths`
 * @param closed the same without what is out of order
 */
export function footpathsWithout(
  ground: Ground,
  closed: Ground,
  footpaths: Footpaths,
  walker: Profile,
  { out }: Outages,
): Footpaths {
  const { timetable: tt } = ground
  const { near, far } = walkLimits(tt)
  const affected = affectedStops(ground, footpaths, walker, out)
  if (affected.size === 0) return footpaths
  const rules = readStopRules(tt)
  function* walks(): Generator<Walk> {
    const { outBegin, outTo, outSeconds } = footpaths
    for (let from = 0; from < tt.counts.stops; from++)
      for (let i = outBegin[from]!; i < outBegin[from + 1]!; i++) {
        const to = outTo[i]!
        // a rule's walk is the rule's, whatever works
        if (affected.has(from) && !rules.has(from * tt.counts.stops + to)) continue
        yield { from, to, seconds: outSeconds[i]! }
      }
    for (const walk of walksBetweenStops(closed, { walker, maxSeconds: far, from: [...affected] }))
      if (!rules.has(walk.from * tt.counts.stops + walk.to)) yield mergeWalk(walk)
  }
  const found = buildFootpaths(tt.counts.stops, walks(), footpaths.changeSeconds)
  return ground.streets ? keepNeeded(tt, found, near) : found
}

/**
 * Only the walks that take no longer; a bench on a longer one is not looked for. A search needs them all: what would take the place of two
 * of them may be too long.
 */
export function footpathsWithin(footpaths: Footpaths, maxSeconds: number): Footpaths {
  const { outBegin, outTo, outSeconds, changeSeconds } = footpaths
  function* walks(): Generator<Walk> {
    for (let from = 0; from + 1 < outBegin.length; from++)
      for (let i = outBegin[from]!; i < outBegin[from + 1]!; i++)
        if (outSeconds[i]! <= maxSeconds) yield { from, to: outTo[i]!, seconds: outSeconds[i]! }
  }
  return buildFootpaths(outBegin.length - 1, walks(), changeSeconds)
}

/** Platforms with a walk over an elevator of the streets, and those so near one inside a station, or in its station, that there may be one. */
function affectedStops(ground: Ground, footpaths: Footpaths, walker: Profile, out: readonly Elevator[]): Set<number> {
  const { timetable: tt, insides, streets } = ground
  const reach = walkLimits(tt).far * walker.speed
  const stations = new Set(out.map(e => e.station))
  const affected = new Set<number>()
  for (let s = 0; s < tt.counts.stops; s++) {
    if (tt.stopLocationType[s] !== 0) continue
    const mayUse = (e: Elevator): boolean =>
      ('pathway' in e || insides.mapped[s] === 1) &&
      tt.stopHasPosition[s] === 1 &&
      metresBetween(tt.stopLat[s]!, tt.stopLon[s]!, e.lat, e.lon) <= reach
    if (stations.has(rootStop(tt, s as StopIdx)) || out.some(mayUse)) affected.add(s)
  }
  for (const e of out)
    if (streets && !('pathway' in e))
      for (const s of walkingOver({ ...ground, streets }, footpaths, walker, e)) affected.add(s)
  return affected
}

/** Seconds by which two halves of a walk may be longer than the whole: both are rounded up. */
const ROUNDING = 3

/** Stops from which a footpath is as long as the way to the elevator and on from there. */
function* walkingOver(
  { timetable: tt, streets }: Ground & { readonly streets: StreetSearch },
  { outBegin, outTo, outSeconds }: Footpaths,
  walker: Profile,
  elevator: StreetElevator,
): Generator<number> {
  const { graph } = streets
  const node = 'node' in elevator ? elevator.node : graph.edgeFrom[elevator.edge as EdgeIdx]
  const place = placeAtNode(graph, node)
  if (!place) return
  const travel = { profile: walker, maxSeconds: walkLimits(tt).far }
  const reached = (reverse: boolean): Map<number, number> => {
    const { stops, seconds, count } = reachFrom(streets, place, travel, reverse)
    return new Map(Array.from({ length: count }, (_, i) => [stops[i]!, seconds[i]!]))
  }
  const [onwards, there] = [reached(false), reached(true)]
  // in both halves one waits for it
  const spare = ROUNDING + streets.costs.leave[graph.nodeTraits[node as NodeIdx]!]! / 1000
  for (const [from, spent] of there)
    for (let i = outBegin[from]!; i < outBegin[from + 1]!; i++)
      if (spent + (onwards.get(outTo[i]!) ?? Number.POSITIVE_INFINITY) <= outSeconds[i]! + spare) {
        yield from
        break
      }
}

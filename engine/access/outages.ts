// Walks between stops while elevators are out of order: only those of the stops around them are made anew, the rest is as it was.

import { metresBetween } from '../core/geo.ts'
import type { EdgeIdx, StopIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { type Footpaths, type Walks, walksAt, withWalks } from '../footpaths/footpaths.ts'
import { stopsBeside, withNeeded } from '../footpaths/needed.ts'
import { statedFor, statedTimes } from '../footpaths/rules.ts'
import { mergeWalk } from '../footpaths/transfers.ts'
import { type StreetElevator, withoutElevators } from '../street/elevators.ts'
import type { StreetGraph } from '../street/graph.ts'
import { nodeOf } from '../street/labels.ts'
import { stopPlaces } from '../street/links.ts'
import type { Profile } from '../street/profile.ts'
import { reachFrom, type StreetSearch, searchOn, type Travel } from '../street/search.ts'
import type { Place } from '../street/snap.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'
import type { Elevator, Outages } from './elevators.ts'
import type { Ground } from './ground.ts'
import { createKnownOutages, type KnownOutages, nearOf, remember } from './known-outages.ts'
import { placeAtEnd } from './switches.ts'
import { walkLimits, walksBetweenStops, walksOfStated } from './walks.ts'

/** The same ground without what is out of order. */
export function groundWithout(ground: Ground, { key, out }: Outages): Ground {
  const closed = new Set(out.flatMap(e => ('pathway' in e ? [e.pathway] : [])))
  const onStreets = out.filter(e => !('pathway' in e)) as Exclude<Elevator, { readonly pathway: number }>[]
  const { streets } = ground
  return {
    ...ground,
    closed,
    without: key,
    streets: streets && onStreets.length > 0 ? searchOn(withoutElevators(streets.graph, onStreets), streets) : streets,
  }
}

/**
 * The footpaths of a walker while these elevators are out of order.
 * @param ground while everything works, as are `footpaths`
 * @param closed the same without what is out of order
 * @param known of the same ground and footpaths
 */
export function footpathsWithout(
  ground: Ground,
  closed: Ground,
  footpaths: Footpaths,
  walker: Profile,
  { out }: Outages,
  known: KnownOutages = createKnownOutages(),
): Footpaths {
  const { timetable: tt } = ground
  const affected = affectedStops(ground, closed, walker, out, known)
  if (affected.size === 0) return footpaths
  const { near, far } = walkLimits(tt)
  const nearest = nearOf(out, walker, far)
  const keys = [...affected].map(stop => [stop, `${stop} ${nearest(positionAt(tt, stop))}`] as const)
  // to remember one may be to forget another of these
  const old = new Map(keys.map(([stop, key]) => [stop, known.rows.get(key)]))
  const missing = [...affected].filter(stop => !old.get(stop))
  const made = rowsWithout(ground, closed, footpaths, walker, missing)
  const rowOf = (stop: number): Walks => old.get(stop) ?? made.get(stop)!
  const rows = new Map(keys.map(([stop, key]) => [stop, remember(known.rows, known.most, key, () => rowOf(stop))]))
  return ground.streets ? withNeeded(tt, footpaths, rows, near) : withWalks(footpaths, rows, true)
}

const positionAt = (tt: Timetable, stop: number) =>
  tt.stopHasPosition[stop] === 1 ? { lat: tt.stopLat[stop]!, lon: tt.stopLon[stop]! } : undefined

/** Walks from each of these stops. */
function rowsWithout(
  ground: Ground,
  closed: Ground,
  footpaths: Footpaths,
  walker: Profile,
  of: readonly number[],
): Map<number, Walks> {
  const { timetable: tt } = closed
  const options = { walker, maxSeconds: walkLimits(tt).far, of }
  const stated = statedTimes(tt)
  const usual = walksOfStated(ground, options)
  const now = usual.size > 0 ? walksOfStated(closed, options) : usual
  const best = new Map(of.map(stop => [stop, statedWalks(footpaths, stated, stop, usual, now)]))
  for (const walk of walksBetweenStops(closed, options)) {
    if (walk.from === walk.to || stated.has(walk.from * tt.counts.stops + walk.to)) continue
    const from = best.get(walk.from)!
    from.set(walk.to, Math.min(from.get(walk.to) ?? NEVER, mergeWalk(walk).seconds))
  }
  const rows = new Map<number, Walks>()
  for (const [stop, seconds] of best) {
    const stops = Uint32Array.from(seconds.keys()).sort()
    rows.set(stop, { stops, seconds: Int32Array.from(stops, other => seconds.get(other)!) })
  }
  return rows
}

/**
 * Stop → seconds, of the walks from a stop of which transfers.txt has the time.
 * @param usual, now as `walksOfStated`, with everything working and without what is out of order
 */
function statedWalks(
  footpaths: Footpaths,
  stated: ReadonlyMap<number, number>,
  from: number,
  usual: ReadonlyMap<number, number>,
  now: ReadonlyMap<number, number>,
): Map<number, number> {
  const { stops, seconds } = walksAt(footpaths, from, false)
  const kept = new Map<number, number>()
  for (const [i, to] of stops.entries()) {
    const pair = from * footpaths.counts.stops + to
    const takes = stated.has(pair) ? statedFor(seconds[i]!, usual.get(pair), now.get(pair)) : undefined
    if (takes !== undefined) kept.set(to, takes)
  }
  return kept
}

/**
 * Stops whose walks may be others now: those with a longer way over an elevator of the streets, those so near one inside a station, or in its
 * station, that there may be one, and those that lacked a walk because one from the stop beside them was as short.
 */
function affectedStops(
  ground: Ground,
  closed: Ground,
  walker: Profile,
  out: readonly Elevator[],
  known: KnownOutages,
): Set<number> {
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
  if (!streets) return affected
  const travel = { profile: walker, maxSeconds: walkLimits(tt).far }
  const nearest = nearOf(out, walker, travel.maxSeconds)
  const farther = (e: Exclude<Elevator, { readonly pathway: number }>): readonly number[] =>
    placesBehind(streets, e, closed.streets!.graph).flatMap(place => [
      ...fartherFrom(place, streets, closed.streets!, travel),
    ])
  for (const e of out)
    if (!('pathway' in e))
      for (const s of remember(known.farther, known.most, `${e.id} ${nearest(e)}`, () => farther(e))) affected.add(s)
  return affected.union(stopsBeside(tt, affected))
}

/** Where one may come out of an elevator: whatever way leads over it, the last one leads through one of these or ends there. */
function placesBehind({ graph, links }: StreetSearch, elevator: StreetElevator, closed: StreetGraph): Place[] {
  const { arcsBegin, arcEdge, arcTo, edgeFrom, edgeTo } = graph
  const arcsOf = (node: number): number[] =>
    Array.from({ length: arcsBegin[node + 1]! - arcsBegin[node]! }, (_, i) => arcsBegin[node]! + i)
  const isEdge = 'edge' in elevator
  const ends = isEdge ? [edgeFrom[elevator.edge as EdgeIdx], edgeTo[elevator.edge as EdgeIdx]] : [elevator.node]
  const behind = isEdge ? ends : arcsOf(elevator.node).map(a => nodeOf(graph, arcTo[a]!))
  const places: (Place | undefined)[] = [...new Set(behind)].map(node => {
    const open = arcsOf(node).find(a => {
      const edge = (arcEdge[a]! >>> 1) as EdgeIdx
      return closed.edgeSort[edge] === graph.edgeSort[edge]
    })
    return open === undefined ? undefined : placeAtEnd(graph, node, (arcEdge[open]! >>> 1) as EdgeIdx)
  })
  for (const node of ends)
    for (let i = links.entriesBegin[node]!; i < links.entriesBegin[node + 1]!; i++)
      if (!isEdge || links.entryArc[i]! >>> 1 === elevator.edge)
        places.push(...stopPlaces(links, links.linkStop[links.entryLink[i]!]! as StopIdx))
  return places.filter(place => place !== undefined)
}

/** Stops from which it takes longer to get to a place, by a second at least, or too long. */
function* fartherFrom(place: Place, open: StreetSearch, closed: StreetSearch, travel: Travel): Generator<number> {
  const before = reachFrom(open, place, travel, true)
  const usual = Array.from({ length: before.count }, (_, i) => [before.stops[i]!, before.seconds[i]!] as const)
  const after = reachFrom(closed, place, travel, true)
  const now = new Map(Array.from({ length: after.count }, (_, i) => [after.stops[i]!, after.seconds[i]!]))
  for (const [stop, seconds] of usual) if ((now.get(stop) ?? Number.POSITIVE_INFINITY) > seconds) yield stop
}

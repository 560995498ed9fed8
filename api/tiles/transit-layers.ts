// Own layers: `transit_lines` (routes with their colours) and `transit_stops` (stations, and stops without one).

import { ridePoints } from '#api/render/geometry.ts'
import { modeOfRouteType } from '#api/render/modes.ts'
import { stopImportance, stopModes } from '#api/render/stops.ts'
import { colorText, placeName, publicRouteId, publicStopId, text } from '#api/render/texts.ts'
import { shownAt } from '#api/render/zoom.ts'
import type { PatternIdx, RouteIdx, TripIdx } from '#engine/core/ids.ts'
import { boxOfTile, type Tile } from '#engine/ground/mercator.ts'
import { patternsIn } from '#engine/timetable/extents.ts'
import { type StopLookup, stopsInBox } from '#engine/timetable/lookup.ts'
import { patternLength, rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import { type Feature, GeometryType, type Layer } from './mvt.ts'
import { linesIn, pointIn } from './shape.ts'

/** Of a route its most frequent patterns are drawn: both directions and a branch each. */
const PATTERNS_PER_ROUTE = 4
/** Stops with fewer departures are shown further in. */
const importanceFrom = (z: number): number => (z >= 14 ? 0 : z >= 12 ? 0.4 : z >= 10 ? 0.75 : 0.9)
const STOPS_FROM = 8

export const transitLayers = (lookup: StopLookup, tile: Tile): Layer[] => [
  { name: 'transit_lines', features: lines(lookup.tt, tile) },
  { name: 'transit_stops', features: tile.z < STOPS_FROM ? [] : stops(lookup, tile) },
]

const drawnPatterns = new WeakMap<Timetable, Uint8Array>()

/** pattern → 1 when it is one of those that stand for its route */
function drawn(tt: Timetable): Uint8Array {
  const known = drawnPatterns.get(tt)
  if (known) return known
  const trips = (p: PatternIdx): number => tt.tripBegin[p + 1]! - tt.tripBegin[p]!
  const patternsOf = new Map<RouteIdx, PatternIdx[]>()
  for (let p = 0 as PatternIdx; p < tt.counts.patterns; p++)
    if (trips(p) > 0) patternsOf.getOrInsertComputed(tt.patternRoute[p], () => []).push(p)
  const marks = new Uint8Array(tt.counts.patterns)
  for (const patterns of patternsOf.values())
    for (const p of patterns.sort((a, b) => trips(b) - trips(a) || a - b).slice(0, PATTERNS_PER_ROUTE)) marks[p] = 1
  drawnPatterns.set(tt, marks)
  return marks
}

function lines(tt: Timetable, tile: Tile): Feature[] {
  const marks = drawn(tt)
  const byRoute = new Map<RouteIdx, number[][]>()
  for (const p of patternsIn(tt, boxOfTile(tile))) {
    if (marks[p] === 0 || !shownAt(tt, p, tile.z + 1)) continue
    const points = ridePoints(tt, tt.tripBegin[p]! as TripIdx, 0, patternLength(tt, p) - 1)
    const parts = linesIn(tile, points)
    if (parts.length > 0) byRoute.getOrInsertComputed(tt.patternRoute[p], () => []).push(...parts)
  }
  return [...byRoute].map(([route, parts]) => ({
    type: GeometryType.line,
    parts,
    properties: {
      routeId: publicRouteId(tt, route),
      name: text(tt, tt.routeShortName[route]!) || text(tt, tt.routeLongName[route]!),
      mode: modeOfRouteType(tt.routeType[route]!),
      color: colorText(tt.routeColor[route]!),
      textColor: colorText(tt.routeTextColor[route]!),
    },
  }))
}

function stops(lookup: StopLookup, tile: Tile): Feature[] {
  const { tt } = lookup
  const { south, west, north, east } = boxOfTile(tile)
  const least = importanceFrom(tile.z)
  const features: Feature[] = []
  for (const stop of stopsInBox(lookup, south, west, north, east)) {
    if (rootStop(tt, stop) !== stop || tt.stopLocationType[stop]! > 1) continue
    const importance = stopImportance(lookup, stop)
    const at = importance >= least ? pointIn(tile, tt.stopLat[stop]!, tt.stopLon[stop]!) : undefined
    if (!at) continue
    const [mode] = stopModes(tt, stop, 6)
    const properties = { stopId: publicStopId(tt, stop), name: placeName(tt, stop, []), mode, importance }
    features.push({ type: GeometryType.point, parts: [at], properties })
  }
  // the important first: a map that has no room for all names keeps those
  return features.sort((a, b) => (b.properties.importance as number) - (a.properties.importance as number))
}

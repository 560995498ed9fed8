// Own layers: `transit_lines` (routes with their colours) and `transit_stops` (stations, and stops without one).

import { ridePoints } from '#api/render/geometry.ts'
import { lineProperties } from '#api/render/line.ts'
import { stopImportance, stopModes } from '#api/render/stops.ts'
import { placeName, publicStopId } from '#api/render/texts.ts'
import { shownAt } from '#api/render/zoom.ts'
import type { RouteIdx, TripIdx } from '#engine/core/ids.ts'
import { boxOfTile, type Tile } from '#engine/ground/mercator.ts'
import { patternsIn } from '#engine/timetable/extents.ts'
import { type StopLookup, stopsInBox } from '#engine/timetable/lookup.ts'
import { mainPatterns } from '#engine/timetable/main-patterns.ts'
import { patternLength, rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import { type Feature, GeometryType, type Layer } from './mvt.ts'
import { linesIn, pointIn } from './shape.ts'

/** Stops with fewer departures are shown further in. */
const importanceFrom = (z: number): number => (z >= 14 ? 0 : z >= 12 ? 0.4 : z >= 10 ? 0.75 : 0.9)
const STOPS_FROM = 8

export const transitLayers = (lookup: StopLookup, tile: Tile, language: readonly string[]): Layer[] => [
  { name: 'transit_lines', features: lines(lookup.tt, tile, language) },
  { name: 'transit_stops', features: tile.z < STOPS_FROM ? [] : stops(lookup, tile, language) },
]

function lines(tt: Timetable, tile: Tile, language: readonly string[]): Feature[] {
  const mains = mainPatterns(tt)
  const byRoute = new Map<RouteIdx, number[][]>()
  for (const p of patternsIn(tt, boxOfTile(tile))) {
    if (mains[p] === 0 || !shownAt(tt, p, tile.z + 1)) continue
    const points = ridePoints(tt, tt.tripBegin[p]! as TripIdx, 0, patternLength(tt, p) - 1)
    const parts = linesIn(tile, points)
    if (parts.length > 0) byRoute.getOrInsertComputed(tt.patternRoute[p], () => []).push(...parts)
  }
  return [...byRoute].map(([route, parts]) => ({
    type: GeometryType.line,
    parts,
    properties: lineProperties(tt, route, language),
  }))
}

function stops(lookup: StopLookup, tile: Tile, language: readonly string[]): Feature[] {
  const { tt } = lookup
  const least = importanceFrom(tile.z)
  const features: Feature[] = []
  for (const stop of stopsInBox(lookup, boxOfTile(tile))) {
    if (rootStop(tt, stop) !== stop || tt.stopLocationType[stop]! > 1) continue
    const importance = stopImportance(lookup, stop)
    const at = importance >= least ? pointIn(tile, tt.stopLat[stop]!, tt.stopLon[stop]!) : undefined
    if (!at) continue
    const [mode] = stopModes(tt, stop, 6)
    const properties = { stopId: publicStopId(tt, stop), name: placeName(tt, stop, language), mode, importance }
    features.push({ type: GeometryType.point, parts: [at], properties })
  }
  // the important first: a map that has no room for all names keeps those
  return features.sort((a, b) => (b.properties.importance as number) - (a.properties.importance as number))
}

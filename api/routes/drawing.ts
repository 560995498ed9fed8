// The lines of transit in a box as GeoJSON, to be drawn over a map's tiles in their own colours.
//
//   GET /api/freifahrt/v1/map/lines?min=lat,lon&max=lat,lon     LineStrings { routeId, name, mode, color?, textColor? }

import { Type } from 'typebox'
import type { App } from '#api/app.ts'
import { perNetwork } from '#api/network.ts'
import { boxOf, type Point, point } from '#api/plugins/parameters.ts'
import { ridePoints } from '#api/render/geometry.ts'
import { modeOfRouteType } from '#api/render/modes.ts'
import { colorText, publicRouteId, text } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type Box, E7, toE7 } from '#engine/core/geo.ts'
import type { PatternIdx, RouteIdx, TripIdx } from '#engine/core/ids.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'

/** Degrees; a larger box is refused. */
const MAX_SPAN = 1.5
const MAX_POINTS = 300_000
/** Of a route its most frequent patterns are drawn: both directions and a branch each. */
const PATTERNS_PER_ROUTE = 4

const BoxQuery = Type.Object({ min: point(), max: point() })

export function drawingRoutes(app: App): void {
  const drawn = perNetwork(({ timetable }) => drawnRoutes(timetable))
  app.get('/api/freifahrt/v1/map/lines', { schema: { querystring: BoxQuery } }, ({ query, service }, reply) => {
    const features = linesInBox(service.timetable, drawn(service), readBox(query))
    return reply.header('cache-control', 'public, max-age=3600').type('application/geo+json').send(collection(features))
  })
}

function readBox({ min, max }: { min: Point; max: Point }): Box {
  const [south, west, north, east] = boxOf(min, max)
  if (north - south > MAX_SPAN || east - west > MAX_SPAN)
    throw new FreifahrtError('TOO_LARGE', 'max', `the box spans more than ${MAX_SPAN} degrees`)
  return { south: toE7(south), west: toE7(west), north: toE7(north), east: toE7(east) }
}

/** A trip that stands for its pattern, and where it goes. */
interface DrawnRoute extends Box {
  readonly route: RouteIdx
  readonly trip: TripIdx
  readonly stops: number
}

function drawnRoutes(tt: Timetable): DrawnRoute[] {
  const patternsOf = new Map<RouteIdx, PatternIdx[]>()
  for (let p = 0 as PatternIdx; p < tt.counts.patterns; p++) {
    if (tt.tripBegin[p + 1] === tt.tripBegin[p]) continue
    const route = tt.patternRoute[p]
    const known = patternsOf.get(route)
    if (known) known.push(p)
    else patternsOf.set(route, [p])
  }
  const trips = (p: PatternIdx): number => tt.tripBegin[p + 1]! - tt.tripBegin[p]!
  return [...patternsOf].flatMap(([route, patterns]) =>
    patterns
      .sort((a, b) => trips(b) - trips(a) || a - b)
      .slice(0, PATTERNS_PER_ROUTE)
      .map(p => ({ route, trip: tt.tripBegin[p]! as TripIdx, ...extentOf(tt, p) })),
  )
}

function extentOf(tt: Timetable, p: PatternIdx): Box & { stops: number } {
  const extent = { south: 90 * E7, west: 180 * E7, north: -90 * E7, east: -180 * E7 }
  const [begin, end] = [tt.slotBegin[p]!, tt.slotBegin[p + 1]!]
  for (let slot = begin; slot < end; slot++) {
    const stop = tt.slots[slot]! >>> 2
    if (tt.stopHasPosition[stop] === 0) continue
    extent.south = Math.min(extent.south, tt.stopLat[stop]!)
    extent.north = Math.max(extent.north, tt.stopLat[stop]!)
    extent.west = Math.min(extent.west, tt.stopLon[stop]!)
    extent.east = Math.max(extent.east, tt.stopLon[stop]!)
  }
  return { ...extent, stops: end - begin }
}

function linesInBox(tt: Timetable, drawn: readonly DrawnRoute[], box: Box): string[] {
  const features: string[] = []
  let left = MAX_POINTS
  for (const { route, trip, stops, ...extent } of drawn) {
    if (extent.north < box.south || extent.south > box.north || extent.east < box.west || extent.west > box.east)
      continue
    const points = ridePoints(tt, trip, 0, stops - 1)
    left -= points.length / 2
    if (left < 0) break
    features.push(
      lineString(points, {
        routeId: publicRouteId(tt, route),
        name: text(tt, tt.routeShortName[route]!) || text(tt, tt.routeLongName[route]!),
        mode: modeOfRouteType(tt.routeType[route]!),
        color: colorText(tt.routeColor[route]!),
        textColor: colorText(tt.routeTextColor[route]!),
      }),
    )
  }
  return features
}

/** Written by hand: a map has tens of thousands of points. Five decimals are one metre. */
function lineString(points: readonly number[], properties: Readonly<Record<string, string | undefined>>): string {
  let coordinates = ''
  for (let i = 0; i + 1 < points.length; i += 2) {
    if (i > 0) coordinates += ','
    coordinates += `[${Math.round(points[i + 1]! / 100) / 1e5},${Math.round(points[i]! / 100) / 1e5}]`
  }
  return `{"type":"Feature","properties":${JSON.stringify(properties)},"geometry":{"type":"LineString","coordinates":[${coordinates}]}}`
}

const collection = (features: readonly string[]): string =>
  `{"type":"FeatureCollection","features":[${features.join()}]}`

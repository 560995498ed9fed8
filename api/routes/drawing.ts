// The lines of transit in a box as GeoJSON, to be drawn over a map's tiles in their own colours.
//
//   GET /api/freifahrt/v1/map/lines?min=lat,lon&max=lat,lon     LineStrings { routeId, name, mode, color?, textColor? }

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { boxOf, type Point, point } from '#api/plugins/parameters.ts'
import { ridePoints } from '#api/render/geometry.ts'
import { lineProperties } from '#api/render/line.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type Box, E7 } from '#engine/core/geo.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import { patternsIn } from '#engine/timetable/extents.ts'
import { mainPatterns } from '#engine/timetable/main-patterns.ts'
import { patternLength, type Timetable } from '#engine/timetable/timetable.ts'

/** Degrees; a larger box is refused. */
const MAX_SPAN = 1.5
const MAX_POINTS = 300_000

const BoxQuery = Type.Object({ min: point(), max: point() })

export function drawingRoutes(app: App): void {
  app.get('/api/freifahrt/v1/map/lines', { schema: { querystring: BoxQuery } }, ({ query, service }, reply) => {
    const features = linesInBox(service.timetable, readBox(query))
    return reply.header('cache-control', 'public, max-age=3600').type('application/geo+json').send(collection(features))
  })
}

function readBox({ min, max }: { min: Point; max: Point }): Box {
  const box = boxOf(min, max)
  if (box.north - box.south > MAX_SPAN * E7 || box.east - box.west > MAX_SPAN * E7)
    throw new FreifahrtError('TOO_LARGE', 'max', `the box spans more than ${MAX_SPAN} degrees`)
  return box
}

function linesInBox(tt: Timetable, box: Box): string[] {
  const mains = mainPatterns(tt)
  const features: string[] = []
  let left = MAX_POINTS
  for (const p of patternsIn(tt, box)) {
    if (mains[p] === 0) continue
    const points = ridePoints(tt, tt.tripBegin[p]! as TripIdx, 0, patternLength(tt, p) - 1)
    left -= points.length / 2
    if (left < 0) break
    features.push(lineString(points, lineProperties(tt, tt.patternRoute[p], [])))
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

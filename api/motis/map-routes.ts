// GET experimental map/routes and map/route-details: the network as lines. A route here is what MOTIS calls one, a pattern: trips with one
// stop list; `routeIdx` is its number in this network, and changes with the next import.

import { Type } from 'typebox'
import type { RoutesResponse } from '#api/contract/map.ts'
import type { App } from '#api/fastify.ts'
import { boxOf, integer, list, number, or, point, text } from '#api/plugins/parameters.ts'
import { polyline, ridePoints } from '#api/render/geometry.ts'
import { stopPlace, type View } from '#api/render/place.ts'
import { colorText, publicRouteId, routeLongName, routeShortName } from '#api/render/texts.ts'
import { modeOfPattern, shownAt } from '#api/render/zoom.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { PatternIdx, StopIdx, TripIdx } from '#engine/core/ids.ts'
import { patternsIn } from '#engine/timetable/extents.ts'
import { slotStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'

/** Stop-to-stop lines in one answer. */
const MAX_SEGMENTS = 30_000
const DEFAULT_COLOR = '1F78B4'
const PRECISION = 6

const languages = () => or(list(text(35)), [])
const RoutesQuery = Type.Object({ zoom: number(0, 24), min: point(), max: point(), language: languages() })
const DetailsQuery = Type.Object({ routeIdx: integer(0, 0xffff_ffff), language: languages() })

export function mapRouteRoutes(app: App): void {
  const viewFor = ({ horizon, clock }: TransitService, language: readonly string[]): View => {
    return { horizon, version: 6, language, realtime: true, now: clock.now() }
  }
  app.get('/api/experimental/map/routes', { schema: { querystring: RoutesQuery } }, request => {
    const { min, max, zoom, language } = request.query
    const tt = request.service.timetable
    const inside = patternsIn(tt, boxOf(min, max))
    const shown = inside.filter(p => shownAt(tt, p, zoom))
    return { ...renderPatterns(viewFor(request.service, language), shown), zoomFiltered: shown.length < inside.length }
  })
  app.get('/api/experimental/map/route-details', { schema: { querystring: DetailsQuery } }, request => {
    const { routeIdx, language } = request.query
    const { patterns } = request.service.timetable.counts
    if (routeIdx >= patterns)
      throw new FreifahrtError('BAD_REQUEST', 'routeIdx', `${routeIdx}: this network has ${patterns}`)
    return { ...renderPatterns(viewFor(request.service, language), [routeIdx as PatternIdx]), zoomFiltered: false }
  })
}

/** Patterns that share a piece of line share its polyline. Throws TOO_LARGE. */
function renderPatterns(view: View, patterns: readonly PatternIdx[]): Omit<RoutesResponse, 'zoomFiltered'> {
  const tt = view.horizon.timetable
  const stops = new Map<StopIdx, number>()
  const stopNumber = (stop: StopIdx): number => {
    const known = stops.get(stop)
    if (known !== undefined) return known
    stops.set(stop, stops.size)
    return stops.size - 1
  }
  const lines = new Map<string, number>()
  const polylines: { polyline: ReturnType<typeof polyline>; colors: Set<string>; routeIndexes: Set<number> }[] = []
  const routes: RoutesResponse['routes'] = []
  for (const p of patterns) {
    const [begin, end] = [tt.slotBegin[p]!, tt.slotBegin[p + 1]!]
    const trip = tt.tripBegin[p]! as TripIdx
    if (trip >= tt.tripBegin[p + 1]!) continue
    const route = tt.patternRoute[p]
    const color = colorText(tt.routeColor[route]!)
    const shape = tt.tripGeometry[trip]!
    const segments = []
    for (let slot = begin; slot + 1 < end; slot++) {
      const [a, b] = [slotStop(tt.slots[slot]!), slotStop(tt.slots[slot + 1]!)]
      const key = shape < tt.counts.geometries ? `${a} ${b} ${shape} ${slot - begin}` : `${a} ${b}`
      let line = lines.get(key)
      if (line === undefined) {
        if (polylines.length === MAX_SEGMENTS)
          throw new FreifahrtError('TOO_LARGE', 'max', `more than ${MAX_SEGMENTS} pieces of line: zoom in`)
        line = polylines.length
        const points = ridePoints(tt, trip, slot - begin, slot - begin + 1)
        polylines.push({ polyline: polyline(points, PRECISION), colors: new Set(), routeIndexes: new Set() })
        lines.set(key, line)
      }
      polylines[line]!.colors.add(color ?? DEFAULT_COLOR)
      polylines[line]!.routeIndexes.add(routes.length)
      segments.push({ from: stopNumber(a), to: stopNumber(b), polyline: line })
    }
    routes.push({
      mode: modeOfPattern(tt, p),
      transitRoutes: [
        {
          id: publicRouteId(tt, route),
          shortName: routeShortName(tt, route, view.language),
          longName: routeLongName(tt, route, view.language),
          color,
          textColor: colorText(tt.routeTextColor[route]!),
        },
      ],
      numStops: end - begin,
      routeIdx: p,
      pathSource: shape < tt.counts.geometries ? 'TIMETABLE' : 'NONE',
      segments,
    })
  }
  return {
    routes,
    polylines: polylines.map(({ colors, routeIndexes, ...line }) => ({
      ...line,
      colors: [...colors],
      routeIndexes: [...routeIndexes],
    })),
    stops: [...stops.keys()].map(stop => stopPlace(view, stop)),
  }
}

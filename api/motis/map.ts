// GET map/initial and map/stops.

import { Type } from 'typebox'
import { LEGACY_MODES, type Place, STREET_MODES, TRANSIT_MODES } from '#api/contract/common.ts'
import type { InitialResponse } from '#api/contract/map.ts'
import { paths, wantedModes } from '#api/contract/versions.ts'
import type { App } from '#api/fastify.ts'
import { perNetwork } from '#api/network.ts'
import { boxOf, choice, list, or, point, text } from '#api/plugins/parameters.ts'
import { stopPlace, type View } from '#api/render/place.ts'
import { stopImportance, stopModes } from '#api/render/stops.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'
import { type StreetGraph, slopeOf } from '#engine/street/graph.ts'
import { stopsInBox } from '#engine/timetable/lookup.ts'
import type { TransitService } from '#workers/service.ts'
import { MAX_ONE_TO_ALL_MINUTES } from './one-to-all.ts'
import { MAX_ONE_TO_MANY } from './one-to-many.ts'

const MAX_STOPS = 8192

const StopsQuery = Type.Object({
  min: point(),
  max: point(),
  grouped: or(Type.Boolean(), false),
  modes: or(list(choice('TRANSIT', ...TRANSIT_MODES, ...LEGACY_MODES, ...STREET_MODES)), ['TRANSIT']),
  language: or(list(text(35)), []),
})

export function mapRoutes(app: App): void {
  const initial = perNetwork(initialView)
  app.get('/api/v1/map/initial', ({ service }, reply) =>
    reply.header('cache-control', 'public, max-age=60').send(initial(service)),
  )

  for (const { url, version } of paths('map/stops', 1, 6))
    app.get(url, { schema: { querystring: StopsQuery } }, ({ query, service }): Place[] => {
      const { min, max, grouped, modes, language } = query
      const { timetable: tt, lookup } = service
      const view: View = { horizon: service.horizon, version, language, realtime: true, now: service.clock.now() }
      const wanted = wantedModes(modes)
      const places: Place[] = []
      for (const stop of stopsInBox(lookup, boxOf(min, max))) {
        // entrances and the like are part of a station; grouped: so are platforms
        if (tt.stopLocationType[stop]! > 1 || (grouped && tt.stopParent[stop] < tt.counts.stops)) continue
        const calling = stopModes(tt, stop, version)
        if (wanted && !calling.some(wanted)) continue
        if (places.length === MAX_STOPS)
          throw new FreifahrtError('TOO_LARGE', 'max', `more than ${MAX_STOPS} stops in the box`)
        places.push({ ...stopPlace(view, stop), importance: stopImportance(lookup, stop), modes: calling })
      }
      return places
    })
}

/** Heights were laid over the map. What its ways say of themselves (incline) is there for a few only. */
function knowsHeights({ sortForm }: StreetGraph): boolean {
  let known = 0
  for (const form of sortForm) if (slopeOf(form, 0) !== undefined) known++
  return known > sortForm.length / 2
}

/** The map opens where most departures are, wide enough to show the middle of the network. */
function initialView({ timetable: tt, lookup, bounds, streets }: TransitService): InitialResponse {
  let [lat, lon, weight] = [0, 0, 0]
  for (let s = 0; s < tt.counts.stops; s++) {
    if (tt.stopHasPosition[s] === 0 || tt.stopParent[s as never] < tt.counts.stops) continue
    const departures = lookup.departures[s]!
    lat += departures * tt.stopLat[s]!
    lon += departures * tt.stopLon[s]!
    weight += departures
  }
  const [west, south, east, north] = bounds
  const span = Math.max(east - west, north - south, 0.01)
  return {
    lat: weight > 0 ? lat / weight / E7 : (south + north) / 2,
    lon: weight > 0 ? lon / weight / E7 : (west + east) / 2,
    // zoom 9 shows about a degree on a desktop; each step halves it
    zoom: Math.min(14, Math.max(8, Math.round((9 - Math.log2(span)) * 10) / 10 + 0.5)),
    serverConfig: {
      motisVersion: 'freifahrt',
      hasElevation: streets !== undefined && knowsHeights(streets),
      // walks between stops follow the map, asked for or not
      hasRoutedTransfers: streets !== undefined,
      hasStreetRouting: streets !== undefined,
      maxOneToManySize: MAX_ONE_TO_MANY,
      maxOneToAllTravelTimeLimit: MAX_ONE_TO_ALL_MINUTES,
      maxPrePostTransitTimeLimit: 3600,
      maxDirectTimeLimit: 21_600,
      shapesDebugEnabled: false,
    },
  }
}

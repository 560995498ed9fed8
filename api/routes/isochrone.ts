// How far one gets in so many minutes, as areas along the streets.
//
//   GET /api/freifahrt/v1/isochrone?one=lat,lon&minutes=5,10,15&mode=WALK     GeoJSON, a MultiPolygon { minutes } for each ring, largest first
//       …&mode=TRANSIT&time=…                                                with transit, then on foot
//
// arriveBy=true: from where one gets there. Who travels is said as in plan.

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { ask } from '#api/motis/ask.ts'
import { momentAt, toQueryPlace } from '#api/motis/plan.ts'
import { reachParameters, toReachQuery } from '#api/motis/reach-query.ts'
import { travellerFor } from '#api/motis/travellers.ts'
import { choice, list, or, place, size } from '#api/plugins/parameters.ts'
import type { IsochroneQuery } from '#engine/plan/isochrone.ts'
import { reachSpan } from '#engine/plan/reach.ts'

const MAX_MINUTES = 90
const MAX_RINGS = 12

const IsochroneParams = Type.Object({
  ...reachParameters,
  one: place(),
  minutes: or(list(size(1, MAX_MINUTES), MAX_RINGS), [15]),
  mode: or(choice('WALK', 'BIKE', 'CAR', 'WHEELCHAIR', 'TRANSIT'), 'WALK'),
})

export function isochroneRoutes(app: App): void {
  app.get(
    '/api/freifahrt/v1/isochrone',
    { schema: { querystring: IsochroneParams } },
    ({ query: asked, service }, reply) => {
      const one = toQueryPlace(service, asked.one, 'one')
      const time = asked.time ?? service.clock.now()
      const rings = asked.minutes.map(minutes => minutes * 60)
      const transit = asked.mode === 'TRANSIT'
      const shared = toReachQuery(service, asked, one, time)
      const query: IsochroneQuery = {
        ...shared,
        transit,
        rings,
        traveller:
          asked.mode === 'TRANSIT' ? shared.walker : travellerFor(asked.mode, asked, momentAt(service, one, time)),
        maxTravelTime: Math.max(...rings),
      }
      return ask(
        service,
        reply.type('application/geo+json'),
        { kind: 'isochrone', query },
        transit ? reachSpan(query) : undefined,
        'application/geo+json',
      )
    },
  )
}

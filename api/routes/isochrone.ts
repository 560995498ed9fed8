// How far one gets in so many minutes, as areas along the streets.
//
//   GET /api/freifahrt/v1/isochrone?one=lat,lon&minutes=5,10,15&mode=WALK     GeoJSON, a MultiPolygon { minutes } for each ring, largest first
//       …&mode=TRANSIT&time=…                                                with transit, then on foot
//
// arriveBy=true: from where one gets there. Who travels is said as in plan.

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { ask } from '#api/motis/ask.ts'
import { OneToAllQuery } from '#api/motis/one-to-all.ts'
import { momentAt, toQueryPlace } from '#api/motis/plan.ts'
import { riderParameters, travellerFor, walkerOf } from '#api/motis/travellers.ts'
import { toWishes } from '#api/motis/wishes.ts'
import { choice, list, or, size } from '#api/plugins/parameters.ts'
import type { IsochroneQuery } from '#engine/plan/isochrone.ts'
import { MAX_TRANSFERS } from '#engine/plan/query.ts'
import { reachSpan } from '#engine/plan/reach.ts'

const MAX_MINUTES = 90
const MAX_RINGS = 12

const { maxTravelTime: _rings, ...shared } = OneToAllQuery.properties
const IsochroneParams = Type.Object({
  ...shared,
  ...riderParameters,
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
      const moment = momentAt(service, one, time)
      const rings = asked.minutes.map(minutes => minutes * 60)
      const transit = asked.mode === 'TRANSIT'
      const query: IsochroneQuery = {
        one,
        time,
        arriveBy: asked.arriveBy,
        transit,
        rings,
        traveller: asked.mode === 'TRANSIT' ? walkerOf(asked, moment) : travellerFor(asked.mode, asked, moment),
        walker: walkerOf(asked, moment),
        maxTravelTime: Math.max(...rings),
        maxTransfers: Math.min(MAX_TRANSFERS, asked.maxTransfers),
        maxAccess: asked.arriveBy ? asked.maxPostTransitTime : asked.maxPreTransitTime,
        maxMatchingDistance: asked.maxMatchingDistance,
        ...toWishes(service, asked),
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

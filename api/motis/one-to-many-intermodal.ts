// GET and POST experimental one-to-many-intermodal: from one place to many (arriving by a time: from the many to the one), along the streets
// and with transit. Points are `lat;lon`, because lists have commas; ids of stops do as well.

import { type Static, Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { choice, inOrder, integer, or, placesIn, readPlace, size, text } from '#api/plugins/parameters.ts'
import type { IntermodalQuery } from '#engine/plan/intermodal.ts'
import { type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { reachSpan } from '#engine/plan/reach.ts'
import type { TransitService } from '#workers/service.ts'
import { ask } from './ask.ts'
import { MAX_ONE_TO_MANY } from './one-to-many.ts'
import { momentAt, toQueryPlace } from './plan.ts'
import { reachParameters, toReachQuery } from './reach-query.ts'
import { travellerFor } from './travellers.ts'

const IntermodalParams = Type.Object({
  ...reachParameters,
  one: text(200),
  many: inOrder(text(200), MAX_ONE_TO_MANY),
  maxTravelTime: or(integer(0, 24 * 60), 24 * 60),
  directMode: or(choice('WALK', 'BIKE', 'CAR'), 'WALK'),
  maxDirectTime: or(size(0, 21_600), queryDefaults.maxDirect),
  withDistance: or(Type.Boolean(), false),
})
type IntermodalParams = Static<typeof IntermodalParams>

export function oneToManyIntermodalRoutes(app: App): void {
  const url = '/api/experimental/one-to-many-intermodal'
  const answer = (service: TransitService, asked: IntermodalParams, reply: Parameters<typeof ask>[1]) => {
    const one = placeOf(service, asked.one, 'one')
    const time = asked.time ?? service.clock.now()
    const query: IntermodalQuery = {
      ...toReachQuery(service, asked, one, time),
      many: placesIn(asked.many).map(place => placeOf(service, place, 'many')),
      maxTravelTime: asked.maxTravelTime * 60,
    }
    const { maxDirectTime: maxSeconds, withDistance } = asked
    const direct = {
      profile: travellerFor(asked.directMode, asked, momentAt(service, one, time)),
      maxSeconds,
      withDistance,
    }
    return ask(service, reply, { kind: 'intermodal', query, direct }, reachSpan(query))
  }
  app.get(url, { schema: { querystring: IntermodalParams } }, ({ query, service }, reply) =>
    answer(service, query, reply),
  )
  app.post(url, { schema: { body: IntermodalParams } }, ({ body, service }, reply) => answer(service, body, reply))
}

const placeOf = (service: TransitService, given: string, parameter: string): QueryPlace =>
  toQueryPlace(service, readPlace(parameter, given.replace(';', ',')), parameter)

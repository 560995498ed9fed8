// GET and POST one-to-many: along the streets from one point to many, or from many to one. Points are `lat;lon`.

import { type Static, Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { capped, choice, inOrder, or, type Point, point, size } from '#api/plugins/parameters.ts'
import type { ApiQuestion } from '#api/questions.ts'
import { toE7 } from '#engine/core/geo.ts'
import type { ManyQuery } from '#engine/plan/many.ts'
import type { TransitService } from '#workers/service.ts'
import { ask } from './ask.ts'
import { riderParameters, travellerFor, walkerParameters } from './travellers.ts'
import { lorryParameters } from './unheeded.ts'

/** Said in map/initial as well. */
export const MAX_ONE_TO_MANY = 128

const OneToManyQuery = Type.Object({
  one: point(),
  many: inOrder(point(), MAX_ONE_TO_MANY),
  // WHEELCHAIR is our own: MOTIS has no word for it here
  mode: or(choice('WALK', 'BIKE', 'CAR', 'WHEELCHAIR'), 'WALK'),
  max: or(size(0, 21_600), 1800),
  maxMatchingDistance: or(capped(0, 250), 250),
  arriveBy: or(Type.Boolean(), false),
  withDistance: or(Type.Boolean(), false),
  ...walkerParameters,
  ...riderParameters,
  ...lorryParameters,
})
type OneToManyQuery = Static<typeof OneToManyQuery>

export function oneToManyRoutes(app: App): void {
  const url = '/api/v1/one-to-many'
  app.get(url, { schema: { querystring: OneToManyQuery } }, (request, reply) =>
    ask(request.service, reply, toQuestion(request.service, request.query), undefined),
  )
  app.post(url, { schema: { body: OneToManyQuery } }, (request, reply) =>
    ask(request.service, reply, toQuestion(request.service, request.body), undefined),
  )
}

function toQuestion({ clock }: TransitService, asked: OneToManyQuery): ApiQuestion {
  const streetPoint = ({ lat, lon }: Point) => ({ lat: toE7(lat), lon: toE7(lon) })
  const query: ManyQuery = {
    one: streetPoint(asked.one),
    many: asked.many.map(streetPoint),
    profile: travellerFor(asked.mode, asked, { time: clock.now(), ...asked.one }),
    arriveBy: asked.arriveBy,
    maxSeconds: asked.max,
    maxMatchingDistance: asked.maxMatchingDistance,
  }
  return { kind: 'many', query, withDistance: asked.withDistance }
}

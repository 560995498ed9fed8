// GET one-to-all: how long it takes to every stop, or, arriving by a time, from every stop.

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { integer, list, number, optional, or, place, size, text, time } from '#api/plugins/parameters.ts'
import { MAX_TRANSFERS, queryDefaults } from '#engine/plan/query.ts'
import { type ReachQuery, reachSpan } from '#engine/plan/reach.ts'
import { ask } from './ask.ts'
import { momentAt, toQueryPlace } from './plan.ts'
import { walkerOf, walkerParameters } from './travellers.ts'
import { paths } from './versions.ts'
import { toWishes, wishParameters } from './wishes.ts'

/** Minutes; said in map/initial as well. */
export const MAX_ONE_TO_ALL_MINUTES = 90

export const OneToAllQuery = Type.Object({
  one: place(),
  maxTravelTime: size(0, MAX_ONE_TO_ALL_MINUTES),
  time: optional(time()),
  arriveBy: or(Type.Boolean(), false),
  maxTransfers: or(integer(0, 100), MAX_TRANSFERS),
  maxMatchingDistance: or(number(0, 250), 250),
  ...wishParameters,
  ...walkerParameters,
  maxPreTransitTime: or(size(0, 3600), queryDefaults.maxAccess),
  maxPostTransitTime: or(size(0, 3600), queryDefaults.maxEgress),
  language: or(list(text(35)), []),
})

export function oneToAllRoutes(app: App): void {
  const all = [{ url: '/api/experimental/one-to-all', version: 1 }, ...paths('one-to-all', 1, 6)]
  for (const { url, version } of all)
    app.get(url, { schema: { querystring: OneToAllQuery } }, ({ query: asked, service }, reply) => {
      const one = toQueryPlace(service, asked.one, 'one')
      const time = asked.time ?? service.clock.now()
      const query: ReachQuery = {
        one,
        time,
        arriveBy: asked.arriveBy,
        maxTravelTime: asked.maxTravelTime * 60,
        maxTransfers: Math.min(MAX_TRANSFERS, asked.maxTransfers),
        maxAccess: asked.arriveBy ? asked.maxPostTransitTime : asked.maxPreTransitTime,
        walker: walkerOf(asked, momentAt(service, one, time)),
        maxMatchingDistance: asked.maxMatchingDistance,
        ...toWishes(service, asked),
      }
      const style = { version, language: asked.language }
      return ask(service, reply, { kind: 'reach', query, style }, reachSpan(query))
    })
}

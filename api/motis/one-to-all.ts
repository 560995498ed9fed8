// GET one-to-all: how long it takes to every stop, or, arriving by a time, from every stop.

import { Type } from 'typebox'
import { paths } from '#api/contract/versions.ts'
import type { App } from '#api/fastify.ts'
import { list, or, place, size, text } from '#api/plugins/parameters.ts'
import { reachSpan } from '#engine/plan/reach.ts'
import { ask } from './ask.ts'
import { toQueryPlace } from './plan.ts'
import { reachParameters, toReachQuery } from './reach-query.ts'

/** Minutes; said in map/initial as well. */
export const MAX_ONE_TO_ALL_MINUTES = 90

export const OneToAllQuery = Type.Object({
  ...reachParameters,
  one: place(),
  maxTravelTime: size(0, MAX_ONE_TO_ALL_MINUTES),
  language: or(list(text(35)), []),
})

export function oneToAllRoutes(app: App): void {
  const all = [{ url: '/api/experimental/one-to-all', version: 1 }, ...paths('one-to-all', 1, 6)]
  for (const { url, version } of all)
    app.get(url, { schema: { querystring: OneToAllQuery } }, ({ query: asked, service }, reply) => {
      const one = toQueryPlace(service, asked.one, 'one')
      const time = asked.time ?? service.clock.now()
      const query = { ...toReachQuery(service, asked, one, time), maxTravelTime: asked.maxTravelTime * 60 }
      const style = { version, language: asked.language }
      return ask(service, reply, { kind: 'reach', query, style }, reachSpan(query))
    })
}

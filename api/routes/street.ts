// One way along the streets, with its reasons.
//
//   GET /api/freifahrt/v1/street?from=lat,lon&to=lat,lon&mode=WALK|BIKE|CAR|WHEELCHAIR      who travels is said as in plan

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { ask } from '#api/motis/ask.ts'
import { momentAt, toQueryPlace } from '#api/motis/plan.ts'
import {
  checkBattery,
  enduranceParameters,
  riderParameters,
  travellerFor,
  walkerOf,
  walkerParameters,
} from '#api/motis/travellers.ts'
import { capped, choice, integer, optional, or, place, time } from '#api/plugins/parameters.ts'
import { streetEnd } from '#engine/plan/direct.ts'

const StreetParams = Type.Object({
  from: place(),
  to: place(),
  mode: or(choice('WALK', 'BIKE', 'CAR', 'WHEELCHAIR'), 'WALK'),
  /** For elevators out of order, and for `preferLit=DARK`. */
  time: optional(time()),
  /** Seconds. */
  max: or(integer(0, 21_600), 7200),
  maxMatchingDistance: or(capped(0, 250), 250),
  ...walkerParameters,
  ...riderParameters,
  ...enduranceParameters,
})

export function streetRoutes(app: App): void {
  app.get('/api/freifahrt/v1/street', { schema: { querystring: StreetParams } }, ({ query: asked, service }, reply) => {
    const [from, to] = [toQueryPlace(service, asked.from, 'from'), toQueryPlace(service, asked.to, 'to')]
    const time = asked.time ?? service.clock.now()
    const moment = momentAt(service, from, time)
    const profile = travellerFor(asked.mode, asked, moment)
    const walker = asked.mode === 'BIKE' || asked.mode === 'CAR' ? walkerOf(asked, moment) : profile
    checkBattery(asked, profile)
    const options = { profile, maxSeconds: asked.max, maxMatchingDistance: asked.maxMatchingDistance }
    const ends = [streetEnd(service.timetable, from), streetEnd(service.timetable, to)] as const
    return ask(service, reply, { kind: 'street', from: ends[0], to: ends[1], options, walker, time }, undefined)
  })
}

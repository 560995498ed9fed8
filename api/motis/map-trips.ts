// GET map/trips: what moves in a box between two moments, as rides from stop to stop.

import { type Static, Type } from 'typebox'
import { paths } from '#api/contract/versions.ts'
import type { App } from '#api/fastify.ts'
import { boxOf, integer, list, number, or, point, text, time } from '#api/plugins/parameters.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { ask } from './ask.ts'

/** Longer spans are no moving picture any more. */
const MAX_SECONDS = 24 * 3600

const TripsQuery = Type.Object({
  zoom: number(0, 24),
  min: point(),
  max: point(),
  startTime: time(),
  endTime: time(),
  precision: or(integer(0, 6), 5),
  language: or(list(text(35)), []),
})
type TripsQuery = Static<typeof TripsQuery>

export function mapTripsRoutes(app: App): void {
  for (const { url, version } of paths('map/trips', 1, 4, 5, 6))
    app.get(url, { schema: { querystring: TripsQuery } }, (request, reply) => {
      const asked: TripsQuery = request.query
      const { startTime: from, endTime: to, zoom, precision, language } = asked
      if (to < from) throw new FreifahrtError('BAD_REQUEST', 'endTime', 'is before startTime')
      if (to - from > MAX_SECONDS)
        throw new FreifahrtError('TOO_LARGE', 'endTime', `is more than ${MAX_SECONDS / 3600} hours after startTime`)
      const box = boxOf(asked.min, asked.max)
      return ask(
        request.service,
        reply,
        { kind: 'moving', box, from, to, zoom, precision, style: { version, language } },
        [from, to],
      )
    })
}

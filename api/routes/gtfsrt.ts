// GET /gtfsrt: what all realtime sources say, as one GTFS-Realtime feed for other programs.
//
//   /gtfsrt             all feeds; where there are several, ids begin with their feed's tag
//   /gtfsrt?tag=TAG     one feed, in its own ids

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { optional, text } from '#api/plugins/parameters.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { gtfsRealtimeOf } from '#workers/gtfsrt.ts'

const GtfsRtQuery = Type.Object({ tag: optional(text(32)) })

export function gtfsRtRoutes(app: App): void {
  app.get('/gtfsrt', { schema: { querystring: GtfsRtQuery } }, ({ query, service }, reply) => {
    const { tag } = query
    const feed = tag === undefined ? undefined : service.lookup.feedByTag.get(tag)
    if (tag !== undefined && feed === undefined) throw new FreifahrtError('UNKNOWN_TAG', 'tag', `no feed '${tag}'`)
    const { horizon, clock } = service
    reply.header('cache-control', 'no-cache')
    return reply.type('application/x-protobuf').send(Buffer.from(gtfsRealtimeOf(horizon, feed, clock.now())))
  })
}

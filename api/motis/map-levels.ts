// GET map/levels: the floors of what can be walked in a box, and of the stops there, highest first.

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { boxOf, point } from '#api/plugins/parameters.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'
import { levelOf } from '#engine/station/walk.ts'
import { levelsInBox } from '#engine/street/box.ts'
import { stopsInBox } from '#engine/timetable/lookup.ts'

/** Degrees; floors are asked for a building, not for a city. */
const MAX_SPAN = 0.5

const LevelsQuery = Type.Object({ min: point(), max: point() })

export function mapLevelsRoutes(app: App): void {
  app.get('/api/v1/map/levels', { schema: { querystring: LevelsQuery } }, (request, reply) => {
    const box = boxOf(request.query.min, request.query.max)
    if (box.north - box.south > MAX_SPAN * E7 || box.east - box.west > MAX_SPAN * E7)
      throw new FreifahrtError('TOO_LARGE', 'max', `the box spans more than ${MAX_SPAN} degrees`)
    reply.header('cache-control', 'public, max-age=3600')
    const { streets, lookup, timetable } = request.service
    const levels = new Set(streets ? levelsInBox(streets, box) : [])
    for (const stop of stopsInBox(lookup, box)) {
      const level = levelOf(timetable, stop)
      if (level !== undefined) levels.add(level)
    }
    return [...levels].sort((a, b) => b - a)
  })
}

// route:, the runs of a line that are under way, how they follow one another, and what the last hour was like.

import { routeContent } from '#api/fleet/render.ts'
import { routeOf } from '#api/fleet/routes.ts'
import type { TransitService } from '#workers/service.ts'
import { nextDue, type Topic } from '../topic.ts'

/** Runs begin and pass stops without a word from any feed. */
const REST = 15

/** Throws UNKNOWN_ROUTE. */
export function routeTopic(service: TransitService, id: string, language: readonly string[]): Topic {
  const route = routeOf(service, id, 'ch')
  return {
    kind: 'route',
    // realtime may have its runs call anywhere
    stops: 'any',
    alerts: false,
    vehicles: true,
    sources: false,
    pace: 'slow',
    read(current) {
      const { rows, route: head, summary } = routeContent(current, route, language)
      return { rows, members: { route: head, summary }, due: nextDue(rows, current.clock.now(), REST) }
    },
  }
}

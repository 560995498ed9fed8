// route:, the runs of a line that are under way, how they follow one another, and what the last hour was like.

import { routeContent } from '#api/fleet/render.ts'
import { routeOf } from '#api/fleet/routes.ts'
import type { PatternIdx, StopIdx } from '#engine/core/ids.ts'
import { patternLength, slotStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { nextDue, type Topic } from '../topic.ts'

/** Runs begin and pass stops without a word from any feed. */
const REST = 15

/** Throws UNKNOWN_ROUTE. */
export function routeTopic(service: TransitService, id: string, language: readonly string[]): Topic {
  const { timetable: tt } = service
  const route = routeOf(service, id, 'ch')
  const stops = new Set<StopIdx>()
  for (let p = 0; p < tt.counts.patterns; p++) {
    const pattern = p as PatternIdx
    if (tt.patternRoute[pattern] !== route) continue
    for (let i = 0; i < patternLength(tt, pattern); i++) stops.add(slotStop(tt.slots[tt.slotBegin[pattern]! + i]!))
  }
  return {
    kind: 'route',
    stops: [...stops],
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

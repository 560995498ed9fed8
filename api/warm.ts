// A network that takes over should answer its first request as fast as any other: its plan threads are started and
// have planned once before, and the serving thread has its list of elevators.

import type { StopIdx } from '#engine/core/ids.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import type { TransitService } from '#workers/service.ts'
import { elevatorsNow } from './elevators.ts'
import type { PageStyle } from './plan-page.ts'

/** As a caller who asks for nothing in particular has it. */
export const pageStyle: PageStyle = {
  version: 6,
  language: [],
  extra: {
    requestParameters: {},
    annotate: true,
    detailedLegs: true,
    detailedTransfers: true,
    joinInterlinedLegs: true,
    maxItineraries: undefined,
    numLegAlternatives: 0,
  },
}

/** Resolves when each plan thread has planned between the two busiest stops, or could not. */
export async function warmUp(service: TransitService): Promise<void> {
  const { clock, lookup, timetable } = service
  elevatorsNow(service) // the first board would make the list
  const busiest = Array.from({ length: timetable.counts.stops }, (_, stop) => stop as StopIdx).sort(
    (a, b) => lookup.departures[b]! - lookup.departures[a]!,
  )
  const [from, to] = busiest
  if (from === undefined || to === undefined) return
  const query: Query = {
    ...queryDefaults,
    from: { kind: 'stop', stop: from },
    to: { kind: 'stop', stop: to },
    time: clock.now(),
  }
  // one each: they are handed out to those that are free
  const first = Array.from({ length: service.load().threads }, () => service.plan(query, pageStyle))
  // a network in which nothing can be planned has boards and maps still
  await Promise.allSettled(first)
}

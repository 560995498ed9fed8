// An itinerary in MOTIS' own words, as a client without its id asks for it again.

import { expect } from 'vitest'
import type { Itinerary } from '#api/contract/itinerary.ts'
import type { App } from '#api/fastify.ts'

/** What a POST of refresh-itinerary answers. */
export async function refreshByWords(app: App, before: Itinerary, style = '', beside: object = {}): Promise<Itinerary> {
  const legs = before.legs.map(
    ({ displayName, tripId, from, to, scheduledStartTime, scheduledEndTime, mode, stay }) => ({
      displayName,
      tripId,
      fromId: from.stopId,
      fromLat: from.lat,
      fromLon: from.lon,
      toId: to.stopId,
      toLat: to.lat,
      toLon: to.lon,
      schedStart: scheduledStartTime,
      schedEnd: scheduledEndTime,
      mode,
      scheduled: true,
      stay: stay ?? null,
    }),
  )
  const answer = await app.inject({
    method: 'POST',
    url: `/api/v6/refresh-itinerary?${style}`,
    payload: { id: { legs }, ...beside },
  })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<Itinerary>()
}

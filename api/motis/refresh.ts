// GET and POST refresh-itinerary: an itinerary found before, with the times of now. The id says all there is to know; a POST says the same
// in MOTIS' words.

import { type Static, Type } from 'typebox'
import { LONGEST_ID } from '#api/contract/itinerary.ts'
import type { App } from '#api/fastify.ts'
import { list, optional, or, readAlso, text } from '#api/plugins/parameters.ts'
import type { ApiQuestion } from '#api/questions.ts'
import { readItineraryId, type SavedItinerary, travellersIn } from '#api/render/itinerary-id.ts'
import type { TransitService } from '#workers/service.ts'
import { ask } from './ask.ts'
import { readLegs } from './legs.ts'
import { findPlaces, findRide } from './saved.ts'
import { riderOf, riderParameters, walkerOf, walkerParameters } from './travellers.ts'
import { unheededByRefresh } from './unheeded.ts'

const style = {
  detailedLegs: or(Type.Boolean(), true),
  detailedTransfers: optional(Type.Boolean()),
  joinInterlinedLegs: or(Type.Boolean(), true),
  withFares: or(Type.Boolean(), false),
  withScheduledSkippedStops: or(Type.Boolean(), false),
  language: or(list(text(35)), []),
}
const RefreshQuery = Type.Object({ itineraryId: text(LONGEST_ID), ...style, ...unheededByRefresh })
const RefreshStyle = Type.Object({ ...style, ...unheededByRefresh })
// MOTIS' own words for an itinerary do not say who travels
const RefreshByLegs = Type.Object({ ...style, ...unheededByRefresh, ...walkerParameters, ...riderParameters })
type Style = Static<typeof RefreshStyle>

export function refreshRoutes(app: App): void {
  const url = '/api/v6/refresh-itinerary'
  app.get(url, { schema: { querystring: RefreshQuery } }, (request, reply) => {
    const { service, query } = request
    return ask(service, reply, toQuestion(service, readItineraryId(query.itineraryId), query), undefined)
  })
  app.post(url, { schema: { querystring: RefreshByLegs } }, ({ service, body, query }, reply) => {
    const legs = readLegs(service, body)
    // MOTIS' clients say the rest in the body as well
    const asked = readAlso(RefreshByLegs, query, body as object)
    const who = travellersIn({ walker: walkerOf(asked, undefined), rider: riderOf(asked) })
    return ask(service, reply, toQuestion(service, { ...legs, ...who }, asked), undefined)
  })
}

// ── from text to indices ──────────────────────────────────────────────────────────────────────────────────────────────
function toQuestion(service: TransitService, saved: SavedItinerary, asked: Style): ApiQuestion {
  const { detailedLegs, detailedTransfers, joinInterlinedLegs, withFares, withScheduledSkippedStops, language } = asked
  return {
    kind: 'refresh',
    ...findPlaces(service, saved, 'itineraryId'),
    rides: saved.rides.map(ride => findRide(service, ride)),
    style: {
      ...{ version: 6, language, detailedLegs, detailedTransfers, joinInterlinedLegs },
      ...{ withFares, withScheduledSkippedStops },
    },
  }
}

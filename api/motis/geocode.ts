// GET geocode: stops, streets, addresses and places by what people type.

import { type Static, Type } from 'typebox'
import { LEGACY_MODES, STREET_MODES, TRANSIT_MODES } from '#api/contract/common.ts'
import type { Match } from '#api/contract/geocode.ts'
import { wantedModes } from '#api/contract/versions.ts'
import type { App } from '#api/fastify.ts'
import { boxGiven, choice, list, number, optional, or, point, size, text } from '#api/plugins/parameters.ts'
import { renderMatch, typeOfEntry } from '#api/render/match.ts'
import type { View } from '#api/render/place.ts'
import { stopModes } from '#api/render/stops.ts'
import { isInside, toE7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { EntryType, type Places } from '#engine/places/places.ts'
import { searchPlaces } from '#engine/places/search.ts'
import { stopPlaces } from '#engine/places/stops.ts'
import type { TransitService } from '#workers/service.ts'

export const matchModes = () => optional(list(choice('TRANSIT', ...TRANSIT_MODES, ...LEGACY_MODES, ...STREET_MODES)))
export const matchTypes = () => optional(list(choice('ADDRESS', 'PLACE', 'STOP')))

const GeocodeQuery = Type.Object({
  text: text(200),
  language: or(list(text(35)), []),
  type: matchTypes(),
  mode: matchModes(),
  place: optional(point()),
  placeBias: or(number(0, 100), 1),
  numResults: or(size(1, 512), 10),
  min: optional(point()),
  max: optional(point()),
})

/** What nearness can add to a score when `placeBias` is 1. */
const BIAS_WEIGHT = 0.5

export function geocodeRoutes(app: App): void {
  app.get('/api/v1/geocode', { schema: { querystring: GeocodeQuery } }, (request): Match[] => {
    const { query: asked, service } = request
    const places = placesOf(service)
    const hits = searchPlaces(places, {
      text: asked.text,
      limit: asked.numResults,
      near: asked.place && {
        lat: toE7(asked.place.lat),
        lon: toE7(asked.place.lon),
        weight: asked.placeBias * BIAS_WEIGHT,
      },
      accepts: suiting(service, places, asked),
    })
    const view: View = {
      horizon: service.horizon,
      version: 6,
      language: asked.language,
      realtime: true,
      now: service.clock.now(),
    }
    return hits.map(hit => renderMatch(view, places, hit, asked.text))
  })
}

/** Networks imported before there was a gazetteer have their stops. */
export const placesOf = (service: TransitService): Places => service.places ?? stopPlaces(service.lookup)

/** Entries of the wanted types, modes and box. */
export function suiting(
  { timetable: tt }: TransitService,
  p: Places,
  asked: Pick<Static<typeof GeocodeQuery>, 'type' | 'mode' | 'min' | 'max'>,
): (entry: number) => boolean {
  const wanted = asked.mode && wantedModes(asked.mode)
  const box = boxGiven(asked)
  return entry => {
    if (asked.type && !asked.type.includes(typeOfEntry(p, entry))) return false
    // modes are those of stops; what is no stop has none to be refused for
    const stop = p.entryStop[entry] as StopIdx
    if (wanted && p.entryType[entry] === EntryType.stop && !stopModes(tt, stop, 6).some(wanted)) return false
    return !box || isInside(box, p.entryLat[entry]!, p.entryLon[entry]!)
  }
}

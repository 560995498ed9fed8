// GET reverse-geocode: what is near a point, nearest first: stops, houses with their addresses, streets, places.

import { Type } from 'typebox'
import type { Match } from '#api/contract/geocode.ts'
import type { App } from '#api/fastify.ts'
import { list, or, point, size, text } from '#api/plugins/parameters.ts'
import { renderMatch } from '#api/render/match.ts'
import type { View } from '#api/render/place.ts'
import { boxAround, metresBetween, toE7 } from '#engine/core/geo.ts'
import { EntryType, type Places } from '#engine/places/places.ts'
import type { PlaceHit } from '#engine/places/search.ts'
import { matchModes, matchTypes, placesOf, suiting } from './geocode.ts'

const ReverseQuery = Type.Object({
  place: point(),
  type: matchTypes(),
  mode: matchModes(),
  numResults: or(size(1, 512), 5),
  language: or(list(text(35)), []),
})

/** What is farther away is not what somebody pointed at. */
const REACH_METRES = { [EntryType.stop]: 2000, [EntryType.street]: 300, [EntryType.place]: 300 } as const

export function reverseGeocodeRoutes(app: App): void {
  app.get('/api/v1/reverse-geocode', { schema: { querystring: ReverseQuery } }, ({ query, service }): Match[] => {
    const { place, numResults, language } = query
    const places = placesOf(service)
    const near = hitsNear(
      places,
      toE7(place.lat),
      toE7(place.lon),
      suiting(service, places, { ...query, min: undefined, max: undefined }),
    )
    const { horizon, clock } = service
    const view: View = { horizon, version: 6, language, realtime: true, now: clock.now() }
    return near.slice(0, numResults).map(hit => renderMatch(view, places, hit, ''))
  })
}

/** Nearest first; of a street only the nearest of its houses. */
function hitsNear(p: Places, lat: number, lon: number, accepts: (entry: number) => boolean): PlaceHit[] {
  const { south, west, north, east } = boxAround(lat, lon, REACH_METRES[EntryType.stop])
  const best = new Map<number, PlaceHit>()
  for (const item of p.index?.search(west, south, east, north) ?? []) {
    const address = item < p.counts.entries ? undefined : item - p.counts.entries
    const entry = address === undefined ? item : streetOf(p, address)
    const metres =
      address === undefined
        ? metresBetween(lat, lon, p.entryLat[entry]!, p.entryLon[entry]!)
        : metresBetween(lat, lon, p.addressLat[address]!, p.addressLon[address]!)
    const type = p.entryType[entry] as EntryType
    if (metres > REACH_METRES[type] || !accepts(entry) || -metres <= (best.get(entry)?.score ?? -Infinity)) continue
    best.set(entry, { entry, label: p.labelsBegin[entry]!, address, score: -metres, whole: true })
  }
  return [...best.values()].sort((a, b) => b.score - a.score || a.entry - b.entry)
}

/** The entry whose range of addresses holds this one. */
function streetOf(p: Places, address: number): number {
  let [low, high] = [0, p.counts.entries]
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (p.addressesBegin[middle]! <= address) low = middle
    else high = middle
  }
  return low
}

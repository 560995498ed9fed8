// GET geocode and reverse-geocode: stops by name, and what is near a point.

import { Type } from 'typebox'
import type { App } from '#api/app.ts'
import { LEGACY_MODES, type Match, STREET_MODES, TRANSIT_MODES } from '#api/contract.ts'
import { boxOf, choice, integer, list, number, optional, or, type Point, point, text } from '#api/plugins/parameters.ts'
import { stopPlace } from '#api/render/place.ts'
import { stopImportance, stopModes } from '#api/render/stops.ts'
import { metresBetween, toE7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { searchStops, stopsNear } from '#engine/timetable/lookup.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { wantedModes } from './versions.ts'

const modes = () => optional(list(choice('TRANSIT', ...TRANSIT_MODES, ...LEGACY_MODES, ...STREET_MODES)))
const types = () => optional(list(choice('ADDRESS', 'PLACE', 'STOP')))

const GeocodeQuery = Type.Object({
  text: text(200),
  language: or(list(text(35)), []),
  type: types(),
  mode: modes(),
  place: optional(point()),
  placeBias: or(number(0, 100), 1),
  numResults: or(integer(1, 512), 10),
  min: optional(point()),
  max: optional(point()),
})

const ReverseQuery = Type.Object({
  place: point(),
  type: types(),
  mode: modes(),
  numResults: or(integer(1, 512), 5),
  language: or(list(text(35)), []),
})

/** Stops farther away are not what somebody pointed at. */
const REVERSE_METRES = 2000
/** A place of this distance has lost half of what nearness can add to its score. */
const NEAR_METRES = 5000

export function geocodeRoutes(app: App, service: TransitService): void {
  const { timetable: tt, lookup } = service

  app.get('/api/v1/geocode', { schema: { querystring: GeocodeQuery } }, (request): Match[] => {
    const asked = request.query
    if (asked.type && !asked.type.includes('STOP')) return []
    const suits = suiting(service, asked.mode, asked.min && asked.max && [asked.min, asked.max])
    // names first, then nearness and filters: enough candidates that the wanted ones are among them
    const hits = searchStops(lookup, asked.text, asked.numResults + 200).filter(({ stop }) => suits(stop))
    const near = asked.place
    const bias = (stop: StopIdx): number =>
      near
        ? asked.placeBias /
          (1 + metresBetween(toE7(near.lat), toE7(near.lon), tt.stopLat[stop]!, tt.stopLon[stop]!) / NEAR_METRES)
        : 0
    return hits
      .map(({ stop, score }) => ({ stop, score: score + bias(stop) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, asked.numResults)
      .map(({ stop, score }) => stopMatch(service, stop, score, asked.text))
  })

  app.get('/api/v1/reverse-geocode', { schema: { querystring: ReverseQuery } }, (request): Match[] => {
    const { place, type, mode, numResults } = request.query
    if (type && !type.includes('STOP')) return []
    const suits = suiting(service, mode)
    const found = new Map<StopIdx, number>()
    for (const { stop, metres } of stopsNear(lookup, toE7(place.lat), toE7(place.lon), REVERSE_METRES)) {
      const root = rootStop(tt, stop)
      if (!found.has(root) && suits(root)) found.set(root, metres)
      if (found.size === numResults) break
    }
    return [...found].map(([stop, metres]) => stopMatch(service, stop, -metres, ''))
  })
}

function suiting(
  service: TransitService,
  asked: readonly string[] | undefined,
  box?: readonly [Point, Point],
): (stop: StopIdx) => boolean {
  const tt = service.timetable
  const wanted = asked && wantedModes(asked)
  const corners = box && boxOf(...box).map(toE7)
  return stop => {
    if (wanted && !stopModes(tt, stop, 6).some(wanted)) return false
    if (!corners) return true
    const [south, west, north, east] = corners
    const [lat, lon] = [tt.stopLat[stop]!, tt.stopLon[stop]!]
    return lat >= south! && lat <= north! && lon >= west! && lon <= east!
  }
}

function stopMatch(service: TransitService, stop: StopIdx, score: number, typed: string): Match {
  const view = { horizon: service.horizon, version: 6, language: [], realtime: true, now: service.clock.now() }
  const { name, stopId, lat, lon, tz } = stopPlace(view, stop)
  return {
    type: 'STOP',
    tokens: tokensOf(name, typed),
    name,
    id: stopId!,
    lat,
    lon,
    areas: [],
    score: Math.round(score * 1000) / 1000,
    tz,
    modes: stopModes(service.timetable, stop, 6),
    importance: stopImportance(service.lookup, stop),
  }
}

/** [start, length] of each word of the name that begins with a word typed. */
function tokensOf(name: string, typed: string): number[][] {
  const words = typed
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
  const found: number[][] = []
  for (const { 0: word, index } of name.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    const longest = words.filter(w => word.startsWith(w)).reduce((n, w) => Math.max(n, w.length), 0)
    if (longest > 0) found.push([index, longest])
  }
  return found
}

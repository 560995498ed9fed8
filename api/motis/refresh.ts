// GET and POST refresh-itinerary: an itinerary found before, with the times of now. The id says all there is to know; a POST says the same
// in MOTIS' words.

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { list, optional, or, readPlace, text } from '#api/plugins/parameters.ts'
import type { ApiQuestion } from '#api/questions.ts'
import {
  checked,
  type FoundItinerary,
  placesOnTheWay,
  readItineraryId,
  type SavedEnd,
  type SavedItinerary,
  type SavedRide,
} from '#api/render/itinerary-id.ts'
import { readApproach } from '#api/render/saved-approach.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { toE7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { type RunCall, readRun } from '#engine/horizon/runs.ts'
import type { QueryPlace } from '#engine/plan/query.ts'
import type { SavedRide as FoundRide } from '#engine/plan/refresh.ts'
import { findStop, nearestStop, type StopLookup } from '#engine/timetable/lookup.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { ask } from './ask.ts'
import { toQueryPlace } from './plan.ts'
import { stopOf } from './stops.ts'
import { findRun } from './trip.ts'

const style = {
  detailedLegs: or(Type.Boolean(), true),
  detailedTransfers: optional(Type.Boolean()),
  joinInterlinedLegs: or(Type.Boolean(), true),
  language: or(list(text(35)), []),
}
const RefreshQuery = Type.Object({ itineraryId: text(12_000), ...style })
const RefreshStyle = Type.Object(style)

export function refreshRoutes(app: App): void {
  const url = '/api/v6/refresh-itinerary'
  app.get(url, { schema: { querystring: RefreshQuery } }, (request, reply) => {
    const { itineraryId, ...asked } = request.query
    return ask(request.service, reply, toQuestion(request.service, readItineraryId(itineraryId), asked), undefined)
  })
  app.post(url, { schema: { querystring: RefreshStyle } }, ({ service, body, query }, reply) =>
    ask(service, reply, toQuestion(service, readBody(body, service.lookup), query), undefined),
  )
}

// ── from text to indices ──────────────────────────────────────────────────────────────────────────────────────────────
function toQuestion(
  service: TransitService,
  saved: SavedItinerary,
  asked: Omit<Extract<ApiQuestion, { kind: 'refresh' }>['style'], 'version'>,
): ApiQuestion {
  return {
    kind: 'refresh',
    ...findPlaces(service, saved, 'itineraryId'),
    rides: saved.rides.map(ride => findRide(service, ride)),
    style: { ...asked, version: 6 },
  }
}

/** @param name of the parameter. Throws UNKNOWN_STOP, UNKNOWN_TAG. */
export function findPlaces(service: TransitService, saved: SavedItinerary, name: string): FoundItinerary {
  const find = (place: string): QueryPlace => toQueryPlace(service, readPlace(name, place), name)
  return { saved, from: find(saved.start.place), to: find(saved.end.place), vias: placesOnTheWay(saved).map(find) }
}

/** Without `run` when it has gone, or calls there no more. Throws UNKNOWN_STOP, UNKNOWN_TAG. */
export function findRide(service: TransitService, ride: SavedRide): FoundRide {
  const [from, to] = [rideEnd(service, ride.from), rideEnd(service, ride.to)]
  const departure = ride.departure as UnixSeconds
  const arrival = (ride.departure + ride.seconds) as UnixSeconds
  const run = findRun(service, ride.tripId)
  const calls = run ? readRun(service.horizon, run, false).calls : []
  const board = callAt(calls, from, departure, 0, 'departure')
  const alight = board === undefined ? undefined : callAt(calls, to, arrival, board + 1, 'arrival')
  const ends = { from: from.stop, to: to.stop }
  const saved = {
    ...ends,
    departure,
    arrival,
    walkBefore: Math.max(0, ride.before),
    stayed: ride.before < 0,
    ...(ride.wait && { waitBefore: ride.wait }),
    ...(ride.places && { places: ride.places }),
  }
  return board !== undefined && alight !== undefined
    ? { ...saved, run, board, alight }
    : { ...saved, run: undefined, board: 0, alight: 0 }
}

/** Where a ride begins or ends: which stop that is, and which calls are there. */
interface RideEnd {
  readonly stop: StopIdx
  readonly isThere: (stop: StopIdx) => boolean
}

/**
 * Any platform of a station is as good as another. A position is that of a stop that only realtime knows; once it has gone, the stop nearest to
 * it stands for it: the rider is told of that one and goes on from there, but no call counts as being there.
 */
function rideEnd(service: TransitService, given: string): RideEnd {
  const { timetable: tt } = service
  const place = readPlace('itineraryId', given)
  if (place.kind === 'stop') {
    const stop = stopOf(service, place.id, 'itineraryId')
    const station = rootStop(tt, stop)
    return { stop, isThere: other => rootStop(tt, other) === station }
  }
  const [lat, lon] = [toE7(place.lat), toE7(place.lon)]
  const isThere = (stop: StopIdx): boolean => tt.stopLat[stop] === lat && tt.stopLon[stop] === lon
  const stop = service.horizon.added?.stops.find(isThere) ?? nearestStop(service.lookup, lat, lon)
  if (stop === undefined) throw new FreifahrtError('UNKNOWN_STOP', 'itineraryId', `no stop near '${given}'`)
  return { stop, isThere }
}

/** The call there nearest to the planned time, from a position on. */
function callAt(
  calls: readonly RunCall[],
  { isThere }: RideEnd,
  time: UnixSeconds,
  first: number,
  which: 'departure' | 'arrival',
): number | undefined {
  let best: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (let i = first; i < calls.length; i++) {
    const call = calls[i]!
    const away = Math.abs(call[which] - time)
    if (!isThere(call.stop) || away >= least) continue
    best = i
    least = away
  }
  return best
}

// ── MOTIS' own words ──────────────────────────────────────────────────────────────────────────────────────────────────
const bad = (detail: string): FreifahrtError => new FreifahrtError('BAD_REQUEST', 'id.legs', detail)

interface BodyLeg {
  readonly [name: string]: unknown
}

/** `{id: {legs: [{tripId, fromId, fromLat, fromLon, toId, …, schedStart, schedEnd, mode, displayName}]}}`; legs without a trip are ways along streets. */
function readBody(body: unknown, lookup: StopLookup): SavedItinerary {
  const legs = (body as { id?: { legs?: unknown } } | null)?.id?.legs
  if (!Array.isArray(legs) || legs.length === 0 || !legs.every(leg => typeof leg === 'object' && leg !== null))
    throw bad('is no list of legs')
  const rides: SavedRide[] = []
  let start: BodyLeg[] = []
  let since: BodyLeg[] = [] // the last ride
  for (const leg of legs as BodyLeg[]) {
    if (typeof leg.tripId !== 'string' || leg.tripId === '') {
      since.push(leg)
      continue
    }
    if (rides.length === 0) start = since
    rides.push({
      tripId: leg.tripId,
      from: placeOf(lookup, leg, 'from'),
      to: placeOf(lookup, leg, 'to'),
      departure: timeOf(leg.schedStart),
      seconds: secondsOf(leg, leg),
      before: rides.length > 0 ? wayOf(since).seconds : 0,
      displayName: typeof leg.displayName === 'string' ? leg.displayName : '',
      mode: typeof leg.mode === 'string' ? leg.mode : 'OTHER',
    })
    since = []
  }
  const [first, last] = rides.length > 0 ? [start, since] : [since, []]
  return checked({
    start: { place: placeOf(lookup, legs[0], 'from'), ...wayOf(first) },
    rides,
    end: { place: placeOf(lookup, legs.at(-1), 'to'), ...wayOf(last) },
    departure: rides.length > 0 ? 0 : timeOf(legs[0].schedStart),
  })
}

/** One way along streets, in one leg or several; on foot alone it is as long as it is. Throws BAD_REQUEST. */
function wayOf(legs: readonly BodyLeg[]): Pick<SavedEnd, 'seconds' | 'by'> {
  if (legs.length === 0) return { seconds: 0 }
  const seconds = secondsOf(legs[0]!, legs.at(-1)!)
  const vehicle = legs.map(({ mode }) => mode).find(mode => mode !== undefined && mode !== 'WALK')
  if (vehicle === undefined) return { seconds }
  const parts = legs.map((leg, i) => [
    PARTS[leg.mode as string] ?? leg.mode ?? 'WALK',
    secondsOf(leg, leg),
    ...(i < legs.length - 1 ? [[toE7(Number(leg.toLat)), toE7(Number(leg.toLon)), '', '']] : []),
  ])
  return { seconds, by: readApproach([vehicle, parts], 'id.legs') }
}

/** Ways that are told by what becomes of the car. */
const PARTS: Readonly<Record<string, string>> = { CAR_PARKING: 'CAR', CAR_DROPOFF: 'CAR' }

const secondsOf = (first: BodyLeg, last: BodyLeg): number => timeOf(last.schedEnd) - timeOf(first.schedStart)

/** A stop that the timetable does not have is told by its position, if the leg says one. */
function placeOf(lookup: StopLookup, leg: BodyLeg, which: 'from' | 'to'): string {
  const [id, lat, lon] = [leg[`${which}Id`], leg[`${which}Lat`], leg[`${which}Lon`]]
  const isStop = typeof id === 'string' && id !== ''
  const isPoint = Number.isFinite(lat) && Number.isFinite(lon)
  return isStop && (!isPoint || findStop(lookup, id) !== undefined) ? id : `${lat},${lon}`
}

/** Unix seconds, or RFC 3339. */
function timeOf(value: unknown): number {
  if (Number.isInteger(value)) return value as number
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(ms)) throw bad('has a leg without schedStart and schedEnd')
  return Math.floor(ms / 1000)
}

// GET and POST refresh-itinerary: an itinerary found before, with the times of now. The id says all there is to know; a POST says the same
// in MOTIS' words.

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { list, optional, or, readPlace, text } from '#api/plugins/parameters.ts'
import type { ApiQuestion } from '#api/questions.ts'
import {
  checked,
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
import { rootStop, type Timetable } from '#engine/timetable/timetable.ts'
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
  app.post(url, { schema: { querystring: RefreshStyle } }, (request, reply) =>
    ask(request.service, reply, toQuestion(request.service, readBody(request.body), request.query), undefined),
  )
}

// ── from text to indices ──────────────────────────────────────────────────────────────────────────────────────────────
function toQuestion(
  service: TransitService,
  saved: SavedItinerary,
  asked: Omit<Extract<ApiQuestion, { kind: 'refresh' }>['style'], 'version'>,
): ApiQuestion {
  const place = (end: SavedEnd): QueryPlace => toQueryPlace(service, readPlace('itineraryId', end.place), 'itineraryId')
  return {
    kind: 'refresh',
    saved,
    from: place(saved.start),
    to: place(saved.end),
    rides: saved.rides.map(ride => findRide(service, ride)),
    style: { ...asked, version: 6 },
  }
}

export function findRide(service: TransitService, ride: SavedRide): FoundRide {
  const tt = service.timetable
  const [from, to] = [stopOf(service, ride.from, 'itineraryId'), stopOf(service, ride.to, 'itineraryId')]
  const departure = ride.departure as UnixSeconds
  const arrival = (ride.departure + ride.seconds) as UnixSeconds
  const run = findRun(service, ride.tripId)
  const calls = run ? readRun(service.horizon, run, false).calls : []
  const board = callAt(tt, calls, from, departure, 0, 'departure')
  const alight = board === undefined ? undefined : callAt(tt, calls, to, arrival, board + 1, 'arrival')
  const saved = { from, to, departure, arrival, walkBefore: Math.max(0, ride.before), stayed: ride.before < 0 }
  return board !== undefined && alight !== undefined
    ? { ...saved, run, board, alight }
    : { ...saved, run: undefined, board: 0, alight: 0 }
}

/** The call at this station nearest to the planned time, from a position on. */
function callAt(
  tt: Timetable,
  calls: readonly RunCall[],
  stop: StopIdx,
  time: UnixSeconds,
  first: number,
  which: 'departure' | 'arrival',
): number | undefined {
  const station = rootStop(tt, stop)
  let best: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (let i = first; i < calls.length; i++) {
    const call = calls[i]!
    const away = Math.abs(call[which] - time)
    if (rootStop(tt, call.stop) !== station || away >= least) continue
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
function readBody(body: unknown): SavedItinerary {
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
      from: placeOf(leg, 'from'),
      to: placeOf(leg, 'to'),
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
    start: { place: placeOf(legs[0], 'from'), ...wayOf(first) },
    rides,
    end: { place: placeOf(legs.at(-1), 'to'), ...wayOf(last) },
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

function placeOf(leg: BodyLeg, which: 'from' | 'to'): string {
  const id = leg[`${which}Id`]
  return typeof id === 'string' && id !== '' ? id : `${leg[`${which}Lat`]},${leg[`${which}Lon`]}`
}

/** Unix seconds, or RFC 3339. */
function timeOf(value: unknown): number {
  if (Number.isInteger(value)) return value as number
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(ms)) throw bad('has a leg without schedStart and schedEnd')
  return Math.floor(ms / 1000)
}

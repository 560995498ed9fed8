// GET plan: a journey from here to there. The search and the writing happen in a plan worker; this file says what is asked.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { paths, transfersFromParameter } from '#api/contract/versions.ts'
import type { App } from '#api/fastify.ts'
import type { PlanExtra } from '#api/plan-page.ts'
import {
  about,
  capped,
  givenOf,
  inOrder,
  integer,
  list,
  number,
  optional,
  or,
  type PlaceText,
  place,
  placesIn,
  readPlace,
  size,
  text,
  time,
} from '#api/plugins/parameters.ts'
import { goneSignal, sendBytes } from '#api/plugins/requests.ts'
import type { BikeParking } from '#engine/access/parking.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7, metresBetween, toE7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { MAX_TRANSFERS, MAX_VIAS, type Query, type QueryPlace, queryDefaults, type Via } from '#engine/plan/query.ts'
import type { TransitService } from '#workers/service.ts'
import { approachesOf, bikeParking, rentalParameters, streetModes } from './approaches.ts'
import { crowOffsets, readOffsets } from './offsets.ts'
import { parseCursor, spanOfCursor } from './page.ts'
import { stopOf } from './stops.ts'
import {
  checkBattery,
  enduranceParameters,
  type Moment,
  riderOf,
  riderParameters,
  walkerOf,
  walkerParameters,
} from './travellers.ts'
import { unheededByPlan, unheededParameters } from './unheeded.ts'
import { toWishes, wishParameters } from './wishes.ts'

const flag = (value: boolean) => or(Type.Boolean(), value)

export const PlanQuery = Type.Object({
  fromPlace: place(),
  toPlace: place(),
  /** MOTIS allows two. Coordinates as `lat;lon`. */
  via: or(inOrder(text(200), MAX_VIAS), []),
  viaMinimumStay: about(
    'Minutes at each place of via, in that order; where there are fewer, none at the others.',
    or(inOrder(integer(0, 24 * 60), MAX_VIAS), []),
  ),
  time: optional(time()),
  maxTransfers: optional(integer(0, 100)),
  maxTravelTime: optional(integer(0, 7 * 24 * 60)),
  maxMatchingDistance: or(capped(0, 250), 250),
  ...wishParameters,
  ...walkerParameters,
  ...riderParameters,
  ...enduranceParameters,
  ...unheededParameters,
  ...unheededByPlan,
  detailedLegs: flag(true),
  detailedTransfers: optional(Type.Boolean()),
  joinInterlinedLegs: flag(true),
  directModes: streetModes(),
  preTransitModes: streetModes(),
  postTransitModes: streetModes(),
  ...rentalParameters,
  bikeParking: bikeParking(),
  numItineraries: or(size(0, 256), queryDefaults.minJourneys),
  maxItineraries: optional(size(1, 256)),
  pageCursor: optional(text(40)),
  timetableView: about(
    'false: only who is there first, leaving at `time` or later (arriving by a time: only who leaves last), with each number of changes. The way there has no needless wait.',
    flag(true),
  ),
  arriveBy: flag(false),
  searchWindow: or(size(0, 5760 * 60), queryDefaults.window),
  maxPreTransitTime: or(size(0, 3600), queryDefaults.maxAccess),
  maxPostTransitTime: or(size(0, 3600), queryDefaults.maxEgress),
  maxDirectTime: or(size(0, 21_600), queryDefaults.maxDirect),
  fastestDirectFactor: optional(number(0, 100)),
  slowDirect: flag(false),
  fastestSlowDirectFactor: about(
    'Of what slowDirect adds: nothing that takes longer than so many times the quickest ride without a change. Below 1: all.',
    or(number(0, 100), 3),
  ),
  /** Metres around both places within which stops are reached as the crow flies, at 1.5 m/s, without streets (experimental in MOTIS). */
  radius: optional(integer(0, 10_000)),
  timeout: optional(size(0, 90)),
  withFares: flag(false),
  numLegAlternatives: or(integer(0, 20), 0),
  withScheduledSkippedStops: flag(false),
  language: or(list(text(35)), []),
  // own: no journeys that only add a needless change; minutes that a less full vehicle may cost
  distinct: flag(false),
  preferRoom: or(integer(0, 120), 0),
})
export type PlanQuery = Static<typeof PlanQuery>

type PlanRequest = Pick<FastifyRequest<{ Querystring: PlanQuery }>, 'service' | 'query'>

export function planRoutes(app: App): void {
  const answer = async (request: PlanRequest, query: Query, version: number, reply: FastifyReply) => {
    const { service, query: asked } = request
    const bytes = await service.plan(
      query,
      { version, language: asked.language, extra: toExtra(asked) satisfies PlanExtra },
      { signal: goneSignal(reply), ...(asked.timeout && { timeoutMs: asked.timeout * 1000 }) },
    )
    return sendBytes(reply, bytes, 'application/json')
  }
  for (const { url, version } of paths('plan', 1, 2, 3, 4, 5, 6))
    app.get(url, { schema: { querystring: PlanQuery } }, (request, reply) =>
      answer(request, toQuery(request.service, request.query, version), version, reply),
    )
  app.post('/api/v6/plan', { schema: { querystring: PlanQuery } }, (request, reply) => {
    const { service } = request
    const query = { ...toQuery(service, request.query, 6), ...readOffsets(service, request.body) }
    return answer(request, query, 6, reply)
  })
}

export function toQuery(service: TransitService, asked: PlanQuery, version: number): Query {
  const span = asked.pageCursor
    ? spanOfCursor(parseCursor(asked.pageCursor), asked.arriveBy)
    : {
        time: asked.time ?? service.clock.now(),
        window: asked.timetableView ? asked.searchWindow : 0,
        extend: 'auto' as const,
      }
  const transfers = asked.maxTransfers
  const from = toQueryPlace(service, asked.fromPlace, 'fromPlace')
  const to = toQueryPlace(service, asked.toPlace, 'toPlace')
  const [walker, rider] = [walkerOf(asked, momentAt(service, from, span.time)), riderOf(asked)]
  checkBattery(asked, walker, rider)
  const vias = toVias(service, asked)
  return {
    ...span,
    ...(span.window === 0 && { tight: true }),
    arriveBy: asked.arriveBy,
    minJourneys: span.window > 0 ? asked.numItineraries : 0,
    from,
    to,
    vias,
    maxTransfers:
      transfers === undefined
        ? queryDefaults.maxTransfers
        : Math.min(MAX_TRANSFERS, transfersFromParameter(version, transfers)),
    maxTravelTime: asked.maxTravelTime === undefined ? queryDefaults.maxTravelTime : asked.maxTravelTime * 60,
    maxAccess: asked.maxPreTransitTime,
    maxEgress: asked.maxPostTransitTime,
    maxDirect: asked.maxDirectTime,
    approaches: approachesOf(asked),
    walker,
    rider,
    bikeParking: asked.bikeParking.toLowerCase() as BikeParking,
    maxMatchingDistance: asked.maxMatchingDistance,
    transit: asked.transitModes.length > 0 && (vias.length > 0 || !isOnePlace(from, to)),
    ...(asked.fastestDirectFactor !== undefined && { directFactor: asked.fastestDirectFactor }),
    ...(asked.slowDirect && { slowDirect: true, slowDirectFactor: asked.fastestSlowDirectFactor }),
    ...(asked.radius !== undefined && {
      fromOffsets: crowOffsets(service, from, asked.radius, asked.maxPreTransitTime),
      toOffsets: crowOffsets(service, to, asked.radius, asked.maxPostTransitTime),
    }),
    leadingOn: true,
    distinct: asked.distinct,
    preferRoom: asked.preferRoom * 60,
    ...toWishes(service, asked),
  }
}

/** Nobody rides from where he is to where he is. */
function isOnePlace(from: QueryPlace, to: QueryPlace): boolean {
  if (from.kind === 'stop') return to.kind === 'stop' && from.stop === to.stop
  return to.kind === 'coordinate' && metresBetween(from.lat, from.lon, to.lat, to.lon) <= ONE_PLACE
}

/** Metres; about as exact as a phone knows where it is. */
const ONE_PLACE = 20

/** The place of a query in degrees, at its time. */
export function momentAt({ timetable: tt }: TransitService, place: QueryPlace, time: UnixSeconds): Moment {
  const [lat, lon] = place.kind === 'stop' ? [tt.stopLat[place.stop]!, tt.stopLon[place.stop]!] : [place.lat, place.lon]
  return { time, lat: lat / E7, lon: lon / E7 }
}

/** The place that a client wrote. Throws UNKNOWN_STOP or UNKNOWN_TAG. */
export const toQueryPlace = (service: TransitService, place: PlaceText, parameter: string): QueryPlace =>
  place.kind === 'stop'
    ? { kind: 'stop', stop: stopOf(service, place.id, parameter) }
    : {
        kind: 'coordinate',
        lat: toE7(place.lat),
        lon: toE7(place.lon),
        ...(place.level !== undefined && { level: place.level }),
      }

/** Places to come by, with the stays that were asked for. */
function toVias(service: TransitService, { via, viaMinimumStay }: Pick<PlanQuery, 'via' | 'viaMinimumStay'>): Via[] {
  const texts = placesIn(via)
  // MOTIS' own default is two stays of no time, whatever there is to stay at
  if (viaMinimumStay.slice(texts.length).some(stay => stay > 0))
    throw new FreifahrtError(
      'BAD_REQUEST',
      'viaMinimumStay',
      `${viaMinimumStay.length} stays at ${texts.length} places`,
    )
  return texts.map((given, i) => ({
    place: toQueryPlace(service, readPlace('via', given), 'via'),
    stay: (viaMinimumStay[i] ?? 0) * 60,
  }))
}

const toExtra = (asked: PlanQuery): PlanExtra => ({
  requestParameters: givenOf(asked),
  annotate: asked.realtimeMode !== 'OFF',
  scheduledSkipped: asked.withScheduledSkippedStops,
  detailedLegs: asked.detailedLegs,
  detailedTransfers: asked.detailedTransfers ?? asked.detailedLegs,
  joinInterlinedLegs: asked.joinInterlinedLegs,
  maxItineraries: asked.maxItineraries,
  numLegAlternatives: asked.numLegAlternatives,
  withFares: asked.withFares,
})

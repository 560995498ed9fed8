// The HTTP calls of the page, in MOTIS 2 words and in types taken from the server's own contract.

import type { FeatureCollection, LineString, MultiPolygon } from 'geojson'
import type { StyleSpecification } from 'maplibre-gl'
import type { StoptimesResponse } from '#api/contract/board.ts'
import type { Place } from '#api/contract/common.ts'
import type { Match } from '#api/contract/geocode.ts'
import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import type { InitialResponse } from '#api/contract/map.ts'
import type { ReachResponse } from '#api/contract/reach.ts'
import type { RentalsResponse } from '#api/contract/rentals.ts'
import type { DayCounts, DaySum } from '#api/contract/statistics.ts'

export type { StopTime } from '#api/contract/board.ts'
export type { Arrangement, Place } from '#api/contract/common.ts'
export type { Match } from '#api/contract/geocode.ts'
export type { Itinerary, Leg, Step } from '#api/contract/itinerary.ts'

/** Why nothing was found. */
export type Reason = NonNullable<PlanResponse['reasons']>[number]

/** The server's own sentence about what was wrong, or status 0 when there was no server. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(text)
    this.name = 'ApiError'
    this.status = status
  }
}

/** `W, S, E, N` in degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number]

export interface PlanQuery {
  /** Stop id or `lat,lon`. */
  readonly fromPlace: string
  readonly toPlace: string
  /** Places on the way, `;` in place of a comma within one, and the minutes to be spent at each; parted by commas. */
  readonly via?: string
  readonly viaMinimumStay?: string
  /** RFC 3339; now when missing. */
  readonly time?: string | undefined
  readonly arriveBy?: boolean
  readonly pageCursor?: string
  readonly pedestrianSpeed?: number | undefined
  readonly pedestrianProfile?: string | undefined
  readonly maxSlope?: number | undefined
  readonly maxKerb?: number | undefined
  readonly maxWithoutRest?: number | undefined
  readonly batteryRange?: number | undefined
  readonly cyclingProfile?: string | undefined
  readonly cyclingSafety?: number | undefined
  readonly directModes?: string | undefined
  readonly preTransitModes?: string | undefined
  readonly postTransitModes?: string | undefined
  readonly maxDirectTime?: number | undefined
  readonly requireBikeTransport?: boolean | undefined
  readonly additionalTransferTime?: number | undefined
  readonly transitModes?: string | undefined
}

export interface Attribution {
  readonly text: string
  readonly url?: string
}

/** A source of what is known of now besides runs. */
export interface ConditionSource {
  readonly kind: 'gbfs' | 'elevators' | 'parking'
  readonly tag: string
  readonly url: string
  /** Of its newest word; missing before the first. */
  readonly ageSeconds?: number
}

/** The part of it that the pages read. */
export interface FeedsResponse {
  readonly attributions: readonly Attribution[]
  readonly feeds: readonly { readonly tag: string; readonly tz: string }[]
  readonly conditions: readonly ConditionSource[]
}

/** Codes: why a server is not to be asked, and what does not work though it answers. */
export interface Readiness {
  readonly because?: readonly string[]
  readonly degraded?: readonly string[]
}

/** Largest first. */
export type Areas = FeatureCollection<MultiPolygon, { readonly minutes: number }>

/** A ride between two stops as `map/trips` tells it; the part that is read. */
export interface Segment {
  readonly trips: readonly { readonly tripId: string }[]
  readonly routeColor?: string
  readonly realTime: boolean
  readonly departure: string
  readonly arrival: string
  readonly scheduledDeparture: string
  readonly polyline: string
}

/** Who travels, and with what: all of it is known wherever it is asked how far one gets. */
type Traveller = Pick<
  PlanQuery,
  | ('pedestrianSpeed' | 'pedestrianProfile' | 'maxSlope' | 'maxKerb' | 'cyclingProfile' | 'cyclingSafety')
  | ('requireBikeTransport' | 'additionalTransferTime' | 'transitModes')
>

export interface CancelledRun {
  readonly trip: string
  readonly line: string
  readonly headsign: string
  /** Planned, RFC 3339. */
  readonly begin: string
  readonly end: string
  readonly from: string
}

export interface Cancellations {
  readonly cancelled: readonly CancelledRun[]
  readonly skipped: readonly (CancelledRun & { readonly stops: readonly { readonly name: string }[] })[]
  readonly ghosts: readonly CancelledRun[]
}

export type Theme = 'light' | 'dark'

export type Lines = FeatureCollection<LineString>

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>

export function connectApi(base: string, language: string) {
  async function get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
    const url = new URL(path, base)
    for (const [name, value] of Object.entries({ ...parameters, language }))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const response = await fetch(url, signal ? { signal } : {}).catch(cause => {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
      throw new ApiError(0, 'no connection')
    })
    if (response.ok) return (await response.json()) as T
    const body = (await response.json().catch(() => ({}))) as { error?: unknown }
    throw new ApiError(response.status, typeof body.error === 'string' ? body.error : response.statusText)
  }
  const inBox = ([west, south, east, north]: Box) => ({ min: `${south},${west}`, max: `${north},${east}` })

  return {
    initial: () => get<InitialResponse>('api/v1/map/initial'),
    feeds: () => get<FeedsResponse>('api/freifahrt/v1/feeds'),
    /** Also of a server that answers 503. */
    readiness: async () => (await (await fetch(new URL('health/ready', base))).json()) as Readiness,
    /** Is anything for rent here? */
    rents: async () =>
      (await get<RentalsResponse>('api/v1/rentals', { withStations: false, withVehicles: false, withZones: false }))
        .providers.length > 0,
    cancellations: () => get<Cancellations>('api/freifahrt/v1/cancellations', { hours: 6 }),
    /** Days of service in sum, the oldest first. */
    days: async () => (await get<{ days: DaySum[] }>('api/freifahrt/v1/statistics/days')).days,
    day: (date: string) => get<DayCounts>(`api/freifahrt/v1/statistics/days/${date}`),
    geocode: (text: string, near: string | undefined, type: 'STOP' | undefined, signal?: AbortSignal) =>
      get<Match[]>('api/v1/geocode', { text, place: near, type, numResults: 8 }, signal),
    reverseGeocode: (place: string, signal?: AbortSignal) =>
      get<Match[]>('api/v1/reverse-geocode', { place, numResults: 1 }, signal),
    /** The stop itself, without departures. */
    stop: async (stopId: string) => (await get<StoptimesResponse>('api/v6/stoptimes', { stopId, n: 0 })).place,
    /** What leaves by the timetable alone from `from` (Unix seconds) on, for `window` seconds. */
    timetable: async (stopId: string, from: number, window: number) =>
      (
        await get<StoptimesResponse>('api/v6/stoptimes', {
          stopId,
          time: rfc3339(from),
          window,
          realtimeMode: 'OFF',
          withAlerts: false,
        })
      ).stopTimes,
    stops: (box: Box, signal?: AbortSignal) =>
      get<Place[]>('api/v6/map/stops', { ...inBox(box), grouped: true }, signal),
    /** Without journeys that only add a change, where the server knows the wish. */
    plan: (query: PlanQuery, signal?: AbortSignal) =>
      get<PlanResponse>('api/v6/plan', { ...query, distinct: true, numLegAlternatives: 2 }, signal),
    /** A journey found before, with the times of now. */
    refresh: (itineraryId: string, signal?: AbortSignal) =>
      get<Itinerary>('api/v6/refresh-itinerary', { itineraryId }, signal),
    trip: (tripId: string, signal?: AbortSignal) => get<Itinerary>('api/v6/trip', { tripId }, signal),
    isochrone: (one: string, mode: string, minutes: readonly number[], who: Traveller, signal?: AbortSignal) =>
      get<Areas>('api/freifahrt/v1/isochrone', { one, mode, minutes: minutes.join(), ...who }, signal),
    /** Stops within so many minutes. */
    reach: (one: string, maxTravelTime: number, who: Traveller, signal?: AbortSignal) =>
      get<ReachResponse>('api/v6/one-to-all', { one, maxTravelTime, ...who }, signal),
    moving: (box: Box, zoom: number, from: number, to: number, signal?: AbortSignal) =>
      get<Segment[]>(
        'api/v6/map/trips',
        { ...inBox(box), zoom: Math.round(zoom), startTime: rfc3339(from), endTime: rfc3339(to) },
        signal,
      ),
    tileStyle: (theme: Theme) => get<StyleSpecification>('tiles/style.json', { theme }),
    lines: (box: Box, signal?: AbortSignal) => get<Lines>('api/freifahrt/v1/map/lines', inBox(box), signal),
  }
}

const rfc3339 = (seconds: number): string => new Date(Math.round(seconds) * 1000).toISOString()

export type Api = ReturnType<typeof connectApi>

// A question to the planner, with every default in one place (MOTIS 2 wire format, section plan).

import type { BikeParking } from '../access/parking.ts'
import type { StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { Profile } from '../street/profile.ts'
import type { LegEnd } from '../transit/journey.ts'
import type { TransferTimes, Wishes } from '../transit/options.ts'
import type { Approaches } from './approaches.ts'

/** A stop (with its platforms, if it is a station) or a coordinate in 1e-7 degrees. */
export type QueryPlace =
  | { readonly kind: 'stop'; readonly stop: StopIdx }
  | { readonly kind: 'coordinate'; readonly lat: number; readonly lon: number; readonly level?: number }

/** Where a leg begins or ends. */
export function placeOf({ from, to, vias }: Pick<Query, 'from' | 'to' | 'vias'>, at: LegEnd): QueryPlace {
  if (at.kind === 'via') return vias[at.via]!.place
  return at.kind === 'stop' ? at : at.kind === 'start' ? from : to
}

/** How long it takes between the query's place and a stop, and in what way. */
export interface Offset {
  readonly stop: StopIdx
  readonly seconds: number
  readonly mode: 'WALK' | 'BIKE' | 'CAR'
}

/** A place to come by, and how long to stay there; who stays for 0 s may keep the seat. */
export interface Via {
  readonly place: QueryPlace
  /** Seconds. */
  readonly stay: number
}

export interface Query extends Wishes {
  readonly from: QueryPlace
  readonly to: QueryPlace
  /** Ways to and from the stops that the caller knows; then none are looked for. */
  readonly fromOffsets?: readonly Offset[]
  readonly toOffsets?: readonly Offset[]
  /** In this order. */
  readonly vias: readonly Via[]
  readonly time: UnixSeconds
  /** false: depart at or after `time`; true: arrive at or before it. */
  readonly arriveBy: boolean
  /** Seconds of the window [time, time + window) (arriveBy: [time − window, time]); 0 = one single time. */
  readonly window: number
  /** With a window of 0: leave as late as the earliest arrival allows (arriveBy: be there as soon as the latest departure allows). */
  readonly tight?: boolean
  /** Widen the window until at least so many journeys are found; 0 = never widen. */
  readonly minJourneys: number
  /** Which way the window grows; `auto` = later, arriveBy: earlier. The other two are pages of a query asked before. */
  readonly extend: 'auto' | 'later' | 'earlier'
  readonly maxTransfers: number
  /** Seconds from departure to arrival, at most MAX_TRAVEL_TIME. */
  readonly maxTravelTime: number
  /** Seconds of walking before the first and after the last ride, and of walking all the way. */
  readonly maxAccess: number
  readonly maxEgress: number
  readonly maxDirect: number
  /** Who walks to, between and from the rides, with speed, limits and wishes. */
  readonly walker: Profile
  /** Who rides a bicycle there, and where it is left. */
  readonly rider: Profile
  readonly bikeParking?: BikeParking
  /** Other ways than walking to the stops, from them and all the way; absent: on foot. */
  readonly approaches?: Approaches
  /** Metres from a coordinate to the nearest usable street. */
  readonly maxMatchingDistance: number
  /** false: as if no realtime existed. */
  readonly realtime: boolean
  /** false: only the way without transit. */
  readonly transit: boolean
  readonly transferTimes: TransferTimes
  /** Leave out journeys that take longer than so many times the direct way, where there is one. */
  readonly directFactor?: number
  /** Add rides without a change that another journey overtakes (slow-direct.ts). */
  readonly slowDirect?: boolean
  /** Of those, leave out what takes longer than so many times the quickest ride without a change; below 1 or absent: none. */
  readonly slowDirectFactor?: number
  /** Leave out rides round and back to the station where one got on (rank.ts), unless there are places to come by. */
  readonly leadingOn?: true
  /** Leave out what is another journey with a needless change (rank.ts). */
  readonly distinct: boolean
  /** Seconds that a less full vehicle may cost; 0: fullness does not matter. */
  readonly preferRoom: number
}

/** Seconds. Longer journeys are not looked for, whatever a query allows. */
export const MAX_TRAVEL_TIME = 48 * 3600

/** The most a query may ask for; the search has one round more. */
export const MAX_TRANSFERS = 14

/** Places that one query may come by: each costs as much memory and time as a search without any. */
export const MAX_VIAS = 8

export const queryDefaults = {
  vias: [],
  arriveBy: false,
  window: 900,
  minJourneys: 5,
  extend: 'auto',
  maxTransfers: 7,
  maxTravelTime: 24 * 3600,
  maxAccess: 900,
  maxEgress: 900,
  maxDirect: 1800,
  walker: Profile.foot,
  rider: Profile.bike,
  maxMatchingDistance: 250,
  realtime: true,
  transit: true,
  bikes: 'no',
  wheelchair: 'no',
  wheelchairStops: 'no',
  transferTimes: { min: 0, additional: 0, factor: 1 },
  distinct: false,
  preferRoom: 0,
} as const satisfies Partial<Query>

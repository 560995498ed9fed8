// What a search answers: indices and times; names, lines on a map and texts are added at the border (api/).
//
// Invariants, held by test/helpers/invariants.ts: legs chain (each begins where the one before ended), time never runs back, every ride
// boards and alights where its run allows it, the journey's times are its first leg's departure and its last leg's arrival.

import type { StopIdx, TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'

/** A stop, or the query's own start or end, or a place on the way that is no stop. */
export type LegEnd =
  | { readonly kind: 'stop'; readonly stop: StopIdx }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'via'; readonly via: number }

export interface RideLeg {
  readonly kind: 'ride'
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly shift: number
  /** Positions in the run's stop list. */
  readonly board: number
  readonly alight: number
  readonly from: StopIdx
  readonly to: StopIdx
  readonly departure: UnixSeconds
  readonly arrival: UnixSeconds
  /** The rider stays on the vehicle that the leg before rode: no change, no further ride. */
  readonly stayed?: true
  /** Until then the vehicle is under way as the trip of the leg before: it comes to no call sooner, whatever its own trip's times say. */
  readonly notBefore?: UnixSeconds
  /** The vehicle waits for the one that the rider comes with (transfers.txt, type 1). */
  readonly guaranteed?: true
  /** Of a query with places on the way: those passed on it, and on the legs for which the rider then stays, in travel order, by their number. */
  readonly passes?: readonly number[]
  /** The change after it is where a place on the way is come by: a stay, or a walk. */
  readonly placeAfter?: true
  /** Seconds that have to be spent before it at the place on the way where it begins; absent: none. */
  readonly stay?: number
}

export type ApproachMode = 'BIKE' | 'CAR' | 'CAR_DROPOFF' | 'CAR_PARKING' | 'RENTAL'

/** Where one part of an approach goes over into the next. */
export interface ApproachPoint {
  /** 1e-7 degrees. */
  readonly lat: number
  readonly lon: number
  readonly name?: string
  /** Id of the rental station or the car park there. */
  readonly station?: string
}

export interface ApproachPart {
  readonly mode: 'WALK' | 'BIKE' | 'CAR' | 'RENTAL'
  /** Not rounded. */
  readonly seconds: number
  /** Undefined: the leg's own end. */
  readonly from: ApproachPoint | undefined
  readonly to: ApproachPoint | undefined
}

/** A vehicle for rent: which system's, and what kind. */
export interface RentalUse {
  readonly system: string
  readonly type: string
  /** Ridden, where the vehicle does not go as far as anybody gets. */
  readonly metres?: number
}

/** How a street leg is made with a vehicle: its parts in travel order. */
export interface Approach {
  readonly mode: ApproachMode
  readonly parts: readonly ApproachPart[]
  readonly rental?: RentalUse
}

/** On foot, or, with `by`, on streets in another way. */
export interface WalkLeg {
  readonly kind: 'walk'
  readonly by?: Approach
  /** In the battery of who has one, when the leg begins. */
  readonly chargeWh?: number
  /** As a ride's. */
  readonly stay?: number
  readonly from: LegEnd
  readonly to: LegEnd
  readonly departure: UnixSeconds
  readonly arrival: UnixSeconds
}

export type Leg = RideLeg | WalkLeg

export interface Journey {
  readonly departure: UnixSeconds
  readonly arrival: UnixSeconds
  /** Changes of vehicle: rides − 1, at least 0; legs on which the rider `stayed` belong to the ride before. */
  readonly transfers: number
  readonly legs: readonly Leg[]
}

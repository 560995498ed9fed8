// What is asked, and what stays as it is, while one answer to a plan is written.

import type { Leg } from '#api/contract/itinerary.ts'
import type { Elevator, ElevatorState } from '#engine/access/elevators.ts'
import type { Ground } from '#engine/access/ground.ts'
import type { ParkingPlaces } from '#engine/access/parking.ts'
import type { Passage } from '#engine/access/passage.ts'
import type { FindAlternatives } from '#engine/plan/alternatives.ts'
import type { Query } from '#engine/plan/query.ts'
import type { StreetSearch } from '#engine/street/search.ts'
import type { Approach } from '#engine/transit/journey.ts'
import type { Along } from './along.ts'
import type { View } from './place.ts'

/** A view of one plan request. */
export interface PlanView extends View {
  readonly query: Query
  /** Where people walk between two moments (Unix seconds): over no elevator that is out of order meanwhile, of those that may be used. */
  readonly groundAt: (from: number, until: number, mayUse: (elevator: Elevator) => boolean) => Ground
  /** What is known of elevators that are out of order at some time, as far as it matters to who asks. */
  readonly outages: () => readonly ElevatorState[]
  /** Is no elevator out of order at any time, as far as anybody knows? Where nobody says, each walk has to be asked. */
  readonly allWorks?: () => boolean
  /** Undefined without a map: walks are straight lines then. */
  readonly streets: StreetSearch | undefined
  /** Say what it costs (withFares). */
  readonly fares?: boolean
  /** Draw and describe the legs to, from and without transit, and the rides. */
  readonly detailedLegs: boolean
  /** Draw and describe the walks between two rides. */
  readonly detailedTransfers: boolean
  /** Tell legs of one vehicle on which the rider stays as one. */
  readonly joinStayed: boolean
  /** Other runs for each ride, when they are asked for. */
  readonly alternatives?: { readonly find: FindAlternatives; readonly limit: number }
  /** Throws when nobody waits for the answer any more. */
  readonly heed?: () => void
  /** Racks and car parks, of who comes with a vehicle. */
  readonly parking?: () => ParkingPlaces
  /** The streets on which what is rented may ride. */
  readonly riding?: (streets: StreetSearch, rental: NonNullable<Approach['rental']>) => StreetSearch
  /** Walks already drawn or only looked for, and rides already written, in this answer: most itineraries share theirs. */
  readonly drawn: Map<string, Along>
  readonly ways: Map<string, { readonly way: Passage | undefined; readonly maxSeconds: number }>
  readonly written: Map<string, Leg>
}

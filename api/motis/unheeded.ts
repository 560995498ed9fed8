// What MOTIS' clients may ask for and what changes nothing here. It is read all the same, so that nonsense is refused, and described as what it is.

import { Type } from 'typebox'
import { about, capped, choice, integer, number, optional, or, size } from '#api/plugins/parameters.ts'
import { rentalParametersAt, streetModes } from './approaches.ts'
import { riderParameters, walkerParameters } from './travellers.ts'
import { wishParameters } from './wishes.ts'

/** How each of these descriptions begins. */
export const CHANGES_NOTHING = 'Changes nothing: '
const nothing = <T extends Parameters<typeof about>[1]>(why: string, schema: T): T =>
  about(`${CHANGES_NOTHING}${why}`, schema)

const lorry = <T extends Parameters<typeof about>[1]>(schema: T) => optional(nothing('HGV is not routed.', schema))
const metres = () => lorry(number(0, 100))
const tons = () => lorry(number(0, 1000))
const flag = () => lorry(Type.Boolean())

/** Of whoever drives a lorry. */
export const lorryParameters = {
  vehicleHeight: metres(),
  vehicleWidth: metres(),
  vehicleLength: metres(),
  vehicleWeight: tons(),
  vehicleAxleLoad: tons(),
  vehicleAxleCount: lorry(integer(0, 100)),
  vehicleTopSpeed: lorry(number(0, 1000)),
  vehicleTrailer: flag(),
  vehicleHazmat: flag(),
  vehicleHazmatWater: flag(),
  vehicleLezAccess: flag(),
}

/** Of plan and of all that is asked in its words. */
export const unheededParameters = {
  useRoutedTransfers: nothing('walks follow the map wherever there is one.', or(Type.Boolean(), false)),
  noCompulsoryReservation: nothing('GTFS knows no rides that have to be reserved.', or(Type.Boolean(), false)),
  ...lorryParameters,
}

/** Of plan alone. */
export const unheededByPlan = {
  algorithm: optional(nothing('all find the same journeys.', choice('RAPTOR', 'PONG', 'TB'))),
  passengers: optional(nothing('nothing is booked or priced by it.', integer(1, 1000))),
  luggage: optional(nothing('nothing is booked or priced by it.', integer(0, 1000))),
}

const { requireBikeTransport, requireCarTransport, transitModes } = wishParameters
/** How an itinerary was asked for, which it says itself. */
const askedOnce = {
  pedestrianProfile: walkerParameters.pedestrianProfile,
  pedestrianSpeed: walkerParameters.pedestrianSpeed,
  cyclingSpeed: riderParameters.cyclingSpeed,
  elevationCosts: riderParameters.elevationCosts,
  ...{ requireBikeTransport, requireCarTransport, transitModes },
  ...{ preTransitModes: streetModes(), postTransitModes: streetModes() },
  ...rentalParametersAt('preTransit'),
  ...rentalParametersAt('postTransit'),
  maxPreTransitTime: optional(size(0, 3600)),
  maxPostTransitTime: optional(size(0, 3600)),
  maxMatchingDistance: optional(capped(0, 250)),
}
type AskedOnce = typeof askedOnce

/** Of refresh-itinerary alone. */
export const unheededByRefresh = {
  ...(Object.fromEntries(
    Object.entries(askedOnce).map(([name, schema]) => [name, nothing('the itinerary says it.', schema)]),
  ) as AskedOnce),
  useRoutedTransfers: unheededParameters.useRoutedTransfers,
  noCompulsoryReservation: unheededParameters.noCompulsoryReservation,
  requireDisplayNameMatch: optional(nothing('a ride is found by its trip.', Type.Boolean())),
  numLegAlternatives: optional(nothing('alternatives are told by plan.', integer(0, 20))),
}

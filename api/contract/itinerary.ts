// Journeys as MOTIS tells them: legs, the steps of a way, and the answer to plan.

import { type Static, Type } from 'typebox'
import { formFactors, propulsionTypes, returnConstraints } from '#engine/conditions/rental.ts'
import { Alert, EncodedPolyline, Mode, Occupancy, Place } from './common.ts'
import { Accessible, Color, maybe, oneOf, Reservation, Time } from './values.ts'

/** Characters of an itinerary's id that are read back. */
export const LONGEST_ID = 12_000

export const Step = Type.Object({
  relativeDirection: oneOf(
    'DEPART',
    'HARD_LEFT',
    'LEFT',
    'SLIGHTLY_LEFT',
    'CONTINUE',
    'SLIGHTLY_RIGHT',
    'RIGHT',
    'HARD_RIGHT',
    'CIRCLE_CLOCKWISE',
    'CIRCLE_COUNTERCLOCKWISE',
    'STAIRS',
    'ELEVATOR',
    'UTURN_LEFT',
    'UTURN_RIGHT',
  ),
  distance: Type.Number(),
  fromLevel: Type.Number(),
  toLevel: Type.Number(),
  polyline: EncodedPolyline,
  streetName: Type.String(),
  exit: Type.String(),
  stayOn: Type.Boolean(),
  area: Type.Boolean(),
  osmWay: maybe(Type.Integer()),
  /** Own: what a way without a name is. */
  wayKind: maybe(oneOf('FOOTPATH', 'CYCLEWAY', 'STEPS', 'CROSSING', 'PLATFORM', 'TRACK', 'ROAD')),
  /** Own: a road is crossed on this step, and whether there is an island in the middle. */
  crossing: maybe(oneOf('UNMARKED', 'MARKED', 'SIGNALS')),
  crossingIsland: maybe(Type.Boolean()),
  /** Own: a bicycle is pushed on this step, since nobody may ride there. */
  pushed: maybe(Type.Boolean()),
  /** Own: where stairs or an escalator lead. */
  stairs: maybe(oneOf('UP', 'DOWN')),
  /** Own: the entrance through which the step ends; its name is '' when it has none. */
  entrance: maybe(Type.Object({ name: Type.String(), main: Type.Boolean() })),
  /** Own: inside a station with pathways: what is taken, what the sign says that one follows, seconds, and how many stairs there are. */
  pathway: maybe(oneOf('WALKWAY', 'STAIRS', 'MOVING_SIDEWALK', 'ESCALATOR', 'ELEVATOR', 'FARE_GATE', 'EXIT_GATE')),
  signpostedAs: maybe(Type.String()),
  duration: maybe(Type.Integer()),
  stairCount: maybe(Type.Integer()),
})
export type Step = Static<typeof Step>

/** Own: where somebody rests, or charges what he rides. */
export const Pause = Type.Object({
  kind: oneOf('REST', 'CHARGE'),
  name: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  duration: Type.Integer(),
  distance: Type.Integer(),
})
export const BatteryUse = Type.Object({
  used: Type.Number(),
  charged: Type.Number(),
  left: Type.Number(),
  leftDistance: Type.Integer(),
})
/** Own: a street on which accidents happened, 1 … 7 by number and gravity for its length. */
export const HotSpot = Type.Object({
  osmWay: Type.Integer(),
  lat: Type.Number(),
  lon: Type.Number(),
  accidents: Type.Integer(),
})

/** Own: an elevator that is out of order; until when, and who says so, as far as anybody does. */
export const BrokenElevator = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Its station's name. */
  station: maybe(Type.String()),
  outUntil: maybe(Time),
  source: maybe(Type.String()),
})
export type BrokenElevator = Static<typeof BrokenElevator>

/** Own: something on a street that breaks a traveller's limit, or of which nobody knows whether it does. */
export const Obstacle = Type.Object({
  limit: Type.String(),
  passable: oneOf('NO', 'UNKNOWN'),
  /** Of the map, or pathway_id inside a station. */
  osmWay: maybe(Type.Integer()),
  pathway: maybe(Type.String()),
  lat: Type.Number(),
  lon: Type.Number(),
  elevator: maybe(BrokenElevator),
})
export type Obstacle = Static<typeof Obstacle>

export const Rental = Type.Object({
  providerId: Type.String(),
  providerGroupId: Type.String(),
  systemId: Type.String(),
  systemName: maybe(Type.String()),
  url: maybe(Type.String()),
  color: maybe(Type.String()),
  stationName: maybe(Type.String()),
  fromStationName: maybe(Type.String()),
  toStationName: maybe(Type.String()),
  rentalUriAndroid: maybe(Type.String()),
  rentalUriIOS: maybe(Type.String()),
  rentalUriWeb: maybe(Type.String()),
  formFactor: maybe(oneOf(...formFactors)),
  propulsionType: maybe(oneOf(...propulsionTypes)),
  returnConstraint: maybe(oneOf(...returnConstraints)),
  /** Own: metres that its battery or tank is still good for, where the system says. */
  rangeMeters: maybe(Type.Integer()),
  /** Own: whether anybody can say what will stand there then: what is counted now holds for six hours, and not with realtimeMode=OFF. */
  availability: maybe(oneOf('KNOWN', 'UNKNOWN')),
})
export type Rental = Static<typeof Rental>

const legMembers = {
  mode: Mode,
  from: Place,
  to: Place,
  duration: Type.Integer(),
  startTime: Time,
  endTime: Time,
  scheduledStartTime: Time,
  scheduledEndTime: Time,
  realTime: Type.Boolean(),
  scheduled: Type.Boolean(),
  distance: maybe(Type.Number()),
  headsign: maybe(Type.String()),
  tripFrom: maybe(Place),
  tripTo: maybe(Place),
  routeId: maybe(Type.String()),
  routeUrl: maybe(Type.String()),
  directionId: maybe(oneOf('0', '1')),
  routeColor: maybe(Color),
  routeTextColor: maybe(Color),
  routeType: maybe(Type.Integer()),
  agencyName: maybe(Type.String()),
  agencyUrl: maybe(Type.String()),
  agencyId: maybe(Type.String()),
  tripId: maybe(Type.String()),
  routeShortName: maybe(Type.String()),
  routeLongName: maybe(Type.String()),
  tripShortName: maybe(Type.String()),
  displayName: maybe(Type.String()),
  cancelled: maybe(Type.Boolean()),
  source: maybe(Type.String()),
  intermediateStops: maybe(Type.Array(Place)),
  legGeometry: EncodedPolyline,
  interlineWithPreviousLeg: Type.Optional(Type.Boolean()),
  steps: maybe(Type.Array(Step)),
  alerts: maybe(Type.Array(Alert)),
  fareTransferIndex: maybe(Type.Integer()),
  effectiveFareLegIndex: maybe(Type.Integer()),
  rental: maybe(Rental),
  /** Own: grams of CO₂ for one person, and what the same way by car would leave; missing where no average is known. */
  co2: maybe(Type.Object({ grams: Type.Integer(), carGrams: Type.Integer() })),
  /** Own: kilowatt-hours for one person, and what the same way by car would take; missing where no average is known. */
  energy: maybe(Type.Object({ kWh: Type.Number(), carKWh: Type.Number() })),
  /** Own: stops on the way of who does not go on for ever; seconds each, part of the leg, and metres from its beginning. */
  pauses: maybe(Type.Array(Pause)),
  /** Own, where the query speaks of a battery: watt-hours used, charged and left at the end; what is left as metres on the flat. */
  battery: maybe(BatteryUse),
  /** Own: places of accidents on the quickest way that this one goes round. */
  hotSpotsAvoided: maybe(Type.Array(HotSpot)),
  /** Own: where the vehicle of this leg is left or fetched; free spaces as expected at that time. */
  parking: maybe(
    Type.Object({
      capacity: maybe(Type.Integer()),
      free: maybe(Type.Integer()),
      covered: maybe(Type.Boolean()),
      secured: maybe(Type.Boolean()),
      fee: maybe(Type.Boolean()),
    }),
  ),
  bikesAllowed: maybe(Type.Boolean()),
  wheelchairAccessible: maybe(Accessible),
  reservation: maybe(Reservation),
  /** Own: the rider gets there too late. */
  missed: maybe(Type.Boolean()),
  occupancy: maybe(Occupancy),
  /** Own: can who asked pass for certain (only for a traveller with limits), and what breaks a limit or may do so. */
  accessible: maybe(oneOf('YES', 'UNKNOWN', 'NO')),
  obstacles: maybe(Type.Array(Obstacle)),
  /**
   * Own: elevators that say when this walk is made: out of order until it begins, or from when it ends, as their operator or an alert (`source`) says;
   * of an itinerary read again also those because of which it is longer, or cancelled.
   */
  elevators: maybe(
    Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        station: maybe(Type.String()),
        outUntil: maybe(Time),
        outFrom: maybe(Time),
        source: maybe(Type.String()),
      }),
    ),
  ),
  /** Own: this vehicle waits for the one before (transfers.txt, type 1). */
  guaranteedTransfer: maybe(Type.Boolean()),
  /** Own: seconds to be spent at a place on the way (viaMinimumStay), where this leg begins and before it does. */
  stay: maybe(Type.Integer()),
  /** Own: seconds between the runs of a line whose times are about (frequencies.txt, exact_times 0). */
  headway: maybe(Type.Integer()),
}
export const Leg = Type.Object({
  ...legMembers,
  /** Other runs for this ride, each with the ways to it and from it. */
  alternatives: maybe(Type.Array(Type.Array(Type.Object(legMembers)))),
})
export type Leg = Static<typeof Leg>

export const Itinerary = Type.Object({
  duration: Type.Integer(),
  startTime: Time,
  endTime: Time,
  transfers: Type.Integer({ minimum: 0 }),
  id: Type.String(),
  legs: Type.Array(Leg),
  fareTransfers: maybe(
    Type.Array(
      Type.Object({
        effectiveFareLegProducts: Type.Array(
          Type.Array(Type.Array(Type.Object({ name: Type.String(), amount: Type.Number(), currency: Type.String() }))),
        ),
      }),
    ),
  ),
  /** Own: it can no longer be travelled as it was found. */
  broken: maybe(Type.Boolean()),
})
export type Itinerary = Static<typeof Itinerary>

/** Own: why there are no itineraries, as a code and a sentence; `via`: which of the places on the way it is about; `elevators`: which stand in the way. */
export const Reason = Type.Object({
  code: Type.String(),
  text: Type.String(),
  via: maybe(Type.Integer({ minimum: 1 })),
  elevators: maybe(Type.Array(BrokenElevator)),
})
export type Reason = Static<typeof Reason>

export const PlanResponse = Type.Object({
  requestParameters: Type.Record(Type.String(), Type.String()),
  debugOutput: Type.Record(Type.String(), Type.Integer()),
  from: Place,
  to: Place,
  direct: Type.Array(Itinerary),
  itineraries: Type.Array(Itinerary),
  previousPageCursor: Type.String(),
  nextPageCursor: Type.String(),
  reasons: maybe(Type.Array(Reason)),
})
export type PlanResponse = Static<typeof PlanResponse>

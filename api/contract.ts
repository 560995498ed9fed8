// The public shape: MOTIS 2 answers (API v6 with what older versions add), as schemas from which the types are derived. Field names and
// required fields follow MOTIS' openapi.yaml; members of our own are optional and marked "own". Times are RFC 3339 in UTC.

import { type Static, type TSchema, Type } from 'typebox'
import { formFactors, propulsionTypes, returnConstraints } from '#engine/conditions/rental.ts'
import { OCCUPANCY } from '#engine/live/occupancy.ts'

/** May be missing: `undefined` is allowed while an answer is put together, JSON leaves it out. */
export const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Unsafe<Static<T> | undefined>(schema))
export const oneOf = <const V extends readonly string[]>(...values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: values })

export const TRANSIT_MODES = [
  'TRAM',
  'SUBWAY',
  'FERRY',
  'AIRPLANE',
  'BUS',
  'COACH',
  'RAIL',
  'HIGHSPEED_RAIL',
  'LONG_DISTANCE',
  'NIGHT_RAIL',
  'REGIONAL_FAST_RAIL',
  'REGIONAL_RAIL',
  'SUBURBAN',
  'FUNICULAR',
  'AERIAL_LIFT',
  'ODM',
  'RIDE_SHARING',
  'OTHER',
] as const
/** Spellings of API versions below 5 (and one older still), accepted everywhere. */
export const LEGACY_MODES = ['METRO', 'AREAL_LIFT', 'CABLE_CAR'] as const
export const STREET_MODES = ['WALK', 'BIKE', 'RENTAL', 'CAR', 'HGV', 'CAR_PARKING', 'CAR_DROPOFF', 'FLEX'] as const

export const Mode = oneOf(...STREET_MODES, ...TRANSIT_MODES, ...LEGACY_MODES)
export type Mode = Static<typeof Mode>

const Time = Type.String({ format: 'date-time' })
const Color = Type.String({ pattern: '^[0-9A-F]{6}$' })
const PickupDropoff = oneOf('NORMAL', 'NOT_ALLOWED')
const Accessible = oneOf('ACCESSIBLE', 'NOT_ACCESSIBLE')
const Reservation = oneOf('NONE', 'COMPULSORY')

export const TimeRange = Type.Object({ start: Time, end: Time })
export const Alert = Type.Object({
  headerText: Type.String(),
  descriptionText: Type.String(),
  communicationPeriod: maybe(Type.Array(TimeRange)),
  impactPeriod: maybe(Type.Array(TimeRange)),
  cause: maybe(Type.String()),
  effect: maybe(Type.String()),
  url: maybe(Type.String()),
  ttsHeaderText: maybe(Type.String()),
  ttsDescriptionText: maybe(Type.String()),
  severityLevel: maybe(oneOf('UNKNOWN_SEVERITY', 'INFO', 'WARNING', 'SEVERE')),
})
export type Alert = Static<typeof Alert>

/** How full a vehicle is, as GTFS-Realtime says it. */
export const OccupancyStatus = oneOf(...OCCUPANCY)

/**
 * Own: where a time comes from, told exactly. Real time are the first five; `own` is our prediction from where the vehicle is, `kept` the last
 * word of a feed that has lost the run with most others.
 */
export const TimeSource = oneOf('predicted', 'propagated', 'recorded', 'own', 'kept', 'nodata', 'stale', 'scheduled')
export type TimeSource = Static<typeof TimeSource>

export const Place = Type.Object({
  name: Type.String(),
  stopId: maybe(Type.String()),
  parentId: maybe(Type.String()),
  importance: maybe(Type.Number({ minimum: 0, maximum: 1 })),
  lat: Type.Number(),
  lon: Type.Number(),
  level: maybe(Type.Number()),
  tz: maybe(Type.String()),
  arrival: maybe(Time),
  departure: maybe(Time),
  scheduledArrival: maybe(Time),
  scheduledDeparture: maybe(Time),
  arrivalSource: maybe(TimeSource),
  departureSource: maybe(TimeSource),
  /** Own: how full the vehicle is expected to leave, where the feed says. */
  departureOccupancy: maybe(OccupancyStatus),
  scheduledTrack: maybe(Type.String()),
  track: maybe(Type.String()),
  stopCode: maybe(Type.String()),
  description: maybe(Type.String()),
  vertexType: maybe(oneOf('NORMAL', 'BIKESHARE', 'TRANSIT')),
  pickupType: maybe(PickupDropoff),
  dropoffType: maybe(PickupDropoff),
  cancelled: maybe(Type.Boolean()),
  alerts: maybe(Type.Array(Alert)),
  modes: maybe(Type.Array(Mode)),
})
export type Place = Static<typeof Place>

export const EncodedPolyline = Type.Object({
  points: Type.String(),
  precision: Type.Integer(),
  length: Type.Integer({ minimum: 0 }),
})
export type EncodedPolyline = Static<typeof EncodedPolyline>

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
  /** Own: a road is crossed on this step, and whether there is an island in the middle. */
  crossing: maybe(oneOf('UNMARKED', 'MARKED', 'SIGNALS')),
  crossingIsland: maybe(Type.Boolean()),
  /** Own: where stairs or an escalator lead. */
  stairs: maybe(oneOf('UP', 'DOWN')),
  /** Own: the entrance through which the step ends; its name is '' when it has none. */
  entrance: maybe(Type.Object({ name: Type.String(), main: Type.Boolean() })),
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

/** Own: something on a street that breaks a traveller's limit, or of which nobody knows whether it does. */
export const Obstacle = Type.Object({
  limit: Type.String(),
  passable: oneOf('NO', 'UNKNOWN'),
  osmWay: Type.Integer(),
  lat: Type.Number(),
  lon: Type.Number(),
})
export type Obstacle = Static<typeof Obstacle>

/** Own: how full the vehicle is, measured on it at that time; status, percentage of all places, or both. Missing when nobody says. */
export const Occupancy = Type.Object({
  status: maybe(OccupancyStatus),
  percentage: maybe(Type.Integer({ minimum: 0 })),
  measured: Time,
})
export type Occupancy = Static<typeof Occupancy>

/** Own: one carriage of the vehicle and how full it is, where somebody says. They come in the direction of travel. */
export const Carriage = Type.Object({
  label: maybe(Type.String()),
  occupancy: maybe(oneOf(...OCCUPANCY)),
  occupancyPercentage: maybe(Type.Integer({ minimum: 0 })),
})
export type Carriage = Static<typeof Carriage>

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
  /** Own: this vehicle waits for the one before (transfers.txt, type 1). */
  guaranteedTransfer: maybe(Type.Boolean()),
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

/** Own: why there are no itineraries, as a code and a sentence. */
export const Reason = Type.Object({ code: Type.String(), text: Type.String() })

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

/** Own: what the displayed time is. `live` predicted, propagated or recorded; `nodata` the feed says it does not know; `stale` it fell silent. */
export const TimeState = oneOf('live', 'nodata', 'stale', 'scheduled')
export type TimeState = Static<typeof TimeState>

export const StopTime = Type.Object({
  place: Place,
  mode: Mode,
  realTime: Type.Boolean(),
  headsign: Type.String(),
  tripFrom: Place,
  tripTo: Place,
  agencyId: Type.String(),
  agencyName: Type.String(),
  agencyUrl: Type.String(),
  routeId: Type.String(),
  routeUrl: maybe(Type.String()),
  directionId: Type.String(),
  routeColor: maybe(Color),
  routeTextColor: maybe(Color),
  routeType: maybe(Type.Integer()),
  tripId: Type.String(),
  routeShortName: Type.String(),
  routeLongName: Type.String(),
  tripShortName: Type.String(),
  displayName: Type.String(),
  previousStops: maybe(Type.Array(Place)),
  nextStops: maybe(Type.Array(Place)),
  pickupDropoffType: PickupDropoff,
  cancelled: Type.Boolean(),
  tripCancelled: Type.Boolean(),
  bikesAllowed: Type.Boolean(),
  wheelchairAccessible: Accessible,
  reservation: Reservation,
  source: Type.String(),
  timeState: maybe(TimeState),
  timeSource: maybe(TimeSource),
  headway: maybe(Type.Integer()),
  /** Own: the line's first or last departure of the service day here, and seconds to the next where it runs often and regularly. */
  ofDay: maybe(oneOf('first', 'last')),
  interval: maybe(Type.Integer()),
  /** Own: departure minus `walkTime`. */
  leaveBy: maybe(Time),
  /** Own: false for a run that the timetable does not have; missing for all others. */
  scheduled: maybe(Type.Boolean()),
  occupancy: maybe(Occupancy),
  carriages: maybe(Type.Array(Carriage)),
})
export type StopTime = Static<typeof StopTime>

export const StoptimesResponse = Type.Object({
  stopTimes: Type.Array(StopTime),
  place: Place,
  previousPageCursor: Type.String(),
  nextPageCursor: Type.String(),
})
export type StoptimesResponse = Static<typeof StoptimesResponse>

export const Match = Type.Object({
  type: oneOf('ADDRESS', 'PLACE', 'STOP'),
  tokens: Type.Array(Type.Array(Type.Integer())),
  name: Type.String(),
  id: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  areas: Type.Array(
    Type.Object({
      name: Type.String(),
      adminLevel: Type.Number(),
      matched: Type.Boolean(),
      unique: maybe(Type.Boolean()),
      default: maybe(Type.Boolean()),
    }),
  ),
  score: Type.Number(),
  category: maybe(Type.String()),
  level: maybe(Type.Number()),
  street: maybe(Type.String()),
  houseNumber: maybe(Type.String()),
  zip: maybe(Type.String()),
  tz: maybe(Type.String()),
  modes: maybe(Type.Array(Mode)),
  importance: maybe(Type.Number()),
})
export type Match = Static<typeof Match>

export const InitialResponse = Type.Object({
  lat: Type.Number(),
  lon: Type.Number(),
  zoom: Type.Number(),
  serverConfig: Type.Object({
    motisVersion: Type.String(),
    hasElevation: Type.Boolean(),
    hasRoutedTransfers: Type.Boolean(),
    hasStreetRouting: Type.Boolean(),
    maxOneToManySize: Type.Number(),
    maxOneToAllTravelTimeLimit: Type.Number(),
    maxPrePostTransitTimeLimit: Type.Number(),
    maxDirectTimeLimit: Type.Number(),
    shapesDebugEnabled: Type.Boolean(),
  }),
})
export type InitialResponse = Static<typeof InitialResponse>

/** Minutes (arriving by a time: negative) and rides to every stop. */
export const ReachResponse = Type.Object({
  one: Place,
  all: Type.Array(Type.Object({ place: Place, duration: Type.Integer(), k: Type.Integer({ minimum: 0 }) })),
})
export type ReachResponse = Static<typeof ReachResponse>

/** Seconds and metres; neither where there is no way. */
export const Way = Type.Object({ duration: maybe(Type.Number()), distance: maybe(Type.Number()) })
export type Way = Static<typeof Way>
export const ManyResponse = Type.Array(Way)

export const ErrorResponse = Type.Object({ error: Type.String() })

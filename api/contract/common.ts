// The public shape: MOTIS 2 answers (API v6 with what older versions add), as schemas from which the types are derived. Field names and
// required fields follow MOTIS' openapi.yaml; members of our own are optional and marked "own". Times are RFC 3339 in UTC.
// Here is what several answers are made of.

import { type Static, Type } from 'typebox'
import { OCCUPANCY } from '#engine/live/occupancy.ts'
import { maybe, oneOf, PickupDropoff, Time } from './values.ts'

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

export const TimeRange = Type.Object({ start: Time, end: Time })
export const Alert = Type.Object({
  headerText: Type.String(),
  descriptionText: Type.String(),
  communicationPeriod: maybe(Type.Array(TimeRange)),
  impactPeriod: maybe(Type.Array(TimeRange)),
  cause: maybe(Type.String()),
  /** In the producer's own words. */
  causeDetail: maybe(Type.String()),
  effect: maybe(Type.String()),
  effectDetail: maybe(Type.String()),
  url: maybe(Type.String()),
  ttsHeaderText: maybe(Type.String()),
  ttsDescriptionText: maybe(Type.String()),
  severityLevel: maybe(oneOf('UNKNOWN_SEVERITY', 'INFO', 'WARNING', 'SEVERE')),
  imageUrl: maybe(Type.String()),
  imageMediaType: maybe(Type.String()),
  imageAlternativeText: maybe(Type.String()),
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

/** Own: what riders have to do to be picked up or let out, in the words of GTFS-Realtime. */
export const Arrangement = oneOf('PHONE_AGENCY', 'COORDINATE_WITH_DRIVER')
export type Arrangement = Static<typeof Arrangement>

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
  /** Own: seconds by which the feed says its prediction may be off; 0 is certain. */
  arrivalUncertainty: maybe(Type.Integer()),
  departureUncertainty: maybe(Type.Integer()),
  /** Own: how full the vehicle is expected to leave, where the feed says. */
  departureOccupancy: maybe(OccupancyStatus),
  scheduledTrack: maybe(Type.String()),
  track: maybe(Type.String()),
  stopCode: maybe(Type.String()),
  description: maybe(Type.String()),
  vertexType: maybe(oneOf('NORMAL', 'BIKESHARE', 'TRANSIT')),
  pickupType: maybe(PickupDropoff),
  dropoffType: maybe(PickupDropoff),
  /** Own: the stop is served only by arrangement. */
  pickupArrangement: maybe(Arrangement),
  dropoffArrangement: maybe(Arrangement),
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

export const ErrorResponse = Type.Object({ error: Type.String() })

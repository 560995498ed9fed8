// The board of a stop, as MOTIS' stoptimes tells it.

import { type Static, Type } from 'typebox'
import { Carriage, Mode, Occupancy, Place, TimeSource } from './common.ts'
import { Accessible, Color, maybe, oneOf, PickupDropoff, Reservation, Time } from './values.ts'

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

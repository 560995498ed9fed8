// Rows of trip:, one run call by call.

import { type Static, Type } from 'typebox'
import { Arrangement, OccupancyStatus, TimeSource } from '../../contract/common.ts'
import { maybe, oneOf } from '../../contract/values.ts'
import { fullness, orNull, place, platforms, RunState, run, Seconds } from './values.ts'

/** One call. `id` = stop_sequence. */
export const CallRow = Type.Object({
  id: Type.String(),
  stop: Type.String(),
  ...place,
  ...platforms,
  /** Null at the first stop, as the departure is at the last. */
  schedArrival: orNull(Seconds),
  arrival: orNull(Seconds),
  arrivalSource: TimeSource,
  schedDeparture: orNull(Seconds),
  departure: orNull(Seconds),
  departureSource: TimeSource,
  /** Seconds by which the feed says its prediction may be off. */
  arrivalUncertainty: maybe(Type.Integer()),
  departureUncertainty: maybe(Type.Integer()),
  departureOccupancy: maybe(OccupancyStatus),
  state: oneOf('normal', 'skipped', 'cancelled'),
  boarding: Type.Boolean(),
  alighting: Type.Boolean(),
  /** What riders have to do to be picked up or let out. */
  pickupArrangement: maybe(Arrangement),
  dropoffArrangement: maybe(Arrangement),
  exp: Seconds,
})
export type CallRow = Static<typeof CallRow>

export const RunHead = Type.Object({
  ...run,
  state: RunState,
  wheelchair: maybe(Type.Boolean()),
  /** `id` of its row in vehicle: and fleet:. */
  vehicle: maybe(Type.String()),
  ...fullness,
})
export type RunHead = Static<typeof RunHead>

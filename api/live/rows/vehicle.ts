// Rows of vehicle: and fleet:.

import { type Static, Type } from 'typebox'
import { maybe, oneOf } from '../../contract/values.ts'
import { fullness, orNull, Seconds, Span } from './values.ts'

/** How a vehicle does; of several the last that is true in this order. */
const VehicleState = oneOf(
  'unknown',
  'on_time',
  'early',
  'late',
  'very_late',
  'stopped',
  'off_route',
  'unassigned',
  'no_gps',
  'silent',
)

/** `id` = tag _ the feed's vehicle id. */
export const VehicleRow = Type.Object({
  id: Type.String(),
  /** What stands on the vehicle. */
  label: maybe(Type.String()),
  trip: maybe(Type.String()),
  route: maybe(Type.String()),
  line: maybe(Type.String()),
  headsign: maybe(Type.String()),
  mode: maybe(Type.String()),
  color: maybe(Type.String()),
  textColor: maybe(Type.String()),
  lat: maybe(Type.Number()),
  lon: maybe(Type.Number()),
  bearing: maybe(Type.Number()),
  /** Metres per second. */
  speed: maybe(Type.Number()),
  /** The stop it is at or drives to, and which of the two. */
  stop: maybe(Type.String()),
  stopName: maybe(Type.String()),
  status: maybe(oneOf('INCOMING_AT', 'STOPPED_AT', 'IN_TRANSIT_TO')),
  delay: orNull(Span),
  ...fullness,
  state: VehicleState,
  /** When it was measured. */
  at: Seconds,
  exp: Seconds,
})
export type VehicleRow = Static<typeof VehicleRow>

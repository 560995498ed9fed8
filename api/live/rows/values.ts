// What the rows of the live protocol are made of.

import { type TSchema, Type } from 'typebox'
import { maybe, oneOf } from '../../contract/values.ts'

export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** Unix seconds. */
export const Seconds = Type.Number()
/** Seconds of a duration; negative is early. */
export const Span = Type.Integer()

export const RunState = oneOf('normal', 'skipped', 'cancelled', 'new', 'replaced')

/** How a line is shown. */
export const line = {
  line: Type.String(),
  mode: Type.String(),
  color: maybe(Type.String()),
  textColor: maybe(Type.String()),
}
/** A run's own line, and where it says it goes. */
export const run = { trip: Type.String(), route: Type.String(), ...line, headsign: Type.String() }
export const place = { name: Type.String(), lat: Type.Number(), lon: Type.Number() }
/** The platform now, and as planned where that is another. */
export const platforms = { platform: maybe(Type.String()), platformPlanned: maybe(Type.String()) }
/** How full the vehicle is, where somebody says. */
export const fullness = { occupancy: maybe(Type.String()), occupancyPercentage: maybe(Type.Integer()) }

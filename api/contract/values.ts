// What the shapes are made of. These have no name of their own in the API's description.

import { type Static, type TSchema, Type } from 'typebox'

/** May be missing: `undefined` is allowed while an answer is put together, JSON leaves it out. */
export const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Unsafe<Static<T> | undefined>(schema))
export const oneOf = <const V extends readonly string[]>(...values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: values })

export const Time = Type.String({ format: 'date-time' })
export const Color = Type.String({ pattern: '^[0-9A-F]{6}$' })
export const PickupDropoff = oneOf('NORMAL', 'NOT_ALLOWED')
export const Accessible = oneOf('ACCESSIBLE', 'NOT_ACCESSIBLE')
export const Reservation = oneOf('NONE', 'COMPULSORY')

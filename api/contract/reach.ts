// How far one comes: to every stop, and between many places.

import { type Static, Type } from 'typebox'
import { Place } from './common.ts'
import { Obstacle } from './itinerary.ts'
import { maybe, oneOf } from './values.ts'

/** Minutes (arriving by a time: negative) and rides to every stop. */
export const ReachResponse = Type.Object({
  one: Place,
  all: Type.Array(Type.Object({ place: Place, duration: Type.Integer(), k: Type.Integer({ minimum: 0 }) })),
})
export type ReachResponse = Static<typeof ReachResponse>

/**
 * Seconds and metres; neither where there is no way. Own: where the street beside an end is closed to this traveller, `accessible` is UNKNOWN for the last
 * metres, and `obstacles` say what closes it.
 */
export const Way = Type.Object({
  duration: maybe(Type.Number()),
  distance: maybe(Type.Number()),
  accessible: maybe(oneOf('UNKNOWN')),
  obstacles: maybe(Type.Array(Obstacle)),
})
export type Way = Static<typeof Way>
export const ManyResponse = Type.Array(Way)

/** For each of the many: the street's way, and every best trade of time against changes. */
export const IntermodalResponse = Type.Object({
  street_durations: ManyResponse,
  transit_durations: Type.Array(
    Type.Array(Type.Object({ duration: Type.Number(), transfers: Type.Integer({ minimum: 0 }) })),
  ),
})
export type IntermodalResponse = Static<typeof IntermodalResponse>

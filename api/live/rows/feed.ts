// Rows of alerts: and feed:.

import { type Static, Type } from 'typebox'
import { maybe, oneOf } from '../../contract/values.ts'
import { BoardAlert } from './board.ts'
import { Seconds } from './values.ts'

export const AlertRow = Type.Object({
  ...BoardAlert.properties,
  cause: maybe(Type.String()),
  /** In the producer's own words. */
  causeDetail: maybe(Type.String()),
  effectDetail: maybe(Type.String()),
  /** To be spoken. */
  ttsHeader: maybe(Type.String()),
  ttsDescription: maybe(Type.String()),
  imageUrl: maybe(Type.String()),
  imageMediaType: maybe(Type.String()),
  imageAlternativeText: maybe(Type.String()),
  /** What it is about. */
  agencies: Type.Array(Type.String()),
  routes: Type.Array(Type.String()),
  trips: Type.Array(Type.String()),
  stops: Type.Array(Type.String()),
  /** Trips on every day, where it names none: the feed's tag and its trip_id. */
  everyDay: maybe(Type.Array(Type.String())),
  /** As GTFS numbers them. */
  routeTypes: maybe(Type.Array(Type.Integer())),
  /** Of routes of which it means one direction only. */
  directions: maybe(Type.Array(Type.Object({ route: Type.String(), direction: Type.Integer() }))),
  exp: Seconds,
})
export type AlertRow = Static<typeof AlertRow>

export const FeedStateName = oneOf('waiting', 'live', 'aging', 'stale', 'auth_error')

/** A realtime source, with the counts of its newest message. `id` = its place in the list of sources. */
export const SourceRow = Type.Object({
  id: Type.String(),
  url: Type.String(),
  state: FeedStateName,
  asOf: Seconds,
  receivedAt: Seconds,
  entities: Type.Integer(),
  tripUpdates: Type.Integer(),
  matched: Type.Integer(),
  unmatched: Type.Integer(),
  outsideArea: Type.Integer(),
  vehicles: Type.Integer(),
  alerts: Type.Integer(),
  rejected: Type.Record(Type.String(), Type.Integer()),
  warnings: Type.Record(Type.String(), Type.Integer()),
  refused: maybe(Type.String()),
  applied: Type.Integer(),
  refusedCount: Type.Integer(),
  /** Times that it said the same again, since the start and in a row. */
  unchangedCount: Type.Integer(),
  unchangedStreak: Type.Integer(),
  /** Messages in a row most of whose trips are unknown. */
  poorMatches: Type.Integer(),
  exp: Seconds,
})
export type SourceRow = Static<typeof SourceRow>

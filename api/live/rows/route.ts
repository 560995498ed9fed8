// Rows of route:, the runs under way on a line, and how well it runs.

import { type Static, Type } from 'typebox'
import { TimeSource } from '../../contract/common.ts'
import { maybe, oneOf } from '../../contract/values.ts'
import { line, orNull, Seconds, Span } from './values.ts'

/** A run under way. `id` = trip id. */
export const RouteRow = Type.Object({
  id: Type.String(),
  direction: Type.Integer(),
  headsign: Type.String(),
  state: oneOf('normal', 'cancelled', 'new', 'replaced'),
  /** The next stop, and what is known of the run there. */
  stop: Type.String(),
  stopName: Type.String(),
  sched: Seconds,
  pred: orNull(Seconds),
  delay: orNull(Span),
  source: TimeSource,
  /** Seconds behind the run ahead, there; null for the first one. */
  headway: orNull(Span),
  headwayPlanned: orNull(Span),
  spacing: oneOf('normal', 'bunched', 'gap', 'unknown'),
  /** Nothing was heard of it since it should have begun. */
  ghost: Type.Boolean(),
  vehicle: maybe(Type.String()),
  exp: Seconds,
})
export type RouteRow = Static<typeof RouteRow>

export const RouteHead = Type.Object({
  id: Type.String(),
  name: Type.String(),
  ...line,
})
export type RouteHead = Static<typeof RouteHead>

/** Shares are 0…1, null where there is nothing to measure. */
export const RouteSummary = Type.Object({
  /** Runs under way: all, those with a prediction, cancelled ones, and those nothing is heard of. */
  runs: Type.Integer(),
  live: Type.Integer(),
  cancelled: Type.Integer(),
  ghosts: Type.Integer(),
  delay: Type.Object({ median: orNull(Span), p90: orNull(Span), max: orNull(Span) }),
  punctuality: Type.Object({
    observed: Type.Integer(),
    early: Type.Integer(),
    onTime: Type.Integer(),
    late: Type.Integer(),
    /** Departures that should have been and of which nothing is known. */
    missing: Type.Integer(),
    share: orNull(Type.Number()),
    /** The same with departures of cancelled runs as failures. */
    shareOfPlanned: orNull(Type.Number()),
  }),
  headways: Type.Array(
    Type.Object({
      direction: Type.Integer(),
      stop: Type.String(),
      stopName: Type.String(),
      /** Mean seconds between runs. */
      planned: orNull(Type.Number()),
      actual: orNull(Type.Number()),
      /** Standard deviation over mean. */
      cv: orNull(Type.Number()),
      /** Share of headways within half of the planned one. */
      adherence: orNull(Type.Number()),
      /** Seconds that riders who come by chance wait longer than planned. */
      excessWait: orNull(Type.Number()),
      bunched: Type.Integer(),
      gaps: Type.Integer(),
    }),
  ),
})
export type RouteSummary = Static<typeof RouteSummary>

// Rows of stop: and station: and what stands beside them.

import { type Static, Type } from 'typebox'
import { TimeState } from '../../contract/board.ts'
import { Arrangement, Carriage, OccupancyStatus, TimeSource } from '../../contract/common.ts'
import { maybe, oneOf } from '../../contract/values.ts'
import { fullness, orNull, place, platforms, RunState, run, Seconds, Span } from './values.ts'

/** One departure. `id` = trip id # stop_sequence. */
export const Row = Type.Object({
  id: Type.String(),
  ...run,
  stop: Type.String(),
  ...platforms,
  sched: Seconds,
  /** The expected time, null when nothing but the schedule is known. */
  pred: orNull(Seconds),
  /** pred − sched in seconds, negative when early. */
  delay: orNull(Span),
  rt: TimeState,
  /** The same, told more exactly. */
  source: maybe(TimeSource),
  state: RunState,
  /** Seconds between two runs, where the line runs by headway and `sched` is no promise. */
  headway: maybe(Span),
  /** The line's first or last departure of the service day here, in this direction. */
  ofDay: maybe(oneOf('first', 'last')),
  /** Seconds from one departure to the next, where the line runs often and regularly. */
  interval: maybe(Span),
  wheelchair: maybe(Type.Boolean()),
  /** How full the vehicle is, and its carriages in the direction of travel, where somebody says. */
  ...fullness,
  /** Seconds by which the feed says `pred` may be off. */
  uncertainty: maybe(Type.Integer()),
  /** How full it is expected to leave here. */
  departureOccupancy: maybe(OccupancyStatus),
  /** What riders have to do to be picked up. */
  pickupArrangement: maybe(Arrangement),
  carriages: maybe(Type.Array(Carriage)),
  alerts: Type.Array(Type.String()),
  /** From then on the row is over, whether or not the server can still say so. */
  exp: Seconds,
})
export type Row = Static<typeof Row>

export const BoardAlert = Type.Object({
  id: Type.String(),
  header: Type.String(),
  description: maybe(Type.String()),
  url: maybe(Type.String()),
  severity: maybe(Type.String()),
  effect: maybe(Type.String()),
  start: maybe(Seconds),
  end: maybe(Seconds),
})
export type BoardAlert = Static<typeof BoardAlert>

/** An elevator of the board's station that is out of order now. */
export const ElevatorOut = Type.Object({
  /** As in /api/freifahrt/v1/elevators. */
  id: Type.String(),
  name: Type.String(),
  start: maybe(Seconds),
  end: maybe(Seconds),
  /** Whose word it is: an alert's id, or a source of elevators. */
  source: maybe(Type.String()),
})
export type ElevatorOut = Static<typeof ElevatorOut>

export const StopHead = Type.Object({
  id: Type.String(),
  ...place,
  tz: maybe(Type.String()),
})
export type StopHead = Static<typeof StopHead>

// Rows of journey:, a watched itinerary.

import { type Static, Type } from 'typebox'
import { TimeSource } from '../../contract/common.ts'
import { maybe, oneOf } from '../../contract/values.ts'
import { platforms, Seconds, Span } from './values.ts'

const LegEnd = Type.Object({
  stop: maybe(Type.String()),
  name: Type.String(),
  /** The stop as planned, where the run now stops at another one. */
  stopPlanned: maybe(Type.String()),
  ...platforms,
})

/** A ride or a walk, in order. `id` = its number, from 0. */
export const LegRow = Type.Object({
  id: Type.String(),
  mode: Type.String(),
  trip: maybe(Type.String()),
  line: maybe(Type.String()),
  headsign: maybe(Type.String()),
  from: LegEnd,
  to: LegEnd,
  schedDeparture: Seconds,
  departure: Seconds,
  departureSource: TimeSource,
  schedArrival: Seconds,
  arrival: Seconds,
  arrivalSource: TimeSource,
  /** `missed`: the rider gets there too late. */
  state: oneOf('normal', 'cancelled', 'missed'),
  /** Of a ride after another: seconds to spare beyond the change itself, as planned and now; below 0 it is missed. */
  slackPlanned: maybe(Span),
  slack: maybe(Span),
  exp: Seconds,
})
export type LegRow = Static<typeof LegRow>

export const JourneyNotice = Type.Object({
  kind: oneOf('delay', 'platform', 'cancelled', 'transfer_at_risk', 'transfer_broken', 'elevator'),
  /** Row that it is about. */
  leg: Type.String(),
  /** delay: of the arrival, seconds. */
  delay: maybe(Span),
  /** platform: where the ride begins, or where it ends. */
  end: maybe(oneOf('from', 'to')),
  /** platform: the new one, where it has a name. */
  platform: maybe(Type.String()),
  /** platform: the name of the stop there. */
  stop: maybe(Type.String()),
  slack: maybe(Span),
  /** elevator: out of order on the way that it was found to be, so that this is longer, waits, or can not be made. */
  elevator: maybe(Type.String()),
  /** elevator: as in /api/freifahrt/v1/elevators; until when and by whose word, where that is known. */
  id: maybe(Type.String()),
  until: maybe(Seconds),
  source: maybe(Type.String()),
})
export type JourneyNotice = Static<typeof JourneyNotice>

export const JourneyHead = Type.Object({
  /** The worst of its notices and legs; `over` when it has arrived. */
  state: oneOf('ok', 'delayed', 'at_risk', 'broken', 'over'),
  departure: Seconds,
  arrival: Seconds,
  schedArrival: Seconds,
  delay: Span,
})
export type JourneyHead = Static<typeof JourneyHead>

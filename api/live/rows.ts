// What the channels of the live protocol hold: per kind of channel its rows (keyed by `id`, whole each time they are sent, over at `exp`) and
// the members that stand beside them. The types of clients and the AsyncAPI document follow from these schemas.
//
//   board     stop:, station:     departures           journey   journey:    legs of a watched itinerary, what is wrong with it
//   trip      trip:               calls of one run      alerts    alerts:     a feed's alerts
//   route     route:              runs under way        feed      feed:       a feed's realtime sources
//   vehicles  vehicle:, fleet:    vehicles

import { type Static, type TSchema, Type } from 'typebox'
import { TimeState } from '../contract/board.ts'
import { Carriage, OccupancyStatus, TimeSource } from '../contract/common.ts'
import { Itinerary } from '../contract/itinerary.ts'

export const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Unsafe<Static<T> | undefined>(schema))
const oneOf = <const V extends readonly string[]>(...values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: values })
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** Unix seconds. */
export const Seconds = Type.Number()
/** Seconds of a duration; negative is early. */
const Span = Type.Integer()

// ── board ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const RunStateName = oneOf('normal', 'skipped', 'cancelled', 'new', 'replaced')

/** One departure. `id` = trip id # stop_sequence. */
export const Row = Type.Object({
  id: Type.String(),
  trip: Type.String(),
  route: Type.String(),
  line: Type.String(),
  headsign: Type.String(),
  mode: Type.String(),
  color: maybe(Type.String()),
  textColor: maybe(Type.String()),
  stop: Type.String(),
  platform: maybe(Type.String()),
  platformPlanned: maybe(Type.String()),
  sched: Seconds,
  /** The expected time, null when nothing but the schedule is known. */
  pred: orNull(Seconds),
  /** pred − sched in seconds, negative when early. */
  delay: orNull(Span),
  rt: TimeState,
  /** The same, told more exactly. */
  source: maybe(TimeSource),
  state: RunStateName,
  /** Seconds between two runs, where the line runs by headway and `sched` is no promise. */
  headway: maybe(Span),
  /** The line's first or last departure of the service day here, in this direction. */
  ofDay: maybe(oneOf('first', 'last')),
  /** Seconds from one departure to the next, where the line runs often and regularly. */
  interval: maybe(Span),
  wheelchair: maybe(Type.Boolean()),
  /** How full the vehicle is, and its carriages in the direction of travel, where somebody says. */
  occupancy: maybe(Type.String()),
  occupancyPercentage: maybe(Type.Integer()),
  /** How full it is expected to leave here. */
  departureOccupancy: maybe(OccupancyStatus),
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
})
export type ElevatorOut = Static<typeof ElevatorOut>

export const StopHead = Type.Object({
  id: Type.String(),
  name: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  tz: maybe(Type.String()),
})
export type StopHead = Static<typeof StopHead>

// ── trip ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** One call. `id` = stop_sequence. */
export const CallRow = Type.Object({
  id: Type.String(),
  stop: Type.String(),
  name: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  platform: maybe(Type.String()),
  platformPlanned: maybe(Type.String()),
  /** Null at the first stop, as the departure is at the last. */
  schedArrival: orNull(Seconds),
  arrival: orNull(Seconds),
  arrivalSource: TimeSource,
  schedDeparture: orNull(Seconds),
  departure: orNull(Seconds),
  departureSource: TimeSource,
  departureOccupancy: maybe(OccupancyStatus),
  state: oneOf('normal', 'skipped', 'cancelled'),
  boarding: Type.Boolean(),
  alighting: Type.Boolean(),
  exp: Seconds,
})
export type CallRow = Static<typeof CallRow>

export const RunHead = Type.Object({
  trip: Type.String(),
  route: Type.String(),
  line: Type.String(),
  headsign: Type.String(),
  mode: Type.String(),
  color: maybe(Type.String()),
  textColor: maybe(Type.String()),
  state: RunStateName,
  wheelchair: maybe(Type.Boolean()),
  /** `id` of its row in vehicle: and fleet:. */
  vehicle: maybe(Type.String()),
  occupancy: maybe(Type.String()),
  occupancyPercentage: maybe(Type.Integer()),
})
export type RunHead = Static<typeof RunHead>

// ── vehicles ──────────────────────────────────────────────────────────────────────────────────────────────────────────
/** How a vehicle does; of several the last that is true in this order. */
export const VehicleState = oneOf(
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
  occupancy: maybe(Type.String()),
  occupancyPercentage: maybe(Type.Integer()),
  state: VehicleState,
  /** When it was measured. */
  at: Seconds,
  exp: Seconds,
})
export type VehicleRow = Static<typeof VehicleRow>

// ── route ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
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
  line: Type.String(),
  name: Type.String(),
  mode: Type.String(),
  color: maybe(Type.String()),
  textColor: maybe(Type.String()),
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

// ── alerts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const AlertRow = Type.Object({
  ...BoardAlert.properties,
  cause: maybe(Type.String()),
  /** What it is about. */
  agencies: Type.Array(Type.String()),
  routes: Type.Array(Type.String()),
  trips: Type.Array(Type.String()),
  stops: Type.Array(Type.String()),
  exp: Seconds,
})
export type AlertRow = Static<typeof AlertRow>

// ── feed ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const FeedStateName = oneOf('waiting', 'live', 'stale', 'auth_error')

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
  exp: Seconds,
})
export type SourceRow = Static<typeof SourceRow>

// ── journey ───────────────────────────────────────────────────────────────────────────────────────────────────────────
const LegEnd = Type.Object({
  stop: maybe(Type.String()),
  name: Type.String(),
  platform: maybe(Type.String()),
  platformPlanned: maybe(Type.String()),
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
  /** platform: the new one. */
  platform: maybe(Type.String()),
  slack: maybe(Span),
  /** elevator: out of order where a step-free rider gets on or off. */
  elevator: maybe(Type.String()),
})
export type JourneyNotice = Static<typeof JourneyNotice>

export const JourneyHead = Type.Object({
  /** The worst of its notices; `over` when it has arrived. */
  state: oneOf('ok', 'delayed', 'at_risk', 'broken', 'over'),
  departure: Seconds,
  arrival: Seconds,
  schedArrival: Seconds,
  delay: Span,
})
export type JourneyHead = Static<typeof JourneyHead>

// ── kinds ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Kind of channel → its rows and the members beside them. */
export const kinds = {
  board: {
    row: Row,
    members: {
      stop: StopHead,
      alerts: Type.Array(BoardAlert),
      stopAlerts: Type.Array(Type.String()),
      elevators: Type.Array(ElevatorOut),
    },
  },
  trip: { row: CallRow, members: { run: RunHead, alerts: Type.Array(BoardAlert) } },
  route: { row: RouteRow, members: { route: RouteHead, summary: RouteSummary } },
  vehicles: { row: VehicleRow, members: {} },
  alerts: { row: AlertRow, members: {} },
  feed: { row: SourceRow, members: {} },
  journey: {
    row: LegRow,
    members: {
      journey: JourneyHead,
      notices: Type.Array(JourneyNotice),
      /** The way on from where the rider can no longer go on as planned; null while there is no need or none is known. */
      alternative: orNull(Itinerary),
    },
  },
} as const
export type Kind = keyof typeof kinds

// The live protocol `freifahrt.live.v1+json`: every message that crosses `/live` (and, as SSE, `/live/sse`). Times are Unix seconds; a row
// is whole each time it is sent and keyed by its id, so applying a delta twice does no harm. A delta names its predecessor `p`: a client
// whose last sequence is another one asks to `resync`.

import { type Static, type TSchema, Type } from 'typebox'
import { TimeState } from '../contract.ts'

const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Unsafe<Static<T> | undefined>(schema))
const oneOf = <const V extends readonly string[]>(...values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: values })
const Seconds = Type.Number()

export const SUBPROTOCOL = 'freifahrt.live.v1+json'

// ── client → server ───────────────────────────────────────────────────────────────────────────────────────────────────
const Resume = Type.Object({ e: Type.String({ maxLength: 32 }), s: Type.Integer({ minimum: 0 }) })
const ChannelName = Type.String({ minLength: 1, maxLength: 300 })
const SubscriptionId = Type.Union([Type.Integer(), Type.String({ maxLength: 64 })])

export const ClientMessage = Type.Union([
  Type.Object({
    type: Type.Literal('hello'),
    token: Type.Optional(Type.String({ maxLength: 1024 })),
    client: Type.Optional(Type.String({ maxLength: 100 })),
    ver: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Number()])),
  }),
  Type.Object({ type: Type.Literal('sub'), id: SubscriptionId, ch: ChannelName, resume: Type.Optional(Resume) }),
  Type.Object({ type: Type.Literal('unsub'), id: SubscriptionId }),
  Type.Object({ type: Type.Literal('ping'), n: Type.Optional(Type.Number()) }),
  Type.Object({ type: Type.Literal('resync'), ch: ChannelName }),
])
export type ClientMessage = Static<typeof ClientMessage>

// ── server → client ───────────────────────────────────────────────────────────────────────────────────────────────────
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
  pred: Type.Union([Seconds, Type.Null()]),
  /** pred − sched in seconds, negative when early. */
  delay: Type.Union([Type.Integer(), Type.Null()]),
  rt: TimeState,
  state: oneOf('normal', 'skipped', 'cancelled', 'new', 'replaced'),
  wheelchair: maybe(Type.Boolean()),
  alerts: Type.Array(Type.String()),
  /** From then on the row is over, whether or not the server can still say so. */
  exp: Seconds,
})
export type Row = Static<typeof Row>

export const FeedState = Type.Object({ state: oneOf('waiting', 'live', 'stale'), asOf: Seconds })
export type FeedState = Static<typeof FeedState>
const FeedStates = Type.Record(Type.String(), FeedState)

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

const StopHead = Type.Object({
  id: Type.String(),
  name: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  tz: maybe(Type.String()),
})
export type StopHead = Static<typeof StopHead>

export const Snap = Type.Object({
  type: Type.Literal('snap'),
  ch: Type.String(),
  e: Type.String(),
  s: Type.Integer(),
  asOf: Seconds,
  rows: Type.Array(Row),
  feed: FeedStates,
  stop: StopHead,
  alerts: Type.Array(BoardAlert),
  stopAlerts: Type.Array(Type.String()),
})
export const Delta = Type.Object({
  type: Type.Literal('delta'),
  ch: Type.String(),
  e: Type.String(),
  s: Type.Integer(),
  p: Type.Integer(),
  asOf: Seconds,
  up: Type.Array(Row),
  rm: Type.Array(Type.String()),
  /** Present when what the rows and the stop refer to changed: the whole new list. */
  alerts: maybe(Type.Array(BoardAlert)),
  stopAlerts: maybe(Type.Array(Type.String())),
})
export type Snap = Static<typeof Snap>
export type Delta = Static<typeof Delta>

export const Limits = Type.Object({
  maxPayload: Type.Integer(),
  maxSubscriptions: Type.Integer(),
  messagesPerSecond: Type.Integer(),
  boardRows: Type.Integer(),
  boardSeconds: Type.Integer(),
})

export const ServerMessage = Type.Union([
  Type.Object({
    type: Type.Literal('welcome'),
    v: Type.Literal(1),
    serverTime: Seconds,
    hb: Type.Integer(),
    limits: Limits,
  }),
  Snap,
  Delta,
  Type.Object({
    type: Type.Literal('hb'),
    now: Seconds,
    /** channel → its sequence: a client that has another one missed something. */
    ch: Type.Record(Type.String(), Type.Integer()),
    feed: FeedStates,
    /** Echo of the client's ping, when this answers one. */
    n: maybe(Type.Number()),
  }),
  Type.Object({ type: Type.Literal('status'), feed: Type.String(), state: Type.String(), asOf: Seconds }),
  Type.Object({ type: Type.Literal('gone'), ch: Type.String(), reason: Type.String() }),
  Type.Object({ type: Type.Literal('err'), code: Type.Integer(), detail: Type.String(), ref: maybe(SubscriptionId) }),
  Type.Object({ type: Type.Literal('goaway'), reason: Type.String(), reconnectAfterMs: Type.Integer() }),
])
export type ServerMessage = Static<typeof ServerMessage>

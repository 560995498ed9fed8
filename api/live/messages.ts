// The live protocol `freifahrt.live.v1+json`: every message that crosses `/live` (and, as SSE, `/live/sse`). Times are Unix seconds; a row
// is whole each time it is sent and keyed by its id, so applying a delta twice does no harm. A delta names its predecessor `p`: a client
// whose last sequence is another one asks to `resync`. What rows there are is in rows/kinds.ts.

import { type Static, type TObject, type TProperties, Type } from 'typebox'
import { LONGEST_ID } from '#api/contract/itinerary.ts'
import { maybe } from '#api/contract/values.ts'
import { FeedStateName } from './rows/feed.ts'
import { type Kind, kinds } from './rows/kinds.ts'
import { Seconds } from './rows/values.ts'

export const SUBPROTOCOL = 'freifahrt.live.v1+json'

// ── client → server ───────────────────────────────────────────────────────────────────────────────────────────────────
const Resume = Type.Object({
  e: Type.String({ maxLength: 32 }),
  s: Type.Integer({ minimum: 0 }),
  /** The digest that came with this state: by it another gateway knows the state as well. */
  d: maybe(Type.String({ maxLength: 32 })),
  /** The rows that the client has: id → `v`. By them even a gateway that has never been in this state tells only what is another. */
  have: maybe(Type.Record(Type.String(), Type.String({ maxLength: 32 }))),
})
/** Of a watched journey by its id, and in a language. */
export const MAX_CHANNEL_NAME = LONGEST_ID + 'journey:;lang=xyz'.length
const ChannelName = Type.String({ minLength: 1, maxLength: MAX_CHANNEL_NAME })
const SubscriptionId = Type.Union([Type.Integer(), Type.String({ maxLength: 64 })])

export const clientMessages = {
  hello: Type.Object({
    type: Type.Literal('hello'),
    token: Type.Optional(Type.String({ maxLength: 1024 })),
    client: Type.Optional(Type.String({ maxLength: 100 })),
    ver: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Number()])),
  }),
  sub: Type.Object({ type: Type.Literal('sub'), id: SubscriptionId, ch: ChannelName, resume: Type.Optional(Resume) }),
  unsub: Type.Object({ type: Type.Literal('unsub'), id: SubscriptionId }),
  ping: Type.Object({ type: Type.Literal('ping'), n: Type.Optional(Type.Number()) }),
  resync: Type.Object({ type: Type.Literal('resync'), ch: ChannelName }),
} as const
export const ClientMessage = Type.Union(Object.values(clientMessages))
export type ClientMessage = Static<(typeof clientMessages)[keyof typeof clientMessages]>

// ── server → client ───────────────────────────────────────────────────────────────────────────────────────────────────
export const FeedState = Type.Object({ state: FeedStateName, asOf: Seconds })
export type FeedState = Static<typeof FeedState>
const FeedStates = Type.Record(Type.String(), FeedState)

/** Rows as they are sent: `v` names what a row says, in the same words at every gateway. */
const sent = (row: TObject) => Type.Object({ ...row.properties, v: Type.String() })
type RowOf<K extends Kind> = Static<(typeof kinds)[K]['row']>
type MembersOf<K extends Kind> = {
  [M in keyof (typeof kinds)[K]['members']]: StaticOf<(typeof kinds)[K]['members'][M]>
}
type StaticOf<S> = S extends Parameters<typeof maybe>[0] ? Static<S> : never

/** `e` and `s`: epoch and sequence, the state's name. An epoch is drawn anew with each life of a channel. */
interface Address {
  readonly ch: string
  readonly e: string
  readonly s: number
  readonly asOf: number
  /** Of the state of `s`, the same at every gateway. */
  readonly d: string
}
/** The whole state of a channel. */
export type SnapOf<K extends Kind> = Address & {
  readonly type: 'snap'
  readonly kind: K
  readonly rows: readonly RowOf<K>[]
  readonly feed: Record<string, FeedState>
} & Readonly<MembersOf<K>>
/** What leads from state `p` to state `s`: rows to be put in and taken out, and members that are another now. */
export type DeltaOf<K extends Kind> = Address & {
  readonly type: 'delta'
  readonly p: number
  readonly pe?: string | undefined
  readonly up: readonly RowOf<K>[]
  readonly rm: readonly string[]
} & Readonly<Partial<MembersOf<K>>>
export type Snap = { [K in Kind]: SnapOf<K> }[Kind]
export type Delta = { [K in Kind]: DeltaOf<K> }[Kind]

const address = { ch: Type.String(), e: Type.String(), s: Type.Integer(), asOf: Seconds, d: Type.String() }

export const snapSchema = (kind: Kind) =>
  Type.Object({
    type: Type.Literal('snap'),
    kind: Type.Literal(kind),
    ...address,
    rows: Type.Array(sent(kinds[kind].row)),
    ...(kinds[kind].members as TProperties),
    feed: FeedStates,
  })
export const deltaSchema = (kind: Kind) =>
  Type.Object({
    type: Type.Literal('delta'),
    ...address,
    p: Type.Integer(),
    /** The epoch that `p` belongs to, when it is another one: what a gateway that a client comes to begins with. */
    pe: maybe(Type.String()),
    up: Type.Array(sent(kinds[kind].row)),
    rm: Type.Array(Type.String()),
    ...Object.fromEntries(Object.entries(kinds[kind].members).map(([name, schema]) => [name, maybe(schema)])),
  })

const Limits = Type.Object({
  maxPayload: Type.Integer(),
  maxSubscriptions: Type.Integer(),
  messagesPerSecond: Type.Integer(),
  boardRows: Type.Integer(),
  boardSeconds: Type.Integer(),
})

/** Everything else that a server says. */
export const serverMessages = {
  welcome: Type.Object({
    type: Type.Literal('welcome'),
    v: Type.Literal(1),
    serverTime: Seconds,
    /** Seconds between two heartbeats. */
    hb: Type.Integer(),
    limits: Limits,
  }),
  /** The subscription's channel is called otherwise: what comes for it carries this name. Said before the first of it. */
  ok: Type.Object({ type: Type.Literal('ok'), ref: SubscriptionId, ch: Type.String() }),
  hb: Type.Object({
    type: Type.Literal('hb'),
    now: Seconds,
    /** channel → its sequence: a client that has another one missed something. */
    ch: Type.Record(Type.String(), Type.Integer()),
    feed: FeedStates,
    /** Echo of the client's ping, when this answers one. */
    n: maybe(Type.Number()),
  }),
  status: Type.Object({ type: Type.Literal('status'), feed: Type.String(), state: FeedStateName, asOf: Seconds }),
  gone: Type.Object({ type: Type.Literal('gone'), ch: Type.String(), reason: Type.String() }),
  err: Type.Object({
    type: Type.Literal('err'),
    code: Type.Integer(),
    detail: Type.String(),
    ref: maybe(SubscriptionId),
  }),
  goaway: Type.Object({ type: Type.Literal('goaway'), reason: Type.String(), reconnectAfterMs: Type.Integer() }),
} as const

const kindNames = Object.keys(kinds) as Kind[]
export const ServerMessage = Type.Union([
  ...Object.values(serverMessages),
  ...kindNames.map(snapSchema),
  ...kindNames.map(deltaSchema),
])
export type ServerMessage = Static<(typeof serverMessages)[keyof typeof serverMessages]> | Snap | Delta

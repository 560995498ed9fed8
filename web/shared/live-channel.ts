// One watched channel: what the server said about it so far. Snap, delta and expiry as pure steps; sockets and timers are in live.ts.
//
//   p ≠ last seq → something is missing → ask for a snapshot and believe no delta until it is there
//   s ≤ last seq → seen before → nothing to do

import type { ClientMessage, Delta, FeedState, Snap, SnapOf } from '#api/live/messages.ts'
import type { BoardAlert, ElevatorOut, Row, StopHead } from '#api/live/rows/board.ts'
import type { Kind } from '#api/live/rows/kinds.ts'

export type { BoardAlert, FeedState, Row }

export type Feeds = Readonly<Record<string, FeedState>>

interface Known {
  readonly state: 'waiting' | 'known' | 'gone'
  /** By tag of the feed: how its realtime source is doing. */
  readonly feeds: Feeds
  /** Unix seconds of the last moment at which the server is known to have agreed with these rows. */
  readonly asOf: number
}

/** A departure board as shown: rows by time. A new object for every change. */
export interface Board extends Known {
  readonly rows: readonly Row[]
  readonly alerts: readonly BoardAlert[]
  /** Ids of the alerts that concern the stop itself. */
  readonly stopAlerts: readonly string[]
  /** Those of its station that are out of order now. */
  readonly elevators: readonly ElevatorOut[]
  readonly stop: StopHead | undefined
}

/** Any other channel: its rows, and the members beside them once they are known. */
export type StateOfKind<K extends Kind> = K extends 'board'
  ? Board
  : Known & { readonly rows: SnapOf<K>['rows'] } & Partial<
        Omit<SnapOf<K>, 'type' | 'kind' | 'ch' | 'e' | 's' | 'asOf' | 'feed' | 'rows'>
      >

/** What is told about a channel, by the beginning of its name. */
export type StateOf<Name extends string> = Name extends `trip:${string}`
  ? StateOfKind<'trip'>
  : Name extends `route:${string}`
    ? StateOfKind<'route'>
    : Name extends `vehicle:${string}` | `fleet:${string}`
      ? StateOfKind<'vehicles'>
      : Name extends `alerts:${string}`
        ? StateOfKind<'alerts'>
        : Name extends `feed:${string}`
          ? StateOfKind<'feed'>
          : Name extends `journey:${string}`
            ? StateOfKind<'journey'>
            : Board

type Resume = NonNullable<Extract<ClientMessage, { type: 'sub' }>['resume']>

interface AnyRow {
  readonly id: string
  readonly v?: string
  readonly exp: number
}
type Members = Readonly<Record<string, unknown>>

export interface Channel {
  /** As it was asked for. */
  readonly key: string
  /** As the server calls it. */
  name: string
  readonly rows: Map<string, AnyRow>
  members: Members
  feeds: Feeds
  epoch: string | undefined
  seq: number
  /** Of the state of `seq`: by it another gateway knows what we have. */
  digest: string | undefined
  asOf: number
  state: Known['state']
  /** A snapshot was asked for and has not come yet. */
  missing: boolean
}

export const newChannel = (key: string): Channel => ({
  key,
  name: key,
  rows: new Map(),
  members: isBoard(key) ? { alerts: [], stopAlerts: [], elevators: [], stop: undefined } : {},
  feeds: {},
  epoch: undefined,
  seq: 0,
  digest: undefined,
  asOf: 0,
  state: 'waiting',
  missing: false,
})

const isBoard = (key: string): boolean => /^(stop|station):/.test(key)

export function takeSnapshot(channel: Channel, snapshot: Snap): true {
  const { type: _type, kind: _kind, ch: _ch, e, s, d, asOf, rows, feed, ...members } = snapshot
  channel.rows.clear()
  for (const row of rows) channel.rows.set(row.id, row)
  channel.members = members
  channel.epoch = e
  channel.seq = s
  channel.digest = d
  channel.asOf = asOf
  channel.feeds = feed
  channel.state = 'known'
  channel.missing = false
  return true
}

/** `resync`: a message between this one and the last is missing. */
export function takeDelta(channel: Channel, delta: Delta): 'changed' | 'known' | 'resync' {
  const { type: _type, ch: _ch, e, s, p, pe, d, asOf, up, rm, ...members } = delta
  if (channel.missing) return 'known'
  // another gateway's numbers for what we have
  const moved = pe !== undefined && pe === channel.epoch && p === channel.seq
  if (e !== channel.epoch && !moved) return 'resync'
  if (!moved && s <= channel.seq) return 'known'
  if (p !== channel.seq) return 'resync'
  for (const id of rm) channel.rows.delete(id)
  for (const row of up) channel.rows.set(row.id, row)
  channel.epoch = e
  channel.seq = s
  channel.digest = d
  channel.asOf = asOf
  channel.members = { ...channel.members, ...members }
  return 'changed'
}

/** A heartbeat with our own sequence number: nothing has changed up to `now`, or the server would have said so. */
export function confirm(channel: Channel, seq: number, now: number, feeds: Feeds): boolean {
  if (channel.state !== 'known' || channel.missing || channel.seq !== seq) return false
  channel.asOf = now
  channel.feeds = feeds
  return true
}

export function takeStatus(channel: Channel, feed: string, state: FeedState): true {
  channel.feeds = { ...channel.feeds, [feed]: state }
  return true
}

export function markGone(channel: Channel): true {
  channel.state = 'gone'
  channel.rows.clear()
  // should it come back, it is told whole
  channel.epoch = undefined
  return true
}

/** Drops what has left by `now`, so that a board without a server does not show the past. */
export function dropExpired(channel: Channel, now: number): boolean {
  let dropped = false
  for (const row of channel.rows.values()) {
    if (row.exp <= now) dropped = channel.rows.delete(row.id)
  }
  return dropped
}

export function nextExpiry(channel: Channel): number {
  let next = Number.POSITIVE_INFINITY
  for (const row of channel.rows.values()) next = Math.min(next, row.exp)
  return next
}

/** Characters of a subscription's name and rows: a server takes no message of more than 16 KiB, and a channel with more is told anew. */
const LONGEST_HAVE = 12_000

/** What we have, for a server that is to tell only the rest; undefined before anything is known. */
export function resumeOf({ key, epoch, seq, digest, rows }: Channel): Resume | undefined {
  if (epoch === undefined) return undefined
  const have = Object.fromEntries([...rows.values()].flatMap(({ id, v }) => (v === undefined ? [] : [[id, v]])))
  const known = rows.size > 0 && key.length + JSON.stringify(have).length <= LONGEST_HAVE
  return { e: epoch, s: seq, ...(digest !== undefined && { d: digest }), ...(known && { have }) }
}

/** What is shown now. Departures come by time, calls and legs in order, all else by id. */
export function stateOf<Name extends string>({ key, rows, members, state, feeds, asOf }: Channel): StateOf<Name> {
  const sorted = [...rows.values()].sort(isBoard(key) ? byTime : byId)
  return { state, rows: sorted, feeds, asOf, ...members } as unknown as StateOf<Name>
}

const byId = (a: AnyRow, b: AnyRow): number => Number(a.id) - Number(b.id) || (a.id < b.id ? -1 : 1)

function byTime(a: AnyRow, b: AnyRow): number {
  const [x, y] = [a as Row, b as Row]
  return timeOf(x) - timeOf(y) || x.sched - y.sched || (x.id < y.id ? -1 : 1)
}

/** When the row's vehicle leaves as far as is known. */
export const timeOf = (row: Row): number => row.pred ?? row.sched

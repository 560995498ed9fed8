// One watched channel: what the server said about it so far. Snap, delta and expiry as pure steps; sockets and timers are in live.ts.
//
//   p ≠ last seq → something is missing → ask for a snapshot and believe no delta until it is there
//   s ≤ last seq → seen before → nothing to do

import type { BoardAlert, Delta, FeedState, Row, Snap, StopHead } from '#api/live/messages.ts'

export type { BoardAlert, FeedState, Row }

export type Feeds = Readonly<Record<string, FeedState>>

/** A departure board as shown: rows by time. A new object for every change. */
export interface Board {
  readonly state: 'waiting' | 'known' | 'gone'
  readonly rows: readonly Row[]
  readonly alerts: readonly BoardAlert[]
  /** Ids of the alerts that concern the stop itself. */
  readonly stopAlerts: readonly string[]
  readonly stop: StopHead | undefined
  /** By tag of the feed: how its realtime source is doing. */
  readonly feeds: Feeds
  /** Unix seconds of the last moment at which the server is known to have agreed with these rows. */
  readonly asOf: number
}

export interface Channel {
  readonly key: string
  readonly rows: Map<string, Row>
  alerts: readonly BoardAlert[]
  stopAlerts: readonly string[]
  stop: StopHead | undefined
  feeds: Feeds
  epoch: string | undefined
  seq: number
  asOf: number
  state: Board['state']
  /** A snapshot was asked for and has not come yet. */
  missing: boolean
}

export const newChannel = (key: string): Channel => ({
  key,
  rows: new Map(),
  alerts: [],
  stopAlerts: [],
  stop: undefined,
  feeds: {},
  epoch: undefined,
  seq: 0,
  asOf: 0,
  state: 'waiting',
  missing: false,
})

export function takeSnapshot(channel: Channel, snapshot: Snap): true {
  channel.rows.clear()
  for (const row of snapshot.rows) channel.rows.set(row.id, row)
  channel.epoch = snapshot.e
  channel.seq = snapshot.s
  channel.asOf = snapshot.asOf
  channel.alerts = snapshot.alerts
  channel.stopAlerts = snapshot.stopAlerts
  channel.stop = snapshot.stop
  channel.feeds = snapshot.feed
  channel.state = 'known'
  channel.missing = false
  return true
}

/** `resync`: a message between this one and the last is missing. */
export function takeDelta(channel: Channel, delta: Delta): 'changed' | 'known' | 'resync' {
  if (channel.missing) return 'known'
  if (delta.e !== channel.epoch) return 'resync'
  if (delta.s <= channel.seq) return 'known'
  if (delta.p !== channel.seq) return 'resync'
  for (const id of delta.rm) channel.rows.delete(id)
  for (const row of delta.up) channel.rows.set(row.id, row)
  channel.seq = delta.s
  channel.asOf = delta.asOf
  channel.alerts = delta.alerts ?? channel.alerts
  channel.stopAlerts = delta.stopAlerts ?? channel.stopAlerts
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

export function boardOf(channel: Channel): Board {
  const rows = [...channel.rows.values()].sort(
    (a, b) => timeOf(a) - timeOf(b) || a.sched - b.sched || (a.id < b.id ? -1 : 1),
  )
  const { state, alerts, stopAlerts, stop, feeds, asOf } = channel
  return { state, rows, alerts, stopAlerts, stop, feeds, asOf }
}

/** When the row's vehicle leaves as far as is known. */
export const timeOf = (row: Row): number => row.pred ?? row.sched

// All channels and all subscribers of a process. After a publish only the channels whose stops changed are read again, each at most once a
// second; a clock tick a second later finds the rows that are over. Reading and sending go in slices.
//
//   publish ─▶ stops changed ─▶ dirty channels ─▶ read board, diff, encode once ─▶ each subscriber
//   tick    ─▶ rows over ──────▶      │ read less than a second ago: deferred

import type { LiveLimits } from '#api/config.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { Published, TransitService } from '#workers/service.ts'
import { readBoard } from './board.ts'
import { Channel, type DeltaFrame } from './channel.ts'
import type { LiveClient } from './client.ts'
import { feedStates } from './feeds.ts'
import { findChannel } from './names.ts'
import type { Scheduler } from './scheduler.ts'
import { Slices } from './slices.ts'

type BoardChannel = Channel<LiveClient>

const TICK_MS = 1000
/** Boards are read again after so many seconds even if no row is over: alerts begin and end by the clock. */
export const LONGEST_REST = 60
/** Deltas for more subscribers than this are sent in slices of their own. */
const FEW = 64

export interface Resume {
  readonly e: string
  readonly s: number
}

export class LiveHub {
  private readonly service: TransitService
  private readonly limits: LiveLimits
  private readonly scheduler: Scheduler
  private readonly slices: Slices
  private readonly channels = new Map<string, BoardChannel>()
  private readonly byStop = new Map<StopIdx, Set<BoardChannel>>()
  private readonly clients = new Set<LiveClient>()
  private readonly dirty = new Set<BoardChannel>()
  private readonly deferred = new Set<BoardChannel>()
  private refreshing = false
  private cancelDeferred: (() => void) | undefined
  private cancelTick: () => void
  private readonly stopListening: () => void
  /** Feed states as last told, and as JSON. */
  private told = new Map<string, string>()
  private feed = '{}'

  constructor(service: TransitService, limits: LiveLimits, scheduler: Scheduler, onError: (error: unknown) => void) {
    this.service = service
    this.limits = limits
    this.scheduler = scheduler
    this.slices = new Slices(scheduler, onError)
    this.readFeedStates()
    this.stopListening = service.onPublish(published => this.onPublish(published))
    this.cancelTick = scheduler.after(TICK_MS, () => this.tick())
  }

  get size(): { readonly clients: number; readonly channels: number } {
    return { clients: this.clients.size, channels: this.channels.size }
  }

  /** Feed states as JSON, as snapshots and heartbeats carry them. */
  get feedJson(): string {
    return this.feed
  }

  add(client: LiveClient): void {
    this.clients.add(client)
    client.nextHeartbeat = this.scheduler.now() + this.limits.heartbeatMs
  }

  remove(client: LiveClient): void {
    this.clients.delete(client)
    for (const channel of client.channels) this.leave(channel, client)
  }

  /** The channel of this name, made if need be. Throws UNKNOWN_STOP and the like, TOO_LARGE when there are too many. */
  open(name: string): BoardChannel {
    const known = this.channels.get(name)
    if (known) return known
    const options = findChannel(this.service, name, this.channels.size < this.limits.maxChannels)
    const channel = new Channel<LiveClient>({
      ...options,
      keepDeltas: this.limits.resumeDeltas,
      keepMs: this.limits.resumeMs,
    })
    this.channels.set(name, channel)
    for (const stop of channel.stops) {
      const watching = this.byStop.get(stop)
      if (watching) watching.add(channel)
      else this.byStop.set(stop, new Set([channel]))
    }
    return channel
  }

  subscribe(client: LiveClient, channel: BoardChannel, resume?: Resume): void {
    const { horizon, clock } = this.service
    const fresh = channel.asOf === clock.now() && channel.generation === horizon.generation
    if (!fresh && this.mayChange(channel)) this.refresh(channel)
    channel.subscribers.add(client)
    client.begin(channel, resume && channel.since(resume.e, resume.s), this.feed)
  }

  unsubscribe(client: LiveClient, channel: BoardChannel): void {
    client.end(channel)
    this.leave(channel, client)
  }

  resync(client: LiveClient, channel: BoardChannel): void {
    if (client.has(channel)) client.begin(channel, undefined, this.feed)
  }

  /** No more boards. What the clients are told, and how their lines end, is the caller's. */
  close(): void {
    this.stopListening()
    this.cancelTick()
    this.cancelDeferred?.()
  }

  private leave(channel: BoardChannel, client: LiveClient): void {
    channel.subscribers.delete(client)
    if (channel.subscribers.size === 0) channel.idleSince = this.scheduler.now()
  }

  private onPublish({ changedStops, alertsChanged, sourcesChanged }: Published): void {
    if (sourcesChanged) this.readFeedStates()
    if (alertsChanged) for (const channel of this.channels.values()) this.dirty.add(channel)
    else
      for (const stop of changedStops)
        for (const channel of this.byStop.get(stop as StopIdx) ?? []) this.dirty.add(channel)
    this.refreshDirty()
  }

  private tick(): void {
    this.cancelTick = this.scheduler.after(TICK_MS, () => this.tick())
    const now = this.scheduler.now()
    const clock = this.service.clock.now()
    this.readFeedStates()
    for (const channel of this.channels.values()) {
      if (channel.subscribers.size > 0) {
        // or the clock was set back
        if (channel.due <= clock || channel.asOf > clock) this.dirty.add(channel)
      } else if (now - channel.idleSince > this.limits.resumeMs) this.drop(channel)
    }
    this.refreshDirty()
    for (const client of this.clients) {
      if (client.isLate) client.catchUp(now, this.feed)
      if (client.nextHeartbeat <= now) {
        client.nextHeartbeat += this.limits.heartbeatMs
        client.send(this.heartbeat(client))
      }
    }
  }

  /** Proves that the whole chain lives, and lets a client find out that it missed something. */
  heartbeat(client: LiveClient, n?: number): Buffer {
    const sequences = [...client.channels].map(channel => `${JSON.stringify(channel.name)}:${channel.sequence}`)
    const echo = n === undefined ? '' : `,"n":${n}`
    return Buffer.from(
      `{"type":"hb","now":${this.service.clock.now()},"ch":{${sequences.join()}},"feed":${this.feed}${echo}}`,
    )
  }

  private drop(channel: BoardChannel): void {
    this.channels.delete(channel.name)
    this.dirty.delete(channel)
    this.deferred.delete(channel)
    for (const stop of channel.stops) {
      const watching = this.byStop.get(stop)!
      watching.delete(channel)
      if (watching.size === 0) this.byStop.delete(stop)
    }
  }

  private readFeedStates(): void {
    const { clock } = this.service
    const states = feedStates(this.service.sources(), clock.now())
    this.feed = JSON.stringify(states)
    for (const [tag, { state, asOf }] of Object.entries(states)) {
      const before = this.told.get(tag)
      this.told.set(tag, state)
      if (before === undefined || before === state) continue
      const bytes = Buffer.from(JSON.stringify({ type: 'status', feed: tag, state, asOf }))
      this.toEach(this.clients, client => client.send(bytes))
    }
  }

  private refreshDirty(): void {
    if (this.refreshing || this.dirty.size === 0) return
    this.slices.add(() => {
      this.refreshing = false // should reading a board throw
      this.refreshing = this.refreshNext()
      return this.refreshing
    })
  }

  private refreshNext(): boolean {
    const [channel] = this.dirty
    if (channel === undefined) return false
    this.dirty.delete(channel)
    // nobody watches: the next subscriber will have it read
    if (channel.subscribers.size === 0) return true
    if (this.mayChange(channel)) this.refresh(channel)
    else this.defer(channel)
    return true
  }

  private mayChange(channel: BoardChannel): boolean {
    return channel.subscribers.size === 0 || this.restOf(channel) <= 0
  }

  private restOf(channel: BoardChannel): number {
    return channel.changedAt + this.limits.deltaMs - this.scheduler.now()
  }

  private defer(channel: BoardChannel): void {
    this.deferred.add(channel)
    this.cancelDeferred ??= this.scheduler.after(this.restOf(channel), () => {
      this.cancelDeferred = undefined
      const waiting = [...this.deferred]
      this.deferred.clear()
      for (const one of waiting) this.dirty.add(one)
      this.refreshDirty()
    })
  }

  private refresh(channel: BoardChannel): void {
    const { horizon, clock } = this.service
    const now = clock.now()
    const board = readBoard(horizon, channel.stops, now, channel.language)
    const delta = channel.update(board, now, this.scheduler.now())
    channel.generation = horizon.generation
    channel.due = board.rows.reduce((soonest, row) => Math.min(soonest, row.exp), now + LONGEST_REST)
    if (delta) this.send(channel, delta)
  }

  private send(channel: BoardChannel, delta: DeltaFrame): void {
    const now = this.scheduler.now()
    if (channel.subscribers.size <= FEW) for (const client of channel.subscribers) client.deliver(channel, delta, now)
    else this.toEach(channel.subscribers, client => client.deliver(channel, delta, this.scheduler.now()))
  }

  private toEach(clients: Iterable<LiveClient>, work: (client: LiveClient) => void): void {
    const rest = [...clients].values()
    this.slices.add(() => {
      const { value, done } = rest.next()
      if (!done) work(value)
      return !done
    })
  }
}

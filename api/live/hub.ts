// Who is told: all subscribers of a process. Each delta comes encoded and goes to every subscriber of its channel; heartbeats prove that the
// whole chain lives, and slow clients are brought up to date once their line is free. Sending to many goes in slices.

import type { LiveLimits } from '#api/config.ts'
import type { DeltaFrame, LiveChannel, Resume } from './channel.ts'
import type { LiveClient } from './client.ts'
import { encode } from './frame.ts'
import type { FeedState } from './messages.ts'
import type { Scheduler } from './scheduler.ts'
import { Slices } from './slices.ts'
import type { ChannelSource } from './source.ts'

const TICK_MS = 1000
/** Deltas for more subscribers than this are sent in slices of their own. */
const FEW = 64

export class LiveHub {
  readonly source: ChannelSource
  private readonly limits: LiveLimits
  private readonly scheduler: Scheduler
  private readonly slices: Slices
  private readonly clients = new Set<LiveClient>()
  private readonly subscribers = new Map<LiveChannel, Set<LiveClient>>()
  private cancelTick: () => void

  constructor(source: ChannelSource, limits: LiveLimits, scheduler: Scheduler, onError: (error: unknown) => void) {
    this.source = source
    this.limits = limits
    this.scheduler = scheduler
    this.slices = new Slices(scheduler, onError)
    source.listen({
      delta: (channel, delta) => this.send(channel, delta),
      gone: (channel, reason) => this.end(channel, reason),
      status: (feed, state) => this.tellStatus(feed, state),
    })
    this.cancelTick = scheduler.after(TICK_MS, () => this.tick())
  }

  get size(): { readonly clients: number; readonly channels: number } {
    return { clients: this.clients.size, channels: this.source.channelCount }
  }

  add(client: LiveClient): void {
    this.clients.add(client)
    client.nextHeartbeat = this.scheduler.now() + this.limits.heartbeatMs
  }

  remove(client: LiveClient): void {
    this.clients.delete(client)
    for (const channel of client.channels) this.leave(channel, client)
  }

  /** Throws what `ChannelSource.open` throws. */
  open(name: string): LiveChannel {
    return this.source.open(name)
  }

  subscribe(client: LiveClient, channel: LiveChannel, resume?: Resume): void {
    this.source.watch(channel)
    const known = this.subscribers.get(channel)
    if (known) known.add(client)
    else this.subscribers.set(channel, new Set([client]))
    client.begin(channel, resume && channel.since(resume), this.source.feed, this.scheduler.now())
  }

  unsubscribe(client: LiveClient, channel: LiveChannel): void {
    client.end(channel)
    this.leave(channel, client)
  }

  resync(client: LiveClient, channel: LiveChannel): void {
    if (client.has(channel)) client.begin(channel, undefined, this.source.feed, this.scheduler.now())
  }

  heartbeat(client: LiveClient, n?: number): Buffer {
    const right = [...client.channels].filter(channel => this.source.isRight(channel))
    const sequences = right.map(channel => `${JSON.stringify(channel.name)}:${channel.sequence}`)
    const echo = n === undefined ? '' : `,"n":${n}`
    return encode(
      `{"type":"hb","now":${this.source.clock.now()},"ch":{${sequences.join()}},"feed":${this.source.feed}${echo}}`,
    )
  }

  /** No more deltas. What the clients are told, and how their lines end, is the caller's. */
  close(): void {
    this.cancelTick()
    this.source.close()
  }

  private leave(channel: LiveChannel, client: LiveClient): void {
    const subscribers = this.subscribers.get(channel)
    if (!subscribers?.delete(client) || subscribers.size > 0) return
    this.subscribers.delete(channel)
    this.source.rest(channel)
  }

  private tick(): void {
    this.cancelTick = this.scheduler.after(TICK_MS, () => this.tick())
    const now = this.scheduler.now()
    const due: LiveClient[] = []
    for (const client of this.clients) {
      if (client.isLate) client.catchUp(now, this.source.feed)
      if (client.nextHeartbeat <= now) {
        client.nextHeartbeat += this.limits.heartbeatMs
        due.push(client)
      }
    }
    this.toEach(due, client => client.send(this.heartbeat(client)))
  }

  private send(channel: LiveChannel, delta: DeltaFrame): void {
    const subscribers = this.subscribers.get(channel)
    if (!subscribers) return
    const now = this.scheduler.now()
    if (subscribers.size <= FEW) for (const client of subscribers) client.deliver(channel, delta, now)
    else this.toEach(subscribers, client => client.deliver(channel, delta, this.scheduler.now()))
  }

  private end(channel: LiveChannel, reason: string): void {
    const bytes = encode(JSON.stringify({ type: 'gone', ch: channel.name, reason }))
    for (const client of this.subscribers.get(channel) ?? []) {
      client.end(channel)
      client.send(bytes)
    }
    this.subscribers.delete(channel)
  }

  private tellStatus(feed: string, { state, asOf }: FeedState): void {
    const bytes = encode(JSON.stringify({ type: 'status', feed, state, asOf }))
    this.toEach(this.clients, client => client.send(bytes))
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

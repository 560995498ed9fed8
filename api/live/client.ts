// One subscriber, whatever carries its bytes. It gets each channel's deltas in sequence; when its line is full they are held back, and once
// the line is free again one fresh snapshot per channel replaces all that was missed. Snapshots that it asks for wait in the same way. So a
// slow client costs a bounded amount of memory, whatever it asks for, and never holds up another one.

import type { LiveLimits } from '#api/config.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { DeltaFrame, LiveChannel } from './channel.ts'
import { encode } from './frame.ts'
import type { ServerMessage } from './messages.ts'

export interface Transport {
  /**
   * @param bytes as `encode` made them
   * @param at what the client knows with these bytes, for carriers that resume by themselves */
  send(bytes: Buffer, at?: { readonly epoch: string; readonly sequence: number }): void
  /** Bytes that the network has not taken yet. */
  waiting(): number
  close(code: number, reason: string): void
}

interface Subscription {
  sequence: number
  /** Deltas or a snapshot were held back: it is owed one snapshot. */
  late: boolean
}

const SLOW_CONSUMER = 4408
const INTERNAL = 1011
const TRY_LATER = 1013
export const BAD_MESSAGE = 4400
export const UNKNOWN_CHANNEL = 4404

/** What a client is told that cannot have a channel. @param ref the subscription */
export function refusalOf(error: unknown, ref: string | number): ServerMessage {
  if (!(error instanceof FreifahrtError))
    return { type: 'err', code: INTERNAL, detail: 'the channel cannot be read', ref }
  const code = error.code === 'TOO_LARGE' ? TRY_LATER : error.code === 'BAD_REQUEST' ? BAD_MESSAGE : UNKNOWN_CHANNEL
  return { type: 'err', code, detail: error.message, ref }
}

export class LiveClient {
  private readonly transport: Transport
  private readonly limits: LiveLimits
  private readonly subscriptions = new Map<LiveChannel, Subscription>()
  private lateSince: number | undefined
  /** Something was said to it although its line was over the limit. */
  private overfull = false
  nextHeartbeat = 0

  constructor(transport: Transport, limits: LiveLimits) {
    this.transport = transport
    this.limits = limits
  }

  get channels(): Iterable<LiveChannel> {
    return this.subscriptions.keys()
  }

  get subscribed(): number {
    return this.subscriptions.size
  }

  get isLate(): boolean {
    return this.lateSince !== undefined || this.overfull
  }

  has(channel: LiveChannel): boolean {
    return this.subscriptions.has(channel)
  }

  tell(message: ServerMessage): void {
    this.send(encode(JSON.stringify(message)))
  }

  send(bytes: Buffer): void {
    this.overfull ||= this.transport.waiting() > this.limits.maxBytes
    this.transport.send(bytes)
  }

  /** From now on this channel's deltas follow, beginning with those missed or a snapshot; a full line is owed the snapshot. */
  begin(channel: LiveChannel, missed: readonly DeltaFrame[] | undefined, feed: string, now: number): void {
    const { epoch, sequence } = channel
    const late = this.transport.waiting() > this.limits.snapshotBytes
    this.subscriptions.set(channel, { sequence, late })
    if (late) {
      this.lateSince ??= now
      return
    }
    if (missed) for (const delta of missed) this.transport.send(delta.bytes, { epoch, sequence: delta.s })
    else this.transport.send(channel.snapshot(feed), { epoch, sequence })
  }

  end(channel: LiveChannel): void {
    this.subscriptions.delete(channel)
  }

  deliver(channel: LiveChannel, delta: DeltaFrame, now: number): void {
    const subscription = this.subscriptions.get(channel)
    if (!subscription || delta.s <= subscription.sequence || subscription.late) return
    if (delta.p !== subscription.sequence || this.transport.waiting() > this.limits.slowBytes) {
      subscription.late = true
      this.lateSince ??= now
      return
    }
    subscription.sequence = delta.s
    this.transport.send(delta.bytes, { epoch: channel.epoch, sequence: delta.s })
  }

  /** Brings a late client up to date if its line is free, or gives it up. */
  catchUp(now: number, feed: string) {
    const { lateSince = now, transport, limits } = this
    const waiting = transport.waiting()
    if (waiting > limits.maxBytes || now - lateSince > limits.slowMs) return transport.close(SLOW_CONSUMER, 'too slow')
    this.overfull = false
    if (waiting >= limits.freshBytes) return
    // what does not fit is late from now on: the line moves
    this.lateSince = undefined
    for (const [channel, { late }] of this.subscriptions) if (late) this.begin(channel, undefined, feed, now)
  }
}

// What the hub knows of where channels come from: it delivers what this process makes as it would what another one does.

import type { TransitService } from '#workers/service.ts'
import type { DeltaFrame, LiveChannel } from './channel.ts'
import type { FeedState } from './messages.ts'

export interface ChannelListener {
  /** Said in the turn in which the channel's sequence became the delta's. */
  delta(channel: LiveChannel, delta: DeltaFrame): void
  /** The channel's subject is no more, and neither is the channel. */
  gone(channel: LiveChannel, reason: string): void
  /** A feed's state is another one. */
  status(feed: string, state: FeedState): void
}

/** Where channels come from. */
export interface ChannelSource {
  /**
   * The channel that the name means, made if need be. Its own name may be another one (`fleet:` rounds, `journey:` shortens).
   * Throws BAD_REQUEST, UNKNOWN_STOP and the like, TOO_LARGE when there are too many.
   */
  open(name: string): LiveChannel
  /**
   * From now on somebody watches, who is about to be sent its snapshot or what they missed.
   * Throws TOO_LARGE when it was given up for others since it was opened.
   */
  watch(channel: LiveChannel): void
  /** Nobody watches any more. */
  rest(channel: LiveChannel): void
  listen(listener: ChannelListener): void
  /** Feed states as JSON, as snapshots and heartbeats carry them. */
  readonly feed: string
  readonly clock: TransitService['clock']
  readonly channelCount: number
  /** Channels that cannot be read now, and how often one could not, since the start. */
  readonly trouble: { readonly failing: number; readonly failures: number }
  /** False while what it is about cannot be read: nobody may say of it that nothing has changed. */
  isRight(channel: LiveChannel): boolean
  close(): void
}

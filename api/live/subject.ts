// A channel as whoever makes it sees it: what it is about, and when and in which state it was read.

import type { TransitService } from '#workers/service.ts'
import type { Channel, DeltaFrame, LiveChannel, Resume } from './channel.ts'
import type { ChannelName } from './names.ts'
import type { Topic } from './topic.ts'

export class Subject implements LiveChannel {
  readonly parsed: ChannelName
  readonly channel: Channel
  topic: Topic
  /** The network that `topic` is of. */
  of: TransitService
  /** `topic.stops` and `topic.elevators` as the maker has them in its index. */
  indexed: Topic['stops'] = []
  indexedElevators: Topic['elevators']
  watched = false
  /** Monotonic. */
  restingSince = 0
  due = 0
  generation = 0
  stamp: number | undefined

  constructor(parsed: ChannelName, topic: Topic, channel: Channel, of: TransitService) {
    this.parsed = parsed
    this.topic = topic
    this.channel = channel
    this.of = of
  }
  get name(): string {
    return this.channel.name
  }
  get epoch(): string {
    return this.channel.epoch
  }
  get sequence(): number {
    return this.channel.sequence
  }
  snapshot(feed: string): Buffer {
    return this.channel.snapshot(feed)
  }
  since(resume: Resume): readonly DeltaFrame[] | undefined {
    return this.channel.since(resume)
  }
}

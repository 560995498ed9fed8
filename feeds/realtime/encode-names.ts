// What everything in an encoded message is called: the feeds' own ids, with their tag in front where several feeds share a message.

import type bindings from 'gtfs-realtime-bindings'
import type { FeedIdx, StopIdx, TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, formatTime, type ServiceDay } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { NO_VALUE } from '#engine/live/message.ts'

export type Entity = bindings.transit_realtime.IFeedEntity

export class Names {
  readonly horizon: Horizon
  readonly feed: FeedIdx | undefined
  readonly prefix: readonly string[]

  constructor(horizon: Horizon, feed: FeedIdx | undefined) {
    const { timetable: tt } = horizon
    this.horizon = horizon
    this.feed = feed
    const tagged = feed === undefined && tt.counts.feeds > 1
    this.prefix = Array.from(tt.feedTag, tag => (tagged ? `${textOf(tt, tag)}_` : ''))
  }

  wants(feed: number): boolean {
    return this.feed === undefined || feed === this.feed
  }

  id(feed: number, text: number): string {
    return this.prefix[feed]! + textOf(this.horizon.timetable, text)
  }

  stopId(stop: StopIdx): string {
    const { timetable: tt } = this.horizon
    return this.id(tt.stopFeed[stop], tt.stopId[stop]!)
  }

  descriptor(trip: TripIdx, day: ServiceDay, shift: number) {
    const { timetable: tt } = this.horizon
    const route = tt.patternRoute[tt.tripPattern[trip]]
    return {
      tripId: this.id(tt.tripFeed[trip], tt.tripId[trip]!),
      startDate: formatDate(day),
      startTime: formatTime(tt.tripStart[trip]! + shift),
      ...(tt.routeId[route] !== 0 && { routeId: this.id(tt.routeFeed[route], tt.routeId[route]!) }),
      ...(tt.tripDirection[trip] !== NO_VALUE && { directionId: tt.tripDirection[trip]! }),
    }
  }
}

// The live state as one GTFS-Realtime feed: written once per generation and feed, whoever asks.

import type { FeedIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { encodeHorizon } from '#feeds/realtime/encode.ts'

const written = new WeakMap<Horizon, Map<FeedIdx | undefined, Uint8Array>>()

/** @param feed only this one's, in its own ids; undefined: all feeds' */
export function gtfsRealtimeOf(horizon: Horizon, feed: FeedIdx | undefined, now: UnixSeconds): Uint8Array {
  const known = written.getOrInsertComputed(horizon, () => new Map())
  return known.getOrInsertComputed(feed, () => {
    const newest = Math.max(0, ...horizon.sources.map(source => source.timestamp))
    return encodeHorizon(horizon, feed, newest || now)
  })
}

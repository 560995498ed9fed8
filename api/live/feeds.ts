// How fresh the realtime sources of a feed are, as clients are told.

import { STALE_AFTER } from '#engine/live/aging.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import type { FeedState } from './messages.ts'

/** State by feed tag; of several sources of one feed the freshest counts. */
export function feedStates(sources: readonly SourceStatus[], now: number): Record<string, FeedState> {
  const states = new Map<string, FeedState>()
  for (const { tag, timestamp } of sources) {
    const known = states.get(tag)
    if (known && known.asOf >= timestamp) continue
    const state = timestamp === 0 ? 'waiting' : now - timestamp > STALE_AFTER ? 'stale' : 'live'
    states.set(tag, { state, asOf: timestamp })
  }
  return Object.fromEntries(states)
}

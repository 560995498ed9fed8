// How fresh the realtime sources of a feed are, as clients are told.

import { STALE_AFTER, saidAt } from '#engine/live/aging.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import type { FeedState } from './messages.ts'

/** State by feed tag; of several sources of one feed the freshest counts. */
export function feedStates(sources: readonly SourceStatus[], now: number): Record<string, FeedState> {
  const states = new Map<string, FeedState>()
  for (const source of sources) {
    const asOf = saidAt(source)
    const known = states.get(source.tag)
    if (known && known.asOf >= asOf) continue
    const state = asOf === 0 ? 'waiting' : now - asOf > STALE_AFTER ? 'stale' : 'live'
    states.set(source.tag, { state, asOf })
  }
  return Object.fromEntries(states)
}

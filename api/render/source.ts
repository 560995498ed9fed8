// Where a time comes from, in the words that every answer uses.

import type { TimeSource } from '#api/contract.ts'
import { Source } from '#engine/live/state.ts'

const SOURCES = {
  [Source.schedule]: 'scheduled',
  [Source.predicted]: 'predicted',
  [Source.propagated]: 'propagated',
  [Source.noData]: 'nodata',
  [Source.recorded]: 'recorded',
  [Source.stale]: 'stale',
} as const satisfies Record<Source, TimeSource>

export const timeSource = (source: Source): TimeSource => SOURCES[source]

// Where a time comes from, in the words that every answer uses.

import type { TimeSource } from '#api/contract/common.ts'
import type { RunCall } from '#engine/horizon/runs.ts'
import { Source } from '#engine/live/state.ts'

const SOURCES = {
  [Source.schedule]: 'scheduled',
  [Source.predicted]: 'predicted',
  [Source.propagated]: 'propagated',
  [Source.noData]: 'nodata',
  [Source.recorded]: 'recorded',
  [Source.stale]: 'stale',
} as const satisfies Record<Source, TimeSource>

export const arrivalSource = (call: RunCall): TimeSource => sourceWord(call.arrivalSource, call)
export const departureSource = (call: RunCall): TimeSource => sourceWord(call.departureSource, call)

/** Of what is still to come it is told whose word it is; what has happened has happened. */
const sourceWord = (source: Source, { word }: RunCall): TimeSource =>
  word !== undefined && (source === Source.predicted || source === Source.propagated) ? word : SOURCES[source]

// Trip ids that are not the timetable's, but contain the same key (B18): `047850_A..N55R` in the messages of a subway, `AFA23GEN-A…_047850_A..N55R`
// in its timetable. Two patterns with one group each say which part of either is compared; of several trips with one key the one
// that runs on the day is meant.

import { FreifahrtError } from '../core/errors.ts'
import type { FeedIdx, TripIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { ServiceDay } from '../core/time.ts'
import { runsOn, type Timetable } from '../timetable/timetable.ts'
import type { TripIdPatterns } from './options.ts'

/** No producer's trip_id is longer; a pattern is not let loose on more. */
const MAX_LENGTH = 256

export interface TripKeys {
  /** The trip with this id of a message; several that run that day are 'ambiguous'. */
  find(id: string, day: ServiceDay | undefined): TripIdx | 'ambiguous' | undefined
}

/** Throws BAD_REQUEST for a pattern that is none. */
export function buildTripKeys(tt: Timetable, feeds: readonly FeedIdx[], patterns: TripIdPatterns): TripKeys {
  const [ours, theirs] = [compile(patterns.timetable), compile(patterns.realtime)]
  const trips = new Map<string, TripIdx[]>()
  for (let t = 0 as TripIdx; t < tt.counts.trips; t++) {
    const key = feeds.includes(tt.tripFeed[t]) ? ours(textOf(tt, tt.tripId[t]!)) : undefined
    if (key !== undefined) trips.getOrInsertComputed(key, () => []).push(t)
  }
  return {
    find(id, day) {
      const key = theirs(id)
      const all = key === undefined ? [] : (trips.get(key) ?? [])
      const running = day === undefined ? all : all.filter(t => runsOn(tt, tt.tripService[t], day))
      return running.length > 1 ? 'ambiguous' : (running[0] ?? all[0])
    },
  }
}

function compile(pattern: string): (id: string) => string | undefined {
  let expression: RegExp
  try {
    expression = new RegExp(pattern)
  } catch (error) {
    throw new FreifahrtError('BAD_REQUEST', 'tripIds', (error as Error).message)
  }
  return id => (id.length > MAX_LENGTH ? undefined : expression.exec(id)?.[1])
}

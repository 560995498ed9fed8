// All walks on streets from stop to stop: what changes are made of where transfers.txt is silent.

import type { StopIdx } from '../core/ids.ts'
import type { Walk } from '../footpaths/footpaths.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { stopPlace } from './links.ts'
import { reachFrom, type StreetSearch, type Travel } from './search.ts'

/** What streetWalks is told besides how to walk. */
export interface WalksOptions extends Travel {
  readonly onProgress?: (done: number, total: number) => void
}

/** All walks on streets from each boardable stop to the others. */
export function* streetWalks(search: StreetSearch, tt: Timetable, options: WalksOptions): Generator<Walk> {
  for (let from = 0; from < tt.counts.stops; from++) {
    const place = tt.stopLocationType[from] === 0 ? stopPlace(search.links, from as StopIdx) : undefined
    if (place) {
      const { stops, seconds, count } = reachFrom(search, place, options, false)
      for (let i = 0; i < count; i++) if (stops[i] !== from) yield { from, to: stops[i]!, seconds: seconds[i]! }
    }
    options.onProgress?.(from + 1, tt.counts.stops)
  }
}

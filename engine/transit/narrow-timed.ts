// The searches of timed.ts for a network that is large beside what the query is about, asked step by step as in narrow.ts.

import { NEVER } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { LowerBounds } from './bounds.ts'
import { type Found, widen, widenAt } from './narrow.ts'
import type { SearchNetwork } from './network.ts'
import type { TransitQuery } from './range.ts'
import type { SearchState } from './state.ts'
import { type TimedWalks, timedAt, timedRange } from './timed.ts'

/** `timedAt`. @param all every walk that there is at any time, at its quickest */
export function narrowTimedAt(
  network: SearchNetwork,
  all: Footpaths,
  walks: TimedWalks,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  time: number,
  found: Found,
): void {
  widenAt(network, all, bounds, q, s, found, (usable, part, tell) =>
    timedAt(network, walks, usable, part, s, time, tell),
  )
}

/** `timedRange`, likewise. */
export function narrowTimedRange(
  network: SearchNetwork,
  all: Footpaths,
  walks: TimedWalks,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  from: number,
  to: number,
  found: Found,
): void {
  const window = to - from
  widen(network, all, bounds, q, s, window, (usable, part) => {
    let fewest = NEVER
    timedRange(network, walks, usable, part, s, from, to, (rides, departure) => {
      // who leaves only then, and is there, betters all who are on the way for longer than was looked at
      const latest = to + part.maxTravelTime - window
      if (departure === to && s.target[rides]! <= latest) fewest = Math.min(fewest, rides)
      found(rides, departure)
    })
    return fewest
  })
}

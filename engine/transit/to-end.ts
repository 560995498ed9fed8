// Lower bounds to the end of a search, put together: seconds for the quickest that anything ever is, copies of stops as their stops, stops closed
// to who cannot use them, and the fewest rides.

import { stopCopies, type WhoseWalks } from '../footpaths/copies.ts'
import { buildFootpaths, type Footpaths, type Walk } from '../footpaths/footpaths.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { type BoundsScratch, computeBounds, type HopGraph, type LowerBounds } from './bounds.ts'
import { boundCopies, reachCopies } from './copied.ts'
import type { Lines } from './lines.ts'
import { closeStops, type Wishes } from './options.ts'
import type { Reach } from './range.ts'
import { fewestRides } from './rides.ts'
import { MAX_RIDES } from './state.ts'

export interface ToEnd {
  /** In the search's direction, as are all of these. */
  readonly hops: HopGraph
  readonly faster: ReadonlyMap<number, readonly number[]>
  /** Between stops, the quickest that anybody has (`quickest`). */
  readonly quick: Footpaths
  /** The network's lines and the search's own footpaths, between stops and their copies; undefined: rides are not bounded. */
  readonly rides: { readonly lines: readonly Lines[]; readonly changes: Footpaths } | undefined
  /** Stops, without copies. */
  readonly egress: Reach
  /** Stop or copy → seconds to the end, as in a search state. */
  readonly seconds: Int32Array
  readonly wheelchairStops: Wishes['wheelchairStops']
  /** Stops farther away than the start are not told apart; absent: all are. */
  readonly from?: Reach | undefined
}

/** Fills empty bounds, or those of another end. @returns as computeBounds */
export function boundsToEnd(tt: Timetable, to: ToEnd, bounds: LowerBounds, scratch: BoundsScratch): number {
  const { hops, faster, quick, egress } = to
  const { seconds, rides } = bounds
  const footIn = { begin: quick.inBegin, from: quick.inFrom, seconds: quick.inSeconds }
  const upTo = computeBounds({ hops, faster, seconds }, footIn, egress.stops, to.seconds, scratch, to.from)
  boundCopies(tt, seconds)
  closeStops(tt, to.wheelchairStops, seconds)
  if (!to.rides) return upTo
  const { lines, changes } = to.rides
  const walks = { begin: changes.inBegin, to: changes.inFrom }
  fewestRides(lines, reachCopies(tt, egress), walks, -1, scratch.queue, rides, MAX_RIDES)
  return upTo
}

/** Footpaths between stops alone, each as quick as its quickest copy (footpaths/copies.ts). */
export function quickest(tt: Timetable, footpaths: Footpaths, whose?: WhoseWalks): Footpaths {
  const { of, stopOf, extend } = stopCopies(tt)
  if (of.size === 0) return footpaths
  const { outBegin, outTo, outSeconds } = extend(footpaths, whose)
  function* walks(): Generator<Walk> {
    for (let from = 0; from < stopOf.length; from++)
      for (let e = outBegin[from]!; e < outBegin[from + 1]!; e++)
        yield { from: stopOf[from]!, to: stopOf[outTo[e]!]!, seconds: outSeconds[e]! }
  }
  return buildFootpaths(tt.counts.stops, walks(), footpaths.changeSeconds)
}

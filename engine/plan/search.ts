// The transit search of one query, in its direction, for any window or moment.

import type { UnixSeconds } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { nothingKnown, rangeFromEither } from '../transit/both-ends.ts'
import type { LowerBounds } from '../transit/bounds.ts'
import type { Journey } from '../transit/journey.ts'
import { mirrorFootpaths } from '../transit/mirror.ts'
import { narrowAt, narrowRange } from '../transit/narrow.ts'
import { narrowTimedAt, narrowTimedRange } from '../transit/narrow-timed.ts'
import { networkAround, networkFor } from '../transit/network.ts'
import { isCalmer, isQuieter, searchBackwards, searchOnwards } from '../transit/onwards.ts'
import { allowedLanes } from '../transit/options.ts'
import { searchAt } from '../transit/range.ts'
import { type Found, reconstruct } from '../transit/reconstruct.ts'
import { type TimedWalks, timedAt, timedRange } from '../transit/timed.ts'
import { accessOf, viaAt, viaRange } from '../transit/via.ts'
import { boundsBesideDeadEnds } from './dead-ends.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'
import { changesOf, type Ends, enterSide, holdEnd, leaveSide, type PlanSide } from './side.ts'
import { layersFor, viaPlaces } from './via.ts'
import { growsEarlier, isIn, spanOf, type Window } from './window.ts'

export interface TransitSearch {
  /** Journeys that depart (arrive by: arrive) in the window, the best of them. */
  within(window: Window): Journey[]
  /**
   * From where a window has ended onwards, in the direction in which it grows, as far as there are `enough` journeys; undefined where that is not worth
   * more than searching ever wider windows.
   */
  onwards(rest: Window, enough: number): Searched | undefined
  /** For who is at the start (arrive by: has to be at the end) at this moment. */
  at(time: UnixSeconds): Journey[]
  /**
   * The same with walks that are not the same at all times, for a query without places on the way: who leaves at the window's end is told as well,
   * and the first and the last walk are told with the wait beside them.
   */
  over(walksOf: (side: PlanSide) => TimedWalks, window: Window): Journey[]
}

export interface Searched {
  readonly itineraries: Journey[]
  readonly searched: Window
}

/** Lets `use` search for a query. One at a time: the searches share the planner's state. */
export const searching = <T>(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  ends: Ends,
  use: (search: TransitSearch) => T,
): T => searchingAgain(planner, horizon, q, ends)(use)

/** The same for who searches again after others have: what was made for the query stays, and what is known of its earliest arrivals. */
export function searchingAgain(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  ends: Ends,
): <T>(use: (search: TransitSearch) => T) => T {
  const { timetable: tt, isLarge } = planner
  const span = spanOf(q)
  const allowed = allowedLanes(tt, q)
  const forward = allowed
    ? networkFor(horizon, span.begin, span.end, q.realtime, allowed)
    : networkAround(horizon, span.begin, span.end, q.realtime)
  const sides: PlanSide[] = []
  const known = nothingKnown()
  const enter = (mirrored: boolean): PlanSide => {
    const side = enterSide(planner, forward, q, ends, mirrored, sides.length === 0 ? planner.state : planner.opposite())
    sides.push(side)
    return side
  }
  let walks: TimedWalks | undefined
  let all: Footpaths | undefined
  let found: Journey[] = []
  const taken = (): Journey[] => {
    const journeys = found
    found = []
    return journeys
  }
  const prepare = (): TransitSearch => {
    const near = sides[0] ?? enter(q.arriveBy)
    const opposite = (): PlanSide => sides[1] ?? enter(!q.arriveBy)
    const { network, footpaths, bounds, query, state } = near
    const vias = viaPlaces(planner, q)
    const layers = layersFor(planner, near.direction, bounds, q, vias)
    const states = layers.map(layer => layer.state)
    const byWay = { ...query, vias }
    const accesses = accessOf(byWay, footpaths)
    const told = { ...near, layers: states, vias, accesses }
    let toldOpposite: Found | undefined
    const collect = (rides: number, departure: number): void => {
      found.push(reconstruct(told, rides, departure, true))
    }
    const collectOpposite = (rides: number, departure: number): void => {
      toldOpposite ??= { ...opposite(), layers: [opposite().state], vias }
      found.push(reconstruct(toldOpposite, rides, departure, true))
    }
    let beside: LowerBounds | undefined
    const narrowed = (): LowerBounds => (beside ??= boundsBesideDeadEnds(planner, near, q))
    /** The search's clock, which runs backwards in the mirror. */
    const clock = (time: number): number => (q.arriveBy ? network.base - time : time - network.base)
    /** Half-open on either clock: an arrival at `begin` belongs to the window, one at `end` does not. */
    const clocked = ({ begin, end }: Window): [low: number, high: number] =>
      q.arriveBy ? [clock(end) + 1, clock(begin) + 1] : [clock(begin), clock(end)]
    return {
      within(window) {
        const [low, high] = clocked(window)
        if (vias.length > 0) viaRange(network, footpaths, layers, byWay, low, high, collect)
        else if (!isLarge) rangeFromEither(near, opposite, known, low, high, collect, collectOpposite, planner.turning)
        else narrowRange(network, footpaths, narrowed(), query, state, low, high, collect)
        return taken()
      },
      onwards(rest, enough) {
        if (vias.length > 0 || isLarge) return undefined
        const [low, high] = clocked(rest)
        const far = opposite()
        if (growsEarlier(q) !== q.arriveBy) {
          if (!isCalmer(near, far, high, planner.turning.backwards)) return undefined
          const begin = searchBackwards(near, known, low, high, enough, collect)
          const searched = q.arriveBy
            ? { ...rest, end: network.base + 1 - begin }
            : { ...rest, begin: network.base + begin }
          return { itineraries: taken(), searched: searched as Window }
        }
        if (!isQuieter(near, far, low, planner.turning.onwards)) return undefined
        const end = searchOnwards(near, far, known, low, high, enough, collectOpposite)
        const searched = q.arriveBy ? { ...rest, begin: network.base + 1 - end } : { ...rest, end: network.base + end }
        return { itineraries: taken().filter(j => isIn(q, searched as Window, j)), searched: searched as Window }
      },
      at(time) {
        if (vias.length > 0) viaAt(network, footpaths, layers, byWay, clock(time), collect)
        else if (!isLarge) searchAt(network, footpaths, bounds, query, state, clock(time), collect)
        else narrowAt(network, footpaths, narrowed(), query, state, clock(time), collect)
        return taken()
      },
      over(walksOf, window) {
        walks ??= walksOf(near)
        // the way from the last stop is one of these walks
        leaveSide(near)
        const tell = (rides: number, departure: number): void => {
          found.push(reconstruct({ ...near, layers: [state], vias }, rides, departure, false))
        }
        const [time, [low, high]] = [clock(q.time), clocked(window)]
        if (isLarge) {
          // of those that are not needed some are, where an elevator is out of order
          all ??= q.arriveBy ? mirrorFootpaths(changesOf(planner, q)) : changesOf(planner, q)
          if (q.window === 0) narrowTimedAt(network, all, walks, bounds, query, state, time, tell)
          else narrowTimedRange(network, all, walks, bounds, query, state, low, high, tell)
        } else if (q.window === 0) timedAt(network, walks, bounds, query, state, time, tell)
        else timedRange(network, walks, bounds, query, state, low, high, tell)
        return taken()
      },
    }
  }
  let prepared: TransitSearch | undefined
  return use => {
    try {
      for (const side of sides) holdEnd(side)
      // layers of places on the way, and what closes dead ends, are others’ in between
      if (!prepared || isLarge || q.vias.length > 0) prepared = prepare()
      return use(prepared)
    } finally {
      for (const side of sides) leaveSide(side)
    }
  }
}

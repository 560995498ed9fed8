// One query made ready for the transit search, in its direction: the lanes it may use, its changes, where it begins and ends, and the lower
// bounds to its end. What is expensive and the same for every query is kept in the Planner.

import { NEVER, type UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import { buildFootpaths, type Footpaths, type Walk } from '../footpaths/footpaths.ts'
import { neededFootpaths } from '../footpaths/needed.ts'
import type { Horizon, LaneBlock, LiveBlock } from '../horizon/horizon.ts'
import type { Timetable } from '../timetable/timetable.ts'
import {
  buildHops,
  computeBounds,
  emptyBounds,
  fasterHops,
  type HopGraph,
  type LowerBounds,
} from '../transit/bounds.ts'
import { boundCopies, reachCopies } from '../transit/copied.ts'
import type { Journey } from '../transit/journey.ts'
import { mirrorFootpaths, mirrorNetwork } from '../transit/mirror.ts'
import { narrowAt, narrowRange } from '../transit/narrow.ts'
import { networkFor, type SearchNetwork } from '../transit/network.ts'
import { allowedLanes, closeStops, slowerChanges, usableReach } from '../transit/options.ts'
import { type Reach, searchAt, searchRange, type TransitQuery } from '../transit/range.ts'
import { reconstruct } from '../transit/reconstruct.ts'
import { blocksOf, fewestRides } from '../transit/rides.ts'
import { MAX_RIDES } from '../transit/state.ts'
import { viaAt, viaRange } from '../transit/via.ts'
import { platformsOf } from './access.ts'
import type { Planner } from './plan.ts'
import { MAX_TRAVEL_TIME, type Query, type QueryPlace } from './query.ts'
import { layersFor, viaPlaces } from './via.ts'
import { spanOf, type Window } from './window.ts'

/** Stops of a network that is so large that most queries are about a small part of it (measured: from some 30,000 on it pays). */
const LARGE = 30_000

/** The stops around the query's two places. */
export interface Ends {
  readonly start: Reach
  readonly end: Reach
}

export interface TransitSearch {
  /** Journeys that depart (arrive by: arrive) in the window, the best of them. */
  within(window: Window): Journey[]
  /** For who is at the start (arrive by: has to be at the end) at this moment. */
  at(time: UnixSeconds): Journey[]
}

/** One direction of search: forwards, or in the mirror (arrive by). */
export interface Direction {
  /** Between stops, the quickest that anybody has: for lower bounds. */
  readonly footpaths: Footpaths
  readonly hops: HopGraph
  /** Scratch for searches without an end. */
  readonly bounds: LowerBounds
  live: LiveBlock | undefined
  faster: ReadonlyMap<number, readonly number[]>
  /** Lower bounds to the ends that were asked for last, of this live generation; the oldest first. */
  readonly known: Map<string, LowerBounds>
}

/** Bytes of lower bounds that are kept for the next query to the same end. */
const KNOWN_BYTES = 16e6

export function directionFor(planner: Planner, mirrored: boolean, live: LiveBlock | undefined): Direction {
  const { timetable: tt, footpaths } = planner
  const direction = planner.directions.getOrInsertComputed(mirrored, () => ({
    footpaths: mirrored ? mirrorFootpaths(quickest(tt, footpaths)) : quickest(tt, footpaths),
    hops: buildHops(tt, mirrored),
    bounds: emptyBounds(stopCopies(tt).count),
    live: undefined,
    faster: new Map(),
    known: new Map(),
  }))
  if (direction.live !== live) {
    direction.known.clear()
    direction.live = live
    direction.faster = live ? fasterHops(direction.hops, live, mirrored) : new Map()
  }
  return direction
}

/** Changes as this query makes them, between stops and their copies; not mirrored. */
export const changesOf = ({ timetable, footpaths }: Planner, q: Query): Footpaths =>
  slowerChanges(stopCopies(timetable).extend(footpaths), q.transferTimes)

/** Those of them that a search has to look at. Who comes by a place may walk there from anywhere, and on from there. */
function changesToSearch(planner: Planner, q: Query): Footpaths {
  const { footpaths } = planner
  const walks = q.vias.length > 0 ? footpaths : neededFootpaths(footpaths, q.transferTimes.min)
  return changesOf({ ...planner, footpaths: walks }, q)
}

/** Lets `use` search for a query. One at a time: the searches share the planner's state. */
export function searching<T>(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  ends: Ends,
  use: (search: TransitSearch) => T,
): T {
  const { timetable: tt, state } = planner
  const span = spanOf(q)
  const forward = networkFor(horizon, span.begin, span.end, q.realtime, allowedLanes(tt, q))
  const network = q.arriveBy ? mirrorNetwork(forward) : forward
  const usable = [ends.start, ends.end].map(reach => usableReach(tt, q.wheelchair, reach)) as [Reach, Reach]
  const [access, egress] = q.arriveBy ? usable.reverse() : usable
  const transit: TransitQuery = {
    access: reachCopies(tt, access!),
    egress: reachCopies(tt, egress!),
    maxRides: Math.min(MAX_RIDES, q.maxTransfers + 1),
    maxTravelTime: Math.min(q.maxTravelTime, MAX_TRAVEL_TIME),
  }
  const direction = directionFor(planner, q.arriveBy, q.realtime ? horizon.live : undefined)
  const forwards = changesToSearch(planner, q)
  const footpaths = q.arriveBy ? mirrorFootpaths(forwards) : forwards
  const isStart = endsAt(tt, q.arriveBy ? q.to : q.from)
  const isEnd = endsAt(tt, q.arriveBy ? q.from : q.to)
  /** The search's clock, which runs backwards in the mirror. */
  const clock = (time: number): number => (q.arriveBy ? network.base - time : time - network.base)
  let found: Journey[] = []
  const vias = viaPlaces(planner, q)
  const told = { network, layers: [state], vias, isStart, isEnd }
  const collect = (rides: number, departure: number): void => {
    found.push(leaveLate(reconstruct(told, rides, departure), q.arriveBy))
  }
  const taken = (): Journey[] => {
    const journeys = found
    found = []
    return journeys
  }
  for (let i = 0; i < transit.egress.count; i++) state.egress[transit.egress.stops[i]!] = transit.egress.seconds[i]!
  try {
    const bounds = boundsTo(planner, direction, network, footpaths, egress!, q)
    const layers = layersFor(planner, direction, bounds, q, vias)
    told.layers = layers.map(layer => layer.state)
    const byWay = { ...transit, vias }
    return use({
      within({ begin, end }) {
        // half-open on either clock: an arrival at `begin` belongs to the window, one at `end` does not
        const [low, high] = q.arriveBy ? [clock(end) + 1, clock(begin) + 1] : [clock(begin), clock(end)]
        const range = tt.counts.stops < LARGE ? searchRange : narrowRange
        if (vias.length > 0) viaRange(network, footpaths, layers, byWay, low, high, collect)
        else range(network, footpaths, bounds, transit, state, low, high, collect)
        return taken()
      },
      at(time) {
        const once = tt.counts.stops < LARGE ? searchAt : narrowAt
        if (vias.length > 0) viaAt(network, footpaths, layers, byWay, clock(time), collect)
        else once(network, footpaths, bounds, transit, state, clock(time), collect)
        return taken()
      },
    })
  } finally {
    for (let i = 0; i < transit.egress.count; i++) state.egress[transit.egress.stops[i]!] = NEVER
  }
}

const numbers = new WeakMap<LaneBlock, number>()
let blocksSeen = 0

/** Tells one block from another. */
const numberOf = (block: LaneBlock): number => numbers.getOrInsertComputed(block, () => ++blocksSeen)

/** Lower bounds to an end: made once per live generation as long as the end is asked for again soon. The end is in the state's egress column. */
function boundsTo(
  { timetable: tt, state, scratch }: Planner,
  { hops, faster, footpaths, known }: Direction,
  network: SearchNetwork,
  changes: Footpaths,
  egress: Reach,
  { wheelchair }: Query,
): LowerBounds {
  const blocks = blocksOf(network)
  // some queries use more walks than others (changesToSearch)
  const key = `${wheelchair} ${changes.outTo.length} ${Array.from(blocks, numberOf).join()} ${Array.from(egress.stops, (stop, i) => `${stop}+${egress.seconds[i]}`).join()}`
  const kept = known.get(key)
  if (kept) {
    known.delete(key)
    known.set(key, kept)
    return kept
  }
  const { count } = stopCopies(tt)
  let bounds: LowerBounds | undefined
  if (known.size >= Math.max(4, KNOWN_BYTES / (5 * count))) {
    const [oldest, columns] = known.entries().next().value!
    known.delete(oldest)
    bounds = columns
  }
  bounds ??= emptyBounds(count)
  const { seconds, rides } = bounds
  const { inBegin, inFrom, inSeconds } = footpaths
  const footIn = { begin: inBegin, from: inFrom, seconds: inSeconds }
  computeBounds({ hops, faster, seconds }, footIn, egress.stops, state.egress, scratch)
  boundCopies(tt, seconds)
  closeStops(tt, wheelchair, seconds)
  if (tt.counts.stops < LARGE) {
    const walks = { begin: changes.inBegin, to: changes.inFrom }
    fewestRides(blocks, reachCopies(tt, egress), walks, -1, scratch.queue, rides, MAX_RIDES)
  }
  known.set(key, bounds)
  return bounds
}

/** Footpaths between stops alone, each as quick as its quickest copy (footpaths/copies.ts). */
export function quickest(tt: Timetable, footpaths: Footpaths): Footpaths {
  const { of, stopOf, extend } = stopCopies(tt)
  if (of.size === 0) return footpaths
  const { outBegin, outTo, outSeconds } = extend(footpaths)
  function* walks(): Generator<Walk> {
    for (let from = 0; from < stopOf.length; from++)
      for (let e = outBegin[from]!; e < outBegin[from + 1]!; e++)
        yield { from: stopOf[from]!, to: stopOf[outTo[e]!]!, seconds: outSeconds[e]! }
  }
  return buildFootpaths(tt.counts.stops, walks(), footpaths.changeSeconds)
}

/** A place named by a stop begins and ends right there, without a walk. */
export function endsAt(tt: Timetable, place: QueryPlace): (stop: number) => boolean {
  if (place.kind !== 'stop') return () => false
  const platforms = new Set<number>(platformsOf(tt, place.stop))
  return stop => platforms.has(stop)
}

/** Time before the first ride (arrive by: after the last) belongs to the rider: leave just in time, be back at once. */
function leaveLate(j: Journey, arriveBy: boolean): Journey {
  const legs = [...j.legs]
  if (arriveBy) {
    const last = legs.at(-1)!
    const before = legs.at(-2)
    if (last.kind === 'walk' && before) {
      const arrival = (before.arrival + last.arrival - last.departure) as UnixSeconds
      legs[legs.length - 1] = { ...last, departure: before.arrival, arrival }
    }
  } else {
    const [first, next] = legs
    if (first!.kind === 'walk' && next) {
      const departure = (next.departure - (first!.arrival - first!.departure)) as UnixSeconds
      legs[0] = { ...first!, departure, arrival: next.departure }
    }
  }
  return { ...j, departure: legs[0]!.departure, arrival: legs.at(-1)!.arrival, legs }
}

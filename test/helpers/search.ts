// Search between stops of a small world, through the same functions that the planner uses.

import type { UnixSeconds } from '#engine/core/time.ts'
import { stopCopies } from '#engine/footpaths/copies.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { buildHops, createBoundsScratch, emptyBounds, fasterHops } from '#engine/transit/bounds.ts'
import { reachCopies } from '#engine/transit/copied.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { mirrorFootpaths, mirrorNetwork } from '#engine/transit/mirror.ts'
import { networkFor } from '#engine/transit/network.ts'
import {
  allowedLanes,
  closeStops,
  slowerChanges,
  type TransferTimes,
  usableReach,
  type Wishes,
} from '#engine/transit/options.ts'
import { searchAt, searchRange, type TransitQuery } from '#engine/transit/range.ts'
import { reconstruct } from '#engine/transit/reconstruct.ts'
import { linesIn } from '#engine/transit/rides.ts'
import { createSearchState } from '#engine/transit/state.ts'
import { boundsToEnd, quickest } from '#engine/transit/to-end.ts'

export interface SearchOptions {
  readonly from: ReadonlyMap<number, number>
  readonly to: ReadonlyMap<number, number>
  /** One time, or a window [begin, end) of departures (backwards: of arrivals). */
  readonly time: number | readonly [number, number]
  readonly backwards?: boolean
  readonly maxRides: number
  readonly maxTravelTime: number
  readonly realtime?: boolean
  /** false: without lower bounds. */
  readonly bounds?: boolean
  readonly wishes?: Wishes
  readonly transferTimes?: TransferTimes
}

const reach = (m: ReadonlyMap<number, number>): TransitQuery['access'] => ({
  count: m.size,
  stops: [...m.keys()],
  seconds: [...m.values()],
})

export function search(horizon: Horizon, o: SearchOptions): Journey[] {
  const { timetable: tt } = horizon
  const backwards = o.backwards ?? false
  const realtime = o.realtime ?? true
  const [begin, end] = typeof o.time === 'number' ? [o.time, o.time] : o.time
  const span = backwards ? [begin - o.maxTravelTime, end] : [begin, end + o.maxTravelTime]
  const wishes = o.wishes ?? { bikes: 'no', wheelchair: 'no', wheelchairStops: 'no' }
  const allowed = allowedLanes(tt, wishes)
  const forward = networkFor(horizon, span[0] as UnixSeconds, span[1] as UnixSeconds, realtime, allowed)
  const network = backwards ? mirrorNetwork(forward) : forward
  const copies = stopCopies(tt)
  const extended = copies.extend(horizon.footpaths)
  const slower = o.transferTimes ? slowerChanges(extended, o.transferTimes) : extended
  const footpaths = backwards ? mirrorFootpaths(slower) : slower
  const [access, egress] = backwards ? [o.to, o.from] : [o.from, o.to]
  const state = createSearchState(copies.count)
  for (const [stop, seconds] of egress)
    for (const copy of [stop, ...(copies.of.get(stop) ?? [])]) state.egress[copy] = seconds
  const lowerBounds = emptyBounds(copies.count)
  if (o.bounds ?? true) {
    const hops = buildHops(tt, backwards)
    const plain = quickest(tt, horizon.footpaths)
    const to = {
      hops,
      faster: realtime ? fasterHops(hops, horizon.live, backwards) : new Map(),
      quick: backwards ? mirrorFootpaths(plain) : plain,
      rides: { lines: linesIn(network), changes: footpaths },
      egress: reach(egress),
      seconds: state.egress,
      wheelchairStops: wishes.wheelchairStops,
    }
    boundsToEnd(tt, to, lowerBounds, createBoundsScratch(copies.count))
  } else closeStops(tt, wishes.wheelchairStops, lowerBounds.seconds)
  const q: TransitQuery = {
    access: reachCopies(tt, usableReach(tt, wishes.wheelchairStops, reach(access))),
    egress: reachCopies(tt, usableReach(tt, wishes.wheelchairStops, reach(egress))),
    maxRides: o.maxRides,
    maxTravelTime: o.maxTravelTime,
  }
  const found: Journey[] = []
  const isAt = (m: ReadonlyMap<number, number>) => (stop: number) => m.get(stop) === 0
  const told = { network, layers: [state], vias: [], isStart: isAt(access), isEnd: isAt(egress) }
  const collect = (rides: number, departure: number): void => {
    found.push(reconstruct(told, rides, departure, false))
  }
  if (typeof o.time === 'number')
    searchAt(network, footpaths, lowerBounds, q, state, (backwards ? -1 : 1) * (o.time - network.base), collect)
  else {
    const [low, high] = backwards
      ? [-(end - network.base) + 1, -(begin - network.base) + 1]
      : [begin - network.base, end - network.base]
    searchRange(network, footpaths, lowerBounds, q, state, low, high, collect)
  }
  return found
}

export const at = (...stops: number[]): Map<number, number> => new Map(stops.map(s => [s, 0]))

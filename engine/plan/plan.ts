// The query path, top down: access → transit → egress, beside it the direct way, then rank. Everything a plan needs between queries is
// in the Planner (one per worker); everything that may change while it works is in the Horizon it is given.

import { FreifahrtError } from '../core/errors.ts'
import { metresBetween } from '../core/geo.ts'
import { NEVER, type UnixSeconds } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import { coversTime, daysBetween, type ZoneDay } from '../horizon/days.ts'
import type { Horizon, LiveBlock } from '../horizon/horizon.ts'
import type { StreetGraph } from '../street/graph.ts'
import type { StopLinks } from '../street/links.ts'
import { Profile } from '../street/modes.ts'
import { type StreetEnd, type StreetPath, streetPath } from '../street/path.ts'
import { createStreetSearch, type StreetSearch } from '../street/search.ts'
import type { Timetable } from '../timetable/timetable.ts'
import {
  type BoundsScratch,
  buildHops,
  computeBounds,
  createBoundsScratch,
  fasterHops,
  type HopGraph,
} from '../transit/bounds.ts'
import type { Journey } from '../transit/journey.ts'
import { mirrorFootpaths, mirrorNetwork } from '../transit/mirror.ts'
import { networkFor } from '../transit/network.ts'
import { allowedLanes, closeStops, slowerChanges, usableReach, usableStop } from '../transit/options.ts'
import { paretoSet } from '../transit/pareto.ts'
import { type Reach, searchAt, searchRange, type TransitQuery } from '../transit/range.ts'
import { reconstruct } from '../transit/reconstruct.ts'
import { createSearchState, MAX_RIDES, type SearchState } from '../transit/state.ts'
import { DETOUR, platformsOf, stopsAround } from './access.ts'
import { MAX_TRAVEL_TIME, type Query, type QueryPlace } from './query.ts'
import { createTidying, tidy } from './tidy.ts'

/** One direction of search: forwards, or in the mirror (arrive-by). */
interface Direction {
  readonly footpaths: Footpaths
  readonly hops: HopGraph
  readonly bounds: Int32Array
  live: LiveBlock | undefined
  faster: ReadonlyMap<number, readonly number[]>
}

export interface Planner {
  readonly timetable: Timetable
  readonly footpaths: Footpaths
  readonly streets: StreetSearch | undefined
  readonly state: SearchState
  readonly scratch: BoundsScratch
  /** By `mirrored`; made when first needed. */
  readonly directions: Map<boolean, Direction>
}

export interface PlanResult {
  readonly itineraries: readonly Journey[]
  /** Walking all the way, if that is near enough. */
  readonly direct: readonly Journey[]
  /** The departures (arriveBy: arrivals) really searched. */
  readonly windowStart: UnixSeconds
  readonly windowEnd: UnixSeconds
  readonly stats: Readonly<Record<string, number>>
}

export function createPlanner(
  timetable: Timetable,
  footpaths: Footpaths,
  streets?: { readonly graph: StreetGraph; readonly links: StopLinks },
): Planner {
  return {
    timetable,
    footpaths,
    streets: streets && createStreetSearch(streets.graph, streets.links),
    state: createSearchState(timetable.counts.stops),
    scratch: createBoundsScratch(),
    directions: new Map(),
  }
}

/** Windows are widened at most this far from the query's time, in seconds. */
const WIDEST = 24 * 3600

/** Service days that have to be in the horizon before `plan` may be called for this query. */
export function daysFor(tt: Timetable, q: Query): ZoneDay[] {
  const [from, to] = spanOf(q)
  return daysBetween(tt, from, to)
}

/** Nothing a plan looks at lies outside this span. */
function spanOf(q: Query): [UnixSeconds, UnixSeconds] {
  const reach = Math.min(q.maxTravelTime, MAX_TRAVEL_TIME)
  const widest = q.minJourneys > 0 ? Math.max(WIDEST, q.window) : q.window
  const earlier = q.arriveBy || q.extend === 'earlier'
  return earlier
    ? [(q.time - widest - reach) as UnixSeconds, (q.time + q.window + 60 + (q.arriveBy ? 0 : reach)) as UnixSeconds]
    : [q.time, (q.time + widest + reach) as UnixSeconds]
}

/**
 * Journeys for a query.
 * @throws TIME_OUTSIDE_TIMETABLE when no service day covers the query's time
 */
export function plan(planner: Planner, horizon: Horizon, q: Query): PlanResult {
  const { timetable: tt, footpaths, streets, state } = planner
  if (!coversTime(tt, q.time))
    throw new FreifahrtError(
      'TIME_OUTSIDE_TIMETABLE',
      'time',
      `${new Date(q.time * 1000).toISOString()} is outside the timetable`,
    )
  const walking = { speed: q.walkSpeed, maxMatchingDistance: q.maxMatchingDistance }
  const start = stopsAround(tt, footpaths, streets, q.from, { ...walking, maxSeconds: q.maxAccess, reverse: false })
  const end = stopsAround(tt, footpaths, streets, q.to, { ...walking, maxSeconds: q.maxEgress, reverse: true })
  Object.assign(state.work, { lanesScanned: 0, eventsVisited: 0, footpathsWalked: 0, stopsGathered: 0, passes: 0 })

  const searched = searchTransit(planner, horizon, q, start, end)
  return {
    ...searched,
    direct: directWalk(planner, q),
    stats: { access: start.count, egress: end.count, ...state.work },
  }
}

function searchTransit(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  start: Reach,
  end: Reach,
): Pick<PlanResult, 'itineraries' | 'windowStart' | 'windowEnd'> {
  const { timetable: tt, state } = planner
  const sign = q.arriveBy ? -1 : 1
  const [from, to] = spanOf(q)
  const forward = networkFor(horizon, from, to, q.realtime, allowedLanes(tt, q))
  const network = q.arriveBy ? mirrorNetwork(forward) : forward
  const usable = [start, end].map(reach => usableReach(tt, q.wheelchair, reach)) as [Reach, Reach]
  const [access, egress] = q.arriveBy ? usable.reverse() : usable
  const transit: TransitQuery = {
    access,
    egress,
    maxRides: Math.min(MAX_RIDES, q.maxTransfers + 1),
    maxTravelTime: Math.min(q.maxTravelTime, MAX_TRAVEL_TIME),
  }
  const direction = directionFor(planner, q.arriveBy, q.realtime ? horizon.live : undefined)
  const footpaths = slowerChanges(direction.footpaths, q.transferTimes)
  for (let i = 0; i < egress.count; i++) state.egress[egress.stops[i]!] = egress.seconds[i]!
  computeBounds(
    { hops: direction.hops, faster: direction.faster, seconds: direction.bounds },
    { begin: direction.footpaths.inBegin, from: direction.footpaths.inFrom, seconds: direction.footpaths.inSeconds },
    egress.stops,
    state.egress,
    planner.scratch,
  )
  closeStops(tt, q.wheelchair, direction.bounds)
  const isEnd = endsAt(tt, q.arriveBy ? q.from : q.to)
  const isStart = endsAt(tt, q.arriveBy ? q.to : q.from)
  let found: Journey[] = []
  const collect = (rides: number, departure: number): void => {
    const j = reconstruct(network, state, rides, departure, isStart, isEnd)
    found.push(leaveLate(j, q.arriveBy))
  }
  /** Departures (arriveBy: arrivals) in [a, b). */
  const searchWindow = (a: number, b: number): void => {
    const [low, high] = q.arriveBy
      ? [-(b - network.base) + 1, -(a - network.base) + 1]
      : [a - network.base, b - network.base]
    searchRange(network, footpaths, direction.bounds, transit, state, low, high, collect)
  }

  let windowStart: number = q.time
  let windowEnd: number = q.time
  try {
    if (q.window === 0)
      searchAt(network, footpaths, direction.bounds, transit, state, sign * (q.time - network.base), collect)
    else {
      if (q.arriveBy) [windowStart, windowEnd] = [q.time - q.window, q.time + 60]
      else if (q.extend === 'earlier') [windowStart, windowEnd] = [q.time - q.window, q.time]
      else windowEnd = q.time + q.window
      searchWindow(windowStart, windowEnd)
      const earlier = q.extend === 'earlier' || (q.extend === 'auto' && q.arriveBy)
      // widen by ever larger steps until there is enough, or no more to be had
      for (let step = Math.max(q.window, 3600); paretoSet(found).length < q.minJourneys; step *= 2) {
        if (windowEnd - windowStart >= WIDEST) break
        const width = Math.min(step, WIDEST - (windowEnd - windowStart))
        if (earlier) searchWindow(windowStart - width, windowStart)
        else searchWindow(windowEnd, windowEnd + width)
        if (earlier) windowStart -= width
        else windowEnd += width
      }
    }
    const forwards = q.arriveBy ? mirrorFootpaths(footpaths) : footpaths
    const tidying = createTidying(horizon, forwards, q.realtime, stop => usableStop(tt, q.wheelchair, stop))
    found = paretoSet(found).map(j => tidy(tidying, j))
  } finally {
    for (let i = 0; i < egress.count; i++) state.egress[egress.stops[i]!] = NEVER
  }
  return { itineraries: found, windowStart: windowStart as UnixSeconds, windowEnd: windowEnd as UnixSeconds }
}

function directionFor(planner: Planner, mirrored: boolean, live: LiveBlock | undefined): Direction {
  const { timetable: tt, footpaths } = planner
  const direction = planner.directions.getOrInsertComputed(mirrored, () => ({
    footpaths: mirrored ? mirrorFootpaths(footpaths) : footpaths,
    hops: buildHops(tt, mirrored),
    bounds: new Int32Array(new SharedArrayBuffer(4 * tt.counts.stops)),
    live: undefined,
    faster: new Map(),
  }))
  if (direction.live !== live) {
    direction.live = live
    direction.faster = live ? fasterHops(direction.hops, live, mirrored) : new Map()
  }
  return direction
}

/** A place named by a stop begins and ends right there, without a walk. */
function endsAt(tt: Timetable, place: QueryPlace): (stop: number) => boolean {
  if (place.kind !== 'stop') return () => false
  const platforms = new Set<number>(platformsOf(tt, place.stop))
  return stop => platforms.has(stop)
}

/** Time before the first ride (arriveBy: after the last) belongs to the rider: leave just in time, be back at once. */
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

function directWalk(planner: Planner, q: Query): Journey[] {
  const seconds = walkBetween(planner, q)
  if (seconds === undefined || seconds > q.maxDirect) return []
  const departure = (q.arriveBy ? q.time - seconds : q.time) as UnixSeconds
  const arrival = (departure + seconds) as UnixSeconds
  const legs = [{ kind: 'walk', from: { kind: 'start' }, to: { kind: 'end' }, departure, arrival }] as const
  return [{ departure, arrival, transfers: 0, legs }]
}

function walkBetween(planner: Planner, q: Query): number | undefined {
  const { timetable: tt, streets } = planner
  const [from, to] = [streetEnd(tt, q.from), streetEnd(tt, q.to)]
  const path = streets && walkPath(planner, from, to, q)
  if (streets) return path?.seconds
  const point = (e: StreetEnd): [number, number] =>
    'stop' in e ? [tt.stopLat[e.stop]!, tt.stopLon[e.stop]!] : [e.lat, e.lon]
  return Math.ceil((metresBetween(...point(from), ...point(to)) * DETOUR) / q.walkSpeed)
}

/** Where a place touches the streets. */
export const streetEnd = (tt: Timetable, place: QueryPlace): StreetEnd =>
  place.kind === 'coordinate'
    ? { lat: place.lat, lon: place.lon }
    : tt.stopLocationType[place.stop] === 0
      ? { stop: place.stop }
      : { lat: tt.stopLat[place.stop]!, lon: tt.stopLon[place.stop]! }

/** The way on foot between two places, if the streets connect them within `maxDirect`. */
export const walkPath = (
  planner: Planner,
  from: StreetEnd,
  to: StreetEnd,
  q: Pick<Query, 'walkSpeed' | 'maxMatchingDistance' | 'maxDirect'>,
): StreetPath | undefined =>
  planner.streets &&
  streetPath(planner.streets, from, to, {
    profile: Profile.foot,
    speed: q.walkSpeed,
    maxSeconds: q.maxDirect,
    maxMatchingDistance: q.maxMatchingDistance,
  })

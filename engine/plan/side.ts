// One query made ready for the transit search as it is seen from one of its ends: the lanes, its changes, where it begins and ends, and the
// lower bounds to the other end. What is expensive and the same for every query is kept in the Planner.

import { NEVER } from '../core/time.ts'
import { stopCopies, type WhoseWalks } from '../footpaths/copies.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import { neededFootpaths } from '../footpaths/needed.ts'
import type { LiveBlock } from '../horizon/horizon.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Side } from '../transit/both-ends.ts'
import {
  emptyBounds,
  fasterHops,
  type HopGraph,
  hopsOf,
  type LowerBounds,
  leastSeconds,
  sameHops,
} from '../transit/bounds.ts'
import { reachCopies } from '../transit/copied.ts'
import { numbersOf } from '../transit/lines.ts'
import { mirrorFootpaths, mirrorNetwork } from '../transit/mirror.ts'
import type { SearchNetwork } from '../transit/network.ts'
import { slowerChanges, usableReach } from '../transit/options.ts'
import type { Reach, TransitQuery } from '../transit/range.ts'
import { linesIn } from '../transit/rides.ts'
import { MAX_RIDES, type SearchState } from '../transit/state.ts'
import { boundsToEnd, quickest } from '../transit/to-end.ts'
import { offsetReach, platformsOf, stopsAround } from './access.ts'
import type { Planner } from './plan.ts'
import { MAX_TRAVEL_TIME, type Query, type QueryPlace } from './query.ts'

/** Stops of a network that is so large that most queries are about a small part of it (measured: from some 30,000 on it pays). */
export const LARGE = 30_000

/** The stops around the query's two places. */
export interface Ends {
  readonly start: Reach
  readonly end: Reach
}

/** The stops around the query's two places. */
export function endsOf(planner: Planner, q: Query): Ends {
  const { timetable } = planner
  const walking = { profile: q.walker, maxMatchingDistance: q.maxMatchingDistance }
  return {
    start:
      offsetReach(timetable, q.fromOffsets) ??
      stopsAround(planner, q.from, { ...walking, maxSeconds: q.maxAccess, reverse: false }),
    end:
      offsetReach(timetable, q.toOffsets) ??
      stopsAround(planner, q.to, { ...walking, maxSeconds: q.maxEgress, reverse: true }),
  }
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
  /** Lower bounds to the ends that were asked for last, with these faster hops; the oldest first. */
  readonly known: Map<string, Known>
}

/** Lower bounds that tell stops apart up to so many seconds; NEVER: all of them. */
interface Known {
  readonly bounds: LowerBounds
  readonly upTo: number
}

/** Bytes of lower bounds that are kept for the next query to the same end; and as many ends as a query has ways to search at least. */
const KNOWN_BYTES = 16e6
const MOST_WAYS = 8

export function directionFor(planner: Planner, mirrored: boolean, live: LiveBlock | undefined): Direction {
  const { timetable: tt, footpaths } = planner
  const quick = (): Footpaths => quickest(tt, footpaths, whoseWalks(planner))
  const direction = planner.directions.getOrInsertComputed(mirrored, () => ({
    footpaths: mirrored ? mirrorFootpaths(quick()) : quick(),
    hops: hopsOf(tt, mirrored),
    bounds: emptyBounds(stopCopies(tt).count),
    live: undefined,
    faster: new Map(),
    known: new Map(),
  }))
  if (direction.live !== live) {
    const faster: Direction['faster'] = live ? fasterHops(direction.hops, live, mirrored) : new Map()
    // what is late, as nearly everything is, changes no bound
    if (!sameHops(faster, direction.faster)) direction.known.clear()
    direction.live = live
    direction.faster = faster
  }
  return direction
}

export const whoseWalks = ({ footpaths, onFoot }: Pick<Planner, 'footpaths' | 'onFoot'>): WhoseWalks => ({
  own: footpaths,
  usual: onFoot,
})

/** Changes as this query makes them, between stops and their copies; not mirrored. @param walks those that matter; absent: all */
export const changesOf = (
  planner: Planner,
  { transferTimes }: Pick<Query, 'transferTimes'>,
  walks: Footpaths = planner.footpaths,
): Footpaths => slowerChanges(stopCopies(planner.timetable).extend(walks, whoseWalks(planner)), transferTimes)

/** Those of them that a search has to look at. Who comes by a place may walk there from anywhere, and on from there. */
export function changesToSearch(planner: Planner, q: Query): Footpaths {
  const { footpaths } = planner
  return changesOf(planner, q, q.vias.length > 0 ? footpaths : neededFootpaths(footpaths, q.transferTimes.min))
}

/** What tells the search's answers apart from where it begins; both ends are asked for by name. */
export interface PlanSide extends Side {
  readonly direction: Direction
  readonly isStart: (stop: number) => boolean
  readonly isEnd: (stop: number) => boolean
}

/**
 * @param forward the network in time's direction
 * @param mirrored the search goes from the query's end to its start
 * @param state its egress column is set until `leaveSide`
 */
export function enterSide(
  planner: Planner,
  forward: SearchNetwork,
  q: Query,
  ends: Ends,
  mirrored: boolean,
  state: SearchState,
): PlanSide {
  const { timetable: tt } = planner
  const access = usableReach(tt, q.wheelchairStops, mirrored ? ends.end : ends.start)
  const egress = usableReach(tt, q.wheelchairStops, mirrored ? ends.start : ends.end)
  const query = {
    access: reachCopies(tt, access),
    egress: reachCopies(tt, egress),
    maxRides: Math.min(MAX_RIDES, q.maxTransfers + 1),
    maxTravelTime: Math.min(q.maxTravelTime, MAX_TRAVEL_TIME),
  }
  const changes = changesToSearch(planner, q)
  const network = mirrored ? mirrorNetwork(forward) : forward
  const footpaths = mirrored ? mirrorFootpaths(changes) : changes
  const direction = directionFor(planner, mirrored, q.realtime ? forward.horizon.live : undefined)
  const [from, to] = mirrored ? [q.to, q.from] : [q.from, q.to]
  holdEnd({ state, query })
  const bounds = boundsTo(planner, network, footpaths, query, state, direction, egress, q)
  return { network, footpaths, query, state, direction, bounds, isStart: endsAt(tt, from), isEnd: endsAt(tt, to) }
}

/** Once left, to search from this side again. */
export function holdEnd({ state, query: { egress } }: Pick<Side, 'state' | 'query'>): void {
  for (let i = 0; i < egress.count; i++) state.egress[egress.stops[i]!] = egress.seconds[i]!
}

/** Gives the state back as it was. */
export function leaveSide({ state, query: { egress } }: Side): void {
  for (let i = 0; i < egress.count; i++) state.egress[egress.stops[i]!] = NEVER
}

/** Lower bounds to an end: made once as long as no vehicle becomes faster and the end is asked for again soon. The end is in the state's egress column. */
function boundsTo(
  { timetable: tt, isLarge, scratch }: Planner,
  network: SearchNetwork,
  changes: Footpaths,
  { access }: TransitQuery,
  state: SearchState,
  direction: Direction,
  egress: Reach,
  { wheelchairStops, vias }: Query,
): LowerBounds {
  const { hops, faster, footpaths: quick, known } = direction
  const lines = linesIn(network)
  // some queries use more walks than others (changesToSearch)
  let key = `${wheelchairStops} ${changes.outTo.length} ${numbersOf(lines)}`
  for (let i = 0; i < egress.count; i++) key += ` ${egress.stops[i]}+${egress.seconds[i]}`
  const from = isLarge && vias.length === 0 ? access : undefined
  const kept = known.get(key)
  known.delete(key)
  if (kept && (kept.upTo === NEVER || (from && leastSeconds(from, kept.bounds.seconds) < kept.upTo))) {
    known.set(key, kept)
    return kept.bounds
  }
  const { count } = stopCopies(tt)
  let bounds = kept?.bounds
  if (!bounds && known.size >= Math.max(MOST_WAYS, KNOWN_BYTES / (5 * count))) {
    const [oldest, last] = known.entries().next().value!
    known.delete(oldest)
    bounds = last.bounds
  }
  bounds ??= emptyBounds(count)
  const boundRides = isLarge ? undefined : { lines, changes }
  const to = { hops, faster, quick, rides: boundRides, egress, seconds: state.egress, wheelchairStops, from }
  known.set(key, { bounds, upTo: boundsToEnd(tt, to, bounds, scratch) })
  return bounds
}

/** A place named by a stop begins and ends right there, without a walk. */
export function endsAt(tt: Timetable, place: QueryPlace): (stop: number) => boolean {
  if (place.kind !== 'stop') return () => false
  const { stop: own } = place
  if (tt.childrenBegin[own] === tt.childrenBegin[own + 1]) return stop => stop === own
  const platforms = new Set<number>(platformsOf(tt, own))
  return stop => platforms.has(stop)
}

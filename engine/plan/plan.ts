// The query path, top down: access → transit → egress, beside it the direct way, then rank. Everything a plan needs between queries is
// in the Planner (one per worker); everything that may change while it works is in the Horizon it is given.

import { createGround, type Ground } from '../access/ground.ts'
import type { OwnWalker } from '../access/own-walks.ts'
import { FreifahrtError } from '../core/errors.ts'
import type { UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { StreetGraph } from '../street/graph.ts'
import type { StopLinks } from '../street/links.ts'
import { createStreetSearch, type StreetSearch } from '../street/search.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { type Turning, turning } from '../transit/both-ends.ts'
import { type BoundsScratch, createBoundsScratch } from '../transit/bounds.ts'
import type { Journey } from '../transit/journey.ts'
import { createSearchState, type SearchState } from '../transit/state.ts'
import { offsetReach, stopsAround } from './access.ts'
import { onFoot } from './approaches.ts'
import { withinBattery } from './battery.ts'
import { directWalk } from './direct.ts'
import { directApproaches } from './direct-rides.ts'
import { createMoments, lookAt, type Moments, plannerAt } from './moment.ts'
import type { Query } from './query.ts'
import { because, coversWindow, type Reason, whyNothing } from './reasons.ts'
import type { Direction, Ends } from './side.ts'
import { overtaken } from './slow-direct.ts'
import { byTime, searchAllWays } from './ways.ts'
import { firstWindow } from './window.ts'

export interface Planner {
  readonly timetable: Timetable
  readonly footpaths: Footpaths
  readonly streets: StreetSearch | undefined
  /** Where people walk at this planner's moment: `streets`, and the insides of stations. */
  readonly ground: Ground
  /** What stays the same for every traveller and moment; see moment.ts. */
  readonly moments: Moments
  readonly state: SearchState
  /** For the search from a query's other end; made when first needed. */
  readonly opposite: () => SearchState
  readonly turning: Turning
  readonly scratch: BoundsScratch
  /** Of who goes other ways between stops than anybody for whom there is a table. */
  readonly own?: OwnWalker
  /** Stops from which `footpaths` are his own. */
  readonly looked?: ReadonlySet<number>
  /** By `mirrored`; made when first needed. */
  readonly directions: Map<boolean, Direction>
}

export interface PlanResult {
  readonly itineraries: readonly Journey[]
  /** Walking all the way, if that is near enough and nowhere else to be; belongs to the query's time, so there is none on a page before or after it. */
  readonly direct: readonly Journey[]
  /** The departures (arriveBy: arrivals) really searched. */
  readonly windowStart: UnixSeconds
  readonly windowEnd: UnixSeconds
  /** Why there are no itineraries; empty when there are some, or when none were asked for. */
  readonly reasons: readonly Reason[]
  readonly stats: Readonly<Record<string, number>>
}

export function createPlanner(
  timetable: Timetable,
  footpaths: Footpaths,
  streets?: { readonly graph: StreetGraph; readonly links: StopLinks },
  wheelchairFootpaths: Footpaths = footpaths,
  walkerFootpaths: Footpaths = wheelchairFootpaths,
  pramFootpaths: Footpaths = wheelchairFootpaths,
): Planner {
  const state = createSearchState(stopCopies(timetable).count)
  const search = streets && createStreetSearch(streets.graph, streets.links, state)
  let opposite: SearchState | undefined
  return {
    timetable,
    footpaths,
    streets: search,
    ground: createGround(timetable, search),
    moments: createMoments({
      foot: footpaths,
      wheelchair: wheelchairFootpaths,
      walker: walkerFootpaths,
      pram: pramFootpaths,
    }),
    state,
    opposite: () => (opposite ??= oppositeOf(state)),
    turning,
    scratch: createBoundsScratch(stopCopies(timetable).count),
    directions: new Map(),
  }
}

/** A state of the same size that counts as the same work and is given up together with it. */
const oppositeOf = (state: SearchState): SearchState => ({
  ...createSearchState(state.stops),
  isGivenUp: () => state.isGivenUp(),
  work: state.work,
})

/**
 * Journeys for a query: the Pareto set of each window, over departure, arrival and rides.
 * @throws TIME_OUTSIDE_TIMETABLE when no service day covers the query's time; a page beyond the timetable is empty instead
 */
export function plan(base: Planner, horizon: Horizon, asked: Query): PlanResult {
  let planner = plannerAt(base, horizon, asked)
  for (;;) {
    const result = planAs(planner, horizon, asked)
    const looked = lookAt(planner, changedFrom(result.itineraries))
    if (!looked) return result
    planner = looked
  }
}

/** Stops from which these journeys walk to another stop; the ways from the start and to the end are the walker's own anyway. */
function* changedFrom(journeys: readonly Journey[]): Generator<number> {
  for (const { legs } of journeys)
    for (const leg of legs)
      if (leg.kind === 'walk' && leg.from.kind === 'stop' && leg.to.kind === 'stop') yield leg.from.stop
}

function planAs(planner: Planner, horizon: Horizon, asked: Query): PlanResult {
  const isPage = asked.extend !== 'auto'
  const wantsDirect = asked.vias.length === 0 && (!isPage || asked.directFactor !== undefined)
  const direct = wantsDirect ? withinBattery(planner, asked, directWays(planner, horizon, asked)) : []
  const q = withinFactor(asked, direct)
  const { timetable: tt, state } = planner
  if (!isPage && !coversWindow(tt, { begin: q.time, end: q.time }))
    throw new FreifahrtError(
      'TIME_OUTSIDE_TIMETABLE',
      'time',
      `${new Date(q.time * 1000).toISOString()} is outside the timetable`,
    )
  Object.assign(state.work, { lanesScanned: 0, eventsVisited: 0, footpathsWalked: 0, stopsGathered: 0, passes: 0 })
  const ends = endsOf(planner, q)
  const { itineraries: best, searched } = q.transit
    ? searchAllWays(planner, horizon, q, ends)
    : { itineraries: [], searched: firstWindow(q) }
  const slow = q.slowDirect && q.transit ? overtaken(planner, horizon, q, ends, searched, best) : []
  const found = slow.length > 0 ? [...best, ...slow].sort(byTime) : best
  const itineraries = withinBattery(planner, q, found)
  return {
    itineraries,
    direct: isPage ? [] : direct,
    windowStart: searched.begin,
    windowEnd: searched.end,
    reasons:
      !q.transit || itineraries.length > 0
        ? []
        : found.length > 0
          ? [because('BATTERY')]
          : whyNothing(planner, horizon, q, ends, searched),
    stats: { access: ends.start.count, egress: ends.end.count, ...state.work },
  }
}

function directWays(planner: Planner, horizon: Horizon, q: Query): Journey[] {
  const walk = (q.approaches ?? onFoot).direct.includes('WALK') ? directWalk(planner, q) : []
  return [...walk, ...directApproaches(planner, horizon, q, walk)]
}

/** The query with its travel time limited by the direct way. */
function withinFactor(q: Query, direct: readonly Journey[]): Query {
  if (q.directFactor === undefined || direct.length === 0) return q
  const fastest = Math.min(...direct.map(j => j.arrival - j.departure))
  return { ...q, maxTravelTime: Math.min(q.maxTravelTime, Math.floor(q.directFactor * fastest)) }
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

// The query path, top down: access → transit → egress, beside it the direct way, then rank. Everything a plan needs between queries is
// in the Planner (one per worker); everything that may change while it works is in the Horizon it is given.

import { outagesWithin } from '../access/elevators.ts'
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
import type { Journey, Leg } from '../transit/journey.ts'
import { createSearchState, type SearchState } from '../transit/state.ts'
import { onFoot } from './approaches.ts'
import { withinBattery } from './battery.ts'
import { directWalk } from './direct.ts'
import { directApproaches } from './direct-rides.ts'
import { outagesOn, walkingWay } from './in-time.ts'
import { createMoments, lookAt, type Moments, plannerAt, plannerWithout, statesFor } from './moment.ts'
import { endsOn, type Outlook, outlookFor, plannerAtBest, plannerWithoutApart } from './outlook.ts'
import type { Query } from './query.ts'
import { type AllWorking, because, coversWindow, type Reason, whyNoDirect, whyNothing } from './reasons.ts'
import { type Direction, type Ends, endsOf, LARGE } from './side.ts'
import { overtaken } from './slow-direct.ts'
import { byTime, type MadeWays, searchAllWays } from './ways.ts'
import { firstWindow, spanOf, type Window } from './window.ts'

export interface Planner {
  readonly timetable: Timetable
  /** Most queries are about a small part of the network (transit/narrow.ts). */
  readonly isLarge: boolean
  readonly footpaths: Footpaths
  /** Those of people on foot, at this planner's pace and with everything working: transfers.txt speaks of them (S36). */
  readonly onFoot: Footpaths
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

/** With what it takes to tell more of it: by this planner's walks, if `inOrder`, one goes over nothing that is out of order then. */
export interface Planned {
  readonly result: PlanResult
  readonly planner: Planner
  readonly inOrder: (legs: readonly Leg[]) => boolean
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
    isLarge: timetable.counts.stops >= LARGE,
    footpaths,
    onFoot: footpaths,
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
export const plan = (base: Planner, horizon: Horizon, asked: Query): PlanResult => planned(base, horizon, asked).result

/** Throws as `plan` does. */
export function planned(base: Planner, horizon: Horizon, asked: Query): Planned {
  const { begin, end } = spanOf(asked)
  // without transit there is only the way all on foot, which looks for itself
  const outlook = asked.transit ? outlookFor(base, horizon, asked, begin, end) : undefined
  if (outlook) return planInTime(base, horizon, asked, outlook)
  let planner = plannerAt(base, horizon, asked)
  const apart: Apart = {}
  for (;;) {
    const found = planAs(base, planner, horizon, asked, undefined, apart)
    const looked = lookAt(planner, changedFrom(found.result.itineraries))
    if (!looked) return found
    planner = looked
  }
}

/** The same while elevators change: the walker's own walks are made for each planner that is asked. */
function planInTime(base: Planner, horizon: Horizon, asked: Query, outlook: Outlook): Planned {
  const apart: Apart = {}
  for (;;) {
    const planner = plannerAtBest(outlook)
    const found = planAs(base, planner, horizon, asked, outlook, apart)
    const fresh = new Set(changedFrom(found.result.itineraries)).difference(outlook.looked)
    if (!planner.own || fresh.size === 0) return found
    for (const stop of fresh) outlook.looked.add(stop)
  }
}

/** Stops from which these journeys walk to another stop; the ways from the start and to the end are the walker's own anyway. */
function* changedFrom(journeys: readonly Journey[]): Generator<number> {
  for (const { legs } of journeys)
    for (const leg of legs)
      if (leg.kind === 'walk' && leg.from.kind === 'stop' && leg.to.kind === 'stop') yield leg.from.stop
}

/** Of a query that is searched again with other walks between stops: what is the same, as far as it is made. */
interface Apart extends MadeWays {
  direct?: readonly Journey[]
  ends?: Ends
}

function planAs(
  base: Planner,
  planner: Planner,
  horizon: Horizon,
  asked: Query,
  outlook: Outlook | undefined,
  apart: Apart = {},
): Planned {
  const isPage = asked.extend !== 'auto'
  const wantsDirect = asked.vias.length === 0 && (!isPage || asked.directFactor !== undefined)
  const ways = (q: Query): Journey[] => directWays(base, horizon, q)
  apart.direct ??= wantsDirect ? ways(asked) : []
  const all = apart.direct
  const direct = withinBattery(planner, asked, all)
  const q = withinFactor(asked, direct)
  const { timetable: tt, state } = planner
  if (!isPage && !coversWindow(tt, { begin: q.time, end: q.time }))
    throw new FreifahrtError(
      'TIME_OUTSIDE_TIMETABLE',
      'time',
      `${new Date(q.time * 1000).toISOString()} is outside the timetable`,
    )
  Object.assign(state.work, { lanesScanned: 0, eventsVisited: 0, footpathsWalked: 0, stopsGathered: 0, passes: 0 })
  apart.ends ??= outlook ? endsOn(outlook, q, planner) : endsOf(planner, q)
  const { ends } = apart
  const { itineraries: best, searched } = q.transit
    ? searchAllWays(planner, horizon, q, ends, apart, outlook)
    : { itineraries: [], searched: firstWindow(q) }
  // by now what is in the way is known
  const usable = outlook ? plannerWithoutApart(outlook) : planner
  const around = (): Ends => (outlook ? endsOn(outlook, q, usable) : ends)
  const slow = q.slowDirect && q.transit ? slower(usable, horizon, q, around(), searched, best, outlook) : []
  const found = slow.length > 0 ? [...best, ...slow].sort(byTime) : best
  const itineraries = withinBattery(planner, q, found)
  const reasons = (): Reason[] => {
    if (itineraries.length > 0) return []
    if (found.length > 0) return [because('BATTERY')]
    const states = statesFor(base, horizon, q)
    const working = (): AllWorking => {
      const all = plannerWithout(base, horizon, q, outagesWithin([], q.time, q.time))
      return { planner: all, onFeet: endsOf(all, q), states }
    }
    const inOrder = states.length > 0 ? working : undefined
    if (q.transit) return whyNothing(usable, horizon, q, around(), searched, inOrder)
    if (isPage || direct.length > 0) return []
    return all.length > 0 ? [because('BATTERY')] : whyNoDirect(planner, q, ways, inOrder)
  }
  const result = {
    itineraries,
    direct: isPage ? [] : direct,
    windowStart: searched.begin,
    windowEnd: searched.end,
    reasons: reasons(),
    stats: { access: ends.start.count, egress: ends.end.count, ...state.work },
  }
  return { result, planner: usable, inOrder: legs => !outlook || !meetsOutage(outlook, q, legs) }
}

/** On foot from end to end. */
const meetsOutage = (outlook: Outlook, q: Query, legs: readonly Leg[]): boolean =>
  outagesOn(outlook, q, walkingWay(outlook, q), { legs }).length > 0

function slower(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  ends: Ends,
  searched: Window,
  best: readonly Journey[],
  outlook: Outlook | undefined,
): Journey[] {
  const found = overtaken(planner, horizon, q, ends, searched, best)
  return outlook ? found.filter(({ legs }) => !meetsOutage(outlook, q, legs)) : found
}

function directWays(base: Planner, horizon: Horizon, q: Query): Journey[] {
  const { direct } = q.approaches ?? onFoot
  const walk = direct.includes('WALK') || direct.includes('RENTAL') ? directWalk(base, horizon, q) : []
  return [...(direct.includes('WALK') ? walk : []), ...directApproaches(base, horizon, q, walk)]
}

/** The query with its travel time limited by the direct way. */
function withinFactor(q: Query, direct: readonly Journey[]): Query {
  if (q.directFactor === undefined || direct.length === 0) return q
  const fastest = Math.min(...direct.map(j => j.arrival - j.departure))
  return { ...q, maxTravelTime: Math.min(q.maxTravelTime, Math.floor(q.directFactor * fastest)) }
}

// The query path, top down: access → transit → egress, beside it the direct way, then rank. Everything a plan needs between queries is
// in the Planner (one per worker); everything that may change while it works is in the Horizon it is given.

import { createGround, type Ground } from '../access/ground.ts'
import { FreifahrtError } from '../core/errors.ts'
import type { UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { StreetGraph } from '../street/graph.ts'
import type { StopLinks } from '../street/links.ts'
import { createStreetSearch, type StreetSearch } from '../street/search.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { type BoundsScratch, createBoundsScratch } from '../transit/bounds.ts'
import type { Journey } from '../transit/journey.ts'
import { usableStop } from '../transit/options.ts'
import { paretoSet } from '../transit/pareto.ts'
import type { Reach } from '../transit/range.ts'
import { createSearchState, type SearchState } from '../transit/state.ts'
import { offsetReach, stopsAround } from './access.ts'
import {
  type Approached,
  approach,
  besideWalking,
  directApproaches,
  modeAt,
  onFoot,
  otherModes,
  withApproaches,
} from './approaches.ts'
import { directWalk } from './direct.ts'
import { createMoments, type Moments, plannerAt } from './moment.ts'
import type { Query } from './query.ts'
import { propose } from './rank.ts'
import { coversWindow, type Reason, whyNothing } from './reasons.ts'
import { type Direction, type Ends, searching } from './search.ts'
import { markGuaranteed, tidy } from './tidy.ts'
import { firstWindow, furtherWindows, growsEarlier, type Window } from './window.ts'

export interface Planner {
  readonly timetable: Timetable
  readonly footpaths: Footpaths
  readonly streets: StreetSearch | undefined
  /** Where people walk at this planner's moment: `streets`, and the insides of stations. */
  readonly ground: Ground
  /** What stays the same for every traveller and moment; see moment.ts. */
  readonly moments: Moments
  readonly state: SearchState
  readonly scratch: BoundsScratch
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
): Planner {
  const search = streets && createStreetSearch(streets.graph, streets.links)
  return {
    timetable,
    footpaths,
    streets: search,
    ground: createGround(timetable, search),
    moments: createMoments(wheelchairFootpaths),
    state: createSearchState(stopCopies(timetable).count),
    scratch: createBoundsScratch(),
    directions: new Map(),
  }
}

/**
 * Journeys for a query: the Pareto set of each window, over departure, arrival and rides.
 * @throws TIME_OUTSIDE_TIMETABLE when no service day covers the query's time; a page beyond the timetable is empty instead
 */
export function plan(base: Planner, horizon: Horizon, asked: Query): PlanResult {
  const planner = plannerAt(base, horizon, asked)
  const isPage = asked.extend !== 'auto'
  const wantsDirect = asked.vias.length === 0 && (!isPage || asked.directFactor !== undefined)
  const direct = wantsDirect ? directWays(planner, horizon, asked) : []
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
  const { itineraries, searched } = q.transit
    ? searchInAllWays(planner, horizon, q, ends)
    : { itineraries: [], searched: firstWindow(q) }
  return {
    itineraries,
    direct: isPage ? [] : direct,
    windowStart: searched.begin,
    windowEnd: searched.end,
    reasons: q.transit && itineraries.length === 0 ? whyNothing(planner, horizon, q, ends, searched) : [],
    stats: { access: ends.start.count, egress: ends.end.count, ...state.work },
  }
}

function directWays(planner: Planner, horizon: Horizon, q: Query): Journey[] {
  const walk = (q.approaches ?? onFoot).direct.includes('WALK') ? directWalk(planner, q) : []
  return [...walk, ...directApproaches(planner, horizon, q)]
}

/** The query with its travel time limited by the direct way. */
function withinFactor(q: Query, direct: readonly Journey[]): Query {
  if (q.directFactor === undefined || direct.length === 0) return q
  const fastest = Math.min(...direct.map(j => j.arrival - j.departure))
  return { ...q, maxTravelTime: Math.min(q.maxTravelTime, Math.floor(q.directFactor * fastest)) }
}

function endsOf(planner: Planner, q: Query): Ends {
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

const spanned = ({ begin, end }: Window): number => end - begin

/** On foot first; then, in the same window, each other way beside walking. */
function searchInAllWays(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  ends: Ends,
): { itineraries: Journey[]; searched: Window } {
  const ways = q.approaches ?? onFoot
  const walks = { access: ways.access.includes('WALK'), egress: ways.egress.includes('WALK') }
  let found = walks.access && walks.egress ? searchTransit(planner, horizon, q, ends) : undefined
  const walking = found?.itineraries ?? []
  const others: Journey[] = []
  for (const mode of otherModes(ways)) {
    const at = (side: 'access' | 'egress', reach: Reach): Approached =>
      approach(planner, horizon, q, side, modeAt(ways[side], mode), walks[side] ? reach : undefined)
    const [start, end] = [at('access', ends.start), at('egress', ends.end)]
    // where walking had to look far for enough, this way looks for itself
    const enough = walking.length >= q.minJourneys
    const around = { start: start.reach, end: end.reach }
    const result = searchTransit(planner, horizon, q, around, enough ? found?.searched : undefined)
    if (!found || spanned(result.searched) < spanned(found.searched)) found = result
    others.push(...besideWalking(walking, withApproaches(planner, q, result.itineraries, start, end)))
  }
  const byTime = (a: Journey, b: Journey): number => a.departure - b.departure || a.arrival - b.arrival
  const searched = found?.searched ?? firstWindow(q)
  // of several windows the shortest is the page's: what lies beyond it comes on the next
  const at = (j: Journey): number => (q.arriveBy ? j.arrival : j.departure)
  const inside = (j: Journey): boolean => q.window === 0 || (at(j) >= searched.begin && at(j) < searched.end)
  const itineraries = otherModes(ways).length === 0 ? walking : [...walking, ...others].filter(inside).sort(byTime)
  return { itineraries, searched }
}

/**
 * The window grows until there are enough journeys, or as far as it may.
 * @param window searched already in another way: this one and no other
 */
function searchTransit(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  ends: Ends,
  window?: Window,
): { itineraries: Journey[]; searched: Window } {
  return searching(planner, horizon, q, ends, ({ within, at, footpaths }) => {
    let searched = window ?? firstWindow(q)
    let found = paretoSet(q.window === 0 ? at(q.time) : within(searched))
    const proposed = () => propose(found, q, q.realtime ? horizon.occupancy : undefined)
    for (const further of window ? [] : furtherWindows(q)) {
      if (proposed().length >= q.minJourneys) break
      found = paretoSet([...found, ...within(further)])
      searched = growsEarlier(q) ? { ...searched, begin: further.begin } : { ...searched, end: further.end }
    }
    const tidying = {
      horizon,
      footpaths,
      realtime: q.realtime,
      usable: (stop: number) => usableStop(planner.timetable, q.wheelchair, stop),
    }
    // at a place on the way the change stays where it is
    const tidied = q.vias.length > 0 ? proposed() : proposed().map(j => tidy(tidying, j))
    return { itineraries: tidied.map(j => markGuaranteed(planner.timetable, j)), searched }
  })
}

// Which ways of coming to the stops a query is searched in, and how far. Each is searched for itself, so that a faster one never hides
// another; the window is the same for all of them.
//
//   on foot       ·        ·            ·         |     ·      ·      five together are enough: the next page begins at the line
//   by bicycle    ·   ·  ·     ·   ·              |  ·    ·  ·        for every way, though walking alone would have looked on
//                 first window          grown

import type { Ground } from '../access/ground.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { OccupancyTable } from '../live/occupancy.ts'
import type { ApproachMode, Journey, Leg } from '../transit/journey.ts'
import { usableStop } from '../transit/options.ts'
import { paretoSet } from '../transit/pareto.ts'
import type { Reach } from '../transit/range.ts'
import { platformsOf } from './access.ts'
import {
  type Approached,
  approach,
  besideWalking,
  fastest,
  modeAt,
  onFoot,
  otherModes,
  type Vehicles,
  withApproaches,
} from './approaches.ts'
import { plannersOfEnds, searchInTime, type TimedWay, toldInTime } from './in-time.ts'
import { endsOn, type Outlook, plannerAtBest, plannerWithoutApart } from './outlook.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'
import { leadingOn, propose, withRoom } from './rank.ts'
import { type Searched, searchingAgain, type TransitSearch } from './search.ts'
import { changesOf, type Ends } from './side.ts'
import { markGuaranteed, tidy } from './tidy.ts'
import { firstWindow, growsEarlier, isIn, nextWindow, restOf, timeOf, type Window } from './window.ts'

/** One way to come to the stops and to leave them. */
interface Way {
  /** As it is by this planner's streets; made once for each of them. */
  readonly on: (planner: Planner) => MadeWay
  /** With a vehicle, m/s of the fastest on it; undefined: on foot at both. */
  readonly riding?: number
}

interface MadeWay {
  readonly ends: Ends
  /** Undefined: on foot at both. */
  readonly by?: Vehicles
}

/** The ways of a query, when they are made: they are the same whatever walks there are between stops. */
export interface MadeWays {
  ways?: readonly Way[]
}

interface WaySearch {
  readonly within: (window: Window) => Journey[]
  readonly onwards?: TransitSearch['onwards']
}

/**
 * Each way is searched for itself in the same window, and that grows until all ways together have enough.
 * @param made taken from there, or kept there
 * @param outlook when elevators change meanwhile
 */
export function searchAllWays(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  ends: Ends,
  made: MadeWays,
  outlook?: Outlook,
): Searched {
  made.ways ??= waysOf(horizon, q, there => (outlook ? endsOn(outlook, q, there) : ends))
  const searches = new Map(made.ways.map(way => [way, searchOf(planner, horizon, q, way, outlook)]))
  return grow(planner, horizon, q, searches, outlook)
}

function searchOf(planner: Planner, horizon: Horizon, q: Query, way: Way, outlook?: Outlook): WaySearch {
  const occupancy = q.realtime ? horizon.occupancy : undefined
  if (q.preferRoom > 0 && q.window === 0 && occupancy)
    return { within: roomily(q, occupancy, asked => searchOf(planner, horizon, asked, way, outlook).within) }
  if (q.tight && q.window === 0)
    return { within: tightly(q, asked => searchOf(planner, horizon, asked, way, outlook).within) }
  if (outlook) return { within: searchInTime(outlook, q, timedAs(way)) }
  const again = searchingAgain(planner, horizon, q, way.on(planner).ends)
  return {
    within: window => again(search => journeysIn(search, q, window)),
    onwards: (rest, enough) => again(search => search.onwards(rest, enough)),
  }
}

/**
 * Whoever takes the first vehicle on the way to the earliest arrival may wait for the next one half-way. So each journey is asked for once more,
 * from its other end: who arrives then, with as few rides, when does he leave at the latest?
 */
function tightly(q: Query, searchOf: (q: Query) => (window: Window) => Journey[]): (window: Window) => Journey[] {
  const { tight: _asked, ...plain } = q
  // a stay beside an end may be seen from one side only: then that end is another
  const better = (a: Journey, b: Journey): boolean =>
    q.arriveBy
      ? a.departure === b.departure && a.arrival < b.arrival
      : a.arrival === b.arrival && a.departure > b.departure
  return window =>
    searchOf(plain)(window).map(j => {
      const time = q.arriveBy ? j.departure : j.arrival
      const maxTravelTime = Math.abs(q.time - time)
      const back = { ...plain, arriveBy: !q.arriveBy, time, maxTravelTime, maxTransfers: j.transfers }
      return searchOf(back)({ begin: time, end: time }).reduce((best, other) => (better(other, best) ? other : best), j)
    })
}

/** Who is there first, or with more room a little later (arrive by: who leaves last, or a little sooner). */
function roomily(
  q: Query,
  occupancy: OccupancyTable,
  searchOf: (q: Query) => (window: Window) => Journey[],
): (window: Window) => Journey[] {
  const { tight: _asked, ...plain } = q
  return moment => {
    const first = searchOf({ ...q, preferRoom: 0 })(moment)
    if (first.length === 0) return first
    const times = first.map(j => timeOf(q, j))
    const [from, until] = [Math.min(...times) - q.preferRoom, Math.max(...times) + q.preferRoom]
    const [begin, end] = q.arriveBy ? [from, Math.min(q.time, until)] : [Math.max(q.time, from), until]
    const time = (q.arriveBy ? end : begin) as UnixSeconds
    const around: Query = { ...plain, time, window: end - begin + 1, preferRoom: 0 }
    return withRoom(first, searchOf(around)(firstWindow(around)), q.preferRoom, occupancy)
  }
}

const timedAs = ({ on, riding }: Way): TimedWay => ({
  endsOn: planner => on(planner).ends,
  ...(riding !== undefined && { riding }),
})

/** On foot first; then each other way beside it. */
function waysOf(horizon: Horizon, q: Query, onFeet: (planner: Planner) => Ends): Way[] {
  const asked = q.approaches ?? onFoot
  const walks = { access: asked.access.includes('WALK'), egress: asked.egress.includes('WALK') }
  const ways: Way[] = walks.access && walks.egress ? [{ on: planner => ({ ends: onFeet(planner) }) }] : []
  const riding = (mode: ApproachMode, planner: Planner): MadeWay => {
    const at = (side: 'access' | 'egress', reach: Reach): Approached =>
      approach(planner, horizon, q, side, modeAt(asked[side], mode), walks[side] ? reach : undefined)
    const ends = onFeet(planner)
    const by = { start: at('access', ends.start), end: at('egress', ends.end) }
    return { ends: { start: by.start.reach, end: by.end.reach }, by }
  }
  for (const mode of otherModes(asked)) {
    // whatever walks there are between stops
    const made = new Map<Ground, MadeWay>()
    const on = (planner: Planner): MadeWay => made.getOrInsertComputed(planner.ground, () => riding(mode, planner))
    ways.push({ on, riding: fastest(q, mode) })
  }
  return ways
}

/** Of all legs with a vehicle: which one it was. */
function vehiclesOf(planner: Planner, q: Query, way: Way, outlook: Outlook | undefined): (j: Journey) => Vehicles {
  if (!outlook) return () => way.on(planner).by!
  const plannerOf = plannersOfEnds(outlook, q, timedAs(way))
  const by = (leg: Leg): Vehicles => way.on(leg.kind === 'walk' ? plannerOf(leg) : plannerAtBest(outlook)).by!
  return ({ legs }) => ({ start: by(legs[0]!).start, end: by(legs.at(-1)!).end })
}

const journeysIn = (search: TransitSearch, q: Query, window: Window): Journey[] =>
  q.window === 0 ? search.at(q.time) : search.within(window)

/** The window grows until there are enough journeys, and one on foot among them if that may be, or as far as it may. */
function grow(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  searches: ReadonlyMap<Way, WaySearch>,
  outlook: Outlook | undefined,
): Searched {
  let searched = firstWindow(q)
  const best = (journeys: readonly Journey[]): readonly Journey[] =>
    leadingOn(planner.timetable, q, paretoSet(journeys))
  let found = Array.from(searches, ([way, { within }]) => ({ way, journeys: best(within(searched)) }))
  const proposed = (): { way: Way; journeys: readonly Journey[] }[] => {
    const occupancy = q.realtime ? horizon.occupancy : undefined
    const each = found.map(({ way, journeys }) => ({ way, journeys: propose(journeys, q, occupancy) }))
    const walking = each.find(({ way }) => isWalked(way))?.journeys ?? []
    return each.map(({ way, journeys }) => ({
      way,
      journeys: isWalked(way) ? journeys : besideWalking(walking, vehiclesOf(planner, q, way, outlook), journeys),
    }))
  }
  // where all together had enough
  let line: Window | undefined
  for (;;) {
    const each = proposed()
    const count = each.reduce((sum, { journeys }) => sum + journeys.length, 0)
    const further = nextWindow(q, searched, count)
    if (!further) break
    if (count >= q.minJourneys) {
      line ??= searched
      const walks = !each.some(({ way, journeys }) => isWalked(way) && journeys.length === 0)
      if (walks || q.minJourneys === 0 || widthOf(searched) >= PATIENCE) break
    }
    const onwards = searches.size === 1 ? searches.get(found[0]!.way)!.onwards : undefined
    const piece = count < q.minJourneys ? onwards?.(restOf(q, searched), q.minJourneys - count) : undefined
    found = found.map(({ way, journeys }) => ({
      way,
      journeys: best([...journeys, ...(piece?.itineraries ?? searches.get(way)!.within(further))]),
    }))
    const { begin, end } = piece?.searched ?? further
    searched = growsEarlier(q) ? { ...searched, begin } : { ...searched, end }
  }
  const walking = (): readonly Journey[] => found.find(({ way }) => isWalked(way))?.journeys ?? []
  const narrow = (window: Window): void => {
    searched = window
    found = found.map(({ way, journeys }) => ({ way, journeys: journeys.filter(j => isIn(q, window, j)) }))
  }
  if (line && line !== searched) narrow(upToWalking(q, line, searched, walking()))
  const enough = upToEnough(
    q,
    searched,
    proposed().flatMap(({ journeys }) => journeys),
    walking(),
  )
  if (widthOf(enough) < widthOf(searched)) narrow(enough)
  const finished = finishing(outlook ? plannerWithoutApart(outlook) : planner, horizon, q)
  const itineraries = proposed().flatMap(({ way, journeys }) => {
    const told = outlook && toldInTime(outlook, q, timedAs(way))
    const tidied = journeys.map(j => finished(j, told))
    return isWalked(way) ? tidied : withApproaches(q, tidied, vehiclesOf(planner, q, way, outlook))
  })
  return { itineraries: searches.size > 1 ? itineraries.sort(byTime) : itineraries, searched }
}

const isWalked = ({ riding }: Way): boolean => riding === undefined

/** Seconds. Vehicles alone fill no page on which there could be a walking journey, unless that is farther away than this. */
const PATIENCE = 4 * 3600

const widthOf = ({ begin, end }: Window): number => end - begin

/** As far as the first walking journey; if there is none, no farther than to where there was enough. */
function upToWalking(q: Query, line: Window, searched: Window, walking: readonly Journey[]): Window {
  const times = walking.map(j => timeOf(q, j))
  if (times.length === 0) return line
  return growsEarlier(q)
    ? { ...searched, begin: Math.min(line.begin, Math.max(...times)) as UnixSeconds }
    : { ...searched, end: Math.max(line.end, Math.min(...times) + 1) as UnixSeconds }
}

/**
 * What a window that has grown holds beyond enough belongs to the next page: the last tram of the night would else come with all of the
 * morning's. Who leaves (arrives) at one time stays together; the window that was asked for stays whole.
 */
function upToEnough(q: Query, searched: Window, journeys: readonly Journey[], walking: readonly Journey[]): Window {
  const asked = firstWindow(q)
  if (q.minJourneys === 0 || journeys.length <= q.minJourneys) return searched
  const sign = growsEarlier(q) ? -1 : 1
  /** The n-th in the direction of growth. */
  const nth = (some: readonly Journey[], n: number): number =>
    sign * some.map(j => sign * timeOf(q, j)).sort((a, b) => a - b)[n - 1]!
  const last = nth(journeys, q.minJourneys)
  const border = walking.length === 0 ? last : sign * Math.max(sign * last, sign * nth(walking, 1))
  return growsEarlier(q)
    ? { ...searched, begin: Math.min(asked.begin, border) as UnixSeconds }
    : { ...searched, end: Math.max(asked.end, border + 1) as UnixSeconds }
}

export const byTime = (a: Journey, b: Journey): number => a.departure - b.departure || a.arrival - b.arrival

/** Changes where a rider would choose them; those with a stay at a place on the way are where they have to be. */
function finishing(
  planner: Planner,
  horizon: Horizon,
  q: Query,
): (found: Journey, told?: (tidied: Journey, found: Journey) => Journey) => Journey {
  const { timetable } = planner
  const tidying = {
    horizon,
    footpaths: changesOf(planner, q),
    realtime: q.realtime,
    usable: (stop: number) => usableStop(timetable, q.wheelchairStops, stop),
    places: q.vias.map(({ place }) => new Set(place.kind === 'stop' ? platformsOf(timetable, place.stop) : [])),
  }
  return (found, told = tidied => tidied) => markGuaranteed(timetable, told(tidy(tidying, found), found))
}

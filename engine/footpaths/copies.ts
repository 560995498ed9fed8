// Rules of transfers.txt for single routes and trips (S33). A search asks how long a change takes from stop to stop only, so such a stop is
// copied: trips that a rule names stop at a copy of their own, and from copy to copy there is one time again.
//
//   stop B: S1 and U2 stop there, and bus 7, for which a rule says "7 → U2 at B: 5 minutes"
//
//   S1 ── B                  B  → B, B/U2   as without rules        B/U2 → B, B/U2, B/7   as without rules
//   U2 ── B/U2               B/7 → B/U2     5 minutes               B/7 → B, B/7          as without rules
//   7  ── B/7
//
// Copies are numbered after the stops. A rule is about trips that are planned to call at its stop: who is sent to another platform changes
// there as anybody does. Without such rules there are no copies, and everything is as the feeds' stops have it.

import { NONE, type RouteIdx, type StopIdx, type TripIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { slotStop, type Timetable } from '../timetable/timetable.ts'
import { buildFootpaths, changeBetween, DEFAULT_CHANGE_SECONDS, type Footpaths, type Walk } from './footpaths.ts'
import {
  AS_FOUND,
  isStronger,
  isTimed,
  type Rule,
  readStopRules,
  ruleRows,
  rulesOfRow,
  statedFor,
  TIMED,
} from './rules.ts'
import { straightLineSeconds } from './transfers.ts'

/** Who stops at a copy: one trip, or all of a route that have no copy of their own. */
interface Copy {
  readonly stop: StopIdx
  readonly route: number
  /** NONE: the whole route. */
  readonly trip: number
}

export interface StopCopies {
  /** Stops and copies together. */
  readonly count: number
  /** Stop or copy → the stop. */
  readonly stopOf: Uint32Array
  /** Stop → its copies. */
  readonly of: ReadonlyMap<number, readonly number[]>
  /** Trips that have a copy somewhere. */
  readonly trips: ReadonlySet<number>
  /** The copy at which a trip stops, or the stop itself. */
  at(stop: number, trip: number): number
  /** Footpaths between stops and copies, for those between stops; of one table always with the same `walks`. Absent: people on foot. */
  extend(footpaths: Footpaths, walks?: WhoseWalks): Footpaths
  /** Does the second vehicle wait for the first (S34)? Of two stops or copies. */
  isGuaranteed(from: number, to: number): boolean
}

/** All walks of a traveller, of which a search may look at fewer, and those of people on foot, for whom rules are stated (S36). */
export interface WhoseWalks {
  readonly own: Footpaths
  readonly usual: Footpaths
}

const known = new WeakMap<Timetable, StopCopies>()

export const stopCopies = (tt: Timetable): StopCopies => known.getOrInsertComputed(tt, copiesOf)

function copiesOf(tt: Timetable): StopCopies {
  const rules = new Map<number, Rule[]>()
  for (const row of ruleRows(tt, true))
    for (const rule of rulesOfRow(tt, row))
      rules.getOrInsertComputed(rule.from * tt.counts.stops + rule.to, () => []).push(rule)
  for (const list of rules.values()) list.sort((a, b) => (isStronger(a, b) ? -1 : 1))
  return rules.size === 0 ? withoutCopies(tt) : makeCopies(tt, rules)
}

function withoutCopies(tt: Timetable): StopCopies {
  const timed = timedPairs(tt)
  return {
    count: tt.counts.stops,
    stopOf: Uint32Array.from({ length: tt.counts.stops }, (_, stop) => stop),
    of: new Map(),
    trips: new Set(),
    at: stop => stop,
    extend: footpaths => footpaths,
    isGuaranteed: (from, to) => timed.has(from * tt.counts.stops + to),
  }
}

function makeCopies(tt: Timetable, rules: ReadonlyMap<number, readonly Rule[]>): StopCopies {
  const { stops } = tt.counts
  const routes = stopsOfRoutes(tt, rules)
  const copies: Copy[] = []
  const of = new Map<number, number[]>()
  const byTrip = new Map<number, Map<number, number>>()
  const byRoute = new Map<number, Map<number, number>>()
  const add = (index: Map<number, Map<number, number>>, key: number, copy: Copy): void => {
    const ofStop = index.getOrInsertComputed(copy.stop, () => new Map())
    if (ofStop.has(key)) return
    const number = stops + copies.length
    ofStop.set(key, number)
    copies.push(copy)
    of.getOrInsertComputed(copy.stop, () => []).push(number)
  }
  const name = (stop: StopIdx, trip: number, route: number): void => {
    if (trip !== NONE) {
      const own = tt.patternRoute[tt.tripPattern[trip as TripIdx]]
      if (callsAt(tt, trip as TripIdx, stop)) add(byTrip, trip, { stop, route: own, trip })
    } else if (route !== NONE && routes.get(route)!.has(stop)) add(byRoute, route, { stop, route, trip: NONE })
  }
  for (const list of rules.values())
    for (const { row, from, to } of list) {
      name(from, tt.transferFromTrip[row]!, tt.transferFromRoute[row]!)
      name(to, tt.transferToTrip[row]!, tt.transferToRoute[row]!)
    }
  const everyone = (stop: number): Copy => copies[stop - stops] ?? { stop: stop as StopIdx, route: NONE, trip: NONE }

  const timed = timedPairs(tt)
  const extended = new WeakMap<Footpaths, Footpaths>()
  return {
    count: stops + copies.length,
    stopOf: Uint32Array.from({ length: stops + copies.length }, (_, i) => copies[i - stops]?.stop ?? i),
    of,
    trips: new Set(copies.map(c => c.trip).filter(trip => trip !== NONE)),
    at: (stop, trip) =>
      byTrip.get(stop)?.get(trip) ??
      byRoute.get(stop)?.get(tt.patternRoute[tt.tripPattern[trip as TripIdx]] as RouteIdx) ??
      stop,
    extend: (footpaths, walks) =>
      extended.getOrInsertComputed(footpaths, () => {
        const taken = (rule: Rule, found: number | undefined): number => takenBy(tt, rule, found, walks)
        return extend(tt, footpaths, rules, taken, of, everyone, stops + copies.length)
      }),
    isGuaranteed(from, to) {
      const [a, b] = [everyone(from), everyone(to)]
      const pair = a.stop * stops + b.stop
      const rule = strongest(tt, rules.get(pair), a, b)
      return rule ? isTimed(tt, rule) : timed.has(pair)
    },
  }
}

function extend(
  tt: Timetable,
  footpaths: Footpaths,
  rules: ReadonlyMap<number, readonly Rule[]>,
  taken: (rule: Rule, found: number | undefined) => number,
  of: ReadonlyMap<number, readonly number[]>,
  everyone: (stop: number) => Copy,
  count: number,
): Footpaths {
  const { stops } = tt.counts
  const changes = new Int32Array(count)
  const itself = (stop: number): number[] => [stop, ...(of.get(stop) ?? [])]
  /** All that may be said about a pair of stops, copy by copy. */
  function* pair(from: number, to: number, found: number | undefined): Generator<Walk> {
    const list = rules.get(from * stops + to)
    for (const a of itself(from))
      for (const b of itself(to)) {
        const rule = strongest(tt, list, everyone(a), everyone(b))
        const seconds = rule ? taken(rule, found) : (found ?? NEVER)
        if (a === b) changes[a] = seconds
        else if (seconds < NEVER) yield { from: a, to: b, seconds }
      }
  }
  function* walks(): Generator<Walk> {
    for (let from = 0; from < stops; from++) {
      yield* pair(from, from, changeBetween(footpaths, from, from))
      for (let e = footpaths.outBegin[from]!; e < footpaths.outBegin[from + 1]!; e++)
        yield* pair(from, footpaths.outTo[e]!, footpaths.outSeconds[e]!)
    }
    // where nobody walks but for a rule
    for (const list of rules.values()) {
      const { from, to } = list[0]!
      if (from !== to && changeBetween(footpaths, from, to) === undefined) yield* pair(from, to, undefined)
    }
  }
  return buildFootpaths(count, walks(), changes)
}

/** @param rules of a pair of stops, strongest first */
const strongest = (tt: Timetable, rules: readonly Rule[] | undefined, from: Copy, to: Copy): Rule | undefined =>
  rules?.find(
    ({ row }) =>
      isNamed(tt.transferFromTrip[row]!, tt.transferFromRoute[row]!, from) &&
      isNamed(tt.transferToTrip[row]!, tt.transferToRoute[row]!, to),
  )

const isNamed = (trip: number, route: number, copy: Copy): boolean =>
  trip !== NONE ? copy.trip === trip : route === NONE || copy.route === route

/** Seconds of a change under a rule, as S36 has it for rules between stops. @param found of the walks that are looked at */
function takenBy(
  tt: Timetable,
  { from, to, seconds }: Rule,
  found: number | undefined,
  walks: WhoseWalks | undefined,
): number {
  if (from === to) return seconds === AS_FOUND ? (found ?? DEFAULT_CHANGE_SECONDS) : seconds
  const [own, usual] = walks
    ? [changeBetween(walks.own, from, to), changeBetween(walks.usual, from, to)]
    : [found, found]
  if (seconds !== AS_FOUND) return statedFor(seconds, usual, own) ?? NEVER
  return own ?? (usual === undefined ? straightLineSeconds(tt, from, to) : NEVER)
}

function callsAt(tt: Timetable, trip: TripIdx, stop: StopIdx): boolean {
  const pattern = tt.tripPattern[trip]
  for (let i = tt.slotBegin[pattern]!; i < tt.slotBegin[pattern + 1]!; i++)
    if (slotStop(tt.slots[i]!) === stop) return true
  return false
}

/** Routes that rules name → where their trips call. */
function stopsOfRoutes(tt: Timetable, rules: ReadonlyMap<number, readonly Rule[]>): Map<number, Set<StopIdx>> {
  const routes = new Map<number, Set<StopIdx>>()
  for (const list of rules.values())
    for (const { row } of list)
      for (const route of [tt.transferFromRoute[row]!, tt.transferToRoute[row]!])
        if (route !== NONE) routes.set(route, new Set())
  for (let p = 0; p < tt.counts.patterns; p++) {
    const stops = routes.get(tt.patternRoute[p as never])
    if (stops) for (let i = tt.slotBegin[p]!; i < tt.slotBegin[p + 1]!; i++) stops.add(slotStop(tt.slots[i]!))
  }
  return routes
}

/** Pairs of stops (from * stops + to) at which everybody's change is guaranteed. */
function timedPairs(tt: Timetable): Set<number> {
  if (!tt.transferType.includes(TIMED)) return new Set()
  return new Set([...readStopRules(tt)].filter(([, rule]) => isTimed(tt, rule)).map(([pair]) => pair))
}

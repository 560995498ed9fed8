// How long it takes to every stop (arrive by: from every stop), and with how many rides: one pass of the rounds without a target. A stop is
// reached when a rider gets off there or has walked there; the time to change there does not count. Of who goes his own ways (own-walks.ts) the
// walks are made as the rounds come to the stops: those from a stop that nobody reaches are never needed.

import { type OwnWalker, ownWalker, ownWalks } from '../access/own-walks.ts'
import { walkLimits } from '../access/walks.ts'
import { FreifahrtError } from '../core/errors.ts'
import { NEVER, type UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import { type Footpaths, withWalks } from '../footpaths/footpaths.ts'
import { neededFootpaths } from '../footpaths/needed.ts'
import { coversTime } from '../horizon/days.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { reachCopies } from '../transit/copied.ts'
import { mirrorFootpaths, mirrorNetwork } from '../transit/mirror.ts'
import { networkFor } from '../transit/network.ts'
import { allowedLanes, closeStops, slowerChanges, usableReach } from '../transit/options.ts'
import { runRounds, seed } from '../transit/raptor.ts'
import { clearLabels, fitLanes, MAX_RIDES } from '../transit/state.ts'
import { type Spell, timedRounds } from '../transit/timed.ts'
import { approachQuickest } from './approaches.ts'
import { plannerAt } from './moment.ts'
import { outlookFor, spellsOf } from './outlook.ts'
import type { Planner } from './plan.ts'
import { MAX_TRAVEL_TIME, type Query, type QueryPlace, queryDefaults } from './query.ts'
import { directionFor, LARGE, whoseWalks } from './side.ts'

/** What a plan's query has, without another end and a window. To the first stop (arrive by: from the last one) one comes as in a plan. */
export interface ReachQuery
  extends Pick<
    Query,
    | 'time'
    | 'arriveBy'
    | 'maxTransfers'
    | 'maxTravelTime'
    | 'maxAccess'
    | 'maxEgress'
    | 'walker'
    | 'rider'
    | 'bikeParking'
    | 'approaches'
    | 'maxMatchingDistance'
    | 'realtime'
    | 'transferTimes'
    | 'allowedRoutes'
    | 'bikes'
    | 'cars'
    | 'wheelchair'
    | 'wheelchairStops'
  > {
  readonly one: QueryPlace
}

/** Boardable stops, in ascending order of their seconds. */
export interface ReachedStop {
  readonly stop: number
  /** Since the query's time (arrive by: before it). */
  readonly seconds: number
  /** The fewest with which the stop is reached in that time; 0: on foot. */
  readonly rides: number
}

export function reachSpan(q: Pick<ReachQuery, 'time' | 'arriveBy' | 'maxTravelTime'>): [UnixSeconds, UnixSeconds] {
  const longest = Math.min(q.maxTravelTime, MAX_TRAVEL_TIME)
  return q.arriveBy ? [(q.time - longest) as UnixSeconds, q.time] : [q.time, (q.time + longest) as UnixSeconds]
}

/**
 * Every stop within `maxTravelTime`.
 * @throws TIME_OUTSIDE_TIMETABLE when no service day covers the query's time
 */
export function reachAll(planner: Planner, horizon: Horizon, q: ReachQuery): ReachedStop[] {
  return reachTrades(planner, horizon, q).map(({ stop, trades }) => ({ stop, ...trades.at(-1)! }))
}

/** A stop and all the ways to be there that are worth it: each quicker than the one before, and with more rides. */
export interface TradedStop {
  readonly stop: number
  readonly trades: readonly { readonly seconds: number; readonly rides: number }[]
}

/** What can be walked when, on a clock that begins at the query's time and in the mirror runs backwards; every elevator is told apart. */
export function spellsForAll(base: Planner, horizon: Horizon, q: ReachQuery): Spell<Planner>[] {
  const outlook = outlookFor(base, horizon, q, ...reachSpan(q))
  if (!outlook)
    return [{ opens: Number.NEGATIVE_INFINITY, closes: Number.POSITIVE_INFINITY, holds: plannerAt(base, horizon, q) }]
  for (const { elevator } of outlook.outages) outlook.apart.add(elevator.id)
  const clock = (time: number): number => (q.arriveBy ? q.time - time : time - q.time)
  return spellsOf(outlook, q.time).map(({ opens, closes, holds }) => {
    const [begin, end] = q.arriveBy ? [closes, opens] : [opens, closes]
    return { opens: clock(begin), closes: clock(end), holds }
  })
}

/** As `reachAll`, with what fewer rides would do as well. In ascending order of the quickest. */
export function reachTrades(
  base: Planner,
  horizon: Horizon,
  q: ReachQuery,
  spells: readonly Spell<Planner>[] = spellsForAll(base, horizon, q),
): TradedStop[] {
  const planner = spells[0]!.holds
  const { timetable: tt, state } = planner
  if (!coversTime(tt, q.time))
    throw new FreifahrtError('TIME_OUTSIDE_TIMETABLE', 'time', `${iso(q.time)} is outside the timetable`)
  const longest = Math.min(q.maxTravelTime, MAX_TRAVEL_TIME)
  const on = <T>(holds: (planner: Planner) => T): Spell<T>[] => {
    const made = new Map<Planner, T>()
    return spells.map(s => ({ ...s, holds: made.getOrInsertComputed(s.holds, () => holds(s.holds)) }))
  }
  const [maxAccess, maxEgress] = [q.maxAccess, q.maxEgress].map(seconds => Math.min(seconds, longest)) as [
    number,
    number,
  ]
  const asked = { ...queryDefaults, ...q, from: q.one, to: q.one, maxAccess, maxEgress }
  const around = on(there => approachQuickest(there, horizon, asked, q.arriveBy ? 'egress' : 'access'))
  const forward = networkFor(horizon, ...reachSpan(q), q.realtime, allowedLanes(tt, q))
  const network = q.arriveBy ? mirrorNetwork(forward) : forward
  const copies = stopCopies(tt)
  const { bounds } = directionFor(planner, q.arriveBy, q.realtime ? horizon.live : undefined)
  bounds.seconds.fill(0)
  closeStops(tt, q.wheelchairStops, bounds.seconds)

  clearLabels(state)
  fitLanes(state, network.lanes)
  // the search's clock begins at the query's time, in the mirror as well
  for (const { opens, closes, holds } of around) {
    const access = reachCopies(tt, usableReach(tt, q.wheelchairStops, holds))
    for (let i = 0; i < access.count; i++) {
      const there = Math.max(0, opens) + access.seconds[i]!
      if (there <= Math.min(closes, longest)) seed(state, access.stops[i]!, there)
    }
  }
  const inOrder = (f: Footpaths): Footpaths => slowerChanges(q.arriveBy ? mirrorFootpaths(f) : f, q.transferTimes)
  const changesOf = (there: Planner): Footpaths | (() => Footpaths) =>
    there.own
      ? () => {
          const own = ownWalksAt(there, q.arriveBy, state.alighted.subarray(0, state.alightedCount))
          return inOrder(copies.extend(own, { own, usual: there.onFoot }))
        }
      : inOrder(copies.extend(neededFootpaths(there.footpaths, q.transferTimes.min), whoseWalks(there)))
  const maxRides = Math.min(MAX_RIDES, q.maxTransfers + 1)
  if (spells.length === 1) runRounds(network, changesOf(planner), bounds, state, maxRides, longest + 1)
  else timedRounds(network, { footpaths: on(changesOf), egress: [] }, bounds, state, maxRides, longest + 1)

  const { rounds, opened, stops, touched, touchedCount, ride } = state
  const best = new Map<number, Int32Array>()
  const offer = (stop: number, seconds: number, rides: number): void => {
    if (seconds > longest || bounds.seconds[stop] === NEVER) return
    const there = best.getOrInsertComputed(stop, () => new Int32Array(rounds).fill(NEVER))
    if (seconds < there[rides]!) there[rides] = seconds
  }
  // the walk after the last ride is no change: no rule for routes or trips is about it
  const reachedBy = touched.subarray(0, touchedCount).filter(stop => ride[opened * stops + stop]! <= longest)
  const walks = on(there => {
    const known = lastWalksAt(there, asked, reachedBy)
    return q.arriveBy ? mirrorFootpaths(known) : known
  })
  for (const { opens, closes, holds } of around)
    for (let i = 0; i < holds.count; i++) {
      const there = Math.max(0, opens) + holds.seconds[i]!
      if (there <= closes) offer(holds.stops[i]!, there, 0)
    }
  const lastWalk = q.arriveBy ? q.maxAccess : q.maxEgress
  for (const copy of reachedBy) {
    const stop = copies.stopOf[copy]!
    let before = NEVER
    for (let rides = 1; rides <= opened; rides++) {
      const seconds = ride[rides * stops + copy]!
      if (seconds >= before || seconds > longest) continue
      before = seconds
      offer(stop, seconds, rides)
      for (const { opens, closes, holds } of walks) {
        const { outBegin, outTo, outSeconds } = holds
        const begin = Math.max(seconds, opens)
        for (let e = outBegin[stop]!; e < outBegin[stop + 1]!; e++)
          if (outSeconds[e]! <= lastWalk && begin + outSeconds[e]! <= closes)
            offer(outTo[e]!, begin + outSeconds[e]!, rides)
      }
    }
  }
  const reached: TradedStop[] = []
  for (const [stop, there] of best) {
    const trades: { seconds: number; rides: number }[] = []
    there.forEach((seconds, rides) => {
      if (seconds < (trades.at(-1)?.seconds ?? NEVER)) trades.push({ seconds, rides })
    })
    reached.push({ stop, trades })
  }
  const quickest = ({ trades }: TradedStop): number => trades.at(-1)!.seconds
  return reached.sort((a, b) => quickest(a) - quickest(b) || a.stop - b.stop)
}

/** Walks after the last ride from these stops, or copies of stops (arrive by: to them): as far as a plan walks to its end. */
function lastWalksAt(planner: Planner, q: Query, at: Int32Array): Footpaths {
  const { timetable: tt, ground, footpaths, own } = planner
  const maxSeconds = q.arriveBy ? q.maxAccess : q.maxEgress
  if (maxSeconds <= (own ? own.maxSeconds : walkLimits(tt).near) || !ground.streets || tt.counts.stops >= LARGE)
    return own ? ownWalksAt(planner, q.arriveBy, at) : footpaths
  const walker = own?.walker ?? q.walker
  const kept = farther.getOrInsertComputed(planner, () => new Map())
  const key = JSON.stringify([walker.name, walker.speed, walker.limits, walker.weights])
  let known = kept.get(key)
  if (!known || known.maxSeconds < maxSeconds) {
    known = { ...ownWalker(tt, walker, walker), maxSeconds }
    if (kept.size >= MOST_WALKERS) kept.delete(kept.keys().next().value!)
    kept.set(key, known)
  }
  return ownWalksAt({ ...planner, own: known }, q.arriveBy, at)
}

/** Walkers whose longer last walks a planner keeps. */
const MOST_WALKERS = 4
const farther = new WeakMap<Planner, Map<string, OwnWalker>>()

/** A table of his own walks from these stops, or copies of stops (arrive by: to them), and of no others. */
function ownWalksAt(planner: Planner, reverse: boolean, at: Int32Array): Footpaths {
  const { timetable: tt, ground, footpaths, own } = planner
  const stops = new Set(Array.from(at, stop => stopCopies(tt).stopOf[stop]!))
  const walks = ownWalks(ground, footpaths, own!, stops, reverse)
  const table = withWalks(footpaths, walks, false)
  return reverse ? mirrorFootpaths(table) : table
}

const iso = (t: UnixSeconds): string => new Date(t * 1000).toISOString()

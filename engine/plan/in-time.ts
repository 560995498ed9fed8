// Journeys in which every walk is made over elevators that work from its beginning to its end, while some of them change (outlook.ts).
//
//   nothing told apart     as if all worked that ever works      is no walk near an elevator that is out just then, this is the answer
//   some are               a search for which they are what      the same question again, about the others
//                          they are at each time (timed.ts)
//   places on the way      as if what is told apart never worked, and what can be made of what is found as if it always did: never over what
//                          is out, but some journey may be missed

import type { StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import { changeBetween, type Footpaths } from '../footpaths/footpaths.ts'
import { reachCopies } from '../transit/copied.ts'
import type { Journey, Leg, LegEnd, RideLeg, WalkLeg } from '../transit/journey.ts'
import { mirrorFootpaths } from '../transit/mirror.ts'
import { usableReach } from '../transit/options.ts'
import type { Reach } from '../transit/range.ts'
import { fasterAlone, isAlways, overAt, type Spell, type TimedWalks } from '../transit/timed.ts'
import {
  changesWithin,
  endsOn,
  inTheWay,
  type Outlook,
  plannerAtBest,
  plannerWhile,
  plannerWithoutApart,
  spellsOf,
} from './outlook.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'
import { searchingAgain, type TransitSearch } from './search.ts'
import { changesOf, changesToSearch, type Ends, type PlanSide } from './side.ts'
import { reachOfVia } from './via.ts'
import { isIn, spanAround, type Window } from './window.ts'

/** How a query comes to its stops and leaves them, by one planner's streets. */
export interface TimedWay {
  readonly endsOn: (planner: Planner) => Ends
  /** With a vehicle, m/s of the fastest on it; undefined: on foot. */
  readonly riding?: number
}

export const walkingWay = (o: Outlook, q: Query): TimedWay => ({ endsOn: planner => endsOn(o, q, planner) })

/** The search of one way for any window of a query. */
export function searchInTime(o: Outlook, q: Query, way: TimedWay): (window: Window) => Journey[] {
  let known = { apart: o.apart.size, search: searchApart(o, q, way) }
  return window => {
    for (;;) {
      if (known.apart !== o.apart.size) known = { apart: o.apart.size, search: searchApart(o, q, way) }
      const found = known.search(window)
      const others = found.flatMap(j => outagesOn(o, q, way, j))
      if (others.length === 0) return found.filter(j => q.window === 0 || isIn(q, window, j))
      for (const id of others) o.apart.add(id)
    }
  }
}

const isTimed = ({ apart }: Outlook, { vias }: Query): boolean => apart.size > 0 && vias.length === 0

/** With what is told apart by now. Who leaves just after the window is told as well: a journey of the window has to better that. */
function searchApart(o: Outlook, q: Query, way: TimedWay): (window: Window) => Journey[] {
  const searchWith = (planner: Planner) => searchingAgain(planner, o.horizon, q, way.endsOn(planner))
  if (o.apart.size > 0 && !isTimed(o, q)) {
    // neither can lead over what is out: what is closed always, and what was found as if all worked, where it does
    const [closed, best] = [plannerWithoutApart(o), plannerAtBest(o)].map(planner => searchWith(planner))
    const asFound = madeAsFound(o, q, way)
    const within = (search: TransitSearch, window: Window): Journey[] =>
      q.window === 0 ? search.at(q.time) : search.within(window)
    return window => [
      ...closed!(search => within(search, window)),
      ...best!(search => within(search, window)).filter(asFound),
    ]
  }
  const again = searchWith(plannerAtBest(o))
  if (isTimed(o, q)) {
    const spells = spellsOf(o, q.time)
    const settle = settling(spells, q, way)
    const walks = walksOn(spells, q, way)
    return window => again(search => search.over(walks, window)).flatMap(j => settle(j) ?? [])
  }
  if (q.window === 0) return () => again(search => search.at(q.time))
  return window => {
    const next = (q.arriveBy ? window.begin - 1 : window.end) as UnixSeconds
    const matters = changesWithin(o, ...spanAround({ time: next, arriveBy: q.arriveBy }, FAR))
    return again(search => [...search.within(window), ...(matters ? search.at(next) : [])])
  }
}

/** Whoever leaves after the window betters a journey of it only if he is there before: he travels no longer. Beyond so many seconds nobody looks. */
const FAR = 6 * 3600

/** Ids of elevators that its walks may lead over, that are out then, and that are not told apart. */
export function outagesOn(o: Outlook, q: Query, way: TimedWay, { legs }: Pick<Journey, 'legs'>): string[] {
  return legs.flatMap((leg, n) => {
    const isEnd = n === 0 || n === legs.length - 1
    if (leg.kind === 'ride') return []
    // between two rides it may yet be moved to where a rider would rather change (tidy.ts); if it cannot, it is asked again
    const between =
      isEnd || isTimed(o, q) || q.vias.length > 0
        ? leg
        : { departure: legs[n - 1]!.arrival, arrival: legs[n + 1]!.departure }
    const near = inTheWay(o, q, leg, between.departure, between.arrival, speedOf(q, way, isEnd))
    // of all that lies within a ride next to nothing is on it
    const isRidden = way.riding !== undefined && isEnd && near.length > 0
    return isRidden && isMadeBy(plannerWhile(o, leg.departure, leg.arrival), way, leg) ? [] : near
  })
}

const speedOf = ({ walker }: Query, { riding }: TimedWay, isEnd: boolean): number =>
  isEnd && riding !== undefined ? Math.max(riding, walker.speed) : walker.speed

/** Is the way to the first stop, or from the last, as quick by this planner? */
function isMadeBy(planner: Planner | undefined, way: TimedWay, { from, to, departure, arrival }: WalkLeg): boolean {
  if (!planner) return false
  const [side, at] = from.kind === 'start' ? (['start', to] as const) : (['end', from] as const)
  const { stops, seconds } = way.endsOn(planner)[side]
  const i = at.kind === 'stop' ? Array.prototype.indexOf.call(stops, at.stop) : -1
  return i >= 0 && seconds[i]! <= arrival - departure
}

/**
 * By which planner the way to the first stop, or from the last, is made as it was found.
 * @returns one by which it leads over nothing that is out of order then
 */
export function plannersOfEnds(o: Outlook, q: Query, way: TimedWay): (leg: WalkLeg) => Planner {
  const spells = isTimed(o, q) ? spellsOf(o, q.time) : []
  const all = { ...o, apart: new Set<string>() }
  function* planners(leg: WalkLeg): Generator<Planner | undefined> {
    const { departure, arrival } = leg
    if (inTheWay(all, q, leg, departure, arrival, speedOf(q, way, true)).length > 0)
      yield plannerWhile(o, departure, arrival)
    for (const { opens, closes, holds } of spells) if (opens <= departure && arrival <= closes) yield holds
    yield plannerWithoutApart(o)
  }
  return leg => planners(leg).find(planner => isMadeBy(planner, way, leg)) ?? plannerAtBest(o)
}

/** Is a journey that was found as if all worked made as it is: each walk as quick without what is out just then? */
function madeAsFound(o: Outlook, q: Query, way: TimedWay): (j: Journey) => boolean {
  const told = { ...o, apart: new Set<string>() }
  const secondsBy = walkSeconds(q, way)
  return journey => {
    const { legs } = journey
    return legs.every((leg, n) => {
      const isEnd = n === 0 || n === legs.length - 1
      if (leg.kind === 'ride') return true
      const { departure, arrival } = leg
      if (inTheWay(told, q, leg, departure, arrival, speedOf(q, way, isEnd)).length === 0) return true
      const planner = plannerWhile(o, departure, arrival)
      return planner !== undefined && secondsBy(planner, journey, n) <= arrival - departure
    })
  }
}

/** The journey as it is told: tidied, unless that leads over what is out of order then. */
export function toldInTime(o: Outlook, q: Query, way: TimedWay): (tidied: Journey, found: Journey) => Journey {
  const settle = isTimed(o, q) ? settling(spellsOf(o, q.time), q, way) : (j: Journey) => j
  return (tidied, found) => {
    const told = settle(tidied)
    return told && outagesOn(o, q, way, told).length === 0 ? told : found
  }
}

/** Walks on the search's clock, which in the mirror runs backwards; what is not always open holds only what is better there. */
function walksOn(spells: readonly Spell<Planner>[], q: Query, way: TimedWay): (side: PlanSide) => TimedWalks {
  return ({ network: { base, mirrored } }) => {
    const clocked = ({ opens, closes }: Spell<unknown>) =>
      mirrored ? { opens: base - closes, closes: base - opens } : { opens: opens - base, closes: closes - base }
    const on = <T>(holds: (planner: Planner) => T): Spell<T>[] => {
      const made = new Map<Planner, T>()
      return spells.map(spell => ({
        ...clocked(spell),
        holds: made.getOrInsertComputed(spell.holds, () => holds(spell.holds)),
      }))
    }
    const [near, far] = mirrored ? (['end', 'start'] as const) : (['start', 'end'] as const)
    const usable = (planner: Planner, side: 'start' | 'end'): Reach =>
      reachCopies(planner.timetable, usableReach(planner.timetable, q.wheelchairStops, way.endsOn(planner)[side]))
    const changes = on(planner => changesToSearch(planner, q))
    const always = changes.find(isAlways)!
    return {
      footpaths: changes.map(spell => {
        const footpaths = spell === always ? spell.holds : fasterAlone(spell.holds, always.holds)
        return { ...spell, holds: mirrored ? mirrorFootpaths(footpaths) : footpaths }
      }),
      access: on(planner => usable(planner, near)),
      egress: on(planner => secondsOf(usable(planner, far))),
    }
  }
}

const secondsOf = ({ count, stops, seconds }: Reach): ReadonlyMap<number, number> =>
  new Map(Array.from({ length: count }, (_, i) => [stops[i]!, seconds[i]!]))

/** Seconds of a journey's n-th leg, a walk, by a planner's walks; ∞: it has none. */
function walkSeconds(q: Query, way: TimedWay): (planner: Planner, journey: Pick<Journey, 'legs'>, n: number) => number {
  const around = new Map<Planner, Map<string, ReadonlyMap<number, number>>>()
  const changes = new Map<Planner, Footpaths>()
  /** To or from a place of the query. */
  const at = (planner: Planner, place: string, reach: () => Reach, stop: number): number =>
    around
      .getOrInsertComputed(planner, () => new Map())
      .getOrInsertComputed(place, () => secondsOf(reach()))
      .get(stop) ?? Number.POSITIVE_INFINITY
  const between = (planner: Planner, legs: readonly Leg[], n: number, from: StopIdx, to: StopIdx): number => {
    const copies = stopCopies(planner.timetable)
    const footpaths = changes.getOrInsertComputed(planner, () => changesOf(planner, q))
    const copyAt = (stop: StopIdx, leg: Leg | undefined): number =>
      leg?.kind === 'ride' ? copies.at(stop, leg.trip) : stop
    return changeBetween(footpaths, copyAt(from, legs[n - 1]), copyAt(to, legs[n + 1])) ?? Number.POSITIVE_INFINITY
  }
  return (planner, { legs }, n) => {
    const { from, to } = legs[n] as WalkLeg
    if (from.kind === 'stop' && to.kind === 'stop') return between(planner, legs, n, from.stop, to.stop)
    const [end, stop, isLeft] =
      from.kind === 'stop' ? ([to, from.stop, false] as const) : ([from, (to as StopEnd).stop, true] as const)
    if (end.kind === 'via')
      return at(planner, `${end.via} ${isLeft}`, () => reachOfVia(planner, q, q.vias[end.via]!.place, isLeft), stop)
    const side = isLeft ? 'start' : 'end'
    return at(planner, side, () => way.endsOn(planner)[side], stop)
  }
}

type StopEnd = Extract<LegEnd, { readonly kind: 'stop' }>

/** The same journey with each walk when it can be made: the first as late as may be, all others as soon. Undefined: it cannot. */
function settling(spells: readonly Spell<Planner>[], q: Query, way: TimedWay): (j: Journey) => Journey | undefined {
  const secondsBy = walkSeconds(q, way)
  const back = spells.map(({ opens, closes, holds }) => ({ opens: -closes, closes: -opens, holds }))
  return journey => {
    const legs: Leg[] = []
    for (const [n, leg] of journey.legs.entries()) {
      const [before, after] = [journey.legs[n - 1] as RideLeg | undefined, journey.legs[n + 1] as RideLeg | undefined]
      if (leg.kind === 'ride') {
        legs.push(leg)
        continue
      }
      const took = (planner: Planner): number => secondsBy(planner, journey, n)
      const over = before ? overAt(spells, before.arrival, took) : after!.departure
      const departure = -overAt(back, -over, took)
      const arrival = overAt(spells, departure, took)
      if (!Number.isFinite(departure) || arrival > (after?.departure ?? journey.arrival)) return undefined
      legs.push({ ...leg, departure: departure as UnixSeconds, arrival: arrival as UnixSeconds })
    }
    const [departure, arrival] = [legs[0]!.departure, legs.at(-1)!.arrival]
    return departure < journey.departure || arrival > journey.arrival
      ? undefined
      : { ...journey, departure, arrival, legs }
  }
}

// The slow twin of footpaths/copies.ts: what transfers.txt says about a change between two trips, row by row as its words mean it (S33–S36).

import { NONE } from '#engine/core/ids.ts'
import { changeBetween, type Footpaths } from '#engine/footpaths/footpaths.ts'
import { straightLineSeconds } from '#engine/footpaths/transfers.ts'
import { slotStop, type Timetable } from '#engine/timetable/timetable.ts'
import type { TransferTimes } from '#engine/transit/options.ts'

export interface PlainRules {
  /** Stop → the stops from which some change to it is under a rule for routes or trips. */
  readonly from: ReadonlyMap<number, ReadonlySet<number>>
  /** Seconds of the change; undefined where nobody can. */
  seconds(from: number, fromTrip: number, to: number, toTrip: number): number | undefined
}

/** @param times how this query makes its changes slower */
export function plainRules(tt: Timetable, footpaths: Footpaths, times?: TransferTimes): PlainRules | undefined {
  const platforms = (stop: number): number[] =>
    tt.stopLocationType[stop] !== 1
      ? [stop]
      : Array.from({ length: tt.counts.stops }, (_, s) => s).filter(
          s => tt.stopParent[s as never] === stop && tt.stopLocationType[s] === 0,
        )
  const stopsOf = (trip: number): number[] => {
    const pattern = tt.tripPattern[trip as never]
    return [...tt.slots.subarray(tt.slotBegin[pattern]!, tt.slotBegin[pattern + 1]!)].map(slotStop)
  }
  const routeOf = (trip: number): number => tt.patternRoute[tt.tripPattern[trip as never]]
  const callers = (stop: number, route: number): boolean =>
    Array.from({ length: tt.counts.trips }, (_, t) => t).some(t => routeOf(t) === route && stopsOf(t).includes(stop))
  /** Is this side of a row about a trip that stops there? */
  const isAbout = (stop: number, trip: number, namedTrip: number, namedRoute: number): boolean =>
    namedTrip !== NONE
      ? namedTrip === trip && stopsOf(trip).includes(stop)
      : namedRoute === NONE || (routeOf(trip) === namedRoute && callers(stop, namedRoute))

  const from = new Map<number, Set<number>>()
  const rows: number[] = []
  for (let row = 0; row < tt.counts.transfers; row++) {
    const named = [tt.transferFromRoute, tt.transferToRoute, tt.transferFromTrip, tt.transferToTrip]
    if (tt.transferType[row]! > 3 || named.every(column => column[row] === NONE)) continue
    rows.push(row)
    for (const a of platforms(tt.transferFromStop[row]!))
      for (const b of platforms(tt.transferToStop[row]!)) from.getOrInsertComputed(b, () => new Set()).add(a)
  }
  if (rows.length === 0) return undefined

  const rank = (row: number): number => {
    const [fromTrip, toTrip] = [tt.transferFromTrip[row] !== NONE, tt.transferToTrip[row] !== NONE]
    const [fromRoute, toRoute] = [tt.transferFromRoute[row] !== NONE, tt.transferToRoute[row] !== NONE]
    const places = [tt.transferFromStop[row]!, tt.transferToStop[row]!].filter(s => tt.stopLocationType[s] !== 1).length
    const trips = Number(fromTrip) + Number(toTrip)
    const words =
      trips === 2 ? 5 : trips === 1 && ((fromTrip && toRoute) || (toTrip && fromRoute)) ? 4 : trips === 1 ? 3 : 0
    return 10 * (words || Number(fromRoute) + Number(toRoute)) + places
  }
  const slower = (seconds: number): number =>
    times ? Math.ceil(Math.max(times.min, seconds * times.factor)) + times.additional : seconds
  const answer = (a: number, tripA: number, b: number, tripB: number): number | undefined => {
    const found = changeBetween(footpaths, a, b)
    const best = rows
      .filter(
        row =>
          platforms(tt.transferFromStop[row]!).includes(a) &&
          platforms(tt.transferToStop[row]!).includes(b) &&
          isAbout(a, tripA, tt.transferFromTrip[row]!, tt.transferFromRoute[row]!) &&
          isAbout(b, tripB, tt.transferToTrip[row]!, tt.transferToRoute[row]!),
      )
      .reduce<number | undefined>((x, y) => (x === undefined || rank(y) > rank(x) ? y : x), undefined)
    const stated = best === undefined ? -1 : tt.transferMinTime[best]!
    const type = best === undefined ? 0 : tt.transferType[best]
    const asFound =
      best === undefined ? found : (found ?? (a === b ? 120 : straightLineSeconds(tt, a as never, b as never)))
    const seconds = type === 3 ? undefined : stated >= 0 ? stated : type === 1 ? 0 : type === 2 ? 120 : asFound
    return seconds === undefined ? undefined : slower(seconds)
  }
  const known = new Map<number, number | undefined>()
  const { stops } = tt.counts
  // −1: nobody's
  const trips = tt.counts.trips + 1
  return {
    from,
    seconds(a, tripA, b, tripB) {
      const key = ((a * trips + tripA + 1) * stops + b) * trips + tripB + 1
      if (!known.has(key)) known.set(key, answer(a, tripA, b, tripB))
      return known.get(key)
    },
  }
}

/** The same in the mirror: who changes from a to b there, changes from b to a here. */
export function mirrorRules(rules: PlainRules | undefined): PlainRules | undefined {
  if (!rules) return undefined
  const from = new Map<number, Set<number>>()
  for (const [to, stops] of rules.from)
    for (const stop of stops) from.getOrInsertComputed(stop, () => new Set()).add(to)
  return { from, seconds: (a, tripA, b, tripB) => rules.seconds(b, tripB, a, tripA) }
}

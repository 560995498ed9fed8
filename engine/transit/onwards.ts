// A window that grows until it holds enough, looked at from the query's other end. There the labels of one arrival stay for the next, later one:
// however far the window grows, nothing is searched twice, and two questions for a single moment are enough.
//
//   who leaves at 9:30 is there   at 10:40 with 3 rides, at 11:10 with 2                                       one question, forwards
//   arrivals from then on         10:40 ◀── 9:55   11:10 ◀── 9:50 with 2   11:25 ◀── nothing after 9:55   11:40 ◀── 10:35   backwards
//   enough                        all that leaves up to 10:35 with 3 rides is found. With 2 rides there may be more: what leaves after 9:50
//                                 and is there before who leaves at 10:36                                      another question, of 2 rides
//
// One that grows towards earlier departures needs neither: a range search begins with the last of them.

import { NEVER } from '../core/time.ts'
import {
  arrivalsBetween,
  ask,
  type Found,
  hold,
  type Known,
  latestAt,
  mirrored,
  ridesAt,
  type Side,
} from './both-ends.ts'
import { ACCESS_LIMIT, departuresAt, leaveAt, report, seedOf } from './range.ts'
import { runRounds } from './raptor.ts'
import { clearLabels, fitLanes } from './state.ts'

/** Seconds of arrivals, or departures, that are looked up at once. */
const STRETCH = 3600

/** How many departures there are at the near end in the hour after `from`, and how many arrivals at the far one. */
function eventsAfter(near: Side, far: Side, from: number): { departures: number; arrivals: number } {
  const departures = departuresAt(near.network, near.query.access, near.bounds, from, from + STRETCH)
  const to = mirrored(near, from) + 1
  const arrivals = departuresAt(far.network, far.query.access, far.bounds, to - STRETCH, to)
  return { departures: departures.length, arrivals: arrivals.length }
}

/** Does no more happen at the far end in the hour after `from` than at the near one, and so many? */
export function isQuieter(near: Side, far: Side, from: number, more: number): boolean {
  const { departures, arrivals } = eventsAfter(near, far, from)
  return arrivals <= departures + more
}

/** The same of the near end, in the hour before `to`. */
export function isCalmer(near: Side, far: Side, to: number, more: number): boolean {
  const { departures, arrivals } = eventsAfter(near, far, to - STRETCH)
  return departures <= arrivals + more
}

/**
 * Departures from `from` on until there are `enough`, on the clock of `near`.
 * @param to the search ends there at the latest
 * @param found called for each answer right after it is final, on the clock of `far`; some may leave after the time that is returned
 * @returns all that leave before then have been found
 */
export function searchOnwards(
  near: Side,
  far: Side,
  known: Known,
  from: number,
  to: number,
  enough: number,
  found: Found,
): number {
  const { earliest } = known
  if (!earliest.has(from)) ask(near, known, from)
  const { maxRides, maxTravelTime, access } = far.query
  const first = earliest.get(from)!.subarray(0, maxRides + 1)
  let arrival = Math.min(...first)
  if (arrival === -NEVER) return to
  const { left, last, nextDeparture, arriveAt } = arriving(near, far, from, to, found)
  for (let begin = arrival; left.length < enough; begin += STRETCH) {
    if (begin >= to + maxTravelTime || nextDeparture(last[maxRides]! + 1) >= to) return to
    const [low, high] = [mirrored(near, begin + STRETCH) + 1, mirrored(near, begin) + 1]
    const arrivals = departuresAt(far.network, access, far.bounds, low, high)
    for (let i = arrivals.length - 1; i >= 0 && left.length < enough; ) {
      arrival = mirrored(near, Math.floor(arrivals[i]! / ACCESS_LIMIT))
      i = arriveAt(
        arrivals,
        i,
        first.findLastIndex(time => time <= arrival),
      )
    }
  }
  const end = Math.min(to, left.sort((a, b) => a - b)[enough - 1]! + 1)
  const few = last.findLastIndex(time => time < end - 1)
  const fewer = { ...near.query, maxRides: few }
  const latest = few > 0 ? leaveAt(near.network, near.footpaths, near.bounds, fewer, near.state, end) : undefined
  if (latest === undefined) return end
  const lower = first.map((time, k) => (k <= few ? Math.max(time, arrival + 1) : NEVER))
  const upper = near.state.target.map((time, k) => (k <= few ? Math.min(time, latest) : 0))
  const others = arrivalsBetween(near, far, lower, upper)
  for (let i = others.length - 1; i >= 0; ) {
    const time = mirrored(near, Math.floor(others[i]! / ACCESS_LIMIT))
    i = arriveAt(others, i, ridesAt(time, few, lower, upper))
  }
  return end
}

/**
 * Departures before `to`, the last of them first, until there are `enough`, on the clock of `near`: the labels of one stay for the next, earlier one.
 * @param from the search ends there at the latest
 * @param found as of `searchOnwards`, on the clock of `near`
 * @returns all that leave from then on have been found
 */
export function searchBackwards(
  near: Side,
  known: Known,
  from: number,
  to: number,
  enough: number,
  found: Found,
): number {
  const { network, footpaths, bounds, query, state } = near
  const { access, maxRides, maxTravelTime } = query
  const latest = latestAt(near, known, to)
  if (latest === -NEVER) return from
  let count = 0
  for (let end = to; end > from; end -= STRETCH) {
    const departures = departuresAt(network, access, bounds, Math.max(from, end - STRETCH), end)
    for (let i = departures.length - 1; i >= 0; ) {
      const time = Math.floor(departures[i]! / ACCESS_LIMIT)
      i = seedOf(access, state, departures, i)
      runRounds(network, footpaths, bounds, state, maxRides, Math.min(latest, time + maxTravelTime + 1))
      report(state, maxRides, time, (rides, departure) => {
        count++
        found(rides, departure)
      })
      if (count < enough) continue
      hold(near, known, time, latest)
      return time
    }
  }
  hold(near, known, from, latest)
  return from
}

/** Arrivals, each searched on the labels of those before; and what has been found so far. */
function arriving(
  near: Side,
  { network, footpaths, bounds, query, state }: Side,
  from: number,
  to: number,
  found: Found,
) {
  const { access, maxRides, maxTravelTime } = query
  const nextDeparture = departuresOf(near, from, to)
  const left: number[] = []
  /** Rides → the last of these departures with as many or fewer. */
  const last = new Float64Array(maxRides + 1).fill(from - 1)
  /** Only who leaves with the next vehicle, or a later one, betters that. */
  const expectNext = (): void =>
    last.forEach((time, k) => {
      state.target[k] = mirrored(near, nextDeparture(time + 1)) + 1
    })
  clearLabels(state)
  fitLanes(state, network.lanes)
  expectNext()
  /** The i-th and those of the same time. @returns the one before them */
  const arriveAt = (arrivals: Float64Array, i: number, rides: number): number => {
    const time = Math.floor(arrivals[i]! / ACCESS_LIMIT)
    const next = seedOf(access, state, arrivals, i)
    runRounds(network, footpaths, bounds, state, rides, time + maxTravelTime + 1)
    const before = left.length
    report(state, rides, time, k => {
      const departure = mirrored(near, state.target[k]!)
      left.push(departure)
      for (let j = k; j <= maxRides; j++) last[j] = Math.max(last[j]!, departure)
      found(k, time)
    })
    if (left.length > before) expectNext()
    return next
  }
  return { left, last, nextDeparture, arriveAt }
}

/** The first departure at or after a time, from `from` on; `to` if there is none before. */
function departuresOf({ network, query, bounds }: Side, from: number, to: number): (time: number) => number {
  const known: number[] = []
  let end = from
  return time => {
    while (end < to && !(known.at(-1)! >= time)) {
      const begin = end
      end = Math.min(to, end + STRETCH)
      for (const packed of departuresAt(network, query.access, bounds, begin, end))
        known.push(Math.floor(packed / ACCESS_LIMIT))
    }
    return known.find(departure => departure >= time) ?? to
  }
}

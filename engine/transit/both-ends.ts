// The range search from that end of a query at which less happens. From a station with a train every two minutes to a village with a bus every
// two hours, most departures bring nothing new, and each is a search of its own; seen from the village there are a few arrivals. Two questions for a single moment say
// which arrivals matter, and the search in the mirror looks at no others (nigiri's "pong" jumps from journey to journey likewise):
//
//   earliest arrival     leaving at `from`           leaving at `to`
//   with 1 ride                        11:10 ─────────────────── 13:10     a journey of the window that is worth anything arrives
//   with 2 rides                 10:40 ───── 11:05                         on its line: not before the first, before the second
//
// What is found is what searchRange finds, up to other rides at the same times.

import { NEVER } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { LowerBounds } from './bounds.ts'
import type { SearchNetwork } from './network.ts'
import { ACCESS_LIMIT, departuresAt, leaveAt, leaveBefore, report, seedOf, type TransitQuery } from './range.ts'
import { runRounds } from './raptor.ts'
import { clearLabels, fitLanes, type SearchState } from './state.ts'

export type Found = (rides: number, departure: number) => void

/** A query seen from one of its ends, in that direction's clock. */
export interface Side {
  readonly network: SearchNetwork
  readonly footpaths: Footpaths
  readonly bounds: LowerBounds
  readonly query: TransitQuery
  readonly state: SearchState
}

/** When the other end is asked. */
export interface Turning {
  /** Departures from which on two questions for a single moment are worth it. */
  readonly many: number
  /** How many more than the arrivals they have to be. */
  readonly more: number
  /** How many more arrivals an hour than departures a window that grows later (onwards.ts) may look at. */
  readonly onwards: number
  /** How many more departures an hour than arrivals one that grows earlier may. */
  readonly backwards: number
}

/** Measured on Tokyo. */
export const turning: Turning = { many: 6, more: 2, onwards: 6, backwards: 0 }

/** What is kept from window to window of one query, on the clock of its near side. */
export interface Known {
  /** Time → rides → no journey that leaves then or later arrives before. */
  readonly earliest: Map<number, Int32Array>
  /** Until the next pass of any search the near state’s labels are those of who leaves at `from` or later; `latest` as `ask` returns it. */
  held: { readonly from: number; readonly latest: number; readonly passes: number } | undefined
}

export const nothingKnown = (): Known => ({ earliest: new Map(), held: undefined })

/**
 * All departures of [from, to), on the clock of `near`.
 * @param opposite the mirrored side, asked for when it pays
 * @param found @param foundOpposite called for each answer right after it is final, on the clock of the state that holds its parents
 */
export function rangeFromEither(
  near: Side,
  opposite: () => Side,
  known: Known,
  from: number,
  to: number,
  found: Found,
  foundOpposite: Found,
  { many, more }: Turning = turning,
): void {
  const { network, footpaths, bounds, query, state } = near
  const departures = departuresAt(network, query.access, bounds, from, to)
  if (departures.length === 0) return
  const { earliest } = known
  if (departures.length >= many) {
    if (!earliest.has(from)) ask(near, known, from)
    if (!earliest.has(to)) ask(near, known, to)
    const [first, last] = [earliest.get(from)!, earliest.get(to)!]
    const far = opposite()
    const arrivals = arrivalsBetween(near, far, first, last)
    if (arrivals.length + more < departures.length) {
      arriveAfter(near, far, arrivals, first, last, [from, to], foundOpposite)
      return
    }
  }
  const latest = latestAt(near, known, to)
  if (latest > -NEVER) leaveBefore(network, footpaths, bounds, query, state, departures, latest, found)
  hold(near, known, from, latest)
}

/** The near state's labels are now those of who leaves at `from` or later. */
export function hold(
  {
    state: {
      work: { passes },
    },
  }: Side,
  known: Known,
  from: number,
  latest: number,
): void {
  known.held = { from, latest, passes }
}

/** Searches for who leaves at `time` unless near's labels are still those. @returns as `ask` */
export const latestAt = (near: Side, known: Known, time: number): number =>
  known.held?.from === time && known.held.passes === near.state.work.passes ? known.held.latest : ask(near, known, time)

/** @returns from when on arrivals are of no interest to who leaves at `time` or before */
export function ask(near: Side, known: Known, time: number): number {
  const { network, footpaths, bounds, query, state } = near
  const latest = leaveAt(network, footpaths, bounds, query, state, time) ?? -NEVER
  hold(near, known, time, latest)
  known.earliest.set(
    time,
    state.target.map(arrival => Math.min(arrival, latest)),
  )
  return latest
}

/** One clock's time on the other; the same both ways. */
export const mirrored = ({ network: { base, end } }: Side, time: number): number => Math.abs(end - base) - time

const NOTHING = new Float64Array(0)

/** Arrivals on some number of rides' line, as departures on the opposite clock, ascending there. */
export function arrivalsBetween(near: Side, far: Side, first: Int32Array, last: Int32Array): Float64Array {
  const { access, maxRides } = far.query
  let [begin, end] = [NEVER, -1]
  for (let k = 1; k <= maxRides; k++) {
    if (first[k]! >= last[k]!) continue
    begin = Math.min(begin, first[k]!)
    end = Math.max(end, last[k]!)
  }
  if (begin >= end) return NOTHING
  const all = departuresAt(far.network, access, far.bounds, mirrored(near, end) + 1, mirrored(near, begin) + 1)
  let count = 0
  for (const packed of all)
    if (ridesAt(mirrored(near, Math.floor(packed / ACCESS_LIMIT)), maxRides, first, last) > 0) all[count++] = packed
  return all.subarray(0, count)
}

/** The most rides with which an arrival then is of interest, 0 if with none. */
export function ridesAt(time: number, maxRides: number, first: Int32Array, last: Int32Array): number {
  for (let k = maxRides; k > 0; k--) if (first[k]! <= time && time < last[k]!) return k
  return 0
}

/** The arrivals, earliest first, each with as many rides as are of interest then, of journeys that leave within [from, to). */
function arriveAfter(
  near: Side,
  { network, footpaths, bounds, query, state }: Side,
  arrivals: Float64Array,
  first: Int32Array,
  last: Int32Array,
  [from, to]: readonly [number, number],
  found: Found,
): void {
  clearLabels(state)
  fitLanes(state, network.lanes)
  for (let i = arrivals.length - 1; i >= 0; ) {
    const time = Math.floor(arrivals[i]! / ACCESS_LIMIT)
    i = seedOf(query.access, state, arrivals, i)
    const rides = ridesAt(mirrored(near, time), query.maxRides, first, last)
    const latest = Math.min(mirrored(near, from), time + query.maxTravelTime) + 1
    runRounds(network, footpaths, bounds, state, rides, latest)
    report(state, rides, time, k => {
      if (mirrored(near, state.target[k]!) < to) found(k, time)
    })
  }
}

// Which walks a search needs: those that some change between two patterns cannot do without. Nobody has to get off at a stop to walk from
// there if walking from the stop before is no longer, or from the next one so much shorter that it is worth the ride; and the same at
// the other end of the walk, where the vehicle that is boarded has been, or comes next.
//
//        before       a       beyond          a → b is of use to this pattern only if
//    ── q ─●──────────●──────────●──            w₁ > w: else off at `before`, or, if boarded just there, no ride at all
//           ╲         │         ╱               w₂ + ride + SPARE > w: else off at `beyond`
//         w₁ ╲        │w       ╱ w₂
//             ╲       ▼       ╱             and a → b stays if it is of use to a pattern at a and, mirrored, to one at b.
//                     b
//
// Each replaced change keeps both trips or leaves one out, ends no later, and is no longer to walk, so a journey that is best among those with all
// walks can be told with these alone. No departure is looked at: it holds however late any vehicle is, as long as from one stop to the next it
// takes no more than SPARE longer than it ever does by the timetable. ULTRA (Baum et al., 2019) looks for the same in the timetable itself and
// keeps fewer, but must be repaired when vehicles are late. Taken for granted: who may walk from a to b and from b to c may walk from a to c.

import { NONE, type PatternIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { CAN_ALIGHT, CAN_BOARD, patternLength, slotStop, type Timetable } from '../timetable/timetable.ts'
import {
  buildFootpaths,
  type Footpaths,
  neededOnly,
  type Walk,
  type Walks,
  type WalksOut,
  walksOut,
  withWalks,
} from './footpaths.ts'
import { ruleRows, rulesOfRow } from './rules.ts'

/** Seconds that a vehicle may lose between two stops, beyond the slowest planned, without a needed walk being missed. */
const SPARE = 120
/** Walks as short are all needed: for runs that the timetable does not know, and stops left out. Seconds. */
const AT_HAND = 300

/** A pattern at a stop: the stop nearer to where its riders come from (boarding: go to), and the one a ride farther. NONE: there is none. */
interface Neighbours {
  readonly before: number
  readonly beyond: number
  /** Seconds between the stop and `beyond`, at most. */
  readonly ride: number
}

/**
 * Marks the walks that a search needs and drops those of the others that are longer than `near`: up to there every walk is known, for the way
 * from a stop to the stops around it.
 * @param all every walk up to some length, rules of transfers.txt included
 */
export function keepNeeded(tt: Timetable, all: Footpaths, near: number): Footpaths {
  const needed = neededWalks(tt, all, everyStop(all))
  function* walks(): Generator<Walk> {
    for (let from = 0; from < all.counts.stops; from++)
      for (let e = all.outBegin[from]!; e < all.outBegin[from + 1]!; e++)
        if (needed[e] || all.outSeconds[e]! <= near) yield { from, to: all.outTo[e]!, seconds: all.outSeconds[e]! }
  }
  const kept = buildFootpaths(all.counts.stops, walks(), all.changeSeconds)
  kept.outNeeded.set(needed.filter((is, e) => is || all.outSeconds[e]! <= near))
  return kept
}

/**
 * A table with other walks from some stops, of these those that `keepNeeded` keeps.
 * @param own every walk from them up to some length, rules of transfers.txt included
 * @returns in memory that is collected like any other
 */
export function withNeeded(tt: Timetable, f: Footpaths, own: ReadonlyMap<number, Walks>, near: number): Footpaths {
  const all = { ...walksOut(f, own, true), changeSeconds: f.changeSeconds }
  const needed = neededWalks(tt, all, own.keys())
  const kept = new Map<number, Walks>()
  for (const [stop, { stops, seconds }] of own) {
    const begin = all.outBegin[stop]!
    const isKept = (_: number, i: number): boolean => needed[begin + i] === 1 || seconds[i]! <= near
    const marks = needed.subarray(begin, begin + stops.length)
    kept.set(stop, { stops: stops.filter(isKept), seconds: seconds.filter(isKept), needed: marks.filter(isKept) })
  }
  return withWalks(f, kept, true)
}

/** Stops that may lack a walk because one from a stop of these is as short. */
export function stopsBeside(tt: Timetable, stops: ReadonlySet<number>): Set<number> {
  const beside = new Set<number>()
  for (const [stop, list] of neighboursIn(tt)[0])
    if (list.some(({ before, beyond }) => stops.has(before) || stops.has(beyond))) beside.add(stop)
  return beside
}

const searched = new WeakMap<Footpaths, Footpaths>()

/**
 * The walks that a search needs, as a table of their own; the same table where all are.
 * @param minChange seconds that a change is to take at least: where that is more than the walk, nothing is won by riding on to walk less
 */
export function neededFootpaths(f: Footpaths, minChange: number): Footpaths {
  if (minChange > 0) return f
  return searched.getOrInsertComputed(f, () => (f.outNeeded.every(is => is === 1) ? f : neededOnly(f)))
}

const everyStop = ({ counts: { stops } }: Footpaths): Iterable<number> => Array.from({ length: stops }, (_, s) => s)

/** Walk → 1 if a search needs it; of these stops, 0 of all others. */
function neededWalks(
  tt: Timetable,
  { outBegin, outTo, outSeconds, changeSeconds }: Omit<WalksOut, 'outNeeded'> & Pick<Footpaths, 'changeSeconds'>,
  of: Iterable<number>,
): Uint8Array {
  const { stops } = tt.counts
  const needed = new Uint8Array(outTo.length)
  const { specific, ruled } = ruledPairs(tt)
  const [off, on] = neighboursIn(tt)
  // what is ruled for all at one stop is what a change there takes; and a rule is for its own pair
  const isRuled = (from: number, to: number): boolean => (from === to ? specific : ruled).has(from * stops + to)
  const column = (): Int32Array => new Int32Array(stops).fill(NEVER)
  const [before, beyond, here] = [column(), column(), column()]
  /** Spreads the walks from a stop over a column, or takes them away again. */
  const spread = (to: Int32Array, stop: number, isThere: boolean): void => {
    if (stop === NONE) return
    to[stop] = isThere && !isRuled(stop, stop) ? changeSeconds[stop]! : NEVER
    for (let e = outBegin[stop]!; e < outBegin[stop + 1]!; e++)
      to[outTo[e]!] = isThere && !isRuled(stop, outTo[e]!) ? outSeconds[e]! : NEVER
  }
  const takes = (of: Int32Array, stop: number): number => (stop === NONE ? NEVER : of[stop]!)
  for (const stop of of) {
    const [begin, end] = [outBegin[stop]!, outBegin[stop + 1]!]
    for (const around of off.get(stop) ?? []) {
      spread(before, around.before, true)
      spread(beyond, around.beyond, true)
      for (let e = begin; e < end; e++) {
        const [to, seconds] = [outTo[e]!, outSeconds[e]!]
        if (before[to]! > seconds && beyond[to]! + around.ride + SPARE > seconds) needed[e] = 1
      }
      spread(before, around.before, false)
      spread(beyond, around.beyond, false)
    }
    spread(here, stop, true)
    for (let e = begin; e < end; e++) {
      const [to, seconds] = [outTo[e]!, outSeconds[e]!]
      if (needed[e])
        needed[e] = on
          .get(to)
          ?.some(b => takes(here, b.before) > seconds && takes(here, b.beyond) + b.ride + SPARE > seconds)
          ? 1
          : 0
      if (seconds <= AT_HAND || ruled.has(stop * stops + to)) needed[e] = 1
    }
    spread(here, stop, false)
  }
  return needed
}

type NeighboursAt = ReadonlyMap<number, readonly Neighbours[]>
const known = new WeakMap<Timetable, readonly [off: NeighboursAt, on: NeighboursAt]>()
const neighboursIn = (tt: Timetable): readonly [off: NeighboursAt, on: NeighboursAt] =>
  known.getOrInsertComputed(tt, () => [findNeighbours(tt, false), findNeighbours(tt, true)])

/** Stop → what lies around it on the patterns that let riders off there (boarding: let them on), each combination once. */
function findNeighbours(tt: Timetable, boarding: boolean): NeighboursAt {
  const may = boarding ? CAN_BOARD : CAN_ALIGHT
  const towards = boarding ? 1 : -1
  const found = new Map<number, Map<string, Neighbours>>()
  for (let p = 0; p < tt.counts.patterns; p++) {
    const begin = tt.slotBegin[p]!
    const last = patternLength(tt, p as PatternIdx) - 1
    const rides = slowestRides(tt, p, last, boarding)
    /** Can it take the place of the stop beside it? Nobody has to get on or off at the end of a ride that is left out. */
    const stands = (at: number, stop: number, end: number): number => {
      if (at < 0 || at > last || (at !== end && (tt.slots[begin + at]! & may) === 0)) return NONE
      const other = slotStop(tt.slots[begin + at]!)
      return ACCESS_RANK[tt.stopWheelchair[other]!]! < ACCESS_RANK[tt.stopWheelchair[stop]!]! ? NONE : other
    }
    const [origin, end] = boarding ? [last, 0] : [0, last]
    for (let i = 0; i <= last; i++) {
      if (i === origin || (tt.slots[begin + i]! & may) === 0) continue
      const stop = slotStop(tt.slots[begin + i]!)
      const before = stands(i + towards, stop, origin)
      const beyond = i === end ? NONE : stands(i - towards, stop, NONE)
      const ride = beyond === NONE ? 0 : rides[boarding ? i - 1 : i]!
      const here = found.getOrInsertComputed(stop, () => new Map())
      const key = `${before} ${beyond}`
      here.set(key, { before, beyond, ride: Math.max(ride, here.get(key)?.ride ?? 0) })
    }
  }
  return new Map(Array.from(found, ([stop, here]) => [stop, [...here.values()]]))
}

/** Of stopWheelchair: a stop that is no step-free one cannot take the place of one that is, nor one that may be. */
const ACCESS_RANK = [1, 2, 0]

/** Position → the most seconds that a trip takes from there to the next, arrival to arrival (boarding: departure to departure). */
function slowestRides(tt: Timetable, p: number, last: number, boarding: boolean): Int32Array {
  const rides = new Int32Array(last)
  const seen = new Set<number>()
  for (let t = tt.tripBegin[p]!; t < tt.tripBegin[p + 1]!; t++) {
    const profile = tt.tripProfile[t]!
    if (seen.has(profile)) continue
    seen.add(profile)
    for (let i = 0; i < last; i++) {
      const at = profile + 2 * i + (boarding ? 1 : 0)
      rides[i] = Math.max(rides[i]!, tt.profileTimes[at + 2]! - tt.profileTimes[at]!)
    }
  }
  return rides
}

/** Pairs of stops (from * stops + to) that rules of transfers.txt are about: those for routes or trips, and any. */
interface RuledPairs {
  readonly specific: ReadonlySet<number>
  readonly ruled: ReadonlySet<number>
}

const ruledIn = new WeakMap<Timetable, RuledPairs>()

const ruledPairs = (tt: Timetable): RuledPairs =>
  ruledIn.getOrInsertComputed(tt, () => {
    const specific = pairsRuled(tt, true)
    return { specific, ruled: specific.union(pairsRuled(tt, false)) }
  })

function pairsRuled(tt: Timetable, specific: boolean): Set<number> {
  const pairs = new Set<number>()
  for (const row of ruleRows(tt, specific))
    for (const { from, to } of rulesOfRow(tt, row)) pairs.add(from * tt.counts.stops + to)
  return pairs
}

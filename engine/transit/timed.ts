// RAPTOR where walks are not the same at all times: an elevator goes out of order at ten and works again at noon. What can be walked is told by
// spells, each a table that holds for walks neither begun before it opens nor over after it closes; they overlap:
//
//   everything works      ├── opens: ever ──┤10:00                         a walk of three minutes at 9:58 is not in the first spell, which closes
//   the rest              ├───────────────────────────────────────────┤    too soon, but perhaps, by another way, in the one that is always open;
//   everything works                              12:00├── closes: never ──┤   at 11:59 it is worth a minute's wait
//
// Whoever comes sooner may wait, so nobody who comes later is sooner anywhere, which is all that RAPTOR asks for. Lanes are gathered and
// scanned as ever; only what is walked, to the first stop and from the last one too, looks at the spells. Lower bounds are those of the quickest
// walks of any time. It knows none of the tricks of range.ts but one, and is asked only where an outage stands in the way (engine/plan/outages.ts).

import { NEVER } from '../core/time.ts'
import { changeBetween, type Footpaths, type Walks, walksAt, withWalks } from '../footpaths/footpaths.ts'
import type { LowerBounds } from './bounds.ts'
import type { SearchNetwork } from './network.ts'
import { ACCESS_LIMIT, departuresAt, type Reach, report } from './range.ts'
import { arrive, reachTarget, rideRound, seed, unmark } from './raptor.ts'
import { FAR } from './rides.ts'
import { beginPass, clearLabels, fitLanes, type SearchState } from './state.ts'

/** What holds from when to when; −∞ and ∞ where nothing changes. */
export interface Spell<T> {
  readonly opens: number
  readonly closes: number
  readonly holds: T
}

/** The spell that is always open is among each of them; all on the search's clock. */
export interface TimedWalks {
  /** As `runRounds` has them. */
  readonly footpaths: readonly Spell<Footpaths | (() => Footpaths)>[]
  readonly access: readonly Spell<Reach>[]
  readonly egress: readonly Spell<ReadonlyMap<number, number>>[]
}

export interface TimedQuery {
  readonly maxRides: number
  /** Seconds from departure to arrival. */
  readonly maxTravelTime: number
}

export const isAlways = ({ opens, closes }: Spell<unknown>): boolean =>
  opens === Number.NEGATIVE_INFINITY && closes === Number.POSITIVE_INFINITY

/** When a walk is over that begins at `time` or, waiting, later; ∞: it cannot be made. @param seconds ∞: there is none */
export function overAt<T>(spells: readonly Spell<T>[], time: number, seconds: (holds: T) => number): number {
  let best = Number.POSITIVE_INFINITY
  for (const { opens, closes, holds } of spells) {
    const over = Math.max(time, opens) + seconds(holds)
    if (over <= closes && over < best) best = over
  }
  return best
}

const alone = new WeakMap<Footpaths, WeakMap<Footpaths, Footpaths>>()

/** Of a table, the walks that are quicker than in another, or not in it at all: to be looked at beside that. */
export const fasterAlone = (f: Footpaths, other: Footpaths): Footpaths =>
  alone
    .getOrInsertComputed(f, () => new WeakMap())
    .getOrInsertComputed(other, () => {
      const rows = new Map<number, Walks>()
      for (let from = 0; from < f.counts.stops; from++)
        if (!isAlike(f, other, from)) rows.set(from, fasterAt(f, other, from))
      return withWalks(f, rows, false)
    })

/** Has a stop the same walks in both? True of most: only those near an elevator differ. */
function isAlike(f: Footpaths, other: Footpaths, from: number): boolean {
  const [begin, end, shift] = [f.outBegin[from]!, f.outBegin[from + 1]!, other.outBegin[from]! - f.outBegin[from]!]
  if (other.outBegin[from + 1]! !== end + shift) return false
  for (let e = begin; e < end; e++)
    if (f.outTo[e] !== other.outTo[e + shift] || f.outSeconds[e] !== other.outSeconds[e + shift]) return false
  return true
}

function fasterAt(f: Footpaths, other: Footpaths, from: number): Walks {
  const { stops, seconds } = walksAt(f, from, false)
  const isFaster = (_: number, i: number): boolean => (changeBetween(other, from, stops[i]!) ?? NEVER) > seconds[i]!
  return { stops: stops.filter(isFaster), seconds: seconds.filter(isFaster) }
}

/** `runRounds` (raptor.ts) with walks that change, from the stops seeded since the last call. The state's egress column is not looked at where it is empty. */
export function timedRounds(
  network: SearchNetwork,
  { footpaths, egress }: Pick<TimedWalks, 'footpaths' | 'egress'>,
  bounds: LowerBounds,
  s: SearchState,
  maxRides: number,
  latest: number,
): void {
  beginPass(s, maxRides, latest)
  for (let k = 1; k <= maxRides && s.markedCount > 0; k++) {
    rideRound(network, bounds, s, k)
    leave(egress, s, k)
    const made = new Map<() => Footpaths, Footpaths>()
    const known = footpaths.map(({ holds, ...spell }) => ({
      ...spell,
      holds: typeof holds === 'function' ? made.getOrInsertComputed(holds, holds) : holds,
    }))
    walk(known, bounds, s, k)
  }
  unmark(s)
}

/** From the stops reached by vehicle in this round to the query's place. */
function leave(egress: TimedWalks['egress'], s: SearchState, k: number): void {
  const { alighted, ride, limit } = s
  const labels = k * s.stops
  for (let i = 0; i < s.alightedCount; i++) {
    const stop = alighted[i]!
    const there = overAt(egress, ride[labels + stop]!, holds => holds.get(stop) ?? Number.POSITIVE_INFINITY)
    if (there < limit[k]!) reachTarget(s, stop, k, there)
  }
}

/** As `walk` in raptor.ts. */
function walk(spells: readonly Spell<Footpaths>[], bounds: LowerBounds, s: SearchState, k: number): void {
  const { limit, alighted, isAlighted, ride } = s
  const { seconds, rides } = bounds
  const { changeSeconds } = spells[0]!.holds
  const labels = k * s.stops
  for (let i = 0; i < s.alightedCount; i++) {
    const stop = alighted[i]!
    isAlighted[stop] = 0
    const time = ride[labels + stop]!
    if (time + seconds[stop]! >= limit[k + 1]!) continue
    const change = time + changeSeconds[stop]!
    if (change + seconds[stop]! < limit[k + Math.max(1, rides[stop]!)]!) arrive(s, stop, stop, k, change)
    for (const { opens, closes, holds } of spells) {
      const { outBegin, outTo, outSeconds } = holds
      const begin = Math.max(time, opens)
      if (begin >= closes) continue
      s.work.footpathsWalked += outBegin[stop + 1]! - outBegin[stop]!
      for (let e = outBegin[stop]!; e < outBegin[stop + 1]!; e++) {
        const to = outTo[e]!
        const there = begin + outSeconds[e]!
        if (there <= closes && there + seconds[to]! < limit[k + Math.max(1, rides[to]!)]!) arrive(s, to, stop, k, there)
      }
    }
  }
  s.alightedCount = 0
}

/** `searchRange` with walks that change; what leaves at `to` or later is told as well, first. */
export function timedRange(
  network: SearchNetwork,
  walks: TimedWalks,
  bounds: LowerBounds,
  q: TimedQuery,
  s: SearchState,
  from: number,
  to: number,
  found: (rides: number, departure: number) => void,
): void {
  const leaving = departuresOf(network, walks.access, bounds, from, to)
  const latest = timedAt(network, walks, bounds, q, s, to, found)
  for (let i = 0; i < leaving.length; ) {
    const { time } = leaving[i]!
    for (; i < leaving.length && leaving[i]!.time === time; i++) seed(s, leaving[i]!.stop, leaving[i]!.there)
    timedRounds(network, walks, bounds, s, q.maxRides, Math.min(latest, time + q.maxTravelTime + 1))
    report(s, q.maxRides, time, found)
  }
}

/**
 * `searchAt` with walks that change: for who is at the query's place at `time`. The journeys of fewest rides are found first, as in range.ts.
 * @returns from when on arrivals are of no interest to who left no later
 */
export function timedAt(
  network: SearchNetwork,
  walks: TimedWalks,
  bounds: LowerBounds,
  q: TimedQuery,
  s: SearchState,
  time: number,
  found: (rides: number, departure: number) => void,
): number {
  const latest = time + q.maxTravelTime + 1
  const start = (): void => {
    clearLabels(s)
    fitLanes(s, network.lanes)
    for (const { opens, closes, holds } of walks.access)
      for (let i = 0; i < holds.count; i++) {
        const there = Math.max(time, opens) + holds.seconds[i]!
        if (there <= closes && there < NEVER) seed(s, holds.stops[i]!, there)
      }
  }
  const fewest = Math.min(q.maxRides, fewestRides(walks.access, bounds))
  start()
  timedRounds(network, walks, bounds, s, fewest, latest)
  report(s, fewest, time, found)
  const end = Math.min(latest, s.target[fewest]!)
  start()
  timedRounds(network, walks, bounds, s, q.maxRides, end)
  report(s, q.maxRides, time, found)
  return end
}

/** As the lower bounds say. */
function fewestRides(access: TimedWalks['access'], bounds: LowerBounds): number {
  let rides = FAR
  for (const { holds } of access)
    for (let i = 0; i < holds.count; i++) rides = Math.min(rides, Math.max(1, bounds.rides[holds.stops[i]!]!))
  return rides
}

/** A time to leave the query's place, and when one is at a stop then. */
interface Leaving {
  readonly time: number
  readonly stop: number
  readonly there: number
}

/** So that some run is just caught, or so that one is there just before the way closes, to wait. The latest first. */
function departuresOf(
  network: SearchNetwork,
  access: TimedWalks['access'],
  bounds: LowerBounds,
  from: number,
  to: number,
): Leaving[] {
  const found: Leaving[] = []
  for (const { opens, closes, holds } of access) {
    const { stops, seconds } = holds
    const add = (time: number, i: number): void => {
      const there = time + seconds[i]!
      if (time >= Math.max(from, opens) && time < to && there <= closes) found.push({ time, stop: stops[i]!, there })
    }
    for (const departure of departuresAt(network, holds, bounds, from, to)) {
      const time = Math.floor(departure / ACCESS_LIMIT)
      add(time, departure - time * ACCESS_LIMIT)
    }
    if (closes < Number.POSITIVE_INFINITY) for (let i = 0; i < holds.count; i++) add(closes - seconds[i]!, i)
  }
  return found.sort((a, b) => b.time - a.time)
}

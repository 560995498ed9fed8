// Where to change. The search names some place where changing works; this picks, for the very runs it found, the place that a rider would
// choose ("optimize transfers" in OpenTripPlanner, footpath optimization in nigiri). Departure, arrival and rides never change.
//
//   S1   A ──▶ B ──▶ C ──▶ D                 S1 and U2 meet at B, C and D, and U2 comes later at each of them:
//   U2         B ──▶ C ──▶ D ──▶ E           any of the three gives the same journey
//
// The first line on which two places differ decides:
//   1  no riding back   fewest stations passed twice
//   2  least trouble    a minute of walking is 1, leaving the station for the street 2, a stop that belongs to no station (feeds say
//                       nothing better about shelter) 1, a minute short of a SAFE wait 2
//   3  longest wait     it costs nothing, and what is late may still be caught
//   4  first place      of all that remain: to get off, then to board
//
// Change after change is moved, from the last to the first, until none gets better: every move makes the sums over the whole journey less,
// so there is an end to it. A place that the query wants to come by is come by after a move as before it: who passes it in the vehicle passes it
// on either ride, and a change with a stay there, or a walk there, is not moved. Left out: other runs of the same lines.

import type { StopIdx } from '../core/ids.ts'
import { NEVER, type UnixSeconds } from '../core/time.ts'
import { type StopCopies, stopCopies } from '../footpaths/copies.ts'
import { changeBetween, type Footpaths } from '../footpaths/footpaths.ts'
import type { Horizon } from '../horizon/horizon.ts'
import {
  arrivalOf,
  canAlight,
  canBoard,
  departureOf,
  isSkipped,
  type RunView,
  stopOf,
  viewRun,
} from '../horizon/run-view.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'
import type { Journey, Leg, RideLeg, WalkLeg } from '../transit/journey.ts'

/** Seconds to spare, beyond what changing takes, with which nobody worries. */
const SAFE = 120

/** What journeys of one search have in common. */
export interface Tidying {
  readonly horizon: Horizon
  /** As the search used them, between stops and their copies; not mirrored. */
  readonly footpaths: Footpaths
  /** false: the search knew no realtime. */
  readonly realtime: boolean
  /** Stops at which the traveller may change. */
  readonly usable: (stop: StopIdx) => boolean
  /** Platforms of the query's places on the way, by their number. */
  readonly places: readonly ReadonlySet<StopIdx>[]
}

/** A leg on a vehicle while its ends are being moved. */
interface Ride {
  leg: RideLeg
  run: RunView
  /** false: a ride without times of its own (headways), left as it was found. */
  timed: boolean
  board: number
  alight: number
  /** As `RideLeg.passes`, while changes are moved. */
  passes: readonly number[]
}

/** Reused from journey to journey: those of the one that is tidied are the first `count`. */
interface Rides {
  readonly at: Ride[]
  count: number
}

const scratches = new WeakMap<Timetable, Rides>()
const noRides = (): Rides => ({ at: [], count: 0 })

/** The same journey with every change at the best place there is. */
export function tidy(t: Tidying, j: Journey): Journey {
  if (j.transfers === 0) return j
  const rides = scratches.getOrInsertComputed(t.horizon.timetable, noRides)
  rides.count = 0
  for (const leg of j.legs) if (leg.kind === 'ride') addRide(t, rides, leg)
  let moved = false
  for (let again = true; again; moved ||= again) {
    again = false
    for (let i = rides.count - 2; i >= 0; i--) again = moveChange(t, rides, i) || again
  }
  return moved || j.legs.some(walksLate) ? { ...j, legs: legsOf(t, j, rides) } : j
}

/** The same journey, with those changes marked at which the next vehicle waits. */
export function markGuaranteed(tt: Timetable, j: Journey): Journey {
  let before: RideLeg | undefined
  let marked: Leg[] | undefined
  for (let i = 0; i < j.legs.length; i++) {
    const leg = j.legs[i]!
    if (leg.kind === 'walk') continue
    if (before && !leg.stayed && isGuaranteed(tt, before, leg)) {
      marked ??= [...j.legs]
      marked[i] = { ...leg, guaranteed: true }
    }
    before = leg
  }
  return marked ? { ...j, legs: marked } : j
}

/** Does the second vehicle wait for the first? */
export function isGuaranteed(tt: Timetable, before: RideLeg, after: RideLeg): boolean {
  const copies = stopCopies(tt)
  return copies.isGuaranteed(copies.at(before.to, before.trip), copies.at(after.from, after.trip))
}

const NO_PLACES: readonly number[] = []

function addRide({ horizon, realtime }: Tidying, rides: Rides, leg: RideLeg): void {
  const { board, alight, passes = NO_PLACES } = leg
  const ride = rides.at[rides.count]
  const run = viewRun(horizon, leg, realtime, ride?.run)
  const timed = departureOf(run, board) === leg.departure && arrivalOf(run, alight) === leg.arrival
  if (ride) {
    ride.leg = leg
    ride.timed = timed
    ride.board = board
    ride.alight = alight
    ride.passes = passes
  } else rides.at.push({ leg, run, timed, board, alight, passes })
  rides.count++
}

/** An arrive-by search puts the wait before the walk between two rides; whoever has it before them walks first. */
const walksLate = (leg: Leg, i: number, legs: readonly Leg[]): boolean =>
  leg.kind === 'walk' && i > 0 && i < legs.length - 1 && leg.departure > legs[i - 1]!.arrival

// costs of the best change so far, and of the one beside it
const best = new Int32Array(5)
const other = new Int32Array(5)

/** Moves the change after ride i to its best place, all others staying where they are. Returns whether there was a better one. */
function moveChange(t: Tidying, rides: Rides, i: number): boolean {
  const { footpaths, usable } = t
  const before = rides.at[i]!
  const after = rides.at[i + 1]!
  if (after.leg.stayed || before.leg.placeAfter || !before.timed || !after.timed) return false
  const { alight } = before
  const { board } = after
  const copies = stopCopies(t.horizon.timetable)
  const seconds = changeBetween(footpaths, copyAt(copies, before, alight), copyAt(copies, after, board))
  if (seconds === undefined) return false
  let [bestAlight, bestBoard] = [alight, board]
  let judged = false
  const latest = departureOf(after.run, after.alight - 1)
  for (let a = before.board + 1; a < before.run.length && arrivalOf(before.run, a) <= latest; a++) {
    if (!canAlight(before.run, a) || !usable(stopOf(before.run, a))) continue
    const from = copyAt(copies, before, a)
    for (let b = 0; b < after.alight; b++) {
      const spare = departureOf(after.run, b) - arrivalOf(before.run, a)
      if (spare < 0 || (a === alight && b === board)) continue
      if (!canBoard(after.run, b) || !usable(stopOf(after.run, b))) continue
      const takes = changeBetween(footpaths, from, copyAt(copies, after, b)) ?? NEVER
      if (takes > spare) continue
      if (!judged) judge(t, rides, i, alight, board, seconds, best)
      judged = true
      judge(t, rides, i, a, b, takes, other)
      if (!isLess(other, best) || !passPlaces(t, rides, i)) continue
      best.set(other)
      bestAlight = a
      bestBoard = b
    }
  }
  before.alight = bestAlight
  after.board = bestBoard
  passPlaces(t, rides, i)
  return bestAlight !== alight || bestBoard !== board
}

/** Do the two vehicles between which this change lies come by what they came by before? Then each is said to pass what it passes now. */
function passPlaces({ places }: Tidying, { at: rides, count }: Rides, i: number): boolean {
  if (places.length === 0) return true
  let [first, last] = [i, i + 1]
  while (rides[first]!.leg.stayed) first--
  while (last + 1 < count && rides[last + 1]!.leg.stayed) last++
  const passes = [...rides[first]!.passes, ...rides[i + 1]!.passes]
  if (passes.length === 0) return true
  let next = 0
  let ofFirst = 0
  for (let r = first; r <= last; r++) {
    const { run, board, alight } = rides[r]!
    for (let at = board; at <= alight; at++)
      if (canBoard(run, at) || canAlight(run, at))
        while (next < passes.length && places[passes[next]!]!.has(stopOf(run, at))) next++
    if (r === i) ofFirst = next
  }
  if (next < passes.length) return false
  rides[first]!.passes = passes.slice(0, ofFirst)
  rides[i + 1]!.passes = passes.slice(ofFirst)
  return true
}

/** Where a ride stops, for those who change there. */
const copyAt = (copies: StopCopies, { run, leg }: Ride, position: number): number =>
  copies.at(stopOf(run, position), leg.trip)

/** The lines above, in their order, for the journey with this change after ride i, into `cost`; less is better. Leaves the change there. */
function judge(
  { horizon: { timetable: tt } }: Tidying,
  { at: rides, count }: Rides,
  i: number,
  alight: number,
  board: number,
  seconds: number,
  cost: Int32Array,
): void {
  const before = rides[i]!
  const after = rides[i + 1]!
  before.alight = alight
  after.board = board
  // rides on either side pass other stations now than before
  let twice = 0
  for (let k = Math.max(0, i - 1); k <= i + 1 && k + 1 < count; k++) twice += passedTwice(tt, rides[k]!, rides[k + 1]!)
  const from = stopOf(before.run, alight)
  const to = stopOf(after.run, board)
  const spare = departureOf(after.run, board) - arrivalOf(before.run, alight) - seconds
  const walking = from === to ? 0 : Math.ceil(seconds / 60)
  const street = rootStop(tt, from) === rootStop(tt, to) ? 0 : 2
  const bare = rootStop(tt, to) === to ? 1 : 0
  const short = 2 * Math.ceil(Math.max(0, SAFE - spare) / 60)
  cost[0] = twice
  cost[1] = walking + street + bare + short
  cost[2] = -spare
  cost[3] = alight
  cost[4] = board
}

function isLess(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!
  return false
}

/** Calls of the second ride at stations where the rider had been with the first one. */
function passedTwice(tt: Timetable, before: Ride, after: Ride): number {
  let count = hasPassed(tt, before, rootStop(tt, stopOf(after.run, after.board))) ? 1 : 0
  const change = rootStop(tt, stopOf(before.run, before.alight))
  for (let i = after.board + 1; i <= after.alight; i++) {
    if (isSkipped(after.run, i)) continue
    const station = rootStop(tt, stopOf(after.run, i))
    if (station === change || hasPassed(tt, before, station)) count++
  }
  return count
}

/** Has a ride called at a station before its last stop? */
function hasPassed(tt: Timetable, { run, board, alight }: Ride, station: StopIdx): boolean {
  for (let i = board; i < alight; i++) if (rootStop(tt, stopOf(run, i)) === station && !isSkipped(run, i)) return true
  return false
}

function legsOf(t: Tidying, j: Journey, { at: rides, count }: Rides): Leg[] {
  const legs: Leg[] = []
  let next = 0
  let found: WalkLeg | undefined
  for (const leg of j.legs) {
    const before = rides[next - 1]
    const ride = next < count ? rides[next] : undefined
    const isBetween = before !== undefined && ride !== undefined && !before.leg.placeAfter
    if (leg.kind === 'walk') {
      if (!isBetween) legs.push(before && ride ? atOnce(leg, legs.at(-1)!) : leg)
      found = leg
      continue
    }
    if (isBetween && !leg.stayed) legs.push(...walkBetween(t, before, ride, found))
    found = undefined
    legs.push(rideLegOf(ride!))
    next++
  }
  return legs
}

/** Between two rides nobody waits before a walk to a place on the way, or from it, longer than its stay. */
function atOnce(leg: WalkLeg, { arrival }: Leg): WalkLeg {
  const departure = (arrival + (leg.stay ?? 0)) as UnixSeconds
  return { ...leg, departure, arrival: (departure + leg.arrival - leg.departure) as UnixSeconds }
}

/** @param found the walk as the search knew it: one that can only be made at its time is not among the footpaths */
function walkBetween(t: Tidying, before: Ride, after: Ride, found: WalkLeg | undefined): Leg[] {
  const [from, to] = [stopOf(before.run, before.alight), stopOf(after.run, after.board)]
  if (from === to) return []
  const copies = stopCopies(t.horizon.timetable)
  const seconds =
    changeBetween(t.footpaths, copyAt(copies, before, before.alight), copyAt(copies, after, after.board)) ??
    found!.arrival - found!.departure
  const departure = before.alight === before.leg.alight ? before.leg.arrival : arrivalOf(before.run, before.alight)
  return [
    {
      kind: 'walk',
      from: { kind: 'stop', stop: from },
      to: { kind: 'stop', stop: to },
      departure,
      arrival: (departure + seconds) as UnixSeconds,
    },
  ]
}

function rideLegOf({ leg, run, board, alight, passes }: Ride): RideLeg {
  const passed = leg.passes ?? NO_PLACES
  if (board === leg.board && alight === leg.alight && passes.join() === passed.join()) return leg
  return {
    ...leg,
    ...(board !== leg.board && { board, from: stopOf(run, board), departure: departureOf(run, board) }),
    ...(alight !== leg.alight && { alight, to: stopOf(run, alight), arrival: arrivalOf(run, alight) }),
    ...(passes.join() !== passed.join() && { passes }),
  }
}

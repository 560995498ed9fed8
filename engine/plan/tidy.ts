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
//   4  first place      of all that remain
//
// Change after change is moved, from the last to the first, until none gets better: every move makes the sums over the whole journey less,
// so there is an end to it. A place that the query wants to come by is come by after a move as before it: who passes it in the vehicle passes it
// on either ride, and a change with a stay there, or a walk there, is not moved. Left out: other runs of the same lines.

import type { StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
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
  readonly leg: RideLeg
  readonly run: RunView
  /** false: a ride without times of its own (headways), left as it was found. */
  readonly timed: boolean
  board: number
  alight: number
  /** As `RideLeg.passes`, while changes are moved. */
  passes: readonly number[]
}

/** A way to change: off at position `alight` of one run, on at position `board` of the next. */
interface Change {
  readonly alight: number
  readonly board: number
  /** Seconds that changing takes. */
  readonly seconds: number
}

/** The same journey with every change at the best place there is. */
export function tidy(t: Tidying, j: Journey): Journey {
  if (j.transfers === 0) return j
  const rides = j.legs.filter(leg => leg.kind === 'ride').map(leg => rideOf(t, leg))
  let moved = false
  for (let again = true; again; moved ||= again) {
    again = false
    for (let i = rides.length - 2; i >= 0; i--) again = moveChange(t, rides, i) || again
  }
  return moved || j.legs.some(walksLate) ? { ...j, legs: legsOf(t, j, rides) } : j
}

/** The same journey, with those changes marked at which the next vehicle waits. */
export function markGuaranteed(tt: Timetable, j: Journey): Journey {
  let before: RideLeg | undefined
  let marked = false
  const legs = j.legs.map(leg => {
    if (leg.kind === 'walk') return leg
    const change = before && !leg.stayed ? before : undefined
    before = leg
    if (!change || !isGuaranteed(tt, change, leg)) return leg
    marked = true
    return { ...leg, guaranteed: true as const }
  })
  return marked ? { ...j, legs } : j
}

/** Does the second vehicle wait for the first? */
export function isGuaranteed(tt: Timetable, before: RideLeg, after: RideLeg): boolean {
  const copies = stopCopies(tt)
  return copies.isGuaranteed(copies.at(before.to, before.trip), copies.at(after.from, after.trip))
}

function rideOf({ horizon, realtime }: Tidying, leg: RideLeg): Ride {
  const { board, alight } = leg
  const run = viewRun(horizon, leg, realtime)
  const timed = departureOf(run, board) === leg.departure && arrivalOf(run, alight) === leg.arrival
  return { leg, run, timed, board, alight, passes: leg.passes ?? [] }
}

/** An arrive-by search puts the wait before the walk between two rides; whoever has it before them walks first. */
const walksLate = (leg: Leg, i: number, legs: readonly Leg[]): boolean =>
  leg.kind === 'walk' && i > 0 && i < legs.length - 1 && leg.departure > legs[i - 1]!.arrival

/** Moves the change after ride i to its best place, all others staying where they are. Returns whether there was a better one. */
function moveChange(t: Tidying, rides: readonly Ride[], i: number): boolean {
  const [before, after] = [rides[i]!, rides[i + 1]!]
  if (after.leg.stayed || before.leg.placeAfter || !before.timed || !after.timed) return false
  const seconds = changeBetween(t.footpaths, copyAt(t, before, before.alight), copyAt(t, after, after.board))
  if (seconds === undefined) return false
  const now: Change = { alight: before.alight, board: after.board, seconds }
  let best = now
  let bestCost: readonly number[] | undefined
  for (const change of changes(t, before, after)) {
    if (change.alight === now.alight && change.board === now.board) continue
    bestCost ??= costOf(t, rides, i, now)
    const cost = costOf(t, rides, i, change)
    if (!isLess(cost, bestCost) || !passPlaces(t, rides, i)) continue
    best = change
    bestCost = cost
  }
  before.alight = best.alight
  after.board = best.board
  passPlaces(t, rides, i)
  return best !== now
}

/** Do the two vehicles between which this change lies come by what they came by before? Then each is said to pass what it passes now. */
function passPlaces({ places }: Tidying, rides: readonly Ride[], i: number): boolean {
  let [first, last] = [i, i + 1]
  while (rides[first]!.leg.stayed) first--
  while (rides[last + 1]?.leg.stayed) last++
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
const copyAt = ({ horizon: { timetable } }: Tidying, { run, leg }: Ride, position: number): number =>
  stopCopies(timetable).at(stopOf(run, position), leg.trip)

/** Every way to change between two rides, given where the first begins and the second ends. */
function changes(t: Tidying, before: Ride, after: Ride): Change[] {
  const { footpaths, usable } = t
  const { outBegin, outTo, outSeconds, changeSeconds } = footpaths
  const found: Change[] = []
  const latest = departureOf(after.run, after.alight - 1)
  const boards = new Map<number, number>()
  for (let b = 0; b < after.alight; b++) boards.set(copyAt(t, after, b), b)
  const offer = (alight: number, ready: number, stop: number, seconds: number): void => {
    const last = boards.get(stop)
    if (last === undefined || ready > latest || !usable(stopOf(after.run, last))) return
    for (let board = 0; board <= last; board++)
      if (copyAt(t, after, board) === stop && canBoard(after.run, board) && departureOf(after.run, board) >= ready)
        found.push({ alight, board, seconds })
  }
  for (let a = before.board + 1; a < before.run.length; a++) {
    const arrival = arrivalOf(before.run, a)
    if (arrival > latest) break
    if (!canAlight(before.run, a) || !usable(stopOf(before.run, a))) continue
    const stop = copyAt(t, before, a)
    offer(a, arrival + changeSeconds[stop]!, stop, changeSeconds[stop]!)
    for (let e = outBegin[stop]!; e < outBegin[stop + 1]!; e++)
      offer(a, arrival + outSeconds[e]!, outTo[e]!, outSeconds[e]!)
  }
  return found
}

/** The lines above, in their order, for the journey with this change after ride i; less is better. Leaves the change there. */
function costOf(
  { horizon: { timetable: tt } }: Tidying,
  rides: readonly Ride[],
  i: number,
  { alight, board, seconds }: Change,
): readonly number[] {
  const [before, after] = [rides[i]!, rides[i + 1]!]
  before.alight = alight
  after.board = board
  // rides on either side pass other stations now than before
  let twice = 0
  for (let k = Math.max(0, i - 1); k <= i + 1 && k + 1 < rides.length; k++)
    twice += passedTwice(tt, rides[k]!, rides[k + 1]!)
  const from = stopOf(before.run, alight)
  const to = stopOf(after.run, board)
  const spare = departureOf(after.run, board) - arrivalOf(before.run, alight) - seconds
  const walking = from === to ? 0 : Math.ceil(seconds / 60)
  const street = rootStop(tt, from) === rootStop(tt, to) ? 0 : 2
  const bare = rootStop(tt, to) === to ? 1 : 0
  const short = 2 * Math.ceil(Math.max(0, SAFE - spare) / 60)
  return [twice, walking + street + bare + short, -spare, alight]
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!
  return false
}

/** Calls of the second ride at stations where the rider had been with the first one. */
function passedTwice(tt: Timetable, before: Ride, after: Ride): number {
  const { alight } = before
  const { board } = after
  const been = new Set<number>()
  const station = (run: RunView, i: number): number => rootStop(tt, stopOf(run, i))
  for (let i = before.board; i < alight; i++) if (!isSkipped(before.run, i)) been.add(station(before.run, i))
  let count = been.has(station(after.run, board)) ? 1 : 0
  been.add(station(before.run, alight))
  for (let i = board + 1; i <= after.alight; i++)
    if (!isSkipped(after.run, i) && been.has(station(after.run, i))) count++
  return count
}

function legsOf(t: Tidying, j: Journey, rides: readonly Ride[]): Leg[] {
  const legs: Leg[] = []
  let next = 0
  let found: WalkLeg | undefined
  for (const leg of j.legs) {
    const [before, ride] = [rides[next - 1], rides[next]]
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
  const seconds =
    changeBetween(t.footpaths, copyAt(t, before, before.alight), copyAt(t, after, after.board)) ??
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
  return {
    ...leg,
    ...(board !== leg.board && { board, from: stopOf(run, board), departure: departureOf(run, board) }),
    ...(alight !== leg.alight && { alight, to: stopOf(run, alight), arrival: arrivalOf(run, alight) }),
    ...(passes.join() !== (leg.passes ?? []).join() && { passes }),
  }
}

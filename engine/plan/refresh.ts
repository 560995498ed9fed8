// A journey that was found before, as it is now: the same rides read again. Nothing is searched and nothing made up: a ride that no longer
// runs stays in it, and where the rider comes too late for the next one it says so.

import { findOffer, systemAt } from '../conditions/rental.ts'
import type { StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import { changeBetween } from '../footpaths/footpaths.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { type Run, type RunKey, readRun } from '../horizon/runs.ts'
import { isServed } from '../live/state.ts'
import type { Approach, RideLeg, WalkLeg } from '../transit/journey.ts'
import { stayedOn } from './seated.ts'

/** A ride as it was found; without `run` when the timetable no longer knows it. */
export interface SavedRide {
  readonly run: RunKey | undefined
  readonly board: number
  readonly alight: number
  readonly from: StopIdx
  readonly to: StopIdx
  /** As planned when it was found. */
  readonly departure: UnixSeconds
  readonly arrival: UnixSeconds
  /** Seconds of the walk from the ride before; 0: none. */
  readonly walkBefore: number
  /** Seconds, as planned, from the ride before to that walk, until something works again; absent: none. */
  readonly waitBefore?: number
  /** The rider stays on the vehicle of the ride before. */
  readonly stayed: boolean
}

/** The way to the first ride or from the last one, on foot or with `by`. */
export interface SavedWay {
  readonly seconds: number
  /** Seconds, as planned, between it and the ride, for something that does not always work; absent: none. */
  readonly wait?: number
  readonly by?: Approach
}

/** At least one ride, with the ways before the first and after the last; undefined: none. */
export interface SavedJourney {
  readonly start: SavedWay | undefined
  readonly rides: readonly SavedRide[]
  readonly end: SavedWay | undefined
}

/** How a walk is made now. */
export interface WalkNow {
  readonly departure: UnixSeconds
  readonly arrival: UnixSeconds
  /** No way is left: told as it was found. */
  readonly blocked?: true
  /** Ids of the elevators out of order because of which it is longer, later or none. */
  readonly out?: readonly string[]
}

export interface RefreshedWalk extends WalkLeg, WalkNow {
  /** Seconds that it took when it was found. */
  readonly usual: number
}

/** A walk can begin at `time` (arrive by: has to end then), and leads to a ride that leaves at `until`, if to any. Unix seconds. */
export interface WalkWhen {
  readonly time: number
  readonly arriveBy: boolean
  readonly until?: number
}

/** How a walk on foot, given as it was found, is made now. */
export type WalkAgain = (walk: WalkLeg, when: WalkWhen) => WalkNow

export interface RefreshedRide {
  readonly saved: SavedRide
  readonly leg: RideLeg | undefined
  readonly walkBefore: RefreshedWalk | undefined
  /** It does not take place for this rider: the run is gone or cancelled, or does not stop where it should. */
  readonly cancelled: boolean
  /** The rider gets there too late. */
  readonly missed: boolean
  /** After another ride: seconds to spare beyond the change itself, below 0 when missed; now and as planned. */
  readonly slack: number | undefined
  readonly slackPlanned: number | undefined
  readonly departure: UnixSeconds
  readonly arrival: UnixSeconds
}

export interface RefreshedJourney {
  readonly start: RefreshedWalk | undefined
  readonly rides: readonly RefreshedRide[]
  readonly end: RefreshedWalk | undefined
}

/** @param again absent: every walk is made as it was found */
export function refresh(
  horizon: Horizon,
  { start, rides, end }: SavedJourney,
  again: WalkAgain = walk => walk,
): RefreshedJourney {
  const refreshed: RefreshedRide[] = []
  for (const saved of rides) refreshed.push(refreshRide(horizon, saved, refreshed.at(-1), again))
  const [first, last] = [refreshed[0]!, refreshed.at(-1)!]
  const latest = start?.wait ? Math.min(first.departure, first.saved.departure - start.wait) : first.departure
  const soonest = end?.wait ? Math.max(last.arrival, last.saved.arrival + end.wait) : last.arrival
  const at = (stop: StopIdx) => ({ kind: 'stop', stop }) as const
  return {
    start:
      start === undefined
        ? undefined
        : walkedNow(
            {
              kind: 'walk',
              from: { kind: 'start' },
              to: at(first.leg?.from ?? first.saved.from),
              ...(start.by && { by: start.by }),
              departure: (latest - start.seconds) as UnixSeconds,
              arrival: latest as UnixSeconds,
            },
            { time: first.departure, arriveBy: true },
            again,
          ),
    rides: refreshed,
    end:
      end === undefined
        ? undefined
        : walkedNow(
            {
              kind: 'walk',
              from: at(last.leg?.to ?? last.saved.to),
              to: { kind: 'end' },
              ...(end.by && { by: end.by }),
              departure: soonest as UnixSeconds,
              arrival: (soonest + end.seconds) as UnixSeconds,
            },
            { time: last.arrival, arriveBy: false },
            again,
          ),
  }
}

/** The walk as it is made now, with a vehicle as it was found. Elevators are no news where it was found to be as long and late. */
export function walkedNow(walk: WalkLeg, when: WalkWhen, again: WalkAgain): RefreshedWalk {
  const usual = walk.arrival - walk.departure
  if (walk.by) return { ...walk, usual }
  const { departure, arrival, blocked, out } = again(walk, when)
  const isWorse = blocked || (when.arriveBy ? departure < walk.departure : arrival > walk.arrival)
  return { ...walk, departure, arrival, usual, ...(blocked && { blocked }), ...(isWorse && out && { out }) }
}

/**
 * Made with a vehicle for rent that can not be taken, or no longer goes as far.
 * @param time when it is to be taken, Unix seconds; undefined: when nobody knows yet what there will be
 */
export function isOfferGone({ conditions }: Horizon, { parts, rental }: Approach, time: number | undefined): boolean {
  const at = parts.find(part => part.mode === 'RENTAL')?.from
  if (!rental || !at) return false
  const system = conditions?.rentals.find(s => s.id === rental.system)
  // of a time of which nothing is known the vehicle that was chosen is not gone while it stands where it stood
  const offers = system ? [system, systemAt(system, time)].map(known => findOffer(known, rental.type, at)) : []
  return !offers.some(offer => offer && offer.metres >= (rental.metres ?? 0))
}

/** The vehicle for rent that the way is made with can no longer be taken; whoever has set out on it by now has it. */
export function isRentalGone(horizon: Horizon, { by, departure }: WalkLeg, now: UnixSeconds): boolean {
  if (!by) return false
  const riding = by.parts.findIndex(part => part.mode === 'RENTAL')
  const taken = by.parts.slice(0, riding).reduce((time, part) => time + part.seconds, departure as number)
  return taken > now && isOfferGone(horizon, by, taken)
}

function refreshRide(
  horizon: Horizon,
  saved: SavedRide,
  before: RefreshedRide | undefined,
  again: WalkAgain,
): RefreshedRide {
  const run = saved.run && readRun(horizon, saved.run)
  const alone = saved.run && run && rideOf(saved.run, run, saved)
  const leg = alone && saved.stayed && before?.leg ? stayedOn(horizon, before.leg, alone, true) : alone
  const departure = leg?.departure ?? saved.departure
  const arrival = leg?.arrival ?? saved.arrival
  const ride = { saved, leg, cancelled: !run || !takesPlace(run, saved), departure, arrival }
  if (!before || saved.stayed)
    return { ...ride, walkBefore: undefined, missed: false, slack: undefined, slackPlanned: undefined }
  const [off, on] = [before.leg?.to ?? before.saved.to, leg?.from ?? saved.from]
  // the walk that was found is this traveller's own
  const isAsFound = off !== on && off === before.saved.to && on === saved.from && saved.walkBefore > 0
  const { waitBefore = 0 } = saved
  const soonest = waitBefore > 0 ? Math.max(before.arrival, before.saved.arrival + waitBefore) : before.arrival
  const needed = (isAsFound ? undefined : changeTaken(horizon, before, off, saved, on)) ?? saved.walkBefore
  const walkBefore =
    off === on
      ? undefined
      : walkedNow(
          {
            kind: 'walk',
            from: { kind: 'stop', stop: off },
            to: { kind: 'stop', stop: on },
            departure: soonest as UnixSeconds,
            arrival: (soonest + needed) as UnixSeconds,
          },
          { time: before.arrival, arriveBy: false, until: departure },
          again,
        )
  const begin = walkBefore?.departure ?? before.arrival
  const longer = walkBefore ? walkBefore.arrival - begin - needed : 0
  // a change for which the timetable itself leaves less time is held to no more than that
  const planned = Math.max(0, saved.departure - before.saved.arrival - waitBefore)
  const change = Math.min(needed, planned)
  const slack = departure - begin - (longer > 0 ? needed + longer : change)
  return { ...ride, walkBefore, missed: slack < 0, slack, slackPlanned: planned - change }
}

/** Seconds of the change between two rides, by the rules for their trips as well. */
function changeTaken(
  { timetable, footpaths }: Horizon,
  before: RefreshedRide,
  off: StopIdx,
  after: SavedRide,
  on: StopIdx,
): number | undefined {
  const copies = stopCopies(timetable)
  const copyAt = (stop: StopIdx, run: RunKey | undefined): number => (run ? copies.at(stop, run.trip) : stop)
  return changeBetween(copies.extend(footpaths), copyAt(off, before.saved.run), copyAt(on, after.run))
}

function rideOf(key: RunKey, { calls }: Run, { board, alight, stayed }: SavedRide): RideLeg {
  const [from, to] = [calls[board]!, calls[alight]!]
  return {
    kind: 'ride',
    trip: key.trip,
    day: key.day,
    shift: key.shift,
    board,
    alight,
    from: from.stop,
    to: to.stop,
    departure: from.departure,
    arrival: to.arrival,
    ...(stayed && { stayed: true }),
  }
}

/** Who stays seated need not get on or off there. */
const takesPlace = ({ state, calls }: Run, { board, alight, stayed }: SavedRide): boolean => {
  if (!isServed(state)) return false
  const [from, to] = [calls[board]!, calls[alight]!]
  return (stayed || !from.couldBoard || from.canBoard) && (!to.couldAlight || to.canAlight)
}

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
import type { Approach, LegEnd, RideLeg, WalkLeg } from '../transit/journey.ts'
import { stayedOn } from './seated.ts'
import { isGuaranteed } from './tidy.ts'
import { type RefreshedWalk, type SavedPlaces, type WalkAgain, walkedNow, walkOnwards, walkUpTo } from './walked.ts'

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
  /** Between the ride before and this one; absent: none. */
  readonly places?: SavedPlaces
  /** The rider stays on the vehicle of the ride before. */
  readonly stayed: boolean
}

/** The way to the first ride or from the last one, on foot or with `by`. */
export interface SavedWay {
  readonly seconds: number
  /** Seconds, as planned, between it and the ride, for something that does not always work; absent: none. */
  readonly wait?: number
  readonly by?: Approach
  /** On foot; absent: none. */
  readonly places?: SavedPlaces
}

/** At least one ride, with the ways before the first and after the last; undefined: none. */
export interface SavedJourney {
  readonly start: SavedWay | undefined
  readonly rides: readonly SavedRide[]
  readonly end: SavedWay | undefined
}

export interface RefreshedRide {
  readonly saved: SavedRide
  readonly leg: RideLeg | undefined
  readonly walksBefore: readonly RefreshedWalk[]
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
  readonly start: readonly RefreshedWalk[]
  readonly rides: readonly RefreshedRide[]
  readonly end: readonly RefreshedWalk[]
}

/** @param again absent: every walk is made as it was found */
export function refresh(
  horizon: Horizon,
  { start, rides, end }: SavedJourney,
  again: WalkAgain = walk => walk,
): RefreshedJourney {
  const refreshed: RefreshedRide[] = []
  for (const saved of rides) {
    const stay = (refreshed.length > 0 ? saved : start)?.places?.stay ?? 0
    refreshed.push(refreshRide(horizon, saved, stay, refreshed.at(-1), again))
  }
  return {
    start: start ? wayTo(refreshed[0]!, start, again) : [],
    rides: refreshed,
    end: end ? wayFrom(refreshed.at(-1)!, end, again) : [],
  }
}

const atStop = (stop: StopIdx): LegEnd => ({ kind: 'stop', stop })

function wayTo(first: RefreshedRide, { seconds, wait = 0, by, places }: SavedWay, again: WalkAgain): RefreshedWalk[] {
  const ends = { from: { kind: 'start' }, to: atStop(first.leg?.from ?? first.saved.from) } as const
  const time = first.departure
  if (places) return walkUpTo(places, { ...ends, time, planned: first.saved.departure }, again)
  const planned = first.saved.departure - wait
  const latest = wait > 0 ? Math.min(time, planned) : time
  const times = { departure: (latest - seconds) as UnixSeconds, arrival: latest as UnixSeconds }
  const walk: WalkLeg = { kind: 'walk', ...ends, ...(by && { by }), ...times }
  return [walkedNow(walk, planned - seconds, { time, arriveBy: true }, again)]
}

function wayFrom(last: RefreshedRide, { seconds, wait = 0, by, places }: SavedWay, again: WalkAgain): RefreshedWalk[] {
  const ends = { from: atStop(last.leg?.to ?? last.saved.to), to: { kind: 'end' } } as const
  const time = last.arrival
  if (places) return walkOnwards(places, { ...ends, time, planned: last.saved.arrival }, again)
  const planned = last.saved.arrival + wait
  const soonest = wait > 0 ? Math.max(time, planned) : time
  const times = { departure: soonest as UnixSeconds, arrival: (soonest + seconds) as UnixSeconds }
  const walk: WalkLeg = { kind: 'walk', ...ends, ...(by && { by }), ...times }
  return [walkedNow(walk, planned, { time, arriveBy: false }, again)]
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
  stay: number,
  before: RefreshedRide | undefined,
  again: WalkAgain,
): RefreshedRide {
  const run = saved.run && readRun(horizon, saved.run)
  const alone = saved.run && run && rideOf(saved.run, run, saved, stay)
  const leg = alone && before?.leg ? rideAfter(horizon, before.leg, alone) : alone
  const departure = leg?.departure ?? saved.departure
  const arrival = leg?.arrival ?? saved.arrival
  const ride = { saved, leg, cancelled: !run || !takesPlace(run, saved), departure, arrival }
  if (!before || saved.stayed)
    return { ...ride, walksBefore: [], missed: false, slack: undefined, slackPlanned: undefined }
  const [off, on] = [before.leg?.to ?? before.saved.to, leg?.from ?? saved.from]
  const { places } = saved
  if (places && places.walks.length > 0) {
    const ends = { from: atStop(off), to: atStop(on), time: before.arrival, planned: before.saved.arrival }
    const walksBefore = walkOnwards(places, ends, again, departure)
    const last = walksBefore.at(-1)!
    const slack = departure - stay - last.arrival
    const slackPlanned = saved.departure - stay - last.planned - last.usual
    return { ...ride, walksBefore, missed: slack < 0, slack, slackPlanned }
  }
  // the walk that was found is this traveller's own
  const isAsFound = off !== on && off === before.saved.to && on === saved.from && saved.walkBefore > 0
  const { waitBefore = 0 } = saved
  const wait = waitBefore + stay
  const soonest = waitBefore > 0 ? Math.max(before.arrival, before.saved.arrival + waitBefore) : before.arrival
  const needed = (isAsFound ? undefined : changeTaken(horizon, before, off, saved, on)) ?? saved.walkBefore
  const walksBefore =
    off === on
      ? []
      : [
          walkedNow(
            {
              kind: 'walk',
              ...{ from: atStop(off), to: atStop(on) },
              departure: soonest as UnixSeconds,
              arrival: (soonest + needed) as UnixSeconds,
            },
            before.saved.arrival + waitBefore,
            { time: before.arrival, arriveBy: false, until: departure },
            again,
          ),
        ]
  const [walk] = walksBefore
  const begin = walk?.departure ?? before.arrival
  const longer = walk ? walk.arrival - begin - needed : 0
  // a change for which the timetable itself leaves less time is held to no more than that
  const planned = Math.max(0, saved.departure - before.saved.arrival - wait)
  const change = Math.min(needed, planned)
  const slack = departure - begin - stay - (longer > 0 ? needed + longer : change)
  return { ...ride, walksBefore, missed: slack < 0, slack, slackPlanned: planned - change }
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

/** As the vehicle makes it that the rider stays on, or that waits for the one before. */
function rideAfter(horizon: Horizon, before: RideLeg, ride: RideLeg): RideLeg {
  if (ride.stayed) return stayedOn(horizon, before, ride, true)
  return isGuaranteed(horizon.timetable, before, ride) ? { ...ride, guaranteed: true } : ride
}

function rideOf(key: RunKey, { calls }: Run, { board, alight, stayed }: SavedRide, stay: number): RideLeg {
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
    ...(stay > 0 && { stay }),
  }
}

/** Who stays seated need not get on or off there. */
const takesPlace = ({ state, calls }: Run, { board, alight, stayed }: SavedRide): boolean => {
  if (!isServed(state)) return false
  const [from, to] = [calls[board]!, calls[alight]!]
  return (stayed || !from.couldBoard || from.canBoard) && (!to.couldAlight || to.canAlight)
}

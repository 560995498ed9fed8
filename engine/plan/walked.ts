// Walks of a journey that was found before, as they are made now; several in a row where it comes by places of its own.

import type { UnixSeconds } from '../core/time.ts'
import type { Approach, LegEnd, WalkLeg } from '../transit/journey.ts'

/** How a walk is made now. */
export interface WalkNow {
  readonly departure: UnixSeconds
  readonly arrival: UnixSeconds
  /** No way is left: told as it was found. */
  readonly blocked?: true
  /** Ids of the elevators out of order because of which it is longer, later or none. */
  readonly out?: readonly string[]
  /** With a vehicle, where its parts take longer. */
  readonly by?: Approach
}

export interface RefreshedWalk extends WalkLeg, WalkNow {
  /** Seconds that it took when it was found. */
  readonly usual: number
  /** When it would begin if all went as planned. */
  readonly planned: number
}

/** A walk can begin at `time` (arrive by: has to end then), and leads to a ride that leaves at `until`, if to any. Unix seconds. */
export interface WalkWhen {
  readonly time: number
  readonly arriveBy: boolean
  readonly until?: number
}

/** How a walk, on foot or with a vehicle, given as it was found, is made now. */
export type WalkAgain = (walk: WalkLeg, when: WalkWhen) => WalkNow

/**
 * The walk as it is made now. Elevators are no news where it was found to be as long and late.
 * @param planned when it would begin if all went as planned
 */
export function walkedNow(walk: WalkLeg, planned: number, when: WalkWhen, again: WalkAgain): RefreshedWalk {
  const usual = walk.arrival - walk.departure
  const { departure, arrival, blocked, out, by } = again(walk, when)
  const isWorse = blocked || (when.arriveBy ? departure < walk.departure : arrival > walk.arrival)
  return {
    ...walk,
    departure,
    arrival,
    usual,
    planned,
    ...(by && { by }),
    ...(blocked && { blocked }),
    ...(isWorse && out && { out }),
  }
}

/** One of the ways to, between and from places on the way. */
export interface SavedWalk {
  /** The place that it leads to, by its number; undefined: to the ride after it, or the end. */
  readonly via: number | undefined
  readonly seconds: number
  /** Seconds that have to be spent where it begins. */
  readonly stay: number
  /**
   * Where it need not have been when it was, as planned: seconds from the ride before it (without one: from the journey's beginning) until it
   * begins; on the way to the first ride: from its end until that leaves. Else 0.
   */
  readonly apart: number
  /** With a vehicle; absent: on foot. */
  readonly by?: Approach
}

/** Where a journey comes by places of its query between two rides, before the first, or after the last. */
export interface SavedPlaces {
  readonly walks: readonly SavedWalk[]
  /** Seconds that have to be spent where the ride after them leaves. */
  readonly stay: number
}

/** The ends of a row of walks, and the time of the ride at one of them, now and as planned. */
interface Between {
  readonly from: LegEnd
  readonly to: LegEnd
  readonly time: number
  readonly planned: number
}

/** On from a ride that has come: each as soon as it can be, or when it was planned. @param until when the ride after them leaves */
export function walkOnwards(
  { walks }: SavedPlaces,
  { from, to, time, planned }: Between,
  again: WalkAgain,
  until?: number,
): RefreshedWalk[] {
  let [here, at, then] = [from, time, planned]
  return walks.map(({ via, seconds, stay, apart, by }) => {
    const there: LegEnd = via === undefined ? to : { kind: 'via', via }
    const [departure, begin] = [at + stay, then + stay].map(soonest =>
      Math.max(soonest, apart > 0 ? planned + apart : 0),
    )
    const walk = walkOf(here, there, departure!, departure! + seconds, stay, by)
    const made = walkedNow(walk, begin!, { time: departure!, arriveBy: false, ...(until && { until }) }, again)
    ;[here, at, then] = [there, made.arrival, begin! + seconds]
    return made
  })
}

/** On to a ride that will leave: each as late as it can be, or when it was planned. */
export function walkUpTo(
  { walks, stay: last }: SavedPlaces,
  { from, to, time, planned }: Between,
  again: WalkAgain,
): RefreshedWalk[] {
  let [at, then] = [time - last, planned - last]
  const made: RefreshedWalk[] = []
  for (let i = walks.length - 1; i >= 0; i--) {
    const { via, seconds, stay, apart, by } = walks[i]!
    const before = walks[i - 1]
    const here: LegEnd = before?.via === undefined ? from : { kind: 'via', via: before.via }
    const there: LegEnd = via === undefined ? to : { kind: 'via', via }
    const [arrival, end] = [at, then].map(latest => (apart > 0 ? Math.min(latest, planned - apart) : latest))
    const walk = walkOf(here, there, arrival! - seconds, arrival!, stay, by)
    made.unshift(walkedNow(walk, end! - seconds, { time: arrival!, arriveBy: true }, again))
    ;[at, then] = [made[0]!.departure - stay, end! - seconds - stay]
  }
  return made
}

const walkOf = (
  from: LegEnd,
  to: LegEnd,
  departure: number,
  arrival: number,
  stay: number,
  by: Approach | undefined,
): WalkLeg => ({
  kind: 'walk',
  ...(stay > 0 && { stay }),
  ...(by && { by }),
  ...{ from, to, departure: departure as UnixSeconds, arrival: arrival as UnixSeconds },
})

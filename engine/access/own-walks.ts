// Walks between stops for who walks otherwise than those whose table he is given: at another pace, with limits of his own, from bench to bench,
// rather under lamps. There are as many such travellers as queries, so none has a table of his own. A plan is given the usual one at his pace; from
// the stops at which the journeys found change, his walks are made (a flood each, some tenths of a millisecond), and the search is asked again,
// until it changes at no others (plan.ts). What another walk had taken the place of, its stops are looked at as well (needed.ts). Left out: walks that
// the usual table lacks, from a stop nobody looked at: longer ones than `near` that only his limits make needed, and those only he can go.
// Who asks for all stops at once has his walks made round by round, from every stop that a round reaches (reach.ts): nothing is left out.
//
// Every question begins with the usual table, whatever was looked at before: of the walks that were made only the work is kept.

import { NEVER } from '../core/time.ts'
import { type Footpaths, type Walks, walksAt } from '../footpaths/footpaths.ts'
import { statedFor, statedTimes } from '../footpaths/rules.ts'
import { mergeWalk, SHORTEST_WALK_SECONDS } from '../footpaths/transfers.ts'
import { Profile } from '../street/profile.ts'
import { isExtraStop } from '../timetable/room.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Ground } from './ground.ts'
import { type WalksOptions, walkLimits, walksBetweenStops, walksOfStated } from './walks.ts'

/** Does he go other ways than those whose table it is, or faster? (Slower on the same ways the table at his pace says it all.) */
export function goesOwnWays(walker: Profile, usual: Profile): boolean {
  const [own, theirs] = [walker, usual].map(({ limits, weights }) => JSON.stringify([limits, weights]))
  return own !== theirs || walker.speed > usual.speed
}

/** The walks at another pace, taking so many times as long; those that take what transfers.txt states stay as they are. */
export function atPace(tt: Timetable, footpaths: Footpaths, times: number): Footpaths {
  if (times === 1) return footpaths
  const { outBegin, outTo, outSeconds, inBegin, inFrom, inSeconds } = footpaths
  const { stops } = tt.counts
  const paced = (seconds: Int32Array) => seconds.map(s => Math.max(SHORTEST_WALK_SECONDS, Math.ceil(s * times)))
  const [out, into] = [paced(outSeconds), paced(inSeconds)]
  const keep = (
    begin: Uint32Array,
    other: Uint32Array,
    of: number,
    at: number,
    stated: number,
    from: Int32Array,
    to: Int32Array,
  ): void => {
    for (let i = begin[of]!; i < begin[of + 1]!; i++) if (other[i] === at && from[i] === stated) to[i] = stated
  }
  for (const [pair, seconds] of statedTimes(tt)) {
    const [from, to] = [Math.floor(pair / stops), pair % stops]
    keep(outBegin, outTo, from, to, seconds, outSeconds, out)
    keep(inBegin, inFrom, to, from, seconds, inSeconds, into)
  }
  return { ...footpaths, outSeconds: out, inSeconds: into }
}

/** All of them to be searched: what makes a walk needed is not the same for him. */
export const allNeeded = (footpaths: Footpaths): Footpaths => ({
  ...footpaths,
  outNeeded: new Uint8Array(footpaths.counts.footpaths).fill(1),
})

/** Seconds: as far as half an hour on foot is at the usual pace, whatever his is. */
const farthest = (tt: Timetable, walker: Profile, usual: Profile): number =>
  Math.ceil((walkLimits(tt).far * usual.speed) / walker.speed)

/** Who goes his own ways, and his walks as far as anybody asked for them. */
export interface OwnWalker {
  readonly walker: Profile
  /** As `farthest`. */
  readonly maxSeconds: number
  /** By whether they lead to the stop (else from it). */
  readonly made: ReadonlyMap<boolean, Map<number, Walks>>
}

export function ownWalker(tt: Timetable, { battery, ...walker }: Profile, usual: Profile): OwnWalker {
  const maxSeconds = farthest(tt, walker, usual)
  const made = new Map([false, true].map(reverse => [reverse, new Map<number, Walks>()]))
  return { walker, maxSeconds, made }
}

/** Walks kept for one walker, before all are forgotten. */
const MOST_KEPT = 4e6

/**
 * His walks from these stops (reverse: to them); made when first asked for. What transfers.txt states is as S36 has it, and the walks of stops that only
 * realtime knows, for no street leads to them.
 * @param known of everybody, at his pace
 */
export function ownWalks(
  ground: Ground,
  known: Footpaths,
  { walker, maxSeconds, made }: OwnWalker,
  stops: Iterable<number>,
  reverse: boolean,
): ReadonlyMap<number, Walks> {
  const kept = made.get(reverse)!
  let count = 0
  for (const { stops: others } of kept.values()) count += others.length
  if (count > MOST_KEPT) kept.clear()
  const found = new Map<number, Walks>()
  for (const stop of stops)
    found.set(
      stop,
      kept.getOrInsertComputed(stop, () => walksOf(ground, known, { walker, maxSeconds, reverse }, stop)),
    )
  return found
}

/** Walks from one stop (reverse: to it) as they are made for a traveller, beside what transfers.txt and realtime say. */
export function walksOf(
  ground: Ground,
  known: Footpaths,
  { walker, maxSeconds, reverse }: Required<Pick<WalksOptions, 'walker' | 'maxSeconds' | 'reverse'>>,
  stop: number,
): Walks {
  const { timetable: tt } = ground
  const stated = statedTimes(tt)
  const isStated = (from: number, to: number): boolean => stated.has(from * tt.counts.stops + to)
  const best = new Map<number, number>()
  const { stops: others, seconds } = walksAt(known, stop, reverse)
  const pairOf = (other: number): number => (reverse ? other * tt.counts.stops + stop : stop * tt.counts.stops + other)
  for (const [i, other] of others.entries())
    if (stated.has(pairOf(other)) || isExtraStop(tt, stop) || isExtraStop(tt, other)) best.set(other, seconds[i]!)
  // those that somebody on foot can go; of what the map does not know, it knows of nobody
  const of = { of: [stop], reverse }
  const onFoot = walksOfStated(ground, { ...of, walker: Profile.foot, maxSeconds: walkLimits(tt).far })
  // that a way is longer than the traveller walks says nothing of whether there is one
  const far = Math.max(maxSeconds, farthest(tt, walker, Profile.foot))
  const own = onFoot.size > 0 ? walksOfStated(ground, { ...of, walker, maxSeconds: far }) : onFoot
  for (const [pair, usual] of onFoot) {
    const takes = statedFor(stated.get(pair)!, usual, own.get(pair))
    const other = reverse ? Math.floor(pair / tt.counts.stops) : pair % tt.counts.stops
    if (takes === undefined || takes >= NEVER) best.delete(other)
    else best.set(other, takes)
  }
  for (const walk of walksBetweenStops(ground, { walker, maxSeconds, of: [stop], reverse })) {
    if (isStated(walk.from, walk.to)) continue
    const other = reverse ? walk.from : walk.to
    best.set(other, Math.min(best.get(other) ?? NEVER, mergeWalk(walk).seconds))
  }
  const stops = Uint32Array.from(best.keys()).sort()
  return { stops, seconds: Int32Array.from(stops, other => best.get(other)!) }
}

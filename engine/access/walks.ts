// All walks from stop to stop: what changes are made of where transfers.txt is silent. Inside a station with pathways there is no other way
// than these (S42); from its platforms to other stops a walk goes out of an entrance, along the streets, and in again.

import type { StopIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import type { Walk } from '../footpaths/footpaths.ts'
import { statedEnds, statedTimes } from '../footpaths/rules.ts'
import { mergeWalk, nearbyStops, straightLineSeconds, straightLineWalks } from '../footpaths/transfers.ts'
import { reachInside } from '../station/walk.ts'
import { isLinked } from '../street/links.ts'
import type { Profile } from '../street/profile.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'
import { aroundOnStreets, enter, type Ground, insideOf } from './ground.ts'

/** How long the walks between stops may be, in seconds at the usual pace. */
export interface WalkLimits {
  /** Longest walk that counts as a change, where a search needs it. */
  readonly far: number
  /** Up to here every walk is known. */
  readonly near: number
}

/** Half an hour, as long as one walks all the way unless told otherwise; a quarter, as long as to the first stop. */
const USUAL: WalkLimits = { far: 1800, near: 900 }
/** In a network of so many stops, where the long ones would take minutes to find. */
const LARGE = 30_000
const IN_LARGE: WalkLimits = { far: 600, near: 600 }

export const walkLimits = (tt: Timetable): WalkLimits => (tt.counts.stops >= LARGE ? IN_LARGE : USUAL)

export interface WalksOptions {
  readonly walker: Profile
  readonly maxSeconds: number
  /** Only from these stops (reverse: to them); all when absent. */
  readonly of?: readonly number[]
  readonly reverse?: boolean
  readonly onProgress?: (done: number, total: number) => void
}

/** Walks from each boardable stop to the others (reverse: to each from the others); of one pair there may be several. */
export function* walksBetweenStops(ground: Ground, options: WalksOptions): Generator<Walk> {
  const { timetable: tt, insides } = ground
  const { walker, maxSeconds, reverse = false } = options
  const inside = insideOf(walker)
  if (!ground.streets || walker.limits.unknown !== 'refuse')
    for (const { from, to, seconds } of straightLineWalks(tt, walker.speed, options.of)) {
      const walk = reverse ? { from: to, to: from, seconds } : { from, to, seconds }
      if (!isOnMap(ground, walk) && !throughWalls(ground, walk)) yield walk
    }
  const stops = options.of ?? Array.from({ length: tt.counts.stops }, (_, s) => s)
  // entrance → what is around it: asked for every platform behind it
  const around = new Map<number, [number, number][]>()
  for (const [done, one] of stops.entries()) {
    options.onProgress?.(done + 1, stops.length)
    if (tt.stopLocationType[one] !== 0) continue
    const found: Walk[] = []
    const offer = (other: number, seconds: number): void => {
      if (other === one || seconds > maxSeconds) return
      found.push(reverse ? { from: other, to: one, seconds } : { from: one, to: other, seconds })
    }
    if (insides.onStreet[one] === 1)
      for (const [stop, seconds] of aroundPlatform(ground, walker, one, maxSeconds, reverse))
        if (!throughWalls(ground, { from: one, to: stop }))
          enter(ground, inside, stop, seconds, maxSeconds, reverse, offer)
    if (insides.mapped[one] === 0) {
      yield* found
      continue
    }
    const seconds = reachInside(tt, insides, one, inside, ground.closed, maxSeconds, reverse)
    for (const [stop, spent] of seconds) {
      if (tt.stopLocationType[stop] === 0) offer(stop, Math.ceil(spent))
      if (tt.stopLocationType[stop] === 0 || insides.onStreet[stop] === 0) continue
      const neighbours = around.getOrInsertComputed(stop, () => outside(ground, walker, stop, maxSeconds, reverse))
      for (const [next, more] of neighbours)
        if (spent + more <= maxSeconds) enter(ground, inside, next, spent + more, maxSeconds, reverse, offer)
    }
    yield* found
  }
}

/**
 * from * stops + to → seconds, of the changes with a stated time (transfers.txt) in which this walker walks them: those that one comes to from, or
 * to, any stop that has some, or of these alone.
 */
export function walksOfStated(ground: Ground, options: Omit<WalksOptions, 'onProgress'>): Map<number, number> {
  const { stops } = ground.timetable.counts
  const stated = statedTimes(ground.timetable)
  const ends = statedEnds(ground.timetable, options.reverse ?? false)
  const of = options.of ? options.of.filter(stop => ends.has(stop)) : [...ends]
  const found = new Map<number, number>()
  if (of.length === 0) return found
  for (const walk of walksBetweenStops(ground, { ...options, of })) {
    const pair = walk.from * stops + walk.to
    if (stated.has(pair)) found.set(pair, Math.min(found.get(pair) ?? NEVER, mergeWalk(walk).seconds))
  }
  return found
}

/** Does the map say how one walks there? Not where there is no street near one of the two, as beyond its rim. */
const isOnMap = ({ streets }: Ground, { from, to }: Pick<Walk, 'from' | 'to'>): boolean =>
  streets !== undefined && isLinked(streets.links, from) && isLinked(streets.links, to)

/** Both platforms are in one station with pathways: then there is no way beside them. */
const throughWalls = ({ timetable: tt, insides }: Ground, { from, to }: Pick<Walk, 'from' | 'to'>): boolean =>
  insides.sealed[from] === 1 ||
  insides.sealed[to] === 1 ||
  (tt.stopLocationType[to] === 0 &&
    insides.mapped[from] === 1 &&
    insides.mapped[to] === 1 &&
    rootStop(tt, from as StopIdx) === rootStop(tt, to as StopIdx))

/** The same of a platform; without a map its entrances alone, for from stop to stop straight lines are drawn above. */
function aroundPlatform(
  ground: Ground,
  walker: Profile,
  platform: number,
  maxSeconds: number,
  reverse: boolean,
): [number, number][] {
  const { timetable: tt, streets } = ground
  if (!streets && tt.counts.pathways === 0) return []
  const around = outside(ground, walker, platform, maxSeconds, reverse)
  return streets ? around : around.filter(([stop]) => tt.stopLocationType[stop] !== 0)
}

/** What lies around a stop that touches the street: along the streets or, without a map, in straight lines. */
function outside(
  ground: Ground,
  walker: Profile,
  one: number,
  maxSeconds: number,
  reverse: boolean,
): [number, number][] {
  const { timetable: tt, streets, insides } = ground
  if (streets) return aroundOnStreets(streets, walker, one, maxSeconds, reverse)
  return nearbyStops(tt, one, stop => insides.onStreet[stop] === 1 && stop !== one).map(stop => [
    stop,
    straightLineSeconds(tt, one as StopIdx, stop as StopIdx, walker.speed),
  ])
}

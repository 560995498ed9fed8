// Where people walk: streets and the insides of stations, as they are at one moment. What is out of order is left out of both.

import type { StopIdx } from '../core/ids.ts'
import { buildInsides, type Insides } from '../station/insides.ts'
import { type InsideTravel, reachInside } from '../station/walk.ts'
import { placesOfStop } from '../street/ends.ts'
import type { Profile } from '../street/profile.ts'
import { reachFromMany, type StreetSearch } from '../street/search.ts'
import type { Timetable } from '../timetable/timetable.ts'

/** Straight lines are shorter than ways: metres on foot per metre as the crow flies. */
export const DETOUR = 1.3

export interface Ground {
  readonly timetable: Timetable
  /** Undefined without a map. */
  readonly streets: StreetSearch | undefined
  readonly insides: Insides
  /** Pathways out of order. */
  readonly closed: ReadonlySet<number>
  /** What is out of order, by name: grounds of equal outages are the same. */
  readonly without: string
}

/** @param streets undefined: without a map one walks in straight lines */
export const createGround = (timetable: Timetable, streets: StreetSearch | undefined): Ground => ({
  timetable,
  streets,
  insides: buildInsides(timetable),
  closed: new Set(),
  without: '',
})

/** How a traveller of the streets goes through a station. */
export const insideOf = ({ speed, limits }: Profile): InsideTravel => ({
  speed,
  stairs: limits.stairs !== false,
  escalators: limits.stairs !== false,
  maxSlope: limits.maxSlope === undefined ? Number.POSITIVE_INFINITY : limits.maxSlope * 10,
  minWidthMm: (limits.minWidth ?? 0) * 1000,
  takesUnknown: limits.unknown !== 'refuse',
  elevators: limits.elevators !== false,
})

export type Offer = (stop: number, seconds: number) => void

/**
 * Passes on what is reached from the street: a platform as it is, an entrance as the platforms behind it.
 * @param spent seconds to the stop on the street
 */
export function enter(
  { timetable: tt, insides, closed }: Ground,
  inside: InsideTravel,
  stop: number,
  spent: number,
  maxSeconds: number,
  reverse: boolean,
  offer: Offer,
): void {
  if (tt.stopLocationType[stop] === 0) {
    offer(stop, spent)
    return
  }
  const seconds = reachInside(tt, insides, stop, inside, closed, maxSeconds - spent, reverse)
  for (const [platform, more] of seconds)
    if (tt.stopLocationType[platform] === 0) offer(platform, Math.ceil(spent + more))
}

/** Platforms and entrances around a stop that touches the street, along the streets; not the stop itself. */
export function aroundOnStreets(
  streets: StreetSearch,
  walker: Profile,
  stop: number,
  maxSeconds: number,
  reverse: boolean,
): [stop: number, seconds: number][] {
  const seeds = placesOfStop(streets, walker, stop as StopIdx, reverse).map(place => ({ place, ms: 0 }))
  if (seeds.length === 0) return []
  const { stops, seconds, count } = reachFromMany(streets, seeds, { profile: walker, maxSeconds }, reverse)
  const found: [number, number][] = []
  for (let i = 0; i < count; i++) if (stops[i] !== stop) found.push([stops[i]!, seconds[i]!])
  return found
}

// Where the inside of a station meets the street, and the streets between two sets of such doors.

import { metresBetween } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { type InsidePiece, type InsideTravel, pathwayMetres, reachInside, wayInside } from '../station/walk.ts'
import { Mode } from '../street/graph.ts'
import { waysToMany } from '../street/many.ts'
import type { StreetEnd } from '../street/path.ts'
import type { PointTravel } from '../street/search.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'
import type { ApproachPoint } from '../transit/journey.ts'
import { DETOUR, type Ground } from './ground.ts'

/** A place where one comes out on the street (reverse: in from it), and after how long inside. */
export interface Door {
  readonly end: StreetEnd
  /** Not rounded. */
  readonly seconds: number
}

export const stopOf = (end: StreetEnd): StopIdx => (end as { readonly stop: StopIdx }).stop

/** Does an end lie inside a station with pathways (S42, S43)? Then the streets alone lead nowhere near it. */
export const isInside = ({ insides: { arcsBegin, sealed } }: Ground, end: StreetEnd): boolean =>
  'stop' in end && (arcsBegin[end.stop]! < arcsBegin[end.stop + 1]! || sealed[end.stop] === 1)

/** Both inside the same station: then no way leads over the street. */
export const staysInside = (ground: Ground, from: StreetEnd, to: StreetEnd): boolean =>
  isInside(ground, from) &&
  isInside(ground, to) &&
  rootStop(ground.timetable, stopOf(from)) === rootStop(ground.timetable, stopOf(to))

/** The doors of a place; one that is on the street is its own. */
export function doorsOf(
  ground: Ground,
  end: StreetEnd,
  travel: InsideTravel,
  maxSeconds: number,
  reverse: boolean,
): readonly Door[] {
  if (!isInside(ground, end)) return [{ end, seconds: 0 }]
  const { timetable: tt, insides, closed } = ground
  const doors: Door[] = []
  for (const [stop, seconds] of reachInside(tt, insides, stopOf(end), travel, closed, maxSeconds, reverse))
    if (insides.onStreet[stop] === 1)
      doors.push({ end: stop === stopOf(end) ? end : { stop: stop as StopIdx }, seconds })
  return doors
}

/** A door as it is told. */
export interface NamedDoor extends Door {
  readonly point: ApproachPoint
}

export const namedDoor = ({ timetable: tt }: Ground, { end, seconds }: Door): NamedDoor => {
  const { lat, lon } = positionOf(tt, end)
  const name = 'stop' in end ? textOf(tt, tt.stopName[end.stop]!) : ''
  return { end, seconds, point: { lat, lon, ...(name && { name }) } }
}

/** The pathways between a place and one of its doors, in the order of travel. */
export function piecesTo(ground: Ground, from: StreetEnd, to: StreetEnd, travel: InsideTravel): readonly InsidePiece[] {
  if (from === to) return []
  const { timetable: tt, insides, closed } = ground
  return wayInside(tt, insides, stopOf(from), stopOf(to), travel, closed) ?? []
}

export const metresOf = (tt: Timetable, pieces: readonly InsidePiece[]): number =>
  pieces.reduce((sum, { pathway }) => sum + pathwayMetres(tt, pathway), 0)

/** Where a stop touches the streets is told of those who walk; a vehicle goes as near as it may. */
export const endFor = (
  { timetable: tt }: Ground,
  { profile: { mode } }: Pick<PointTravel, 'profile'>,
  end: StreetEnd,
): StreetEnd => (mode === Mode.foot || mode === Mode.wheelchair || !('stop' in end) ? end : positionOf(tt, end))

export const positionOf = (tt: Timetable, end: StreetEnd): { readonly lat: number; readonly lon: number } =>
  'stop' in end ? { lat: tt.stopLat[end.stop]!, lon: tt.stopLon[end.stop]! } : end

/** A way along the streets between the exit and the entry of these numbers. */
export interface Between {
  readonly exit: number
  readonly entry: number
  /** Rounded up, without what is inside. */
  readonly seconds: number
  readonly metres: number
}

/** Along the streets, in straight lines where there is no map: one flood for each door on the side that has fewer. */
export function* between(
  ground: Ground,
  exits: readonly Door[],
  entries: readonly Door[],
  travel: PointTravel,
): Generator<Between> {
  const { timetable: tt, streets } = ground
  const reverse = exits.length > entries.length
  const [few, many] = reverse ? [entries, exits] : [exits, entries]
  const goals = many.map(({ end }) => endFor(ground, travel, end))
  for (const [i, { end }] of few.entries()) {
    const one = endFor(ground, travel, end)
    const ways = streets
      ? waysToMany(streets, one, goals, { ...travel, reverse })
      : goals.map(goal => straight(tt, one, goal, travel.profile.speed))
    for (const [n, found] of ways.entries()) {
      const stays = 'stop' in end && 'stop' in many[n]!.end && stopOf(end) === stopOf(many[n]!.end)
      const way = stays ? { seconds: 0, metres: 0 } : found
      if (way) yield { exit: reverse ? n : i, entry: reverse ? i : n, ...way }
    }
  }
}

/** A walk where no map knows a way: as the crow flies, lengthened by what streets usually take longer. @param speed metres per second */
export function straight(
  tt: Timetable,
  a: StreetEnd,
  b: StreetEnd,
  speed: number,
): { seconds: number; metres: number } {
  const [from, to] = [positionOf(tt, a), positionOf(tt, b)]
  const metres = metresBetween(from.lat, from.lon, to.lat, to.lon) * DETOUR
  return { seconds: Math.ceil(metres / speed), metres }
}

// A walk of which an end lies inside a station with pathways, in its three parts:
//
//   platform ══ pathways ══ entrance ── streets ── entrance ══ pathways ══ platform
//
// Searches know how long it takes (walks.ts, ground.ts); here it is found once more, to be told.

import { metresBetween } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { type InsidePiece, type InsideTravel, judgePathway, reachInside, wayInside } from '../station/walk.ts'
import type { StreetEnd } from '../street/path.ts'
import { type PointTravel, reachStops, type StreetSearch } from '../street/search.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'
import { aroundOnStreets, type Ground, insideOf } from './ground.ts'

export interface Passage {
  readonly before: readonly InsidePiece[]
  /** Along the streets; undefined: the way stays inside. */
  readonly outside: readonly [from: StreetEnd, to: StreetEnd] | undefined
  readonly after: readonly InsidePiece[]
}

/** The quickest such way; undefined if neither end lies inside a station, or there is no way. */
export function passage(ground: Ground, from: StreetEnd, to: StreetEnd, travel: PointTravel): Passage | undefined {
  const { timetable: tt, insides, closed } = ground
  const [leaves, enters] = [isInside(ground, from), isInside(ground, to)]
  if (!leaves && !enters) return undefined
  const inside = insideOf(travel.profile)
  if (leaves && enters && rootStop(tt, stopOf(from)) === rootStop(tt, stopOf(to))) {
    const way = wayInside(tt, insides, stopOf(from), stopOf(to), inside, closed)
    return way && { before: way, outside: undefined, after: [] }
  }
  const exits = doorsOf(ground, from, inside, travel.maxSeconds, false)
  const entries = doorsOf(ground, to, inside, travel.maxSeconds, true)
  const best = { seconds: Number.POSITIVE_INFINITY, exit: from, entry: to }
  for (const [exit, entry, seconds] of between(ground, exits, entries, travel))
    if (seconds < best.seconds) Object.assign(best, { seconds, exit, entry })
  if (best.seconds === Number.POSITIVE_INFINITY) return undefined
  const through = (a: StreetEnd, b: StreetEnd): readonly InsidePiece[] =>
    a === b ? [] : (wayInside(tt, insides, stopOf(a), stopOf(b), inside, closed) ?? [])
  const { exit, entry } = best
  const stays = 'stop' in exit && 'stop' in entry && exit.stop === entry.stop
  return { before: through(from, exit), outside: stays ? undefined : [exit, entry], after: through(entry, to) }
}

const stopOf = (end: StreetEnd): StopIdx => (end as { readonly stop: StopIdx }).stop

/** Does an end lie among pathways? Then the streets alone lead nowhere near it. */
export const isInside = ({ insides: { arcsBegin } }: Ground, end: StreetEnd): boolean =>
  'stop' in end && arcsBegin[end.stop]! < arcsBegin[end.stop + 1]!

type Door = readonly [end: StreetEnd, seconds: number]

/** Where one comes out on the street (reverse: in from it), and after how long; a place on the street is its own door. */
function doorsOf(
  ground: Ground,
  end: StreetEnd,
  travel: InsideTravel,
  maxSeconds: number,
  reverse: boolean,
): readonly Door[] {
  if (!isInside(ground, end)) return [[end, 0]]
  const { timetable: tt, insides, closed } = ground
  const reached = reachInside(tt, insides, stopOf(end), travel, closed, maxSeconds, reverse)
  const doors: Door[] = []
  for (const [stop, seconds] of reached)
    if (insides.onStreet[stop] === 1) doors.push([stop === stopOf(end) ? end : { stop: stop as StopIdx }, seconds])
  return doors
}

function* between(
  ground: Ground,
  exits: readonly Door[],
  entries: readonly Door[],
  travel: PointTravel,
): Generator<readonly [exit: StreetEnd, entry: StreetEnd, seconds: number]> {
  const { timetable: tt, streets } = ground
  // one search from a point reaches all doors at the other side
  const point = [...exits, ...entries].find(([end]) => !('stop' in end))?.[0] as Point | undefined
  const around =
    streets &&
    point &&
    reachedFrom(
      streets,
      point,
      travel,
      entries.some(([end]) => end === point),
    )
  for (const [exit, spent] of exits) {
    const near =
      streets && !around
        ? new Map(aroundOnStreets(streets, travel.profile, stopOf(exit), travel.maxSeconds, false))
        : around
    for (const [entry, more] of entries) {
      const stop = 'stop' in entry ? entry.stop : stopOf(exit)
      const same = 'stop' in exit && 'stop' in entry && exit.stop === entry.stop
      const walked = same ? 0 : streets ? near?.get(stop) : straight(tt, exit, entry, travel.profile.speed)
      if (walked !== undefined) yield [exit, entry, spent + walked + more]
    }
  }
}

type Point = Exclude<StreetEnd, { readonly stop: StopIdx }>

function reachedFrom(streets: StreetSearch, { lat, lon }: Point, travel: PointTravel, reverse: boolean) {
  const { stops, seconds, count } = reachStops(streets, lat, lon, { ...travel, reverse })
  return new Map(Array.from({ length: count }, (_, i) => [stops[i]!, seconds[i]!]))
}

function straight(tt: Timetable, a: StreetEnd, b: StreetEnd, speed: number): number {
  const [from, to] = [a, b].map(end =>
    'stop' in end ? { lat: tt.stopLat[end.stop]!, lon: tt.stopLon[end.stop]! } : end,
  )
  // the detour cancels out: what is inside is short beside what is not
  return metresBetween(from!.lat, from!.lon, to!.lat, to!.lon) / speed
}

/** A pathway that is not passable for this traveller for certain. */
export interface InsideObstacle {
  readonly limit: string
  readonly passable: 'no' | 'unknown'
  readonly pathway: number
  readonly stop: number
}

export function judgePieces(tt: Timetable, pieces: readonly InsidePiece[], travel: InsideTravel): InsideObstacle[] {
  return pieces.flatMap(({ pathway, from }) =>
    judgePathway(tt, pathway, travel).map(([limit, passable]) => ({ limit, passable, pathway, stop: from })),
  )
}

// The way between two places, of which each may lie inside a station with pathways, in its three parts:
//
//   platform ══ pathways ══ entrance ── streets ── entrance ══ pathways ══ platform
//
// Searches know how long it takes (walks.ts, ground.ts); here it is found once more, to be told. Whoever asks for one way asks here: walks all the
// way, legs to be drawn, single ways along the streets.

import { type InsidePiece, type InsideTravel, judgePathway, reachInside, secondsInside } from '../station/walk.ts'
import { type StreetEnd, type StreetPath, streetPath } from '../street/path.ts'
import type { PointTravel } from '../street/search.ts'
import type { Timetable } from '../timetable/timetable.ts'
import {
  between,
  type Door,
  doorsOf,
  endFor,
  isInside,
  metresOf,
  piecesTo,
  staysInside,
  stopOf,
  straight,
} from './doors.ts'
import { type Ground, insideOf } from './ground.ts'

export interface Passage {
  readonly before: readonly InsidePiece[]
  /** Along the streets; undefined: the way stays inside. */
  readonly outside: readonly [from: StreetEnd, to: StreetEnd] | undefined
  readonly after: readonly InsidePiece[]
  /** Undefined without a map, and where the way stays inside. */
  readonly path: StreetPath | undefined
  /** Rounded up. */
  readonly seconds: number
  readonly metres: number
}

/**
 * The quickest way; undefined if there is none within `maxSeconds`. Who drives walks through stations and takes the vehicle at the door.
 * @param inside who goes through the stations
 */
export function passage(
  ground: Ground,
  from: StreetEnd,
  to: StreetEnd,
  travel: PointTravel,
  inside: InsideTravel = insideOf(travel.profile),
): Passage | undefined {
  const { timetable: tt, streets } = ground
  const doors = doorsBetween(ground, from, to, travel, inside)
  if (!doors) return undefined
  const [exit, entry] = doors
  const [before, after] = [piecesTo(ground, from, exit, inside), piecesTo(ground, entry, to, inside)]
  const spent = secondsInside(tt, [...before, ...after], inside)
  const far = metresOf(tt, [...before, ...after])
  const stays = leadsInside(ground, from, to) && 'stop' in exit && 'stop' in entry && exit.stop === entry.stop
  const whole = (outside: Passage['outside'], path: StreetPath | undefined, walked: number, metres: number) => {
    const seconds = Math.ceil(spent + walked)
    return seconds <= travel.maxSeconds ? { before, outside, after, path, seconds, metres: far + metres } : undefined
  }
  if (stays) return whole(undefined, undefined, 0, 0)
  const outside = [endFor(ground, travel, exit), endFor(ground, travel, entry)] as const
  if (!streets) {
    const { seconds, metres } = straight(tt, ...outside, travel.profile.speed)
    return whole(outside, undefined, seconds, metres)
  }
  const path = streetPath(streets, ...outside, travel)
  return path && whole(outside, path, path.seconds, path.metres)
}

/** Where the quickest way comes out on the street, and where it goes in again: the same stop if it never does. */
function doorsBetween(
  ground: Ground,
  from: StreetEnd,
  to: StreetEnd,
  travel: PointTravel,
  inside: InsideTravel,
): readonly [exit: StreetEnd, entry: StreetEnd] | undefined {
  if (staysInside(ground, from, to)) {
    const { timetable: tt, insides, closed } = ground
    const reached = reachInside(tt, insides, stopOf(from), inside, closed, travel.maxSeconds, false)
    return reached.has(stopOf(to)) ? [to, to] : undefined
  }
  const exits = doorsOf(ground, from, inside, travel.maxSeconds, false)
  const entries = doorsOf(ground, to, inside, travel.maxSeconds, true)
  if (exits.length === 1 && entries.length === 1) return [exits[0]!.end, entries[0]!.end]
  let least = Number.POSITIVE_INFINITY
  let best: readonly [Door, Door] | undefined
  for (const { exit, entry, seconds } of between(ground, exits, entries, travel)) {
    const whole = exits[exit]!.seconds + seconds + entries[entry]!.seconds
    if (whole >= least) continue
    least = whole
    best = [exits[exit]!, entries[entry]!]
  }
  return best && [best[0].end, best[1].end]
}

/** Does an end of the way lie inside a station? */
export const leadsInside = (ground: Ground, from: StreetEnd, to: StreetEnd): boolean =>
  isInside(ground, from) || isInside(ground, to)

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

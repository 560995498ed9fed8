// A way through a station, told: a step for each staircase, escalator, elevator and gate; walkways in a row are one, unless a sign says where to go.

import { textOf } from '../core/strings.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { ENTRANCE } from './insides.ts'
import { type InsidePiece, type InsideTravel, levelOf, pathwayMetres, pathwaySeconds } from './walk.ts'

/** pathway_mode − 1 → its word. */
const pathwayNames = [
  'walkway',
  'stairs',
  'moving_sidewalk',
  'escalator',
  'elevator',
  'fare_gate',
  'exit_gate',
] as const
export type PathwayName = (typeof pathwayNames)[number]

export interface InsideStep {
  readonly kind: PathwayName
  /** What the sign says that one follows, '' without one. */
  readonly sign: string
  readonly metres: number
  /** Not rounded. */
  readonly seconds: number
  /** Floors; of a stop without one, that of the stop before. */
  readonly fromLevel: number
  readonly toLevel: number
  /** Where stairs and escalators lead, and how many steps there are; 0 where nobody says. */
  readonly leads: 'up' | 'down' | undefined
  readonly stairs: number
  /** The entrance (a stop) at which it ends. */
  readonly entrance: number | undefined
  /** lat, lon, … in 1e-7 degrees; of stops without a place nothing. */
  readonly points: number[]
}

type Draft = { -readonly [K in keyof InsideStep]: InsideStep[K] }

/** Pieces of a way through a station → the steps to tell: what goes on alike on one floor is one step. */
export function tellInside(tt: Timetable, pieces: readonly InsidePiece[], travel: InsideTravel): readonly InsideStep[] {
  const steps: Draft[] = []
  let floor = (pieces[0] && levelOf(tt, pieces[0].from)) ?? 0
  for (const piece of pieces) {
    const step = stepOf(tt, piece, travel, floor)
    floor = step.toLevel
    const last = steps.at(-1)
    if (last && goesOn(last, step)) {
      last.sign ||= step.sign
      last.metres += step.metres
      last.seconds += step.seconds
      last.toLevel = step.toLevel
      last.entrance = step.entrance
      last.points.push(...step.points.slice(last.points.length > 0 ? 2 : 0))
    } else steps.push(step)
  }
  return steps
}

function stepOf(
  tt: Timetable,
  { pathway, backward, from, to }: InsidePiece,
  travel: InsideTravel,
  floor: number,
): Draft {
  const fromLevel = levelOf(tt, from) ?? floor
  const toLevel = levelOf(tt, to) ?? fromLevel
  const kind = pathwayNames[tt.pathwayMode[pathway]! - 1]!
  const rise = tt.pathwayStairs[pathway]! * (backward ? -1 : 1) || toLevel - fromLevel
  return {
    kind,
    sign: textOf(tt, (backward ? tt.pathwayBackSign : tt.pathwaySign)[pathway]!),
    metres: pathwayMetres(tt, pathway),
    seconds: pathwaySeconds(tt, pathway, travel),
    fromLevel,
    toLevel,
    leads: rise === 0 || (kind !== 'stairs' && kind !== 'escalator') ? undefined : rise > 0 ? 'up' : 'down',
    stairs: Math.abs(tt.pathwayStairs[pathway]!),
    entrance: tt.stopLocationType[to] === ENTRANCE ? to : undefined,
    points: [from, to].flatMap(s => (tt.stopHasPosition[s] === 1 ? [tt.stopLat[s]!, tt.stopLon[s]!] : [])),
  }
}

const goesOn = (last: InsideStep, next: InsideStep): boolean =>
  last.kind === 'walkway' &&
  next.kind === 'walkway' &&
  (next.sign === '' || last.sign === '' || next.sign === last.sign)

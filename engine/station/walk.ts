// Ways through a station: Dijkstra over its pathways for one traveller, elevators out of order left out.

import FlatQueue from 'flatqueue'
import { metresBetween } from '../core/geo.ts'
import { type Timetable, UNKNOWN_SLOPE } from '../timetable/timetable.ts'
import { type Insides, NO_PATHWAY } from './insides.ts'

/** Who goes through a station. */
export interface InsideTravel {
  /** m/s on the flat. */
  readonly speed: number
  readonly stairs: boolean
  readonly escalators: boolean
  readonly elevators: boolean
  /** Steepest pathway taken, in thousandths. */
  readonly maxSlope: number
  /** Narrowest pathway taken, in millimetres. */
  readonly minWidthMm: number
  /** Is a pathway taken of which nobody knows how steep or how wide it is? */
  readonly takesUnknown?: boolean
}

/** Which pathway, in which direction, between which stops. */
export interface InsidePiece {
  readonly pathway: number
  readonly backward: boolean
  readonly from: number
  readonly to: number
}

/** pathway_mode. */
export const ELEVATOR = 5
const [WALKWAY, STAIRS, MOVING_SIDEWALK, ESCALATOR, FARE_GATE, EXIT_GATE] = [1, 2, 3, 4, 6, 7]
/** Waiting for an elevator and riding it, where the feed does not say. */
const ELEVATOR_SECONDS = 45
const GATE_SECONDS = 3
const STAIR_SECONDS = 0.6
/** m/s of what moves by itself. */
const BELT = 0.6
/** m/s for which feeds state traversal times. */
const USUAL_SPEED = 1.2
/** Metres up or down of one floor, where nothing says how long a way is. */
const FLOOR_METRES = 5

/** May this traveller use the pathway, while it works? Slopes are stated of walkways and moving sidewalks only. */
export function judgePathway(tt: Timetable, pathway: number, travel: InsideTravel): [InsideLimit, 'no' | 'unknown'][] {
  const mode = tt.pathwayMode[pathway]!
  const found: [InsideLimit, 'no' | 'unknown'][] = []
  if ((mode === STAIRS && !travel.stairs) || (mode === ESCALATOR && !travel.escalators)) found.push(['stairs', 'no'])
  if (mode === ELEVATOR && !travel.elevators) found.push(['elevator', 'no'])
  const slope = tt.pathwaySlope[pathway]!
  if (slope !== UNKNOWN_SLOPE ? Math.abs(slope) > travel.maxSlope : travel.maxSlope < Number.POSITIVE_INFINITY) {
    const flat = slope === UNKNOWN_SLOPE && mode !== WALKWAY && mode !== MOVING_SIDEWALK
    if (!flat) found.push(['slope', slope === UNKNOWN_SLOPE ? 'unknown' : 'no'])
  }
  const width = tt.pathwayWidthMm[pathway]!
  if (width < travel.minWidthMm && travel.minWidthMm > 0) found.push(['width', width < 0 ? 'unknown' : 'no'])
  return found
}

export type InsideLimit = 'stairs' | 'elevator' | 'slope' | 'width'

const mayTake = (tt: Timetable, pathway: number, travel: InsideTravel): boolean =>
  judgePathway(tt, pathway, travel).every(([, passable]) => passable === 'unknown' && travel.takesUnknown !== false)

/** Seconds of a pathway: what the feed states, else by its length, its stairs, or the places of its ends. */
export function pathwaySeconds(tt: Timetable, pathway: number, travel: InsideTravel): number {
  const mode = tt.pathwayMode[pathway]!
  const slower = USUAL_SPEED / travel.speed
  const stated = tt.pathwaySeconds[pathway]!
  const moves = mode === ELEVATOR || mode === ESCALATOR || mode === MOVING_SIDEWALK
  if (stated >= 0) return moves ? stated : stated * slower
  if (mode === ELEVATOR) return ELEVATOR_SECONDS
  const metres = pathwayMetres(tt, pathway)
  if (mode === ESCALATOR || mode === MOVING_SIDEWALK) return metres / BELT
  const stairs = Math.abs(tt.pathwayStairs[pathway]!)
  if (mode === STAIRS) return stairs > 0 ? stairs * STAIR_SECONDS * slower : (2 * metres) / travel.speed
  return metres / travel.speed + (mode === FARE_GATE || mode === EXIT_GATE ? GATE_SECONDS : 0)
}

/** Stated, or between the places of its ends. */
export function pathwayMetres(tt: Timetable, pathway: number): number {
  const stated = tt.pathwayMillimetres[pathway]!
  if (stated >= 0) return stated / 1000
  const [from, to] = [tt.pathwayFrom[pathway]!, tt.pathwayTo[pathway]!]
  const flat =
    tt.stopHasPosition[from] && tt.stopHasPosition[to]
      ? metresBetween(tt.stopLat[from]!, tt.stopLon[from]!, tt.stopLat[to]!, tt.stopLon[to]!)
      : 0
  const floors = (levelOf(tt, from) ?? 0) - (levelOf(tt, to) ?? 0)
  return Math.hypot(flat, floors * FLOOR_METRES)
}

/**
 * Every stop inside the station within `maxSeconds` of a stop, with its seconds; the stop itself is there with 0.
 * @param closed pathways out of order
 * @param reverse from the others to this stop
 * @param came filled with the piece by which each was reached
 */
export function reachInside(
  tt: Timetable,
  insides: Insides,
  from: number,
  travel: InsideTravel,
  closed: ReadonlySet<number>,
  maxSeconds: number,
  reverse: boolean,
  came?: Map<number, Pick<InsidePiece, 'from'> & { readonly arc: number }>,
): ReadonlyMap<number, number> {
  const seconds = new Map<number, number>([[from, 0]])
  const queue = new FlatQueue<number>()
  queue.push(from, 0)
  for (;;) {
    const at = queue.peekValue()
    const stop = queue.pop()
    if (at === undefined || stop === undefined) return seconds
    if (at > seconds.get(stop)!) continue
    for (let a = insides.arcsBegin[stop]!; a < insides.arcsBegin[stop + 1]!; a++) {
      const arc = insides.arcPathway[a]!
      const took = arc === NO_PATHWAY ? 0 : arcSeconds(tt, arc, travel, closed, reverse)
      if (took === undefined) continue
      const [to, then] = [insides.arcTo[a]!, at + took]
      if (then > maxSeconds || then >= (seconds.get(to) ?? Number.POSITIVE_INFINITY)) continue
      seconds.set(to, then)
      came?.set(to, { from: stop, arc })
      queue.push(to, then)
    }
  }
}

function arcSeconds(
  tt: Timetable,
  arc: number,
  travel: InsideTravel,
  closed: ReadonlySet<number>,
  reverse: boolean,
): number | undefined {
  const pathway = arc >>> 1
  const backward = (arc & 1) === 1
  // reversed, a one-way is walked from its end
  if (backward !== reverse && tt.pathwayTwoWay[pathway] === 0) return undefined
  if (closed.has(pathway) || !mayTake(tt, pathway, travel)) return undefined
  return pathwaySeconds(tt, pathway, travel)
}

/** The quickest way from one stop of a station to another, in the order of travel; undefined if there is none. */
export function wayInside(
  tt: Timetable,
  insides: Insides,
  from: number,
  to: number,
  travel: InsideTravel,
  closed: ReadonlySet<number>,
): readonly InsidePiece[] | undefined {
  const came = new Map<number, { readonly from: number; readonly arc: number }>()
  if (!reachInside(tt, insides, from, travel, closed, Number.POSITIVE_INFINITY, false, came).has(to)) return undefined
  const pieces: InsidePiece[] = []
  for (let at = to; at !== from; at = came.get(at)!.from) {
    const { from: before, arc } = came.get(at)!
    if (arc !== NO_PATHWAY) pieces.push({ pathway: arc >>> 1, backward: (arc & 1) === 1, from: before, to: at })
  }
  return pieces.reverse()
}

export const secondsInside = (tt: Timetable, pieces: readonly InsidePiece[], travel: InsideTravel): number =>
  pieces.reduce((sum, { pathway }) => sum + pathwaySeconds(tt, pathway, travel), 0)

/** The floor on which a stop lies, halves possible; undefined when the feed does not say. */
export const levelOf = (tt: Timetable, s: number): number | undefined =>
  tt.stopLevel[s] === 0 ? undefined : (tt.stopLevel[s]! >> 1) / 2

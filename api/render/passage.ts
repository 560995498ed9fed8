// A walk through stations, written out: pathways as steps before, between and after those along the streets.

import type { Step } from '#api/contract/itinerary.ts'
import type { Ground } from '#engine/access/ground.ts'
import { insideOf } from '#engine/access/ground.ts'
import { judgePieces, type Passage } from '#engine/access/passage.ts'
import { metresBetween } from '#engine/core/geo.ts'
import { textOf } from '#engine/core/strings.ts'
import { ENTRANCE } from '#engine/station/insides.ts'
import { type InsideStep, tellInside } from '#engine/station/tell.ts'
import type { InsidePiece } from '#engine/station/walk.ts'
import { type StreetEnd, type StreetPath, streetPath } from '#engine/street/path.ts'
import type { PointTravel } from '#engine/street/search.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { type Along, alongPath } from './along.ts'
import { polyline } from './geometry.ts'
import { STREET_PRECISION, type StreetResponse, type Told, verdictOf } from './street.ts'

export interface WrittenPassage extends Along {
  /** Rounded up. */
  readonly seconds: number
  readonly told: Told
}

/** Undefined when the streets between the stations cannot be walked within the limits. */
export function writePassage(
  { timetable: tt, streets }: Ground,
  { before, outside, after }: Passage,
  travel: PointTravel,
  precision: number,
): WrittenPassage | undefined {
  const inside = insideOf(travel.profile)
  const path = outside && streets && streetPath(streets, ...outside, travel)
  if (outside && streets && !path) return undefined
  const [leaving, entering] = [before, after].map(pieces => tellInside(tt, pieces, inside))
  const line = path ? path.points : (outside ?? []).flatMap(end => positionOf(tt, end))
  const beeline = path || line.length < 4 ? 0 : metresBetween(line[0]!, line[1]!, line[2]!, line[3]!)
  const points = [...pointsOf(leaving!), ...line, ...pointsOf(entering!)]
  const along = path && alongPath(path, travel.profile, [], precision)
  const steps = [leaving!, entering!].map(told => told.map(step => writeStep(tt, step, precision)))
  const sum = (key: 'seconds' | 'metres'): number =>
    [...leaving!, ...entering!].reduce((total, step) => total + step[key], 0)
  const walked = path?.seconds ?? beeline / travel.profile.speed
  return {
    ...along,
    seconds: Math.ceil(sum('seconds') + walked),
    distance: Math.round(sum('metres') + (path?.metres ?? beeline)),
    legGeometry: polyline(points, precision),
    steps: [...steps[0]!, ...toDoor(tt, along?.steps, outside?.[1]), ...steps[1]!],
    told: verdict(tt, path, [...before, ...after], travel),
  }
}

/** Steps along the streets to an entrance of a feed: the last one ends there, whatever the map knows of it. */
export function toDoor(tt: Timetable, steps: readonly Step[] = [], end: StreetEnd | undefined): Step[] {
  const last = steps.at(-1)
  if (!last || !end || !('stop' in end) || tt.stopLocationType[end.stop] !== ENTRANCE) return [...steps]
  const entrance = { name: textOf(tt, tt.stopName[end.stop]!), main: last.entrance?.main ?? false }
  return [...steps.slice(0, -1), { ...last, entrance }]
}

const pointsOf = (steps: readonly InsideStep[]): number[] => steps.flatMap(step => step.points)

const positionOf = (tt: Timetable, end: StreetEnd): [number, number] =>
  'stop' in end ? [tt.stopLat[end.stop]!, tt.stopLon[end.stop]!] : [end.lat, end.lon]

function writeStep(tt: Timetable, step: InsideStep, precision: number): Step {
  const { kind, sign, entrance, leads, stairs } = step
  return {
    relativeDirection:
      kind === 'elevator' ? 'ELEVATOR' : kind === 'stairs' || kind === 'escalator' ? 'STAIRS' : 'CONTINUE',
    distance: Math.round(step.metres * 10) / 10,
    fromLevel: step.fromLevel,
    toLevel: step.toLevel,
    polyline: polyline(step.points, precision),
    ...{ streetName: '', exit: '', stayOn: false, area: false },
    pathway: kind.toUpperCase() as Uppercase<typeof kind>,
    ...(sign && { signpostedAs: sign }),
    duration: Math.ceil(step.seconds),
    ...(leads && { stairs: leads === 'up' ? ('UP' as const) : ('DOWN' as const) }),
    ...(stairs > 0 && { stairCount: stairs }),
    ...(entrance !== undefined && { entrance: { name: textOf(tt, tt.stopName[entrance]!), main: false } }),
  }
}

function verdict(
  tt: Timetable,
  path: StreetPath | undefined,
  pieces: readonly InsidePiece[],
  { profile }: PointTravel,
): Told {
  const outside = path ? verdictOf(path.verdict) : { accessible: 'YES' as const, obstacles: [] }
  const found = judgePieces(tt, pieces, insideOf(profile)).map(({ limit, passable, pathway, stop }) => ({
    limit,
    passable: passable === 'no' ? ('NO' as const) : ('UNKNOWN' as const),
    pathway: textOf(tt, tt.pathwayId[pathway]!),
    lat: tt.stopLat[stop]! / 1e7,
    lon: tt.stopLon[stop]! / 1e7,
  }))
  const obstacles = [...outside.obstacles, ...found]
  const worst = ['NO', 'UNKNOWN'].find(word => obstacles.some(({ passable }) => passable === word))
  return { accessible: (worst ?? 'YES') as Told['accessible'], obstacles }
}

/** The same as the answer to a question for one way; undefined when it takes longer than asked for. */
export function renderPassage(ground: Ground, passage: Passage, travel: PointTravel): StreetResponse | undefined {
  const written = writePassage(ground, passage, travel, STREET_PRECISION)
  if (!written || written.seconds > travel.maxSeconds) return undefined
  const { seconds, told, distance = 0, legGeometry, steps = [], pauses, battery } = written
  const endured = { ...(pauses && { pauses }), ...(battery && { battery }) }
  const route = { duration: seconds, distance, geometry: legGeometry, steps, ...endured, ...told }
  return { route: { ...route, hotSpotsPassed: [], hotSpotsAvoided: [] }, blocking: [] }
}

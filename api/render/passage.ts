// A walk through stations, written out: pathways as steps before, between and after those along the streets.

import type { Obstacle, Step } from '#api/contract/itinerary.ts'
import { positionOf } from '#engine/access/doors.ts'
import type { Ground } from '#engine/access/ground.ts'
import { insideOf } from '#engine/access/ground.ts'
import { judgePieces, type Passage, passage } from '#engine/access/passage.ts'
import { textOf } from '#engine/core/strings.ts'
import { ENTRANCE } from '#engine/station/insides.ts'
import { type InsideStep, tellInside } from '#engine/station/tell.ts'
import type { InsidePiece, InsideTravel } from '#engine/station/walk.ts'
import type { StreetEnd } from '#engine/street/path.ts'
import type { Profile } from '#engine/street/profile.ts'
import { blockingOn, withoutLimits } from '#engine/street/route.ts'
import type { PointTravel } from '#engine/street/search.ts'
import type { Verdict } from '#engine/street/verdict.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { type Along, alongPath } from './along.ts'
import { polyline } from './geometry.ts'
import { STREET_PRECISION, type StreetResponse, type Told, verdictOf } from './street.ts'

export interface WrittenPassage extends Along {
  /** Rounded up. */
  readonly seconds: number
  readonly told: Told
}

/** @param inside who goes through the stations */
export function writePassage(
  { timetable: tt }: Ground,
  { before, outside, after, path, seconds, metres }: Passage,
  travel: PointTravel,
  precision: number,
  inside: InsideTravel = insideOf(travel.profile),
): WrittenPassage {
  const [leaving, entering] = [before, after].map(pieces => tellInside(tt, pieces, inside))
  const line = path
    ? path.points
    : (outside ?? []).map(end => positionOf(tt, end)).flatMap(({ lat, lon }) => [lat, lon])
  const along = path && alongPath(path, travel.profile, [], precision)
  const steps = [leaving!, entering!].map(told => told.map(step => writeStep(tt, step, precision)))
  return {
    ...along,
    seconds,
    distance: Math.round(metres),
    legGeometry: polyline([...pointsOf(leaving!), ...line, ...pointsOf(entering!)], precision),
    steps: [...steps[0]!, ...toDoor(tt, along?.steps, outside?.[1]), ...steps[1]!],
    told: verdict(tt, path?.verdict, [...before, ...after], inside),
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
  judged: Verdict | undefined,
  pieces: readonly InsidePiece[],
  inside: InsideTravel,
): Told {
  const outside = judged ? verdictOf(judged) : { accessible: 'YES' as const, obstacles: [] }
  const found = judgePieces(tt, pieces, inside).map(({ limit, passable, pathway, stop }) => ({
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

/** The answer to a question for one way through stations; where there is none within the limits, what blocks the quickest one. */
export function renderPassage(
  ground: Ground,
  from: StreetEnd,
  to: StreetEnd,
  travel: PointTravel,
  walker: Profile,
): StreetResponse {
  const inside = insideOf(walker)
  const found = passage(ground, from, to, travel, inside)
  if (!found) return { blocking: blockingOf(ground, from, to, travel, walker) }
  const {
    seconds,
    told,
    distance = 0,
    legGeometry,
    steps = [],
    pauses,
    battery,
  } = writePassage(ground, found, travel, STREET_PRECISION, inside)
  const endured = { ...(pauses && { pauses }), ...(battery && { battery }) }
  const route = { duration: seconds, distance, geometry: legGeometry, steps, ...endured, ...told }
  return { route: { ...route, hotSpotsPassed: [], hotSpotsAvoided: [] }, blocking: [] }
}

function blockingOf(ground: Ground, from: StreetEnd, to: StreetEnd, travel: PointTravel, walker: Profile): Obstacle[] {
  const inside = insideOf({ ...walker, limits: {} })
  const way = withoutLimits(travel.profile, profile => passage(ground, from, to, { ...travel, profile }, inside))
  if (!way) return []
  const { path, outside } = way
  const blocking = path && outside ? blockingOn(ground.streets!, ...outside, travel, path) : []
  const judged = { passable: blocking[0]?.passable ?? 'yes', obstacles: blocking } as const
  const { obstacles } = verdict(ground.timetable, judged, [...way.before, ...way.after], insideOf(walker))
  const refused = travel.profile.limits.unknown === 'refuse'
  return obstacles.filter(({ passable }) => refused || passable === 'NO')
}

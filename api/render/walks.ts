// Walks, written out as MOTIS legs.

import type { Place } from '#api/contract/common.ts'
import type { Leg } from '#api/contract/itinerary.ts'
import { polylinePrecision } from '#api/contract/versions.ts'
import { positionOf, straight } from '#engine/access/doors.ts'
import { onTheWay } from '#engine/access/elevators.ts'
import { type Ground, insideOf } from '#engine/access/ground.ts'
import { leadsInside, type Passage, passage } from '#engine/access/passage.ts'
import { E7, metresBetween } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { quickestOffsets } from '#engine/plan/access.ts'
import { streetEnd as queryEnd } from '#engine/plan/direct.ts'
import { type Offset, placeOf, type Query } from '#engine/plan/query.ts'
import type { StreetEnd } from '#engine/street/path.ts'
import { Profile, withCharge } from '#engine/street/profile.ts'
import type { PointTravel } from '#engine/street/search.ts'
import type { LegEnd, WalkLeg } from '#engine/transit/journey.ts'
import type { Along } from './along.ts'
import { awaitedElevators } from './awaited.ts'
import { footprint } from './footprint.ts'
import { polyline } from './geometry.ts'
import { noLine, streetTimes } from './legs.ts'
import { toDoor, writePassage } from './passage.ts'
import { coordinatePlace, stopPlace } from './place.ts'
import type { PlanView } from './plan-view.ts'
import { utc } from './texts.ts'

/** Who walks, and where his places are. */
export type WalkView = Pick<PlanView, 'horizon' | 'query'>

/** A walk: from the start, to the end, all the way, or between two stops. */
export function walkLeg(view: PlanView, leg: WalkLeg): Leg {
  const from = endPlace(view, leg.from)
  const to = endPlace(view, leg.to)
  from.departure = from.scheduledDeparture = utc(leg.departure)
  to.arrival = to.scheduledArrival = utc(leg.arrival)
  const transfer = leg.from.kind === 'stop' && leg.to.kind === 'stop'
  const detailed = transfer ? view.detailedTransfers : view.detailedLegs
  const mode = offsetMode(view, leg)
  const line: Along = detailed
    ? walkedLine(view, leg)
    : { distance: beeline(from, to), legGeometry: noLine(view.version) }
  return {
    ...streetTimes(mode, from, to, leg.departure, leg.arrival),
    ...line,
    ...(mode === 'WALK' && awaitedElevators(view, streetEnd(view, leg.from), streetEnd(view, leg.to), leg)),
    ...footprint({ mode, battery: line.battery }, line.distance ?? 0, profileFor(mode, view.query)),
    ...(leg.stay && { stay: leg.stay }),
  }
}

/** How the caller comes to a stop, or goes on from it, where the caller has said so. */
export function offsetMode({ query, horizon }: WalkView, { from, to }: WalkLeg): Offset['mode'] {
  const [offsets, stop] =
    from.kind === 'start' && to.kind === 'stop'
      ? [query.fromOffsets, to.stop]
      : from.kind === 'stop' && to.kind === 'end'
        ? [query.toOffsets, from.stop]
        : []
  return (offsets && quickestOffsets(horizon.timetable, offsets).get(stop as StopIdx)?.mode) ?? 'WALK'
}

const profileFor = (mode: Offset['mode'], { walker, rider }: Query): Profile =>
  mode === 'CAR' ? Profile.car : mode === 'BIKE' ? rider : walker

function walkedLine(view: PlanView, leg: WalkLeg): Along {
  const { from, to, profile, name } = walkOf(view, leg)
  const travel = travelOf(view, profile, leg)
  const ground = groundAlong(view, from, to, travel, leg.departure, leg.arrival)
  const way = wayOn(view, leg, ground, travel)
  return view.drawn.getOrInsertComputed(`${name} ${ground.without}${way ? '' : ' unknown'}`, () => {
    const along = tellWay(view, from, to, travel, ground, way)
    const { to: goal } = view.query
    const end = leg.to.kind === 'end' && goal.kind === 'stop' ? goal : to
    return { ...along, steps: toDoor(view.horizon.timetable, along.steps, end) }
  })
}

/** Between which places a walk leads, who goes there, and what it is kept by. */
export function walkOf(view: WalkView, leg: WalkLeg) {
  const traveller = profileFor(offsetMode(view, leg), view.query)
  const profile = leg.chargeWh === undefined ? traveller : withCharge(traveller, leg.chargeWh)
  const text = (end: LegEnd): string =>
    end.kind === 'stop' ? String(end.stop) : end.kind === 'via' ? `via ${end.via}` : end.kind
  const name = `${text(leg.from)} ${text(leg.to)} ${leg.chargeWh}`
  return { from: streetEnd(view, leg.from), to: streetEnd(view, leg.to), profile, name }
}

/** Looked for once for all who ask; again only where it was not found, for who has more time. */
export function wayOn(
  view: WalkView & Pick<PlanView, 'ways'>,
  leg: WalkLeg,
  ground: Ground,
  travel: PointTravel,
): Passage | undefined {
  const { from, to, name } = walkOf(view, leg)
  const key = `${name} ${ground.without}`
  const known = view.ways.get(key)
  if (known && (known.way || known.maxSeconds >= travel.maxSeconds)) return known.way
  const way = passage(ground, from, to, travel, insideOf(view.query.walker))
  view.ways.set(key, { way, maxSeconds: travel.maxSeconds })
  return way
}

/**
 * A walk for which the feed leaves no time (transfers.txt, type 1): as long as it takes, or until the next ride leaves.
 * @param until Unix seconds; undefined: no ride comes next
 */
export function inItsTime<Walk extends WalkLeg>(view: PlanView, leg: Walk, until: number | undefined): Walk {
  if (leg.departure < leg.arrival || until === undefined || until <= leg.arrival) return leg
  const { from, to, profile } = walkOf(view, leg)
  const travel = travelOf(view, profile, leg)
  const seconds = wayOn(view, leg, groundAlong(view, from, to, travel, leg.departure, until), travel)?.seconds ?? 0
  return { ...leg, arrival: Math.min(until, leg.departure + seconds) }
}

/** Is it as on any other day: over and round nothing that is out of order, and without a word of elevators? */
export function isUsual(view: PlanView, leg: WalkLeg): boolean {
  const { from, to, profile } = walkOf(view, leg)
  const ground = groundAlong(view, from, to, travelOf(view, profile, leg), leg.departure, leg.arrival)
  return ground.without === '' && awaitedElevators(view, from, to, leg).elevators === undefined
}

/** Where a way leads that is made between two moments. */
export const groundAlong = (
  { horizon, groundAt }: PlanView,
  from: StreetEnd,
  to: StreetEnd,
  { profile, maxSeconds }: { readonly profile: Pick<Profile, 'speed'>; readonly maxSeconds: number },
  begin: number,
  end: number,
): Ground => groundAt(begin, end, onTheWay(horizon.timetable, from, to, maxSeconds, profile))

/** The walk was timed on the same streets, but perhaps at another speed (footpaths) and from a rounded place. */
export const travelOf = ({ query }: PlanView, profile: Profile, { departure, arrival }: Times): PointTravel => ({
  profile,
  maxSeconds: 2 * (arrival - departure) + 600,
  maxMatchingDistance: query.maxMatchingDistance,
})

type Times = { readonly departure: number; readonly arrival: number }

/** A way on foot between two moments, or of one's own vehicle through no station, as it is told. */
export function walkAlong(view: PlanView, from: StreetEnd, to: StreetEnd, profile: Profile, times: Times): Along {
  const travel = travelOf(view, profile, times)
  const ground = groundAlong(view, from, to, travel, times.departure, times.arrival)
  return tellWay(view, from, to, travel, ground, passage(ground, from, to, travel, insideOf(view.query.walker)))
}

/** @param way undefined: told as a straight line, of which nobody knows who can go there */
function tellWay(
  view: PlanView,
  from: StreetEnd,
  to: StreetEnd,
  travel: PointTravel,
  ground: Ground,
  way: Passage | undefined,
): Along {
  const precision = polylinePrecision(view.version)
  const limited = Object.keys(view.query.walker.limits).length > 0
  if (!way) {
    const [a, b] = [positionOf(view.horizon.timetable, from), positionOf(view.horizon.timetable, to)]
    const distance = Math.round(straight(view.horizon.timetable, from, to, travel.profile.speed).metres)
    const told = limited && ground.streets && { accessible: 'UNKNOWN' as const, obstacles: [] }
    return { distance, legGeometry: polyline([a.lat, a.lon, b.lat, b.lon], precision), steps: [], ...told }
  }
  const { seconds: _, told, ...along } = writePassage(ground, way, travel, precision, insideOf(view.query.walker))
  return { ...along, ...(limited && (ground.streets || leadsInside(ground, from, to)) && told) }
}

const beeline = (a: Place, b: Place): number =>
  Math.round(metresBetween(a.lat * E7, a.lon * E7, b.lat * E7, b.lon * E7))

export function streetEnd(view: WalkView, end: LegEnd): StreetEnd {
  if (end.kind === 'stop') return { stop: end.stop }
  return queryEnd(view.horizon.timetable, placeOf(view.query, end))
}

/** START and END are what MOTIS calls coordinates. */
export function endPlace(view: PlanView, end: LegEnd): Place {
  if (end.kind === 'stop') return stopPlace(view, end.stop as StopIdx)
  const place = placeOf(view.query, end)
  return place.kind === 'stop'
    ? stopPlace(view, place.stop)
    : coordinatePlace(
        view,
        { start: 'START', end: 'END', via: 'VIA' }[end.kind],
        place.lat / E7,
        place.lon / E7,
        place.level,
      )
}

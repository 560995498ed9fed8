// The legs of a journey, written out as MOTIS legs.

import type { EncodedPolyline, Mode, Place } from '#api/contract/common.ts'
import type { Leg } from '#api/contract/itinerary.ts'
import { polylinePrecision } from '#api/motis/versions.ts'
import { type Elevator, type ElevatorState, onTheWay } from '#engine/access/elevators.ts'
import { type Ground, insideOf } from '#engine/access/ground.ts'
import type { ParkingPlaces } from '#engine/access/parking.ts'
import { leadsInside, type Passage, passage } from '#engine/access/passage.ts'
import { E7, metresBetween } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { stopCopies } from '#engine/footpaths/copies.ts'
import { changeBetween } from '#engine/footpaths/footpaths.ts'
import { type Run, type RunCall, readRun } from '#engine/horizon/runs.ts'
import { RunState } from '#engine/live/state.ts'
import { quickestOffsets } from '#engine/plan/access.ts'
import type { FindAlternatives } from '#engine/plan/alternatives.ts'
import { streetEnd as queryEnd } from '#engine/plan/direct.ts'
import { wayAt } from '#engine/plan/moment.ts'
import type { Offset, Query, QueryPlace } from '#engine/plan/query.ts'
import type { StreetEnd } from '#engine/street/path.ts'
import { Profile, withCharge } from '#engine/street/profile.ts'
import type { PointTravel, StreetSearch } from '#engine/street/search.ts'
import type { Approach, LegEnd, RideLeg, WalkLeg } from '#engine/transit/journey.ts'
import { joinAlerts, rideAlerts } from './alerts.ts'
import type { Along } from './along.ts'
import { awaitedElevators } from './awaited.ts'
import { footprint, riddenMetres } from './footprint.ts'
import { polyline, ridePointsNow } from './geometry.ts'
import { occupancyMember } from './occupancy.ts'
import { toDoor, writePassage } from './passage.ts'
import { callPlace, coordinatePlace, type RunHead, stopPlace, tellPlatformsApart, type View } from './place.ts'
import { headsign, isLive, lineMembers } from './run.ts'
import { text, utc } from './texts.ts'

/** A view of one plan request. */
export interface PlanView extends View {
  readonly query: Query
  /** Where people walk between two moments (Unix seconds): over no elevator that is out of order meanwhile, of those that may be used. */
  readonly groundAt: (from: number, until: number, mayUse: (elevator: Elevator) => boolean) => Ground
  /** What is known of elevators that are out of order at some time, as far as it matters to who asks. */
  readonly outages: () => readonly ElevatorState[]
  /** Undefined without a map: walks are straight lines then. */
  readonly streets: StreetSearch | undefined
  /** Say what it costs (withFares). */
  readonly fares?: boolean
  /** Draw and describe the legs to, from and without transit, and the rides. */
  readonly detailedLegs: boolean
  /** Draw and describe the walks between two rides. */
  readonly detailedTransfers: boolean
  /** Tell legs of one vehicle on which the rider stays as one. */
  readonly joinStayed: boolean
  /** Other runs for each ride, when they are asked for. */
  readonly alternatives?: { readonly find: FindAlternatives; readonly limit: number }
  /** Throws when nobody waits for the answer any more. */
  readonly heed?: () => void
  /** Racks and car parks, of who comes with a vehicle. */
  readonly parking?: () => ParkingPlaces
  /** The streets on which what is rented may ride. */
  readonly riding?: (streets: StreetSearch, rental: NonNullable<Approach['rental']>) => StreetSearch
  /** Walks already drawn or only looked for, and rides already written, in this answer: most itineraries share theirs. */
  readonly drawn: Map<string, Along>
  readonly ways: Map<string, Passage | undefined>
  readonly written: Map<string, Leg>
}

export const noLine = (version: number): EncodedPolyline => ({
  points: '',
  precision: polylinePrecision(version),
  length: 0,
})

/** The ride of a run from one call to another; the whole run is a ride from its first call to its last. */
export function runLeg(view: View, run: Run, board: number, alight: number, detailed: boolean): Leg {
  const tt = view.horizon.timetable
  const from = run.calls[board]!
  const to = run.calls[alight]!
  const between = run.calls.slice(board, alight + 1)
  const places = between.map((call, i) => callPlace(view, run, call, board + i))
  tellPlatformsApart(
    view,
    between.map(call => call.stop),
    places,
  )
  const first = places[0]!
  const last = places.at(-1)!
  // the leg begins by leaving and ends by arriving, whatever the run did before and will do after
  first.arrival = first.scheduledArrival = undefined
  last.departure = last.scheduledDeparture = undefined
  const alerts = rideAlerts(view, run, from, to)
  return {
    ...lineMembers(view, run),
    from: first,
    to: last,
    duration: to.arrival - from.departure,
    startTime: utc(from.departure),
    endTime: utc(to.arrival),
    scheduledStartTime: utc(from.scheduledDeparture),
    scheduledEndTime: utc(to.scheduledArrival),
    realTime: isLive(from.departureSource) || isLive(to.arrivalSource),
    scheduled: run.state !== RunState.added,
    headsign: headsign(view, run, board),
    tripFrom: callPlace(view, run, run.calls[0]!, 0),
    tripTo: callPlace(view, run, run.calls.at(-1)!, run.calls.length - 1),
    cancelled: isRideCancelled(run, from, to),
    source: text(tt, tt.feedTag[tt.tripFeed[run.trip]]!),
    intermediateStops: places.filter(
      (_, i) => i > 0 && i < places.length - 1 && (view.scheduledSkipped || isForRiders(between[i]!)),
    ),
    legGeometry: detailed
      ? polyline(ridePointsNow(view, run, board, alight), polylinePrecision(view.version))
      : noLine(view.version),
    alerts: alerts.length > 0 ? alerts : undefined,
    occupancy: occupancyMember(view, run),
  }
}

/** Can it no longer be ridden from here to there? */
export const isRideCancelled = (run: RunHead, from: RunCall, to: RunCall): boolean =>
  run.state === RunState.cancelled || (from.couldBoard && !from.canBoard) || (to.couldAlight && !to.canAlight)

/** Not one where the vehicle only waits or passes, by the timetable and by what realtime says. */
export const isForRiders = ({ couldBoard, couldAlight, canBoard, canAlight }: RunCall): boolean =>
  couldBoard || couldAlight || canBoard || canAlight

export function rideLeg(view: PlanView, leg: RideLeg): Leg {
  const { trip, day, shift, board, alight } = leg
  const ride = view.written.getOrInsertComputed(`${trip} ${day} ${shift} ${board} ${alight}`, () => {
    const written = runLeg(view, readRun(view.horizon, leg, view.realtime), board, alight, view.detailedLegs)
    return { ...written, ...footprint(written, riddenMetres(view, [leg])) }
  })
  return { ...ride, ...rideMembers(leg) }
}

/** What a ride says of how it follows the one before. */
export const rideMembers = ({ stayed, guaranteed }: RideLeg): Partial<Leg> => ({
  ...(stayed && { interlineWithPreviousLeg: true }),
  ...(guaranteed && { guaranteedTransfer: true }),
})

/** Legs of one vehicle on which the rider stays seated, told as one: named like the first, its junctions among the intermediate stops. */
export function joinLegs(view: PlanView, rides: readonly RideLeg[]): Leg {
  const legs = rides.map(ride => rideLeg(view, ride))
  const first = legs[0]!
  const last = legs.at(-1)!
  const intermediateStops = legs.flatMap((leg, i) => {
    const { departure, scheduledDeparture, pickupType, pickupArrangement } = leg.from
    const junction = { ...legs[i - 1]?.to, departure, scheduledDeparture, pickupType, pickupArrangement } as Place
    return [...(i > 0 ? [junction] : []), ...leg.intermediateStops!]
  })
  const points = rides.flatMap(ride => ridePointsNow(view, ride, ride.board, ride.alight))
  return {
    ...first,
    ...footprint(first, riddenMetres(view, rides)),
    to: last.to,
    endTime: last.endTime,
    scheduledEndTime: last.scheduledEndTime,
    duration: (Date.parse(last.endTime) - Date.parse(first.startTime)) / 1000,
    realTime: legs.some(leg => leg.realTime),
    cancelled: legs.some(leg => leg.cancelled),
    tripTo: last.tripTo,
    intermediateStops,
    legGeometry: view.detailedLegs ? polyline(points, polylinePrecision(view.version)) : noLine(view.version),
    alerts: legs.some(leg => leg.alerts) ? joinAlerts(legs.map(leg => leg.alerts)) : undefined,
  }
}

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
  }
}

/** How the caller comes to a stop, or goes on from it, where the caller has said so. */
export function offsetMode({ query, horizon }: PlanView, { from, to }: WalkLeg): Offset['mode'] {
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

/** Between two rides at the very same stop: MOTIS clients expect a walk there too. It lasts as long as the change takes. */
export function changeLeg(view: PlanView, before: RideLeg, after: RideLeg): Leg {
  const { timetable: tt, footpaths } = view.horizon
  const copies = stopCopies(tt)
  const [from, to] = [copies.at(before.to, before.trip), copies.at(after.from, after.trip)]
  const seconds = changeBetween(copies.extend(footpaths), from, to) ?? 0
  const end = before.arrival + Math.min(seconds, after.departure - before.arrival)
  const begin = utc(before.arrival)
  const leaves = { ...stopPlace(view, before.to), departure: begin, scheduledDeparture: begin }
  const comes = { ...stopPlace(view, after.from), arrival: utc(end), scheduledArrival: utc(end) }
  return { ...walkTimes(leaves, comes, before.arrival, end), distance: 0, legGeometry: noLine(view.version) }
}

const walkTimes = (from: Place, to: Place, departure: number, arrival: number) =>
  streetTimes('WALK', from, to, departure, arrival)

export const streetTimes = (mode: Mode, from: Place, to: Place, departure: number, arrival: number) => ({
  mode,
  from,
  to,
  duration: arrival - departure,
  startTime: utc(departure),
  endTime: utc(arrival),
  scheduledStartTime: utc(departure),
  scheduledEndTime: utc(arrival),
  realTime: false,
  scheduled: true,
})

function walkedLine(view: PlanView, leg: WalkLeg): Along {
  const { from, to, profile, name } = walkOf(view, leg)
  const travel = travelOf(view, profile, leg)
  const ground = groundFor(view, from, to, travel, leg.departure, leg.arrival)
  return view.drawn.getOrInsertComputed(`${name} ${ground.without}`, () => {
    const along = tellWay(view, from, to, travel, ground, wayOn(view, leg, ground, travel))
    const { to: goal } = view.query
    const end = leg.to.kind === 'end' && goal.kind === 'stop' ? goal : to
    return { ...along, steps: toDoor(view.horizon.timetable, along.steps, end) }
  })
}

/** Between which places a walk leads, who goes there, and what it is kept by. */
function walkOf(view: PlanView, leg: WalkLeg) {
  const traveller = profileFor(offsetMode(view, leg), view.query)
  const profile = leg.chargeWh === undefined ? traveller : withCharge(traveller, leg.chargeWh)
  const text = (end: LegEnd): string =>
    end.kind === 'stop' ? String(end.stop) : end.kind === 'via' ? `via ${end.via}` : end.kind
  const name = `${text(leg.from)} ${text(leg.to)} ${leg.chargeWh}`
  return { from: streetEnd(view, leg.from), to: streetEnd(view, leg.to), profile, name }
}

/** Looked for once for all who ask. */
function wayOn(view: PlanView, leg: WalkLeg, ground: Ground, travel: PointTravel): Passage | undefined {
  const { from, to, name } = walkOf(view, leg)
  return view.ways.getOrInsertComputed(`${name} ${ground.without}`, () =>
    passage(ground, from, to, travel, insideOf(view.query.walker)),
  )
}

/** Longer than a walk was, so much may the way round a broken elevator be. Seconds. */
const LONGEST_DETOUR = 1800

/**
 * Seconds of a walk that begins (`arriveBy`: ends) when this one does, over elevators that work meanwhile: as many as it has, or more where it
 * has to go round a broken one; undefined: it can't.
 */
export function secondsNow(view: PlanView, leg: WalkLeg, arriveBy: boolean): number | undefined {
  const { from, to, profile } = walkOf(view, leg)
  const taken = leg.arrival - leg.departure
  const travel = { ...travelOf(view, profile, leg), maxSeconds: 2 * taken + LONGEST_DETOUR }
  const during = (begin: number, end: number): Ground => groundFor(view, from, to, travel, begin, end)
  const usual = view.groundAt(leg.departure, leg.arrival, () => false)
  if (during(leg.departure, leg.arrival) === usual) return taken
  const find = (ground: Ground) => wayOn(view, leg, ground, travel)
  const { way } = wayAt(during, arriveBy ? leg.arrival : leg.departure, arriveBy, find)
  const free = find(usual)
  // a way that the map does not know, or that no elevator is on
  if (!free || (way && way.seconds <= free.seconds)) return taken
  return way && Math.max(taken, way.seconds)
}

/** Where a way leads that is made between two moments. */
export const groundFor = (
  { horizon, groundAt }: PlanView,
  from: StreetEnd,
  to: StreetEnd,
  { profile, maxSeconds }: Pick<PointTravel, 'profile' | 'maxSeconds'>,
  begin: number,
  end: number,
): Ground => groundAt(begin, end, onTheWay(horizon.timetable, from, to, maxSeconds, profile))

/** The walk was timed on the same streets, but perhaps at another speed (footpaths) and from a rounded place. */
const travelOf = ({ query }: PlanView, profile: Profile, { departure, arrival }: Times): PointTravel => ({
  profile,
  maxSeconds: 2 * (arrival - departure) + 600,
  maxMatchingDistance: query.maxMatchingDistance,
})

type Times = { readonly departure: number; readonly arrival: number }

/** A way on foot between two moments, or of one's own vehicle through no station, as it is told. */
export function walkAlong(view: PlanView, from: StreetEnd, to: StreetEnd, profile: Profile, times: Times): Along {
  const travel = travelOf(view, profile, times)
  const ground = groundFor(view, from, to, travel, times.departure, times.arrival)
  return tellWay(view, from, to, travel, ground, passage(ground, from, to, travel, insideOf(view.query.walker)))
}

/** @param way undefined: told as a straight line */
function tellWay(
  view: PlanView,
  from: StreetEnd,
  to: StreetEnd,
  travel: PointTravel,
  ground: Ground,
  way: Passage | undefined,
): Along {
  const precision = polylinePrecision(view.version)
  if (!way) {
    const points = [from, to].flatMap(end => position(view, end))
    const distance = Math.round(metresBetween(points[0]!, points[1]!, points[2]!, points[3]!))
    return { distance, legGeometry: polyline(points, precision), steps: [] }
  }
  const { seconds: _, told, ...along } = writePassage(ground, way, travel, precision, insideOf(view.query.walker))
  const limited = Object.keys(view.query.walker.limits).length > 0
  return { ...along, ...(limited && (ground.streets || leadsInside(ground, from, to)) && told) }
}

const beeline = (a: Place, b: Place): number =>
  Math.round(metresBetween(a.lat * E7, a.lon * E7, b.lat * E7, b.lon * E7))

const queryPlace = (view: PlanView, end: Exclude<LegEnd, { kind: 'stop' }>): QueryPlace =>
  end.kind === 'via' ? view.query.vias[end.via]!.place : end.kind === 'start' ? view.query.from : view.query.to

export function streetEnd(view: PlanView, end: LegEnd): StreetEnd {
  if (end.kind === 'stop') return { stop: end.stop }
  return queryEnd(view.horizon.timetable, queryPlace(view, end))
}

function position(view: PlanView, end: StreetEnd): [number, number] {
  const tt = view.horizon.timetable
  return 'stop' in end ? [tt.stopLat[end.stop]!, tt.stopLon[end.stop]!] : [end.lat, end.lon]
}

/** START and END are what MOTIS calls coordinates. */
export function endPlace(view: PlanView, end: LegEnd): Place {
  if (end.kind === 'stop') return stopPlace(view, end.stop as StopIdx)
  const place = queryPlace(view, end)
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

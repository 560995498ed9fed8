// An itinerary read again → MOTIS' itinerary, with what has become of it.

import type { Itinerary, Leg } from '#api/contract/itinerary.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { isRentalGone, type RefreshedRide, refresh, type SavedRide, type SavedWay } from '#engine/plan/refresh.ts'
import { type RefreshedWalk, walkedNow, walkOnwards } from '#engine/plan/walked.ts'
import type { WalkLeg } from '#engine/transit/journey.ts'
import { approachLegs } from './approach.ts'
import { elevatorsBecause } from './awaited.ts'
import { type SavedEnd, type SavedItinerary, writeItineraryId } from './itinerary-id.ts'
import { changeLeg, joinLegs, noLine, rideLeg } from './legs.ts'
import { stopPlace } from './place.ts'
import { fareMembers, oneFare, secondsBetween } from './plan.ts'
import type { PlanView } from './plan-view.ts'
import { utc } from './texts.ts'
import { walkAgain } from './walk-again.ts'
import { inItsTime, walkLeg } from './walks.ts'

/** @param rides the saved rides, found in the timetable */
export function renderRefreshed(view: PlanView, saved: SavedItinerary, rides: readonly SavedRide[]): Itinerary {
  const legs = rides.length > 0 ? ridden(view, saved, rides) : withoutRides(view, saved)
  const [first, last] = [legs[0]!, legs.at(-1)!]
  return {
    duration: secondsBetween(first.startTime, last.endTime),
    startTime: first.startTime,
    endTime: last.endTime,
    transfers: Math.max(0, rides.filter(ride => !ride.stayed).length - 1),
    id: writeItineraryId(saved),
    legs,
    broken: legs.some(leg => leg.cancelled || leg.missed) || undefined,
    ...fareMembers(view, rides.length > 0),
  }
}

/** On foot or as it was made; where no way is left it is cancelled, and a ride on a rental that is no longer offered. */
function wayLegs(view: PlanView, way: RefreshedWalk): Leg[] {
  if (!way.by) return [walkNow(view, way)]
  const elevators = elevatorsBecause(view, way.out ?? [], way)
  const legs = approachLegs(view, way, way.by).map(leg => ({
    ...leg,
    ...(elevators.length > 0 && { elevators }),
    ...(way.blocked && { cancelled: true }),
  }))
  return isRentalGone(view.horizon, way, view.now)
    ? legs.map(leg => (leg.mode === 'RENTAL' ? { ...leg, cancelled: true } : leg))
    : legs
}

function walkNow(view: PlanView, way: RefreshedWalk): Leg {
  const { elevators = [], ...leg } = walkLeg(view, way)
  const told = new Set(elevators.map(({ id }) => id))
  const because = elevatorsBecause(view, way.out ?? [], way).filter(({ id }) => !told.has(id))
  const all = [...elevators, ...because]
  return { ...leg, ...(all.length > 0 && { elevators: all }), ...(way.blocked && { cancelled: true }) }
}

function withoutRides(view: PlanView, { start, departure }: SavedItinerary): Leg[] {
  const { places } = start
  if (places) {
    const whole = { from: { kind: 'start' }, to: { kind: 'end' }, time: departure, planned: departure } as const
    return walkOnwards(places, whole, walkAgain(view)).flatMap(walk => wayLegs(view, walk))
  }
  const arrival = (departure + start.seconds) as UnixSeconds
  const ends = { from: { kind: 'start' }, to: { kind: 'end' } } as const
  const by = start.by && { by: start.by }
  const walk: WalkLeg = { kind: 'walk', ...ends, ...by, departure: departure as UnixSeconds, arrival }
  return wayLegs(view, walkedNow(walk, departure, { time: departure, arriveBy: false }, walkAgain(view)))
}

function ridden(view: PlanView, saved: SavedItinerary, found: readonly SavedRide[]): Leg[] {
  const way = (place: 'from' | 'to', end: SavedEnd): SavedWay | undefined =>
    end.seconds > 0 || end.places || view.query[place].kind === 'coordinate' ? end : undefined
  const journey = refresh(
    view.horizon,
    { start: way('from', saved.start), rides: found, end: way('to', saved.end) },
    walkAgain(view),
  )
  const legs: Leg[] = journey.start.flatMap(walk => wayLegs(view, walk))
  let before: RefreshedRide | undefined
  for (const seated of vehicles(journey.rides, view.joinStayed)) {
    const ride = seated[0]!
    const until = ride.walksBefore.length === 1 ? ride.departure : undefined
    legs.push(...ride.walksBefore.flatMap(walk => wayLegs(view, inItsTime(view, walk, until))))
    if (ride.walksBefore.length === 0 && before?.leg && ride.leg && !ride.saved.stayed)
      legs.push(changeLeg(view, before.leg, ride.leg))
    legs.push(ride.leg ? vehicleLeg(view, seated) : goneLeg(view, saved.rides[journey.rides.indexOf(ride)]!, ride))
    before = seated.at(-1)
  }
  return [...legs, ...journey.end.flatMap(walk => wayLegs(view, walk))]
}

/** Rides told as one leg: those on which the rider stays seated, if they are to be joined and all still run. */
function vehicles(rides: readonly RefreshedRide[], join: boolean): RefreshedRide[][] {
  const groups: RefreshedRide[][] = []
  for (const ride of rides) {
    const last = groups.at(-1)
    if (join && ride.saved.stayed && ride.leg && last?.at(-1)?.leg) last.push(ride)
    else groups.push([ride])
  }
  return groups
}

function vehicleLeg(view: PlanView, seated: readonly RefreshedRide[]): Leg {
  const rides = seated.map(ride => ride.leg!)
  return {
    ...(rides.length > 1 ? joinLegs(view, rides) : rideLeg(view, rides[0]!)),
    cancelled: seated.some(ride => ride.cancelled),
    ...oneFare(view),
    missed: seated[0]!.missed || undefined,
  }
}

/** A run that the timetable no longer has: as it was planned, and cancelled. */
function goneLeg(
  view: PlanView,
  { tripId, displayName, mode }: SavedItinerary['rides'][number],
  ride: RefreshedRide,
): Leg {
  const { from, to, departure, arrival } = ride.saved
  const [start, end] = [utc(departure), utc(arrival)]
  return {
    mode: mode as Leg['mode'],
    from: { ...stopPlace(view, from), departure: start, scheduledDeparture: start, cancelled: true },
    to: { ...stopPlace(view, to), arrival: end, scheduledArrival: end, cancelled: true },
    duration: arrival - departure,
    startTime: start,
    endTime: end,
    scheduledStartTime: start,
    scheduledEndTime: end,
    realTime: false,
    scheduled: true,
    cancelled: true,
    missed: ride.missed || undefined,
    ...oneFare(view),
    tripId,
    displayName,
    routeShortName: displayName,
    legGeometry: noLine(view.version),
  }
}

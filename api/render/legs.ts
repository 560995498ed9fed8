// The legs of a journey, written out as MOTIS legs.

import type { EncodedPolyline, Mode, Place } from '#api/contract/common.ts'
import type { Leg } from '#api/contract/itinerary.ts'
import { polylinePrecision } from '#api/contract/versions.ts'
import { stopCopies } from '#engine/footpaths/copies.ts'
import { changeBetween } from '#engine/footpaths/footpaths.ts'
import { noSooner, type Run, type RunCall, readRun } from '#engine/horizon/runs.ts'
import { RunState } from '#engine/live/state.ts'
import type { RideLeg } from '#engine/transit/journey.ts'
import { joinAlerts, rideAlerts } from './alerts.ts'
import { footprint, riddenMetres } from './footprint.ts'
import { polyline, ridePointsNow } from './geometry.ts'
import { occupancyMember } from './occupancy.ts'
import { callPlace, type RunHead, stopPlace, tellPlatformsApart, type View } from './place.ts'
import type { PlanView } from './plan-view.ts'
import { headsign, isLive, lineMembers } from './run.ts'
import { text, utc } from './texts.ts'

export const noLine = (version: number): EncodedPolyline => ({
  points: '',
  precision: polylinePrecision(version),
  length: 0,
})

/** The ride of a run from one call to another; the whole run is a ride from its first call to its last. */
function runLeg(view: View, run: Run, board: number, alight: number, detailed: boolean): Leg {
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
  const { trip, day, shift, board, alight, notBefore } = leg
  const ride = view.written.getOrInsertComputed(`${trip} ${day} ${shift} ${board} ${alight} ${notBefore}`, () => {
    const written = legOfRide(view, leg, view.detailedLegs)
    return { ...written, ...footprint(written, riddenMetres(view, [leg])) }
  })
  return { ...ride, ...rideMembers(leg) }
}

/** As its vehicle makes it that the rider may have come with. */
export function legOfRide(view: View, leg: RideLeg, detailed: boolean): Leg {
  const run = readRun(view.horizon, leg, view.realtime)
  const calls = run.calls.map(call => noSooner(call, leg.notBefore))
  return runLeg(view, { ...run, calls }, leg.board, leg.alight, detailed)
}

/** What a ride says of how it follows the one before. */
export const rideMembers = ({ stayed, guaranteed, stay }: RideLeg): Partial<Leg> => ({
  ...(stayed && { interlineWithPreviousLeg: true }),
  ...(guaranteed && { guaranteedTransfer: true }),
  ...(stay && { stay }),
})

/** Legs of one vehicle on which the rider stays seated, told as one: named like the first, its junctions among the intermediate stops. */
export function joinLegs(view: PlanView, rides: readonly RideLeg[]): Leg {
  const legs = rides.map(ride => rideLeg(view, ride))
  return { ...joined(view, rides, legs, view.detailedLegs), ...footprint(legs[0]!, riddenMetres(view, rides)) }
}

/** The same of legs that are written. */
export function joined(view: View, rides: readonly RideLeg[], legs: readonly Leg[], detailed: boolean): Leg {
  const first = legs[0]!
  const last = legs.at(-1)!
  const intermediateStops = legs.flatMap((leg, i) => {
    const { departure, scheduledDeparture, departureSource, pickupType, pickupArrangement } = leg.from
    const leaving = { departure, scheduledDeparture, departureSource, pickupType, pickupArrangement }
    const junction = { ...legs[i - 1]?.to, ...leaving } as Place
    return [...(i > 0 ? [junction] : []), ...leg.intermediateStops!]
  })
  const points = rides.flatMap(ride => ridePointsNow(view, ride, ride.board, ride.alight))
  return {
    ...first,
    to: last.to,
    endTime: last.endTime,
    scheduledEndTime: last.scheduledEndTime,
    duration: (Date.parse(last.endTime) - Date.parse(first.startTime)) / 1000,
    realTime: legs.some(leg => leg.realTime),
    cancelled: legs.some(leg => leg.cancelled),
    tripTo: last.tripTo,
    intermediateStops,
    legGeometry: detailed ? polyline(points, polylinePrecision(view.version)) : noLine(view.version),
    alerts: legs.some(leg => leg.alerts) ? joinAlerts(legs.map(leg => leg.alerts)) : undefined,
  }
}

/** Of a change at one stop: as long as it takes, if the timetable leaves as much. */
export function changeSeconds({ horizon }: View, before: RideLeg, after: RideLeg): number {
  const { timetable: tt, footpaths } = horizon
  const copies = stopCopies(tt)
  const [from, to] = [copies.at(before.to, before.trip), copies.at(after.from, after.trip)]
  const seconds = changeBetween(copies.extend(footpaths), from, to) ?? 0
  return Math.min(seconds, Math.max(0, after.departure - before.arrival))
}

/** Between two rides at the very same stop: MOTIS clients expect a walk there too. It lasts as long as the change takes. */
export function changeLeg(view: PlanView, before: RideLeg, after: RideLeg): Leg {
  const end = before.arrival + changeSeconds(view, before, after)
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

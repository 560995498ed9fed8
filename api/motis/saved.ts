// A saved itinerary's places and rides, found again in the timetable as it is now.

import { readPlace } from '#api/plugins/parameters.ts'
import { type FoundItinerary, placesOnTheWay, type SavedItinerary, type SavedRide } from '#api/render/itinerary-id.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { toE7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { type RunCall, readRun } from '#engine/horizon/runs.ts'
import type { QueryPlace } from '#engine/plan/query.ts'
import type { SavedRide as FoundRide } from '#engine/plan/refresh.ts'
import { nearestStop } from '#engine/timetable/lookup.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { toQueryPlace } from './plan.ts'
import { stopOf } from './stops.ts'
import { findRun } from './trip.ts'

/** @param name of the parameter. Throws UNKNOWN_STOP, UNKNOWN_TAG. */
export function findPlaces(service: TransitService, saved: SavedItinerary, name: string): FoundItinerary {
  const find = (place: string): QueryPlace => toQueryPlace(service, readPlace(name, place), name)
  return { saved, from: find(saved.start.place), to: find(saved.end.place), vias: placesOnTheWay(saved).map(find) }
}

/** Without `run` when it has gone, or calls there no more. Throws UNKNOWN_STOP, UNKNOWN_TAG. */
export function findRide(service: TransitService, ride: SavedRide): FoundRide {
  const [from, to] = [rideEnd(service, ride.from), rideEnd(service, ride.to)]
  const departure = ride.departure as UnixSeconds
  const arrival = (ride.departure + ride.seconds) as UnixSeconds
  const run = findRun(service, ride.tripId)
  const calls = run ? readRun(service.horizon, run, false).calls : []
  const board = callAt(calls, from, departure, 0, 'departure')
  const alight = board === undefined ? undefined : callAt(calls, to, arrival, board + 1, 'arrival')
  const ends = { from: from.stop, to: to.stop }
  const saved = {
    ...ends,
    departure,
    arrival,
    walkBefore: Math.max(0, ride.before),
    stayed: ride.before < 0,
    ...(ride.wait && { waitBefore: ride.wait }),
    ...(ride.places && { places: ride.places }),
  }
  return board !== undefined && alight !== undefined
    ? { ...saved, run, board, alight }
    : { ...saved, run: undefined, board: 0, alight: 0 }
}

/** Where a ride begins or ends: which stop that is, and which calls are there. */
interface RideEnd {
  readonly stop: StopIdx
  readonly isThere: (stop: StopIdx) => boolean
}

/**
 * Any platform of a station is as good as another. A position is that of a stop that only realtime knows; once it has gone, the stop nearest to
 * it stands for it: the rider is told of that one and goes on from there, but no call counts as being there.
 */
function rideEnd(service: TransitService, given: string): RideEnd {
  const { timetable: tt } = service
  const place = readPlace('itineraryId', given)
  if (place.kind === 'stop') {
    const stop = stopOf(service, place.id, 'itineraryId')
    const station = rootStop(tt, stop)
    return { stop, isThere: other => rootStop(tt, other) === station }
  }
  const [lat, lon] = [toE7(place.lat), toE7(place.lon)]
  const isThere = (stop: StopIdx): boolean => tt.stopLat[stop] === lat && tt.stopLon[stop] === lon
  const stop = service.horizon.added?.stops.find(isThere) ?? nearestStop(service.lookup, lat, lon)
  if (stop === undefined) throw new FreifahrtError('UNKNOWN_STOP', 'itineraryId', `no stop near '${given}'`)
  return { stop, isThere }
}

/** The call there nearest to the planned time, from a position on. */
function callAt(
  calls: readonly RunCall[],
  { isThere }: RideEnd,
  time: UnixSeconds,
  first: number,
  which: 'departure' | 'arrival',
): number | undefined {
  let best: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (let i = first; i < calls.length; i++) {
    const call = calls[i]!
    const away = Math.abs(call[which] - time)
    if (!isThere(call.stop) || away >= least) continue
    best = i
    least = away
  }
  return best
}

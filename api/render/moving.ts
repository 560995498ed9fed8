// Moving segments as MOTIS' TripSegments.

import type { TripSegment } from '#api/contract/map.ts'
import { movingIn, type Segment } from '#engine/board/moving.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type Box, encodePolyline } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { findLiveRun, readCall } from '#engine/horizon/runs.ts'
import { RunState } from '#engine/live/state.ts'
import { diagonalMetres, extentOf } from '#engine/timetable/extents.ts'
import { ridePointsNow } from './geometry.ts'
import { callPlace, type View } from './place.ts'
import { isLive, lineMembers } from './run.ts'
import { utc } from './texts.ts'
import { shownAt } from './zoom.ts'

export interface MovingQuestion {
  readonly box: Box
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly zoom: number
  readonly precision: number
}

const MAX_SEGMENTS = 12_000

/** Throws TOO_LARGE. */
export function renderMoving(view: View, { box, from, to, zoom, precision }: MovingQuestion): TripSegment[] {
  const tt = view.horizon.timetable
  const wants = (p: Parameters<typeof shownAt>[1]): boolean => shownAt(tt, p, zoom)
  const segments = movingIn(view.horizon, { box, from, to, wants, limit: MAX_SEGMENTS })
  if (segments.length > MAX_SEGMENTS)
    throw new FreifahrtError('TOO_LARGE', 'max', `more than ${MAX_SEGMENTS} rides in the box: zoom in`)
  return segments.map(segment => renderSegment(view, segment, precision))
}

function renderSegment(view: View, segment: Segment, precision: number): TripSegment {
  const tt = view.horizon.timetable
  const row = findLiveRun(view.horizon.live, segment.trip, segment.day, segment.shift)
  const [from, to] = [segment.fromCall, segment.toCall].map(at => readCall(view.horizon, segment, row, at))
  const run = { ...segment, state: RunState.running }
  const line = lineMembers(view, segment)
  return {
    trips: [{ tripId: line.tripId, routeShortName: line.routeShortName, displayName: line.displayName }],
    routeColor: line.routeColor,
    mode: line.mode,
    distance: Math.round(diagonalMetres(extentOf(tt, tt.tripPattern[segment.trip]))),
    from: callPlace(view, run, from!, segment.fromCall),
    to: callPlace(view, run, to!, segment.toCall),
    departure: utc(from!.departure),
    arrival: utc(to!.arrival),
    scheduledDeparture: utc(from!.scheduledDeparture),
    scheduledArrival: utc(to!.scheduledArrival),
    realTime: isLive(from!.departureSource) || isLive(to!.arrivalSource),
    polyline: encodePolyline(ridePointsNow(view, segment, segment.fromCall, segment.toCall), precision),
  }
}

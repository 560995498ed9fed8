// The line on the map that a ride draws: its part of the trip's shape, or stop to stop when the feed has no shape.

import type { EncodedPolyline } from '#api/contract/common.ts'
import { encodePolyline } from '#engine/core/geo.ts'
import { NONE, type TripIdx } from '#engine/core/ids.ts'
import { toldLine } from '#engine/horizon/run-line.ts'
import type { RunKey } from '#engine/horizon/runs.ts'
import { slotStop, type Timetable } from '#engine/timetable/timetable.ts'
import type { Said } from './run.ts'

/** Points of the ride from call `board` to call `alight` as it is now: lat, lon, … in 1e-7 degrees. */
export function ridePointsNow({ horizon, realtime }: Said, run: RunKey, board: number, alight: number): number[] {
  const told = realtime ? toldLine(horizon, run) : undefined
  const points = told && pointsBetween(told, told.places[board]!, told.places[alight]!)
  return points ?? ridePoints(horizon.timetable, run.trip, board, alight)
}

/** The same as planned. */
export function ridePoints(tt: Timetable, trip: TripIdx, board: number, alight: number): number[] {
  const geometry = tt.tripGeometry[trip]!
  if (geometry !== NONE) {
    const begin = tt.geometryBegin[geometry]!
    const shapes = { lat: tt.shapeLat, lon: tt.shapeLon }
    const points = pointsBetween(shapes, tt.geometryPoints[begin + board]!, tt.geometryPoints[begin + alight]!)
    if (points) return points
  }
  const slot = tt.slotBegin[tt.tripPattern[trip]]!
  const points: number[] = []
  for (let i = board; i <= alight; i++) {
    const stop = slotStop(tt.slots[slot + i]!)
    if (tt.stopHasPosition[stop] === 1) points.push(tt.stopLat[stop]!, tt.stopLon[stop]!)
  }
  return points
}

/** Undefined where the line has only one point for both. */
function pointsBetween(
  { lat, lon }: Readonly<Record<'lat' | 'lon', ArrayLike<number>>>,
  first: number,
  last: number,
): number[] | undefined {
  if (last <= first) return undefined
  const points: number[] = []
  for (let i = first; i <= last; i++) points.push(lat[i]!, lon[i]!)
  return points
}

export const polyline = (points: ArrayLike<number>, precision: number): EncodedPolyline => ({
  points: encodePolyline(points, precision),
  precision,
  length: points.length / 2,
})

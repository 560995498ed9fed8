// The line on the map that a ride draws: its part of the trip's shape, or stop to stop when the feed has no shape.

import type { EncodedPolyline } from '#api/contract/common.ts'
import { encodePolyline } from '#engine/core/geo.ts'
import { NONE, type TripIdx } from '#engine/core/ids.ts'
import { slotStop, type Timetable } from '#engine/timetable/timetable.ts'

/** Points of the ride from call `board` to call `alight`: lat, lon, … in 1e-7 degrees. */
export function ridePoints(tt: Timetable, trip: TripIdx, board: number, alight: number): number[] {
  const geometry = tt.tripGeometry[trip]!
  if (geometry !== NONE) {
    const begin = tt.geometryBegin[geometry]!
    const first = tt.geometryPoints[begin + board]!
    const last = tt.geometryPoints[begin + alight]!
    if (last > first) {
      const points: number[] = []
      for (let i = first; i <= last; i++) points.push(tt.shapeLat[i]!, tt.shapeLon[i]!)
      return points
    }
  }
  const slot = tt.slotBegin[tt.tripPattern[trip]]!
  const points: number[] = []
  for (let i = board; i <= alight; i++) {
    const stop = slotStop(tt.slots[slot + i]!)
    if (tt.stopHasPosition[stop] === 1) points.push(tt.stopLat[stop]!, tt.stopLon[stop]!)
  }
  return points
}

export const polyline = (points: ArrayLike<number>, precision: number): EncodedPolyline => ({
  points: encodePolyline(points, precision),
  precision,
  length: points.length / 2,
})

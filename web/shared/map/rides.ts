// Rides from stop to stop as lines that take their time, and where on them the vehicles should be.

import type { Segment } from '../api.ts'
import { seconds } from '../times.ts'
import { decodePolyline } from './polyline.ts'

export interface VehicleOnMap {
  readonly id: string
  readonly lat: number
  readonly lon: number
  /** `RRGGBB` */
  readonly color: string | undefined
  /** How it does: the colour of its rim. */
  readonly mood: 'good' | 'late' | 'bad' | 'quiet' | 'plain'
}

export interface Ride {
  readonly id: string
  readonly color: string | undefined
  readonly late: boolean
  readonly live: boolean
  /** Unix seconds. */
  readonly departure: number
  readonly arrival: number
  readonly points: readonly (readonly [lon: number, lat: number])[]
  /** Degrees from the first point, corrected for the latitude; the last is the whole length. */
  readonly along: readonly number[]
}

export function rideOf(segment: Segment): Ride {
  const points = decodePolyline(segment.polyline, 5)
  const along = [0]
  for (let i = 1; i < points.length; i++) along.push(along[i - 1]! + apart(points[i - 1]!, points[i]!))
  return {
    id: segment.trips[0]?.tripId ?? '',
    color: segment.routeColor,
    live: segment.realTime,
    late: seconds(segment.departure) - seconds(segment.scheduledDeparture) >= 300,
    departure: seconds(segment.departure),
    arrival: seconds(segment.arrival),
    points,
    along,
  }
}

function apart([lon1, lat1]: readonly [number, number], [lon2, lat2]: readonly [number, number]): number {
  return Math.hypot((lon2 - lon1) * Math.cos((lat1 * Math.PI) / 180), lat2 - lat1)
}

/** Those under way at `now`; one that stands at a stop is shown there by its next ride only. */
export function positionsAt(rides: readonly Ride[], now: number): VehicleOnMap[] {
  return rides.flatMap(ride => {
    if (now < ride.departure || now > ride.arrival || ride.points.length === 0) return []
    const share = (now - ride.departure) / Math.max(1, ride.arrival - ride.departure)
    const [lon, lat] = pointAt(ride, share * ride.along.at(-1)!)
    return [
      { id: ride.id, lat, lon, color: ride.color, mood: ride.late ? 'late' : ride.live ? 'good' : 'plain' } as const,
    ]
  })
}

function pointAt({ points, along }: Ride, distance: number): readonly [number, number] {
  const next = along.findIndex(length => length >= distance)
  if (next <= 0) return points[Math.max(0, next)]!
  const [a, b] = [points[next - 1]!, points[next]!]
  const share = (distance - along[next - 1]!) / Math.max(1e-12, along[next]! - along[next - 1]!)
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
}

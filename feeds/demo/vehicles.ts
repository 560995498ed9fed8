// Where a vehicle of the demo city is: on its line's path, between the stops that its outlook names, braking and starting smoothly.

import bindings from 'gtfs-realtime-bindings'
import { METRES_PER_DEGREE } from '#engine/core/geo.ts'
import { metresEast, type Path } from './city.ts'
import type { Outlook } from './outlook.ts'
import { mixText, roll } from './random.ts'
import type { Run } from './trouble.ts'

const { VehiclePosition } = bindings.transit_realtime
type Vehicle = bindings.transit_realtime.IVehiclePosition
type Trip = bindings.transit_realtime.ITripDescriptor

/** A vehicle logs on this long before its trip starts, and off this long after it ends (seconds). */
const LOG_ON = 30
const LOG_OFF = 15
/** From this part of the way on it is about to arrive. */
const INCOMING = 0.85

/** The vehicle of a run, or undefined if none is on the road for it now. */
export function vehicleOf(run: Run, now: number, outlook: Outlook, trip: Trip): Vehicle | undefined {
  const { pattern, block } = run.trip
  const { next, standing, progress } = outlook
  const n = pattern.platforms.length
  const t = now - run.start
  if (t < -LOG_ON || t > run.arrivals[n - 1]! + LOG_OFF) return undefined
  const stop = Math.min(next, n - 1)
  const here = pattern.path.stops[stop]!
  const from = stop === 0 ? here : pattern.path.stops[stop - 1]!
  // starts and brakes like a smooth step; its slope is the speed
  const ease = progress * progress * (3 - 2 * progress)
  const metres = standing ? here : from + (here - from) * ease
  const seconds = standing || stop === 0 ? 1 : run.arrivals[stop]! - run.departures[stop - 1]!
  const speed = standing ? 0 : ((here - from) * 6 * progress * (1 - progress)) / seconds
  const percentage = crowd(run, now)
  return {
    trip,
    vehicle: { id: block, label: vehicleNumber(block) },
    position: { ...pointAt(pattern.path, metres), speed: Math.round(speed * 10) / 10 },
    currentStopSequence: stop + 1,
    stopId: pattern.platforms[stop]!.id,
    currentStatus: statusOf(standing, progress),
    timestamp: now,
    occupancyPercentage: percentage,
    occupancyStatus: occupancy(percentage),
    ...(pattern.line.track === 'S' && { multiCarriageDetails: carriages(run, percentage) }),
  }
}

function statusOf(standing: boolean, progress: number): bindings.transit_realtime.VehiclePosition.VehicleStopStatus {
  const { STOPPED_AT, INCOMING_AT, IN_TRANSIT_TO } = VehiclePosition.VehicleStopStatus
  if (standing) return STOPPED_AT
  return progress > INCOMING ? INCOMING_AT : IN_TRANSIT_TO
}

/** The number painted on it: 300 … 899, the same all day. */
const vehicleNumber = (block: string): string => `${300 + (mixText(7, block) % 600)}`

function pointAt(path: Path, metres: number): { latitude: number; longitude: number; bearing: number } {
  let i = 1
  while (i < path.metres.length - 1 && path.metres[i]! < metres) i++
  const [a, b] = [path.metres[i - 1]!, path.metres[i]!]
  const f = b > a ? Math.min(1, Math.max(0, (metres - a) / (b - a))) : 0
  const [dLat, dLon] = [path.lat[i]! - path.lat[i - 1]!, path.lon[i]! - path.lon[i - 1]!]
  const bearing = Math.atan2(dLon * metresEast(path.lat[i]!), dLat * METRES_PER_DEGREE) * (180 / Math.PI)
  return {
    latitude: path.lat[i - 1]! + dLat * f,
    longitude: path.lon[i - 1]! + dLon * f,
    bearing: Math.round((bearing + 360) % 360),
  }
}

/** Trains have four carriages; near the stairs of most stations it is fuller than at the ends. */
function carriages(run: Run, percentage: number): bindings.transit_realtime.VehiclePosition.ICarriageDetails[] {
  return Array.from({ length: 4 }, (_, i) => ({
    label: String(i + 1),
    carriageSequence: i + 1,
    occupancyStatus: occupancy(Math.min(100, percentage * (0.5 + roll(run.dice, 30 + i)))),
  }))
}

/** Percent full: two rushes a day, each run fuller or emptier than the next, fullest half-way. */
function crowd(run: Run, now: number): number {
  const hour = (run.trip.start / 3600) % 24
  const rush = (at: number): number => Math.exp(-(((hour - at) / 1.6) ** 2))
  const way = Math.min(1, Math.max(0, (now - run.start) / run.arrivals.at(-1)!))
  const full = (18 + 50 * (rush(7.8) + rush(16.8))) * (0.5 + roll(run.dice, 20)) * (0.4 + 2.4 * way * (1 - way))
  return Math.min(100, Math.round(full))
}

function occupancy(percentage: number): bindings.transit_realtime.VehiclePosition.OccupancyStatus {
  const status = VehiclePosition.OccupancyStatus
  if (percentage < 5) return status.EMPTY
  if (percentage < 35) return status.MANY_SEATS_AVAILABLE
  if (percentage < 60) return status.FEW_SEATS_AVAILABLE
  return percentage < 85 ? status.STANDING_ROOM_ONLY : status.CRUSHED_STANDING_ROOM_ONLY
}

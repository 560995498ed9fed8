// Vehicles as VehiclePositions.

import bindings from 'gtfs-realtime-bindings'
import { E7 } from '#engine/core/geo.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { LiveVehicle } from '#engine/live/state.ts'
import type { Entity, Names } from './encode-names.ts'

const { VehicleDescriptor, VehiclePosition } = bindings.transit_realtime

const { WHEELCHAIR_ACCESSIBLE: yes, WHEELCHAIR_INACCESSIBLE: no } = VehicleDescriptor.WheelchairAccessible
const WHEELCHAIR = { yes, no } as const

/** Vehicle positions; one without a trip is of no feed, so it is told only where all feeds are. */
export function* encodeVehicles(names: Names): Generator<Entity> {
  const { timetable: tt, vehicles } = names.horizon
  for (const v of vehicles) {
    if (v.trip !== undefined && !names.wants(tt.tripFeed[v.trip as TripIdx])) continue
    if (v.trip === undefined && names.feed !== undefined) continue
    yield { id: `vehicle:${v.source}:${v.id}`, vehicle: encodeVehicle(names, v) }
  }
}

function encodeVehicle(names: Names, v: LiveVehicle): bindings.transit_realtime.IVehiclePosition {
  const { timetable: tt } = names.horizon
  const trip = v.trip as TripIdx | undefined
  return {
    vehicle: {
      id: v.id,
      ...(v.label && { label: v.label }),
      ...(v.wheelchair && { wheelchairAccessible: WHEELCHAIR[v.wheelchair] }),
    },
    timestamp: v.timestamp,
    ...(trip !== undefined && { trip: names.descriptor(trip, v.day as ServiceDay, v.shift ?? 0) }),
    ...(v.lat !== undefined && {
      position: {
        latitude: v.lat / E7,
        longitude: v.lon! / E7,
        ...(v.bearing !== undefined && { bearing: v.bearing }),
        ...(v.speed !== undefined && { speed: v.speed }),
      },
    }),
    ...(trip !== undefined &&
      v.slot !== undefined && {
        currentStopSequence: tt.sequences[tt.tripSequences[trip]! + v.slot]!,
        currentStatus: VehiclePosition.VehicleStopStatus[v.status ?? 'IN_TRANSIT_TO'],
      }),
    ...(v.occupancy && { occupancyStatus: VehiclePosition.OccupancyStatus[v.occupancy as 'FULL'] }),
    ...(v.occupancyPercentage !== undefined && { occupancyPercentage: v.occupancyPercentage }),
    ...(v.carriages && {
      multiCarriageDetails: v.carriages.map(({ occupancy, ...carriage }, i) => ({
        ...carriage,
        carriageSequence: i + 1,
        ...(occupancy && { occupancyStatus: VehiclePosition.OccupancyStatus[occupancy as 'FULL'] }),
      })),
    }),
  }
}

// vehicle: one vehicle; fleet: all of a feed, or those within a range of map tiles, so that maps of nearly the same place share a channel.

import { displayName, headsign, modeOfRun } from '#api/render/run.ts'
import { colorText, placeName, publicRouteId, publicStopId, publicTripId, publicVehicleId } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { type FleetRules, fleetDefaults } from '#engine/fleet/rules.ts'
import { readVehicle } from '#engine/fleet/vehicles.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import type { LiveVehicle } from '#engine/live/state.ts'
import type { TransitService } from '#workers/service.ts'
import type { VehicleRow } from '../rows.ts'
import { type TileRange, tileBox } from '../tiles.ts'
import { nextDue, type Topic } from '../topic.ts'

/** Seconds after which a vehicle that says nothing is no longer shown. */
const SHOWN_FOR = 900
/** Conditions change as positions grow old. */
const REST = 15

const topic = (wanted: (vehicle: LiveVehicle, horizon: Horizon) => boolean, pace: Topic['pace']): Topic => ({
  kind: 'vehicles',
  stops: 'any',
  alerts: false,
  vehicles: true,
  sources: false,
  pace,
  read({ horizon, clock }) {
    const now = clock.now()
    const rows = horizon.vehicles
      .filter(vehicle => vehicle.timestamp + SHOWN_FOR > now && wanted(vehicle, horizon))
      .map(vehicle => vehicleRow(horizon, vehicle, now, fleetDefaults))
    return { rows, members: {}, due: nextDue(rows, now, REST) }
  },
})

/** A vehicle that nobody speaks of has no row: it may come. */
export const vehicleTopic = (id: string): Topic =>
  topic((vehicle, horizon) => publicVehicleId(horizon, vehicle) === id, 'fast')

/** Throws UNKNOWN_TAG. */
export function feedFleetTopic(service: TransitService, tag: string): Topic {
  if (!service.sources().some(source => source.tag === tag))
    throw new FreifahrtError('UNKNOWN_TAG', 'ch', `no realtime source of a feed '${tag}'`)
  return topic(({ source }, { sources }) => sources[source]?.tag === tag, 'fast')
}

export function tileFleetTopic(range: TileRange): Topic {
  const [west, south, east, north] = tileBox(range).map(degrees => degrees * E7) as [number, number, number, number]
  return topic(
    ({ lat, lon }) =>
      lat !== undefined && lon !== undefined && lat > south && lat <= north && lon >= west && lon < east,
    'fast',
  )
}

export function vehicleRow(horizon: Horizon, vehicle: LiveVehicle, now: UnixSeconds, rules: FleetRules): VehicleRow {
  const { timetable: tt } = horizon
  const { run, call, position, delay, condition } = readVehicle(horizon, vehicle, now, rules)
  const route = run && tt.patternRoute[tt.tripPattern[run.trip]]
  const view = { horizon, version: 6, language: [], realtime: true, now }
  return {
    id: publicVehicleId(horizon, vehicle),
    label: vehicle.label,
    trip: run && publicTripId(tt, run.trip, run.day, run.shift),
    route: route === undefined ? undefined : publicRouteId(tt, route),
    line: run && displayName(tt, run),
    headsign: run && headsign(tt, run, position ?? 0),
    mode: run && modeOfRun(view, run),
    color: route === undefined ? undefined : colorText(tt.routeColor[route]!),
    textColor: route === undefined ? undefined : colorText(tt.routeTextColor[route]!),
    lat: vehicle.lat === undefined ? undefined : vehicle.lat / E7,
    lon: vehicle.lon === undefined ? undefined : vehicle.lon / E7,
    bearing: vehicle.bearing,
    speed: vehicle.speed,
    stop: call && publicStopId(tt, call.stop),
    stopName: call && placeName(tt, call.stop),
    status: vehicle.status,
    delay: delay ?? null,
    occupancy: vehicle.occupancy,
    occupancyPercentage: vehicle.occupancyPercentage,
    state: condition,
    at: vehicle.timestamp,
    exp: vehicle.timestamp + SHOWN_FOR,
  }
}

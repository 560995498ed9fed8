// vehicle: one vehicle; fleet: all of a feed, or those within a range of map tiles, so that maps of nearly the same place share a channel.

import { fleetOf } from '#api/fleet/fleet.ts'
import { SHOWN_FOR, vehicleRow } from '#api/fleet/render.ts'
import { publicVehicleId } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import type { LiveVehicle } from '#engine/live/state.ts'
import type { TransitService } from '#workers/service.ts'
import { type TileRange, tileBox } from '../tiles.ts'
import { nextDue, type Topic } from '../topic.ts'

/** Conditions change as positions grow old. */
const REST = 15

const topic = (vehiclesOf: (horizon: Horizon) => readonly LiveVehicle[], language: readonly string[]): Topic => ({
  kind: 'vehicles',
  stops: 'any',
  alerts: false,
  vehicles: true,
  sources: false,
  pace: 'fast',
  read(service) {
    const { horizon, clock } = service
    const fleet = fleetOf(service)
    const now = clock.now()
    const rows = vehiclesOf(horizon)
      .filter(vehicle => vehicle.timestamp + SHOWN_FOR > now)
      .map(vehicle => vehicleRow(horizon, vehicle, now, fleet, language))
    return { rows, members: {}, due: nextDue(rows, now, REST) }
  },
})

// once a generation: thousands of channels may each ask for a vehicle of their own
const named = new WeakMap<Horizon, ReadonlyMap<string, readonly LiveVehicle[]>>()

function vehiclesNamed(id: string, horizon: Horizon): readonly LiveVehicle[] {
  let byName = named.get(horizon)
  if (!byName) {
    byName = Map.groupBy(horizon.vehicles, vehicle => publicVehicleId(horizon, vehicle))
    named.set(horizon, byName)
  }
  return byName.get(id) ?? []
}

/** A vehicle that nobody speaks of has no row: it may come. */
export const vehicleTopic = (id: string, language: readonly string[]): Topic =>
  topic(horizon => vehiclesNamed(id, horizon), language)

/** Throws UNKNOWN_TAG. */
export function feedFleetTopic(service: TransitService, tag: string, language: readonly string[]): Topic {
  if (!service.sources().some(source => source.tag === tag))
    throw new FreifahrtError('UNKNOWN_TAG', 'ch', `no realtime source of a feed '${tag}'`)
  return topic(({ vehicles, sources }) => vehicles.filter(({ source }) => sources[source]?.tag === tag), language)
}

export function tileFleetTopic(range: TileRange, language: readonly string[]): Topic {
  const [west, south, east, north] = tileBox(range).map(degrees => degrees * E7) as [number, number, number, number]
  return topic(
    ({ vehicles }) =>
      vehicles.filter(
        ({ lat, lon }) =>
          lat !== undefined && lon !== undefined && lat > south && lat <= north && lon >= west && lon < east,
      ),
    language,
  )
}

// The documents of a GBFS system (2.x and 3.0) → vehicles for rent as the engine knows them. Prices and calendars are not read. What is
// wrong with a row costs that row and is counted.

import {
  type FormFactor,
  formFactors,
  type PropulsionType,
  propulsionTypes,
  type RentalStation,
  type RentalSystem,
  type RentalUris,
  type RentalVehicle,
  type ReturnConstraint,
  type VehicleType,
} from '#engine/conditions/rental.ts'
import { count, flag, instant, type Json, link, list, number, object, position, text } from './json.ts'
import { type Drop, polygonOf, readZones } from './zones.ts'

/** Name of a document (`station_status` …) → what is in it. */
export type Documents = Readonly<Record<string, unknown>>

export interface GbfsChoice {
  /** Short name of the system where it says none of its own, and prefix of its provider's id. */
  readonly tag: string
  /** Providers of one group are one for riders. */
  readonly group: string
}

export interface ReadSystem {
  readonly system: RentalSystem
  /** Rows not taken, by reason. */
  readonly dropped: Readonly<Record<string, number>>
}

/** Vehicles of a system that does not tell of types. */
const UNTYPED = ''

/** @param now Unix seconds, for what does not say when it was reported. What cannot be used is dropped and counted, never thrown */
export function readSystem(documents: Documents, { tag, group }: GbfsChoice, now: number): ReadSystem {
  const dropped: Record<string, number> = {}
  const drop: Drop = reason => {
    dropped[reason] = (dropped[reason] ?? 0) + 1
    return []
  }
  const data = (name: string): Json => object(object(documents[name]).data)
  const info = data('system_information')
  const vehicleRows = [
    ...list(data('free_bike_status').bikes),
    ...list(data('vehicle_status').vehicles ?? data('vehicle_status').bikes),
  ].map(object)
  const alone = vehicleRows.filter(row => text(row.station_id) === undefined)
  const docked = list(data('station_information').stations).length > 0
  const types = readTypes(data('vehicle_types'), docked, new Set(alone.map(row => text(row.vehicle_type_id))))
  const full = new Map(types.map(({ id, rangeMetres }) => [id, rangeMetres]))
  const vehicles = vehicleRows.flatMap(row => readVehicle(row, full, drop))
  const statuses = new Map(
    list(data('station_status').stations).map(row => [text(object(row).station_id), object(row)]),
  )
  const standing = standingAt(vehicles)
  const stations = list(data('station_information').stations).flatMap(row =>
    readStation(object(row), statuses, types, standing, drop),
  )
  const color = /^#?([0-9a-f]{6})$/i.exec(text(object(info.brand_assets).color) ?? '')?.[1]?.toUpperCase()
  const url = link(info.url)
  return {
    system: {
      id: tag,
      group,
      name: text(info.name) ?? tag,
      systemId: text(info.system_id) ?? tag,
      ...(url && { url }),
      ...(color && { color }),
      types,
      stations,
      vehicles,
      ...readZones(data('geofencing_zones'), drop),
      measured:
        instant(
          object(documents.station_status ?? documents.free_bike_status ?? documents.vehicle_status).last_updated,
        ) ?? now,
    },
    dropped,
  }
}

/**
 * @param docked are there stations?
 * @param alone types of vehicles that stand by themselves: such may be left so; what is only ever at stations belongs there, unless it says otherwise
 */
function readTypes(data: Json, docked: boolean, alone: ReadonlySet<string | undefined>): VehicleType[] {
  const returnsFor = (id: string | undefined): ReturnConstraint =>
    alone.has(id) || alone.has(undefined) || !docked ? 'NONE' : 'ANY_STATION'
  const types = list(data.vehicle_types).flatMap((row): VehicleType[] => {
    const type = object(row)
    const id = text(type.vehicle_type_id)
    if (id === undefined) return []
    const range = number(type.max_range_meters)
    return [
      {
        id,
        name: text(type.name) ?? id,
        formFactor: formFactorOf(type.form_factor),
        propulsion: propulsionOf(type.propulsion_type),
        rangeMetres: range !== undefined && range > 0 ? range : undefined,
        returns: returnsOf(type.return_constraint) ?? returnsFor(id),
      },
    ]
  })
  if (types.length > 0) return types
  const untyped = { id: UNTYPED, name: 'bicycle', formFactor: 'BICYCLE', propulsion: 'HUMAN' } as const
  return [{ ...untyped, rangeMetres: undefined, returns: returnsFor(undefined) }]
}

function formFactorOf(value: unknown): FormFactor {
  const name = (text(value) ?? 'bicycle').toUpperCase()
  if (name === 'SCOOTER') return 'SCOOTER_STANDING'
  return formFactors.find(known => known === name) ?? 'OTHER'
}

const propulsionOf = (value: unknown): PropulsionType =>
  propulsionTypes.find(known => known === (text(value) ?? 'human').toUpperCase()) ?? 'HUMAN'

function returnsOf(value: unknown): ReturnConstraint | undefined {
  switch (text(value)) {
    case 'free_floating':
    case 'hybrid':
      return 'NONE'
    case 'any_station':
      return 'ANY_STATION'
    case 'roundtrip_station':
      return 'ROUNDTRIP_STATION'
  }
  return undefined
}

/** @param types id → metres with a full battery */
function readVehicle(row: Json, types: ReadonlyMap<string, number | undefined>, drop: Drop): RentalVehicle[] {
  const id = text(row.vehicle_id ?? row.bike_id)
  const type = text(row.vehicle_type_id) ?? (types.has(UNTYPED) ? UNTYPED : [...types.keys()][0]!)
  const station = text(row.station_id)
  const at = position(row.lat, row.lon)
  if (id === undefined) return drop('vehicle_without_id')
  if (!types.has(type)) return drop('unknown_vehicle_type')
  // one that stands at a station may leave its place to it
  if (!at && station === undefined) return drop('vehicle_without_position')
  const range = number(row.current_range_meters) ?? partOf(types.get(type), number(row.current_fuel_percent))
  const home = text(row.home_station_id)
  const uris = urisOf(row.rental_uris)
  return [
    {
      id,
      type,
      lat: at?.lat ?? 0,
      lon: at?.lon ?? 0,
      usable: !flag(row.is_reserved, false) && !flag(row.is_disabled, false),
      rangeMetres: range !== undefined && range >= 0 ? range : undefined,
      ...(station !== undefined && { station }),
      ...(home !== undefined && { home }),
      ...(uris && { uris }),
    },
  ]
}

const partOf = (full: number | undefined, share: number | undefined): number | undefined =>
  full === undefined || share === undefined ? undefined : full * Math.min(1, Math.max(0, share))

/** What stands at a station: of each type how many, and how far the best of them still goes, if that is told. */
interface Standing {
  readonly counts: Map<string, number>
  readonly ranges: Map<string, number>
}

function standingAt(vehicles: readonly RentalVehicle[]): Map<string, Standing> {
  const stations = new Map<string, Standing>()
  for (const { station, type, usable, rangeMetres } of vehicles) {
    if (station === undefined || !usable) continue
    const { counts, ranges } = stations.getOrInsertComputed(station, () => ({ counts: new Map(), ranges: new Map() }))
    counts.set(type, (counts.get(type) ?? 0) + 1)
    if (rangeMetres !== undefined) ranges.set(type, Math.max(ranges.get(type) ?? 0, rangeMetres))
  }
  return stations
}

function readStation(
  row: Json,
  statuses: ReadonlyMap<string | undefined, Json>,
  types: readonly VehicleType[],
  standing: ReadonlyMap<string, Standing>,
  drop: Drop,
): RentalStation[] {
  const id = text(row.station_id)
  const at = position(row.lat, row.lon)
  if (id === undefined || !at) return drop(id === undefined ? 'station_without_id' : 'station_without_position')
  const status = statuses.get(id)
  if (!status) drop('station_without_status')
  const works = status !== undefined && flag(status.is_installed, true)
  const capacity = count(row.capacity)
  const address = text(row.address)
  const uris = urisOf(row.rental_uris)
  const docks = docksAt(status ?? {}, types)
  const ranges = standing.get(id)?.ranges
  const area = row.station_area === undefined ? undefined : polygonOf(row.station_area)
  return [
    {
      id,
      name: text(row.name) ?? id,
      ...(address !== undefined && { address }),
      ...at,
      ...(capacity !== undefined && { capacity }),
      renting: works && flag(status.is_renting, true),
      returning: works && flag(status.is_returning, true),
      available: Object.fromEntries(availableAt(status ?? {}, types, standing.get(id)?.counts)),
      ...(ranges && ranges.size > 0 && { ranges: Object.fromEntries(ranges) }),
      docks: docks && Object.fromEntries(docks),
      ...(area && area.length > 0 && { area }),
      ...(uris && { uris }),
    },
  ]
}

function availableAt(
  status: Json,
  types: readonly VehicleType[],
  standing: ReadonlyMap<string, number> | undefined,
): ReadonlyMap<string, number> {
  const byType = list(status.vehicle_types_available).map(object)
  if (byType.length > 0)
    return new Map(
      byType.flatMap((row): [string, number][] => {
        const type = text(row.vehicle_type_id)
        return type !== undefined && types.some(t => t.id === type) ? [[type, count(row.count) ?? 0]] : []
      }),
    )
  if (standing) return standing
  const all = count(status.num_vehicles_available ?? status.num_bikes_available) ?? 0
  return new Map(all > 0 ? [[types[0]!.id, all]] : [])
}

/** Undefined when nobody says how many may be left. */
function docksAt(status: Json, types: readonly VehicleType[]): ReadonlyMap<string, number> | undefined {
  const byType = list(status.vehicle_docks_available).map(object)
  if (byType.length > 0) {
    const docks = new Map<string, number>()
    for (const row of byType)
      for (const type of list(row.vehicle_type_ids).map(text))
        if (type !== undefined) docks.set(type, (docks.get(type) ?? 0) + (count(row.count) ?? 0))
    return docks
  }
  const all = count(status.num_docks_available)
  return all === undefined ? undefined : new Map(types.map(type => [type.id, all]))
}

function urisOf(value: unknown): RentalUris | undefined {
  const { android, ios, web } = object(value)
  const uris = { android: link(android), ios: link(ios), web: link(web) }
  const given = Object.fromEntries(Object.entries(uris).filter(([, uri]) => uri !== undefined))
  return Object.keys(given).length > 0 ? given : undefined
}

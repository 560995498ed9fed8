// Which courses there are for a way of moving: with a car that goes on, or with what is for rent (one's own and where it is parked: parking.ts).
// Made when the conditions change, not for every query.

import type { Conditions } from '../conditions/conditions.ts'
import {
  contains,
  type FormFactor,
  type PropulsionType,
  type RentalSystem,
  type ReturnConstraint,
  ruleAt,
  type VehicleType,
} from '../conditions/rental.ts'
import { withoutEdges } from '../street/elevators.ts'
import type { StreetGraph } from '../street/graph.ts'
import { Profile } from '../street/profile.ts'
import type { Course } from './course.ts'
import type { Switch, SwitchPlace } from './switches.ts'
import { edgesTouching } from './zones.ts'

export interface RentalFilter {
  /** All when empty. */
  readonly formFactors: readonly FormFactor[]
  readonly propulsions: readonly PropulsionType[]
  /** Ids of systems, and of their groups. */
  readonly providers: readonly string[]
  readonly groups: readonly string[]
  /** true: as if every vehicle might be left anywhere that zones allow. */
  readonly ignoreReturns: boolean
}

export const anyRental: RentalFilter = {
  formFactors: [],
  propulsions: [],
  providers: [],
  groups: [],
  ignoreReturns: false,
}

/** Seconds. Finding and unlocking a vehicle, locking it, getting out. */
const [RENT, RETURN, DROP_OFF] = [60, 30, 30]

/** A car that lets somebody out and goes on. */
export const carCourse = (graph: StreetGraph, mode: 'CAR' | 'CAR_DROPOFF'): Course => ({
  mode,
  ride: Profile.car,
  take: undefined,
  leave: { places: [], anywhere: () => true, seconds: DROP_OFF },
  graph,
})

/** A course for each kind of vehicle that a system rents, as far as the filter lets it. */
export function rentalCourses(
  graph: StreetGraph,
  { rentals }: Conditions,
  filter: RentalFilter,
  maxSeconds: number,
): Course[] {
  const wanted = <T>(list: readonly T[], value: T): boolean => list.length === 0 || list.includes(value)
  return rentals
    .filter(s => wanted(filter.providers, s.id) && wanted(filter.groups, s.group))
    .flatMap(system =>
      kindsOf(system)
        .filter(
          ([type]) => wanted(filter.formFactors, type!.formFactor) && wanted(filter.propulsions, type!.propulsion),
        )
        .map(types => rentalCourse(graph, system, types, filter.ignoreReturns, maxSeconds)),
    )
}

/** Types that ride, and are returned, alike; where zones tell types apart each is by itself. */
function kindsOf(system: RentalSystem): VehicleType[][] {
  const zoned = system.zones.length > 0 || system.otherwise.length > 0
  const kinds = Map.groupBy(system.types, type =>
    [type.formFactor, type.propulsion, type.returns, zoned ? type.id : ''].join(' '),
  )
  return [...kinds.values()]
}

function rentalCourse(
  graph: StreetGraph,
  system: RentalSystem,
  types: readonly VehicleType[],
  ignoreReturns: boolean,
  maxSeconds: number,
): Course {
  const [type] = types as [VehicleType]
  const ride = profileOf(type.formFactor, type.propulsion)
  const returns: ReturnConstraint = ignoreReturns ? 'NONE' : type.returns
  const rule = (lat: number, lon: number) => ruleAt(system, type.id, lat, lon)
  const zoned = system.zones.length > 0 || system.otherwise.length > 0
  return {
    mode: 'RENTAL',
    ride,
    take: takeOf(system, types, maxSeconds * ride.speed, (lat, lon) => !zoned || rule(lat, lon).start),
    leave: leaveOf(system, types, returns, zoned, (lat, lon) => {
      if (!zoned) return true
      const { end, stationParking } = rule(lat, lon)
      return end && !stationParking
    }),
    rental: { system: system.id, type: type.id },
    graph: withoutForbidden(graph, system, type.id),
  }
}

/** The streets without those on which riding through is forbidden somewhere. */
function withoutForbidden(graph: StreetGraph, system: RentalSystem, type: string): StreetGraph {
  const zones = system.zones.filter(zone => zone.rules.some(rule => !rule.through)).map(zone => zone.polygon)
  if (zones.length === 0) return graph
  return withoutEdges(
    graph,
    edgesTouching(graph, zones, (lat, lon) => !ruleAt(system, type, lat, lon).through),
  )
}

/** @param metres that may be ridden: vehicles with less left are not offered, so that nobody is let down on the way */
function takeOf(
  { stations, vehicles }: RentalSystem,
  types: readonly VehicleType[],
  metres: number,
  allowed: (lat: number, lon: number) => boolean,
): Switch {
  const ids = new Set(types.map(type => type.id))
  const places: SwitchPlace[] = []
  for (const { id, name, lat, lon, renting, available } of stations)
    if (renting && types.some(type => (available[type.id] ?? 0) > 0))
      places.push({ lat, lon, name, station: id, places: new Map() })
  for (const { id, type, lat, lon, usable, station, rangeMetres } of vehicles)
    if (usable && station === undefined && ids.has(type) && allowed(lat, lon) && (rangeMetres ?? metres) >= metres)
      places.push({ lat, lon, vehicle: id, places: new Map() })
  return { places, seconds: RENT }
}

function leaveOf(
  { stations }: RentalSystem,
  types: readonly VehicleType[],
  returns: ReturnConstraint,
  zoned: boolean,
  allowed: (lat: number, lon: number) => boolean,
): Switch {
  if (returns === 'ROUNDTRIP_STATION') return { places: [], seconds: RETURN }
  const open = stations.filter(
    ({ returning, docks }) => returning && (!docks || types.some(type => (docks[type.id] ?? 0) > 0)),
  )
  const areas = open.flatMap(({ area }) => (area ? [area] : []))
  const inArea = (lat: number, lon: number): boolean => areas.some(area => contains(area, lat, lon))
  return {
    places: open.map(({ id, name, lat, lon }) => ({ lat, lon, name, station: id, places: new Map() })),
    ...(returns === 'NONE' ? { anywhere: allowed } : areas.length > 0 && { anywhere: inArea }),
    ...(zoned || areas.length > 0 ? { asked: new Map() } : {}),
    seconds: RETURN,
  }
}

export function profileOf(formFactor: FormFactor, propulsion: PropulsionType): Profile {
  switch (formFactor) {
    case 'CARGO_BICYCLE':
      return Profile.cargoBike
    case 'CAR':
    case 'MOPED':
      return Profile.car
    default:
      return propulsion === 'HUMAN' ? Profile.bike : Profile.eBike
  }
}

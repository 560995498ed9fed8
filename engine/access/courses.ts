// Which courses there are for a way of moving: with a car that goes on, or with what is for rent (one's own and where it is parked: parking.ts).
// Made when the conditions change, not for every query.

import {
  contains,
  type FormFactor,
  offerAt,
  offerOf,
  type PropulsionType,
  type RentalOffer,
  type RentalSystem,
  type ReturnConstraint,
  ruleAt,
  type VehicleType,
} from '../conditions/rental.ts'
import { withoutEdges } from '../street/elevators.ts'
import type { StreetGraph } from '../street/graph.ts'
import { Profile, type Weights, withChanges } from '../street/profile.ts'
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

/**
 * Courses for each kind of vehicle that the systems rent, as far as the filter lets them: one for all that go as far as anybody can get, and one
 * for those that do not, which looks at how far each of them still goes (engine/street/endurance.ts).
 * @param rider whose wishes count on bicycles
 * @param streetsFor where vehicles of a type may ride; whoever makes courses more than once keeps them
 */
export function rentalCourses(
  graph: StreetGraph,
  rentals: readonly RentalSystem[],
  filter: RentalFilter,
  maxSeconds: number,
  rider: Profile,
  streetsFor: StreetsFor = withoutForbidden,
): Course[] {
  const wanted = <T>(list: readonly T[], value: T): boolean => list.length === 0 || list.includes(value)
  return rentals
    .filter(s => wanted(filter.providers, s.id) && wanted(filter.groups, s.group))
    .flatMap(system =>
      kindsOf(system)
        .filter(
          ([type]) => wanted(filter.formFactors, type!.formFactor) && wanted(filter.propulsions, type!.propulsion),
        )
        .flatMap(types => {
          const streets = streetsFor(graph, system, types[0]!.id)
          return byRange(rentalCourse(streets, system, types, filter.ignoreReturns, rider), maxSeconds)
        }),
    )
}

function byRange(course: Course, maxSeconds: number): Course[] {
  const { ride } = course
  const { places, ...take } = course.take!
  const isShort = ({ range }: SwitchPlace): boolean => range !== undefined && range < maxSeconds * ride.speed
  const short = places.filter(isShort)
  const enough = places.filter(place => !isShort(place)).map(({ range: _, ...place }) => place)
  if (short.length === 0) return [{ ...course, take: { ...take, places: enough } }]
  const metres = short.map(place => place.range!).sort((a, b) => a - b)
  const [weakest, strongest] = [metres[0]!, metres.at(-1)!]
  return [
    { ...course, take: { ...take, places: enough } },
    {
      ...course,
      take: { ...take, places: short },
      ride: { ...ride, range: { weakest, strongest } },
    },
  ].filter(({ take }) => take.places.length > 0)
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
  rider: Profile,
): Course {
  const [type] = types as [VehicleType]
  const returns: ReturnConstraint = ignoreReturns ? 'NONE' : type.returns
  const rule = (lat: number, lon: number) => ruleAt(system, type.id, lat, lon)
  const zoned = system.zones.length > 0 || system.otherwise.length > 0
  return {
    mode: 'RENTAL',
    kind: `${type.formFactor} ${type.propulsion}`,
    ride: rentedBy(rider, type),
    take: takeOf(system, types, (lat, lon) => !zoned || rule(lat, lon).start),
    leave: leaveOf(system, types, returns, zoned, (lat, lon) => {
      if (!zoned) return true
      const { end, stationParking } = rule(lat, lon)
      return end && !stationParking
    }),
    rental: { system: system.id, type: type.id },
    graph,
  }
}

export type StreetsFor = (graph: StreetGraph, system: RentalSystem, type: string) => StreetGraph

/** The streets without those on which riding through is forbidden somewhere. */
export function withoutForbidden(graph: StreetGraph, system: RentalSystem, type: string): StreetGraph {
  const zones = system.zones.filter(zone => zone.rules.some(rule => !rule.through)).map(zone => zone.polygon)
  if (zones.length === 0) return graph
  return withoutEdges(
    graph,
    edgesTouching(graph, zones, (lat, lon) => !ruleAt(system, type, lat, lon).through),
  )
}

function takeOf(
  { stations, vehicles }: RentalSystem,
  types: readonly VehicleType[],
  allowed: (lat: number, lon: number) => boolean,
): Switch {
  const places: SwitchPlace[] = []
  const push = (place: Omit<SwitchPlace, 'range'>, { metres }: RentalOffer): void => {
    if (metres > 0) places.push({ ...place, ...(metres < Infinity && { range: metres }) })
  }
  for (const station of stations) {
    const { id, name, lat, lon } = station
    const offer = offerAt(station, types)
    if (offer) push({ lat, lon, name, station: id }, offer)
  }
  const byId = new Map(types.map(type => [type.id, type]))
  for (const { id, type, lat, lon, usable, station, rangeMetres } of vehicles) {
    const own = usable && station === undefined && byId.get(type)
    if (own && allowed(lat, lon)) push({ lat, lon, vehicle: id }, offerOf(rangeMetres, own))
  }
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
    places: open.map(({ id, name, lat, lon }) => ({ lat, lon, name, station: id })),
    ...(returns === 'NONE' ? { anywhere: allowed } : areas.length > 0 && { anywhere: inArea }),
    ...(zoned || areas.length > 0 ? { asked: new Map() } : {}),
    seconds: RETURN,
  }
}

/** Who rides a rented vehicle of this kind; bicycles as the rider wishes. */
export function rentedBy(
  rider: Profile,
  { formFactor, propulsion }: Pick<VehicleType, 'formFactor' | 'propulsion'>,
): Profile {
  const profile = profileOf(formFactor, propulsion)
  if (profile.mode !== rider.mode || rider === Profile.bike) return profile
  const { battery: _, ...own } = rider
  if (own.name === profile.name) return own
  const usual: Profile = Object.values(Profile).find(({ name }) => name === rider.name) ?? profile
  const wished = Object.entries(own.weights).filter(([name, weight]) => weight !== usual.weights[name as keyof Weights])
  return withChanges(profile, { weights: Object.fromEntries(wished) })
}

/** What is rented, and how it goes. */
const ridden: Readonly<Record<FormFactor, Profile>> = {
  BICYCLE: Profile.bike,
  CARGO_BICYCLE: Profile.cargoBike,
  CAR: Profile.car,
  MOPED: Profile.moped,
  SCOOTER_STANDING: Profile.eScooter,
  SCOOTER_SEATED: Profile.eScooter,
  OTHER: Profile.bike,
}

/** Whoever rides what is rented, as far as where he may go. */
export const rentedProfiles: readonly Profile[] = [...new Set([...Object.values(ridden), Profile.eBike])]

export function profileOf(formFactor: FormFactor, propulsion: PropulsionType): Profile {
  const profile = ridden[formFactor]
  if (profile === Profile.bike && propulsion !== 'HUMAN') return Profile.eBike
  // a scooter without a motor counts as a bicycle
  return profile === Profile.eScooter && propulsion === 'HUMAN' ? Profile.bike : profile
}

// Vehicles for rent, as GBFS tells of them (feeds/gbfs reads it): where they stand, where they may go and where they may be left.

import { passing } from '../core/geo.ts'
import { COUNT_HOLDS } from './conditions.ts'

export const formFactors = [
  'BICYCLE',
  'CARGO_BICYCLE',
  'CAR',
  'MOPED',
  'SCOOTER_STANDING',
  'SCOOTER_SEATED',
  'OTHER',
] as const
export type FormFactor = (typeof formFactors)[number]
export const propulsionTypes = [
  'HUMAN',
  'ELECTRIC_ASSIST',
  'ELECTRIC',
  'COMBUSTION',
  'COMBUSTION_DIESEL',
  'HYBRID',
  'PLUG_IN_HYBRID',
  'HYDROGEN_FUEL_CELL',
] as const
export type PropulsionType = (typeof propulsionTypes)[number]
export const returnConstraints = ['NONE', 'ANY_STATION', 'ROUNDTRIP_STATION'] as const
export type ReturnConstraint = (typeof returnConstraints)[number]

export interface VehicleType {
  readonly id: string
  readonly name: string
  readonly formFactor: FormFactor
  readonly propulsion: PropulsionType
  /** Metres with a full battery or tank; undefined: not limited, or not known. */
  readonly rangeMetres: number | undefined
  readonly returns: ReturnConstraint
}

export interface RentalStation {
  readonly id: string
  readonly name: string
  readonly address?: string
  /** 1e-7 degrees. */
  readonly lat: number
  readonly lon: number
  readonly capacity?: number
  readonly renting: boolean
  readonly returning: boolean
  /** Vehicle type → how many can be taken. */
  readonly available: Readonly<Record<string, number>>
  /** Vehicle type → metres that the one with the most left still goes, where the system tells of each one. */
  readonly ranges?: Readonly<Record<string, number>>
  /** Vehicle type → how many can be left; undefined: as many as one likes, or nobody says. */
  readonly docks: Readonly<Record<string, number>> | undefined
  /** Where vehicles of this station stand, if it is an area. */
  readonly area?: MultiPolygon
  readonly uris?: RentalUris
}

/** A vehicle that stands by itself (or at a station, if the system tells of each one). */
export interface RentalVehicle {
  readonly id: string
  readonly type: string
  readonly lat: number
  readonly lon: number
  readonly usable: boolean
  /** Metres left; undefined when nobody says. */
  readonly rangeMetres: number | undefined
  readonly station?: string
  /** To be returned there (ROUNDTRIP_STATION). */
  readonly home?: string
  readonly uris?: RentalUris
}

export interface RentalUris {
  readonly android?: string
  readonly ios?: string
  readonly web?: string
}

/** Polygons, each an outer ring and its holes: lat, lon, lat, lon … in 1e-7 degrees; the first point is not repeated. */
export type MultiPolygon = readonly (readonly (readonly number[])[])[]

export interface ZoneRule {
  /** Vehicle types it is about; undefined: all. */
  readonly types: readonly string[] | undefined
  readonly start: boolean
  readonly end: boolean
  readonly through: boolean
  /** Vehicles may be left at stations only. */
  readonly stationParking: boolean
}

export interface RentalZone {
  readonly name: string
  readonly polygon: MultiPolygon
  /** The first that is about a type counts. */
  readonly rules: readonly ZoneRule[]
}

export interface RentalSystem {
  readonly id: string
  readonly group: string
  readonly name: string
  readonly systemId: string
  readonly url?: string
  /** RRGGBB */
  readonly color?: string
  readonly types: readonly VehicleType[]
  readonly stations: readonly RentalStation[]
  readonly vehicles: readonly RentalVehicle[]
  /** Earlier zones come before later ones. */
  readonly zones: readonly RentalZone[]
  /** Outside all zones. */
  readonly otherwise: readonly ZoneRule[]
  /** Unix seconds. */
  readonly measured: number
}

const free: ZoneRule = { types: undefined, start: true, end: true, through: true, stationParking: false }

/**
 * A system as far as it is known at a time (Unix seconds; undefined: nothing is to be known of now). Long after it was measured, stations are
 * where they are, open or closed, but what stands there and what is free nobody knows; nor where vehicles are that stand by themselves.
 */
export function systemAt(system: RentalSystem, time: number | undefined): RentalSystem {
  if (isKnownAt(system, time)) return system
  const all = system.types.map(type => type.id)
  const seen = new Set(system.stations.flatMap(({ available }) => Object.keys(available)))
  // of a station where nothing stood and nothing is said: what others have
  const usual = seen.size > 0 ? all.filter(id => seen.has(id)) : all
  return {
    ...system,
    vehicles: [],
    stations: system.stations.map(({ ranges: _, ...station }) => {
      const own = typesOf(station, all)
      const kinds = own.length > 0 ? own : usual
      return { ...station, available: Object.fromEntries(kinds.map(id => [id, 1])), docks: undefined }
    }),
  }
}

/** What a station is known to have had, or to have docks for; docks for whatever there is say nothing. */
function typesOf({ available, docks = {} }: RentalStation, all: readonly string[]): string[] {
  const fits = all.every(id => Object.hasOwn(docks, id)) ? {} : docks
  return all.filter(id => Object.hasOwn(available, id) || Object.hasOwn(fits, id))
}

/** Does what was measured say anything of that time? */
export const isKnownAt = ({ measured }: RentalSystem, time: number | undefined): boolean =>
  time !== undefined && time - measured <= COUNT_HOLDS

/** What is offered at a place. */
export interface RentalOffer {
  /** Metres that it goes, as far as anybody says; at stations the one that goes farthest. */
  readonly metres: number
  /** The same, where that is told of the very vehicle. */
  readonly told: number | undefined
}

/** A vehicle of one of these types that can be taken at the station; undefined: none. */
export function offerAt({ renting, available, ranges }: RentalStation, types: readonly VehicleType[]) {
  const there = renting ? types.filter(type => (available[type.id] ?? 0) > 0) : []
  return farthest(there.map(type => offerOf(ranges?.[type.id], type)))
}

/** @param told metres, of the very vehicle */
export const offerOf = (told: number | undefined, { rangeMetres }: VehicleType): RentalOffer => ({
  metres: told ?? rangeMetres ?? Number.POSITIVE_INFINITY,
  told,
})

const farthest = (offers: readonly RentalOffer[]): RentalOffer | undefined =>
  offers.reduce<RentalOffer | undefined>(
    (best, offer) => (best && best.metres >= offer.metres ? best : offer),
    undefined,
  )

/** A vehicle that rides and is returned like this type, at the station or (without one) where one stood; undefined: none can be taken. */
export function findOffer(
  { types, stations, vehicles }: RentalSystem,
  type: string,
  at: { readonly lat: number; readonly lon: number; readonly station?: string },
): RentalOffer | undefined {
  const wanted = types.find(({ id }) => id === type)
  if (!wanted) return undefined
  const alike = types.filter(
    t => t.formFactor === wanted.formFactor && t.propulsion === wanted.propulsion && t.returns === wanted.returns,
  )
  if (at.station !== undefined) {
    const station = stations.find(({ id }) => id === at.station)
    return station && offerAt(station, alike)
  }
  return farthest(
    vehicles.flatMap(v => {
      const own = v.usable && v.lat === at.lat && v.lon === at.lon && alike.find(t => t.id === v.type)
      return own ? [offerOf(v.rangeMetres, own)] : []
    }),
  )
}

/** The rule for a vehicle of this type at a place (1e-7 degrees): of the first zone there that says anything about the type. */
export function ruleAt({ zones, otherwise }: RentalSystem, type: string, lat: number, lon: number): ZoneRule {
  for (const zone of zones) {
    const rule = ruleFor(zone.rules, type)
    if (rule && contains(zone.polygon, lat, lon)) return rule
  }
  return ruleFor(otherwise, type) ?? free
}

const ruleFor = (rules: readonly ZoneRule[], type: string): ZoneRule | undefined =>
  rules.find(rule => rule.types === undefined || rule.types.includes(type))

/** Is the point (1e-7 degrees) in any of the polygons, of which some may overlap? In a hole it is outside that polygon. */
export const contains = (polygons: MultiPolygon, lat: number, lon: number): boolean =>
  polygons.some(([outer, ...holes]) => outer && goesRound(outer, lat, lon) && !holes.some(h => goesRound(h, lat, lon)))

/** Whichever way the ring goes: GBFS does not say. */
function goesRound(ring: readonly number[], lat: number, lon: number): boolean {
  let times = 0
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    times += passing(ring[j + 1]!, ring[j]!, ring[i + 1]!, ring[i]!, lat, lon)
  return times !== 0
}

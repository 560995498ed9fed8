// Vehicles for rent, as GBFS tells of them (feeds/gbfs reads it): where they stand, where they may go and where they may be left.

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

/** Can a vehicle that rides and is returned like this type be taken at the station, or (without one) where one stood? */
export function isOffered(
  { types, stations, vehicles }: RentalSystem,
  type: string,
  at: { readonly lat: number; readonly lon: number; readonly station?: string },
): boolean {
  const wanted = types.find(({ id }) => id === type)
  if (!wanted) return false
  const alike = types.filter(
    t => t.formFactor === wanted.formFactor && t.propulsion === wanted.propulsion && t.returns === wanted.returns,
  )
  if (at.station === undefined)
    return vehicles.some(v => v.usable && v.lat === at.lat && v.lon === at.lon && alike.some(t => t.id === v.type))
  const station = stations.find(({ id }) => id === at.station)
  return station?.renting === true && alike.some(t => (station.available[t.id] ?? 0) > 0)
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

/** Even-odd over all rings: holes are outside. */
export function contains(polygons: MultiPolygon, lat: number, lon: number): boolean {
  let inside = false
  for (const rings of polygons)
    for (const ring of rings)
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        const [y1, x1, y2, x2] = [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!]
        if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside
      }
  return inside
}

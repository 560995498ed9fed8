// GET rentals and map/rentals: what is for rent, in MOTIS' words: providers, stations, vehicles and zones in a box or around a point.

import { type Static, Type } from 'typebox'
import type { EncodedPolyline } from '#api/contract/common.ts'
import type { RentalsResponse } from '#api/contract/rentals.ts'
import type { App } from '#api/fastify.ts'
import { boxGiven, list, number, optional, or, place, point, text } from '#api/plugins/parameters.ts'
import { polyline } from '#api/render/geometry.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import type { MultiPolygon, RentalSystem, RentalUris, ZoneRule } from '#engine/conditions/rental.ts'
import { type Box, boxAround, E7, isInside, overlap, toE7 } from '#engine/core/geo.ts'
import type { TransitService } from '#workers/service.ts'
import { stopOf } from './stops.ts'

const flag = (value: boolean) => or(Type.Boolean(), value)
const RentalsQuery = Type.Object({
  min: optional(point()),
  max: optional(point()),
  point: optional(place()),
  radius: or(number(0, 100_000), 1000),
  providers: or(list(text(200)), []),
  providerGroups: or(list(text(200)), []),
  withProviders: flag(true),
  withStations: flag(true),
  withVehicles: flag(true),
  withZones: flag(true),
})

/** West, south, east, north in degrees. */
type Bounds = [number, number, number, number]

export function rentalRoutes(app: App): void {
  for (const url of ['/api/v1/rentals', '/api/v1/map/rentals'])
    app.get(url, { schema: { querystring: RentalsQuery } }, ({ query: asked, service }): RentalsResponse => {
      const { rentals } = service.horizon.conditions ?? noConditions
      const wanted = (all: readonly string[], id: string): boolean => all.length === 0 || all.includes(id)
      const systems = rentals.filter(s => wanted(asked.providers, s.id) && wanted(asked.providerGroups, s.group))
      const box = boxGiven(asked) ?? boxNear(service, asked)
      const inside = ({ lat, lon }: { readonly lat: number; readonly lon: number }): boolean =>
        !box || isInside(box, lat, lon)
      return {
        providerGroups: groupsOf(systems).map(group => (asked.withProviders ? group : { ...group, providers: [] })),
        providers: asked.withProviders ? systems.map(providerOf) : [],
        stations: asked.withStations ? systems.flatMap(s => stationsOf(s, inside)) : [],
        vehicles: asked.withVehicles ? systems.flatMap(s => vehiclesOf(s, inside)) : [],
        zones: asked.withZones ? systems.flatMap(s => zonesOf(s, box)) : [],
      }
    })
}

/** Around a point or a stop. Throws UNKNOWN_STOP, UNKNOWN_TAG. */
function boxNear(service: TransitService, { point, radius }: Static<typeof RentalsQuery>): Box | undefined {
  if (!point) return undefined
  if (point.kind === 'coordinate') return boxAround(toE7(point.lat), toE7(point.lon), radius)
  const { timetable: tt } = service
  const stop = stopOf(service, point.id, 'point')
  return boxAround(tt.stopLat[stop]!, tt.stopLon[stop]!, radius)
}

const formFactorsOf = (systems: readonly RentalSystem[]) => [
  ...new Set(systems.flatMap(s => s.types.map(type => type.formFactor))),
]
const colorOf = ({ color }: RentalSystem): string | undefined => color && `#${color}`

function groupsOf(systems: readonly RentalSystem[]) {
  return [...Map.groupBy(systems, s => s.group)].map(([id, members]) => ({
    id,
    name: members.length === 1 ? members[0]!.name : id,
    color: colorOf(members[0]!),
    providers: members.map(s => s.id),
    formFactors: formFactorsOf(members),
  }))
}

const providerOf = (system: RentalSystem) => ({
  id: system.id,
  name: system.name,
  groupId: system.group,
  url: system.url,
  color: colorOf(system),
  bbox: boundsOf(
    [...system.stations, ...system.vehicles].flatMap(p => (p.lat === 0 && p.lon === 0 ? [] : [p.lat, p.lon])),
  ),
  vehicleTypes: system.types.map(({ id, name, formFactor, propulsion, returns }) => ({
    id,
    name,
    formFactor,
    propulsionType: propulsion,
    returnConstraint: returns,
    returnConstraintGuessed: false,
  })),
  formFactors: formFactorsOf([system]),
  defaultRestrictions: ruleOf(system, {
    types: undefined,
    start: true,
    end: true,
    through: true,
    stationParking: false,
  }),
  globalGeofencingRules: system.otherwise.map(rule => ruleOf(system, rule)),
})

const ruleOf = ({ types }: RentalSystem, rule: ZoneRule) => ({
  vehicleTypeIdxs: types.flatMap(({ id }, i) => (rule.types?.includes(id) ? [i] : [])),
  rideStartAllowed: rule.start,
  rideEndAllowed: rule.end,
  rideThroughAllowed: rule.through,
  stationParking: rule.stationParking,
})

function stationsOf(system: RentalSystem, inside: (place: { lat: number; lon: number }) => boolean) {
  return system.stations.filter(inside).map(s => ({
    id: s.id,
    providerId: system.id,
    providerGroupId: system.group,
    name: s.name,
    lat: s.lat / E7,
    lon: s.lon / E7,
    address: s.address,
    ...urisOf(s.uris),
    isRenting: s.renting,
    isReturning: s.returning,
    numVehiclesAvailable: Object.values(s.available).reduce((sum, n) => sum + n, 0),
    formFactors: [
      ...new Set(
        system.types
          .filter(t => Object.hasOwn(s.available, t.id) || (s.docks && Object.hasOwn(s.docks, t.id)))
          .map(t => t.formFactor),
      ),
    ],
    vehicleTypesAvailable: s.available,
    vehicleDocksAvailable: s.docks ?? {},
    stationArea: s.area && areaOf(s.area),
    bbox: boundsOf(s.area ? s.area.flat(2) : [s.lat, s.lon]),
  }))
}

function vehiclesOf(system: RentalSystem, inside: (place: { lat: number; lon: number }) => boolean) {
  const types = new Map(system.types.map(type => [type.id, type]))
  return system.vehicles
    .filter(v => v.station === undefined && inside(v))
    .map(v => ({
      id: v.id,
      providerId: system.id,
      providerGroupId: system.group,
      typeId: v.type,
      lat: v.lat / E7,
      lon: v.lon / E7,
      formFactor: types.get(v.type)!.formFactor,
      propulsionType: types.get(v.type)!.propulsion,
      returnConstraint: types.get(v.type)!.returns,
      homeStationId: v.home,
      isReserved: !v.usable,
      isDisabled: false,
      ...urisOf(v.uris),
    }))
}

function zonesOf(system: RentalSystem, box: Box | undefined) {
  return system.zones.flatMap((zone, i) => {
    const bbox = boundsOf(zone.polygon.flat(2))
    const [west, south, east, north] = bbox.map(toE7) as Bounds
    if (box && !overlap({ south, west, north, east }, box)) return []
    return [
      {
        providerId: system.id,
        providerGroupId: system.group,
        name: zone.name,
        // earlier zones lie above later ones
        z: system.zones.length - 1 - i,
        bbox,
        area: areaOf(zone.polygon),
        rules: zone.rules.map(rule => ruleOf(system, rule)),
      },
    ]
  })
}

const areaOf = (area: MultiPolygon): EncodedPolyline[][] => area.map(rings => rings.map(ring => polyline(ring, 6)))

const urisOf = (uris: RentalUris | undefined) => ({
  rentalUriAndroid: uris?.android,
  rentalUriIOS: uris?.ios,
  rentalUriWeb: uris?.web,
})

/** @param points lat, lon, … in 1e-7 degrees */
function boundsOf(points: readonly number[]): Bounds {
  if (points.length === 0) return [0, 0, 0, 0]
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < points.length; i += 2) {
    const [lat, lon] = [points[i]! / E7, points[i + 1]! / E7]
    box[0] = Math.min(box[0], lon)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lon)
    box[3] = Math.max(box[3], lat)
  }
  return box
}

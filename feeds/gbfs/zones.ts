// geofencing_zones: where vehicles may be started, left and ridden. GBFS 2 names one vehicle type list and `ride_allowed`, GBFS 3 start and
// end apart and rules for what lies outside all zones.

import type { MultiPolygon, RentalZone, ZoneRule } from '#engine/conditions/rental.ts'
import { flag, type Json, list, object, position, text } from './json.ts'

/** Counts a row that is not taken, and gives nothing in its place. */
export type Drop = (reason: string) => never[]

/** More points than this in all, and the zones beyond are left out. */
const MOST_POINTS = 500_000
const MOST_ZONES = 2000

/** geofencing_zones.json: zones with their rules, the first that holds at a place decides; `otherwise` holds outside all of them. */
export function readZones(data: Json, drop: Drop): { readonly zones: RentalZone[]; readonly otherwise: ZoneRule[] } {
  const zones: RentalZone[] = []
  let points = 0
  for (const row of list(object(data.geofencing_zones).features)) {
    const { properties, geometry } = object(row)
    const polygon = polygonOf(geometry)
    for (const rings of polygon) for (const ring of rings) points += ring.length / 2
    if (polygon.length === 0) drop('zone_without_polygon')
    else if (zones.length >= MOST_ZONES || points > MOST_POINTS) drop('zone_beyond_limits')
    else {
      const { name, rules } = object(properties)
      zones.push({ name: text(name) ?? '', polygon, rules: list(rules).map(ruleOf) })
    }
  }
  return { zones, otherwise: list(data.global_rules).map(ruleOf) }
}

function ruleOf(row: unknown): ZoneRule {
  const rule = object(row)
  const types = list(rule.vehicle_type_ids ?? rule.vehicle_type_id).flatMap(id => text(id) ?? [])
  const ride = flag(rule.ride_allowed, true)
  return {
    types: types.length > 0 ? types : undefined,
    start: flag(rule.ride_start_allowed, ride),
    end: flag(rule.ride_end_allowed, ride),
    through: flag(rule.ride_through_allowed, true),
    stationParking: flag(rule.station_parking, false),
  }
}

/** GeoJSON Polygon or MultiPolygon; rings with fewer than three places are left out, an outer one with its holes. */
export function polygonOf(geometry: unknown): MultiPolygon {
  const { type, coordinates } = object(geometry)
  const polygons = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? list(coordinates) : []
  return polygons.flatMap(rings => {
    const [outer, ...holes] = list(rings).map(ringOf)
    return outer && isRing(outer) ? [[outer, ...holes.filter(isRing)]] : []
  })
}

/** lat, lon, … without the first place again at the end. */
function ringOf(ring: unknown): number[] {
  const points: number[] = []
  for (const pair of list(ring)) {
    const [lon, lat] = list(pair)
    const at = position(lat, lon)
    if (at) points.push(at.lat, at.lon)
  }
  const closed = points.length > 2 && points[0] === points.at(-2) && points[1] === points.at(-1)
  return closed ? points.slice(0, -2) : points
}

const isRing = (points: readonly number[]): boolean => points.length >= 6

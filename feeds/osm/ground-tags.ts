// Which OSM tags are ground that a map shows (engine/ground/kinds.ts). What has none of them is not drawn.

import { groundKind } from '#engine/ground/kinds.ts'
import type { Tags } from './tags.ts'

/** Keys that decide. */
export const groundKeys = [
  'building',
  'natural',
  'water',
  'waterway',
  'landuse',
  'leisure',
  'amenity',
  'railway',
  'place',
  'highway',
  'area:highway',
  'public_transport',
  'aeroway',
] as const

const kind = (layer: string, value: string): number => groundKind(layer, value)!
const each = (kindNumber: number, ...values: readonly string[]): [string, number][] =>
  values.map(value => [value, kindNumber])

const light = kind('landuse', 'nature_light')
const heavy = kind('landuse', 'nature_heavy')
const park = kind('landuse', 'park')
const pitch = kind('sport', 'pitch')
const water = kind('water', 'water')
const cemetery = kind('landuse', 'cemetery')
const complex = kind('landuse', 'complex')
const industrial = kind('landuse', 'industrial')

const natural = new Map([
  ...each(water, 'water', 'bay'),
  ...each(heavy, 'wood'),
  ...each(light, 'scrub', 'grassland', 'heath', 'wetland'),
  ...each(kind('landuse', 'beach'), 'beach', 'sand', 'shingle'),
])
const landuse = new Map([
  ...each(kind('landuse', 'residential'), 'residential'),
  ...each(kind('landuse', 'commercial'), 'commercial'),
  ...each(industrial, 'industrial', 'railway', 'quarry', 'landfill', 'port'),
  ...each(kind('landuse', 'retail'), 'retail'),
  ...each(light, 'meadow', 'grass', 'farmland', 'orchard', 'vineyard', 'allotments', 'village_green', 'farmyard'),
  ...each(heavy, 'forest'),
  ...each(park, 'recreation_ground'),
  ...each(cemetery, 'cemetery'),
  ...each(water, 'basin', 'reservoir'),
])
const leisure = new Map([
  ...each(park, 'park', 'garden', 'dog_park', 'common'),
  ...each(light, 'nature_reserve', 'golf_course'),
  ...each(pitch, 'pitch', 'track', 'stadium', 'sports_centre', 'playground', 'miniature_golf'),
  ...each(water, 'swimming_pool'),
])
const amenity = new Map([
  ...each(complex, 'school', 'university', 'college', 'kindergarten', 'hospital', 'clinic'),
  ...each(cemetery, 'grave_yard'),
])
const places = new Map(
  ['city', 'town', 'suburb', 'village', 'quarter', 'neighbourhood', 'hamlet'].map(value => [
    value,
    kind('cities', value),
  ]),
)
const waterways = new Map([
  ...each(kind('waterway', 'river'), 'river'),
  ...each(kind('waterway', 'canal'), 'canal'),
  ...each(kind('waterway', 'stream'), 'stream', 'ditch', 'drain'),
])
const numbered = new Map(
  ['motorway', 'trunk', 'primary', 'secondary', 'tertiary'].map(value => [value, kind('road', value)]),
)
const SECONDARY_RAIL = new Set(['tram', 'light_rail', 'subway', 'narrow_gauge', 'funicular', 'monorail', 'preserved'])

/** The kind of an area: a closed way or a multipolygon. */
export function areaKind(tags: Tags): number | undefined {
  const building = tags.get('building')
  if (building !== undefined && building !== 'no') return kind('building', 'building')
  if (tags.get('waterway') === 'riverbank') return water
  if ((tags.get('highway') === 'pedestrian' && tags.get('area') === 'yes') || tags.get('area:highway') === 'pedestrian')
    return kind('pedestrian', 'square')
  if (tags.get('public_transport') === 'platform') return kind('landuse', 'public_transport')
  return (
    natural.get(tags.get('natural') ?? '') ??
    leisure.get(tags.get('leisure') ?? '') ??
    landuse.get(tags.get('landuse') ?? '') ??
    amenity.get(tags.get('amenity') ?? '')
  )
}

/** The kind of ground that a way is as a line; undefined: it is not drawn as one. */
export function lineKind(tags: Tags): number | undefined {
  const railway = tags.get('railway')
  if (railway === 'rail') return kind('rail', tags.has('service') ? 'detail' : 'primary')
  if (railway !== undefined && SECONDARY_RAIL.has(railway))
    return kind('rail', tags.has('service') ? 'detail' : 'secondary')
  if (tags.has('ref') && numbered.has(tags.get('highway') ?? '')) return numbered.get(tags.get('highway')!)
  return waterways.get(tags.get('waterway') ?? '')
}

export const pointKind = (tags: Tags): number | undefined => places.get(tags.get('place') ?? '')

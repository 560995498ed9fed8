// Which OSM tags make something that people search for by name, and how much it is worth.

import type { NamedPlace, PlaceName } from '#engine/places/rows.ts'
import type { Tags } from './tags.ts'

/** Keys that decide, in the order in which they say what it is. */
export const placeKeys = [
  'place',
  'tourism',
  'historic',
  'amenity',
  'leisure',
  'shop',
  'office',
  'natural',
  'building',
] as const

const NAME_KEYS = new Set(['name', 'alt_name', 'short_name', 'official_name', 'loc_name', 'old_name', 'addr:street'])
export const isNameKey = (key: string): boolean =>
  NAME_KEYS.has(key) || key.startsWith('addr:') || /^name:[a-z]{2,3}(-[A-Za-z]+)?$/.test(key)

const worth = new Map([
  ['city', 1],
  ['town', 0.85],
  ['suburb', 0.7],
  ['village', 0.65],
  ['quarter', 0.5],
  ['hamlet', 0.4],
  ['neighbourhood', 0.45],
  ['locality', 0.2],
  ['castle', 0.6],
  ['attraction', 0.5],
  ['museum', 0.5],
  ['zoo', 0.55],
  ['university', 0.5],
  ['hospital', 0.5],
  ['townhall', 0.5],
  ['theatre', 0.45],
  ['stadium', 0.5],
  ['cinema', 0.4],
  ['library', 0.4],
  ['park', 0.4],
  ['school', 0.3],
  ['clinic', 0.35],
  ['marketplace', 0.4],
  ['monument', 0.4],
  ['peak', 0.3],
])
const byKey = new Map<string, number>([
  ['shop', 0.2],
  ['office', 0.15],
  ['building', 0.15],
  ['natural', 0.15],
])
const OTHER = 0.25
/** Furniture of the street and the like: nobody looks for one by name. */
const passedOver = new Set([
  'parking',
  'parking_space',
  'bench',
  'waste_basket',
  'tree',
  'bicycle_parking',
  'information',
])

/** What it is, without its place; undefined for what has no name or is nothing to look for. */
export function readPlace(tags: Tags): Omit<NamedPlace, 'lat' | 'lon'> | undefined {
  const names = namesOf(tags)
  if (names.length === 0) return undefined
  const key = placeKeys.find(k => tags.has(k) && tags.get(k) !== 'no')
  if (key === undefined) return undefined
  const value = tags.get(key)!
  if (passedOver.has(value)) return undefined
  const category = value === 'yes' ? key : value
  return { names, category, importance: worth.get(category) ?? byKey.get(key) ?? OTHER }
}

function namesOf(tags: Tags): PlaceName[] {
  const names: PlaceName[] = []
  const name = tags.get('name')
  if (name === undefined) return names
  names.push({ language: '', text: name })
  for (const [key, text] of tags) {
    if (key.startsWith('name:')) names.push({ language: key.slice(5), text })
    else if (key.endsWith('_name')) for (const one of text.split(';')) names.push({ language: '-', text: one.trim() })
  }
  return names
}

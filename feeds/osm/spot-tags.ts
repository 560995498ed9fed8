// Which tags make something beside the streets at which people stop: https://wiki.openstreetmap.org/wiki/Tag:amenity=bench, …=charging_station,
// …=bicycle_parking, …=parking and …/Key:entrance.

import { NODE_BENCH, NODE_BIKE_CHARGER, NODE_CHAIR_CHARGER } from '#engine/street/graph.ts'
import { packSpot, type Spot, SpotKind } from '#engine/street/spots.ts'
import { type Tags, yesNo } from './tags.ts'

/** A node or way without any of these is none; they decide what it is. */
export const spotKeys = ['amenity', 'entrance', 'railway', 'bench'] as const
const otherKeys = [
  ...['name', 'ref', 'operator', 'capacity', 'covered', 'fee', 'access', 'parking', 'bicycle_parking', 'supervised'],
  ...['bicycle', 'wheelchair', 'highway', 'public_transport', 'park_ride'],
]
export const isSpotKey = (key: string): boolean => otherKeys.includes(key)

const closed = new Set(['private', 'no', 'residents', 'employees', 'permit', 'delivery', 'emergency', 'military'])
/** A car left there all day is towed away, unless it is for who goes on by train. */
const whileThere = new Set(['customers', 'visitors'])
/** Along the street, or for few: nothing to drive to. */
const noCarPark = new Set(['street_side', 'lane', 'on_kerb', 'half_on_kerb', 'shoulder', 'carports', 'garage_boxes'])
/** Kinds of bicycle parking that lock more than a wheel. */
const secured = new Set(['lockers', 'building', 'shed', 'cage'])
const noEntrance = new Set(['no', 'exit', 'emergency', 'garage', 'service'])

/** What is there, without its place; undefined if nothing that matters is, or not for everybody. */
export function readSpot(tags: Tags): Omit<Spot, 'lat' | 'lon'> | undefined {
  const amenity = tags.get('amenity')
  const entrance = tags.get('entrance') ?? (tags.get('railway') === 'subway_entrance' ? 'yes' : undefined)
  const open = !closed.has(tags.get('access') ?? '')
  if (entrance !== undefined && !noEntrance.has(entrance) && open)
    return { ...spotOf(tags, SpotKind.entrance), name: tags.get('name') ?? tags.get('ref') ?? '' }
  if (!open) return undefined
  if (amenity === 'bicycle_parking') return spotOf(tags, SpotKind.bikeParking)
  if (amenity === 'parking')
    return noCarPark.has(tags.get('parking') ?? '') ||
      (whileThere.has(tags.get('access') ?? '') && (tags.get('park_ride') ?? 'no') === 'no')
      ? undefined
      : spotOf(tags, SpotKind.carParking)
  if (amenity === 'charging_station') {
    const nodeTraits =
      (says(tags, 'bicycle') ? NODE_BIKE_CHARGER : 0) | (says(tags, 'wheelchair') ? NODE_CHAIR_CHARGER : 0)
    return nodeTraits === 0 ? undefined : { ...spotOf(tags, SpotKind.charger), nodeTraits }
  }
  const atStop = tags.get('highway') === 'bus_stop' || tags.get('public_transport') === 'platform'
  if (amenity === 'bench' || ((atStop || amenity === 'shelter') && says(tags, 'bench')))
    return { ...spotOf(tags, SpotKind.bench), nodeTraits: NODE_BENCH, name: '' }
  return undefined
}

const says = (tags: Tags, key: string): boolean => tags.get(key) === 'yes' || tags.get(key) === 'designated'

const spotOf = (tags: Tags, kind: SpotKind) => ({
  kind,
  name: tags.get('name') ?? (kind === SpotKind.charger ? (tags.get('operator') ?? '') : ''),
  capacity: /^\d{1,5}$/.test(tags.get('capacity') ?? '') ? Number(tags.get('capacity')) : 0,
  nodeTraits: 0,
  traits: packSpot({
    covered: yesNo(tags.get('covered')),
    fee: yesNo(tags.get('fee')),
    main: tags.get('entrance') === 'main',
    secured: secured.has(tags.get('bicycle_parking') ?? '') || tags.get('supervised') === 'yes',
  }),
})

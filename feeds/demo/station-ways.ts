// The way from the street to the train, for each station of the demo city (invented): entrances in up to four directions, a hall, stairs
// and a lift, platforms with their track numbers. In the tunnels of the centre two floors down, elsewhere on the level.
//
//      street ── entrance ══stairs══ hall ══stairs══ ▐ platform 1 ▌ ── ▐ platform 2 ▌
//      street ──────── lift ─────────┘ └──── lift ─────┘
//
// In a hall under the ground one walks straight from any of its doors, stairs and lifts to any other.

import type { OsmTags } from '../osm/write.ts'
import type { Platform, Station } from './city.ts'
import { distance, type MapDrawing, type Point, type Spot, toPlane, towards } from './plane.ts'

const PLATFORM_HALF = 38
const STAIRS = 10
const ENTRANCE = 34
/** Farthest street that gets an entrance, metres. */
const JOIN = 330
/** The Stadtbahn runs underground so near to the centre, metres; the S-Bahn, the buses and the H-Bahn never do. */
const TUNNEL = 1400
const CENTRE = toPlane({ lat: 51.5135, lon: 7.4655 })

/** Adds one station's entrances, stairs, elevators and platforms to the map. @param streets spots to which its doors may lead */
export function drawStation(map: MapDrawing, station: Station, streets: readonly Spot[]): void {
  const here = toPlane(station)
  const isDeep = (p: Platform): boolean => p.track.startsWith('I') && distance(here, CENTRE) < TUNNEL
  const deep = station.platforms.some(isDeep)
  const hall = map.spot(here)
  const doors: Spot[] = []
  for (const street of streetsAround(here, streets)) doors.push(...drawEntrance(map, hall, street, deep))
  if (deep && station.wheelchair) {
    const lift = map.spot({ x: here.x + 8, y: here.y - 8 }, { highway: 'elevator', wheelchair: 'yes', level: '-1;0' })
    doors.push(lift)
    map.way([lift, streetsAround(here, streets)[0]!], { highway: 'footway' })
  }
  for (let i = 0; i + 1 < station.platforms.length; i += 2) {
    const pair = [station.platforms[i]!, station.platforms[i + 1]!] as const
    doors.push(...drawPlatforms(map, hall, pair, isDeep(pair[0]), deep, station.wheelchair))
  }
  for (const [i, door] of doors.entries())
    for (const other of doors.slice(i + 1)) map.way([door, other], floor(deep ? -1 : 0))
}

const floor = (level: number): OsmTags => ({
  highway: 'footway',
  ...(level < 0 && { level: `${level}`, tunnel: 'yes', indoor: 'yes' }),
})

/** The nearest street spot in each quarter of the compass, nearest first; at least one however far. */
function streetsAround(here: Point, streets: readonly Spot[]): Spot[] {
  const nearest: (Spot | undefined)[] = []
  const metres = [Infinity, Infinity, Infinity, Infinity]
  for (const street of streets) {
    const quarter = (street.x > here.x ? 1 : 0) + (street.y > here.y ? 2 : 0)
    const d = distance(street, here)
    if (d < metres[quarter]!) {
      metres[quarter] = d
      nearest[quarter] = street
    }
  }
  const sorted = nearest.filter(s => s !== undefined).toSorted((a, b) => distance(a, here) - distance(b, here))
  return sorted.filter((street, i) => i === 0 || distance(street, here) < JOIN)
}

/** Gives what opens into a hall under the ground. */
function drawEntrance(map: MapDrawing, hall: Spot, street: Spot, deep: boolean): Spot[] {
  if (!deep) {
    map.way([hall, street], { highway: 'footway', lit: 'yes' })
    return []
  }
  const reach = Math.min(ENTRANCE, distance(hall, street) / 2)
  const bottom = map.spot(towards(hall, street, reach))
  const entrance = map.spot(towards(hall, street, reach + STAIRS), { railway: 'subway_entrance' })
  map.way([bottom, entrance], stairs(-1, 0))
  map.way([entrance, street], { highway: 'footway', lit: 'yes' })
  return [bottom]
}

const stairs = (from: number, to: number): OsmTags => ({
  highway: 'steps',
  step_count: '28',
  incline: 'up',
  handrail: 'yes',
  level: `${from};${to}`,
})

/** Gives what opens into a hall on another floor. */
function drawPlatforms(
  map: MapDrawing,
  hall: Spot,
  pair: readonly [Platform, Platform],
  isDeep: boolean,
  hallIsDeep: boolean,
  hasLift: boolean,
): Spot[] {
  const level = isDeep ? -2 : 0
  const hallLevel = hallIsDeep ? -1 : 0
  const drawn = pair.map(platform => {
    const at = toPlane(platform)
    const along = (metres: number): Point => ({ x: at.x + platform.east * metres, y: at.y + platform.north * metres })
    const [tail, middle, head] = [map.spot(along(-PLATFORM_HALF)), map.spot(at), map.spot(along(PLATFORM_HALF))]
    map.way([tail, middle, head], {
      railway: 'platform',
      public_transport: 'platform',
      ref: platform.code,
      level: `${level}`,
    })
    return { tail, middle, head }
  }) as [Pier, Pier]

  const [first, second] = drawn
  map.way([first.middle, second.middle], floor(level))
  if (level === hallLevel) {
    map.way([first.head, hall], floor(level))
    // from either without going past it: the hall lies between them
    for (const { middle } of drawn) map.way([middle, hall], floor(level))
    return []
  }
  const doors: Spot[] = []
  for (const end of [first.head, first.tail]) {
    const top = map.spot(beside(end, first, hall, STAIRS))
    map.way([end, top], stairs(level, hallLevel))
    doors.push(top)
  }
  if (hasLift) {
    const lift = map.spot(towards(first.middle, hall, 3), { highway: 'elevator', level: `${level};${hallLevel}` })
    map.way([first.middle, lift], floor(level))
    doors.push(lift)
  }
  return doors
}

/** At right angles to a platform, on the side of the hall: who comes down there need not turn round to walk along it. */
function beside(end: Point, { tail, head }: Pier, hall: Point, metres: number): Point {
  const [x, y] = [tail.y - head.y, head.x - tail.x]
  const side = Math.sign((hall.x - end.x) * x + (hall.y - end.y) * y) || 1
  return { x: end.x + (side * metres * x) / Math.hypot(x, y), y: end.y + (side * metres * y) / Math.hypot(x, y) }
}

interface Pier {
  readonly tail: Spot
  readonly middle: Spot
  readonly head: Spot
}

// From a place to the stops around it (or, reversed, from the stops to it): along the streets where there is a map, else in straight
// lines. A stop given by its id is reached at once; a station is all its platforms.

import { DETOUR, enter, type Ground, insideOf } from '../access/ground.ts'
import { walksOf } from '../access/own-walks.ts'
import { walkLimits } from '../access/walks.ts'
import { METRES_PER_DEGREE, metresBetween } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { type Footpaths, type Walks, walksAt } from '../footpaths/footpaths.ts'
import { placesAt } from '../street/ends.ts'
import { isLinked } from '../street/links.ts'
import type { Profile } from '../street/profile.ts'
import { reachStops, type StreetPoint, type StreetSearch } from '../street/search.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Reach } from '../transit/range.ts'
import type { Planner } from './plan.ts'
import type { Offset, QueryPlace } from './query.ts'

export interface AccessOptions {
  readonly maxSeconds: number
  readonly profile: Profile
  readonly maxMatchingDistance: number
  /** true: from the stops to the place. */
  readonly reverse: boolean
}

/** Boardable stops of a place given by id: the stop itself, or all that lies below a station. */
export function platformsOf(tt: Timetable, stop: StopIdx): StopIdx[] {
  const found: StopIdx[] = []
  const collect = (s: StopIdx): void => {
    if (tt.stopLocationType[s] === 0) found.push(s)
    for (let i = tt.childrenBegin[s]!; i < tt.childrenBegin[s + 1]!; i++) collect(tt.children[i]!)
  }
  collect(stop)
  return found
}

/** Ways that the caller knows, by platform: a station's count for all its platforms, of several to one stop the quickest. */
export function quickestOffsets(tt: Timetable, offsets: readonly Offset[]): Map<StopIdx, Offset> {
  const best = new Map<StopIdx, Offset>()
  for (const offset of offsets)
    for (const platform of platformsOf(tt, offset.stop))
      if (offset.seconds < (best.get(platform)?.seconds ?? Number.POSITIVE_INFINITY)) best.set(platform, offset)
  return best
}

export function offsetReach(tt: Timetable, offsets: readonly Offset[] | undefined): Reach | undefined {
  if (!offsets) return undefined
  const best = quickestOffsets(tt, offsets)
  return {
    count: best.size,
    stops: Uint32Array.from(best.keys()),
    seconds: Int32Array.from(best.values(), ({ seconds }) => seconds),
  }
}

/** What of a planner is needed here. */
type Surroundings = Pick<Planner, 'timetable' | 'footpaths' | 'ground' | 'own'>

/** Does the table not know all walks of who goes so far, or in his own ways? */
const isBeyondTable = ({ timetable, ground, own }: Surroundings, { maxSeconds }: AccessOptions): boolean =>
  ground.streets !== undefined && (own !== undefined || maxSeconds > walkLimits(timetable).near)

/** Walks from a stop (reverse: to it): those of the table, as far as it knows all of them. */
function walksAtStop(planner: Surroundings, options: AccessOptions, stop: number): Walks {
  const { footpaths, ground, own } = planner
  const { maxSeconds, profile: walker, reverse } = options
  if (isBeyondTable(planner, options))
    return walksOf(ground, footpaths, { walker: own?.walker ?? walker, maxSeconds, reverse }, stop)
  return walksAt(footpaths, stop, reverse)
}

/** Around a stop without platforms below it, by a table's walks, which name each other stop once. */
function aroundStop(f: Footpaths, stop: number, { maxSeconds, reverse }: AccessOptions): Reach {
  const [begins, others, walks] = reverse ? [f.inBegin, f.inFrom, f.inSeconds] : [f.outBegin, f.outTo, f.outSeconds]
  const stops = [stop]
  const seconds = [0]
  for (let e = begins[stop]!; e < begins[stop + 1]!; e++) {
    if (walks[e]! > maxSeconds) continue
    stops.push(others[e]!)
    seconds.push(walks[e]!)
  }
  return { count: stops.length, stops, seconds }
}

/** The stops reachable from (reverse: that reach) the place, each with its seconds. */
export function stopsAround(planner: Surroundings, place: QueryPlace, options: AccessOptions): Reach {
  return place.kind === 'stop' && isPlatform(planner.timetable, place.stop) && !isBeyondTable(planner, options)
    ? aroundStop(planner.footpaths, place.stop, options)
    : aroundPlace(planner, place, options)
}

const isPlatform = (tt: Timetable, stop: StopIdx): boolean =>
  tt.stopLocationType[stop] === 0 && tt.childrenBegin[stop] === tt.childrenBegin[stop + 1]

function aroundPlace(planner: Surroundings, place: QueryPlace, options: AccessOptions): Reach {
  const { timetable: tt, ground } = planner
  const best = new Map<number, number>()
  const offer = (stop: number, seconds: number): void => {
    if (seconds <= options.maxSeconds && seconds < (best.get(stop) ?? Number.POSITIVE_INFINITY)) best.set(stop, seconds)
  }
  if (place.kind === 'stop') {
    const platforms = platformsOf(tt, place.stop)
    for (const stop of platforms) best.set(stop, 0)
    for (const stop of platforms) {
      const { stops, seconds } = walksAtStop(planner, options, stop)
      for (let i = 0; i < stops.length; i++) offer(stops[i]!, seconds[i]!)
    }
    return reachOf(best)
  }
  const inside = insideOf(options.profile)
  const comeIn = (stop: number, seconds: number): void =>
    enter(ground, inside, stop, seconds, options.maxSeconds, options.reverse, offer)
  if (ground.streets) {
    const reached = reachStops(ground.streets, place.lat, place.lon, {
      profile: options.profile,
      maxSeconds: options.maxSeconds,
      maxMatchingDistance: options.maxMatchingDistance,
      reverse: options.reverse,
    })
    for (let i = 0; i < reached.count; i++) comeIn(reached.stops[i]!, reached.seconds[i]!)
    if (reached.count === 0 && isBeyondMap(ground.streets, place, options)) {
      const { links } = ground.streets
      straightLines(ground, place.lat, place.lon, options, (stop, seconds) => {
        if (!isLinked(links, stop)) comeIn(stop, seconds)
      })
    }
  } else straightLines(ground, place.lat, place.lon, options, comeIn)
  return reachOf(best)
}

function reachOf(best: ReadonlyMap<number, number>): Reach {
  const stops: number[] = []
  const seconds: number[] = []
  best.forEach((time, stop) => {
    stops.push(stop)
    seconds.push(time)
  })
  return { count: best.size, stops, seconds }
}

/** No street is near, and the traveller does not refuse what nobody knows: then stops without a street are as near as they look (N25). */
const isBeyondMap = (
  streets: StreetSearch,
  place: StreetPoint,
  { profile, maxMatchingDistance, reverse }: AccessOptions,
): boolean =>
  profile.limits.unknown !== 'refuse' &&
  placesAt(streets, { lat: place.lat, lon: place.lon }, maxMatchingDistance, reverse).length === 0

function straightLines(
  { timetable: tt, insides }: Ground,
  lat: number,
  lon: number,
  { maxSeconds, profile: { speed } }: AccessOptions,
  offer: (stop: number, seconds: number) => void,
): void {
  const metres = (maxSeconds * speed) / DETOUR
  const band = (metres / METRES_PER_DEGREE) * 1e7
  for (let s = 0; s < tt.counts.stops; s++) {
    if (insides.onStreet[s] === 0 || tt.stopHasPosition[s] === 0 || Math.abs(tt.stopLat[s]! - lat) > band) continue
    const away = metresBetween(lat, lon, tt.stopLat[s]!, tt.stopLon[s]!)
    if (away <= metres) offer(s, Math.ceil((away * DETOUR) / speed))
  }
}

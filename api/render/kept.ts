// What answers say again and again, as JSON: a stop without times, a line without its run. Encoded once for each network, version and language,
// and bounded; what realtime added may be another one in the next generation, so it is not kept.

import type { Place } from '#api/contract/common.ts'
import type { PatternIdx, RouteIdx, StopIdx, TripIdx } from '#engine/core/ids.ts'
import type { RunCall } from '#engine/horizon/runs.ts'
import { isExtraStop } from '#engine/timetable/room.ts'
import { rootStop, slotStop, type Timetable, zoneOfTrip } from '#engine/timetable/timetable.ts'
import { type Json, json, opened } from './json.ts'
import { calledStop, hasOwnZone, type View } from './place.ts'
import { routeMembers } from './run.ts'

/** Of one kind; some 2.5 MB, of whole calls 4. */
const MAX_KEPT = 8000
/** Bytes of walks. */
const MOST_WALKED = 2e6
/** Versions and languages: anybody may ask for any, and all together have to stay below some 50 MB a plan thread. */
const MAX_WAYS = 5

/** A stop without times. */
export interface KeptStop {
  readonly json: Json
  /** Whole calls there, if it is kept. */
  readonly calls?: KeptCall[]
}

/** From the stop to the end, with room for the times. */
interface KeptCall {
  /** What it says besides the stop and its times, as whoever writes it counts. */
  readonly form: number
  readonly json: Json
}

/** Undefined: not kept yet. */
export function keptCall(calls: readonly KeptCall[], form: number): Json | undefined {
  for (const call of calls) if (call.form === form) return call.json
  return undefined
}

/** A walk from one stop to another, and where its times stand. */
export interface KeptWalk {
  readonly json: Json
  readonly departures: readonly number[]
  readonly arrivals: readonly number[]
}

export class Kept {
  private readonly places = new Map<StopIdx, Readonly<Place>>()
  private readonly stops = new Map<number, KeptStop>()
  private readonly routes = new Map<number, Json>()
  private readonly texts = new Map<string, Json>()
  private wholeCalls = 0
  private readonly walks = new Map<string, Map<string, KeptWalk>>()
  private walked = 0
  private readonly sharing = new Map<PatternIdx, boolean>()

  /** Stops without times, as objects: for walks. */
  get described(): Map<StopIdx, Readonly<Place>> {
    if (this.places.size >= MAX_KEPT) this.places.clear()
    return this.places
  }

  /** The stop of a call, behind which its times are to follow. */
  stop(view: View, trip: TripIdx, { stop, scheduledStop }: Pick<RunCall, 'stop' | 'scheduledStop'>): KeptStop {
    const tt = view.horizon.timetable
    const make = (): Json => opened(calledStop(view, trip, stop, scheduledStop))
    if (stop !== scheduledStop || isExtraStop(tt, stop)) return { json: make() }
    const zone = hasOwnZone(tt, stop) ? tt.counts.zones : zoneOfTrip(tt, trip)
    const key = stop * (tt.counts.zones + 1) + zone
    return this.stops.get(key) ?? keptIn(this.stops, key, { json: make(), calls: [] })
  }

  keepCall(calls: KeptCall[], form: number, json: Json): Json {
    if (++this.wholeCalls > MAX_KEPT) {
      this.stops.clear()
      this.wholeCalls = 0
    }
    calls.push({ form, json })
    return json
  }

  /** The line of a run, behind which the run is to follow. */
  route(view: View, route: RouteIdx, direction: number): Json {
    const key = 2 * route + (direction === 1 ? 1 : 0)
    const known = this.routes.get(key)
    if (known) return known
    const made = opened(routeMembers(view, route, direction))
    return route < view.horizon.timetable.counts.routes ? keptIn(this.routes, key, made) : made
  }

  /** Walks between stops of one kind of traveller, by whatever tells them apart. */
  walksOf(who: string): Map<string, KeptWalk> {
    const known = this.walks.get(who)
    if (known) return known
    this.makeRoom(who.length)
    const walks = new Map<string, KeptWalk>()
    this.walks.set(who, walks)
    return walks
  }

  keepWalk(walks: Map<string, KeptWalk>, key: string, walk: KeptWalk): void {
    this.makeRoom(walk.json.length)
    walks.set(key, walk)
  }

  /** For so many bytes of walks, or of who walks. */
  private makeRoom(bytes: number): void {
    this.walked += bytes
    if (this.walked <= MOST_WALKED) return
    this.walks.clear()
    this.walked = bytes
  }

  /** A text as it stands in JSON. */
  quoted(text: string): Json {
    return this.texts.get(text) ?? keptIn(this.texts, text, json(JSON.stringify(text)))
  }

  /** Do runs of the pattern call at several platforms of a station, where the timetable has them? */
  sharesStation(tt: Timetable, pattern: PatternIdx): boolean {
    const known = this.sharing.get(pattern)
    if (known !== undefined) return known
    const slots = tt.slots.subarray(tt.slotBegin[pattern], tt.slotBegin[pattern + 1])
    const shares = sharesStation(tt, Array.from(slots, slotStop))
    // what realtime adds has another pattern in the next generation
    if (pattern < tt.counts.patterns) this.sharing.set(pattern, shares)
    return shares
  }
}

export function sharesStation(tt: Timetable, stops: readonly StopIdx[]): boolean {
  const different = new Set(stops)
  return new Set(Array.from(different, stop => rootStop(tt, stop))).size < different.size
}

function keptIn<Key, Value>(kept: Map<Key, Value>, key: Key, made: Value): Value {
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(key, made)
  return made
}

const networks = new WeakMap<Timetable, Map<string, Kept>>()

export function keptFor({
  horizon: { timetable },
  version,
  language,
}: Pick<View, 'horizon' | 'version' | 'language'>): Kept {
  const ways = networks.getOrInsertComputed(timetable, () => new Map())
  const way = `${version} ${timetable.counts.translations > 0 ? language.join() : ''}`
  if (ways.size >= MAX_WAYS && !ways.has(way)) ways.clear()
  return ways.getOrInsertComputed(way, () => new Kept())
}

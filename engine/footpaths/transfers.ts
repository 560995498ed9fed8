// What transfers.txt says about changing between stops, merged over walks found elsewhere (streets or straight lines). Only rules that
// name nothing but stops are applied here: those for routes and trips are laid over them in copies.ts.
//
//   type                    the same stop                     two stops
//   0 recommended           default, or min_transfer_time     the walk found, or min_transfer_time; a straight line if nobody finds one
//   1 timed                 0 s: the vehicle waits (S34)      min_transfer_time, or 0 s
//   2 needs time            min_transfer_time, or default     the same
//   3 not possible          NEVER                             no walk
//
// Which of several rules holds: rules.ts.

import Flatbush from 'flatbush'
import { boxAround, E7, METRES_PER_DEGREE, metresBetween } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { slotStop, type Timetable } from '../timetable/timetable.ts'
import { buildFootpaths, DEFAULT_CHANGE_SECONDS, type Footpaths, type Walk } from './footpaths.ts'
import { AS_FOUND, platformsOf, readStopRules, ruleRows, statedFor } from './rules.ts'

/** A straight line is this much shorter than the way, which is walked at this speed. */
const DETOUR = 1.3
const METRES_PER_SECOND = 1.2
/** Without a map: how far apart stops may be to be walked between, in a straight line. Metres. */
const NEARBY = 400
/** Nobody gets off, looks around and gets on elsewhere in less. Of walks that are found, not of those that a feed states. */
export const SHORTEST_WALK_SECONDS = 60

/** stop → seconds of a change at this very stop: transfers.txt's, else the default; NEVER where it says so. */
export function changeTimes(tt: Timetable): Int32Array {
  const seconds = new Int32Array(tt.counts.stops).fill(DEFAULT_CHANGE_SECONDS)
  for (const rule of readStopRules(tt).values())
    if (rule.from === rule.to && rule.seconds !== AS_FOUND) seconds[rule.from] = rule.seconds
  return seconds
}

/** A walk that was found, as a change. */
export const mergeWalk = ({ from, to, seconds }: Walk): Walk => ({
  from,
  to,
  seconds: Math.max(SHORTEST_WALK_SECONDS, seconds),
})

/**
 * Walks that were found and what transfers.txt says, as one table: a rule replaces the walk of its pair (S36).
 * @param usual from * stops + to → seconds, of the changes that rules are about, in which people on foot walk them; absent: it is their table
 * @param speed m/s, of straight lines
 */
export function mergeTransfers(
  tt: Timetable,
  generated: Iterable<Walk>,
  usual: ReadonlyMap<number, number> = new Map(),
  speed = METRES_PER_SECOND,
): Footpaths {
  const rules = readStopRules(tt)
  const found = new Set<number>()
  const own = new Map<number, number>()
  function* walks(): Generator<Walk> {
    for (const { from, to, seconds } of generated) {
      const key = from * tt.counts.stops + to
      const rule = rules.get(key)
      const walk = mergeWalk({ from, to, seconds })
      if (rule && rule.seconds !== AS_FOUND) {
        if (usual.has(key)) own.set(key, Math.min(own.get(key) ?? NEVER, walk.seconds))
        continue
      }
      if (rule) found.add(key)
      yield walk
    }
    for (const [key, { from, to, seconds }] of rules) {
      if (from === to || seconds === NEVER) continue
      const stated = seconds === AS_FOUND ? undefined : statedFor(seconds, usual.get(key), own.get(key))
      if (stated !== undefined) yield { from, to, seconds: stated }
      else if (seconds !== AS_FOUND) continue
      // where others find a way there is none that he can go
      else if (!found.has(key) && !usual.has(key)) yield { from, to, seconds: straightLineSeconds(tt, from, to, speed) }
    }
  }
  return buildFootpaths(tt.counts.stops, walks(), changeTimes(tt))
}

/** The same walks; those of pairs for which transfers.txt leaves the time to them are noted as well, as `usual` of mergeTransfers. */
export function* notingUnstated(tt: Timetable, generated: Iterable<Walk>, noted: Map<number, number>): Generator<Walk> {
  const rules = readStopRules(tt)
  for (const walk of generated) {
    const key = walk.from * tt.counts.stops + walk.to
    if (rules.get(key)?.seconds === AS_FOUND) noted.set(key, mergeWalk(walk).seconds)
    yield walk
  }
}

/**
 * Walks of which no map knows, `speed` in m/s: between the platforms of each station, and between stops near each other, unless these are of one
 * feed that lists its changes itself.
 * @param of only from these stops; all when absent
 */
export function* straightLineWalks(tt: Timetable, speed = METRES_PER_SECOND, of?: Iterable<number>): Generator<Walk> {
  const { called, placed, index, listed } = calledStops(tt)
  const walk = (from: StopIdx, to: StopIdx): Walk => ({ from, to, seconds: straightLineSeconds(tt, from, to, speed) })
  for (const from of (of ?? called) as Iterable<StopIdx>) {
    if (!called.has(from)) continue
    const station = tt.stopParent[from]!
    if (station < tt.counts.stops)
      for (const to of platformsOf(tt, station)) if (from !== to && called.has(to)) yield walk(from, to)
    if (!index || tt.stopHasPosition[from] === 0) continue
    const [lat, lon] = [tt.stopLat[from]!, tt.stopLon[from]!]
    const { south, west, north, east } = boxAround(lat, lon, NEARBY)
    for (const item of index.search(west, south, east, north)) {
      const to = placed[item]!
      if (to === from || (tt.stopFeed[from] === tt.stopFeed[to] && listed.has(tt.stopFeed[from]))) continue
      if (metresBetween(lat, lon, tt.stopLat[to]!, tt.stopLon[to]!) <= NEARBY) yield walk(from, to)
    }
  }
}

/** @param speed m/s */
export function straightLineSeconds(tt: Timetable, from: StopIdx, to: StopIdx, speed = METRES_PER_SECOND): number {
  if (!tt.stopHasPosition[from] || !tt.stopHasPosition[to]) return SHORTEST_WALK_SECONDS
  const metres = metresBetween(tt.stopLat[from]!, tt.stopLon[from]!, tt.stopLat[to]!, tt.stopLon[to]!)
  return Math.max(SHORTEST_WALK_SECONDS, Math.ceil((metres * DETOUR) / speed))
}

/** Stops within NEARBY metres that `accepts`. */
export function nearbyStops(tt: Timetable, of: number, accepts: (stop: number) => boolean): number[] {
  const [lat, lon] = [tt.stopLat[of]!, tt.stopLon[of]!]
  const band = (NEARBY / METRES_PER_DEGREE) * E7
  const found: number[] = []
  for (let s = 0; s < tt.counts.stops; s++)
    if (
      Math.abs(tt.stopLat[s]! - lat) <= band &&
      tt.stopHasPosition[s] === 1 &&
      accepts(s) &&
      metresBetween(lat, lon, tt.stopLat[s]!, tt.stopLon[s]!) <= NEARBY
    )
      found.push(s)
  return found
}

interface CalledStops {
  readonly called: ReadonlySet<StopIdx>
  /** Those that have a position, as the index numbers them. */
  readonly placed: readonly StopIdx[]
  readonly index: Flatbush | undefined
  /** As `feedsWithWalks`. */
  readonly listed: ReadonlySet<number>
}

const known = new WeakMap<Timetable, CalledStops>()

/** Where something stops by the timetable. */
const calledStops = (tt: Timetable): CalledStops =>
  known.getOrInsertComputed(tt, () => {
    const called = new Set<StopIdx>()
    for (const word of tt.slots) called.add(slotStop(word))
    const placed = [...called].filter(stop => tt.stopHasPosition[stop])
    const index = placed.length > 0 ? new Flatbush(placed.length, 16, Int32Array) : undefined
    for (const stop of placed) index?.add(tt.stopLon[stop]!, tt.stopLat[stop]!)
    index?.finish()
    return { called, placed, index, listed: feedsWithWalks(tt) }
  })

/** Feeds that say themselves where one walks from one stop to another. */
function feedsWithWalks(tt: Timetable): Set<number> {
  const feeds = new Set<number>()
  for (const row of ruleRows(tt, false))
    if (tt.transferFromStop[row] !== tt.transferToStop[row])
      feeds.add(tt.stopFeed[tt.transferFromStop[row]! as StopIdx])
  return feeds
}

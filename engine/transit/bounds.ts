// Lower bounds: for every stop the seconds that any journey from it to the target takes at least, waiting left out. One backward Dijkstra
// over minimal ride times between neighbouring stops and over footpaths (as nigiri does; a third less work in a range search here).
// Made from the schedule, they would be too high where a vehicle is faster than planned, so each live generation adds its own faster hops.

import { NONE, type PatternIdx } from '../core/ids.ts'
import { PairCollector } from '../core/pairs.ts'
import { NEVER } from '../core/time.ts'
import type { LiveBlock } from '../horizon/horizon.ts'
import { junctions } from '../timetable/continuations.ts'
import { patternLength, slotStop, type Timetable } from '../timetable/timetable.ts'
import type { Reach } from './range.ts'

/** What any journey from a stop to the target takes at least. */
export interface LowerBounds {
  /** NEVER where there is no way, or none that the traveller may use. */
  readonly seconds: Int32Array
  /** Fewest rides (rides.ts); 0 at the target, and wherever nothing is known. */
  readonly rides: Uint8Array
}

/** Bounds that rule nothing out. */
export const emptyBounds = (stops: number): LowerBounds => ({
  seconds: new Int32Array(new SharedArrayBuffer(4 * stops)),
  rides: new Uint8Array(new SharedArrayBuffer(stops)),
})

/** Ride hops against the direction of travel: in-edges of v are from[begin[v] … begin[v + 1]) with the fewest seconds. */
export interface HopGraph {
  readonly begin: Uint32Array
  readonly from: Uint32Array
  readonly seconds: Int32Array
}

export interface Bounds {
  readonly hops: HopGraph
  /** v → [u, seconds, u, seconds, …]: hops that realtime made faster or new. */
  readonly faster: ReadonlyMap<number, readonly number[]>
  /** The result: stop → seconds at least to the target; NEVER where there is no way. */
  readonly seconds: Int32Array
}

const known = { forward: new WeakMap<Timetable, HopGraph>(), mirrored: new WeakMap<Timetable, HopGraph>() }

/** `buildHops`, once per timetable: planners of other walks and moments have the same. */
export const hopsOf = (tt: Timetable, mirrored: boolean): HopGraph =>
  known[mirrored ? 'mirrored' : 'forward'].getOrInsertComputed(tt, () => buildHops(tt, mirrored))

/** @param mirrored the hops of the mirrored network: every ride backwards */
export function buildHops(tt: Timetable, mirrored: boolean): HopGraph {
  const stops = tt.counts.stops
  const pairs = new PairCollector(stops)
  const seen = new Set<number>()
  for (let p = 0; p < tt.counts.patterns; p++) {
    const slot = tt.slotBegin[p]!
    const length = patternLength(tt, p as PatternIdx)
    seen.clear()
    for (let t = tt.tripBegin[p]!; t < tt.tripBegin[p + 1]!; t++) {
      const profile = tt.tripProfile[t]!
      if (seen.has(profile)) continue
      seen.add(profile)
      for (let i = 0; i + 1 < length; i++) {
        const u = slotStop(tt.slots[slot + i]!)
        const v = slotStop(tt.slots[slot + i + 1]!)
        const seconds = tt.profileTimes[profile + 2 * i + 2]! - tt.profileTimes[profile + 2 * i + 1]!
        if (mirrored) pairs.add(u, v, seconds)
        else pairs.add(v, u, seconds)
      }
    }
  }
  // staying seated takes no time
  for (const { from, to } of junctions(tt)) mirrored ? pairs.add(from, to, 0) : pairs.add(to, from, 0)
  const { begin, to, value } = pairs.finish()
  return { begin, from: to, seconds: value }
}

/** Footpaths against the direction of travel: those leading to v are from[begin[v] … begin[v + 1]). */
export interface FootIn {
  readonly begin: Uint32Array
  readonly from: Uint32Array
  readonly seconds: Int32Array
}

/** Rides and walks that lead to v, side by side: u, seconds, u, seconds … from 2 · begin[v] on, so that one look at a stop is one row. */
interface InEdges {
  readonly begin: Uint32Array
  readonly edges: Int32Array
}

const joined = new WeakMap<HopGraph, WeakMap<FootIn['seconds'], InEdges>>()

function edgesInto(hops: HopGraph, walks: FootIn): InEdges {
  const ofHops = joined.getOrInsertComputed(hops, () => new WeakMap())
  return ofHops.getOrInsertComputed(walks.seconds, () => {
    const begin = hops.begin.map((at, v) => at + walks.begin[v]!)
    const edges = new Int32Array(2 * begin.at(-1)!)
    let at = 0
    for (let v = 0; v + 1 < begin.length; v++)
      for (const { begin: first, from, seconds } of [hops, walks])
        for (let e = first[v]!; e < first[v + 1]!; e++) {
          edges[at++] = from[e]!
          edges[at++] = seconds[e]!
        }
    return { begin, edges }
  })
}

/** Hops of the live block's own runs that are faster than the schedule ever is, or that the schedule does not have. */
export function fasterHops(hops: HopGraph, live: LiveBlock, mirrored: boolean): Map<number, number[]> {
  const faster = new Map<number, number[]>()
  for (let lane = 0; lane < live.counts.lanes; lane++) {
    const stops = live.laneStops[lane]!
    const begin = live.laneRunBegin[lane]!
    const runs = live.laneRunBegin[lane + 1]! - begin
    const event = live.laneEvent[lane]!
    for (let i = 0; i < runs; i++) {
      if (live.laneLiveRun[begin + i] === NONE) continue
      for (let pos = 0; pos + 1 < stops; pos++) {
        const u = live.slots[live.laneSlot[lane]! + pos]! >>> 2
        const v = live.slots[live.laneSlot[lane]! + pos + 1]! >>> 2
        const seconds = live.arr[event + i * stops + pos + 1]! - live.dep[event + pos * runs + i]!
        if (mirrored) add(faster, hops, u, v, seconds)
        else add(faster, hops, v, u, seconds)
      }
    }
  }
  return faster
}

/** Are both the same, in the same order? */
export function sameHops(a: Bounds['faster'], b: Bounds['faster']): boolean {
  if (a.size !== b.size) return false
  for (const [stop, hops] of a) {
    const others = b.get(stop)
    if (others?.length !== hops.length || hops.some((value, i) => value !== others[i])) return false
  }
  return true
}

function add(faster: Map<number, number[]>, hops: HopGraph, to: number, from: number, seconds: number): void {
  for (let e = hops.begin[to]!; e < hops.begin[to + 1]!; e++)
    if (hops.from[e] === from && hops.seconds[e]! <= seconds) return
  const list = faster.getOrInsertComputed(to, () => [])
  for (let i = 0; i < list.length; i += 2)
    if (list[i] === from) {
      list[i + 1] = Math.min(list[i + 1]!, seconds)
      return
    }
  list.push(from, seconds)
}

const BUCKET_SECONDS = 16
const BUCKETS = 8192 // 36 h; what is farther shares the last bucket and is corrected there
/** Buckets from one look at how far it is from the start to the next. */
const LOOK = 8

// words of an entry, side by side as they are read
const ENTRY_WORDS = 4
const STOP = 0
const DISTANCE = 1
const NEXT = 2

/** Reused between queries: bucket heads and the pool of their entries, each named by its first word. */
export interface BoundsScratch {
  readonly heads: Int32Array
  pool: Int32Array
  poolEnd: number
  /** Room for every stop. */
  readonly queue: Uint32Array
}

export const createBoundsScratch = (stops: number): BoundsScratch => ({
  heads: new Int32Array(BUCKETS).fill(-1),
  pool: new Int32Array(1 << 16),
  poolEnd: 0,
  queue: new Uint32Array(stops),
})

/** The fewest seconds from where a search starts to its end; NEVER when there is no way. */
export function leastSeconds({ count, stops, seconds }: Reach, bounds: Int32Array): number {
  let least = NEVER
  for (let i = 0; i < count; i++)
    if (bounds[stops[i]!]! < NEVER) least = Math.min(least, bounds[stops[i]!]! + seconds[i]!)
  return least
}

/**
 * Fills `bounds.seconds` for the target given by its egress stops.
 * @param footIn stop → footpaths leading to it, with seconds (of the mirrored network: those leading from it)
 * @param from where the search starts: stops farther away than that are not told apart; all are when absent
 * @returns up to how many seconds they are told apart: whatever is farther, or has no way, has that bound; NEVER: all are
 */
export function computeBounds(
  bounds: Bounds,
  footIn: FootIn,
  egressStops: ArrayLike<number>,
  egress: Int32Array,
  scratch: BoundsScratch,
  from?: Reach,
): number {
  const { hops, faster, seconds } = bounds
  const { begin, edges } = edgesInto(hops, footIn)
  const isFaster = faster.size > 0
  seconds.fill(NEVER)
  let last = -1
  for (let i = 0; i < egressStops.length; i++)
    last = Math.max(last, offer(seconds, scratch, egressStops[i]!, egress[egressStops[i]!]!))
  for (let bucket = 0; bucket <= last; bucket++) {
    if (from && bucket % LOOK === 0 && bucket * BUCKET_SECONDS > leastSeconds(from, seconds))
      return leaveOut(seconds, scratch, bucket, last)
    for (let entry = scratch.heads[bucket]!; entry >= 0; entry = scratch.heads[bucket]!) {
      const { pool } = scratch
      scratch.heads[bucket] = pool[entry + NEXT]!
      const v = pool[entry + STOP]!
      const distance = seconds[v]!
      // left behind by a better one, which is done or in the same bucket
      if (pool[entry + DISTANCE] !== distance) continue
      for (let e = 2 * begin[v]!; e < 2 * begin[v + 1]!; e += 2) {
        const far = distance + edges[e + 1]!
        if (far < seconds[edges[e]!]!) last = Math.max(last, offer(seconds, scratch, edges[e]!, far))
      }
      const extra = isFaster ? faster.get(v) : undefined
      if (extra)
        for (let i = 0; i < extra.length; i += 2)
          last = Math.max(last, offer(seconds, scratch, extra[i]!, distance + extra[i + 1]!))
    }
  }
  scratch.poolEnd = 0
  return NEVER
}

/** What is queued from this bucket on stays unseen: nothing there is nearer than the bucket begins. */
function leaveOut(seconds: Int32Array, scratch: BoundsScratch, bucket: number, last: number): number {
  const beyond = bucket * BUCKET_SECONDS
  for (let stop = 0; stop < seconds.length; stop++) if (seconds[stop]! > beyond) seconds[stop] = beyond
  scratch.heads.fill(-1, bucket, last + 1)
  scratch.poolEnd = 0
  return beyond
}

const bucketOf = (distance: number): number => Math.max(0, Math.min(BUCKETS - 1, Math.floor(distance / BUCKET_SECONDS)))

/** Queues a stop that is nearer than known; gives its bucket, or -1. */
function offer(seconds: Int32Array, scratch: BoundsScratch, stop: number, distance: number): number {
  if (distance >= seconds[stop]!) return -1
  seconds[stop] = distance
  const entry = scratch.poolEnd
  scratch.poolEnd += ENTRY_WORDS
  if (entry === scratch.pool.length) scratch.pool = twice(scratch.pool)
  const { pool } = scratch
  const bucket = bucketOf(distance)
  pool[entry + STOP] = stop
  pool[entry + DISTANCE] = distance
  pool[entry + NEXT] = scratch.heads[bucket]!
  scratch.heads[bucket] = entry
  return bucket
}

function twice(old: Int32Array): Int32Array {
  const bigger = new Int32Array(old.length * 2)
  bigger.set(old)
  return bigger
}

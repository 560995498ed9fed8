// Trips → patterns: a pattern is one route's trips with one stop list and one set of boarding flags (RAPTOR's "route", Delling,
// Pajor, Werneck: Round-Based Public Transit Routing, 2012). Order within a pattern (FIFO) is the horizon's business: it depends on
// the day. What a trip has beyond its pattern is kept as shared lists too: most trips repeat another one's travel times.

import { NO_STRING, type RouteIdx, type StringIdx } from '../core/ids.ts'
import { ListPool } from './lists.ts'

/** The stop times of one trip in travel order: scratch memory, filled again for each trip. */
export interface Calls {
  length: number
  readonly stop: Uint32Array
  /** Seconds of the service day, never decreasing. */
  readonly arrival: Int32Array
  readonly departure: Int32Array
  readonly sequence: Int32Array
  /** pickup_type | drop_off_type << 2 | continuous_pickup << 4 | continuous_drop_off << 6 */
  readonly types: Uint8Array
  /** APPROXIMATE and EXACT of the times. */
  readonly timing: Uint8Array
  /** stop_headsign, or NO_STRING. */
  readonly headsign: Uint32Array
}

/** Bits of `Calls.timing` and of the timetable's profileFlags. */
export const APPROXIMATE = 1
export const EXACT = 2

/** Stops that a trip may have: the search packs a position into eleven bits. */
export const LONGEST_TRIP = 2048

/** No pickup, no drop-off; continuous ones "none" (1), which is what an empty cell means. */
export const NO_CONTINUOUS = (1 << 4) | (1 << 6)

/** Columns for so many calls, with none in them yet. */
export const createCalls = (capacity: number): Calls => ({
  length: 0,
  stop: new Uint32Array(capacity),
  arrival: new Int32Array(capacity),
  departure: new Int32Array(capacity),
  sequence: new Int32Array(capacity),
  types: new Uint8Array(capacity),
  timing: new Uint8Array(capacity),
  headsign: new Uint32Array(capacity),
})

/** What trips share, as numbers of lists. */
export interface TripLists {
  readonly pattern: number
  readonly profile: number
  readonly sequence: number
  /** −1 when no stop has a headsign of its own. */
  readonly headsigns: number
}

const NOT_ALLOWED = 1

export class PatternPool {
  // route, then (stop, types) per slot
  readonly patterns = new ListPool()
  // (arrival, departure) after the start << 2 | timing, per slot
  readonly profiles = new ListPool()
  readonly sequences = new ListPool()
  readonly headsigns = new ListPool()
  private scratch = new Int32Array(256)

  add(route: RouteIdx, calls: Calls): TripLists {
    const n = calls.length
    if (this.scratch.length < 2 * n + 1) this.scratch = new Int32Array(4 * n)
    const list = this.scratch
    list[0] = route
    for (let i = 0; i < n; i++) {
      list[1 + 2 * i] = calls.stop[i]!
      list[2 + 2 * i] = calls.types[i]!
    }
    // Nobody alights at the first stop or boards at the last, whatever the feed says there (S24): one pattern, not four.
    list[2] = (list[2]! & ~(3 << 2)) | (NOT_ALLOWED << 2)
    list[2 * n] = (list[2 * n]! & ~3) | NOT_ALLOWED
    const pattern = this.patterns.intern(list, 2 * n + 1)

    const start = calls.departure[0]!
    for (let i = 0; i < n; i++) {
      list[2 * i] = ((calls.arrival[i]! - start) << 2) | calls.timing[i]!
      list[2 * i + 1] = ((calls.departure[i]! - start) << 2) | calls.timing[i]!
    }
    const profile = this.profiles.intern(list, 2 * n)

    const sequence = this.sequences.intern(calls.sequence, n)
    return { pattern, profile, sequence, headsigns: this.addHeadsigns(calls) }
  }

  private addHeadsigns(calls: Calls): number {
    let any = false
    for (let i = 0; i < calls.length; i++) {
      const headsign = calls.headsign[i]! as StringIdx
      this.scratch[i] = headsign
      if (headsign !== NO_STRING) any = true
    }
    return any ? this.headsigns.intern(this.scratch, calls.length) : -1
  }

  routeOf(pattern: number): RouteIdx {
    return this.patterns.values.data[this.patterns.begin.data[pattern]!]! as RouteIdx
  }

  lengthOf(pattern: number): number {
    return (this.patterns.begin.data[pattern + 1]! - this.patterns.begin.data[pattern]! - 1) / 2
  }

  stopOf(pattern: number, slot: number): number {
    return this.patterns.values.data[this.patterns.begin.data[pattern]! + 1 + 2 * slot]!
  }

  typesOf(pattern: number, slot: number): number {
    return this.patterns.values.data[this.patterns.begin.data[pattern]! + 2 + 2 * slot]!
  }
}

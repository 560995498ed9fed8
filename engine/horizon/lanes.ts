// Runs → lanes. First fit: a run joins the first lane of its group whose last run is nowhere later than it; otherwise it opens a lane.
// Both compilers (day and live) write their lanes through here, so there is one memory layout.

import { GrowColumn } from '../core/columns.ts'
import { NONE } from '../core/ids.ts'
import { stopCopies } from '../footpaths/copies.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { DayCounts, LaneBlock } from './horizon.ts'
import { indexStops } from './stop-calls.ts'

/** A run to add. Its times are `profiles[times …] + offset` (or `own[times …] + offset`), arrival and departure of each stop. */
export interface NewRun {
  trip: number
  shift: number
  /** Whatever the caller wants back in `onRun`. */
  tag: number
  day: number
  slot: number
  stops: number
  pattern: number
  access: number
  times: number
  /** false: the times lie in the timetable's profiles; true: in the builder's own column. */
  own: boolean
  offset: number
}

/** One trip's share of a through lane: its pattern, the lane position of its first stop there, service days after the first part's. */
export interface LanePart {
  readonly pattern: number
  readonly position: number
  readonly days: number
}

/**
 * The slot lists of a block: one per pattern in use, and one per other way to stop. Trips that a transfer rule names have their own: with whom
 * they share a lane, they share their changes (footpaths/copies.ts).
 */
export class SlotLists {
  private readonly tt: Timetable
  private readonly named: ReadonlySet<number>
  private readonly words = new GrowColumn(Uint32Array)
  private readonly ofPatterns: Int32Array
  private readonly used = new GrowColumn(Uint32Array)
  private readonly others = new Map<string, number>()

  constructor(tt: Timetable) {
    this.tt = tt
    this.named = stopCopies(tt).trips
    this.ofPatterns = new Int32Array(tt.patternRoute.length + 1).fill(-1)
  }

  get length(): number {
    return this.words.length
  }

  /** The stops of a trip that stops as planned. */
  ofTrip(pattern: number, trip: number): number {
    if (!this.named.has(trip)) return this.ofPattern(pattern)
    return this.of([...this.tt.slots.subarray(this.tt.slotBegin[pattern]!, this.tt.slotBegin[pattern + 1]!)], pattern, [
      trip,
    ])
  }

  private ofPattern(pattern: number): number {
    const known = this.ofPatterns[pattern]!
    if (known >= 0) return known
    const begin = this.tt.slotBegin[pattern]!
    const end = this.tt.slotBegin[pattern + 1]!
    const at = this.words.reserve(end - begin)
    this.words.data.set(this.tt.slots.subarray(begin, end), at)
    this.used.push(pattern)
    this.ofPatterns[pattern] = at
    return at
  }

  /**
   * @param key tells lists apart that have other meanings though their words are the same
   * @param trips that stop there, one after the other
   */
  of(words: readonly number[], key: string | number, trips: readonly number[]): number {
    const named = trips.map(trip => (this.named.has(trip) ? trip : '')).join('+')
    return this.others.getOrInsertComputed(`${key}:${named}:${words.join()}`, () => {
      const at = this.words.reserve(words.length)
      this.words.data.set(words, at)
      return at
    })
  }

  clear(): void {
    for (const pattern of this.used.view()) this.ofPatterns[pattern] = -1
    this.used.clear()
    this.words.clear()
    this.others.clear()
  }

  write(out: Uint32Array): void {
    out.set(this.words.view())
  }
}

// words of a run while lanes are collected
const RUN_WORDS = 8
const RUN_TRIP = 0
const RUN_SHIFT = 1
const RUN_TAG = 2
const RUN_DAY = 3
/** Where its times are, in the timetable's profiles or in `own`, and what to add to them. */
const RUN_TIMES = 4
const RUN_OWN = 5
const RUN_OFFSET = 6
/** The next run of its lane, LAST after the last. */
const RUN_NEXT = 7
const LAST = -1

/** Lanes while they are collected; kept and cleared, not made anew. */
export class LaneBuilder {
  private readonly profiles: Int32Array
  /** Times of runs that have no profile: arr0 dep0 arr1 dep1 …; filled by the caller. */
  readonly own = new GrowColumn(Int32Array)
  // lane → its slots, stops, pattern, flags; its runs are a linked list: first, last, next of run
  readonly laneSlot = new GrowColumn(Uint32Array)
  readonly laneStops = new GrowColumn(Uint32Array)
  readonly lanePattern = new GrowColumn(Uint32Array)
  readonly laneAccess = new GrowColumn(Uint8Array)
  readonly laneFirst = new GrowColumn(Uint32Array)
  readonly laneLast = new GrowColumn(Uint32Array)
  readonly laneRuns = new GrowColumn(Uint32Array)
  // run * RUN_WORDS → its words: whoever follows a lane's list finds all of a run in one place
  private readonly runs = new GrowColumn(Int32Array)
  readonly slots: SlotLists
  /** Number of the first through lane; all lanes from there on have parts. */
  firstThrough = NONE
  // slot list → the parts of a through lane with it; run → its trips
  readonly partsOfSlot = new Map<number, readonly LanePart[]>()
  readonly tripsOfRun: (readonly number[])[] = []
  private events = 0
  private groupBegin = 0

  constructor(tt: Timetable) {
    this.profiles = tt.profileTimes
    this.slots = new SlotLists(tt)
  }

  clear(): void {
    for (const column of Object.values(this)) if (column instanceof GrowColumn) column.clear()
    this.slots.clear()
    this.firstThrough = NONE
    this.partsOfSlot.clear()
    this.tripsOfRun.length = 0
    this.events = 0
    this.groupBegin = 0
  }

  /** Runs so far; the next one's number. */
  get runCount(): number {
    return this.runs.length / RUN_WORDS
  }

  /** What the caller wanted back of a run. */
  tagOf(run: number): number {
    return this.runs.data[run * RUN_WORDS + RUN_TAG]! >>> 0
  }

  dayOf(run: number): number {
    return this.runs.data[run * RUN_WORDS + RUN_DAY]!
  }

  /** All lanes from here on are through lanes. */
  beginThrough(): void {
    this.firstThrough = this.laneSlot.length
  }

  /** Runs added from here on share no lane with those before. */
  beginGroup(): void {
    this.groupBegin = this.laneSlot.length
  }

  /** Adds a run to the group; runs of a group come in order of their first departure. */
  add(run: NewRun): void {
    const index = this.runCount
    const at = this.runs.reserve(RUN_WORDS)
    const { data } = this.runs
    data[at + RUN_TRIP] = run.trip
    data[at + RUN_SHIFT] = run.shift
    data[at + RUN_TAG] = run.tag
    data[at + RUN_DAY] = run.day
    data[at + RUN_TIMES] = run.times
    data[at + RUN_OWN] = run.own ? 1 : 0
    data[at + RUN_OFFSET] = run.offset
    data[at + RUN_NEXT] = LAST
    this.events += run.stops
    for (let lane = this.groupBegin; lane < this.laneSlot.length; lane++) {
      if (this.laneAccess.data[lane] !== run.access || this.laneSlot.data[lane] !== run.slot) continue
      const last = this.laneLast.data[lane]!
      if (!this.neverEarlier(index, last, run.stops)) continue
      data[last * RUN_WORDS + RUN_NEXT] = index
      this.laneLast.data[lane] = index
      this.laneRuns.data[lane]!++
      return
    }
    this.laneSlot.push(run.slot)
    this.laneStops.push(run.stops)
    this.lanePattern.push(run.pattern)
    this.laneAccess.push(run.access)
    this.laneFirst.push(index)
    this.laneLast.push(index)
    this.laneRuns.push(1)
  }

  counts(stops: number): DayCounts {
    const lanes = this.laneSlot.length
    const firstThrough = Math.min(this.firstThrough, lanes)
    let stopEntries = 0
    let parts = 0
    let throughTrips = 0
    for (let lane = 0; lane < lanes; lane++) {
      stopEntries += this.laneStops.data[lane]!
      if (lane < firstThrough) continue
      const ofLane = this.partsOfSlot.get(this.laneSlot.data[lane]!)!.length
      parts += ofLane
      throughTrips += ofLane * this.laneRuns.data[lane]!
    }
    return {
      stops,
      lanes,
      laneRuns: this.runCount,
      events: this.events,
      stopEntries,
      slots: this.slots.length,
      firstThrough,
      parts,
      throughTrips,
    }
  }

  /** Writes everything collected into `block` (made for `counts`). `onRun` tells which row of laneTrip a run got. */
  write(block: LaneBlock, onRun?: (row: number, run: number) => void): void {
    const { arr, dep, laneTrip, laneShift } = block
    const { profiles } = this
    const { data } = this.runs
    const own = this.own.data
    this.slots.write(block.slots)
    let row = 0
    let event = 0
    let part = 0
    let throughTrip = 0
    for (let lane = 0; lane < this.laneSlot.length; lane++) {
      const stops = this.laneStops.data[lane]!
      const runs = this.laneRuns.data[lane]!
      block.laneSlot[lane] = this.laneSlot.data[lane]!
      block.laneStops[lane] = stops
      block.lanePattern[lane] = this.lanePattern.data[lane]!
      block.laneAccess[lane] = this.laneAccess.data[lane]!
      block.laneRunBegin[lane] = row
      block.laneEvent[lane] = event
      const through = lane - block.counts.firstThrough
      if (through >= 0) {
        block.partBegin[through] = part
        block.throughTripBegin[through] = throughTrip
        for (const { pattern, position, days } of this.partsOfSlot.get(this.laneSlot.data[lane]!)!) {
          block.partPattern[part] = pattern
          block.partPosition[part] = position
          block.partDays[part++] = days
        }
      }
      let i = 0
      for (let run = this.laneFirst.data[lane]!; run !== LAST; i++) {
        const words = run * RUN_WORDS
        laneTrip[row] = data[words + RUN_TRIP]!
        laneShift[row] = data[words + RUN_SHIFT]!
        onRun?.(row, run)
        row++
        if (through >= 0) for (const trip of this.tripsOfRun[run]!) block.throughTrip[throughTrip++] = trip
        const offset = data[words + RUN_OFFSET]!
        const times = data[words + RUN_OWN] === 0 ? profiles : own
        let at = data[words + RUN_TIMES]!
        let arrival = event + i * stops
        let departure = event + i
        for (const end = arrival + stops; arrival < end; arrival++, departure += runs, at += 2) {
          arr[arrival] = times[at]! + offset
          dep[departure] = times[at + 1]! + offset
        }
        run = data[words + RUN_NEXT]!
      }
      event += stops * runs
    }
    block.laneRunBegin[this.laneSlot.length] = row
    block.partBegin[this.laneSlot.length - block.counts.firstThrough] = part
    block.throughTripBegin[this.laneSlot.length - block.counts.firstThrough] = throughTrip
    indexStops(block)
  }

  /** Is run `later` nowhere earlier than run `earlier`? */
  private neverEarlier(later: number, earlier: number, stops: number): boolean {
    const { data } = this.runs
    const [l, e] = [later * RUN_WORDS, earlier * RUN_WORDS]
    const a = data[l + RUN_TIMES]!
    const b = data[e + RUN_TIMES]!
    const shift = data[l + RUN_OFFSET]! - data[e + RUN_OFFSET]!
    if (a === b && data[l + RUN_OWN] === data[e + RUN_OWN]) return shift >= 0
    const at = data[l + RUN_OWN] === 0 ? this.profiles : this.own.data
    const bt = data[e + RUN_OWN] === 0 ? this.profiles : this.own.data
    for (let i = 0; i < 2 * stops; i++) if (at[a + i]! + shift < bt[b + i]!) return false
    return true
  }
}

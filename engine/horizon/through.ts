// Through lanes: the ways to stay seated when a vehicle goes on as another trip. A through run is a chain of trips laid end to end; one
// boards it in its first trip and leaves it in a later one (everything else the trips' own lanes say), so to the search it is a ride like
// any other, and only the reconstruction takes it apart again.
//
//   trip 1   A ─── B ─── C            boards at A, B
//   trip 2               C ─── D ─── E        alights at D, E
//   lane     A ─── B ─── C ─── D ─── E        parts at positions 0 and 3
//
// A vehicle under way when its service day ends may go on as a trip of the next one: the lane is the first trip's day's, in that day's seconds,
// and each part says how many days after it its own trip's is.

import type { TripIdx } from '../core/ids.ts'
import { stopCopies } from '../footpaths/copies.ts'
import { Access, CAN_ALIGHT, CAN_BOARD, type Timetable } from '../timetable/timetable.ts'
import type { LaneBuilder, LanePart, NewRun } from './lanes.ts'

/** Collects a block's through runs, part by part, and adds them to its lanes at the end; no other lanes may follow. */
export class ThroughRuns {
  private readonly tt: Timetable
  private readonly lanes: LaneBuilder
  private readonly named: ReadonlySet<number>
  private readonly runs: { run: NewRun; trips: readonly number[]; first: number }[] = []
  // patterns and days of a chain → its slot list, where every trip stops as planned
  private readonly slotOfChain = new Map<string, number>()
  // the chain in hand
  private trips: number[] = []
  private days: number[] = []
  private access: number[] = []
  private others: (readonly number[] | undefined)[] = []
  private times = 0
  private latest = 0

  constructor(tt: Timetable, lanes: LaneBuilder) {
    this.tt = tt
    this.lanes = lanes
    this.named = stopCopies(tt).trips
  }

  begin(): void {
    this.trips = []
    this.days = []
    this.access = []
    this.others = []
    this.times = this.lanes.own.length
    this.latest = Number.NEGATIVE_INFINITY
  }

  /**
   * The next trip as planned.
   * @param days from the first trip's service day to its own
   * @param offset turns seconds of its service day into the block's clock
   */
  addPlanned(trip: number, days: number, offset: number): void {
    const { profileTimes, tripProfile, tripStart } = this.tt
    const length = this.lengthOf(trip)
    const at = tripProfile[trip]!
    this.push(trip, days, 2 * length, i => profileTimes[at + i]! + tripStart[trip]! + offset, this.tt.tripAccess[trip]!)
  }

  /** The next trip with times of its own, in seconds of its service day, and `access` as tripAccess; `words` where it does not stop as planned. */
  addChanged(
    trip: number,
    days: number,
    arrivals: Int32Array,
    departures: Int32Array,
    at: number,
    offset: number,
    access: number,
    words?: readonly number[],
  ): void {
    const timeAt = (i: number): number => (i % 2 === 0 ? arrivals : departures)[at + (i >> 1)]! + offset
    this.push(trip, days, 2 * this.lengthOf(trip), timeAt, access, words)
  }

  /** Keeps the chain in hand, if it is one. */
  end(tag: number, day: number): void {
    const { tt, lanes, trips, times } = this
    if (trips.length < 2) return
    const slot = this.slotsOfChain()
    const access = this.access.reduce(together)
    const pattern = tt.tripPattern[trips[0] as TripIdx]
    const stops = (lanes.own.length - times) / 2
    const run = { trip: trips[0]!, shift: 0, tag, day, slot, stops, pattern, access, times, own: true, offset: 0 }
    this.runs.push({ run, trips, first: lanes.own.data[times + 1]! })
  }

  finish(): void {
    const { lanes, runs } = this
    lanes.beginThrough()
    runs.sort((a, b) => a.run.slot - b.run.slot || a.first - b.first)
    let slot = -1
    for (const { run, trips } of runs) {
      if (run.slot !== slot) lanes.beginGroup()
      slot = run.slot
      lanes.tripsOfRun[lanes.runCount] = trips
      lanes.add(run)
    }
  }

  private lengthOf(trip: number): number {
    const pattern = this.tt.tripPattern[trip as TripIdx]
    return this.tt.slotBegin[pattern + 1]! - this.tt.slotBegin[pattern]!
  }

  /** A vehicle that comes in late leaves late: time never runs back. The stop where a later trip begins is where the one before ended. */
  private push(
    trip: number,
    days: number,
    times: number,
    timeAt: (i: number) => number,
    access: number,
    words?: readonly number[],
  ): void {
    const from = this.trips.length === 0 ? 0 : 2
    const { own } = this.lanes
    let at = own.reserve(times - from)
    for (let i = from; i < times; i++) {
      const time = timeAt(i)
      if (time > this.latest) this.latest = time
      own.data[at++] = this.latest
    }
    this.trips.push(trip)
    this.days.push(days)
    this.access.push(access)
    this.others.push(words)
  }

  /** The slot list of the chain: boarding in its first trip only, alighting in the later ones only. */
  private slotsOfChain(): number {
    const { tt, lanes, trips, days, others, named } = this
    const patterns = trips.map(trip => tt.tripPattern[trip as TripIdx])
    const key = patterns.map((pattern, p) => `${pattern}@${days[p]}`).join('+')
    const planned = others.every(words => words === undefined) && !trips.some(trip => named.has(trip))
    const known = planned ? this.slotOfChain.get(key) : undefined
    if (known !== undefined) return known
    const words: number[] = []
    const parts: LanePart[] = []
    patterns.forEach((pattern, p) => {
      parts.push({ pattern, position: words.length, days: days[p]! })
      const own = others[p] ?? tt.slots.subarray(tt.slotBegin[pattern]!, tt.slotBegin[pattern + 1]!)
      for (let i = p === 0 ? 0 : 1; i < own.length; i++)
        words.push((own[i]! & ~(p === 0 ? CAN_ALIGHT : CAN_BOARD)) >>> 0)
    })
    const slot = lanes.slots.of(words, key, trips)
    lanes.partsOfSlot.set(slot, parts)
    if (planned) this.slotOfChain.set(key, slot)
    return slot
  }
}

/** Wheelchair, bikes and cars on a chain of trips: no if one says no, yes if all say yes. */
function together(a: number, b: number): number {
  if (a === b) return a
  let both = 0
  for (let shift = 0; shift < 6; shift += 2) {
    const [x, y] = [(a >> shift) & 3, (b >> shift) & 3]
    const value =
      x === Access.no || y === Access.no
        ? Access.no
        : x === Access.yes && y === Access.yes
          ? Access.yes
          : Access.unknown
    both |= value << shift
  }
  return both
}

// Realtime compiled in: of every day block, the lanes in which some run really changed are marked dead and written again, changed runs
// included, into the live block. Runs whose feed only confirms the schedule change nothing here; their cold columns say "live" all the
// same. The cost follows what changed, not the size of the timetable.
//
//   day block  lane 0 ────────────            ┐ searched as they are
//              lane 1 ──────────── (dead)     │
//              lane 2 ────────────            ┘
//   live block lane 0 ───── lane 1's runs, those on time and those late …
//              lane 1 ───── … and one that no longer fits behind the others (FIFO)
//              lane 2 ───── one that skips a stop: another slot list

import { type LiveRunIdx, NONE, type TripIdx, type ZoneIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { isServed, type LiveState } from '../live/state.ts'
import type { Part } from '../timetable/continuations.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { dayStart, patternLength, type Timetable, zoneOfTrip } from '../timetable/timetable.ts'
import {
  createLiveBlock,
  type DayBlock,
  dayKey,
  type HorizonDay,
  type LiveBlock,
  type LiveCounts,
  liveBytes,
} from './horizon.ts'
import { LaneBuilder, type NewRun } from './lanes.ts'
import { countRunStops, writeRuns } from './run-table.ts'
import { differs, slotsOfRun, stopsAsPlanned, wordsOfRun } from './stopping.ts'
import { ThroughRuns } from './through.ts'

/** Which row of laneTrip a trip has in a block; repeated (frequency) trips have several. */
interface RowIndex {
  readonly rowOfTrip: Uint32Array
  readonly rowsOfRepeated: ReadonlyMap<number, number[]>
  readonly laneOfRow: Uint32Array
  // service days after the block's → trip → the through lanes that it is part of
  readonly throughLanes: readonly ReadonlyMap<number, ReadonlySet<number>>[]
}

/** Compiles live blocks again and again with the same scratch memory; one per network and thread. */
export class LiveCompiler {
  private readonly tt: Timetable
  private readonly lanes: LaneBuilder
  private readonly indexes = new WeakMap<DayBlock, RowIndex>()

  constructor(tt: Timetable) {
    this.tt = tt
    this.lanes = new LaneBuilder(tt)
  }

  /**
   * @param days the compiled days; runs of other days get cold columns only, so compile again when a day is added
   * @param base all times of the block count from here; any moment within a year of the runs
   * @param allocate gives memory of at least that many bytes, from a pool that holds nothing anybody still reads
   */
  compile(
    days: Iterable<HorizonDay>,
    live: LiveState,
    base: UnixSeconds,
    allocate: (bytes: number) => SharedArrayBuffer = bytes => new SharedArrayBuffer(bytes),
  ): LiveBlock {
    const { tt, lanes } = this
    const { runs } = live
    lanes.clear()
    const byKey = new Map<number, Changes>()
    for (const day of days) {
      const changes = {
        day,
        index: this.indexOf(day.block),
        changed: new Map(),
        through: new Set<number>(),
      }
      byKey.set(dayKey(day.zone, day.day), changes)
    }
    const seated: Seated = new Map()
    const furthest = Math.max(0, ...Array.from(byKey.values(), ({ index }) => index.throughLanes.length))

    const own: LiveRunIdx[] = []
    for (let r = 0; r < runs.runs; r++) {
      const run = r as LiveRunIdx
      const trip = runs.runTrip[run]
      if (trip === NONE) continue
      if (isExtraTrip(tt, trip)) {
        own.push(run)
        continue
      }
      if (!differs(tt, live, run)) continue
      const zone = zoneOfTrip(tt, trip)
      const day = runs.runDay[run]
      for (let days = 0; days < furthest; days++) {
        const before = byKey.get(dayKey(zone, (day - days) as ServiceDay))
        const lanes = before?.index.throughLanes[days]?.get(trip)
        if (lanes === undefined) continue
        for (const lane of lanes) before!.through.add(lane)
        seated.getOrInsertComputed(dayKey(zone, day), () => new Map()).set(trip, run)
      }
      const changes = byKey.get(dayKey(zone, day))
      if (changes === undefined) continue
      const row = rowOf(changes, trip, runs.runShift[run])
      // a vehicle that goes "every so often" starts when it likes (G1)
      if (row === undefined) {
        own.push(run)
        continue
      }
      const lane = changes.index.laneOfRow[row]!
      const rows = changes.changed.get(lane)
      if (rows) rows.set(row, run)
      else changes.changed.set(lane, new Map([[row, run]]))
    }
    for (const changes of byKey.values())
      for (const [lane, rows] of changes.changed) this.refit(changes.day, lane, rows, live, base)
    this.addOwn(own, live, base)

    const through = new ThroughRuns(tt, lanes)
    for (const changes of byKey.values()) addThrough(tt, through, changes, seated, live, base)
    through.finish()

    const used = [...byKey.values()].filter(c => c.changed.size > 0 || c.through.size > 0)
    const counts: LiveCounts = {
      ...lanes.counts(tt.counts.stops),
      base,
      runs: runs.runs,
      runEvents: runs.eventBegin[runs.runs as LiveRunIdx],
      runStops: countRunStops(tt, live),
      days: used.length,
      deadWords: used.reduce((sum, c) => sum + Math.ceil(c.day.block.counts.lanes / 32), 0),
    }
    const block = createLiveBlock(counts, allocate(liveBytes(counts)))
    lanes.write(block, (row, run) => {
      block.laneLiveRun[row] = lanes.tagOf(run)
      block.laneDay[row] = lanes.dayOf(run)
    })
    writeRuns(tt, live, block)
    writeDead(used, block)
    return block
  }

  /** Writes a day block's lane again with its changed runs as they are now. */
  private refit(
    day: HorizonDay,
    lane: number,
    changed: ReadonlyMap<number, LiveRunIdx>,
    live: LiveState,
    base: UnixSeconds,
  ): void {
    const { tt, lanes } = this
    const { block } = day
    const { runs } = live
    const pattern = block.lanePattern[lane]!
    const stops = block.laneStops[lane]!
    const fresh: (NewRun & { first: number })[] = []
    for (let row = block.laneRunBegin[lane]!; row < block.laneRunBegin[lane + 1]!; row++) {
      const trip = block.laneTrip[row]!
      const run: NewRun & { first: number } = {
        trip,
        shift: block.laneShift[row]!,
        tag: NONE,
        day: day.day,
        slot: 0,
        stops,
        pattern,
        access: block.laneAccess[lane]!,
        times: tt.tripProfile[trip]!,
        own: false,
        offset: day.start - base + tt.tripStart[trip]! + block.laneShift[row]!,
        first: 0,
      }
      const r = changed.get(row)
      if (r === undefined) run.slot = lanes.slots.ofTrip(pattern, trip)
      else {
        if (!isServed(runs.runState[r])) continue
        this.asItIs(run, live, r, day.start - base)
      }
      run.first = run.offset + (run.own ? lanes.own.data[run.times + 1]! : tt.profileTimes[run.times + 1]!)
      fresh.push(run)
    }
    fresh.sort((a, b) => a.first - b.first)
    lanes.beginGroup()
    for (const run of fresh) lanes.add(run)
  }

  /** Runs that no day block has: each in a lane of its own kind. */
  private addOwn(own: readonly LiveRunIdx[], live: LiveState, base: UnixSeconds): void {
    const { tt, lanes } = this
    const { runs } = live
    const fresh = own
      .filter(r => isServed(runs.runState[r]))
      .map(r => {
        const trip = runs.runTrip[r]
        const pattern = tt.tripPattern[trip]
        const [access, stops, day, shift] = [
          tt.tripAccess[trip]!,
          patternLength(tt, pattern),
          runs.runDay[r],
          runs.runShift[r],
        ]
        const run: NewRun = {
          trip,
          shift,
          tag: r,
          day,
          slot: 0,
          stops,
          pattern,
          access,
          times: 0,
          own: true,
          offset: 0,
        }
        this.asItIs(run, live, r, dayStart(tt, zoneOfTrip(tt, trip), day) - base)
        return { run, first: run.offset + lanes.own.data[run.times + 1]! }
      })
      .sort((a, b) => a.run.pattern - b.run.pattern || a.first - b.first)
    fresh.forEach(({ run }, i) => {
      if (run.pattern !== fresh[i - 1]?.run.pattern) lanes.beginGroup()
      lanes.add(run)
    })
  }

  /** Gives the run its present times and stops; `offset` turns seconds of its service day into the block's clock. */
  private asItIs(run: NewRun, live: LiveState, r: LiveRunIdx, offset: number): void {
    const { tt, lanes } = this
    const { runs } = live
    run.tag = r
    run.access = withWheelchair(run.access, runs.runWheelchair[r])
    run.slot = slotsOfRun(tt, lanes.slots, run.pattern, live, r)
    run.own = true
    run.offset = offset
    const begin = runs.eventBegin[r]
    run.times = lanes.own.reserve(2 * run.stops)
    for (let i = 0; i < run.stops; i++) {
      lanes.own.data[run.times + 2 * i] = runs.eventArrival[begin + i]!
      lanes.own.data[run.times + 2 * i + 1] = runs.eventDeparture[begin + i]!
    }
  }

  private indexOf(block: DayBlock): RowIndex {
    const known = this.indexes.get(block)
    if (known) return known
    const rowOfTrip = new Uint32Array(this.tt.counts.trips).fill(NONE)
    const laneOfRow = new Uint32Array(block.counts.laneRuns)
    const rowsOfRepeated = new Map<number, number[]>()
    const throughLanes: Map<number, Set<number>>[] = []
    for (let lane = 0; lane < block.counts.lanes; lane++)
      for (let row = block.laneRunBegin[lane]!; row < block.laneRunBegin[lane + 1]!; row++) {
        const trip = block.laneTrip[row]!
        laneOfRow[row] = lane
        if (lane >= block.counts.firstThrough) {
          for (const part of partsOfRow(block, lane, row)) {
            throughLanes[part.days] ??= new Map()
            throughLanes[part.days]!.getOrInsertComputed(part.trip, () => new Set()).add(lane)
          }
          continue
        }
        if (this.tt.tripFrequencyBegin[trip + 1]! > this.tt.tripFrequencyBegin[trip]!)
          rowsOfRepeated.getOrInsertComputed(trip, () => []).push(row)
        else rowOfTrip[trip] = row
      }
    const index = { rowOfTrip, rowsOfRepeated, laneOfRow, throughLanes }
    this.indexes.set(block, index)
    return index
  }
}

interface Changes {
  readonly day: HorizonDay
  readonly index: RowIndex
  // lane → row → live run
  readonly changed: Map<number, Map<number, LiveRunIdx>>
  // through lanes with a run of which some trip changed
  readonly through: Set<number>
}

/** Day key → trip → its changed run, of all trips that are parts of through lanes. */
type Seated = Map<number, Map<number, LiveRunIdx>>

/** The trips of a through lane's run. */
function partsOfRow(block: DayBlock, lane: number, row: number): Part[] {
  const through = lane - block.counts.firstThrough
  const begin = block.partBegin[through]!
  const parts = block.partBegin[through + 1]! - begin
  const trips = block.throughTripBegin[through]! + (row - block.laneRunBegin[lane]!) * parts
  return Array.from({ length: parts }, (_, p) => ({
    trip: block.throughTrip[trips + p]!,
    days: block.partDays[begin + p]!,
  }))
}

/** The runs of all through lanes in which anything changed, as they are now. A chain ends before a trip that does not run. */
function addThrough(
  tt: Timetable,
  into: ThroughRuns,
  { day: { block, zone, day }, through }: Changes,
  seated: Seated,
  live: LiveState,
  base: UnixSeconds,
): void {
  const { runs } = live
  for (const lane of through)
    for (let row = block.laneRunBegin[lane]!; row < block.laneRunBegin[lane + 1]!; row++) {
      let tag = NONE
      into.begin()
      for (const { trip, days } of partsOfRow(block, lane, row)) {
        const on = (day + days) as ServiceDay
        const offset = dayStart(tt, zone as ZoneIdx, on) - base
        const r = seated.get(dayKey(zone, on))?.get(trip)
        if (r === undefined) into.addPlanned(trip, days, offset)
        else if (!isServed(runs.runState[r])) break
        else {
          tag = r
          const pattern = tt.tripPattern[trip as TripIdx]
          const words = stopsAsPlanned(tt, pattern, live, r) ? undefined : wordsOfRun(tt, pattern, live, r)
          const access = withWheelchair(tt.tripAccess[trip]!, runs.runWheelchair[r])
          into.addChanged(trip, days, runs.eventArrival, runs.eventDeparture, runs.eventBegin[r], offset, access, words)
        }
      }
      into.end(tag, day)
    }
}

/** tripAccess with the vehicle's own word, where it says one (I9). */
const withWheelchair = (access: number, word: number): number => (word === 0 ? access : (access & ~3) | word)

function rowOf({ day, index }: Changes, trip: TripIdx, shift: number): number | undefined {
  const row = index.rowOfTrip[trip]!
  if (row !== NONE) return row
  return index.rowsOfRepeated.get(trip)?.find(r => day.block.laneShift[r] === shift)
}

function writeDead(used: readonly Changes[], block: LiveBlock): void {
  block.dead.fill(0)
  let word = 0
  used.forEach(({ day, changed, through }, i) => {
    block.dayZone[i] = day.zone
    block.dayService[i] = day.day
    block.deadBegin[i] = word
    for (const lane of [...changed.keys(), ...through]) block.dead[word + (lane >>> 5)]! |= 1 << (lane & 31)
    word += Math.ceil(day.block.counts.lanes / 32)
  })
  block.deadBegin[used.length] = word
}

// What one search runs on: the blocks that matter for its span of time, each with the seconds that turn its times into the search's, and
// all lanes numbered through. The search's clock starts at `base`; a mirrored network (see mirror.ts) runs backwards in time.
//
//   times of the search = times of the block + offset          lane of the search = lane of the block + firstLane

import { FreifahrtError } from '../core/errors.ts'
import type { UnixSeconds } from '../core/time.ts'
import { daysBetween, serviceSpan } from '../horizon/days.ts'
import { dayKey, type Horizon, type LaneBlock } from '../horizon/horizon.ts'

export interface SearchBlock {
  readonly block: LaneBlock
  /** The slot words that laneSlot points into. */
  readonly slots: Uint32Array
  readonly offset: number
  readonly firstLane: number
  /** Bit set of lanes that the live block replaces, from word `deadBegin`; undefined when none is. */
  readonly dead: Uint32Array | undefined
  readonly deadBegin: number
  /** Which zone and day, for telling runs; day −1 for the live block, whose lanes carry their own. */
  readonly zone: number
  readonly day: number
  /** The day before, when it has the very same block: see `followsOn`. */
  readonly before: SearchBlock | undefined
}

export interface SearchNetwork {
  readonly horizon: Horizon
  readonly base: UnixSeconds
  readonly blocks: readonly SearchBlock[]
  readonly lanes: number
}

/**
 * The blocks with runs under way within [from, to].
 * @param realtime false: the schedule alone
 * @throws INTERNAL when a day of the span has not been compiled: the caller makes sure of it first
 */
export function networkFor(horizon: Horizon, from: UnixSeconds, to: UnixSeconds, realtime: boolean): SearchNetwork {
  const { timetable: tt, live } = horizon
  const base = from
  const blocks: SearchBlock[] = []
  let lanes = 0
  const { last } = serviceSpan(tt)
  for (const { zone, day } of daysBetween(tt, from, to)) {
    const compiled = horizon.days.get(dayKey(zone, day))
    if (!compiled) throw new FreifahrtError('INTERNAL', 'horizon', `service day ${day} of zone ${zone} is not compiled`)
    if (compiled.start + last < from || compiled.block.counts.lanes === 0) continue
    const dead = realtime ? deadLanes(horizon, zone, day) : -1
    const before = blocks.find(b => b.zone === zone && b.day === day - 1 && b.block === compiled.block)
    blocks.push({
      block: compiled.block,
      slots: tt.slots,
      offset: compiled.start - base,
      firstLane: lanes,
      dead: dead < 0 ? undefined : live.dead,
      deadBegin: Math.max(dead, 0),
      zone,
      day,
      before,
    })
    lanes += compiled.block.counts.lanes
  }
  if (realtime && live.counts.lanes > 0) {
    blocks.push({
      block: live,
      slots: live.slots,
      offset: live.counts.base - base,
      firstLane: lanes,
      dead: undefined,
      deadBegin: 0,
      zone: 0,
      day: -1,
      before: undefined,
    })
    lanes += live.counts.lanes
  }
  return { horizon, base, blocks, lanes }
}

const following = new WeakMap<LaneBlock, Uint8Array>()

/**
 * Lane → 1 if its first run of one day is nowhere earlier than its last run of the day before. Whoever can still catch such a lane today
 * has no use for it tomorrow, which halves the lanes of a search that looks into the next day.
 */
export function followsOn(block: LaneBlock): Uint8Array {
  const known = following.get(block)
  if (known) return known
  const lanes = new Uint8Array(block.counts.lanes)
  for (let lane = 0; lane < lanes.length; lane++) {
    const stops = block.laneStops[lane]!
    const runs = block.laneRunBegin[lane + 1]! - block.laneRunBegin[lane]!
    const event = block.laneEvent[lane]!
    let follows = 1
    for (let pos = 0; pos < stops && follows === 1; pos++) {
      const departures = block.dep[event + pos * runs + runs - 1]! - block.dep[event + pos * runs]!
      const arrivals = block.arr[event + (runs - 1) * stops + pos]! - block.arr[event + pos]!
      if (departures > SHORTEST_DAY || arrivals > SHORTEST_DAY) follows = 0
    }
    lanes[lane] = follows
  }
  following.set(block, lanes)
  return lanes
}

/** Seconds between two service days' starts when the clocks go forward by the two hours that some place on earth has. */
const SHORTEST_DAY = 22 * 3600

/** First word of the bit set of replaced lanes of a day, or −1. */
function deadLanes({ live }: Horizon, zone: number, day: number): number {
  for (let i = 0; i < live.counts.days; i++)
    if (live.dayZone[i] === zone && live.dayService[i] === day) return live.deadBegin[i]!
  return -1
}

/** The block that a lane of the search belongs to. */
export function blockOfLane(network: SearchNetwork, lane: number): SearchBlock {
  for (let i = network.blocks.length - 1; ; i--) if (network.blocks[i]!.firstLane <= lane) return network.blocks[i]!
}

// What one search runs on: the blocks that matter for its span of time, each with the seconds that turn its times into the search's, and
// all lanes numbered through. The search's clock starts at `base`; a mirrored network (see mirror.ts) runs backwards in time.
//
//   times of the search = times of the block + offset          lane of the search = lane of the block + firstLane

import { FreifahrtError } from '../core/errors.ts'
import { NEVER, SHORTEST_DAY, type UnixSeconds } from '../core/time.ts'
import { daysBetween, serviceSpan, type ZoneDay } from '../horizon/days.ts'
import {
  CALL_COLUMN,
  CALL_LANE,
  CALL_RUNS,
  CALL_WORDS,
  dayKey,
  type Horizon,
  type LaneBlock,
  type LiveBlock,
} from '../horizon/horizon.ts'
import { withCopies } from './copied.ts'

export interface SearchBlock {
  readonly block: LaneBlock
  readonly offset: number
  /** The block as it was compiled, and its offset: of a mirrored block what it mirrors. */
  readonly real: { readonly block: LaneBlock; readonly offset: number }
  readonly firstLane: number
  /** Bit set of lanes that this search must not use: replaced by the live block, or not what the query allows; undefined when none is. */
  readonly closed: Uint32Array | undefined
  /** The lanes among them that the live block replaces. */
  readonly dead: Uint32Array | undefined
  /** Which zone and day, for telling runs; day −1 for the live block, whose lanes carry their own. */
  readonly zone: number
  readonly day: number
  /** The day before, when it has the very same block: see `followsOn`. */
  readonly before: SearchBlock | undefined
  /** Stop → until when every run boarded there can still be caught on this day, on a lane that follows on; −NEVER where not all can. */
  readonly served: Int32Array
  readonly departs: Departs
}

/** First and last departure with boarding anywhere in a block; NEVER and −NEVER when there is none. */
export interface Departs {
  readonly first: number
  readonly last: number
}

const departures = new WeakMap<LaneBlock, Departs>()

export const departsOf = (block: LaneBlock): Departs =>
  departures.getOrInsertComputed(block, ({ stopDepartures }) => {
    let [first, last] = [NEVER, -NEVER]
    for (let i = 0; i < stopDepartures.length; i += 2) {
      first = Math.min(first, stopDepartures[i]!)
      last = Math.max(last, stopDepartures[i + 1]!)
    }
    return { first, last }
  })

export interface SearchNetwork {
  readonly horizon: Horizon
  readonly base: UnixSeconds
  /** The other end of the span; no time of the search is negative, so NEVER stays the largest of sums. */
  readonly end: UnixSeconds
  readonly blocks: readonly SearchBlock[]
  readonly lanes: number
  /** Does its clock run backwards, from base? (mirror.ts) */
  readonly mirrored: boolean
  /** false: the schedule alone. */
  readonly realtime: boolean
}

/**
 * The blocks with runs under way within [from, to].
 * @param realtime false: the schedule alone
 * @param allowed which lanes the query may use; all when absent
 * @throws INTERNAL when a day of the span has not been compiled: the caller makes sure of it first
 */
export function networkFor(
  horizon: Horizon,
  from: UnixSeconds,
  to: UnixSeconds,
  realtime: boolean,
  allowed?: AllowedLanes,
): SearchNetwork {
  const { timetable: tt, live } = horizon
  const base = from
  const blocks: SearchBlock[] = []
  let lanes = 0
  const { last } = serviceSpan(tt)
  for (const { zone, day } of daysBetween(tt, from, to)) {
    const compiled = horizon.days.get(dayKey(zone, day))
    if (!compiled) throw new FreifahrtError('INTERNAL', 'horizon', `service day ${day} of zone ${zone} is not compiled`)
    const { start } = compiled
    const block = withCopies(tt, compiled.block)
    if (start + last < from || block.counts.lanes === 0) continue
    const dead = realtime ? deadLanes(horizon, zone, day, block.counts.lanes) : undefined
    const closed = allowed ? closedLanes(block, allowed, dead) : dead
    const before = blocks.find(b => b.zone === zone && b.day === day - 1 && b.block === block)
    const offset = start - base
    blocks.push({
      block,
      offset,
      real: { block: compiled.block, offset },
      firstLane: lanes,
      closed,
      dead,
      zone,
      day,
      before,
      served: servedUntil(block, dead, live, dayKey(zone, day)),
      departs: departsOf(block),
    })
    lanes += block.counts.lanes
  }
  if (realtime && live.counts.lanes > 0) {
    const closed = allowed && closedLanes(live, allowed)
    const block = withCopies(tt, live)
    const offset = live.counts.base - base
    blocks.push({
      block,
      offset,
      real: { block: live, offset },
      firstLane: lanes,
      closed,
      zone: 0,
      day: -1,
      before: undefined,
      dead: undefined,
      served: NOTHING,
      departs: departsOf(block),
    })
    lanes += live.counts.lanes
  }
  return { horizon, base, end: to, blocks, lanes, mirrored: false, realtime }
}

/** Networks of one horizon that are kept. */
const MOST_KEPT = 64
const kept = new WeakMap<Horizon, Map<number, SearchNetwork>>()
const noneKept = (): Map<number, SearchNetwork> => new Map()

/**
 * A network for a span and whatever lies within the same hours: made once, for who may use all lanes. On days that have not been compiled, of which
 * the span needs none, it is the span's own.
 */
export function networkAround(horizon: Horizon, from: UnixSeconds, to: UnixSeconds, realtime: boolean): SearchNetwork {
  const known = kept.getOrInsertComputed(horizon, noneKept)
  const [first, last] = [Math.floor(from / 3600), Math.ceil(to / 3600)]
  const key = (first * 1024 + last - first) * 2 + (realtime ? 1 : 0)
  const found = known.get(key)
  if (found) return found
  const [begin, end] = [3600 * first, 3600 * last] as [UnixSeconds, UnixSeconds]
  const isCompiled = ({ zone, day }: ZoneDay): boolean => horizon.days.has(dayKey(zone, day))
  if (!daysBetween(horizon.timetable, begin, end).every(isCompiled)) return networkFor(horizon, from, to, realtime)
  const network = networkFor(horizon, begin, end, realtime)
  if (known.size >= MOST_KEPT) known.clear()
  known.set(key, network)
  return network
}

/** Says which lanes a query may use. */
export type AllowedLanes = (block: LaneBlock, lane: number) => boolean

function closedLanes(block: LaneBlock, allowed: AllowedLanes, dead?: Uint32Array): Uint32Array {
  const closed = new Uint32Array(Math.ceil(block.counts.lanes / 32))
  for (let lane = 0; lane < block.counts.lanes; lane++)
    if (!allowed(block, lane)) closed[lane >>> 5]! |= 1 << (lane & 31)
  if (dead) for (let i = 0; i < closed.length; i++) closed[i]! |= dead[i]!
  return closed
}

export const isClosed = (closed: Uint32Array | undefined, lane: number): boolean =>
  closed !== undefined && ((closed[lane >>> 5]! >>> (lane & 31)) & 1) !== 0

const NOTHING = new Int32Array(0)
const served = new WeakMap<LaneBlock, Int32Array>()
const servedLive = new WeakMap<LiveBlock, Map<number, Int32Array>>()

/**
 * @param dead lanes that the live block replaces on this day: their stops are not sure to be served
 * @param key of the block among those of one live generation
 */
export function servedUntil(block: LaneBlock, dead: Uint32Array | undefined, live: LiveBlock, key: number): Int32Array {
  let planned = served.get(block)
  if (!planned) {
    const follows = followsOn(block)
    planned = new Int32Array(block.counts.stops)
    for (let stop = 0; stop < planned.length; stop++) {
      let until = NEVER
      for (
        let call = CALL_WORDS * block.stopBegin[stop]!;
        call < CALL_WORDS * block.stopBoardEnd[stop]!;
        call += CALL_WORDS
      ) {
        const last = block.stopCalls[call + CALL_COLUMN]! + block.stopCalls[call + CALL_RUNS]! - 1
        until = follows[block.stopCalls[call + CALL_LANE]!] === 1 ? Math.min(until, block.dep[last]!) : -NEVER
        if (until === -NEVER) break
      }
      planned[stop] = until
    }
    served.set(block, planned)
  }
  if (!dead) return planned
  const byKey = servedLive.getOrInsertComputed(live, () => new Map())
  return byKey.getOrInsertComputed(key, () => {
    const now = planned.slice()
    for (let lane = 0; lane < block.counts.lanes; lane++) {
      if (!isClosed(dead, lane)) continue
      for (let i = 0; i < block.laneStops[lane]!; i++) now[block.slots[block.laneSlot[lane]! + i]! >>> 2] = -NEVER
    }
    return now
  })
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

/** The lanes of a day that the live block replaces, if any. */
function deadLanes({ live }: Horizon, zone: number, day: number, lanes: number): Uint32Array | undefined {
  for (let i = 0; i < live.counts.days; i++)
    if (live.dayZone[i] === zone && live.dayService[i] === day)
      return live.dead.subarray(live.deadBegin[i]!, live.deadBegin[i]! + Math.ceil(lanes / 32))
  return undefined
}

/** The block that a lane of the search belongs to. */
export function blockOfLane(network: SearchNetwork, lane: number): SearchBlock {
  for (let i = network.blocks.length - 1; ; i--) if (network.blocks[i]!.firstLane <= lane) return network.blocks[i]!
}

// A block as a search sees it that knows copies of stops (footpaths/copies.ts): the same lanes and times, other stops. Made once per block, and
// only where transfers.txt speaks of routes or trips; everywhere else the block is searched as it is.

import { NONE } from '../core/ids.ts'
import { type StopCopies, stopCopies } from '../footpaths/copies.ts'
import type { LaneBlock } from '../horizon/horizon.ts'
import { indexStops } from '../horizon/stop-calls.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Reach } from './range.ts'

const views = new WeakMap<LaneBlock, LaneBlock>()

export function withCopies<B extends LaneBlock>(tt: Timetable, block: B): B {
  const copies = stopCopies(tt)
  if (copies.of.size === 0) return block
  return views.getOrInsertComputed(block, () => copied(block, copies)) as B
}

function copied(block: LaneBlock, copies: StopCopies): LaneBlock {
  const slots = new Uint32Array(new SharedArrayBuffer(block.slots.byteLength))
  slots.set(block.slots)
  for (let lane = 0; lane < block.counts.lanes; lane++) {
    const slot = block.laneSlot[lane]!
    for (let pos = 0; pos < block.laneStops[lane]!; pos++) {
      const word = block.slots[slot + pos]!
      const stop = copies.at(word >>> 2, tripAt(block, lane, pos))
      slots[slot + pos] = ((stop << 2) | (word & 3)) >>> 0
    }
  }
  const view = {
    ...block,
    slots,
    counts: { ...block.counts, stops: copies.count },
    stopBegin: new Uint32Array(new SharedArrayBuffer(4 * (copies.count + 1))),
    stopBoardEnd: new Uint32Array(new SharedArrayBuffer(4 * copies.count)),
    stopCalls: new Int32Array(new SharedArrayBuffer(block.stopCalls.byteLength)),
    stopDepartures: new Int32Array(new SharedArrayBuffer(8 * copies.count)),
  } as unknown as LaneBlock
  indexStops(view)
  return view
}

/** Of the runs of a lane, which all have the same copies, the first one's trip that calls at a position. */
function tripAt(block: LaneBlock, lane: number, position: number): number {
  const through = lane - block.counts.firstThrough
  if (through < 0) return block.laneTrip[block.laneRunBegin[lane]!]!
  const begin = block.partBegin[through]!
  let part = 0
  while (begin + part + 1 < block.partBegin[through + 1]! && block.partPosition[begin + part + 1]! <= position) part++
  return block.throughTrip[block.throughTripBegin[through]! + part] ?? NONE
}

/** A reach with the copies of its stops. */
export function reachCopies(tt: Timetable, reach: Reach): Reach {
  const { of } = stopCopies(tt)
  if (of.size === 0) return reach
  const stops: number[] = []
  const seconds: number[] = []
  for (let i = 0; i < reach.count; i++)
    for (const stop of [reach.stops[i]!, ...(of.get(reach.stops[i]!) ?? [])]) {
      stops.push(stop)
      seconds.push(reach.seconds[i]!)
    }
  return { count: stops.length, stops, seconds }
}

/** Gives the copies the lower bounds of their stops. */
export function boundCopies(tt: Timetable, bounds: Int32Array): void {
  const { of } = stopCopies(tt)
  for (const [stop, copies] of of) for (const copy of copies) bounds[copy] = bounds[stop]!
}

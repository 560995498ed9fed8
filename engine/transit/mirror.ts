// Arrive-by is the same search in a mirror: time runs backwards, every run visits its stops in reverse, boarding and alighting change
// places. So there is one scan, one range search and one reconstruction for both directions, at the price of a second copy of the
// blocks that arrive-by queries touch, made when the first such query needs them.
//
//   run       A 10:00 ──▶ B 10:10/10:12 ──▶ C 10:40          lane: runs earliest first
//   mirrored  C −10:40 ──▶ B −10:12/−10:10 ──▶ A −10:00      lane: runs in reverse order, FIFO again

import type { UnixSeconds } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { LaneBlock, LiveBlock } from '../horizon/horizon.ts'
import { indexStops } from '../horizon/lanes.ts'
import { CAN_ALIGHT, CAN_BOARD, patternLength, type Timetable } from '../timetable/timetable.ts'
import type { Journey, Leg, LegEnd } from './journey.ts'
import type { SearchBlock, SearchNetwork } from './network.ts'

interface Mirrored {
  readonly block: LaneBlock
  readonly slots: Uint32Array
}

const mirrors = new WeakMap<LaneBlock, Mirrored>()

/** The network seen in the mirror: its clock counts backwards from the end of the span. */
export function mirrorNetwork(network: SearchNetwork): SearchNetwork {
  const blocks: SearchBlock[] = []
  // the day after comes before, so that `before` can be set
  for (const b of network.blocks.toReversed()) {
    let mirrored = mirrors.get(b.block)
    if (!mirrored) {
      mirrored = mirrorBlock(b.block, b.slots)
      mirrors.set(b.block, mirrored)
    }
    const { block, slots } = mirrored
    const before = blocks.find(m => m.day >= 0 && m.zone === b.zone && m.day === b.day + 1 && m.block === block)
    blocks.push({ ...b, block, slots, offset: network.end - network.base - b.offset, before })
  }
  return { ...network, base: network.end, end: network.base, blocks: blocks.reverse() }
}

export function mirrorFootpaths(f: Footpaths): Footpaths {
  return {
    ...f,
    outBegin: f.inBegin,
    outTo: f.inFrom,
    outSeconds: f.inSeconds,
    inBegin: f.outBegin,
    inFrom: f.outTo,
    inSeconds: f.outSeconds,
  }
}

function mirrorBlock(block: LaneBlock, slots: Uint32Array): Mirrored {
  const live = block as Partial<LiveBlock>
  const shared = (column: Int32Array): Int32Array => new Int32Array(new SharedArrayBuffer(column.byteLength))
  const reversed = {
    arr: shared(block.arr),
    dep: shared(block.dep),
    laneTrip: block.laneTrip.slice(),
    laneShift: block.laneShift.slice(),
    laneLastDeparture: block.laneLastDeparture.slice(),
    stopBegin: block.stopBegin.slice(),
    stopBoardEnd: block.stopBoardEnd.slice(),
    stopLane: block.stopLane.slice(),
    stopPosition: block.stopPosition.slice(),
    stopFirstDeparture: block.stopFirstDeparture.slice(),
    stopLastDeparture: block.stopLastDeparture.slice(),
    ...(live.laneDay ? { laneDay: live.laneDay.slice() } : {}),
  }
  const back = new Uint32Array(new SharedArrayBuffer(slots.byteLength))
  for (let lane = 0; lane < block.counts.lanes; lane++) {
    const slot = block.laneSlot[lane]!
    const stops = block.laneStops[lane]!
    const event = block.laneEvent[lane]!
    const begin = block.laneRunBegin[lane]!
    const end = block.laneRunBegin[lane + 1]!
    const runs = end - begin
    for (let pos = 0; pos < stops; pos++) {
      const word = slots[slot + pos]!
      const allowed = (word & CAN_BOARD ? CAN_ALIGHT : 0) | (word & CAN_ALIGHT ? CAN_BOARD : 0)
      back[slot + stops - 1 - pos] = ((word & ~(CAN_BOARD | CAN_ALIGHT)) | allowed) >>> 0
      for (let run = 0; run < runs; run++) {
        reversed.arr[event + (runs - 1 - run) * stops + (stops - 1 - pos)] = -block.dep[event + pos * runs + run]!
        reversed.dep[event + (stops - 1 - pos) * runs + (runs - 1 - run)] = -block.arr[event + run * stops + pos]!
      }
    }
    reversed.laneTrip.subarray(begin, end).reverse()
    reversed.laneShift.subarray(begin, end).reverse()
    reversed.laneDay?.subarray(begin, end).reverse()
    reversed.laneLastDeparture[lane] = -block.arr[event + 1]!
  }
  const mirrored = { ...block, ...reversed } as LaneBlock
  indexStops(mirrored, back, block.counts.lanes)
  return { block: mirrored, slots: back }
}

/** A journey found in the mirror, as it really is. */
export function unmirror(tt: Timetable, base: UnixSeconds, j: Journey): Journey {
  const time = (t: UnixSeconds): UnixSeconds => (2 * base - t) as UnixSeconds
  const end = (e: LegEnd): LegEnd => (e.kind === 'start' ? { kind: 'end' } : e.kind === 'end' ? { kind: 'start' } : e)
  const legs = j.legs.map((leg): Leg => {
    const times = { departure: time(leg.arrival), arrival: time(leg.departure) }
    if (leg.kind === 'walk') return { ...leg, ...times, from: end(leg.to), to: end(leg.from) }
    const last = patternLength(tt, tt.tripPattern[leg.trip]) - 1
    return { ...leg, ...times, board: last - leg.alight, alight: last - leg.board, from: leg.to, to: leg.from }
  })
  return { ...j, departure: time(j.arrival), arrival: time(j.departure), legs: legs.reverse() }
}

// Arrive-by is the same search in a mirror: time runs backwards, every run visits its stops in reverse, boarding and alighting change
// places. So there is one scan, one range search and one reconstruction for both directions, at the price of a second copy of the
// blocks that arrive-by queries touch, made when the first such query needs them. Which runs these are is read from the real block
// (reconstruct.ts); the mirrored one has times only.
//
//   run       A 10:00 ──▶ B 10:10/10:12 ──▶ C 10:40          lane: runs earliest first
//   mirrored  C −10:40 ──▶ B −10:12/−10:10 ──▶ A −10:00      lane: runs in reverse order, FIFO again

import type { ServiceDay } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import { dayKey, type LaneBlock } from '../horizon/horizon.ts'
import { indexStops } from '../horizon/stop-calls.ts'
import { CAN_ALIGHT, CAN_BOARD } from '../timetable/timetable.ts'
import { departsOf, type SearchBlock, type SearchNetwork, servedUntil } from './network.ts'

const mirrors = new WeakMap<LaneBlock, LaneBlock>()

const seen = new WeakMap<SearchNetwork, SearchNetwork>()

/** The network seen in the mirror: its clock counts backwards from the end of the span. */
export const mirrorNetwork = (network: SearchNetwork): SearchNetwork => seen.getOrInsertComputed(network, inMirror)

function inMirror(network: SearchNetwork): SearchNetwork {
  const blocks: SearchBlock[] = []
  // the day after comes before, so that `before` can be set
  for (const b of network.blocks.toReversed()) {
    let mirrored = mirrors.get(b.block)
    if (!mirrored) {
      mirrored = mirrorBlock(b.block)
      mirrors.set(b.block, mirrored)
    }
    const before = blocks.find(m => m.day >= 0 && m.zone === b.zone && m.day === b.day + 1 && m.block === mirrored)
    const served =
      b.day < 0
        ? b.served
        : servedUntil(mirrored, b.dead, network.horizon.live, -1 - dayKey(b.zone, b.day as ServiceDay))
    blocks.push({
      ...b,
      block: mirrored,
      offset: network.end - network.base - b.offset,
      before,
      served,
      departs: departsOf(mirrored),
    })
  }
  return { ...network, base: network.end, end: network.base, blocks: blocks.reverse(), mirrored: true }
}

const turned = new WeakMap<Footpaths, Footpaths>()

export const mirrorFootpaths = (f: Footpaths): Footpaths => turned.getOrInsertComputed(f, turnRound)

function turnRound(f: Footpaths): Footpaths {
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

/** A block seen in the mirror, made anew. */
export function mirrorBlock(block: LaneBlock): LaneBlock {
  const { slots } = block
  const shared = (column: Int32Array): Int32Array => new Int32Array(new SharedArrayBuffer(column.byteLength))
  const reversed = {
    arr: shared(block.arr),
    dep: shared(block.dep),
    stopBegin: block.stopBegin.slice(),
    stopBoardEnd: block.stopBoardEnd.slice(),
    stopCalls: block.stopCalls.slice(),
    stopDepartures: block.stopDepartures.slice(),
  }
  const back = new Uint32Array(new SharedArrayBuffer(slots.byteLength))
  for (let lane = 0; lane < block.counts.lanes; lane++) {
    const slot = block.laneSlot[lane]!
    const stops = block.laneStops[lane]!
    const event = block.laneEvent[lane]!
    const runs = block.laneRunBegin[lane + 1]! - block.laneRunBegin[lane]!
    for (let pos = 0; pos < stops; pos++) {
      const word = slots[slot + pos]!
      const allowed = (word & CAN_BOARD ? CAN_ALIGHT : 0) | (word & CAN_ALIGHT ? CAN_BOARD : 0)
      back[slot + stops - 1 - pos] = ((word & ~(CAN_BOARD | CAN_ALIGHT)) | allowed) >>> 0
      for (let run = 0; run < runs; run++) {
        reversed.arr[event + (runs - 1 - run) * stops + (stops - 1 - pos)] = -block.dep[event + pos * runs + run]!
        reversed.dep[event + (stops - 1 - pos) * runs + (runs - 1 - run)] = -block.arr[event + run * stops + pos]!
      }
    }
  }
  const mirrored = { ...block, ...reversed, slots: back } as unknown as LaneBlock
  indexStops(mirrored)
  return mirrored
}

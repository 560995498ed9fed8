// Lanes → the calls of each stop: where one may board, by latest departure, and the rest after them.

import { NEVER } from '../core/time.ts'
import { CAN_BOARD } from '../timetable/timetable.ts'
import {
  CALL_COLUMN,
  CALL_LANE,
  CALL_LAST,
  CALL_POSITION,
  CALL_RUNS,
  CALL_TIMES,
  CALL_WORDS,
  halfHour,
  type LaneBlock,
} from './horizon.ts'

/** Fills the stop columns of a block whose lanes are there. */
export function indexStops(block: LaneBlock): void {
  const { lanes } = block.counts
  const { slots, stopBegin, stopBoardEnd, stopCalls, stopDepartures, dep } = block
  const stops = stopBoardEnd.length
  stopBegin.fill(0)
  stopBoardEnd.fill(0)
  for (let s = 0; s < stops; s++) {
    stopDepartures[2 * s] = NEVER
    stopDepartures[2 * s + 1] = -NEVER
  }
  // count: all callers in stopBegin (one step on), boardable ones in stopBoardEnd
  for (let lane = 0; lane < lanes; lane++) {
    const slot = block.laneSlot[lane]!
    const last = block.laneStops[lane]! - 1
    for (let pos = 0; pos <= last; pos++) {
      const word = slots[slot + pos]!
      stopBegin[(word >>> 2) + 1]!++
      if (word & CAN_BOARD && pos < last) stopBoardEnd[word >>> 2]!++
    }
  }
  for (let s = 0; s < stops; s++) stopBegin[s + 1]! += stopBegin[s]!
  const nextBoard = stopBegin.slice(0, stops)
  const nextOther = new Uint32Array(stops)
  for (let s = 0; s < stops; s++) nextOther[s] = stopBoardEnd[s] = stopBegin[s]! + stopBoardEnd[s]!
  for (let lane = 0; lane < lanes; lane++) {
    const slot = block.laneSlot[lane]!
    const last = block.laneStops[lane]! - 1
    const runs = block.laneRunBegin[lane + 1]! - block.laneRunBegin[lane]!
    for (let pos = 0; pos <= last; pos++) {
      const word = slots[slot + pos]!
      const stop = word >>> 2
      const boards = (word & CAN_BOARD) !== 0 && pos < last
      const column = block.laneEvent[lane]! + pos * runs
      const lastDeparture = dep[column + runs - 1]!
      let at = boards ? nextBoard[stop]!++ : nextOther[stop]!++
      if (boards) {
        // latest last departure first: insert
        const end = at
        while (at > stopBegin[stop]! && stopCalls[CALL_WORDS * (at - 1) + CALL_LAST]! < lastDeparture) at--
        if (at < end) stopCalls.copyWithin(CALL_WORDS * (at + 1), CALL_WORDS * at, CALL_WORDS * end)
      }
      stopCalls[CALL_WORDS * at + CALL_LANE] = lane
      stopCalls[CALL_WORDS * at + CALL_POSITION] = pos
      stopCalls[CALL_WORDS * at + CALL_COLUMN] = column
      stopCalls[CALL_WORDS * at + CALL_RUNS] = runs
      stopCalls[CALL_WORDS * at + CALL_LAST] = lastDeparture
      let times = 0
      for (let run = 0; run < runs; run++) times |= halfHour(dep[column + run]!)
      stopCalls[CALL_WORDS * at + CALL_TIMES] = times
      if (!boards) continue
      if (dep[column]! < stopDepartures[2 * stop]!) stopDepartures[2 * stop] = dep[column]!
      if (lastDeparture > stopDepartures[2 * stop + 1]!) stopDepartures[2 * stop + 1] = lastDeparture
    }
  }
}

// A line's service at a station on one service day, as planned: what tells riders that this is the last one, or that another follows in
// five minutes. Read from the day block once per line, direction and station, and remembered with the block.

import type { StopIdx } from '../core/ids.ts'
import { NO_LIVE_RUN } from '../core/ids.ts'
import { CALL_LANE, CALL_POSITION, CALL_WORDS, type DayBlock, dayKey, type Horizon } from '../horizon/horizon.ts'
import { type RunKey, readCall } from '../horizon/runs.ts'
import { dayStart, rootStop, type Timetable, zoneOfTrip } from '../timetable/timetable.ts'

export interface LineService {
  /** The service day's first or last departure of the line here, in this direction; one that is both is the last. */
  readonly ofDay: 'first' | 'last' | undefined
  /** Seconds from one departure to the next, where the line runs often and regularly around this one. */
  readonly interval: number | undefined
}

/** More seconds between two departures are no headway, a timetable is looked up then. */
const LONGEST_INTERVAL = 1200
/** Seconds by which two headways may differ and still be called one. */
const REGULAR = 60

const NONE_KNOWN: LineService = { ofDay: undefined, interval: undefined }

/** Of a call where boarding is possible; of runs that the timetable does not have nothing is known. */
export function lineService(horizon: Horizon, run: RunKey, position: number): LineService {
  const { timetable: tt } = horizon
  const zone = zoneOfTrip(tt, run.trip)
  const day = horizon.days.get(dayKey(zone, run.day))
  if (!day) return NONE_KNOWN
  const call = readCall(horizon, run, NO_LIVE_RUN, position)
  const times = departuresOf(tt, day.block, rootStop(tt, call.scheduledStop), run)
  const at = call.scheduledDeparture - dayStart(tt, zone, run.day)
  const i = times.indexOf(at)
  if (i < 0) return NONE_KNOWN
  const last = times.length - 1
  const [before, after] = [at - times[i - 1]!, times[i + 1]! - at]
  const regular = before <= LONGEST_INTERVAL && after <= LONGEST_INTERVAL && Math.abs(before - after) <= REGULAR
  return {
    ofDay: i === last ? 'last' : i === 0 ? 'first' : undefined,
    interval: regular && before > 0 && after > 0 ? Math.round((before + after) / 2) : undefined,
  }
}

const remembered = new WeakMap<DayBlock, Map<string, Float64Array>>()

/** Seconds of the service day, ascending. */
function departuresOf(tt: Timetable, block: DayBlock, station: StopIdx, run: RunKey): Float64Array {
  const route = tt.patternRoute[tt.tripPattern[run.trip]]
  const direction = tt.tripDirection[run.trip]!
  const known = remembered.getOrInsertComputed(block, () => new Map())
  return known.getOrInsertComputed(`${station} ${route} ${direction}`, () => {
    const found: number[] = []
    const collect = (stop: StopIdx): void => {
      for (let c = block.stopBegin[stop]!; c < block.stopBoardEnd[stop]!; c++) {
        const lane = block.stopCalls[c * CALL_WORDS + CALL_LANE]!
        if (lane >= block.counts.firstThrough || tt.patternRoute[block.lanePattern[lane] as never] !== route) continue
        const first = block.laneRunBegin[lane]!
        const runs = block.laneRunBegin[lane + 1]! - first
        const column = block.laneEvent[lane]! + block.stopCalls[c * CALL_WORDS + CALL_POSITION]! * runs
        for (let r = 0; r < runs; r++)
          if (tt.tripDirection[block.laneTrip[first + r] as never] === direction) found.push(block.dep[column + r]!)
      }
      for (let i = tt.childrenBegin[stop]!; i < tt.childrenBegin[stop + 1]!; i++) collect(tt.children[i]!)
    }
    collect(station)
    return Float64Array.from(found).sort()
  })
}

// What moves on a part of the map in a span of time: rides from one stop to the next, planned and live. A map draws vehicles from them.

import { type Box, overlap } from '../core/geo.ts'
import type { PatternIdx, TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { daysBetween } from '../horizon/days.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { arrivalOf, departureOf, isSkipped, type RunView, stopOf, viewRun } from '../horizon/run-view.ts'
import type { RunKey } from '../horizon/runs.ts'
import { runKey } from '../live/runs.ts'
import { isServed, type RunState } from '../live/state.ts'
import { extentOf, patternsIn } from '../timetable/extents.ts'
import { frequencyShifts } from '../timetable/frequencies.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { dayStart, patternLength, runsOn, zoneOfTrip } from '../timetable/timetable.ts'

export interface MovingQuery {
  readonly box: Box
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly wants: (pattern: PatternIdx) => boolean
  /** More are not looked for: the answer has one more then. */
  readonly limit: number
}

/** Between two calls of a run, one after the other but for skipped ones. */
export interface Segment extends RunKey {
  readonly fromCall: number
  readonly toCall: number
}

/** Segments that are under way at some moment of [from, to] and whose ends' box touches the query's, of runs that one can ride. */
export function movingIn(horizon: Horizon, q: MovingQuery): Segment[] {
  const { timetable: tt, live } = horizon
  const found: Segment[] = []
  const wanted = new Set(patternsIn(tt, q.box).filter(q.wants))
  const look = (key: RunKey): void => pushSegments(viewRun(horizon, key, true), key, q, found)

  // runs that a feed speaks of may be anywhere in time: all are looked at; the others are where the timetable has them
  const spokenOf = new Set<string>()
  for (let row = 0; row < live.counts.runs; row++) {
    const key = {
      trip: live.runTrip[row]! as TripIdx,
      day: live.runDay[row]! as ServiceDay,
      shift: live.runShift[row]!,
    }
    const pattern = tt.tripPattern[key.trip]
    // a run that realtime added is not among the patterns looked through
    const here = isExtraTrip(tt, key.trip)
      ? overlap(extentOf(tt, pattern), q.box) && q.wants(pattern)
      : wanted.has(pattern)
    if (!here) continue
    spokenOf.add(runKey(key))
    if (isServed(live.runState[row]! as RunState) && found.length <= q.limit) look(key)
  }
  const days = daysBetween(tt, q.from, q.to)
  for (const pattern of wanted) {
    const lastTime = 2 * patternLength(tt, pattern) - 1
    for (let trip = tt.tripBegin[pattern]! as TripIdx; trip < tt.tripBegin[pattern + 1]!; trip++)
      for (const { zone, day } of days) {
        if (zone !== zoneOfTrip(tt, trip) || !runsOn(tt, tt.tripService[trip], day)) continue
        const start = dayStart(tt, zone, day) + tt.tripStart[trip]!
        const length = tt.profileTimes[tt.tripProfile[trip]! + lastTime]!
        const repeated = tt.tripFrequencyBegin[trip]! < tt.tripFrequencyBegin[trip + 1]!
        for (const shift of repeated ? frequencyShifts(tt, trip) : [0]) {
          if (start + shift > q.to || start + shift + length < q.from) continue
          const run = { trip, day, shift }
          if (spokenOf.has(runKey(run))) continue
          if (found.length > q.limit) return found
          look(run)
        }
      }
  }
  return found
}

function pushSegments(run: RunView, key: RunKey, q: MovingQuery, into: Segment[]): void {
  let fromCall = 0
  while (fromCall < run.length && isSkipped(run, fromCall)) fromCall++
  for (let toCall = fromCall + 1; toCall < run.length; toCall++) {
    if (isSkipped(run, toCall)) continue
    if (departureOf(run, fromCall) > q.to) return
    if (arrivalOf(run, toCall) >= q.from && touches(run, fromCall, toCall, q.box))
      into.push({ trip: key.trip, day: key.day, shift: key.shift, fromCall, toCall })
    fromCall = toCall
  }
}

function touches(run: RunView, fromCall: number, toCall: number, box: Box): boolean {
  const { tt } = run
  const [a, b] = [stopOf(run, fromCall), stopOf(run, toCall)]
  if (tt.stopHasPosition[a] === 0 || tt.stopHasPosition[b] === 0) return false
  const [latA, lonA, latB, lonB] = [tt.stopLat[a]!, tt.stopLon[a]!, tt.stopLat[b]!, tt.stopLon[b]!]
  return (
    Math.min(latA, latB) <= box.north &&
    Math.max(latA, latB) >= box.south &&
    Math.min(lonA, lonB) <= box.east &&
    Math.max(lonA, lonB) >= box.west
  )
}

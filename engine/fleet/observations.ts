// What has happened: feeds speak of the future and forget a stop once it is passed, so the last prediction before passing is kept as the
// departure that took place (realtime metrics, "actual = last prediction before passing"), for as long as figures look back.
//
//   message 1   A 10:00 recorded   B 10:09 predicted        seen at 10:08: nothing new
//   message 2                      (nothing about B)        seen at 10:10: B departed at 10:09

import type { UnixSeconds } from '../core/time.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { crowding, occupancyOf } from '../live/occupancy.ts'
import { runKey } from '../live/runs.ts'
import { isServed, type RunState, type Source } from '../live/state.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { dayStart, zoneOfTrip } from '../timetable/timetable.ts'
import { isReal } from './runs.ts'

interface Seen {
  /** Last predicted departure (arrival at the last stop) by position; NaN: nothing was said. Unix seconds. */
  readonly times: Float64Array
  /** How full it left, by position: a level of crowding, NOT_SAID. */
  crowding: Uint8Array | undefined
  /** No call of it is later. */
  until: number
}

/** Seconds after a run's last word until it is forgotten. */
const KEPT = 3 * 3600
const NOT_SAID = 255

export class Observations {
  private readonly runs = new Map<string, Seen>()
  /** Since when it looks: before that nothing can have been observed. */
  readonly since: UnixSeconds

  constructor(now: UnixSeconds) {
    this.since = now
  }

  get size(): number {
    return this.runs.size
  }

  /** Reads a generation; to be called for each. A time that has passed is no longer changed, unless the feed itself states it again. */
  take(horizon: Horizon, now: UnixSeconds): void {
    const { timetable: tt, live, occupancy } = horizon
    for (let r = 0; r < live.counts.runs; r++) {
      const trip = live.runTrip[r]! as never
      const state = live.runState[r]! as RunState
      if (!isServed(state) || isExtraTrip(tt, trip)) continue
      const begin = live.runEventBegin[r]!
      const stops = live.runEventBegin[r + 1]! - begin
      const start = dayStart(tt, zoneOfTrip(tt, trip), live.runDay[r]! as never)
      const key = runKey({ trip, day: live.runDay[r]!, shift: live.runShift[r]! })
      let seen = this.runs.get(key)
      if (!seen) {
        seen = { times: new Float64Array(stops).fill(Number.NaN), crowding: undefined, until: 0 }
        this.runs.set(key, seen)
      }
      for (let i = 0; i < Math.min(stops, seen.times.length); i++) {
        const last = i === stops - 1
        const source = (last ? live.eventArrivalSource : live.eventDepartureSource)[begin + i]! as Source
        if (!isReal(source)) continue
        seen.times[i] = start + (last ? live.eventArrival : live.eventDeparture)[begin + i]!
        seen.until = Math.max(seen.until, seen.times[i]!)
      }
      seen.until = Math.max(seen.until, now)
      const full = occupancy && occupancyOf(occupancy, { trip, day: live.runDay[r]!, shift: live.runShift[r]! })
      if (full) noteCrowding(seen, full.measured, now, crowding(full))
    }
    for (const [key, { until }] of this.runs) if (until + KEPT < now) this.runs.delete(key)
  }

  /** When the run departed there (arrived, at its last stop); undefined while it has not, or if nobody said. */
  departed(
    run: { readonly trip: number; readonly day: number; readonly shift: number },
    position: number,
    now: UnixSeconds,
  ): UnixSeconds | undefined {
    const time = this.runs.get(runKey(run))?.times[position]
    return time !== undefined && time <= now ? (time as UnixSeconds) : undefined
  }

  /** How full it left there, as `crowding` has it; undefined if nobody measured it before the next stop. */
  crowding(
    run: { readonly trip: number; readonly day: number; readonly shift: number },
    position: number,
  ): number | undefined {
    const level = this.runs.get(runKey(run))?.crowding?.[position]
    return level === NOT_SAID ? undefined : level
  }
}

/** What was measured between two stops is how full it left the first of them. */
function noteCrowding(seen: Seen, measured: number, now: number, level: number): void {
  const position = seen.times.findLastIndex(time => time <= Math.min(measured, now))
  if (position < 0) return
  seen.crowding ??= new Uint8Array(seen.times.length).fill(NOT_SAID)
  seen.crowding[position] = level
}

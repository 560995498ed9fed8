// The runs that were planned for a span of time, and those that realtime added: listed some lanes at a time, because a country's day has half a
// million lanes and whoever lists them also answers requests. Between two goes the generation may change; the lanes of a day do not.

import { NO_LIVE_RUN, type RouteIdx, type TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { daysBetween, type ZoneDay } from '../horizon/days.ts'
import { dayKey, type Horizon, type HorizonDay } from '../horizon/horizon.ts'
import { findLiveRun, type RunKey } from '../horizon/runs.ts'
import { runKey } from '../live/runs.ts'
import { isShown, type RunState } from '../live/state.ts'
import { isExtraTrip } from '../timetable/room.ts'

export class HourRuns {
  /** Those found so far; a run that realtime has taken away may be among them. */
  readonly runs: RunKey[] = []
  private readonly from: UnixSeconds
  private readonly to: UnixSeconds
  private readonly days: readonly ZoneDay[]
  private day = 0
  private lane = 0
  private done = false
  // of trips with headways: realtime may begin their runs at other times than planned
  private readonly headwayRuns = new Set<string>()
  // see `directionOf`
  private readonly perDirection = new Map<number, number>()

  constructor(horizon: Horizon, from: UnixSeconds, to: UnixSeconds) {
    this.from = from
    this.to = to
    this.days = daysBetween(horizon.timetable, from, to)
  }

  /** Goes on with so many lanes. @returns are all found? */
  find(horizon: Horizon, lanes: number): boolean {
    let left = lanes
    while (this.day < this.days.length) {
      const { zone, day } = this.days[this.day]!
      const compiled = horizon.days.get(dayKey(zone, day))
      // through lanes only repeat what the others have
      const end = compiled ? compiled.block.counts.firstThrough : 0
      for (; this.lane < end; this.lane++) {
        if (left-- === 0) return false
        this.findInLane(horizon, compiled!, this.lane)
      }
      this.day++
      this.lane = 0
    }
    if (!this.done) this.findLive(horizon)
    this.done = true
    return true
  }

  /** How many of them go this way on this route. */
  on(horizon: Horizon, trip: TripIdx): number {
    return this.perDirection.get(directionOf(horizon, trip)) ?? 0
  }

  private findInLane(horizon: Horizon, { block, start, day }: HorizonDay, lane: number): void {
    const first = block.laneRunBegin[lane]!
    const runs = block.laneRunBegin[lane + 1]! - first
    const stops = block.laneStops[lane]!
    const event = block.laneEvent[lane]!
    const endOf = (run: number): number => start + block.arr[event + run * stops + stops - 1]!
    // in a lane an earlier run is never later: those of the span are neighbours
    let lo = 0
    let hi = runs
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if (endOf(mid) < this.from) lo = mid + 1
      else hi = mid
    }
    for (let run = lo; run < runs && start + block.dep[event + run]! <= this.to; run++)
      this.add(horizon, { trip: block.laneTrip[first + run]! as TripIdx, day, shift: block.laneShift[first + run]! })
  }

  /** What no lane of a day has: added runs, and those of trips with headways that begin when realtime says. */
  private findLive(horizon: Horizon): void {
    const { timetable: tt, live } = horizon
    for (let r = 0; r < live.counts.runs; r++) {
      const trip = live.runTrip[r]! as TripIdx
      const run = { trip, day: live.runDay[r]! as ServiceDay, shift: live.runShift[r]! }
      const isOutside = isExtraTrip(tt, trip) || (hasHeadways(horizon, trip) && !this.headwayRuns.has(runKey(run)))
      if (isOutside && isShown(live.runState[r]! as RunState)) this.add(horizon, run)
    }
  }

  private add(horizon: Horizon, run: RunKey): void {
    this.runs.push(run)
    if (hasHeadways(horizon, run.trip)) this.headwayRuns.add(runKey(run))
    const direction = directionOf(horizon, run.trip)
    this.perDirection.set(direction, (this.perDirection.get(direction) ?? 0) + 1)
  }
}

/** A number for a route's direction. */
export const directionOf = ({ timetable: tt }: Horizon, trip: TripIdx): number =>
  tt.patternRoute[tt.tripPattern[trip]] * 256 + tt.tripDirection[trip]!

export const routeOfDirection = (direction: number): RouteIdx => Math.floor(direction / 256) as RouteIdx

/** Is it there now, as the feeds have it? */
export function isThere({ timetable: tt, live }: Horizon, { trip, day, shift }: RunKey): boolean {
  const row = findLiveRun(live, trip, day, shift)
  return row === NO_LIVE_RUN ? !isExtraTrip(tt, trip) : isShown(live.runState[row]! as RunState)
}

const hasHeadways = ({ timetable: tt }: Horizon, trip: TripIdx): boolean =>
  tt.tripFrequencyBegin[trip + 1]! > tt.tripFrequencyBegin[trip]!

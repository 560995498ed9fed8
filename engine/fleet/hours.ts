// What each hour was like, route by route and feed by feed: the numbers that a day's statistics are made of. An hour is counted once it has
// settled, and in slices, because a country's hour has a million departures and whoever counts also answers requests.
//
//   09:00        10:00            10:30
//     departures   late ones come    counted, some thousand runs at a time

import { NO_LIVE_RUN, type RouteIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { findLiveRun, readCall } from '../horizon/runs.ts'
import { saidAt } from '../live/aging.ts'
import { RunState, type SourceStatus } from '../live/state.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { patternLength } from '../timetable/timetable.ts'
import type { Observations } from './observations.ts'
import type { FleetRules } from './rules.ts'
import { isReal, type RunUnderWay, runsBetween } from './runs.ts'

/** Departures of one route that were planned for the hour; those at a run's last stop are none. */
export interface RouteHour {
  planned: number
  /** Of these: seen to have happened, … */
  observed: number
  early: number
  onTime: number
  late: number
  /** … called off, … */
  cancelled: number
  /** … and those of which nobody ever said anything. */
  missing: number
  /** Seconds behind plan of all that were observed, together. */
  delaySeconds: number
}

/** One source, looked at once a minute. */
export interface FeedHour {
  looks: number
  /** Looks at which its newest word was no older than 90 s. */
  fresh: number
  /** Looks at which it spoke of runs, and the shares of them that the timetable knows, together. */
  rated: number
  matched: number
}

export interface Hour {
  readonly from: UnixSeconds
  /** Of the hour's 3,600 seconds those in which somebody was looking. */
  readonly seconds: number
  readonly routes: ReadonlyMap<RouteIdx, RouteHour>
  /** By the source's place in the list of sources. */
  readonly feeds: readonly FeedHour[]
}

const HOUR = 3600
/** How long after its end an hour is counted. */
const SETTLED = 1800
/** Runs that are later than this when the hour is counted are not found. */
const LATEST = 2 * HOUR
const FRESH = 90
const KEPT = 48
const RUNS_AT_ONCE = 2000

export class Hours {
  private readonly seen: Observations
  private readonly rules: FleetRules
  private readonly runsAtOnce: number
  private readonly done: Hour[] = []
  private readonly looks = new Map<number, FeedHour[]>()
  private next: number
  private lastLook = 0
  private counting: { readonly runs: RunUnderWay[]; readonly routes: Map<RouteIdx, RouteHour> } | undefined

  /** @param seen is told of every generation before this is */
  constructor(seen: Observations, rules: FleetRules, runsAtOnce = RUNS_AT_ONCE) {
    this.runsAtOnce = runsAtOnce
    this.seen = seen
    this.rules = rules
    this.next = hourOf(seen.since)
  }

  /** The last two days' hours that have been counted, the oldest first. */
  get counted(): readonly Hour[] {
    return this.done
  }

  /** Looks at the sources, and goes on counting; to be called again and again, for as long as the process serves. */
  take(horizon: Horizon, sources: readonly SourceStatus[], now: UnixSeconds): void {
    this.look(sources, now)
    // a clock that was set to another day: what lies between was not seen
    if (Math.abs(now - this.next) > KEPT * HOUR) this.startAt(hourOf(now))
    if (now < this.next + HOUR + SETTLED) return
    const from = this.next as UnixSeconds
    // runs are found by when they are under way now: one of this hour may be hours late
    this.counting ??= { runs: runsBetween(horizon, from, (now + LATEST) as UnixSeconds), routes: new Map() }
    const { runs, routes } = this.counting
    for (const run of runs.splice(-this.runsAtOnce)) this.count(horizon, run, from, now, routes)
    if (runs.length > 0) return
    const seconds = Math.min(HOUR, Math.max(0, from + HOUR - this.seen.since))
    this.done.push({ from, seconds, routes, feeds: this.looks.get(from) ?? [] })
    if (this.done.length > KEPT) this.done.shift()
    this.looks.delete(from)
    this.startAt(from + HOUR)
  }

  private startAt(hour: number): void {
    this.next = hour
    this.counting = undefined
    for (const old of this.looks.keys()) if (old < hour) this.looks.delete(old)
  }

  private look(sources: readonly SourceStatus[], now: UnixSeconds): void {
    const minute = Math.floor(now / 60)
    if (minute === this.lastLook) return
    this.lastLook = minute
    const hour = hourOf(now)
    const feeds = this.looks.get(hour) ?? sources.map(() => ({ looks: 0, fresh: 0, rated: 0, matched: 0 }))
    this.looks.set(hour, feeds)
    for (const [i, source] of sources.entries()) {
      const feed = feeds[i]
      if (!feed) continue
      const { matched, unmatched } = source
      feed.looks++
      if (saidAt(source) > 0 && now - saidAt(source) <= FRESH) feed.fresh++
      if (!(matched + unmatched > 0)) continue
      feed.rated++
      feed.matched += matched / (matched + unmatched)
    }
  }

  private count(
    horizon: Horizon,
    { trip, day, shift }: RunUnderWay,
    from: number,
    now: UnixSeconds,
    routes: Map<RouteIdx, RouteHour>,
  ): void {
    const { timetable: tt, live } = horizon
    // the generation may be another than when the runs were listed
    const row = findLiveRun(live, trip, day, shift)
    if (row === NO_LIVE_RUN && isExtraTrip(tt, trip)) return
    const isCancelled = row !== NO_LIVE_RUN && live.runState[row] === RunState.cancelled
    const route = tt.patternRoute[tt.tripPattern[trip]]
    const run = { trip, day, shift }
    const begin = Math.max(from, this.seen.since)
    for (let position = 0; position < patternLength(tt, tt.tripPattern[trip]) - 1; position++) {
      const { scheduledDeparture, skipped, departure, departureSource } = readCall(horizon, run, row, position)
      if (scheduledDeparture < begin || scheduledDeparture >= from + HOUR) continue
      let hour = routes.get(route)
      if (!hour) {
        hour = { planned: 0, observed: 0, early: 0, onTime: 0, late: 0, cancelled: 0, missing: 0, delaySeconds: 0 }
        routes.set(route, hour)
      }
      hour.planned++
      if (isCancelled || skipped) hour.cancelled++
      else {
        // half an hour after the hour's end what is still to come is late
        const time = this.seen.departed(run, position, now) ?? (isReal(departureSource) ? departure : undefined)
        add(hour, time, scheduledDeparture, this.rules)
      }
    }
  }
}

function add(hour: RouteHour, departed: number | undefined, planned: number, rules: FleetRules): void {
  if (departed === undefined) {
    hour.missing++
    return
  }
  const delay = departed - planned
  hour.observed++
  hour.delaySeconds += delay
  if (delay < -rules.earlySeconds) hour.early++
  else if (delay > rules.lateSeconds) hour.late++
  else hour.onTime++
}

const hourOf = (time: number): number => Math.floor(time / HOUR) * HOUR

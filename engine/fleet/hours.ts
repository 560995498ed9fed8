// What each hour was like, route by route and feed by feed: the numbers that a day's statistics are made of. An hour is counted once it has
// settled, and in slices, because a country's hour has a million departures and whoever counts also answers requests.
//
//   09:00        10:00            10:30
//     departures   late ones come    runs are listed, some thousand lanes at a time; counted, some thousand runs at a time; then headways

import { NO_LIVE_RUN, type RouteIdx, type StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { findLiveRun, type RunKey, readCall } from '../horizon/runs.ts'
import { saidAt } from '../live/aging.ts'
import { crowding } from '../live/occupancy.ts'
import { RunState, type SourceStatus } from '../live/state.ts'
import { patternLength, rootStop, slotStop } from '../timetable/timetable.ts'
import { FREQUENT, type Passed, spacingsOf } from './hour-headways.ts'
import { directionOf, HourRuns, isThere, routeOfDirection } from './hour-runs.ts'
import type { Observations } from './observations.ts'
import type { FleetRules } from './rules.ts'
import { isReal } from './runs.ts'

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
  /** Observed departures of which somebody said how full the vehicle left, and of these: riders had to stand. */
  withOccupancy: number
  crowded: number
  /** Headways that could be judged, where most vehicles call; of these: bunched, and gaps. */
  headways: number
  bunched: number
  gaps: number
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
const FRESH = 90
const KEPT = 48
/** From this level of crowding on riders stand. */
const STANDING = 2

/** How much of an hour is done in one go: some milliseconds each. */
const AT_ONCE = { lanes: 20_000, runs: 2000, directions: 2000 }

interface Counting {
  readonly listed: HourRuns
  readonly routes: Map<RouteIdx, RouteHour>
  /** Direction → station → its calls, of directions that are frequent. */
  readonly passed: Map<number, Map<StopIdx, Passed[]>>
}

export class Hours {
  private readonly seen: Observations
  private readonly rules: FleetRules
  private readonly atOnce: typeof AT_ONCE
  private readonly done: Hour[] = []
  private readonly looks = new Map<number, FeedHour[]>()
  private next: number
  private lastLook = 0
  private counting: Counting | undefined

  /** @param seen is told of every generation before this is */
  constructor(seen: Observations, rules: FleetRules, atOnce = AT_ONCE) {
    this.atOnce = atOnce
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
    this.counting ??= {
      listed: new HourRuns(horizon, from, (from + HOUR) as UnixSeconds),
      routes: new Map(),
      passed: new Map(),
    }
    if (!this.goOn(horizon, this.counting, from, now)) return
    const { routes } = this.counting
    const seconds = Math.min(HOUR, Math.max(0, from + HOUR - this.seen.since))
    this.done.push({ from, seconds, routes, feeds: this.looks.get(from) ?? [] })
    if (this.done.length > KEPT) this.done.shift()
    this.looks.delete(from)
    this.startAt(from + HOUR)
  }

  /** One slice. @returns was it the last? */
  private goOn(horizon: Horizon, counting: Counting, from: UnixSeconds, now: UnixSeconds): boolean {
    const { listed, passed, routes } = counting
    if (!listed.find(horizon, this.atOnce.lanes)) return false
    if (listed.runs.length > 0) {
      for (const run of listed.runs.splice(-this.atOnce.runs)) this.count(horizon, run, from, now, counting)
      if (listed.runs.length > 0) return false
    }
    for (const [direction, stations] of passed.entries().take(this.atOnce.directions)) {
      passed.delete(direction)
      const hour = routes.getOrInsertComputed(routeOfDirection(direction), emptyHour)
      for (const spacing of spacingsOf(stations, this.rules)) {
        hour.headways++
        if (spacing === 'bunched') hour.bunched++
        if (spacing === 'gap') hour.gaps++
      }
    }
    return passed.size === 0
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
    run: RunKey,
    from: number,
    now: UnixSeconds,
    { listed, routes, passed }: Counting,
  ): void {
    // the generation may be another than when the runs were listed
    if (!isThere(horizon, run)) return
    const { timetable: tt, live } = horizon
    const row = findLiveRun(live, run.trip, run.day, run.shift)
    const isCancelled = row !== NO_LIVE_RUN && live.runState[row] === RunState.cancelled
    const pattern = tt.tripPattern[run.trip]
    const begin = Math.max(from, this.seen.since)
    const direction = directionOf(horizon, run.trip)
    const isFrequent = listed.on(horizon, run.trip) >= FREQUENT
    for (let position = 0; position < patternLength(tt, pattern) - 1; position++) {
      const { scheduledDeparture, skipped, departure, departureSource, occupancy } = readCall(
        horizon,
        run,
        row,
        position,
      )
      if (scheduledDeparture < begin || scheduledDeparture >= from + HOUR) continue
      const hour = routes.getOrInsertComputed(tt.patternRoute[pattern], emptyHour)
      hour.planned++
      const isOff = isCancelled || skipped
      // half an hour after the hour's end what is still to come is late
      const time = this.seen.departed(run, position, now) ?? (isReal(departureSource) ? departure : undefined)
      if (isOff) hour.cancelled++
      else add(hour, time, scheduledDeparture, this.rules)
      const level = this.seen.crowding(run, position) ?? (occupancy && crowding({ status: occupancy, measured: 0 }))
      if (!isOff && time !== undefined && level !== undefined) {
        hour.withOccupancy++
        if (level >= STANDING) hour.crowded++
      }
      if (!isFrequent) continue
      const station = rootStop(tt, slotStop(tt.slots[tt.slotBegin[pattern]! + position]!))
      passed
        .getOrInsertComputed(direction, () => new Map<StopIdx, Passed[]>())
        .getOrInsertComputed(station, () => [])
        .push({
          scheduled: scheduledDeparture,
          time: isOff ? undefined : (time ?? departure),
          real: time !== undefined,
        })
    }
  }
}

const emptyHour = (): RouteHour => ({
  planned: 0,
  observed: 0,
  early: 0,
  onTime: 0,
  late: 0,
  cancelled: 0,
  missing: 0,
  delaySeconds: 0,
  withOccupancy: 0,
  crowded: 0,
  headways: 0,
  bunched: 0,
  gaps: 0,
})

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

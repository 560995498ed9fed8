// What goes wrong in the demo city. Every run (a trip on a service day) has a fate, thrown with its own dice: how late it gets, whether it
// is cancelled, skips a stop or comes in at the other platform, and from when on that is known. Nothing here depends on what was asked
// before: the fate of a run is a function of (seed, trip, day).

import type { ServiceDay } from '#engine/core/time.ts'
import type { Line, Pattern } from './city.ts'
import { mix, mixText, roll, wave } from './random.ts'
import type { Trip } from './schedule.ts'

export interface Run {
  readonly trip: Trip
  readonly day: ServiceDay
  /** Unix seconds of the planned departure at the first stop. The times below count from there. */
  readonly start: number
  /** This run's own dice. */
  readonly dice: number
  /** What will really happen: never decreasing, a departure never before its planned time. */
  readonly arrivals: Int32Array
  readonly departures: Int32Array
  /** Each with the time from which the feed says so. */
  readonly cancelled?: { readonly known: number }
  readonly skipped?: { readonly stop: number; readonly known: number }
  readonly otherPlatform?: { readonly stop: number; readonly platformId: string; readonly known: number }
  /** The feed has no predictions from this stop on. */
  readonly noDataFrom: number
  /** Not in the timetable: put in behind a full one, and told from so long before its start. */
  readonly added?: { readonly known: number }
}

/** A signal failure or the like on a line: its vehicles get later while it lasts. Seconds of the service day. */
export interface Disruption {
  readonly from: number
  readonly to: number
  /** Seconds lost at its height. */
  readonly height: number
}

const CANCELLED = 0.02
const SKIPPED = 0.025
const OTHER_PLATFORM = 0.05
const NO_DATA = 0.04
const DISRUPTED = 0.2
const ADDED = 0.03
/** Seconds behind the run that it relieves, and before its start when it becomes known. */
const ADDED_BEHIND = 240
const ADDED_KNOWN = 1800

/** Drivers make up at most so much of a ride's time. */
const FASTEST_RIDE = 0.82
const SHORTEST_DWELL = 12

/** The line's signal failure on that day, if it has one. */
export function disruptionOf(seed: number, line: Line, day: ServiceDay): Disruption | undefined {
  const dice = mix(mixText(seed, line.name), day)
  // buses have no signals
  if (line.track === 'bus' || roll(dice, 1) >= DISRUPTED) return undefined
  const from = Math.floor((6 + 15 * roll(dice, 2)) * 3600)
  return {
    from,
    to: from + Math.floor((40 + 60 * roll(dice, 3)) * 60),
    height: Math.floor(150 + 270 * roll(dice, 4)),
  }
}

/** What becomes of the trip on that day. @param dayStart Unix seconds at which the service day begins */
export function fateOf(seed: number, trip: Trip, day: ServiceDay, dayStart: number): Run {
  const { pattern } = trip
  const dice = mix(mixText(seed, trip.id), day)
  const n = pattern.platforms.length
  const times = travel(dice, trip, disruptionOf(seed, pattern.line, day))
  // nothing but a departure or an arrival is left of a run with less than two stops
  const inner = n > 3 ? 1 + Math.floor(roll(dice, 10) * (n - 2)) : undefined
  const turned = Math.floor(roll(dice, 11) * n)
  return {
    trip,
    day,
    start: dayStart + trip.start,
    dice,
    ...times,
    ...(roll(dice, 12) < CANCELLED && { cancelled: { known: -Math.floor(300 + 2700 * roll(dice, 13)) } }),
    ...(inner !== undefined &&
      roll(dice, 14) < SKIPPED && { skipped: { stop: inner, known: pattern.arrivals[inner]! - 1200 } }),
    ...(roll(dice, 15) < OTHER_PLATFORM && {
      otherPlatform: { stop: turned, platformId: opposite(pattern, turned), known: pattern.arrivals[turned]! - 600 },
    }),
    noDataFrom: roll(dice, 16) < NO_DATA ? Math.ceil(n * (0.5 + 0.4 * roll(dice, 17))) : n,
  }
}

/** The run that is put in behind this one, if one is: it goes the same way, as late, and reaches its end without trouble of its own. */
export function addedBehind({ trip, day, start, dice, arrivals, departures, cancelled }: Run): Run | undefined {
  // night buses wait for one another
  if (cancelled || trip.pattern.line.track === 'bus' || roll(dice, 18) >= ADDED) return undefined
  return {
    trip: { ...trip, id: `${trip.id}-plus`, block: `${trip.block}-plus`, start: trip.start + ADDED_BEHIND },
    day,
    start: start + ADDED_BEHIND,
    dice: mix(dice, 1),
    arrivals,
    departures,
    noDataFrom: trip.pattern.platforms.length,
    added: { known: -ADDED_KNOWN },
  }
}

/** The platform across: same station, same track, other direction. */
function opposite(pattern: Pattern, stop: number): string {
  const platform = pattern.platforms[stop]!
  return platform.station.platforms.find(p => p.track === platform.track && p !== platform)!.id
}

/** The run from start to end: as late as its curve wants, as fast as its vehicle can. */
function travel(
  dice: number,
  trip: Trip,
  disruption: Disruption | undefined,
): { arrivals: Int32Array; departures: Int32Array } {
  const planned = trip.pattern
  const n = planned.platforms.length
  const arrivals = new Int32Array(n)
  const departures = new Int32Array(n)
  const delay = delayCurve(dice, trip, disruption)
  departures[0] = Math.max(0, Math.round(delay(0)))
  arrivals[0] = departures[0]
  for (let i = 1; i < n; i++) {
    const ride = planned.arrivals[i]! - planned.departures[i - 1]!
    const wanted = planned.arrivals[i]! + Math.round(delay(planned.arrivals[i]!))
    arrivals[i] = Math.max(wanted, departures[i - 1]! + Math.ceil(ride * FASTEST_RIDE))
    departures[i] = i === n - 1 ? arrivals[i]! : Math.max(planned.departures[i]!, arrivals[i]! + SHORTEST_DWELL)
  }
  return { arrivals, departures }
}

/** Seconds late after so many seconds of the trip: most runs a little, few very; up and down; made good before the vehicle turns round. */
function delayCurve(dice: number, trip: Trip, disruption: Disruption | undefined): (s: number) => number {
  const length = trip.pattern.arrivals.at(-1)!
  const height = 15 + 50 * roll(dice, 1) + 320 * roll(dice, 2) ** 6
  const atEnd = Math.max(20, trip.layover - 60)
  return s => {
    const warmUp = 0.3 + 0.7 * Math.min(1, s / 600)
    let late = height * warmUp * (0.5 + 0.5 * wave(dice, 0.37 + s / 540)) - 8
    if (disruption) {
      const progress = (trip.start + s - disruption.from) / (disruption.to - disruption.from)
      if (progress > 0 && progress < 1) late += disruption.height * Math.sin(Math.PI * progress) ** 2
    }
    const rest = Math.min(1, (length - s) / (0.4 * length))
    return Math.min(late, atEnd + 600 * rest)
  }
}

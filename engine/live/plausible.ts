// Is what an update states possible at all? Feeds that several producers put together contain runs that jump from one city to another
// ("wormholes", mfdz/GTFS-Issues#192) and updates that a heuristic gave to the wrong trip of a line, an hour too early (#269). Such an
// update is not believed as a whole: the run is told as "no data".

import { metresBetween } from '../core/geo.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Located } from './locate.ts'
import type { Rejection } from './reasons.ts'
import type { RunColumns } from './runs.ts'
import { Source } from './state.ts'

/** Metres per second that nothing exceeds (F13), times being rounded to minutes. */
const MAX_SPEED = 100
const ROUNDED = 60
/** Stops nearer than this on either axis (1e-7 degrees) can be reached in a minute's rounding alone. */
const NEAR_E7 = 300_000
/** Seconds before its planned time at which nothing leaves its first stop. */
const MAX_EARLY = 900

const isStated = (source: number): boolean => source === Source.predicted || source === Source.recorded

/** Why the resolved times of a run of the timetable, events from `at` on, cannot be. */
export function findImplausible(tt: Timetable, run: Located, out: RunColumns, at: number): Rejection | undefined {
  const profile = tt.tripProfile[run.trip]!
  const planned = (i: number): number => run.start + tt.profileTimes[profile + i]!
  if (!run.guessed && isStated(out.eventDepartureSource[at]!) && out.eventDeparture[at]! < planned(1) - MAX_EARLY)
    return 'implausibly_early'
  let from = -1
  for (let i = 0; i < run.stops; i++) {
    const e = at + i
    const arrives = isStated(out.eventArrivalSource[e]!)
    const departs = isStated(out.eventDepartureSource[e]!)
    if (!arrives && !departs) continue
    if (from >= 0) {
      const left = isStated(out.eventDepartureSource[at + from]!) ? out.eventDeparture : out.eventArrival
      const there = arrives ? out.eventArrival[e]! : out.eventDeparture[e]!
      const seconds = there - left[at + from]!
      // as fast as planned is the timetable's business: one of its stops may be misplaced
      if (
        seconds < planned(2 * i) - planned(2 * from + 1) &&
        isTooFar(tt, out.eventStop[at + from]!, out.eventStop[e]!, seconds)
      )
        return 'implausible_speed'
    }
    from = i
  }
  return undefined
}

/** More metres from one stop to the other than anything can go in so many seconds? A stop without a place is anywhere. */
export function isTooFar(tt: Timetable, a: number, b: number, seconds: number): boolean {
  if (tt.stopHasPosition[a] === 0 || tt.stopHasPosition[b] === 0) return false
  const [aLat, aLon, bLat, bLon] = [tt.stopLat[a]!, tt.stopLon[a]!, tt.stopLat[b]!, tt.stopLon[b]!]
  if (Math.abs(aLat - bLat) < NEAR_E7 && Math.abs(aLon - bLon) < NEAR_E7) return false
  return metresBetween(aLat, aLon, bLat, bLon) > MAX_SPEED * (seconds + ROUNDED)
}

// How evenly the vehicles of a direction followed each other in an hour: judged, as on the fleet view, at the station where most of them call.

import type { StopIdx } from '../core/ids.ts'
import { type Headway, type Spacing, spacingOf } from './figures.ts'
import type { FleetRules } from './rules.ts'

/** A run's call at a station. Unix seconds. */
export interface Passed {
  readonly scheduled: number
  /** When it left, as far as is known; undefined: called off. */
  readonly time: number | undefined
  /** Somebody has said so. */
  readonly real: boolean
}

/** Runs of an hour below which a direction has no headways to speak of: riders come by the timetable. */
export const FREQUENT = 4

/** Spacings of those whose headway can be judged: both vehicles were seen, and the timetable has them close enough. */
export function spacingsOf(
  stations: ReadonlyMap<StopIdx, readonly Passed[]>,
  rules: FleetRules,
): readonly Exclude<Spacing, 'unknown'>[] {
  let most: readonly Passed[] = []
  for (const passings of stations.values()) if (passings.length > most.length) most = passings
  return headwaysAt(most).flatMap(headway => {
    const spacing = headway.planned === undefined ? 'unknown' : spacingOf(headway, rules)
    return spacing === 'unknown' ? [] : [spacing]
  })
}

/** To the vehicle before it, and as planned to the run before it. The first has neither. */
function headwaysAt(passings: readonly Passed[]): Headway[] {
  const planned = new Map<Passed, number>()
  let [last, before] = [Number.NaN, Number.NaN]
  for (const passed of passings.toSorted((a, b) => a.scheduled - b.scheduled)) {
    if (passed.scheduled !== last) [before, last] = [last, passed.scheduled]
    if (!Number.isNaN(before)) planned.set(passed, passed.scheduled - before)
  }
  const running = passings
    .filter(({ time }) => time !== undefined)
    .sort((a, b) => a.time! - b.time! || a.scheduled - b.scheduled)
  return running.flatMap((passed, i) => {
    const before = running[i - 1]
    return before?.real && passed.real ? [{ actual: passed.time! - before.time!, planned: planned.get(passed) }] : []
  })
}

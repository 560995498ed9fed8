// The figures of service quality, as plain functions of numbers (definitions: TCQSM for headway adherence, TfL for excess wait time, the
// on-time window as most US operators count it). All durations are seconds; undefined where there is nothing to measure.

import type { FleetRules } from './rules.ts'

/**
 * Mean wait of riders who come by chance: Σh² / 2Σh. Headways of 480, 720, 840, 480, 660, 600, 720 s give 333 s.
 */
export function meanWait(headways: readonly number[]): number | undefined {
  const sum = headways.reduce((total, h) => total + h, 0)
  return sum > 0 ? headways.reduce((total, h) => total + h * h, 0) / (2 * sum) : undefined
}

/** Excess wait time: mean wait as it was minus mean wait as planned. */
export function excessWait(actual: readonly number[], planned: readonly number[]): number | undefined {
  const [is, should] = [meanWait(actual), meanWait(planned)]
  return is === undefined || should === undefined ? undefined : is - should
}

/** Coefficient of variation: standard deviation (of the population) over mean. */
export function variation(values: readonly number[]): number | undefined {
  const mean = meanOf(values)
  if (mean === undefined || mean === 0 || values.length < 2) return undefined
  const variance = values.reduce((total, v) => total + (v - mean) ** 2, 0) / values.length
  return Math.sqrt(variance) / mean
}

export const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((total, v) => total + v, 0) / values.length

/** The value below which `share` of them lie (nearest rank). */
export function quantileOf(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

export interface Headway {
  readonly actual: number
  /** Undefined: the timetable has none to compare with. */
  readonly planned: number | undefined
}

export type Spacing = 'normal' | 'bunched' | 'gap' | 'unknown'

/** Bunched: below a quarter of the planned headway, but never above two minutes. Gap: above one and a half of it. */
export function spacingOf({ actual, planned }: Headway, rules: FleetRules): Spacing {
  if (planned !== undefined && planned > rules.longestHeadway) return 'unknown'
  const close =
    planned === undefined ? rules.bunchedSeconds : Math.min(rules.bunchedSeconds, rules.bunchedShare * planned)
  if (actual < close) return 'bunched'
  if (planned === undefined) return 'unknown'
  return actual > rules.gapShare * planned ? 'gap' : 'normal'
}

/** Share of headways within half of the planned one. */
export function headwayAdherence(headways: readonly Headway[], rules: FleetRules): number | undefined {
  const judged = headways.filter(({ planned }) => planned !== undefined && planned <= rules.longestHeadway)
  const kept = judged.filter(h => Math.abs(h.actual - h.planned!) <= rules.adherenceShare * h.planned!)
  return judged.length === 0 ? undefined : kept.length / judged.length
}

export interface Punctuality {
  readonly observed: number
  readonly early: number
  readonly onTime: number
  readonly late: number
  readonly missing: number
  readonly share: number | undefined
  readonly shareOfPlanned: number | undefined
}

/**
 * @param delays of departures seen to have happened
 * @param missing departures that should have happened and of which nothing is known: told, but not judged
 * @param cancelled departures of cancelled runs: failures in the second share
 */
export function punctuality(
  delays: readonly number[],
  missing: number,
  cancelled: number,
  { earlySeconds, lateSeconds }: FleetRules,
): Punctuality {
  const early = delays.filter(delay => delay < -earlySeconds).length
  const late = delays.filter(delay => delay > lateSeconds).length
  const observed = delays.length
  const onTime = observed - early - late
  return {
    observed,
    early,
    onTime,
    late,
    missing,
    share: observed === 0 ? undefined : onTime / observed,
    shareOfPlanned: observed + cancelled === 0 ? undefined : onTime / (observed + cancelled),
  }
}

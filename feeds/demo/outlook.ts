// What a control centre knows of a run at a moment: where the vehicle is, how late that makes it, and what it expects for the stops to
// come. Near predictions come true; far ones carry today's delay on and move towards what will happen as the vehicle comes nearer.

import type { Run } from './trouble.ts'

export interface Outlook {
  /** The first stop not yet left; one more than the last stop's index when the run is over. */
  readonly next: number
  /** Does the vehicle stand at it? (Before the start: at the first one.) */
  readonly standing: boolean
  /** 0 … 1 of the way from the stop before to `next`; 0 while standing. */
  readonly progress: number
}

/** Trust in what will really happen falls to 1/e over this many seconds. */
const FORESIGHT = 700
/** Beyond so many seconds predictions are told in steps, so that boards do not flicker. */
const FAR = 300
const STEP = 6

/**
 * Writes arrival and departure of every stop, Unix seconds, to `times` (two per stop): what was for those left behind, what is
 * expected for the others. Never decreasing, and nothing to come lies before `now`.
 */
export function lookOut(run: Run, now: number, times: Float64Array): Outlook {
  const planned = run.trip.pattern
  const n = planned.platforms.length
  const t = now - run.start
  let next = 0
  while (next < n && run.departures[next]! <= t) next++
  for (let i = 0; i < next; i++) {
    times[2 * i] = run.start + run.arrivals[i]!
    times[2 * i + 1] = run.start + run.departures[i]!
  }
  if (next === n) return { next, standing: true, progress: 0 }

  const standing = next === 0 || run.arrivals[next]! <= t
  const left = next === 0 ? 0 : run.departures[next - 1]!
  const progress = standing ? 0 : (t - left) / (run.arrivals[next]! - left)
  const place = plannedPlace(run, t, next, standing, progress)
  expect(run, t, next, place, times)
  return { next, standing, progress }
}

/** The moment of its plan (seconds) that the vehicle has come to. */
function plannedPlace(run: Run, t: number, next: number, standing: boolean, progress: number): number {
  const planned = run.trip.pattern
  if (next === 0) return Math.min(t, 0)
  if (!standing) {
    return planned.departures[next - 1]! + progress * (planned.arrivals[next]! - planned.departures[next - 1]!)
  }
  const dwell = run.departures[next]! - run.arrivals[next]!
  const part = dwell > 0 ? (t - run.arrivals[next]!) / dwell : 1
  return planned.arrivals[next]! + part * (planned.departures[next]! - planned.arrivals[next]!)
}

function expect(run: Run, t: number, next: number, place: number, times: Float64Array): void {
  const planned = run.trip.pattern
  const delay = t - place
  let before = next === 0 ? Number.NEGATIVE_INFINITY : run.departures[next - 1]!
  for (let i = next; i < planned.platforms.length; i++) {
    const own = planned.arrivals[i]!
    let arrival = own + expectedDelay(delay, run.arrivals[i]! - own, own - place)
    if (i === next && run.arrivals[i]! <= t && i > 0) arrival = run.arrivals[i]!
    else arrival = Math.max(arrival, before, t)
    // the first stop has no arrival of its own: the vehicle stands there until it leaves
    const leaves = planned.departures[i]!
    const wanted = leaves + expectedDelay(delay, run.departures[i]! - leaves, leaves - place)
    const departure = Math.max(wanted, arrival, leaves, t)
    times[2 * i] = run.start + (i === 0 ? departure : arrival)
    times[2 * i + 1] = run.start + (i === planned.platforms.length - 1 ? arrival : departure)
    before = departure
  }
}

function expectedDelay(today: number, real: number, ahead: number): number {
  const expected = today + (real - today) * Math.exp(-Math.max(0, ahead) / FORESIGHT)
  return ahead > FAR ? Math.round(expected / STEP) * STEP : Math.round(expected)
}

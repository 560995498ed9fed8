// How often a line goes, said only where it goes often: riders then need no times. And whether a departure is the last for a long while.

import { type Departure, timeOf } from './rows.ts'

const WITHIN = 90 * 60 // seconds looked at
const FREQUENT = 20 * 60 // the longest gap worth saying
const ENOUGH = 3 // departures
const NIGHT = 3 * 3600 // a gap that ends a line's day

export interface Headway {
  /** Minutes. */
  readonly from: number
  readonly to: number
}

export const directionOf = ({ line, headsign }: Pick<Departure, 'line' | 'headsign'>): string => `${line}\n${headsign}`

/** By direction: every so many minutes, where the next departures leave that often. @param departures by time */
export function headways(departures: readonly Departure[], now: number): ReadonlyMap<string, Headway> {
  const found = new Map<string, Headway>()
  for (const [direction, times] of timesByDirection(departures, now + WITHIN)) {
    if (times.length < ENOUGH) continue
    const gaps = times.slice(1).map((time, i) => time - times[i]!)
    if (Math.max(...gaps) > FREQUENT) continue
    const from = Math.max(1, Math.round(Math.min(...gaps) / 60))
    const to = Math.max(1, Math.round(Math.max(...gaps) / 60))
    // a minute more or less is how clocks are read
    found.set(direction, to - from <= 1 ? { from: to, to } : { from, to })
  }
  return found
}

/** Keys of the departures after which their direction rests for hours. @param knownUntil up to then everything is known */
export function lastOnes(departures: readonly Departure[], knownUntil: number): ReadonlySet<string> {
  const last = new Map<string, Departure>()
  const keys = new Set<string>()
  for (const departure of departures) {
    if (isOff(departure)) continue
    const before = last.get(directionOf(departure))
    if (before && timeOf(departure) - timeOf(before) >= NIGHT) keys.add(before.key)
    last.set(directionOf(departure), departure)
  }
  for (const departure of last.values()) if (timeOf(departure) + NIGHT <= knownUntil) keys.add(departure.key)
  return keys
}

export const isOff = ({ state }: Pick<Departure, 'state'>): boolean => state === 'cancelled' || state === 'skipped'

function timesByDirection(departures: readonly Departure[], until: number): Map<string, number[]> {
  const times = new Map<string, number[]>()
  for (const departure of departures) {
    if (isOff(departure) || timeOf(departure) > until) continue
    const direction = directionOf(departure)
    const known = times.get(direction)
    if (known) known.push(timeOf(departure))
    else times.set(direction, [timeOf(departure)])
  }
  return times
}

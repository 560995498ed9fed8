// Which runs the simulator speaks of at a moment: found by start time, without looking at the rest of the timetable.

import { DAY, type ServiceDay } from '#engine/core/time.ts'
import { zoneDayStarts } from '../zones.ts'
import { serviceOn, ZONE } from './gtfs.ts'
import { SERVICES, type Trip } from './schedule.ts'
import { addedBehind, fateOf, type Run } from './trouble.ts'

/** Runs are told of this long before they start, and until this long after they have ended (seconds). */
const AHEAD = 3600
const AFTER = 30
/** No run ends later than so long after its planned end. */
const LATEST = 900

/** Per service: the trips in order of their start, and the starts. */
export interface Departures {
  readonly trips: readonly Trip[]
  readonly starts: Int32Array
  readonly longest: number
}

/** @param all in order of their start */
export function byService(all: readonly Trip[]): Departures[] {
  return SERVICES.map((_, service) => {
    const trips = all.filter(trip => trip.service === service)
    const longest = Math.max(...trips.map(trip => trip.pattern.arrivals.at(-1)!))
    return { trips, starts: Int32Array.from(trips, trip => trip.start), longest }
  })
}

export const runKey = (trip: Trip, day: ServiceDay): string => `${trip.id}@${day}`

/** Unix seconds at which a service day of the city begins. */
export const dayStart = (day: ServiceDay): number => day * DAY + zoneDayStarts(ZONE, { first: day, days: 1 })[0]!

/** The runs that a message speaks of, in the order of day and start. */
export function runsAt(
  departures: readonly Departures[],
  seed: number,
  now: number,
  kept: ReadonlyMap<string, Run>,
): Run[] {
  const runs: Run[] = []
  const today = Math.floor(now / DAY)
  for (let day = (today - 1) as ServiceDay; day <= today + 1; day++) {
    const { trips, starts, longest } = departures[serviceOn(day)]!
    const begin = dayStart(day)
    const t = now - begin
    for (let i = firstAtLeast(starts, t - longest - LATEST); i < starts.length && starts[i]! <= t + AHEAD; i++) {
      const trip = trips[i]!
      if (trip.start + trip.pattern.arrivals.at(-1)! + LATEST < t) continue
      const run = kept.get(runKey(trip, day)) ?? fateOf(seed, trip, day, begin)
      for (const one of [run, addedBehind(run)]) if (one && isTold(one, now)) runs.push(one)
    }
  }
  return runs
}

const isTold = ({ start, arrivals, added }: Run, now: number): boolean =>
  start + arrivals.at(-1)! + AFTER >= now && (added === undefined || now - start >= added.known)

/** Where the first value ≥ `value` is in ascending values. */
function firstAtLeast(values: Int32Array, value: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

// What the vehicle of a run goes on as, so that its riders may stay: for whoever asks of one run at a time.

import type { TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { RunKey } from '#engine/horizon/runs.ts'
import { mayGoOn, throughTripsOf } from '#engine/timetable/continuations.ts'
import { type Timetable, zoneOfTrip } from '#engine/timetable/timetable.ts'

type ChainsOf = ReturnType<typeof throughTripsOf>

/** Days that are kept: what vehicles go on as takes some hundredths of a second to look up for one of a large city. */
const MOST_DAYS = 4
const kept = new WeakMap<Timetable, Map<string, ChainsOf>>()

/** The chains of trips that riders of a run may stay on, each with itself first; of a service day that is not kept looked up anew. */
function chainsOf(tt: Timetable, { trip, day }: RunKey): ReturnType<ChainsOf> {
  if (!mayGoOn(tt, trip)) return []
  const days = kept.getOrInsertComputed(tt, () => new Map())
  const zone = zoneOfTrip(tt, trip)
  const key = `${zone} ${day}`
  const found = days.get(key) ?? throughTripsOf(tt, zone, day)
  // the one asked for longest ago goes first
  days.delete(key)
  if (days.size >= MOST_DAYS) days.delete(days.keys().next().value!)
  days.set(key, found)
  return found(trip)
}

/** The longest chain of runs that riders of this one may stay on, itself first. */
export function goesOnAs(tt: Timetable, run: RunKey): RunKey[] {
  const chain = chainsOf(tt, run).at(-1) ?? []
  const next = chain.slice(1).map(({ trip, days }) => ({
    trip: trip as TripIdx,
    day: (run.day + days) as ServiceDay,
    shift: 0,
  }))
  return [run, ...next]
}

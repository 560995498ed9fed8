// A horizon of the schedule alone, compiled on the spot: for measuring the search without threads around it.

import type { UnixSeconds } from '#engine/core/time.ts'
import { compileDay, daySignature } from '#engine/horizon/compile-day.ts'
import type { ZoneDay } from '#engine/horizon/days.ts'
import { createLiveBlock, type DayBlock, dayKey, type Horizon, type HorizonDay } from '#engine/horizon/horizon.ts'
import { dayStart } from '#engine/timetable/timetable.ts'
import type { NetworkTables } from '#workers/network.ts'

/** @param days which service days to compile; those with the same services share a block */
export function scheduleHorizon({ timetable, footpaths }: NetworkTables, days: Iterable<ZoneDay>): Horizon {
  const blocks = new Map<string, DayBlock>()
  const compiled = new Map<number, HorizonDay>()
  for (const { zone, day } of days) {
    const signature = daySignature(timetable, zone, day)
    const block = blocks.getOrInsertComputed(signature, () => compileDay(timetable, zone, day))
    compiled.set(dayKey(zone, day), { zone, day, start: dayStart(timetable, zone, day), block })
  }
  const nothing = {
    lanes: 0,
    laneRuns: 0,
    events: 0,
    stopEntries: 0,
    slots: 0,
    runs: 0,
    runEvents: 0,
    runStops: 0,
    days: 0,
    deadWords: 0,
  }
  const base = (timetable.counts.firstDay * 86_400) as UnixSeconds
  return {
    generation: 1,
    timetable,
    footpaths,
    days: compiled,
    live: createLiveBlock({ ...nothing, stops: timetable.counts.stops, base }),
    alerts: [],
    vehicles: [],
    sources: [],
  }
}

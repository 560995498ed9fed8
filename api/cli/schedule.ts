// A horizon of the schedule alone, compiled on the spot: for measuring the search without threads around it.

import type { UnixSeconds } from '#engine/core/time.ts'
import { compileDay, daySignature } from '#engine/horizon/compile-day.ts'
import { LiveCompiler } from '#engine/horizon/compile-live.ts'
import type { ZoneDay } from '#engine/horizon/days.ts'
import { type DayBlock, dayKey, type Horizon, type HorizonDay } from '#engine/horizon/horizon.ts'
import { silence } from '#engine/live/state.ts'
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
  const base = (timetable.counts.firstDay * 86_400) as UnixSeconds
  return {
    generation: 1,
    timetable,
    footpaths,
    days: compiled,
    live: new LiveCompiler(timetable).compile(compiled.values(), silence, base),
    alerts: [],
    vehicles: [],
    sources: [],
  }
}

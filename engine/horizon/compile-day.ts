// The schedule of one service day in one time zone as lanes. Times stay seconds of the service day, so that every day with the same
// services can use the same block; frequencies are written out run by run (S28, S29), each run knowing its shift.

import { NONE, type PatternIdx, type ServiceIdx, type TripIdx, type ZoneIdx } from '../core/ids.ts'
import type { ServiceDay } from '../core/time.ts'
import { overnightSignature, throughTrips } from '../timetable/continuations.ts'
import { frequencyShifts } from '../timetable/frequencies.ts'
import { dayStart, patternLength, runsOn, type Timetable, zoneOfTrip } from '../timetable/timetable.ts'
import { createDayBlock, type DayBlock, dayBytes } from './horizon.ts'
import { LaneBuilder, type NewRun } from './lanes.ts'
import { ThroughRuns } from './through.ts'

/**
 * Names the services of a day and what follows them: days of one zone with equal signatures have equal blocks.
 */
export function daySignature(tt: Timetable, zone: ZoneIdx, day: ServiceDay): string {
  const active: number[] = []
  for (let s = 0; s < tt.counts.services; s++) if (runsOn(tt, s as ServiceIdx, day)) active.push(s)
  return `${zone}:${active.join()}:${overnightSignature(tt, zone, day)}`
}

/**
 * Compiles the runs of `day` whose trips keep the time of `zone`.
 * @param allocate gives memory of at least that many bytes, from a pool that holds nothing anybody still reads
 */
export function compileDay(
  tt: Timetable,
  zone: ZoneIdx,
  day: ServiceDay,
  allocate: (bytes: number) => SharedArrayBuffer = bytes => new SharedArrayBuffer(bytes),
): DayBlock {
  const active = new Uint8Array(tt.counts.services)
  for (let s = 0; s < active.length; s++) active[s] = runsOn(tt, s as ServiceIdx, day) ? 1 : 0
  const lanes = new LaneBuilder(tt)
  const runs: { trip: number; shift: number }[] = []
  const row: NewRun = {
    trip: 0,
    shift: 0,
    tag: NONE,
    day: 0,
    slot: 0,
    stops: 0,
    pattern: 0,
    access: 0,
    times: 0,
    own: false,
    offset: 0,
  }
  for (let p = 0; p < tt.counts.patterns; p++) {
    const begin = tt.tripBegin[p]!
    const end = tt.tripBegin[p + 1]!
    if (begin === end || zoneOfTrip(tt, begin as TripIdx) !== zone) continue
    const stops = patternLength(tt, p as PatternIdx)
    row.pattern = p
    row.stops = stops
    lanes.beginGroup()
    let repeated = false
    runs.length = 0
    for (let t = begin; t < end; t++) {
      if (active[tt.tripService[t as TripIdx]] === 0) continue
      const frequencies = tt.tripFrequencyBegin[t + 1]! - tt.tripFrequencyBegin[t]!
      if (frequencies > 0) {
        repeated = true
        for (const shift of frequencyShifts(tt, t as TripIdx)) runs.push({ trip: t, shift })
      } else if (repeated || tt.tripFrequencyBegin[end]! > tt.tripFrequencyBegin[begin]!)
        runs.push({ trip: t, shift: 0 })
      else addRun(t, 0)
    }
    // trips are sorted by start; with frequencies among them the runs are not
    if (runs.length > 0) {
      runs.sort((a, b) => tt.tripStart[a.trip]! + a.shift - tt.tripStart[b.trip]! - b.shift || a.trip - b.trip)
      for (const run of runs) addRun(run.trip, run.shift)
    }
  }
  const through = new ThroughRuns(tt, lanes)
  const start = dayStart(tt, zone, day)
  for (const parts of throughTrips(tt, zone, day)) {
    through.begin()
    for (const { trip, days } of parts)
      through.addPlanned(trip, days, dayStart(tt, zone, (day + days) as ServiceDay) - start)
    through.end(NONE, 0)
  }
  through.finish()
  const counts = lanes.counts(tt.counts.stops)
  const block = createDayBlock(counts, allocate(dayBytes(counts)))
  lanes.write(block)
  return block

  function addRun(trip: number, shift: number): void {
    row.trip = trip
    row.slot = lanes.slots.ofTrip(row.pattern, trip)
    row.shift = shift
    row.access = tt.tripAccess[trip]!
    row.times = tt.tripProfile[trip]!
    row.offset = tt.tripStart[trip]! + shift
    lanes.add(row)
  }
}

// The trip updates of one message → rows of LiveRuns: each update matched to its run (or to the run that it adds), of two for one run the
// newer kept, and the run's every stop resolved.
//
//   SCHEDULED, CANCELED, DELETED, UNSCHEDULED ── match ──┐
//   NEW, ADDED, DUPLICATED ── additions ─────────────────┼─▶ wanted rows ─▶ sorted, one per run ─▶ locate, times ─▶ LiveRuns
//   REPLACEMENT, TripModifications ── and the run they ──┘
//                                     take the place of

import { dayStart, patternLength, zoneOfTrip } from '../timetable/timetable.ts'
import type { Detour } from './detours.ts'
import { beginRun, type Located, locateStops, placeRows } from './locate.ts'
import { TripRelationship } from './message.ts'
import { findImplausible } from './plausible.ts'
import type { Reading } from './reading.ts'
import { createRuns, finishRuns, type RunColumns, runKey } from './runs.ts'
import { sharesRun, vehicleOf } from './shared-runs.ts'
import { type RunSigns, readSigns } from './signs.ts'
import { type LiveRuns, RunState, SKIPPED, Source } from './state.ts'
import { resolveTimes, writeSchedule } from './times.ts'
import { SAID_OF_ORIGINAL, type Wanted, wantedRuns } from './wanted.ts'

export interface Resolved {
  readonly runs: LiveRuns
  readonly matched: number
  readonly unmatched: number
  /** Run (`runKey`) → the vehicle that its update names (I7). */
  readonly vehicles: ReadonlyMap<string, string>
  readonly signs: readonly RunSigns[]
}

/**
 * @param located scratch
 * @param detours those that this message lays
 */
export function resolveRuns(reading: Reading, located: Located, detours: ReadonlyMap<string, Detour>): Resolved {
  const { rejected } = reading
  const { tt } = reading.ids
  const { wanted, matched, unmatched } = wantedRuns(reading, detours)
  let events = 0
  for (const { trip } of wanted) events += patternLength(tt, tt.tripPattern[trip])
  const out = createRuns(wanted.length, events)
  const vehicles = new Map<string, string>()
  const signs: RunSigns[] = []
  for (let k = 0; k < wanted.length; k++) {
    const w = wanted[k]!
    const next = wanted[k + 1]
    if (next !== undefined && w.day === next.day && w.trip === next.trip && w.shift === next.shift) {
      if (w.update >= 0 && next.update >= 0) rejected.add('duplicate_trip_update')
      continue
    }
    beginRun(tt, located, w.trip, w.shift, dayStart(tt, zoneOfTrip(tt, w.trip), w.day))
    located.guessed ||= sharesRun(w)
    const state = resolveRun(reading, w, located, out)
    if (state === undefined) continue
    const row = out.runs++
    out.runTrip[row] = w.trip
    out.runDay[row] = w.day
    out.runShift[row] = w.shift
    out.runState[row] = state
    out.runOther[row] = w.other
    out.runSource[row] = reading.source
    out.events += located.stops
    out.eventBegin[row + 1] = out.events
    const brought = w.trip >= tt.counts.trips && w.detour === undefined
    const sign = w.update < 0 ? undefined : readSigns(reading, w.update, w, located, brought)
    if (sign) signs.push(sign)
    const vehicle = w.update < 0 ? '' : vehicleOf(reading, w.update)
    if (vehicle !== '') vehicles.set(runKey(w), vehicle)
  }
  return { runs: finishRuns(out), matched, unmatched, vehicles, signs }
}

/** Resolves what is wanted into the events behind the last row; undefined: rejected, the run stays as scheduled. */
function resolveRun(reading: Reading, w: Wanted, run: Located, out: RunColumns): RunState | undefined {
  const { m, ids, rejected } = reading
  if (w.update < 0) {
    writeSchedule(ids.tt, run, out, out.events, Source.schedule)
    return w.state
  }
  const { descriptor, delay } = m.updates.columns
  const i = w.update
  const relationship = m.descriptors.columns.relationship[descriptor[i]!]
  if (relationship === TripRelationship.cancelled || relationship === TripRelationship.deleted) {
    writeSchedule(ids.tt, run, out, out.events, Source.schedule)
    return relationship === TripRelationship.cancelled ? RunState.cancelled : RunState.deleted
  }
  if (w.rows) placeRows(run, w.rows)
  else if (!placed(reading, w, run)) {
    rejected.add('bad_stop_refs')
    return asPlanned(reading, w, run, out)
  }
  const rejection =
    resolveTimes(reading, run, delay[i]!, w.dated, out, out.events) ?? findImplausible(ids.tt, run, out, out.events)
  if (rejection === undefined) {
    if (w.detour && w.rank === SAID_OF_ORIGINAL) doubtReplacements(w.detour, out, out.events)
    return isLeftToServe(out, run.stops) ? w.state : RunState.cancelled
  }
  // whose stops the update itself lists is there without a prediction as well (E8)
  if (rejection !== 'no_updates' || !w.rows) rejected.add(rejection)
  if (rejection === 'no_updates') return asPlanned(reading, w, run, out)
  // the feed speaks of the run, but nothing it says can be believed
  writeSchedule(ids.tt, run, out, out.events, Source.noData)
  return w.state
}

/** A run that stands for the timetable's, or brings its own stops, is there whatever is wrong with what is said of it; others stay as scheduled. */
function asPlanned({ ids: { tt } }: Reading, w: Wanted, run: Located, out: RunColumns): RunState | undefined {
  if (!w.rows && w.state !== RunState.replaced) return undefined
  writeSchedule(tt, run, out, out.events, Source.schedule)
  return w.state
}

/** Places the updates in the run; those for a trip that is on a detour are located in the trip as it was (H17). */
function placed(reading: Reading, w: Wanted, run: Located): boolean {
  const { stopsBegin, stopsEnd } = reading.m.updates.columns
  const [begin, end] = [stopsBegin[w.update]!, stopsEnd[w.update]!]
  if (!w.detour) return locateStops(reading, begin, end, run)
  const { tt } = reading.ids
  const { dayStart: start } = run
  beginRun(tt, run, w.detour.original, w.detour.shift, start)
  const located = locateStops(reading, begin, end, run)
  const rows = w.detour.origin.map(at => (at < 0 ? -1 : run.updateOf[at]! - 1))
  beginRun(tt, run, w.trip, w.shift, start)
  placeRows(run, rows)
  return located
}

/** Of a detour's own stops nobody has said anything: their times follow the others, without a claim to be known (H17). */
function doubtReplacements({ origin }: Detour, out: RunColumns, at: number): void {
  origin.forEach((position, i) => {
    if (position < 0) out.eventArrivalSource[at + i] = out.eventDepartureSource[at + i] = Source.noData
  })
}

/** A run that calls at one stop at most carries nobody (E5). */
function isLeftToServe(out: RunColumns, stops: number): boolean {
  let served = 0
  for (let e = out.events; e < out.events + stops; e++) if ((out.eventFlags[e]! & SKIPPED) === 0) served++
  return served > 1
}

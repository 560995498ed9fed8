// A feed that collapses: from one FULL_DATASET to the next it lacks most of the runs that were under way, and does not mean that they are
// gone (mfdz/GTFS-Issues#157: more than 90 % of all trips vanish within two minutes, several times a day). Then the lost runs keep the
// last word said of them for a while, told as such. Trips that end, or few that go, are the daily business of a feed and go as A4 says.
//
//   message   under way   lost since          shown
//   10:00     40          –                   40
//   10:02     38          2 of 40             38        A4
//   10:04      3          35 + 2 of 40        40        collapsed: more lost than told, 37 kept
//   10:06     30          8                   30 + 0    told again: no collapse any more

import { type LiveRunIdx, NONE } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { dayStart, type Timetable, zoneOfTrip } from '../timetable/timetable.ts'
import { STALE_AFTER, withoutPredictions } from './aging.ts'

import type { Tally, Warning } from './reasons.ts'
import { filterRuns, findRow, finishRuns, mergeRuns, NO_RUNS, type RunColumns } from './runs.ts'
import { KEPT, type LiveRuns } from './state.ts'

/** Seconds after the last word for which a lost run may be kept; from STALE_AFTER on by its schedule, as those of a silent feed. */
const KEEP_LOST = 600
/** So few lost runs are no collapse. */
const MIN_LOST = 10

/** What a source has said of runs that it no longer names, while they should be under way. */
export interface Lost {
  /** The runs of its newest message alone. */
  readonly said: LiveRuns
  readonly saidAt: UnixSeconds
  /** Runs last named in one message each, newest first. */
  readonly batches: readonly { readonly at: UnixSeconds; readonly runs: LiveRuns }[]
}

export const NOTHING_LOST: Lost = { said: NO_RUNS, saidAt: 0 as UnixSeconds, batches: [] }

/** The source's runs with those kept, and what it has lost by now. */
export function keepLost(
  tt: Timetable,
  last: Lost,
  said: LiveRuns,
  at: UnixSeconds,
  warnings: Tally<Warning>,
): { readonly runs: LiveRuns; readonly lost: Lost } {
  // a clock set back (K1): what it said before is of another time
  const earlier = at < last.saidAt ? [] : [{ at: last.saidAt, runs: last.said }, ...last.batches]
  const missing = (runs: LiveRuns) =>
    filterRuns(
      runs,
      r => isUnderWay(tt, runs, r, at) && findRow(said, runs.runTrip[r], runs.runDay[r], runs.runShift[r]) < 0,
    )
  const batches = earlier
    .filter(batch => at - batch.at <= KEEP_LOST)
    .map(batch => ({ at: batch.at, runs: missing(batch.runs) }))
    .filter(({ runs }) => runs.runs > 0)
  const lost = { said, saidAt: at, batches }
  const count = batches.reduce((sum, { runs }) => sum + runs.runs, 0)
  if (count < MIN_LOST || count <= underWay(tt, said, at)) return { runs: said, lost }
  warnings.add('kept_in_collapse', count)
  const kept = batches.map(batch =>
    flagged(at - batch.at > STALE_AFTER ? withoutPredictions(tt, batch.runs) : batch.runs),
  )
  return { runs: mergeRuns([said, ...kept], () => {}), lost }
}

function underWay(tt: Timetable, runs: LiveRuns, at: UnixSeconds): number {
  let count = 0
  for (let r = 0 as LiveRunIdx; r < runs.runs; r++) if (isUnderWay(tt, runs, r, at)) count++
  return count
}

/** By what was said of it: past its first stop, and not yet at its last. Runs that only realtime knows end with its word. */
function isUnderWay(tt: Timetable, runs: LiveRuns, r: LiveRunIdx, at: UnixSeconds): boolean {
  if (isExtraTrip(tt, runs.runTrip[r]) || runs.runOther[r] !== NONE) return false
  const second = at - dayStart(tt, zoneOfTrip(tt, runs.runTrip[r]), runs.runDay[r])
  const last = runs.eventBegin[(r + 1) as LiveRunIdx] - 1
  return runs.eventDeparture[runs.eventBegin[r]]! <= second && second < runs.eventArrival[last]!
}

function flagged(runs: LiveRuns): LiveRuns {
  const eventFlags = runs.eventFlags.map(flags => flags | KEPT)
  return finishRuns({ ...(runs as unknown as RunColumns), eventFlags })
}

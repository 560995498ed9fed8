// `freifahrt live`: what a realtime message means for a feed's timetable, stop by stop; nothing is imported and nothing served. With --json
// in a shape that another program's reading of the same message can be laid beside.

import { Command } from 'commander'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { LiveRunIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, formatTime, parseDate, type ServiceDay } from '#engine/core/time.ts'
import { RunState, SKIPPED, Source } from '#engine/live/state.ts'
import { dayStart, zoneOfTrip } from '#engine/timetable/timetable.ts'
import { type LiveOnce, liveOnce } from '#workers/live-once.ts'
import { collect } from './options.ts'
import { json } from './output.ts'

interface Options {
  gtfs: string
  gtfsRt: string[]
  date?: string
  json?: true
}

export const liveWord = (): Command =>
  new Command('live')
    .description('Apply GTFS-Realtime messages to a GTFS feed and print the times that follow.')
    .requiredOption('--gtfs <FEED>', 'a GTFS zip or folder')
    .requiredOption('--gtfs-rt <MESSAGE>', 'a message, file (gzip too) or address; may be repeated', collect)
    .option('--date <YYYYMMDD>', 'service day of trips that name none (default: the day nearest to the message)')
    .option('--json', 'print every stop time as JSON: planned and predicted arrival and departure, Unix seconds')
    .addHelpText(
      'after',
      `
Examples:
  freifahrt live --gtfs caltrain.zip --gtfs-rt trip-updates.pb
  freifahrt live --gtfs bart.zip --gtfs-rt trip-updates.pb --date 20190807 --json`,
    )
    .action(live)

async function live(options: Options): Promise<void> {
  const day = options.date === undefined ? undefined : parseDate(options.date)
  if (options.date !== undefined && day === undefined)
    throw new FreifahrtError('BAD_REQUEST', '--date', `'${options.date}' is no date: write 20260110`)
  const once = await liveOnce(options.gtfs, options.gtfsRt, day)
  console.log(options.json ? json(liveReport(once)) : reportText(once))
}

export const COLUMNS = ['stop_sequence', 'stop_id', 'sched_arr', 'sched_dep', 'pred_arr', 'pred_dep', 'source'] as const

type StopRow = [
  sequence: number,
  stopId: string,
  plannedArrival: number,
  plannedDeparture: number,
  arrival: number | null,
  departure: number | null,
  source: string,
]

interface TripReport {
  readonly trip_id: string
  readonly start_date: string
  /** Of a run of frequencies.txt. */
  readonly start_time?: string
  /** Of a run that does not simply run. */
  readonly state?: string
  readonly stops: readonly StopRow[]
}

const STATES: Readonly<Record<RunState, string | undefined>> = {
  [RunState.running]: undefined,
  [RunState.cancelled]: 'cancelled',
  [RunState.deleted]: 'deleted',
  [RunState.added]: 'added',
  [RunState.replaced]: 'replaced',
  [RunState.superseded]: 'superseded',
}

/** Runs ordered by trip_id and day; ids as in the feed. */
export function liveReport({ tt, state }: LiveOnce) {
  const { runs, sources } = state
  const counts: Record<string, number> = {
    trip_updates: sources.reduce((sum, s) => sum + s.tripUpdates, 0),
    matched: sources.reduce((sum, s) => sum + s.matched, 0),
    unresolved_stu: sources.reduce((sum, s) => sum + (s.warnings.bad_stop_ref ?? 0) + (s.warnings.no_stop_ref ?? 0), 0),
    vehicles: sources.reduce((sum, s) => sum + s.vehicles, 0),
    alerts: sources.reduce((sum, s) => sum + s.alerts, 0),
    stop_times: 0,
  }
  const trips: TripReport[] = []
  for (let r = 0 as LiveRunIdx; r < runs.runs; r++) {
    const trip = runs.runTrip[r]
    const stops = stopRows({ tt, state }, r)
    counts.stop_times! += stops.length
    for (const [, , , , , , source] of stops) counts[source] = (counts[source] ?? 0) + 1
    const word = STATES[runs.runState[r]]
    trips.push({
      trip_id: textOf(tt, tt.tripId[trip]!),
      start_date: formatDate(runs.runDay[r]),
      ...(runs.runShift[r] !== 0 && { start_time: formatTime(tt.tripStart[trip]! + runs.runShift[r]) }),
      ...(word && { state: word }),
      stops,
    })
  }
  trips.sort((a, b) => (a.trip_id < b.trip_id ? -1 : a.trip_id > b.trip_id ? 1 : a.start_date < b.start_date ? -1 : 1))
  return {
    header_timestamp: Math.max(0, ...sources.map(s => s.timestamp)),
    counts,
    rejected: total(sources.map(s => s.rejected)),
    warnings: total(sources.map(s => s.warnings)),
    columns: COLUMNS,
    trips,
  }
}

function total(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const record of records) for (const [key, n] of Object.entries(record)) sum[key] = (sum[key] ?? 0) + n
  return sum
}

function stopRows({ tt, state: { runs } }: LiveOnce, r: LiveRunIdx): StopRow[] {
  const trip = runs.runTrip[r]
  const start = dayStart(tt, zoneOfTrip(tt, trip), runs.runDay[r])
  const planned = start + tt.tripStart[trip]! + runs.runShift[r]
  const begin = runs.eventBegin[r]
  const rows: StopRow[] = []
  for (let e = begin; e < runs.eventBegin[(r + 1) as LiveRunIdx]; e++) {
    const i = e - begin
    const [arrival, departure] = [runs.eventArrivalSource[e]! as Source, runs.eventDepartureSource[e]! as Source]
    const source = runs.eventFlags[e]! & SKIPPED ? 'skipped' : sourceWord(arrival, departure)
    // an arrival that only follows from a stated departure (D8) is the router's own
    const hasArrival = isStated(arrival) || source === 'propagated'
    const hasDeparture = isStated(departure) || departure === Source.propagated
    rows.push([
      tt.sequences[tt.tripSequences[trip]! + i]!,
      textOf(tt, tt.stopId[runs.eventStop[e]!]!),
      planned + tt.profileTimes[tt.tripProfile[trip]! + 2 * i]!,
      planned + tt.profileTimes[tt.tripProfile[trip]! + 2 * i + 1]!,
      hasArrival && source !== 'skipped' ? start + runs.eventArrival[e]! : null,
      hasDeparture && source !== 'skipped' ? start + runs.eventDeparture[e]! : null,
      source,
    ])
  }
  return rows
}

/** Why there is little or nothing to see. */
function hints({ tt, state }: LiveOnce, counts: Readonly<Record<string, number>>): string[] {
  const { trip_updates: updates = 0, matched = 0, vehicles = 0, alerts = 0 } = counts
  const days = [tt.counts.firstDay, tt.counts.firstDay + tt.counts.days - 1].map(day => formatDate(day as ServiceDay))
  const rejected = total(state.sources.map(source => source.rejected))
  return [
    ...(vehicles + alerts > 0 ? [`besides: vehicle positions ${vehicles}, alerts ${alerts}`] : []),
    ...(updates + vehicles + alerts === 0 ? ['there is nothing in it'] : []),
    ...((rejected.trip_not_found ?? 0) * 2 > updates
      ? ['most of its trips are not in this feed: is it another version of it?']
      : []),
    ...(matched === 0 && (rejected.no_service_on_date ?? 0) > 0
      ? [`its trips do not run on that day; the feed's service days are ${days.join('–')}`]
      : []),
  ]
}

const isStated = (source: Source): boolean => source === Source.predicted || source === Source.recorded

function sourceWord(arrival: Source, departure: Source): string {
  if (isStated(arrival) || isStated(departure)) return 'rt'
  if (arrival === Source.propagated || departure === Source.propagated) return 'propagated'
  if (arrival === Source.noData || departure === Source.noData) return 'no_data'
  return 'none'
}

function reportText(once: LiveOnce): string {
  const { counts, rejected, warnings, trips } = liveReport(once)
  const { tt } = once
  const zone = textOf(tt, tt.zoneName[tt.feedZone[0]!]!)
  const clock = (time: number): string =>
    Temporal.Instant.fromEpochMilliseconds(time * 1000)
      .toZonedDateTimeISO(zone)
      .toPlainTime()
      .toString({ smallestUnit: 'second' })
  const late = (planned: number, now: number | null): string => {
    if (now === null) return ''
    const delay = now - planned
    return `${clock(now)} ${delay === 0 ? 'on time' : `${delay > 0 ? '+' : '−'}${formatTime(Math.abs(delay)).slice(1)}`}`
  }
  const lines = trips.map(({ trip_id, start_date, start_time, state, stops }) =>
    [
      `${[trip_id, start_date, start_time, state].filter(Boolean).join('  ')}`,
      ...stops.map(([sequence, stopId, plannedArrival, plannedDeparture, arrival, departure, source]) => {
        const last = departure === null && arrival !== null
        const time = last ? late(plannedArrival, arrival) : late(plannedDeparture, departure)
        return `  ${String(sequence).padStart(3)}  ${stopId.padEnd(14)}  ${clock(plannedDeparture)}  ${time.padEnd(18)}  ${source}`.trimEnd()
      }),
    ].join('\n'),
  )
  const named = (record: Readonly<Record<string, number>>): string =>
    Object.entries(record)
      .map(([key, n]) => `${key} ${n}`)
      .join(', ') || 'none'
  return [
    ...lines,
    `${counts.matched} of ${counts.trip_updates} trip updates matched, ${counts.stop_times} stop times (${zone}); rejected: ${named(rejected)}; warnings: ${named(warnings)}`,
    ...hints(once, counts),
  ].join('\n')
}

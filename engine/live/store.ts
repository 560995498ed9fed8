// What each source said last, and the state that follows from all of them at a moment. The only mutable thing of the live state: one per
// process, owned by the thread that applies messages.

import { FreifahrtError } from '../core/errors.ts'
import type { FeedIdx, StopIdx, TripIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { UnixSeconds } from '../core/time.ts'
import { buildFeedIds, type FeedIds } from '../timetable/ids.ts'
import { slotStop, type Timetable } from '../timetable/timetable.ts'
import { ALERTS_HIDDEN_AFTER, STALE_AFTER, saidAt, withoutFinished, withoutPredictions } from './aging.ts'
import { type Lost, NOTHING_LOST } from './collapse.ts'
import type { Detour } from './detours.ts'
import { type Envelope, newEnvelope } from './envelope.ts'
import { type ExtraTrips, extraTripsOf } from './extra-trips.ts'
import type { Line } from './lines.ts'
import { createLocated, type Located } from './locate.ts'
import type { SourceOptions } from './options.ts'
import { type AddedStops, type RealtimeStops, realtimeStopsOf } from './realtime-stops.ts'
import { diffRuns, extraTripsIn, markStopsOf, mergeRuns, NO_RUNS, runKey } from './runs.ts'
import type { Holders } from './shared-runs.ts'
import { changedSigns, type RunSigns } from './signs.ts'
import type { LiveAlert, LiveRuns, LiveState, LiveVehicle, SourceStatus } from './state.ts'
import { buildTripKeys, type TripKeys } from './trip-keys.ts'
import { withWheelchairs } from './wheelchairs.ts'

/** A realtime source: where it comes from and whose ids it speaks in. */
export interface SourceConfig {
  readonly tag: string
  readonly url: string
  readonly options?: SourceOptions
  /** The feed of this tag when absent. */
  readonly feeds?: readonly FeedIdx[]
}

export interface LiveSource extends SourceConfig {
  readonly feeds: readonly FeedIdx[]
  readonly options: SourceOptions
  readonly keys: TripKeys | undefined
  readonly envelope: Envelope
  // as its newest message said
  runs: LiveRuns
  /** What it does not say any more; kept among `runs` while it has collapsed. */
  lost: Lost
  signs: readonly RunSigns[]
  alerts: readonly LiveAlert[]
  vehicles: readonly LiveVehicle[]
  /** Run → the vehicle that its TripUpdate names (I7). */
  vehicleOf: ReadonlyMap<string, string>
  /** Of vehicles that share a run, which one is the run (G5). */
  readonly holders: Holders
  /** Checksums of the alerts' bytes, so that the same again need not be resolved. */
  alertsChecksum: number
  status: SourceStatus
  /** Extra trips that `runs` names, each kept once per claim (extra-trips.ts). */
  claimed: readonly TripIdx[]
  /** Stops that only realtime knows and that its alerts are about, each kept once per mention. */
  held: readonly StopIdx[]
  /** What the newest message brought along: detours by `runKey`, stops by stop_id, lines by shape_id. */
  detours: ReadonlyMap<string, Detour>
  stops: ReadonlyMap<string, StopIdx>
  lines: ReadonlyMap<string, Line>
  /** `runs` without predictions, made when the source turned stale. */
  faded: { readonly of: LiveRuns; readonly runs: LiveRuns } | undefined
}

export interface LiveStore {
  readonly tt: Timetable
  readonly ids: FeedIds
  readonly sources: readonly LiveSource[]
  readonly located: Located
  readonly extras: ExtraTrips
  readonly stops: RealtimeStops
  /** stop → 1 while changes are being collected. */
  readonly marks: Uint8Array
  state: LiveState
}

export interface ApplyResult {
  readonly state: LiveState
  /** Why the message was not taken; then nothing but the source's status (and the passing of time) changed. */
  readonly refused?: string
  readonly changedRuns: number
  /** StopIdx ascending: scheduled and assigned stops of every event that differs from before. */
  readonly changedStops: Uint32Array
  /** Of what is said of runs for display. */
  readonly signsChanged: boolean
  readonly alertsChanged: boolean
  readonly vehiclesChanged: boolean
}

/** Throws UNKNOWN_TAG for a source that speaks of no feed of the timetable. */
export function createLiveStore(tt: Timetable, sources: readonly SourceConfig[]): LiveStore {
  const all = sources.map(
    ({ tag, url, options = {}, feeds = feedsOf(tt, tag) }): LiveSource => ({
      tag,
      url,
      feeds,
      options,
      keys: options.tripIds && buildTripKeys(tt, feeds, options.tripIds),
      envelope: newEnvelope(),
      runs: NO_RUNS,
      lost: NOTHING_LOST,
      signs: [],
      alerts: [],
      vehicles: [],
      vehicleOf: new Map(),
      holders: new Map(),
      alertsChecksum: 0,
      claimed: [],
      held: [],
      detours: new Map(),
      stops: new Map(),
      lines: new Map(),
      status: {
        tag,
        url,
        timestamp: 0,
        receivedAt: 0,
        entities: 0,
        tripUpdates: 0,
        matched: 0,
        unmatched: 0,
        outsideArea: 0,
        vehicles: 0,
        alerts: 0,
        rejected: {},
        warnings: {},
        applied: 0,
        refusedCount: 0,
        unchangedCount: 0,
        unchangedStreak: 0,
        poorMatches: 0,
      },
      faded: undefined,
    }),
  )
  return {
    tt,
    ids: buildFeedIds(tt),
    sources: all,
    located: createLocated(tt),
    extras: extraTripsOf(tt),
    stops: realtimeStopsOf(tt),
    marks: new Uint8Array(tt.counts.stops),
    state: { runs: NO_RUNS, alerts: [], vehicles: [], sources: all.map(s => s.status) },
  }
}

function feedsOf(tt: Timetable, tag: string): FeedIdx[] {
  const feeds: FeedIdx[] = []
  for (let f = 0; f < tt.counts.feeds; f++) if (textOf(tt, tt.feedTag[f]!) === tag) feeds.push(f as FeedIdx)
  if (feeds.length === 0)
    throw new FreifahrtError('UNKNOWN_TAG', `realtime source ${tag}`, 'no feed of the network has this tag')
  return feeds
}

const NO_STOPS = new Uint32Array(0)

/** The result of a message that leaves everything as it is. */
export const nothingChanged = (store: LiveStore): ApplyResult => ({
  state: store.state,
  changedRuns: 0,
  changedStops: NO_STOPS,
  signsChanged: false,
  alertsChanged: false,
  vehiclesChanged: false,
})

/** Makes the state at `now` of what the sources said, and tells what differs from the one before. */
export function publish(store: LiveStore, now: UnixSeconds): ApplyResult {
  const before = store.state
  const shadowed = store.sources.map(() => 0)
  const said = mergeRuns(
    store.sources.map(source => shownRuns(store.tt, source, now)),
    source => shadowed[source]!++,
  )
  const alerts = joined(
    before.alerts,
    store.sources.map(s => (ageOf(s, now) > ALERTS_HIDDEN_AFTER ? [] : s.alerts)),
  )
  const vehicles = joined(
    before.vehicles,
    store.sources.map(s => (ageOf(s, now) > STALE_AFTER ? [] : s.vehicles)),
  )
  const runs = withWheelchairs(store.tt, said, vehicles, store.located)
  const sources = joined(
    before.sources,
    store.sources.map(({ status }, i) => [withShadowed(before.sources[i]!, status, shadowed[i]!)]),
  )
  const signsBefore = before.runSigns ?? []
  const signs = joined(signsBefore, heardSigns(store, now))
  const signsChanged = signs !== signsBefore
  for (const run of changedSigns(signsBefore, signs)) markStopsOf(store.tt, runs, run, store.marks)
  const changedRuns = diffRuns(store.tt, before.runs, runs, store.marks)
  const changedStops = changedRuns === 0 && !signsChanged ? NO_STOPS : takeMarks(store.marks)
  const alertsChanged = alerts !== before.alerts
  const vehiclesChanged = vehicles !== before.vehicles
  if (changedRuns > 0 || signsChanged || alertsChanged || vehiclesChanged || sources !== before.sources)
    store.state = { runs: changedRuns > 0 ? runs : before.runs, runSigns: signs, alerts, vehicles, sources }
  if (changedRuns > 0) {
    for (const trip of extraTripsIn(store.tt, runs)) store.extras.keep(trip)
    for (const trip of extraTripsIn(store.tt, before.runs)) store.extras.release(trip)
  }
  return { state: store.state, changedRuns, changedStops, signsChanged, alertsChanged, vehiclesChanged }
}

/** The stops that only realtime knows and that a source tells of, or that one of these trips calls at. */
export function addedStops({ tt, sources, stops }: LiveStore, trips: readonly TripIdx[]): AddedStops {
  if (!stops.any) return stops.added([])
  const { slots, slotBegin, tripPattern } = tt
  const called = trips.flatMap(trip => {
    const pattern = tripPattern[trip]
    return Array.from(slots.subarray(slotBegin[pattern], slotBegin[pattern + 1]), slotStop)
  })
  return stops.added([...sources.flatMap(source => [...source.stops.values()]), ...called])
}

/** What the sources say of runs for display; of two for one run the first is heard. */
function heardSigns({ sources }: LiveStore, now: UnixSeconds): (readonly RunSigns[])[] {
  const heard = new Set<string>()
  return sources.map(source => {
    if (ageOf(source, now) > STALE_AFTER) return []
    return source.signs.filter(signs => !heard.has(runKey(signs)) && heard.add(runKey(signs)))
  })
}

/** Seconds since the source's newest message was made; of one dated ahead, 0 (K8). */
const ageOf = ({ status }: LiveSource, now: UnixSeconds): number => Math.max(0, now - saidAt(status))

function shownRuns(tt: Timetable, source: LiveSource, now: UnixSeconds): LiveRuns {
  source.runs = withoutFinished(tt, source.runs, now)
  if (ageOf(source, now) <= STALE_AFTER) return source.runs
  if (source.faded?.of !== source.runs) source.faded = { of: source.runs, runs: withoutPredictions(tt, source.runs) }
  return source.faded.runs
}

/** The lists one behind the other; the old array itself while they hold the same objects, so that nobody starts anew for nothing. */
function joined<T>(old: readonly T[], lists: readonly (readonly T[])[]): readonly T[] {
  let at = 0
  let same = true
  for (const list of lists) for (const item of list) same = old[at++] === item && same
  return same && at === old.length ? old : lists.flat()
}

/** The status with the runs that an earlier source spoke of counted in. */
function withShadowed(before: SourceStatus, status: SourceStatus, count: number): SourceStatus {
  if (count === 0) return status
  const rejected = { ...status.rejected, other_source: count }
  const same = before.applied === status.applied && before.refusedCount === status.refusedCount
  return same && before.rejected.other_source === count ? before : { ...status, rejected }
}

function takeMarks(marks: Uint8Array): Uint32Array {
  const stops: number[] = []
  for (let s = 0; s < marks.length; s++) {
    if (marks[s] === 0) continue
    stops.push(s)
    marks[s] = 0
  }
  return Uint32Array.from(stops)
}

// The live thread's work without its I/O: message bytes in, generations of the horizon out.
//
//   bytes ─decode─▶ message ─apply─▶ live state ─compile─▶ live block ─publish─▶ everybody
//
// A generation is written into memory that nobody reads any more and published whole. When all of that memory is still being read, what
// happened meanwhile is merged into the next publish, which follows as soon as a generation is released.

import { type Conditions, noConditions } from '#engine/conditions/conditions.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { FeedIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { LiveCompiler } from '#engine/horizon/compile-live.ts'
import type { ZoneDay } from '#engine/horizon/days.ts'
import { ageSources, applyMessage, confirmSource } from '#engine/live/apply.ts'
import { knowsTrip } from '#engine/live/match.ts'
import { createMessage, type DecodedMessage } from '#engine/live/message.ts'
import { buildOccupancy, changedOccupancies, type OccupancyState } from '#engine/live/occupancy.ts'
import type { AddedStops } from '#engine/live/realtime-stops.ts'
import { extraTripsIn, markStopsOf } from '#engine/live/runs.ts'
import { packSigns } from '#engine/live/signs.ts'
import type { LiveState } from '#engine/live/state.ts'
import { type ApplyResult, addedStops, createLiveStore, type LiveStore } from '#engine/live/store.ts'
import { extraTripsOn } from '#engine/live/vehicles.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import type { DecodeOptions } from '#feeds/realtime/wanted.ts'
import { BufferPool } from './buffers.ts'
import { DayCache } from './day-cache.ts'
import type { AlertsHandle, PublishMessage, RealtimeSource, TableHandle } from './messages.ts'
import type { Clock } from './service.ts'

export interface PublisherOptions {
  readonly timetable: Timetable
  readonly sources: readonly RealtimeSource[]
  readonly clock: Clock
  /** Was the timetable cut to an area? Then trips it does not know are somewhere else, and skipped unread. */
  readonly cut: boolean
  readonly firstGeneration: number
  readonly publish: (message: PublishMessage) => void
}

/** Generations whose live block exists at the same time: the current one, the next, and two that tasks are still reading. */
const LIVE_BLOCKS = 4
/** Per time zone: days kept compiled beside those around now; blocks for all of them and for what only old generations still name. */
const EXTRA_DAYS = 16
const DAY_BLOCKS = 48

/** What has happened since the last publish. */
interface Pending {
  readonly stops: Uint8Array
  any: boolean
  /** Must the live block be compiled again, or does the one before still say it? */
  runs: boolean
  alerts: boolean
  conditions: boolean
  vehicles: boolean
  sources: boolean
  since: number
}

export class Publisher {
  private readonly options: PublisherOptions
  private readonly store: LiveStore
  private readonly compiler: LiveCompiler
  private readonly message = createMessage()
  private readonly liveBlocks = new BufferPool(LIVE_BLOCKS)
  private readonly alertTexts = new BufferPool(LIVE_BLOCKS + 1)
  private readonly conditionTexts = new BufferPool(LIVE_BLOCKS + 1)
  private readonly occupancies = new BufferPool(LIVE_BLOCKS + 1)
  private readonly dayBlocks: BufferPool
  private readonly days: DayCache
  // generation → lets go of what it keeps in use
  private readonly held = new Map<number, () => void>()
  private readonly base: UnixSeconds
  private readonly firstId: number
  private readonly pending: Pending
  private readonly decoding: readonly DecodeOptions[]
  // what the newest generation holds; kept in use for the next, which may need the same again
  private live: TableHandle | undefined
  private occupancy: TableHandle | undefined
  private told: OccupancyState | undefined
  private alerts: AlertsHandle | undefined
  private conditions: AlertsHandle | undefined
  private added: AddedStops | undefined
  private now: Conditions = noConditions
  private generation: number

  constructor(options: PublisherOptions) {
    const { timetable, clock, sources, cut } = options
    this.options = options
    const configs = sources.map(source => ({ ...source, feeds: feedsOf(timetable, source.tag) }))
    this.store = createLiveStore(timetable, configs)
    // ids that are not the timetable's cannot be told from those of another area before they are read
    this.decoding = configs.map(({ feeds, options: { tripIds } = {} }) =>
      cut && !tripIds ? { wanted: knowsTrip(timetable, this.store.ids.trips, feeds) } : {},
    )
    this.compiler = new LiveCompiler(timetable)
    // numbers that other threads remember things by never come again, even from a thread started anew
    this.firstId = options.firstGeneration * 0x10_0000
    this.dayBlocks = new BufferPool(DAY_BLOCKS * timetable.counts.zones)
    this.days = new DayCache(timetable, this.dayBlocks, EXTRA_DAYS * timetable.counts.zones, this.firstId)
    this.base = clock.now()
    this.generation = options.firstGeneration - 1
    const stops = new Uint8Array(timetable.counts.stops)
    this.pending = {
      stops,
      any: true,
      runs: true,
      alerts: true,
      conditions: false,
      vehicles: true,
      sources: true,
      since: 0,
    }
  }

  /** Publishes the first generation: the schedule of the days around now. */
  start(): void {
    const { clock, firstGeneration } = this.options
    // after a thread that died, nobody knows any more which stops it had changed
    if (firstGeneration > 1) this.pending.stops.fill(1)
    this.days.moveTo(clock.now())
    this.publish()
  }

  /**
   * One message of one source.
   * @param since when its bytes were there, Unix milliseconds
   * @returns why it was refused, or undefined; either way the last good state stays until a better one is there
   */
  apply(source: number, bytes: Uint8Array, since: number): string | undefined {
    return this.take(source, this.decode(source, bytes), since)
  }

  /** A source had nothing to say, and why: it shows in its status. */
  refuse(source: number, reason: string): void {
    this.take(source, reason, 0)
  }

  /** A source has nothing new to say. */
  confirm(source: number): void {
    const before = this.store.state
    this.merge(before, confirmSource(this.store, source, this.options.clock.now()))
    this.publish()
  }

  /**
   * What is known of elevators, vehicles for rent and car parks from now on.
   * @param stops at which it changes what is shown
   */
  setConditions(conditions: Conditions, stops: Iterable<number>): void {
    this.now = conditions
    for (const stop of stops) this.pending.stops[stop] = 1
    this.pending.any = this.pending.conditions = true
    this.publish()
  }

  /** Predictions grow old, runs end and days pass without any message. */
  tick(): void {
    const now = this.options.clock.now()
    const before = this.store.state
    const aged = ageSources(this.store, now)
    if (aged) this.merge(before, aged)
    if (this.days.moveTo(now)) this.pending.any = this.pending.runs = true
    this.publish()
  }

  /** Compiles days that are not there yet. Returns once they are in a generation, or, if all memory is in use, in the next. */
  ensure(days: readonly ZoneDay[]): void {
    if (this.days.ensure(days)) this.pending.any = this.pending.runs = true
    this.publish()
  }

  /** Nobody reads this generation any more. */
  release(generation: number): void {
    this.held.get(generation)?.()
    this.held.delete(generation)
    this.publish()
  }

  /** Is everything published? If not, a generation has to be released first. */
  get settled(): boolean {
    return !this.pending.any
  }

  /** Bytes of shared memory in pools. */
  get pooledBytes(): number {
    return (
      this.liveBlocks.bytes +
      this.dayBlocks.bytes +
      this.alertTexts.bytes +
      this.conditionTexts.bytes +
      this.occupancies.bytes
    )
  }

  private take(source: number, message: DecodedMessage | string, since: number): string | undefined {
    const { store, pending, options } = this
    const before = store.state
    const result = applyMessage(store, source, message, options.clock.now())
    this.merge(before, result)
    if (pending.any) pending.since ||= since
    this.publish()
    return result.refused
  }

  /** The message, or why there is none. */
  private decode(source: number, bytes: Uint8Array): DecodedMessage | string {
    try {
      return decodeMessage(bytes, this.message, this.decoding[source])
    } catch (error) {
      if (error instanceof FreifahrtError) return error.code
      throw error
    }
  }

  private merge(before: LiveState, change: ApplyResult): void {
    const { pending } = this
    if (change.state === before) return
    for (const stop of change.changedStops) pending.stops[stop] = 1
    pending.runs ||= change.state.runs !== before.runs
    pending.alerts ||= change.alertsChanged || change.signsChanged
    pending.vehicles ||= change.vehiclesChanged
    pending.sources ||= change.state.sources !== before.sources
    pending.any = true
  }

  private publish(): void {
    const { pending, options, liveBlocks, alertTexts, conditionTexts, occupancies, dayBlocks } = this
    const { state } = this.store
    if (!pending.any) return
    if ((pending.runs && liveBlocks.full) || (pending.alerts && alertTexts.full)) return
    if (pending.vehicles && occupancies.full) return
    if (pending.conditions && conditionTexts.full) return
    if (pending.runs || !this.live) this.live = this.compileLive()
    if (pending.alerts || !this.alerts)
      this.alerts = this.writeText(alertTexts, this.alerts, {
        alerts: state.alerts,
        signs: packSigns(state.runSigns ?? []),
      })
    if (pending.conditions) this.conditions = this.writeText(conditionTexts, this.conditions, this.now)
    if (pending.vehicles || !this.occupancy) this.occupancy = this.writeOccupancy()
    const { live, alerts, conditions, occupancy } = this
    const days = this.days.buffers()
    const { extras } = this.store
    const { timetable } = options
    const added = [...extraTripsIn(timetable, state.runs), ...extraTripsOn(timetable, state.vehicles)]
    const { version, stops, walks } = this.noteStops(addedStops(this.store, added))
    for (const trip of added) extras.keep(trip)
    liveBlocks.keep(live.buffer)
    alertTexts.keep(alerts.buffer)
    if (conditions) conditionTexts.keep(conditions.buffer)
    occupancies.keep(occupancy.buffer)
    for (const buffer of days) dayBlocks.keep(buffer)
    const generation = ++this.generation
    this.held.set(generation, () => {
      liveBlocks.release(live.buffer)
      alertTexts.release(alerts.buffer)
      if (conditions) conditionTexts.release(conditions.buffer)
      occupancies.release(occupancy.buffer)
      for (const buffer of days) dayBlocks.release(buffer)
      for (const trip of added) extras.release(trip)
    })
    options.publish({
      kind: 'publish',
      horizon: {
        generation,
        daysVersion: this.days.version,
        days: this.days.handles(),
        live,
        alerts,
        occupancy,
        ...(conditions && { conditions }),
        ...(stops.length > 0 && { added: { version: this.firstId + version, stops, walks } }),
      },
      changedStops: markedStops(pending.stops),
      alertsChanged: pending.alerts,
      conditionsChanged: pending.conditions,
      ...(pending.vehicles && { vehicles: state.vehicles }),
      ...(pending.sources && { sources: state.sources }),
      since: pending.since,
    })
    pending.stops.fill(0)
    pending.any = pending.runs = pending.alerts = pending.conditions = pending.vehicles = pending.sources = false
    pending.since = 0
  }

  /** A stop that comes or goes is a change there, whoever calls at it. */
  private noteStops(now: AddedStops): AddedStops {
    const { added, pending } = this
    if (now.version !== added?.version)
      for (const stop of [...(added?.stops ?? []), ...now.stops]) pending.stops[stop] = 1
    this.added = now
    return now
  }

  private compileLive(): TableHandle {
    const { live } = this
    let taken: SharedArrayBuffer | undefined
    const take = (bytes: number): SharedArrayBuffer => {
      taken = this.liveBlocks.take(bytes)!
      return taken
    }
    try {
      const { buffer } = this.compiler.compile(this.days.days.values(), this.store.state, this.base, take)
      if (live) this.liveBlocks.release(live.buffer)
      return { version: (live?.version ?? this.firstId) + 1, buffer }
    } catch (error) {
      if (taken) this.liveBlocks.release(taken)
      throw error
    }
  }

  /** Boards show how full vehicles are, so stops of runs that are told of otherwise have changed. */
  private writeOccupancy(): TableHandle {
    const { state, tt } = this.store
    const table = buildOccupancy(state, bytes => this.occupancies.take(bytes)!)
    const now = { table, vehicles: state.vehicles }
    const changed = this.told ? changedOccupancies(this.told, now) : []
    for (const run of changed) markStopsOf(tt, state.runs, run, this.pending.stops)
    this.told = now
    if (this.occupancy) this.occupancies.release(this.occupancy.buffer)
    const { buffer } = table
    return { version: (this.occupancy?.version ?? this.firstId) + 1, buffer }
  }

  private writeText(pool: BufferPool, before: AlertsHandle | undefined, value: unknown): AlertsHandle {
    const text = new TextEncoder().encode(JSON.stringify(value))
    if (before) pool.release(before.buffer)
    const buffer = pool.take(text.length)!
    new Uint8Array(buffer).set(text)
    return { version: (before?.version ?? this.firstId) + 1, buffer, bytes: text.length }
  }
}

/** The feeds that carry this tag. */
function feedsOf(tt: Timetable, tag: string): FeedIdx[] {
  const feeds: FeedIdx[] = []
  for (let f = 0; f < tt.counts.feeds; f++) if (textOf(tt, tt.feedTag[f]!) === tag) feeds.push(f as FeedIdx)
  return feeds
}

function markedStops(marks: Uint8Array): Uint32Array {
  const found: number[] = []
  for (let stop = marks.indexOf(1); stop >= 0; stop = marks.indexOf(1, stop + 1)) found.push(stop)
  return Uint32Array.from(found)
}

// The live thread's work without its I/O: message bytes in, generations of the horizon out.
//
//   bytes ─decode─▶ message ─apply─▶ live state ─compile─▶ live block ─publish─▶ everybody
//
// A generation is written into memory that nobody reads any more and published whole. When all of that memory is still being read, what
// happened meanwhile is merged into the next publish, which follows as soon as a generation is released.

import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { LiveCompiler } from '#engine/horizon/compile-live.ts'
import type { ZoneDay } from '#engine/horizon/days.ts'
import { type ApplyResult, ageSources, applyMessage, createLiveStore, type LiveStore } from '#engine/live/apply.ts'
import { createMessage } from '#engine/live/message.ts'
import type { LiveState } from '#engine/live/state.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { BufferPool } from './buffers.ts'
import { DayCache } from './day-cache.ts'
import type { AlertsHandle, PublishMessage, RealtimeSource } from './messages.ts'
import type { Clock } from './service.ts'

export interface PublisherOptions {
  readonly timetable: Timetable
  readonly sources: readonly RealtimeSource[]
  readonly clock: Clock
  readonly firstGeneration: number
  readonly publish: (message: PublishMessage) => void
}

/** Generations whose live block exists at the same time: the current one, the next, and two that tasks are still reading. */
const LIVE_BLOCKS = 4
/** Days kept compiled beside those around now, and blocks for them (and for those only old generations still name). */
const EXTRA_DAYS = 16
const DAY_BLOCKS = 64

/** What has happened since the last publish. */
interface Pending {
  readonly stops: Uint8Array
  any: boolean
  alerts: boolean
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
  private readonly dayBlocks = new BufferPool(DAY_BLOCKS)
  private readonly days: DayCache
  // generation → what it keeps in use
  private readonly held = new Map<number, readonly (() => void)[]>()
  private readonly base: UnixSeconds
  private readonly firstId: number
  private readonly pending: Pending
  private state: LiveState
  private alerts: AlertsHandle | undefined
  private generation: number

  constructor(options: PublisherOptions) {
    const { timetable, clock, sources } = options
    this.options = options
    this.store = createLiveStore(timetable, sources)
    this.state = this.store.state
    this.compiler = new LiveCompiler(timetable)
    // numbers that other threads remember things by never come again, even from a thread started anew
    this.firstId = options.firstGeneration * 0x10_0000
    this.days = new DayCache(timetable, this.dayBlocks, EXTRA_DAYS * timetable.counts.zones, this.firstId)
    this.base = clock.now()
    this.generation = options.firstGeneration - 1
    const stops = new Uint8Array(timetable.counts.stops)
    this.pending = { stops, any: true, alerts: true, vehicles: true, sources: true, since: 0 }
  }

  /** Publishes the first generation: the schedule of the days around now. */
  start(): void {
    this.days.moveTo(this.options.clock.now())
    this.publish()
  }

  /**
   * One message of one source.
   * @param since when its bytes were there, Unix milliseconds
   * @returns why it was refused, or undefined; either way the last good state stays until a better one is there
   */
  apply(source: number, bytes: Uint8Array, since: number): string | undefined {
    const { store, message, options, pending } = this
    let refused: string | undefined
    try {
      decodeMessage(bytes, message, { wanted: store.wanted })
    } catch (error) {
      if (!(error instanceof FreifahrtError)) throw error
      refused = error.code
    }
    const result = applyMessage(store, source, refused === undefined ? message : refused, options.clock.now())
    this.merge(result)
    pending.since ||= since
    this.publish()
    return result.refused
  }

  /** Predictions grow old, runs end and days pass without any message. */
  tick(): void {
    const now = this.options.clock.now()
    const daysChanged = this.days.moveTo(now)
    const aged = ageSources(this.store, now)
    if (aged) this.merge(aged)
    if (daysChanged) this.pending.any = true
    this.publish()
  }

  /** Compiles days that are not there yet. Returns once they are in a generation, or, if all memory is in use, in the next. */
  ensure(days: readonly ZoneDay[]): void {
    if (this.days.ensure(days)) this.pending.any = true
    this.publish()
  }

  /** Nobody reads this generation any more. */
  release(generation: number): void {
    for (const release of this.held.get(generation) ?? []) release()
    this.held.delete(generation)
    this.publish()
  }

  /** Is everything published? If not, a generation has to be released first. */
  get settled(): boolean {
    return !this.pending.any
  }

  /** Bytes of shared memory in pools. */
  get pooledBytes(): number {
    return this.liveBlocks.bytes + this.dayBlocks.bytes + this.alertTexts.bytes
  }

  private merge(change: Changes): void {
    const { pending } = this
    this.state = change.state
    for (const stop of change.changedStops) pending.stops[stop] = 1
    pending.alerts ||= change.alertsChanged
    pending.vehicles ||= change.vehiclesChanged
    pending.sources = true
    pending.any = true
  }

  private publish(): void {
    const { pending, state, options, liveBlocks } = this
    if (!pending.any || liveBlocks.inUse === LIVE_BLOCKS) return
    if (pending.alerts || !this.alerts) this.alerts = this.writeAlerts()
    const live = this.compileLive()
    const { alerts } = this
    const days = this.days.buffers()
    for (const buffer of days) this.dayBlocks.keep(buffer)
    this.alertTexts.keep(alerts.buffer)
    const generation = ++this.generation
    this.held.set(generation, [
      () => liveBlocks.release(live),
      () => this.alertTexts.release(alerts.buffer),
      ...days.map(buffer => () => this.dayBlocks.release(buffer)),
    ])
    options.publish({
      kind: 'publish',
      horizon: { generation, daysVersion: this.days.version, days: this.days.handles(), live, alerts },
      changedStops: markedStops(pending.stops),
      alertsChanged: pending.alerts,
      ...(pending.vehicles && { vehicles: state.vehicles }),
      ...(pending.sources && { sources: state.sources }),
      since: pending.since,
    })
    pending.stops.fill(0)
    pending.any = pending.alerts = pending.vehicles = pending.sources = false
    pending.since = 0
  }

  private compileLive(): SharedArrayBuffer {
    let taken: SharedArrayBuffer | undefined
    const take = (bytes: number): SharedArrayBuffer => {
      taken = this.liveBlocks.take(bytes)!
      return taken
    }
    try {
      return this.compiler.compile(this.days.days.values(), this.state, this.base, take).buffer
    } catch (error) {
      if (taken) this.liveBlocks.release(taken)
      throw error
    }
  }

  private writeAlerts(): AlertsHandle {
    const text = new TextEncoder().encode(JSON.stringify(this.state.alerts))
    if (this.alerts) this.alertTexts.release(this.alerts.buffer)
    const buffer = this.alertTexts.take(text.length)!
    new Uint8Array(buffer).set(text)
    return { version: (this.alerts?.version ?? this.firstId) + 1, buffer, bytes: text.length }
  }
}

type Changes = Pick<ApplyResult, 'state' | 'changedStops' | 'alertsChanged' | 'vehiclesChanged'>

function markedStops(marks: Uint8Array): Uint32Array {
  const found: number[] = []
  for (let stop = marks.indexOf(1); stop >= 0; stop = marks.indexOf(1, stop + 1)) found.push(stop)
  return Uint32Array.from(found)
}

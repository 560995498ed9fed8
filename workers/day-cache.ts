// Which service days are compiled: those around now, always, and a few others that somebody asked for, the least recently wanted of which
// go first. Days with the same services share one block. Memory comes from a pool, and a block goes back only when no generation
// that names it is read any more.

import { FreifahrtError } from '#engine/core/errors.ts'
import { DAY, type UnixSeconds } from '#engine/core/time.ts'
import { compileDay, daySignature } from '#engine/horizon/compile-day.ts'
import { daysBetween, type ZoneDay } from '#engine/horizon/days.ts'
import { type DayBlock, dayKey, type HorizonDay } from '#engine/horizon/horizon.ts'
import { dayStart, type Timetable } from '#engine/timetable/timetable.ts'
import type { BufferPool } from './buffers.ts'
import type { DayHandle } from './messages.ts'

/** Always compiled: what may be under way from a few hours ago until far beyond the longest journey that starts now. */
const BEHIND = 6 * 3600
const AHEAD = 3 * DAY

interface SharedBlock {
  readonly id: number
  readonly block: DayBlock
  readonly users: Set<number>
}

export class DayCache {
  private readonly tt: Timetable
  private readonly pool: BufferPool
  private readonly capacity: number
  private readonly blocks = new Map<string, SharedBlock>()
  private readonly signatures = new Map<number, string>()
  private base = new Set<number>()
  // day key → nothing; in order of the last wish
  private readonly extra = new Map<number, true>()
  private lastId: number
  readonly days = new Map<number, HorizonDay>()
  /** Counts up when `days` changes. */
  version: number

  /**
   * @param capacity days kept beside those around now
   * @param firstId numbers of blocks and versions begin above it
   */
  constructor(tt: Timetable, pool: BufferPool, capacity: number, firstId: number) {
    this.tt = tt
    this.pool = pool
    this.capacity = capacity
    this.lastId = firstId
    this.version = firstId
  }

  /** Makes the days around `now` those that stay. Returns whether `days` changed. */
  moveTo(now: UnixSeconds): boolean {
    const before = this.version
    const wanted = daysBetween(this.tt, (now - BEHIND) as UnixSeconds, (now + AHEAD) as UnixSeconds)
    const old = this.base
    this.base = new Set(wanted.map(keyOf))
    for (const day of wanted) this.compile(day)
    for (const key of old) if (!this.base.has(key)) this.extra.set(key, true)
    this.shrink()
    return this.version !== before
  }

  /** Makes sure of some days. Returns whether `days` changed. Throws TOO_LARGE when they are more than the cache may hold. */
  ensure(days: readonly ZoneDay[]): boolean {
    const before = this.version
    const wanted = days.filter(day => !this.base.has(keyOf(day)))
    if (wanted.length > this.capacity)
      throw new FreifahrtError('TOO_LARGE', 'time', `a span of ${wanted.length} service days, at most ${this.capacity}`)
    for (const day of wanted) {
      this.compile(day)
      this.extra.delete(keyOf(day))
      this.extra.set(keyOf(day), true)
    }
    this.shrink()
    return this.version !== before
  }

  handles(): DayHandle[] {
    return [...this.days.values()].map(({ zone, day, start }) => {
      const { id, block } = this.blocks.get(this.signatures.get(dayKey(zone, day))!)!
      return { zone, day, start, block: id, buffer: block.buffer }
    })
  }

  /** The memory of all blocks in use, each once. */
  buffers(): SharedArrayBuffer[] {
    return [...this.blocks.values()].map(({ block }) => block.buffer)
  }

  private compile({ zone, day }: ZoneDay): void {
    const key = dayKey(zone, day)
    if (this.days.has(key)) return
    const signature = daySignature(this.tt, zone, day)
    let shared = this.blocks.get(signature)
    if (!shared) {
      shared = { id: ++this.lastId, block: compileDay(this.tt, zone, day, bytes => this.take(bytes)), users: new Set() }
      this.blocks.set(signature, shared)
    }
    shared.users.add(key)
    this.signatures.set(key, signature)
    this.days.set(key, { zone, day, start: dayStart(this.tt, zone, day), block: shared.block })
    this.version++
  }

  private take(bytes: number): SharedArrayBuffer {
    const buffer = this.pool.take(bytes)
    if (!buffer) throw new FreifahrtError('OVERLOADED', 'service days', 'too many other days are being asked for')
    return buffer
  }

  private shrink(): void {
    for (const key of this.extra.keys()) {
      if (this.base.has(key)) this.extra.delete(key)
      else if (this.extra.size > this.capacity) this.drop(key)
    }
  }

  private drop(key: number): void {
    this.extra.delete(key)
    this.days.delete(key)
    const signature = this.signatures.get(key)!
    this.signatures.delete(key)
    const shared = this.blocks.get(signature)!
    shared.users.delete(key)
    if (shared.users.size === 0) {
      this.blocks.delete(signature)
      this.pool.release(shared.block.buffer)
    }
    this.version++
  }
}

const keyOf = ({ zone, day }: ZoneDay): number => dayKey(zone, day)

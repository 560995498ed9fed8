// JSON written straight as bytes, one member after the other, into memory that is kept. What an answer repeats (a stop, a line) is encoded once
// and copied from then on; what it says once goes through JSON.stringify.

import { DAY } from '#engine/core/time.ts'

/** UTF-8 of JSON, or of a piece of it. */
export type Json = Uint8Array

export const json = (text: string): Json => Buffer.from(text)

/** What `open` writes. */
export const opened = (value: object): Json => json(JSON.stringify(value).slice(0, -1))

/** Bytes that are kept between answers; larger ones are let go. */
const [ROOM, MOST_ROOM] = [1 << 16, 1 << 22]
const [QUOTE, ZERO, COLON, MINUS] = [0x22, 0x30, 0x3a, 0x2d]
const COMMA = json(',')
const MAX_DATES = 100

/** What a time takes. */
export const TIME_ROOM = '"0000-00-00T00:00:00Z"'

export class JsonWriter {
  private memory = Buffer.allocUnsafeSlow(ROOM)
  private written = 0
  // 2026-01-10T and the second at which that day begins; answers go to and fro over midnight
  private date: Json = json('')
  private dayStart = Number.NaN
  private readonly dates = new Map<number, Json>()

  raw(piece: Json): void {
    this.reserve(piece.length)
    this.memory.set(piece, this.written)
    this.written += piece.length
  }

  /** Anything that JSON.stringify makes a text of. */
  value(value: unknown): void {
    this.text(JSON.stringify(value))
  }

  /** An object without its closing brace, for members that are still to come. It has to have some. */
  open(value: object): void {
    this.text(JSON.stringify(value).slice(0, -1))
  }

  comma(): void {
    this.raw(COMMA)
  }

  /** Members of an object behind others; undefined ones are none. */
  members(members: object): void {
    const text = JSON.stringify(members)
    if (text.length === 2) return
    this.raw(COMMA)
    this.text(text.slice(1, -1))
  }

  /** Values side by side, without brackets. */
  list<Value>(values: Iterable<Value>, write: (value: Value) => void): void {
    let first = true
    for (const value of values) {
      if (!first) this.raw(COMMA)
      first = false
      write(value)
    }
  }

  /** RFC 3339 in UTC, to the second, as `utc` tells it. Throws RangeError for what is no time. */
  time(t: number): void {
    this.reserve(TIME_ROOM.length)
    this.timeAt(this.written, t)
    this.written += TIME_ROOM.length
  }

  /** The same where `TIME_ROOM` was written. */
  timeAt(at: number, t: number): void {
    const second = Math.floor(t)
    const dayStart = this.dayStart
    if (!(second >= dayStart && second < dayStart + DAY)) this.openDay(second)
    const { memory, date } = this
    const ofDay = second - this.dayStart
    memory[at++] = QUOTE
    for (let i = 0; i < 11; i++) memory[at++] = date[i]!
    const minute = (ofDay / 60) | 0
    const hour = (minute / 60) | 0
    at = twoDigits(memory, at, hour, COLON)
    at = twoDigits(memory, at, minute - 60 * hour, COLON)
    at = twoDigits(memory, at, ofDay - 60 * minute, 0x5a)
    memory[at] = QUOTE
  }

  private openDay(second: number): void {
    const start = Math.floor(second / DAY) * DAY
    if (this.dates.size >= MAX_DATES) this.dates.clear()
    this.date = this.dates.getOrInsertComputed(start, () => {
      const text = new Date(start * 1000).toISOString()
      if (text.length !== 24) throw new RangeError(`${text} has not four digits of a year`)
      return json(text.slice(0, 11))
    })
    this.dayStart = start
  }

  /** A whole number. */
  whole(n: number): void {
    this.reserve(24)
    let rest = Math.abs(n)
    let digits = 1
    for (let bound = 10; bound <= rest; bound *= 10) digits++
    if (n < 0) this.memory[this.written++] = MINUS
    for (let at = this.written + digits - 1; at >= this.written; at--) {
      this.memory[at] = ZERO + (rest % 10)
      rest = Math.floor(rest / 10)
    }
    this.written += digits
  }

  /** Where the next byte goes. */
  get length(): number {
    return this.written
  }

  /** Once more what was written from `begin` to `end`. */
  again(begin: number, end: number): void {
    this.reserve(end - begin)
    this.memory.copyWithin(this.written, begin, end)
    this.written += end - begin
  }

  /** Nothing is written yet. */
  clear(): void {
    this.written = 0
    if (this.memory.length > MOST_ROOM) this.memory = Buffer.allocUnsafeSlow(ROOM)
  }

  /** A copy of all that is written. */
  take(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.subarray(0, this.written))
  }

  private text(text: string): void {
    this.reserve(3 * text.length)
    this.written += this.memory.write(text, this.written)
  }

  private reserve(bytes: number): void {
    const needed = this.written + bytes
    if (needed <= this.memory.length) return
    const wider = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.memory.length))
    wider.set(this.memory.subarray(0, this.written))
    this.memory = wider
  }
}

function twoDigits(memory: Uint8Array, at: number, n: number, after: number): number {
  const tens = (n / 10) | 0
  memory[at] = ZERO + tens
  memory[at + 1] = ZERO + n - 10 * tens
  memory[at + 2] = after
  return at + 3
}

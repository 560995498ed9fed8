// The protobuf wire format, read in place: a position that moves through bytes, nothing allocated. Whoever reads a message hands its
// end down and calls `leave(end)` when its fields are done, so a length that lies is found at the level where it lies.
// https://protobuf.dev/programming-guides/encoding/

import { FreifahrtError } from '#engine/core/errors.ts'

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2
const GROUP = 3
const END_GROUP = 4
const FIXED32 = 5

const MAX_DEPTH = 64
const MAX_VARINT = 10
/** Rows of a kind, and objects of all kinds together, that one message may fill: else a small message makes a large heap. A country's is at half a million. */
export const MAX_ROWS = 2_000_000
/** Characters of an id or a name; a text that riders read says its own. */
const MAX_NAME = 1000
/** Of a character, at most. */
const UTF8_BYTES = 4
const utf8 = new TextDecoder()

export class Wire {
  pos = 0
  /** Read only: for readers that look ahead at the commonest shapes themselves. */
  bytes: Uint8Array = new Uint8Array(0)
  private view: DataView = new DataView(new ArrayBuffer(0))
  private objects = 0

  open(bytes: Uint8Array): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.pos = 0
    this.objects = 0
  }

  /** What becomes an object, as its list has it. */
  add<T>(list: T[], item: T): void {
    this.count()
    list.push(item)
  }

  /** One object more. */
  count(): void {
    if (++this.objects > MAX_ROWS) this.fail(`more than ${MAX_ROWS} objects`)
  }

  fail(detail: string): never {
    throw new FreifahrtError('REALTIME_UNREADABLE', `byte ${this.pos}`, detail)
  }

  /** Field number << 3 | wire type; one byte for the fields that matter. */
  tag(): number {
    const b = this.bytes[this.pos]!
    if (b < 0x80) {
      this.pos++
      return b
    }
    return this.varint()
  }

  /** uint32, and the lower half of anything longer. A byte past the end reads as 0; `leave` notices. */
  varint(): number {
    const { bytes } = this
    let p = this.pos
    let b = bytes[p++]!
    let low = b & 0x7f
    if (b >= 0x80) {
      b = bytes[p++]!
      low |= (b & 0x7f) << 7
      if (b >= 0x80) {
        b = bytes[p++]!
        low |= (b & 0x7f) << 14
        if (b >= 0x80) {
          b = bytes[p++]!
          low |= (b & 0x7f) << 21
          if (b >= 0x80) {
            b = bytes[p++]!
            low = (low | (b << 28)) >>> 0
            if (b >= 0x80) p = this.endOfVarint(this.pos)
          }
        }
      }
    }
    this.pos = p
    return low
  }

  int32(): number {
    return this.varint() | 0
  }

  /** The number at pos when it has the five bytes of every time of these decades, else 0; pos stays. */
  fiveBytes(pos: number): number {
    const { bytes } = this
    if ((bytes[pos]! & bytes[pos + 1]! & bytes[pos + 2]! & bytes[pos + 3]! & 0x80) === 0 || bytes[pos + 4]! >= 0x80)
      return 0
    const low = (bytes[pos]! & 0x7f) | ((bytes[pos + 1]! & 0x7f) << 7) | ((bytes[pos + 2]! & 0x7f) << 14)
    return (low | ((bytes[pos + 3]! & 0x7f) << 21)) + bytes[pos + 4]! * 0x1000_0000
  }

  /** int64 or uint64 as a number; beyond 2^53 it is rounded, which no sane value is (A13). */
  int64(): number {
    const { bytes, pos } = this
    if (bytes[pos]! < 0x80) {
      this.pos++
      return bytes[pos]!
    }
    const time = this.fiveBytes(pos)
    if (time === 0) return this.longVarint()
    this.pos = pos + 5
    return time
  }

  /** Any varint of 64 bits; rare. */
  private longVarint(): number {
    const { bytes } = this
    const begin = this.pos
    this.pos = this.endOfVarint(begin)
    let bits = 0n
    for (let i = this.pos - 1; i >= begin; i--) bits = (bits << 7n) | BigInt(bytes[i]! & 0x7f)
    return Number(BigInt.asIntN(64, bits))
  }

  /** Where the varint at `begin` ends. */
  private endOfVarint(begin: number): number {
    let next = begin
    while (this.bytes[next++]! >= 0x80)
      if (next - begin >= MAX_VARINT) this.fail(`a number longer than ${MAX_VARINT} bytes`)
    return next
  }

  float(): number {
    if (this.pos + 4 > this.bytes.length) this.fail('truncated')
    this.pos += 4
    return this.view.getFloat32(this.pos - 4, true)
  }

  /** Reads a text whose enclosing message ends at `end`. @param most characters that are kept */
  text(end: number, most = MAX_NAME): string {
    const stop = this.enter(end)
    const begin = this.pos
    this.pos = stop
    return this.textAt(begin, stop, most)
  }

  textAt(begin: number, end: number, most = MAX_NAME): string {
    return utf8.decode(this.bytes.subarray(begin, Math.min(end, begin + UTF8_BYTES * most))).slice(0, most)
  }

  /** Passes over a text, and keeps where it stands. */
  range(end: number, begins: Uint32Array, ends: Uint32Array, row: number): void {
    const stop = this.enter(end)
    begins[row] = this.pos
    ends[row] = stop
    this.pos = stop
  }

  /** Reads a length and gives where the string or message ends. */
  enter(end: number): number {
    const length = this.varint()
    const inner = this.pos + length
    if (inner > end) this.fail('a length that reaches beyond its message')
    return inner
  }

  /** All fields up to `end` were read, and not a byte more. */
  leave(end: number): void {
    if (this.pos !== end) this.fail('a field that reaches beyond its message')
  }

  /** Passes over a field that nobody asked for (A12). */
  skip(tag: number, end: number, depth = 0): void {
    if (tag >>> 3 === 0) this.fail('field number 0')
    switch (tag & 7) {
      case VARINT:
        this.varint()
        break
      case FIXED64:
        this.pos += 8
        break
      case LENGTH:
        this.pos = this.enter(end)
        break
      case GROUP:
        this.skipGroup(tag >>> 3, end, depth + 1)
        break
      case FIXED32:
        this.pos += 4
        break
      default:
        this.fail(`wire type ${tag & 7}`)
    }
    if (this.pos > end) this.fail('truncated')
  }

  private skipGroup(field: number, end: number, depth: number): void {
    if (depth > MAX_DEPTH) this.fail(`groups nested deeper than ${MAX_DEPTH}`)
    while (this.pos < end) {
      const tag = this.varint()
      if ((tag & 7) === END_GROUP) {
        if (tag >>> 3 !== field) this.fail('a group ended by another')
        return
      }
      this.skip(tag, end, depth)
    }
    this.fail('a group without end')
  }
}

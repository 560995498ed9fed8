// Protobuf read in place: where we are in some bytes of an OSM file. A length that reaches beyond its message and a truncated number end
// in OSM_UNREADABLE, wherever they are found. https://protobuf.dev/programming-guides/encoding/

import { FreifahrtError } from '#engine/core/errors.ts'

const latin1 = new TextDecoder('latin1')

export class Cursor {
  pos: number
  end: number
  readonly bytes: Uint8Array
  /** File and offset, for errors. */
  readonly where: string

  constructor(bytes: Uint8Array, where: string, pos = 0, end = bytes.length) {
    this.bytes = bytes
    this.where = where
    this.pos = pos
    this.end = end
  }

  fail(detail: string): never {
    throw new FreifahrtError('OSM_UNREADABLE', this.where, detail)
  }

  /** Field number of the next field, 0 at the end; `skip` or one of the readers must follow. */
  field(): number {
    if (this.pos >= this.end) {
      if (this.pos > this.end) this.fail('a field reaches beyond its message')
      return 0
    }
    const tag = this.varint()
    this.type = tag % 8
    return Math.floor(tag / 8)
  }
  private type = 0

  /** uint64 up to 2^53. */
  varint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 10; i++) {
      if (this.pos >= this.end) this.fail('a number is cut off')
      const b = this.bytes[this.pos++]!
      value += (b & 0x7f) * scale
      if (b < 0x80) return value
      scale *= 128
    }
    return this.fail('a number longer than 10 bytes')
  }

  /** int64; what is above 2^63 is negative. */
  int(): number {
    const value = this.varint()
    return value >= 2 ** 63 ? value - 2 ** 64 : value
  }

  /** sint64 (zigzag). */
  sint(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** Reads a length; gives where the text or message ends, `pos` is where it begins. */
  enter(): number {
    if (this.type !== 2) this.fail(`wire type ${this.type} where a message should be`)
    const length = this.varint()
    if (this.pos + length > this.end) this.fail('a length reaches beyond its message')
    return this.pos + length
  }

  /** A message inside this one; this cursor goes on behind it. */
  message(): Cursor {
    const end = this.enter()
    const inner = new Cursor(this.bytes, this.where, this.pos, end)
    this.pos = end
    return inner
  }

  /** The bytes themselves, not a copy. */
  chunk(): Uint8Array {
    const end = this.enter()
    const begin = this.pos
    this.pos = end
    return this.bytes.subarray(begin, end)
  }

  /** ASCII. */
  word(): string {
    return latin1.decode(this.chunk())
  }

  skip(): void {
    if (this.type === 0) this.varint()
    else if (this.type === 1) this.pos += 8
    else if (this.type === 2) this.pos = this.enter()
    else if (this.type === 5) this.pos += 4
    else this.fail(`wire type ${this.type}`)
  }
}

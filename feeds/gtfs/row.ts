// The row a CSV reader stands on, and how its cells become numbers. Bytes of ASCII digits are read where they are; a string is made
// only of what a person will read.

/** Results of `int` and `time` for cells that hold none. */
export const EMPTY = -1
export const BAD = -2

const utf8 = new TextDecoder()
const [ZERO, NINE, COLON, MINUS, DOT] = [48, 57, 58, 45, 46]
const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7]
const LONGEST_TIME = 168 * 3600

export class Row {
  bytes = new Uint8Array(0)
  /** Column → range of bytes; empty for cells that are not there. */
  readonly begin: Int32Array
  readonly end: Int32Array
  line = 0
  /** Cells the row has in the file. */
  cells = 0
  /** Line breaks inside its quoted values. */
  innerLines = 0

  constructor(columns: number) {
    this.begin = new Int32Array(columns)
    this.end = new Int32Array(columns)
  }

  isEmpty(column: number): boolean {
    return this.begin[column] === this.end[column]
  }

  text(column: number): string {
    const [begin, end] = [this.begin[column]!, this.end[column]!]
    return begin === end ? '' : utf8.decode(this.bytes.subarray(begin, end))
  }

  /** A whole number from 0 to 2^31 − 1, EMPTY or BAD. */
  int(column: number): number {
    const { bytes } = this
    let p = this.begin[column]!
    const end = this.end[column]!
    if (p === end) return EMPTY
    if (end - p > 10) return BAD
    let value = 0
    for (; p < end; p++) {
      const c = bytes[p]!
      if (c < ZERO || c > NINE) return BAD
      value = value * 10 + c - ZERO
    }
    return value <= 0x7fff_ffff ? value : BAD
  }

  /** One of 0 … `highest`; what is empty or none of them is `otherwise`. */
  choice(column: number, highest: number, otherwise: number): number {
    const value = this.int(column)
    return value >= 0 && value <= highest ? value : otherwise
  }

  /** `9:05:00`, `09:05:00`, `125:30:00` → seconds of the service day, EMPTY or BAD (S7). */
  time(column: number): number {
    const { bytes } = this
    const begin = this.begin[column]!
    const end = this.end[column]!
    if (begin === end) return EMPTY
    const p = end - 6
    if (p <= begin || p > begin + 3 || bytes[p] !== COLON || bytes[p + 3] !== COLON) return BAD
    let hours = 0
    for (let i = begin; i < p; i++) {
      const c = bytes[i]!
      if (c < ZERO || c > NINE) return BAD
      hours = hours * 10 + c - ZERO
    }
    const [m1, m0, s1, s0] = [bytes[p + 1]! - ZERO, bytes[p + 2]! - ZERO, bytes[p + 4]! - ZERO, bytes[p + 5]! - ZERO]
    if (m1 < 0 || m1 > 5 || m0 < 0 || m0 > 9 || s1 < 0 || s1 > 5 || s0 < 0 || s0 > 9) return BAD
    const seconds = hours * 3600 + m1 * 600 + m0 * 60 + s1 * 10 + s0
    return seconds <= LONGEST_TIME ? seconds : BAD
  }

  /** A decimal number in units of 1e-7, NaN when empty or none. Seven decimals are read; the eighth rounds. */
  e7(column: number): number {
    const { bytes } = this
    let p = this.begin[column]!
    const end = this.end[column]!
    if (p === end) return Number.NaN
    const negative = bytes[p] === MINUS
    if (negative) p++
    let value = 0
    // decimals read so far, −1 before the point
    let decimals = -1
    for (; p < end; p++) {
      const digit = bytes[p]! - ZERO
      if (digit >= 0 && digit <= 9) {
        if (decimals === 7) {
          if (digit >= 5) value++
          break
        }
        value = value * 10 + digit
        if (decimals >= 0) decimals++
      } else if (bytes[p] === DOT && decimals < 0) decimals = 0
      else return Math.round(Number(this.text(column)) * 1e7) // an exponent, or no number at all
    }
    value *= POWERS_OF_TEN[7 - Math.max(0, decimals)]!
    return negative ? -value : value
  }
}

// CSV as feeds write it: RFC 4180 with BOM, LF or CRLF, blanks around values, short and long rows, a lone quote in the middle of a
// value, a quote that nobody closes (rules S3–S6). Bytes in, rows out, without an object or a string per field: a row is ranges of
// bytes, one per column asked for, good until the next row.

import { FreifahrtError } from '#engine/core/errors.ts'
import { Row } from './row.ts'

export type CsvTrouble = 'duplicate_column' | 'extra_cells' | 'stray_quote' | 'unclosed_quote'

export interface CsvHandlers {
  /** The header's names; called once, before the first row. */
  onHeader(names: readonly string[]): void
  onRow(row: Row): void
  onTrouble(trouble: CsvTrouble, line: number, detail: string): void
}

const [TAB, LF, CR, SPACE, QUOTE, COMMA] = [9, 10, 13, 32, 34, 44]
/** Bytes of a line; a file beyond is not CSV or means harm. */
const LONGEST_LINE = 1 << 20
/** Bytes of a quoted value with line breaks; one that goes on beyond was never meant to be one. */
const LONGEST_BROKEN_VALUE = 1 << 16
const MOST_COLUMNS = 512

export class CsvReader {
  private readonly where: string
  private readonly wanted: readonly string[]
  private readonly handlers: CsvHandlers
  private bytes = new Uint8Array(1 << 19)
  // bytes[pos … filled) is what has not been made rows of; bytes[filled] is always a line feed, so the scan needs no other end
  private pos = 0
  private filled = 0
  private line = 1
  private inHeader = true
  private row = new Row(MOST_COLUMNS)
  // column of the file → column asked for, −1 = not asked for
  private slotOf = Int32Array.from({ length: MOST_COLUMNS }, (_, i) => i)
  // where the quote that nobody closes stands in the row, −1 = it has none
  private unclosed = -1

  /**
   * @param where the file's name, for errors
   * @param wanted columns in the order in which rows shall have them
   */
  constructor(where: string, wanted: readonly string[], handlers: CsvHandlers) {
    this.where = where
    this.wanted = wanted
    this.handlers = handlers
  }

  /** Throws FEED_TOO_LARGE for an endless line. */
  push(chunk: Uint8Array): void {
    const left = this.filled - this.pos
    if (left + chunk.length >= this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, left + chunk.length + 1))
      larger.set(this.bytes.subarray(this.pos, this.filled))
      this.bytes = larger
    } else this.bytes.copyWithin(0, this.pos, this.filled)
    this.bytes.set(chunk, left)
    this.pos = 0
    this.filled = left + chunk.length
    this.bytes[this.filled] = LF
    this.readRows(false)
  }

  finish(): void {
    this.readRows(true)
  }

  private readRows(last: boolean): void {
    const { bytes, filled } = this
    while (this.pos < filled) {
      const end = this.inHeader ? this.readQuotedRow(last) : this.readRow(last)
      if (end < 0) {
        if (filled - this.pos > LONGEST_LINE) throw this.tooLong()
        return
      }
      if (end - this.pos > LONGEST_LINE) throw this.tooLong()
      const empty = end === this.pos || (end === this.pos + 1 && bytes[this.pos] === CR)
      if (!empty) {
        this.row.line = this.line
        if (this.inHeader) this.readHeader()
        else if (this.unclosed < 0 || this.isWholeAlone()) this.handlers.onRow(this.row)
      }
      this.unclosed = -1
      this.line += 1 + this.row.innerLines
      this.pos = end + 1
    }
  }

  /** The common case, no quotes: one pass over the bytes. Gives the end of the row, −1 when it is not all there yet. */
  private readRow(last: boolean): number {
    const { bytes, slotOf, filled, row } = this
    const { begin, end } = row
    const width = slotOf.length
    row.bytes = bytes
    row.innerLines = 0
    let column = 0
    let from = this.pos
    let p = from
    for (;;) {
      const c = bytes[p]!
      // letters, digits, colons and everything beyond ASCII lie above the comma
      if (c > COMMA) {
        p++
        continue
      }
      if (c !== COMMA && c !== LF) {
        if (c === QUOTE) return this.readQuotedRow(last)
        p++
        continue
      }
      if (c === LF && p === filled && !last) return -1
      if (column < width) {
        const slot = slotOf[column]!
        if (slot >= 0) {
          let to = p
          while (from < to && isBlank(bytes[from]!)) from++
          while (to > from && isBlank(bytes[to - 1]!)) to--
          begin[slot] = from
          end[slot] = to
        }
      }
      column++
      if (c === LF) break
      from = ++p
    }
    this.closeRow(column)
    return p
  }

  /** With quotes: first the end of the row is looked for, then values are unescaped where they are. */
  private readQuotedRow(last: boolean): number {
    const rowEnd = this.findQuotedEnd(last)
    if (rowEnd < 0) return -1
    const { bytes, slotOf, row } = this
    row.bytes = bytes
    row.innerLines = 0
    let column = 0
    for (let p = this.pos; ; p++) {
      while (p < rowEnd && (bytes[p] === SPACE || bytes[p] === TAB)) p++
      const from = bytes[p] === QUOTE && p < rowEnd ? p + 1 : p
      let to: number
      if (from > p && p !== this.unclosed) {
        ;[p, to] = this.unescape(from, rowEnd)
      } else {
        while (p < rowEnd && bytes[p] !== COMMA) p++
        to = p
        while (to > from && isBlank(bytes[to - 1]!)) to--
      }
      const slot = column < slotOf.length ? slotOf[column]! : -1
      if (slot >= 0) {
        row.begin[slot] = from
        row.end[slot] = to
      }
      column++
      if (p >= rowEnd) break
    }
    this.closeRow(column)
    return rowEnd
  }

  /**
   * The end of a row with quotes, −1 when it is not all there yet. A value may have line breaks if its closing quote is one: a comma or
   * the end of a line follows, and not too late. Else its row ends with the line on which it was opened.
   */
  private findQuotedEnd(last: boolean): number {
    const { bytes, filled } = this
    let opened = -1
    // the first line break inside the quotes
    let broken = -1
    let fieldStart = true
    for (let p = this.pos; p < filled; p++) {
      const c = bytes[p]!
      if (opened >= 0) {
        if (c > COMMA) continue
        if (c === QUOTE) {
          if (bytes[p + 1] === QUOTE && p + 1 < filled) p++
          else if (broken < 0 || this.endsField(p + 1)) opened = broken = -1
          else return this.endAt(opened, broken)
        } else if (c === LF) {
          if (broken < 0) broken = p
          if (p - opened > LONGEST_BROKEN_VALUE) return this.endAt(opened, broken)
        }
      } else if (c === QUOTE && fieldStart) {
        opened = p
        fieldStart = false
      } else if (c === LF) return p
      else if (c === COMMA) fieldStart = true
      else if (c !== SPACE && c !== TAB) fieldStart = false
    }
    if (!last) return -1
    return opened < 0 ? filled : this.endAt(opened, broken < 0 ? filled : broken)
  }

  /** Does nothing but blanks follow to the next comma, line break or the end of what is there? */
  private endsField(from: number): boolean {
    let p = from
    while (isBlank(this.bytes[p]!)) p++
    return this.bytes[p] === COMMA || this.bytes[p] === LF
  }

  private endAt(opened: number, lineEnd: number): number {
    this.unclosed = opened
    return lineEnd
  }

  /** Has the row, which had to end with its line, all its cells? Then the quote was a slip; else nobody knows what is missing. */
  private isWholeAlone(): boolean {
    const [cells, width] = [this.row.cells, this.slotOf.length]
    const whole = cells === width
    this.handlers.onTrouble(
      whole ? 'stray_quote' : 'unclosed_quote',
      this.line,
      `a quote is opened and never closed; the line alone has ${cells} cells, the header ${width}`,
    )
    return whole
  }

  /** From behind the opening quote: where the field ends and where its text, moved together, ends. */
  private unescape(from: number, rowEnd: number): [end: number, textEnd: number] {
    const { bytes } = this
    let to = from
    let p = from
    for (; p < rowEnd; p++) {
      let c = bytes[p]!
      if (c === QUOTE) {
        if (bytes[p + 1] !== QUOTE || p + 1 >= rowEnd) break
        p++
      } else if (c === LF) {
        // a line break has no place in a name: a blank instead
        this.row.innerLines++
        c = SPACE
      } else if (c === CR) continue
      bytes[to++] = c
    }
    for (p++; p < rowEnd && bytes[p] !== COMMA; p++) if (!isBlank(bytes[p]!)) bytes[to++] = bytes[p]!
    return [Math.min(p, rowEnd), to]
  }

  /** Cells that the row does not have are empty; those it has too many of are ignored. */
  private closeRow(columns: number): void {
    this.row.cells = columns
    for (let column = columns; column < this.slotOf.length; column++) {
      const slot = this.slotOf[column]!
      if (slot >= 0) this.row.begin[slot] = this.row.end[slot] = 0
    }
    if (columns > this.slotOf.length && !this.inHeader && this.unclosed < 0)
      this.handlers.onTrouble('extra_cells', this.line, `${columns} cells, the header has ${this.slotOf.length}`)
  }

  private readHeader(): void {
    const names: string[] = []
    const width = Math.min(this.row.cells, MOST_COLUMNS)
    for (let column = 0; column < width; column++)
      names.push(
        this.row
          .text(column)
          .replace(/^\uFEFF/, '')
          .trim(),
      )
    if (this.unclosed >= 0)
      this.handlers.onTrouble('stray_quote', this.line, 'a quote is opened in the header and never closed')
    this.inHeader = false
    this.row = new Row(this.wanted.length)
    this.slotOf = new Int32Array(width).fill(-1)
    names.forEach((name, column) => {
      if (names.indexOf(name) === column) this.slotOf[column] = this.wanted.indexOf(name)
      else this.handlers.onTrouble('duplicate_column', this.line, `'${name}' again; the first one counts`)
    })
    this.handlers.onHeader(names)
  }

  private tooLong(): FreifahrtError {
    return new FreifahrtError(
      'FEED_TOO_LARGE',
      `${this.where}:${this.line}`,
      `a line of more than ${LONGEST_LINE} bytes`,
    )
  }
}

const isBlank = (c: number): boolean => c === SPACE || c === TAB || c === CR

// All texts of a table group: UTF-8 bytes beside offsets; equal texts are stored once; text 0 is the empty one and means "none".

import { GrowColumn } from './columns.ts'
import type { Column, StringIdx } from './ids.ts'

export interface Strings {
  readonly stringBytes: Uint8Array
  // string → begin of its bytes; one entry more than there are strings
  readonly stringBegin: Uint32Array
}

const utf8 = new TextDecoder()

/** The text of `i`; '' for NO_STRING. */
export function textOf(s: Strings, i: StringIdx | number): string {
  // TextDecoder refuses shared memory: slice copies the few bytes out of it
  return i === 0 ? '' : utf8.decode(s.stringBytes.slice(s.stringBegin[i]!, s.stringBegin[i + 1]!))
}

/** The bytes of text `i`, for comparing without decoding. */
export const bytesOf = (s: Strings, i: number): Uint8Array =>
  s.stringBytes.subarray(s.stringBegin[i]!, s.stringBegin[i + 1]!)

/** A column of texts read on demand. */
export const texts = <I extends number>(s: Strings, column: Column<I, StringIdx>): ((i: I) => string) => i => textOf(s, column[i])

/** Collects texts while a table is built. */
export class StringPool {
  readonly bytes = new GrowColumn(Uint8Array, 1 << 16)
  readonly begin = new GrowColumn(Uint32Array, 1 << 12)
  private readonly known = new Map<string, StringIdx>([['', 0 as StringIdx]])
  private readonly encoder = new TextEncoder()
  constructor() {
    this.begin.push(0)
    this.begin.push(0)
  }
  intern(text: string): StringIdx {
    const found = this.known.get(text)
    if (found !== undefined) return found
    const encoded = this.encoder.encode(text)
    const at = this.bytes.reserve(encoded.length)
    this.bytes.data.set(encoded, at)
    this.begin.push(this.bytes.length)
    const index = (this.begin.length - 2) as StringIdx
    this.known.set(text, index)
    return index
  }
}

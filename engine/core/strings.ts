// All texts of a table group: UTF-8 bytes beside offsets; equal texts are stored once; text 0 is the empty one and means "none".

import { GrowColumn } from './columns.ts'
import type { StringIdx } from './ids.ts'

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

/**
 * Collects texts while a table is built, straight from the bytes of a file: a hash table of indices, no JavaScript string per text.
 * Indices count up from 1 in the order of first appearance, so a pool is as well a map from ids to dense numbers.
 */
export class StringPool {
  readonly bytes = new GrowColumn(Uint8Array, 1 << 16)
  readonly begin = new GrowColumn(Uint32Array, 1 << 12)
  // open addressing: slot → text, 0 = free; at most half full
  private table = new Uint32Array(1 << 13)
  private scratch = new Uint8Array(1 << 10)
  private readonly encoder = new TextEncoder()
  constructor() {
    this.begin.push(0)
    this.begin.push(0)
  }
  /** Texts so far, the empty one included: the next new text gets this number. */
  get count(): number {
    return this.begin.length - 1
  }
  intern(text: string): StringIdx {
    return this.internBytes(this.scratch, 0, this.encode(text))
  }
  /** The index of a known text, or undefined. */
  find(text: string): StringIdx | undefined {
    return this.findBytes(this.scratch, 0, this.encode(text))
  }
  internBytes(from: Uint8Array, begin: number, end: number): StringIdx {
    if (begin === end) return 0 as StringIdx
    const slot = this.slotOf(from, begin, end)
    const found = this.table[slot]!
    if (found !== 0) return found as StringIdx
    const at = this.bytes.reserve(end - begin)
    // byte by byte: for texts of this length faster than a subarray and set
    for (let i = begin, to = at, data = this.bytes.data; i < end; i++) data[to++] = from[i]!
    this.begin.push(this.bytes.length)
    const index = this.begin.length - 2
    this.table[slot] = index
    if (index * 2 > this.table.length) this.rehash()
    return index as StringIdx
  }
  findBytes(from: Uint8Array, begin: number, end: number): StringIdx | undefined {
    if (begin === end) return 0 as StringIdx
    const found = this.table[this.slotOf(from, begin, end)]!
    return found === 0 ? undefined : (found as StringIdx)
  }
  textOf(i: StringIdx | number): string {
    return textOf({ stringBytes: this.bytes.data, stringBegin: this.begin.data }, i)
  }
  private encode(text: string): number {
    if (text.length * 3 > this.scratch.length) this.scratch = new Uint8Array(text.length * 3)
    return this.encoder.encodeInto(text, this.scratch).written
  }
  private slotOf(from: Uint8Array, begin: number, end: number): number {
    const table = this.table
    const bytes = this.bytes.data
    const begins = this.begin.data
    const mask = table.length - 1
    let slot = hashBytes(from, begin, end) & mask
    for (;;) {
      const index = table[slot]!
      if (index === 0) return slot
      const at = begins[index]!
      if (begins[index + 1]! - at === end - begin) {
        let i = begin
        while (i < end && from[i] === bytes[at + i - begin]) i++
        if (i === end) return slot
      }
      slot = (slot + 1) & mask
    }
  }
  private rehash(): void {
    const table = new Uint32Array(this.table.length * 2)
    const mask = table.length - 1
    for (let index = 1; index < this.begin.length - 1; index++) {
      let slot = hashBytes(this.bytes.data, this.begin.data[index]!, this.begin.data[index + 1]!) & mask
      while (table[slot] !== 0) slot = (slot + 1) & mask
      table[slot] = index
    }
    this.table = table
  }
}

/** FNV-1a with a last mix, so that ids which differ in their last characters only spread over the table. */
export function hashBytes(bytes: Uint8Array, begin: number, end: number, seed = 0): number {
  let h = 0x811c9dc5 ^ seed
  for (let i = begin; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  return (h ^ (h >>> 13)) >>> 0
}

// Lists of integers stored once each: stop lists, time profiles and headsigns repeat from trip to trip, so a hash table over one flat
// column finds the copy that is already there.

import { GrowColumn } from '../core/columns.ts'

export class ListPool {
  readonly values = new GrowColumn(Int32Array, 1 << 12)
  /** list → begin of its values; one entry more than there are lists. */
  readonly begin = new GrowColumn(Uint32Array, 1 << 8)
  // open addressing: slot → list + 1, 0 = free; at most half full
  private table = new Uint32Array(1 << 9)

  constructor() {
    this.begin.push(0)
  }

  get count(): number {
    return this.begin.length - 1
  }

  /** The number of the list that equals the first `length` values of `list`; numbers count up from 0. */
  intern(list: Int32Array, length: number): number {
    const slot = this.slotOf(list, length)
    if (this.table[slot] !== 0) return this.table[slot]! - 1
    const at = this.values.reserve(length)
    this.values.data.set(list.subarray(0, length), at)
    this.begin.push(this.values.length)
    this.table[slot] = this.count
    if (this.count * 2 > this.table.length) this.rehash()
    return this.count - 1
  }

  private slotOf(list: Int32Array, length: number): number {
    const values = this.values.data
    const begins = this.begin.data
    const mask = this.table.length - 1
    let slot = hashList(list, 0, length) & mask
    for (;;) {
      const known = this.table[slot]! - 1
      if (known < 0) return slot
      const at = begins[known]!
      if (begins[known + 1]! - at === length) {
        let i = 0
        while (i < length && values[at + i] === list[i]) i++
        if (i === length) return slot
      }
      slot = (slot + 1) & mask
    }
  }

  private rehash(): void {
    this.table = new Uint32Array(this.table.length * 2)
    const mask = this.table.length - 1
    for (let known = 0; known < this.count; known++) {
      let slot = hashList(this.values.data, this.begin.data[known]!, this.begin.data[known + 1]!) & mask
      while (this.table[slot] !== 0) slot = (slot + 1) & mask
      this.table[slot] = known + 1
    }
  }
}

function hashList(list: Int32Array, begin: number, end: number): number {
  let h = end - begin
  for (let i = begin; i < end; i++) {
    h = Math.imul(h ^ list[i]!, 0x9e3779b1)
    h ^= h >>> 15
  }
  return h >>> 0
}

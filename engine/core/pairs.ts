// Pairs of indices with a value each, in any order and as often as they come → sorted, each pair once with its smallest value. Two
// counting sorts over columns: what a Map would hold is too much for one when the country's stops are paired.

import { GrowColumn } from './columns.ts'

/** Pairs of a are at begin[a] … begin[a + 1], by `to`. */
export interface Pairs {
  readonly begin: Uint32Array
  readonly to: Uint32Array
  readonly value: Int32Array
}

export class PairCollector {
  private readonly size: number
  private readonly from = new GrowColumn(Uint32Array)
  private readonly to = new GrowColumn(Uint32Array)
  private readonly value = new GrowColumn(Int32Array)

  /** @param size indices are below it */
  constructor(size: number) {
    this.size = size
  }

  add(from: number, to: number, value: number): void {
    this.from.push(from)
    this.to.push(to)
    this.value.push(value)
  }

  finish(): Pairs {
    const [from, to, value] = [this.from.view(), this.to.view(), this.value.view()]
    const order = sortedBy(from, this.size, sortedBy(to, this.size))
    const begin = new Uint32Array(this.size + 1)
    const pairs = { begin, to: new Uint32Array(order.length), value: new Int32Array(order.length) }
    let n = 0
    let last = -1
    for (const row of order) {
      const again = from[row] === last && pairs.to[n - 1] === to[row]
      if (again) pairs.value[n - 1] = Math.min(pairs.value[n - 1]!, value[row]!)
      else {
        last = from[row]!
        begin[last + 1]!++
        pairs.to[n] = to[row]!
        pairs.value[n++] = value[row]!
      }
    }
    for (let i = 0; i < this.size; i++) begin[i + 1]! += begin[i]!
    return { begin, to: pairs.to.subarray(0, n), value: pairs.value.subarray(0, n) }
  }
}

/** The rows by key; rows of one key stay in the order of `rows`, which are all in their own when absent. */
function sortedBy(keys: Uint32Array, size: number, rows?: Uint32Array): Uint32Array {
  const next = new Uint32Array(size + 1)
  for (const key of keys) next[key + 1]!++
  for (let key = 0; key < size; key++) next[key + 1]! += next[key]!
  const order = new Uint32Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const row = rows ? rows[i]! : i
    order[next[keys[row]!]!++] = row
  }
  return order
}

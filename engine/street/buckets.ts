// A queue for shortest paths (Dial 1969; buckets of a second instead of one value each, as in Meyer and Sanders' delta-stepping): pushing
// and popping are a few array writes. Inside a bucket the order is free; a search that corrects labels stays exact all the same.

const BUCKET_SHIFT = 10 // 1,024 ms
const EMPTY = -1
/** Entries (12 bytes each) kept from one search to the next. */
const MOST_KEPT = 1 << 21

export class BucketQueue {
  /** The entry taken last. */
  node = 0
  ms = 0
  private heads = new Int32Array(1 << 11).fill(EMPTY)
  private next = new Int32Array(1 << 12)
  private nodes = new Uint32Array(1 << 12)
  private labels = new Int32Array(1 << 12)
  private length = 0
  private at = 0
  private last = -1

  /** Empty, with room for keys up to `maxKey` ms. */
  clear(maxKey: number): void {
    this.heads.fill(EMPTY, 0, this.last + 1)
    if (this.next.length > MOST_KEPT) this.hold(1 << 12)
    const buckets = (maxKey >> BUCKET_SHIFT) + 1
    if (buckets > this.heads.length) this.heads = new Int32Array(buckets).fill(EMPTY)
    this.length = 0
    this.at = 0
    this.last = -1
  }

  /** @param key of the order, at most `maxKey`; what lies before the present bucket counts as in it */
  push(node: number, ms: number, key: number): void {
    const bucket = Math.max(key >> BUCKET_SHIFT, this.at)
    if (this.length === this.next.length) this.grow()
    const entry = this.length++
    this.nodes[entry] = node
    this.labels[entry] = ms
    this.next[entry] = this.heads[bucket]!
    this.heads[bucket] = entry
    if (bucket > this.last) this.last = bucket
  }

  /** Takes an entry of the first filled bucket into `node` and `ms`; false when none is left or all keys left are `end` or more. */
  pop(end: number): boolean {
    while (this.at <= this.last) {
      const entry = this.heads[this.at]!
      if (entry !== EMPTY) {
        this.heads[this.at] = this.next[entry]!
        this.node = this.nodes[entry]!
        this.ms = this.labels[entry]!
        return true
      }
      if (++this.at << BUCKET_SHIFT >= end) return false
    }
    return false
  }

  private grow(): void {
    const twice = <A extends Int32Array | Uint32Array>(old: A): A => {
      const grown = new (old.constructor as new (n: number) => A)(old.length * 2)
      grown.set(old)
      return grown
    }
    this.next = twice(this.next)
    this.nodes = twice(this.nodes)
    this.labels = twice(this.labels)
  }

  private hold(entries: number): void {
    this.next = new Int32Array(entries)
    this.nodes = new Uint32Array(entries)
    this.labels = new Int32Array(entries)
  }
}

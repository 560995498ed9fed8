// Shared memory that is used again. V8 does not count shared buffers as garbage worth collecting: a fresh one per publish fills
// gigabytes within a minute. So whoever needs one takes it here, everybody who reads it is counted, and the last one gives it back.

import { verify } from '#engine/core/errors.ts'

/**
 * Lets V8 begin to look for shared memory that nobody holds any more. It counts none of that, so what a network took would stay until other work has
 * left garbage enough, which in a quiet process may take hours. A plain buffer it does count; of this one no byte is ever touched, so it takes no
 * memory, and it is more than V8 lets pass without marking, beside other work, what is still needed.
 */
export function collectShared(): void {
  try {
    void new ArrayBuffer(COUNTED_BYTES)
  } catch {
    // no room to reserve: then V8 collects without being asked
  }
}
// V8's limit is 64 MiB
const COUNTED_BYTES = 128 * 2 ** 20

export class BufferPool {
  private readonly capacity: number
  private readonly users = new Map<SharedArrayBuffer, number>()
  private readonly free: SharedArrayBuffer[] = []
  /** Buffers made so far, those thrown away as too small included. */
  made = 0

  /** @param capacity buffers in use at the same time, at most */
  constructor(capacity: number) {
    this.capacity = capacity
  }

  /** A buffer of at least `bytes` (old content in it) with one user, or undefined while all are in use. */
  take(bytes: number): SharedArrayBuffer | undefined {
    if (this.full) return undefined
    // the smallest that fits; when none does the largest goes, so that the number of buffers stays what it is
    this.free.sort((a, b) => a.byteLength - b.byteLength)
    const fit = this.free.findIndex(buffer => buffer.byteLength >= bytes)
    let buffer = fit >= 0 ? this.free.splice(fit, 1)[0] : undefined
    if (!buffer) {
      if (this.free.length + this.users.size >= this.capacity) this.free.pop()
      // a quarter more than asked for: the next generations are a little larger
      buffer = new SharedArrayBuffer(roundUp(Math.ceil(bytes * 1.25)))
      this.made++
    }
    this.users.set(buffer, 1)
    return buffer
  }

  /** One more user of a buffer in use. */
  keep(buffer: SharedArrayBuffer): void {
    const users = this.users.get(buffer)
    verify(users !== undefined, () => 'kept a buffer nobody uses')
    this.users.set(buffer, users + 1)
  }

  /** One user less; the last one frees it. */
  release(buffer: SharedArrayBuffer): void {
    const users = this.users.get(buffer)
    verify(users !== undefined, () => 'released a buffer nobody uses')
    if (users > 1) this.users.set(buffer, users - 1)
    else {
      this.users.delete(buffer)
      this.free.push(buffer)
    }
  }

  /** Would `take` give nothing? */
  get full(): boolean {
    return this.users.size >= this.capacity
  }

  get inUse(): number {
    return this.users.size
  }

  get bytes(): number {
    return [...this.users.keys(), ...this.free].reduce((sum, buffer) => sum + buffer.byteLength, 0)
  }
}

const PAGE = 1 << 16
const roundUp = (bytes: number): number => Math.max(PAGE, Math.ceil(bytes / PAGE) * PAGE)

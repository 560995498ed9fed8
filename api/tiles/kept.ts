// Answers that cost a search to make and are asked for again: as many as a measure of memory holds, the one asked for longest ago goes first.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const gzipped = promisify(gzip)

export interface Kept {
  readonly plain: Buffer
  readonly gzip: Buffer
  readonly etag: string
}

/** What remembering an answer takes beside its bytes and its name; an empty tile is hardly more than that. */
const ENTRY_BYTES = 1024

export class KeptAnswers {
  private readonly answers = new Map<string, Kept>()
  private readonly maxBytes: number
  private bytes = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get size(): number {
    return this.answers.size
  }

  /** The answer to `key`, made if it is not there. Rejects as `make` does, and keeps nothing then. */
  async get(key: string, make: () => Promise<Uint8Array>): Promise<Kept> {
    const known = this.answers.get(key)
    if (known) {
      this.answers.delete(key)
      this.answers.set(key, known)
      return known
    }
    const made = await pack(await make())
    // somebody else may have asked for the same meanwhile
    const there = this.answers.get(key)
    if (there) return there
    this.answers.set(key, made)
    this.bytes += sizeOf(key, made)
    for (const [oldest, forgotten] of this.answers) {
      if (this.bytes <= this.maxBytes) break
      this.answers.delete(oldest)
      this.bytes -= sizeOf(oldest, forgotten)
    }
    return made
  }
}

async function pack(bytes: Uint8Array): Promise<Kept> {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  return { plain: ownMemory(bytes), gzip: ownMemory(await gzipped(bytes)), etag }
}

/** A piece of zlib's or Node's memory would keep the rest of it, 8 KiB and more, for as long as a small answer is kept. */
const ownMemory = (bytes: Uint8Array): Buffer => Buffer.from(new Uint8Array(bytes).buffer)

const sizeOf = (key: string, { plain, gzip }: Kept): number => plain.length + gzip.length + 2 * key.length + ENTRY_BYTES

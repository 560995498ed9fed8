// An OSM PBF file as a stream of inflated blocks: [length][BlobHeader][Blob] and again. The whole file is never in memory.
// https://wiki.openstreetmap.org/wiki/PBF_Format; LZMA and LZ4 blobs, which nobody writes any more, are refused.

import { constants, inflateSync, zstdDecompressSync } from 'node:zlib'
import { FreifahrtError } from '#engine/core/errors.ts'
import { Cursor } from './cursor.ts'

export interface OsmBlob {
  readonly type: 'header' | 'data'
  readonly bytes: Uint8Array
  /** File and offset of the blob, for errors. */
  readonly where: string
}

// the format's own limits
const MAX_HEADER = 64 * 1024
const MAX_BLOB = 32 * 1024 * 1024
/** What a reader must understand to read a file correctly; other required features are refused. */
const KNOWN_FEATURES = new Set(['OsmSchema-V0.6', 'DenseNodes'])

/**
 * @param name of the file, for errors
 * @param onBytes told how far the file has been read
 */
export async function* readBlobs(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  onBytes?: (done: number) => void,
): AsyncGenerator<OsmBlob> {
  const source = new ByteSource(chunks)
  let first = true
  for (;;) {
    const where = `${name}, byte ${source.offset}`
    const bad = (detail: string): FreifahrtError => new FreifahrtError('OSM_UNREADABLE', where, detail)
    const prefix = await source.take(4)
    if (prefix.length === 0) {
      if (first) throw bad('the file is empty')
      return
    }
    if (prefix.length < 4) throw bad('the file ends inside a length')
    const headerLength = new DataView(prefix.buffer, prefix.byteOffset).getUint32(0)
    if (headerLength > MAX_HEADER)
      throw bad(first ? 'this is no OSM PBF file' : `a blob header of ${headerLength} bytes`)
    const header = await source.take(headerLength)
    if (header.length < headerLength) throw bad('the file ends inside a blob header')
    const { type, size } = readBlobHeader(new Cursor(header, where))
    if (size > MAX_BLOB) throw bad(`a blob of ${size} bytes, at most ${MAX_BLOB} are allowed`)
    const blob = await source.take(size)
    if (blob.length < size) throw bad(`the file ends inside a blob: ${blob.length} of ${size} bytes are there`)
    if (first && type !== 'OSMHeader') throw bad('the first blob is no OSMHeader')
    first = false
    onBytes?.(source.offset)
    if (type === 'OSMHeader') {
      const bytes = inflate(new Cursor(blob, where))
      checkFeatures(new Cursor(bytes, where))
      yield { type: 'header', bytes, where }
    } else if (type === 'OSMData') yield { type: 'data', bytes: inflate(new Cursor(blob, where)), where }
    // blobs of other types are to be skipped, says the format
  }
}

function readBlobHeader(c: Cursor): { type: string; size: number } {
  let type = ''
  let size = -1
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field === 1) type = c.word()
    else if (field === 3) size = c.varint()
    else c.skip()
  }
  if (type === '' || size < 0) c.fail('a blob header without type or size')
  return { type, size }
}

function inflate(c: Cursor): Uint8Array {
  let rawSize = -1
  let bytes: Uint8Array | undefined
  let packed: { data: Uint8Array; by: (data: Uint8Array, size: number) => Uint8Array } | undefined
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field === 1) bytes = c.chunk()
    else if (field === 2) rawSize = c.varint()
    else if (field === 3) packed = { data: c.chunk(), by: unzlib }
    else if (field === 7) packed = { data: c.chunk(), by: unzstd }
    else if (field >= 4 && field <= 6)
      c.fail('packed with a method other than zlib or zstd; write the file anew, e.g. with osmium')
    else c.skip()
  }
  if (bytes) return bytes
  if (!packed) return c.fail('a blob without content')
  if (rawSize < 0 || rawSize > MAX_BLOB)
    c.fail(`a blob that inflates to ${rawSize} bytes, at most ${MAX_BLOB} are allowed`)
  try {
    bytes = packed.by(packed.data, rawSize)
  } catch (error) {
    return c.fail(`a blob cannot be inflated: ${(error as Error).message}`)
  }
  if (bytes.length !== rawSize) c.fail(`a blob inflates to ${bytes.length} bytes, ${rawSize} were announced`)
  return bytes
}

const unzlib = (data: Uint8Array, size: number): Uint8Array =>
  inflateSync(data, { maxOutputLength: Math.max(1, size), chunkSize: chunkFor(size) })
const unzstd = (data: Uint8Array, size: number): Uint8Array =>
  zstdDecompressSync(data, { maxOutputLength: Math.max(1, size), chunkSize: chunkFor(size) })
// the size is known: inflate in one piece instead of 16 KiB at a time
const chunkFor = (size: number): number => Math.max(constants.Z_MIN_CHUNK, size)

function checkFeatures(c: Cursor): void {
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field !== 4) c.skip()
    else {
      const feature = c.word()
      if (!KNOWN_FEATURES.has(feature)) c.fail(`the file needs a reader that knows '${feature}'`)
    }
  }
}

/** Chunks of any size as pieces of the size asked for. */
class ByteSource {
  offset = 0
  private readonly chunks: AsyncIterator<Uint8Array>
  private rest: Uint8Array = new Uint8Array(0)
  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]()
  }
  /** The next `n` bytes, fewer only at the end. */
  async take(n: number): Promise<Uint8Array> {
    if (this.rest.length < n) {
      const parts = [this.rest]
      let have = this.rest.length
      while (have < n) {
        const { value, done } = await this.chunks.next()
        if (done) break
        parts.push(value)
        have += value.length
      }
      this.rest = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    }
    const taken = this.rest.subarray(0, n)
    this.rest = this.rest.subarray(taken.length)
    this.offset += taken.length
    return taken
  }
}

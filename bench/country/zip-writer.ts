// A zip written as a stream to disk: what is pushed to an entry is deflated piece by piece, each piece ending on a byte (a sync flush),
// so that the pieces laid end to end are one deflate stream. Entries stay below 4 GiB: no zip64.

import { closeSync, openSync, writeSync } from 'node:fs'
import { constants, crc32, deflateRawSync } from 'node:zlib'

const HEADER = 30
const LEVEL = 3

interface Entry {
  readonly name: Buffer
  readonly offset: number
  crc: number
  packed: number
  length: number
}

export class ZipWriter {
  private readonly file: number
  private readonly entries: Entry[] = []
  private at = 0

  constructor(path: string) {
    this.file = openSync(path, 'w')
  }

  begin(name: string): void {
    const entry = { name: Buffer.from(name), offset: this.at, crc: 0, packed: 0, length: 0 }
    this.entries.push(entry)
    // written again with the lengths when they are known
    this.append(localHeader(entry))
    this.append(entry.name)
  }

  push(bytes: Uint8Array): void {
    const entry = this.entries.at(-1)!
    const packed = deflateRawSync(bytes, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH })
    entry.crc = crc32(bytes, entry.crc)
    entry.packed += packed.length
    entry.length += bytes.length
    this.append(packed)
  }

  end(): void {
    const entry = this.entries.at(-1)!
    const last = deflateRawSync(Buffer.alloc(0))
    entry.packed += last.length
    this.append(last)
    writeSync(this.file, localHeader(entry), 0, HEADER, entry.offset)
  }

  close(): void {
    const begin = this.at
    for (const entry of this.entries) {
      const tail = Buffer.alloc(14)
      tail.writeUInt32LE(entry.offset, 10)
      this.append(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), localHeader(entry).subarray(4), tail, entry.name]))
    }
    const end = Buffer.alloc(22)
    end.write('PK\x05\x06')
    end.writeUInt16LE(this.entries.length, 8)
    end.writeUInt16LE(this.entries.length, 10)
    end.writeUInt32LE(this.at - begin, 12)
    end.writeUInt32LE(begin, 16)
    this.append(end)
    closeSync(this.file)
  }

  private append(bytes: Uint8Array): void {
    writeSync(this.file, bytes, 0, bytes.length, this.at)
    this.at += bytes.length
  }
}

function localHeader({ name, crc, packed, length }: Entry): Buffer {
  const header = Buffer.alloc(HEADER)
  header.write('PK\x03\x04')
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(0x0800, 6)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(0x0021_0000, 10) // 1980-01-01 00:00
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(packed, 18)
  header.writeUInt32LE(length, 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

// Zip files written byte by byte, so that tests can make each lie about itself.

import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly content: string | Uint8Array
  /** 0 stored, 8 deflated; others are stored too and only claimed. */
  readonly method?: number
  readonly flags?: number
  readonly crc?: number
  /** Claimed in the directory. */
  readonly inflated?: number
  readonly deflated?: number
  /** Unix mode in the directory, e.g. 0o120777 for a symbolic link. */
  readonly mode?: number
  /** Lengths and offset as zip64 extra field. */
  readonly zip64?: boolean
}

export function zipOf(entries: readonly ZipEntry[], { zip64 = false } = {}): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const content = Buffer.from(entry.content)
    const name = Buffer.from(entry.name)
    const method = entry.method ?? 8
    const body = method === 8 ? deflateRawSync(content) : content
    const crc = entry.crc ?? crc32(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    local.writeUInt16LE(name.length, 26)
    parts.push(local, name, body)

    const [inflated, deflated] = [entry.inflated ?? content.length, entry.deflated ?? body.length]
    const extra = Buffer.alloc(entry.zip64 ? 28 : 0)
    if (entry.zip64) {
      extra.writeUInt16LE(1, 0)
      extra.writeUInt16LE(24, 2)
      extra.writeBigUInt64LE(BigInt(inflated), 4)
      extra.writeBigUInt64LE(BigInt(deflated), 12)
      extra.writeBigUInt64LE(BigInt(offset), 20)
    }
    const head = Buffer.alloc(46)
    head.writeUInt32LE(0x02014b50, 0)
    head.writeUInt16LE(3 << 8, 4)
    head.writeUInt16LE(entry.flags ?? 0, 8)
    head.writeUInt16LE(method, 10)
    head.writeUInt32LE(crc, 16)
    head.writeUInt32LE(entry.zip64 ? 0xffff_ffff : deflated, 20)
    head.writeUInt32LE(entry.zip64 ? 0xffff_ffff : inflated, 24)
    head.writeUInt16LE(name.length, 28)
    head.writeUInt16LE(extra.length, 30)
    head.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38)
    head.writeUInt32LE(entry.zip64 ? 0xffff_ffff : offset, 42)
    directory.push(head, name, extra)
    offset += 30 + name.length + body.length
  }
  const length = directory.reduce((n, part) => n + part.length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(zip64 ? 0xffff : entries.length, 10)
  end.writeUInt32LE(zip64 ? 0xffff_ffff : length, 12)
  end.writeUInt32LE(zip64 ? 0xffff_ffff : offset, 16)
  if (!zip64) return Buffer.concat([...parts, ...directory, end])
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(BigInt(entries.length), 32)
  end64.writeBigUInt64LE(BigInt(length), 40)
  end64.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + length), 8)
  return Buffer.concat([...parts, ...directory, end64, locator, end])
}

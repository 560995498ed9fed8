// Writes a zip archive (PKWARE APPNOTE 6.3): deflated entries, no zip64, no dates, so that equal contents make equal bytes.

import { crc32, deflateRawSync } from 'node:zlib'

const DEFLATED = 8
const UTF8_NAMES = 0x0800
const MIDNIGHT_1980 = 0x0021_0000 // DOS date and time: 1980-01-01 00:00

/** @param files name → contents, each and all together below 4 GiB */
export function zipFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [file, contents] of files) {
    const name = Buffer.from(file)
    const packed = deflateRawSync(contents, { level: 6 })
    // what the local header and the directory entry have in common: version needed … length of the extra field
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(UTF8_NAMES, 2)
    common.writeUInt16LE(DEFLATED, 4)
    common.writeUInt32LE(MIDNIGHT_1980, 6)
    common.writeUInt32LE(crc32(contents), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(contents.length, 18)
    common.writeUInt16LE(name.length, 22)

    parts.push(Buffer.from('PK\x03\x04'), common, name, packed)
    // version made by; then: length of the comment, disk, attributes inside and outside, where the local header is
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, tail, name)
    offset += 4 + common.length + name.length + packed.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(files.size, 8)
  end.writeUInt16LE(files.size, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, index, end])
}

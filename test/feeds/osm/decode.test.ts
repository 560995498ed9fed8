import { createReadStream } from 'node:fs'
import { deflateSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readBlobs } from '#feeds/osm/blocks.ts'
import { decodeBlock, OsmBlock, type TagColumns } from '#feeds/osm/decode.ts'
import { writeOsmPbf } from '#feeds/osm/write.ts'
import { dataFile } from '../../helpers/data.ts'

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(/#.*|\s/g, ''), 'hex')

const tagsOf = (block: OsmBlock, { begin, key, value }: TagColumns, row: number): string[] =>
  Array.from({ length: begin.data[row + 1]! - begin.data[row]! }, (_, i) => {
    const at = begin.data[row]! + i
    return `${block.text(key.data[at]!)}=${block.text(value.data[at]!)}`
  })

const blockText = `
  0a14 0a00 0a07 68696768776179 0a07 666f6f74776179    # texts: '', 'highway', 'footway'
  1215 1213                                            # dense nodes
       0a02 0202                                       #   ids 1, 2 (each the difference, zigzag)
       4202 1405                                       #   lat 10, 7
       4a03 d80402                                     #   lon 300, 301
       5204 01020000                                   #   the first one highway=footway, the second one bare
  120e 0a0c 080a 4008 4807 120101 1a0102               # a plain node: id 5, lat 4, lon -4, highway=footway
  120e 1a0c 0807 120101 1a0102 42020202                # way 7 over 1, 2
  120d 220b 0809 420100 4a010e 520101                  # relation 9: way 7, role ''
  8801e807 9801f403                                    # granularity 1000, lat offset 500 nanodegrees`

describe('decodeBlock', () => {
  test('reads nodes, ways and relations with their tags', () => {
    const block = new OsmBlock()
    decodeBlock(hex(blockText), 'test', block)
    expect([...block.nodeId.view()]).toEqual([1, 2, 5])
    expect([...block.nodeLat.view()]).toEqual([105, 75, 45])
    expect([...block.nodeLon.view()]).toEqual([3000, 3010, -40])
    expect([0, 1, 2].map(i => tagsOf(block, block.nodeTags, i))).toEqual([['highway=footway'], [], ['highway=footway']])
    expect([...block.wayId.view(), ...block.refsBegin.view(), ...block.refs.view()]).toEqual([7, 0, 2, 1, 2])
    expect(tagsOf(block, block.wayTags, 0)).toEqual(['highway=footway'])
    expect([...block.relationId.view(), ...block.memberId.view(), ...block.memberType.view()]).toEqual([9, 7, 1])
    expect(block.text(block.memberRole.data[0]!)).toBe('')
    expect(block.text(99)).toBe('')
  })

  test('a block leaves nothing of the one before', () => {
    const block = new OsmBlock()
    decodeBlock(hex(blockText), 'test', block)
    decodeBlock(hex('0a02 0a00'), 'test', block)
    expect([block.nodeId.length, block.wayId.length, block.refs.length, block.relationId.length]).toEqual([0, 0, 0, 0])
    expect(block.text(1)).toBe('')
  })

  test('ids beyond 32 bits and below 0, far corners of the globe', async () => {
    const nodes = [
      { id: -7, lat: -90, lon: -180 },
      { id: 5_000_000_000, lat: 90, lon: 180 },
      { id: 2 ** 52 + 1, lat: 0, lon: 1e-7 },
    ]
    const block = await onlyBlock(writeOsmPbf({ nodes, ways: [] }))
    expect([...block.nodeId.view()]).toEqual(nodes.map(n => n.id))
    expect([...block.nodeLat.view()]).toEqual([-900_000_000, 900_000_000, 0])
    expect([...block.nodeLon.view()]).toEqual([-1_800_000_000, 1_800_000_000, 1])
  })

  test.each([
    ['a length beyond its message', '1215 1213 0a7f 0202', 'reaches beyond'],
    ['a number without end', '8801 ffffffffffffffffffffff', 'longer than 10 bytes'],
    ['a number cut off', '8801 ff', 'cut off'],
    ['columns of different length', '120a 1208 0a020202 4202 1405', 'different length'],
    ['keys without values', '1207 1a05 0807 120101', 'differ in number'],
    ['a way without id', '1205 1a03 120101', 'without id'],
    ['a group that is a number', '1001', 'wire type 0'],
    ['an unknown wire type', '0b', 'wire type 3'],
  ])('%s is refused', (_, bytes, reason) => {
    expect(() => decodeBlock(hex(bytes), 'map.pbf, byte 5', new OsmBlock())).toThrow(
      new RegExp(`OSM_UNREADABLE at map.pbf, byte 5: .*${reason}`),
    )
  })

  test('no cut makes it hang or throw anything else', () => {
    const bytes = hex(blockText)
    for (let end = 0; end < bytes.length; end++) {
      try {
        decodeBlock(bytes.slice(0, end), 'cut', new OsmBlock())
      } catch (error) {
        expect(String(error)).toMatch(/OSM_UNREADABLE/)
      }
    }
  })
})

async function onlyBlock(file: Uint8Array): Promise<OsmBlock> {
  const block = new OsmBlock()
  for await (const blob of readBlobs(inPieces(file), 'map'))
    if (blob.type === 'data') decodeBlock(blob.bytes, blob.where, block)
  return block
}

async function* inPieces(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('readBlobs', () => {
  const file = writeOsmPbf({
    nodes: [{ id: 1, lat: 51.5, lon: 7.4 }, { id: 2, lat: 51.6, lon: 7.5 }], // biome-ignore format: one line
    ways: [{ id: 1, nodes: [1, 2], tags: { highway: 'footway' } }],
  })
  const read = async (bytes: Uint8Array, size?: number): Promise<string[]> => {
    const seen: string[] = []
    for await (const blob of readBlobs(inPieces(bytes, size), 'map')) seen.push(`${blob.type} ${blob.bytes.length}`)
    return seen
  }

  test('gives the same blobs however the bytes come', async () => {
    const whole = await read(file)
    expect(whole.map(text => text.split(' ')[0])).toEqual(['header', 'data', 'data'])
    for (const size of [1, 3, 64]) expect(await read(file, size)).toEqual(whole)
  })

  test('a cut anywhere but between blobs is found, and says where', async () => {
    for (let end = 0; end < file.length; end++) {
      const found = await read(file.subarray(0, end)).catch(error => String(error))
      if (typeof found === 'string') expect(found).toMatch(/OSM_UNREADABLE at map, byte \d+: the file /)
      else expect(found.length).toBeLessThan(3)
    }
    await expect(read(file.subarray(0, -1))).rejects.toThrow(/inside a blob: \d+ of \d+ bytes/)
  })

  const blob = (type: string, body: string): Uint8Array => {
    const bytes = hex(body)
    const header = hex(
      `0a${type.length.toString(16).padStart(2, '0')}${Buffer.from(type).toString('hex')} 18${varint(bytes.length)}`,
    )
    const length = Buffer.alloc(4)
    length.writeUInt32BE(header.length)
    return Buffer.concat([length, header, bytes])
  }
  const varint = (n: number): string =>
    n < 128 ? n.toString(16).padStart(2, '0') : ((n & 127) | 128).toString(16) + varint(n >> 7)
  const header = blob('OSMHeader', '0a00')
  const join = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts)

  test('raw, zlib and zstd; blobs of other types are skipped', async () => {
    const content = hex('0a020a00')
    const packed = (field: string, data: Uint8Array): string =>
      `10${varint(content.length)}${field}${varint(data.length)}${Buffer.from(data).toString('hex')}`
    const bytes = join(
      header,
      blob('OSMData', '0a040a020a00'),
      blob('Elsewhere', 'ffff'),
      blob('OSMData', packed('1a', deflateSync(content))),
      blob('OSMData', packed('3a', zstdCompressSync(content))),
    )
    expect(await read(bytes)).toEqual(['header 0', 'data 4', 'data 4', 'data 4'])
  })

  test.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'the file is empty'],
    ['a zip', hex('504b030414000000'), 'this is no OSM PBF file'],
    ['data without a header', blob('OSMData', '0a00'), 'the first blob is no OSMHeader'],
    ['an unknown required feature', blob('OSMHeader', '0a08 2206 466f6f626172'), `knows 'Foobar'`],
    ['LZMA', join(header, blob('OSMData', '1004 2200')), 'other than zlib or zstd'],
    ['a blob without content', join(header, blob('OSMData', '1004')), 'without content'],
    ['a bomb', join(header, blob('OSMData', `10ffffff7f 1a00`)), 'at most 33554432'],
    [
      'more than announced',
      join(header, blob('OSMData', `1002 1a0b ${Buffer.from(deflateSync(Buffer.from('abc'))).toString('hex')}`)),
      'cannot be inflated',
    ],
    [
      'less than announced',
      join(header, blob('OSMData', `1009 1a0b ${Buffer.from(deflateSync(Buffer.from('abc'))).toString('hex')}`)),
      '9 were announced',
    ],
    ['a blob header of megabytes', join(header, hex('00ffffff')), 'a blob header of 16777215 bytes'],
  ])('%s is refused', async (_, bytes, reason) => {
    await expect(read(bytes)).rejects.toThrow(new RegExp(`OSM_UNREADABLE at map, byte \\d+: .*${reason}`))
  })
})

// ── against another reader ────────────────────────────────────────────────────────────────────────────────────────────
interface Item {
  type: 'node' | 'way' | 'relation'
  id: number
  lat: number
  lon: number
  tags?: Record<string, string>
  refs?: number[]
  members?: { ref: number; type: string; role: string }[]
}

/** Sums over everything in a file; the order does not matter. */
const emptySums = () => ({
  nodes: 0,
  ways: 0,
  relations: 0,
  ids: 0,
  lat: 0,
  lon: 0,
  tags: 0,
  tagText: 0,
  refs: 0,
  refSum: 0,
  members: 0,
  roles: 0,
})
const PRIME = 1_000_003

async function ourSums(path: string): Promise<ReturnType<typeof emptySums>> {
  const sums = emptySums()
  const block = new OsmBlock()
  const addTags = (columns: TagColumns, row: number): void => {
    for (const tag of tagsOf(block, columns, row)) {
      sums.tags++
      sums.tagText += tag.length
    }
  }
  for await (const blob of readBlobs(createReadStream(path), 'map')) {
    if (blob.type === 'header') continue
    decodeBlock(blob.bytes, blob.where, block)
    for (let i = 0; i < block.nodeId.length; i++) {
      sums.ids += block.nodeId.data[i]! % PRIME
      sums.lat += block.nodeLat.data[i]!
      sums.lon += block.nodeLon.data[i]!
      addTags(block.nodeTags, i)
    }
    for (let i = 0; i < block.wayId.length; i++) {
      sums.ids += block.wayId.data[i]! % PRIME
      addTags(block.wayTags, i)
    }
    for (let i = 0; i < block.relationId.length; i++) {
      sums.ids += block.relationId.data[i]! % PRIME
      addTags(block.relationTags, i)
    }
    for (const ref of block.refs.view()) sums.refSum += ref % PRIME
    for (const [i, id] of block.memberId.view().entries()) {
      sums.refSum += id % PRIME
      sums.roles += block.text(block.memberRole.data[i]!).length + block.memberType.data[i]!
    }
    sums.nodes += block.nodeId.length
    sums.ways += block.wayId.length
    sums.relations += block.relationId.length
    sums.refs += block.refs.length
    sums.members += block.memberId.length
  }
  return sums
}

async function theirSums(path: string): Promise<ReturnType<typeof emptySums>> {
  const { createOSMStream } = await import('osm-pbf-parser-node')
  const sums = emptySums()
  for await (const item of createOSMStream(path) as AsyncIterable<Item>) {
    if (item.type !== 'node' && item.type !== 'way' && item.type !== 'relation') continue // the header
    sums.ids += item.id % PRIME
    for (const [key, value] of Object.entries(item.tags ?? {})) {
      sums.tags++
      sums.tagText += `${key}=${value}`.length
    }
    if (item.type === 'node') {
      sums.nodes++
      sums.lat += Math.round(item.lat * 1e7)
      sums.lon += Math.round(item.lon * 1e7)
    } else if (item.type === 'way') {
      sums.ways++
      sums.refs += item.refs!.length
      for (const ref of item.refs!) sums.refSum += ref % PRIME
    } else {
      sums.relations++
      sums.members += item.members!.length
      for (const { ref, type, role } of item.members!) {
        sums.refSum += ref % PRIME
        sums.roles += role.length + ['node', 'way', 'relation'].indexOf(type)
      }
    }
  }
  return sums
}

describe.each(['heidelberg/heidelberg.osm.pbf', 'newport/newport-2023-06-13.osm.pbf', 'dortmund/aplerbeck.osm.pbf'])(
  '%s',
  name => {
    const path = dataFile(name)
    test.skipIf(!path)('reads what osm-pbf-parser-node reads', async () => {
      const ours = await ourSums(path!)
      expect(ours.nodes).toBeGreaterThan(0)
      expect(ours).toEqual(await theirSums(path!))
    })
  },
)

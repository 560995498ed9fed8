import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOSMStream } from 'osm-pbf-parser-node'
import { expect, test } from 'vitest'
import { writeOsmPbf } from '#feeds/osm/write.ts'

/** What another reader, not ours, finds in the bytes. */
async function readBack(bytes: Uint8Array): Promise<unknown[]> {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-osm-'))
  try {
    writeFileSync(join(dir, 'map.osm.pbf'), bytes)
    const items: unknown[] = []
    for await (const item of createOSMStream(join(dir, 'map.osm.pbf'))) items.push(structuredClone(item))
    return items
  } finally {
    rmSync(dir, { recursive: true })
  }
}

test('another reader finds what was written: large ids, all corners of the globe, tags, members', async () => {
  const nodes = [
    { id: 1, lat: 51.5100001, lon: 7.46, tags: { name: 'Kämpchenstraße', railway: 'subway_entrance' } },
    { id: 12_345_678_901, lat: -33.1234567, lon: -179.9999999 },
    { id: 12_345_678_902, lat: 0, lon: 180, tags: { highway: 'elevator' } },
  ]
  const ways = [{ id: 7, nodes: [12_345_678_902, 1, 12_345_678_901], tags: { highway: 'steps', name: 'Stiege' } }]
  const relations = [
    {
      id: 9,
      members: [
        { type: 'way' as const, id: 7, role: 'outer' },
        { type: 'node' as const, id: 1 },
      ],
      tags: { type: 'multipolygon' },
    },
  ]
  const [header, ...items] = await readBack(writeOsmPbf({ nodes, ways, relations }))
  expect(header).toMatchObject({
    required_features: ['OsmSchema-V0.6', 'DenseNodes'],
    bbox: { left: -179_999_999_900, right: 180_000_000_000, bottom: -33_123_456_700, top: 51_510_000_100 },
  })
  expect(items).toEqual([
    ...nodes.map(node => ({ type: 'node', ...node })),
    { type: 'way', id: 7, refs: ways[0]!.nodes, tags: ways[0]!.tags },
    {
      type: 'relation',
      id: 9,
      members: [
        { type: 'way', ref: 7, role: 'outer' },
        { type: 'node', ref: 1, role: '' },
      ],
      tags: { type: 'multipolygon' },
    },
  ])
})

test('many nodes fill several blocks', async () => {
  const nodes = Array.from({ length: 20_001 }, (_, i) => ({ id: i + 1, lat: i / 1000, lon: -i / 1000 }))
  const [, ...items] = await readBack(writeOsmPbf({ nodes, ways: [] }))
  expect(items).toEqual(nodes.map(({ id, lat, lon }) => ({ type: 'node', id, lat, lon: lon || 0 })))
})

// Walking across: which straight lines a square gets, and that the map's squares are crossed.

import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { buildStopLinks } from '#engine/street/links.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { linesAcross } from '#feeds/osm/squares.ts'
import { writeOsmPbf } from '#feeds/osm/write.ts'
import { dataFile } from '../../helpers/data.ts'
import { metresToPoint, stopsOnly } from '../../helpers/streets.ts'

/** Points by their letters in metres (as 100 units each), rings by words, doors by letters. */
function lines(points: Record<string, [number, number]>, rings: string[], doors: string): string[] {
  const names = Object.keys(points)
  const node = (name: string): number => names.indexOf(name)
  return linesAcross({
    rings: rings.map(ring => [...ring].map(node)),
    lat: n => points[names[n]!]![1] * 100,
    lon: n => points[names[n]!]![0] * 100,
    meets: n => doors.includes(names[n]!),
  }).map(pair => pair.map(n => names[n]).sort().join('')).sort() // biome-ignore format: one line
}

describe('lines across', () => {
  const square = { a: [0, 0], b: [100, 0], c: [100, 100], d: [0, 100] } as Record<string, [number, number]>
  test('a plain square: the diagonals between its doors', () => {
    expect(lines(square, ['abcd'], 'abcd')).toEqual(['ac', 'bd'])
    expect(lines(square, ['abcd'], 'ac')).toEqual(['ac'])
    expect(lines(square, ['abcd'], 'a')).toEqual([])
  })
  test('a house in the middle is walked round by its corners', () => {
    const house = { ...square, p: [40, 40], q: [60, 40], r: [60, 60], s: [40, 60] } as Record<string, [number, number]>
    expect(lines(house, ['abcd', 'pqrs'], 'ac')).toEqual(['ap', 'aq', 'as', 'cq', 'cr', 'cs'])
  })
  test('an L: from end to end by the inner corner, never outside', () => {
    const l = { a: [0, 0], b: [100, 0], c: [100, 30], d: [30, 30], e: [30, 100], f: [0, 100] } as Record<
      string,
      [number, number]
    >
    expect(lines(l, ['abcdef'], 'ce')).toEqual([])
    expect(lines(l, ['abcdef'], 'be')).toEqual(['bd'])
  })
})

//   1──2        a square of 100 m as a multipolygon of two rims without tags; streets meet it at 1 and 3
//   │  │
//   4──3
test.each(['multipolygon', 'closed way'])('a %s is crossed', async kind => {
  const nodes = [[0, 100], [100, 100], [100, 0], [0, 0], [-50, 150], [150, -50]].map(([x, y], i) => ({ id: i + 1, ...degrees(x!, y!) })) // biome-ignore format: a list
  const tags = { highway: 'pedestrian' }
  const map = writeOsmPbf({
    nodes,
    ways: [
      { id: 1, nodes: [5, 1], tags: { highway: 'footway' } },
      { id: 2, nodes: [3, 6], tags: { highway: 'footway' } },
      ...(kind === 'multipolygon' ? [{ id: 3, nodes: [1, 2, 3] }, { id: 4, nodes: [3, 4, 1] }] : [{ id: 3, nodes: [1, 2, 3, 4, 1], tags: { ...tags, area: 'yes' } }]), // biome-ignore format: a list
    ],
    relations: kind === 'multipolygon' ? [{ id: 1, members: [{ type: 'way', id: 3, role: 'outer' }, { type: 'way', id: 4, role: 'outer' }], tags: { ...tags, type: 'multipolygon' } }] : [], // biome-ignore format: a list
  })
  const { graph, report } = await loadOsm(Readable.from([map]))
  expect([report.squares, report.linesAcross]).toEqual([1, 1])
  const search = createStreetSearch(graph, buildStopLinks(graph, stopsOnly([])))
  const path = streetPath(search, metresToPoint(-50, 150), metresToPoint(150, -50), {
    profile: withChanges(Profile.foot, { speed: 1 }),
    maxSeconds: 3600,
    maxMatchingDistance: 10,
  })!
  // hypot(200, 200)
  expect(path.metres).toBeCloseTo(283, 0)
})

const degrees = (x: number, y: number) => {
  const { lat, lon } = metresToPoint(x, y)
  return { lat: lat / 1e7, lon: lon / 1e7 }
}

test.skipIf(!dataFile('heidelberg/heidelberg.osm.pbf'))(
  'Heidelberg has squares, and lines across them are few',
  async () => {
    const { report } = await loadOsm(dataFile('heidelberg/heidelberg.osm.pbf')!)
    expect(report.squares).toBeGreaterThan(30)
    expect(report.linesAcross).toBeLessThan(0.1 * report.graphEdges)
  },
)

import { expect, test } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import type { Ground } from '#engine/ground/ground.ts'
import { groundKinds } from '#engine/ground/kinds.ts'
import { loadLandscape } from '#feeds/osm/landscape.ts'
import { assembleRings, inRing } from '#feeds/osm/rings.ts'
import { type OsmMap, writeOsmPbf } from '#feeds/osm/write.ts'

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
const read = (map: OsmMap) => loadLandscape(once(writeOsmPbf(map)), undefined)

/** `water "Teich": 3+3h` = an outer ring of three points and a hole of three. */
const drawn = (g: Ground): string[] =>
  Array.from({ length: g.counts.features }, (_, f) => {
    const { layer, value } = groundKinds[g.featureKind[f]!]!
    const parts: string[] = []
    for (let p = g.partsBegin[f]!; p < g.partsBegin[f + 1]!; p++)
      parts.push(`${g.pointsBegin[p + 1]! - g.pointsBegin[p]!}${g.partHole[p] ? 'h' : ''}`)
    const name = textOf(g, g.featureName[f]!)
    return `${layer}=${value}${name && ` ${name}`}: ${parts.join('+')}`
  }).sort()

//   a 4 × 4 grid of nodes, 1 … 16, rows from south to north
const grid = Array.from({ length: 16 }, (_, i) => ({
  id: i + 1,
  lat: 51.5 + Math.floor(i / 4) / 1000,
  lon: 7.4 + (i % 4) / 1000,
}))

test('areas, lines and points by their tags; whatever is none of them is left out', async () => {
  const { ground } = await read({
    nodes: [...grid, { id: 99, lat: 51.5, lon: 7.4, tags: { place: 'suburb', name: 'Hörde' } }],
    ways: [
      { id: 1, nodes: [1, 2, 6, 5, 1], tags: { leisure: 'park', name: 'Stadtgarten' } },
      { id: 2, nodes: [1, 2, 6, 5, 1], tags: { building: 'yes' } },
      { id: 3, nodes: [9, 10, 11], tags: { railway: 'tram' } },
      { id: 4, nodes: [9, 10, 11], tags: { railway: 'rail', service: 'siding' } },
      { id: 5, nodes: [13, 14, 15], tags: { waterway: 'river', name: 'Emscher' } },
      { id: 6, nodes: [1, 2, 3], tags: { leisure: 'park' } }, // not closed
      { id: 7, nodes: [1, 2, 3], tags: { highway: 'residential' } },
    ],
  })
  expect(drawn(ground)).toEqual([
    'building=building: 4',
    'cities=suburb Hörde: 1',
    'landuse=park Stadtgarten: 4',
    'rail=detail: 3',
    'rail=secondary: 3',
    'waterway=river Emscher: 3',
  ])
})

test('a multipolygon: its rim in two ways, a hole, and a hole that belongs to nothing', async () => {
  const { ground } = await read({
    nodes: [
      ...grid,
      { id: 20, lat: 51.6, lon: 7.4 },
      { id: 21, lat: 51.6, lon: 7.41 },
      { id: 22, lat: 51.61, lon: 7.4 },
    ],
    ways: [
      { id: 1, nodes: [1, 4, 16] },
      { id: 2, nodes: [1, 13, 16] },
      { id: 3, nodes: [6, 7, 11, 6] },
      { id: 4, nodes: [20, 21, 22, 20] },
    ],
    relations: [
      {
        id: 1,
        members: [
          { type: 'way', id: 1, role: 'outer' },
          { type: 'way', id: 2, role: 'outer' },
          { type: 'way', id: 3, role: 'inner' },
          { type: 'way', id: 4, role: 'inner' },
        ],
        tags: { type: 'multipolygon', natural: 'water', name: 'Phoenix-See' },
      },
    ],
  })
  expect(drawn(ground)).toEqual(['water=water Phoenix-See: 4+3h'])
})

test('rings: in any order and direction; what does not close is left out', () => {
  expect(
    assembleRings([
      [1, 2],
      [3, 1],
      [2, 3],
    ]),
  ).toEqual([[1, 2, 3]])
  expect(
    assembleRings([
      [1, 2],
      [1, 3],
      [2, 3],
    ]),
  ).toEqual([[1, 2, 3]])
  expect(assembleRings([[1, 2, 3]])).toEqual([])
  expect(inRing(5, 5, [0, 0, 0, 10, 10, 10, 10, 0])).toBe(true)
  expect(inRing(5, 15, [0, 0, 0, 10, 10, 10, 10, 0])).toBe(false)
})

test('named places and addresses, in all their languages', async () => {
  const { places, addresses } = await read({
    nodes: [
      {
        id: 1,
        lat: 51.5,
        lon: 7.4,
        tags: { amenity: 'cafe', name: 'Café Erdmann', 'name:en': 'Erdmann', short_name: 'CE' },
      },
      { id: 2, lat: 51.5, lon: 7.4, tags: { amenity: 'bench', name: 'no' } },
      { id: 3, lat: 51.5, lon: 7.41, tags: { 'addr:street': 'Ostwall', 'addr:housenumber': '3;5' } },
      { id: 4, lat: 51.5, lon: 7.41, tags: { 'addr:housenumber': '7' } },
      { id: 5, lat: 51.5, lon: 7.4, tags: { highway: 'bus_stop', name: 'Kampstraße' } },
    ],
    ways: [],
  })
  expect(places.map(({ names, category }) => [category, names.map(n => `${n.language}:${n.text}`)])).toEqual([
    ['cafe', [':Café Erdmann', 'en:Erdmann', '-:CE']],
  ])
  expect(addresses.map(a => `${a.street} ${a.houseNumber}`)).toEqual(['Ostwall 3', 'Ostwall 5'])
})

// Tiles as MapLibre's own reader reads them.

import { VectorTile } from '@mapbox/vector-tile'
import { featureFilter } from '@maplibre/maplibre-gl-style-spec'
import { PbfReader } from 'pbf'
import { describe, expect, test } from 'vitest'
import { encodeTile, GeometryType } from '#api/tiles/mvt.ts'
import { tileStyle } from '#api/tiles/style.ts'
import { makeTile } from '#api/tiles/tile.ts'
import { GroundBuilder } from '#engine/ground/ground.ts'
import { groundKind } from '#engine/ground/kinds.ts'
import type { Question } from '#workers/service.ts'
import { at, city } from '../api/city.ts'
import { appFor, get, refused } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { streets } from '../helpers/streets.ts'

const decode = (bytes: Uint8Array): VectorTile => new VectorTile(new PbfReader(bytes))

test('points, lines, polygons with holes and values of every kind come back as they were', () => {
  const ring = [0, 0, 100, 0, 100, 100, 0, 100]
  const hole = [20, 20, 20, 80, 80, 80, 80, 20]
  const tile = decode(
    encodeTile([
      { name: 'nothing', features: [] },
      {
        name: 'all',
        features: [
          { type: GeometryType.point, parts: [[5, -3]], properties: { name: 'Hörde', level: -1.5, n: 7, yes: true } },
          {
            type: GeometryType.line,
            parts: [
              [0, 0, 10, 20],
              [4096, 4096, 0, 0],
            ],
            properties: { name: 'Hörde', no: undefined },
          },
          { type: GeometryType.polygon, parts: [ring, hole], properties: {} },
        ],
      },
    ]),
  )
  expect(Object.keys(tile.layers)).toEqual(['all'])
  const layer = tile.layers.all!
  expect([layer.version, layer.extent, layer.length]).toEqual([2, 4096, 3])
  const [point, line, polygon] = [0, 1, 2].map(i => layer.feature(i))
  expect(point!.properties).toEqual({ name: 'Hörde', level: -1.5, n: 7, yes: true })
  expect(point!.loadGeometry()).toMatchObject([[{ x: 5, y: -3 }]])
  expect(line!.properties).toEqual({ name: 'Hörde' })
  expect(line!.loadGeometry()).toMatchObject([
    [
      { x: 0, y: 0 },
      { x: 10, y: 20 },
    ],
    [
      { x: 4096, y: 4096 },
      { x: 0, y: 0 },
    ],
  ])
  // rings that turn the right way are one polygon with a hole, not two polygons
  expect(polygon!.toGeoJSON(0, 0, 0).geometry).toMatchObject({
    type: 'Polygon',
    coordinates: [{ length: 5 }, { length: 5 }],
  })
})

describe('a tile of a drawn city', () => {
  // the tile 12/2132/1361 holds 51.5,7.4
  const tile = { z: 12, x: 2132, y: 1361 }

  test('stops by importance, lines with their mode, and what the ground is', () => {
    const builder = new GroundBuilder()
    builder.add(groundKind('water', 'water')!, 'See')
    builder.addPart([515000000, 74000000, 515000000, 74100000, 515100000, 74100000, 515100000, 74000000])
    builder.addPart([515030000, 74030000, 515030000, 74060000, 515060000, 74060000], true)
    const layers = decode(makeTile({ timetable: city.tt, ground: builder.finish() }, tile)).layers
    expect(Object.keys(layers).sort()).toEqual(['transit_lines', 'transit_stops', 'water'])
    const water = layers.water!.feature(0)
    expect(water.properties).toEqual({ water: 'water', name: 'See' })
    expect(water.toGeoJSON(tile.x, tile.y, tile.z).geometry).toMatchObject({ type: 'Polygon' })
    const lines = Array.from(
      { length: layers.transit_lines!.length },
      (_, i) => layers.transit_lines!.feature(i).properties,
    )
    expect(lines.map(p => `${p.name} ${p.mode}`).sort()).toEqual(['B3 BUS', 'S1 REGIONAL_RAIL', 'U2 SUBWAY'])
  })

  test('streets: pieces of one name are one line, small ones come further in, floors are told', () => {
    const { graph, tt } = streets(`
      at a 0,0  at b 100,0  at c 200,0  at d 100,100  at e 100,200
      a-b  highway=residential name=Ostwall
      b-c  highway=residential name=Ostwall
      b-d  highway=footway level=-1
      d-e  highway=primary name=Wall`)
    const at14 = { z: 14, x: 8531, y: 5448 }
    const read = (t: typeof tile) => {
      const road = decode(makeTile({ timetable: tt, streets: graph }, t)).layers.road!
      return Array.from({ length: road.length }, (_, i) => road.feature(i))
    }
    const roads = read(at14)
    expect(roads.map(r => r.properties).sort((a, b) => `${a.highway}`.localeCompare(`${b.highway}`))).toEqual([
      { highway: 'footway', level: -1 },
      { highway: 'primary', name: 'Wall' },
      { highway: 'residential', name: 'Ostwall' },
    ])
    const ostwall = roads.find(r => r.properties.name === 'Ostwall')!.loadGeometry()
    expect(ostwall.map(line => line.length)).toEqual([3])
    expect(read({ z: 11, x: 1066, y: 681 }).map(r => r.properties)).toEqual([{ highway: 'primary' }])
  })

  test('the style draws no way that is under the ground from end to end', () => {
    const { layers } = tileStyle('light', 'tiles', '') as { layers: { id: string; filter?: unknown }[] }
    const { filter } = featureFilter(layers.find(({ id }) => id === 'paths')!.filter as never, 'paths.filter')
    const shown = (properties: Record<string, unknown>) => filter({ zoom: 15 }, { type: 2, properties } as never)
    expect(
      [
        { highway: 'footway' },
        { highway: 'footway', level: 1 },
        { highway: 'steps', from_level: -1, to_level: 0 },
        { highway: 'steps', from_level: 0, to_level: -1 },
        { highway: 'footway', level: -1 },
        { highway: 'platform', level: -2 },
        { highway: 'steps', from_level: -1, to_level: -2 },
        { highway: 'residential' },
      ].map(shown),
    ).toEqual([true, true, true, true, false, false, false, false])
  })

  test('a corner of the map where nothing is has no layers', () => {
    expect(decode(makeTile({ timetable: city.tt }, { z: 12, x: 0, y: 0 })).layers).toEqual({})
  })
})

describe('over HTTP', () => {
  const app = () => appFor(testService(city, at('9:00')))

  test('gzipped when wanted, and 304 for who has it', async () => {
    const url = '/tiles/12/2132/1361.mvt'
    const [plain, packed] = [
      await app().inject(url),
      await app().inject({ url, headers: { 'accept-encoding': 'gzip' } }),
    ]
    expect(plain.headers['content-type']).toBe('application/vnd.mapbox-vector-tile')
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(decode(plain.rawPayload).layers.transit_stops!.length).toBeGreaterThan(0)
    const again = await app().inject({ url, headers: { 'if-none-match': plain.headers.etag as string } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('what two ask for at once is kept once: it does not crowd out others', async () => {
    const asked: Question[] = []
    const service = {
      ...testService(city, at('9:00')),
      async ask(question: Question) {
        asked.push(question)
        return new Uint8Array(25 << 20) // two of them fit into what is kept, three do not
      },
    }
    const app = appFor(service)
    const [one, other] = ['/tiles/12/2132/1361.mvt', '/tiles/12/2132/1362.mvt']
    await Promise.all([app.inject(one), app.inject(one)])
    await app.inject(other)
    const before = asked.length
    for (const url of [one, other]) await app.inject(url)
    expect(asked.length).toBe(before)
  })

  test.each([
    ['/tiles/21/0/0.mvt', 'BAD_REQUEST at z: 21 is not within 0 … 20'],
    ['/tiles/3/8/0.mvt', 'BAD_REQUEST at x: 8 is not within 0 … 7'],
    ['/tiles/3/0/-1.mvt', "BAD_REQUEST at y: '-1' is no number of a tile"],
    ['/tiles/3/1.5/0.mvt', "BAD_REQUEST at x: '1.5' is no number of a tile"],
    ['/tiles/3/0/0', 'BAD_REQUEST at y: a tile is asked for as /tiles/{z}/{x}/{y}.mvt'],
    ['/tiles/style.json?theme=pink', "BAD_REQUEST at theme: 'pink' is none of light, dark"],
  ])('%s is refused', async (url, text) => expect(await refused(app(), url)).toEqual([400, text]))

  test('the style and TileJSON name the tiles and whose data it is', async () => {
    const style = await get<{ sources: Record<string, { tiles: string[]; attribution: string }>; layers: object[] }>(
      app(),
      '/tiles/style.json?theme=dark',
    )
    const source = style.sources.freifahrt!
    expect(source.tiles).toEqual(['http://localhost:80/tiles/{z}/{x}/{y}.mvt'])
    expect(source.attribution).toBe('<a href="https://example.org/licence">Test data</a>')
    expect(await get(app(), '/tiles/tiles.json')).toMatchObject({ tilejson: '3.0.0', maxzoom: 20 })
  })
})

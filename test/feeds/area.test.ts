import { describe, expect, test } from 'vitest'
import { isCarFree } from '#engine/street/car-free.ts'
import { type Area, areaContains, parseArea } from '#feeds/area.ts'
import { layStreets } from '#feeds/layers.ts'
import { streets } from '../helpers/streets.ts'

const at = (lat: number, lon: number): [number, number] => [lat * 1e7, lon * 1e7]

test('a box of four degrees contains its border', () => {
  const box = parseArea('7.3, 51.4, 7.7, 51.6')
  expect([at(51.5, 7.5), at(51.4, 7.3), at(51.39, 7.5), at(51.5, 7.71)].map(p => areaContains(box, ...p))).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('a GeoJSON polygon with a hole', () => {
  const square = (a: number, b: number): number[][] => [[a, a], [b, a], [b, b], [a, b], [a, a]] // biome-ignore format: one line
  const area = parseArea(
    JSON.stringify({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [square(0, 10), square(4, 6)] } }),
  )
  expect([at(1, 1), at(5, 5), at(7, 5), at(11, 5)].map(p => areaContains(area, ...p))).toEqual([
    true,
    false,
    true,
    false,
  ])
})

//   0 ──── 10         two squares, one with a hole from 4 to 6 into which the second reaches, drawn either way round
//        5 ──── 15
describe('polygons that overlap', () => {
  const square = (a: number, b: number, turned: boolean): number[][] => {
    const ring = [[a, a], [b, a], [b, b], [a, b], [a, a]] // biome-ignore format: one line
    return turned ? ring.reverse() : ring
  }
  const turns = Array.from(
    { length: 8 },
    (_, bits) => [1, 2, 4].map(bit => (bits & bit) !== 0) as [boolean, boolean, boolean],
  )
  test.each(turns)('inside is inside any of them: %s, %s, %s', (first, hole, second) => {
    const polygons = [[square(0, 10, first), square(4, 6, hole)], [square(5, 15, second)]]
    const inside = (
      area: Area,
      graph = layStreets(streets('at a 0,0 at b 9,0\na-b highway=residential').graph, { carFree: area }).graph,
    ) =>
      [1, 4.5, 5.5, 7, 12, 16].map(x => {
        const contained = areaContains(area, ...at(x, x))
        expect(isCarFree(graph, ...at(x, x)), `at ${x}`).toBe(contained)
        return contained
      })
    const features = polygons.map(coordinates => ({ type: 'Feature', geometry: { type: 'Polygon', coordinates } }))
    const expected = [true, false, true, true, true, false]
    expect(inside(parseArea(JSON.stringify({ type: 'FeatureCollection', features })))).toEqual(expected)
    expect(inside(parseArea(JSON.stringify({ type: 'MultiPolygon', coordinates: polygons })))).toEqual(expected)
  })
})

test.each([
  '7,51,8',
  '7,51,8,x',
  '8,51,7,52',
  '7,51,,52',
  '0,0,181,1',
  '{',
  '{"type":"Point","coordinates":[1,2]}',
  '{"type":"Polygon","coordinates":[[[1,2]]]}',
])('%s is refused', text => {
  expect(() => parseArea(text)).toThrow(/BAD_REQUEST at area/)
})

import { expect, test } from 'vitest'
import { areaContains, parseArea } from '#feeds/area.ts'

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

// Areas within reach: the cut through a field against the field itself, and rings against the times of the nodes.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contains, contour, doubleArea } from '#engine/street/contour.ts'
import { placeNear } from '#engine/street/ends.ts'
import { type Isochrone, isochrones } from '#engine/street/isochrone.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, travelAs } from '#engine/street/search.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { dataFile } from '../helpers/data.ts'
import { random } from '../helpers/random.ts'
import { type DrawnStreets, drawStreets, stopsOnly, streets } from '../helpers/streets.ts'

describe('contour', () => {
  const field = (columns: number, rows: number, of: (x: number, y: number) => number) => ({
    columns,
    rows,
    field: Float32Array.from({ length: columns * rows }, (_, i) => of(i % columns, Math.floor(i / columns))),
  })

  test('a cone is cut in a circle, a crater has a hole', () => {
    const cone = field(41, 41, (x, y) => Math.hypot(x - 20, y - 20))
    const [[shell, ...holes], ...others] = contour(cone, 10) as [number[][], ...number[][][]]
    expect(others).toEqual([])
    expect(holes).toEqual([])
    expect(doubleArea(shell!) / 2).toBeCloseTo(Math.PI * 100, -1)
    const crater = field(41, 41, (x, y) => Math.abs(Math.hypot(x - 20, y - 20) - 10))
    const rings = contour(crater, 4)
    expect(rings).toHaveLength(1)
    // 14 m outside, 6 m inside
    expect(rings[0]!.map(ring => Math.round(doubleArea(ring) / 2 / Math.PI))).toEqual([
      expect.toSatisfy((n: number) => Math.abs(n - 196) < 4),
      expect.toSatisfy((n: number) => Math.abs(n + 36) < 4),
    ])
  })

  test('a corner lies in a polygon exactly when it is below the level', () => {
    const cell = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Number.POSITIVE_INFINITY))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(cell, { minLength: 1, maxLength: 80 }), (columns, cells) => {
        const rows = Math.ceil(cells.length / columns)
        const grid = field(columns, rows, (x, y) => cells[y * columns + x] ?? Number.POSITIVE_INFINITY)
        const polygons = contour(grid, 10)
        for (let i = 0; i < columns * rows; i++) {
          const [x, y] = [i % columns, Math.floor(i / columns)]
          const inside = polygons.some(
            ([shell, ...holes]) => contains(shell!, x, y) && !holes.some(h => contains(h, x, y)),
          )
          expect(inside, `${x},${y}`).toBe(grid.field[i]! <= 10)
        }
        for (const [shell, ...holes] of polygons) {
          expect(doubleArea(shell!)).toBeGreaterThan(0)
          for (const hole of holes) expect(doubleArea(hole)).toBeLessThan(0)
        }
      }),
    )
  })
})

const covers = ({ polygons }: Isochrone, lat: number, lon: number): boolean =>
  polygons.some(
    ([shell, ...holes]) =>
      contains(shell!, lon / 1e7, lat / 1e7) && !holes.some(h => contains(h, lon / 1e7, lat / 1e7)),
  )

/** The grid has cells of 25 m: the middle of the place's cell is near. */
function coversCell(ring: Isochrone, lat: number, lon: number): boolean {
  const near = [-0.5, 0, 0.5].map(cells => (cells * 25 * 1e7) / 111_195)
  return near.some(north => near.some(east => covers(ring, lat + north, lon + east * 1.6)))
}

function around(
  s: Pick<DrawnStreets, 'search'>,
  at: { lat: number; lon: number },
  rings: number[],
  reverse = false,
): Isochrone[] {
  const profile = withChanges(Profile.foot, { speed: 1 })
  travelAs(s.search, profile)
  const place = placeNear(s.search, at, 200)!
  return isochrones(s.search, [{ place, ms: 0 }], { profile, rings, reverse })
}

test('along a street, and a little beside it', () => {
  const s = streets('at a 0,0 at b 1000,0\n a-b highway=footway')
  const [far, near] = around(s, s.at('a'), [300, 600])
  expect([far!.seconds, near!.seconds]).toEqual([600, 300])
  const at = (ring: Isochrone, east: number, north: number): boolean =>
    covers(ring, s.at([east, north]).lat, s.at([east, north]).lon)
  expect([at(near!, 250, 0), at(near!, 250, 30), at(near!, 340, 0), at(near!, 150, 100)]).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect([at(far!, 550, 0), at(far!, 640, 0)]).toEqual([true, false])
})

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'random city %i: nodes reached in time are in the ring, later ones far off are not',
  seed => {
    const r = random(seed)
    const s = streets(drawStreets(r))
    const node = r.below(s.graph.counts.nodes)
    const from = { lat: s.graph.nodeLat[node]!, lon: s.graph.nodeLon[node]! }
    const rings = around(s, from, [120, 240, 400], r.chance(0.5))
    const { graph, times, nodeMs } = s.search
    for (const ring of rings)
      for (let node = 0; node < graph.counts.nodes; node++)
        if (nodeMs[node]! < 1e9 && times[node]! <= ring.seconds * 1000 - 30_000)
          expect(coversCell(ring, graph.nodeLat[node]!, graph.nodeLon[node]!), `${ring.seconds} ${node}`).toBe(true)
    for (const [i, ring] of rings.entries()) expect(size(ring)).toBeGreaterThanOrEqual(size(rings[i + 1]))
  },
)

test('with a battery that does not last, nothing is drawn that it does not lead to', () => {
  //   s0     s1            s12           s24
  //   n0 ─── n1 ─── … ─── n12 ─── … ─── n24      400 m each, 8 Wh/km: 13 Wh lead to four nodes in each direction
  const nodes = Array.from({ length: 25 }, (_, i) => i)
  const s = streets(`
    ${nodes.map(i => `at n${i} ${i * 400},0 at s${i} ${i * 400},50`).join('\n')}
    ${nodes.map(i => `n${i}`).join('-')} highway=residential
    ${nodes.map(i => `n${i}-s${i} highway=residential`).join('\n')}`)
  const battery = { chargeWh: 13, reserveWh: 0, charging: true }
  const profile = withChanges(Profile.eBike, { speed: 5, weights: { safety: 0, flat: 0, lit: 0 }, battery })
  travelAs(s.search, profile)
  const place = placeNear(s.search, s.at('n12'), 20)!
  const [ring] = isochrones(s.search, [{ place, ms: 0 }], { profile, rings: [1200], reverse: false })
  const drawn = nodes.filter(i => coversCell(ring!, s.at(`n${i}`).lat, s.at(`n${i}`).lon))
  expect(s.search.endurance!.single).toBe(false)
  expect(drawn).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16])
  // 1,625 m to each side, and 60 m beside it
  const reaches = (east: number): boolean => coversCell(ring!, s.at([east, 0]).lat, s.at([east, 0]).lon)
  expect([16 * 400 + 60, 16 * 400 + 150, 8 * 400 - 60, 8 * 400 - 150].map(reaches)).toEqual([true, false, true, false])
})

const size = (ring: Isochrone | undefined): number =>
  ring ? ring.polygons.flat().reduce((sum, r) => sum + doubleArea(r), 0) : 0

test.skipIf(!dataFile('heidelberg/heidelberg.osm.pbf'))(
  'Heidelberg: a quarter of an hour around Bismarckplatz',
  async () => {
    const { graph } = await loadOsm(dataFile('heidelberg/heidelberg.osm.pbf')!)
    const search = createStreetSearch(graph, buildStopLinks(graph, stopsOnly([])))
    const [ring] = around({ search }, { lat: 494_101_000, lon: 86_930_000 }, [900])
    // 900 m at 1 m/s: at most a circle of that and the way off the streets; at least a good part of it
    const km2 = (size(ring) / 2) * 111.195 ** 2 * Math.cos((49.41 * Math.PI) / 180)
    expect(km2).toBeLessThan(Math.PI * 0.96 ** 2)
    expect(km2).toBeGreaterThan(0.35 * Math.PI * 0.9 ** 2)
    expect(covers(ring!, 494_101_000, 86_930_000)).toBe(true)
  },
)

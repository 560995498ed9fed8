// What is laid over the streets: accidents, zones without cars, heights.

import { describe, expect, test } from 'vitest'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { costsOf, judgeWay } from '#engine/street/costs.ts'
import {
  accidentsOf,
  formOf,
  kindNames,
  Mode,
  mayUse,
  type StreetGraph,
  slopeOf,
  traitsOf,
  withAccidents,
} from '#engine/street/graph.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { streetRoute } from '#engine/street/route.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { edgePoints } from '#engine/street/stretch.ts'
import { readAccidents } from '#feeds/accidents.ts'
import { areaContains, parseArea } from '#feeds/area.ts'
import { heightsFrom, readTile } from '#feeds/elevation.ts'
import { layStreets } from '#feeds/layers.ts'
import { readStreet } from '#feeds/osm/tags.ts'
import { tileOf } from '../helpers/heights.ts'
import { random } from '../helpers/random.ts'
import { drawStreets, streets } from '../helpers/streets.ts'

const degrees = (e7: number): string => (e7 / 1e7).toFixed(7).replace('.', ',')
const csv = (...rows: [category: number, bike: number, foot: number, p: { lat: number; lon: number }][]): string =>
  [
    '\uFEFFOID;UKATEGORIE;IstRad;IstPKW;IstFuss;XGCSWGS84;YGCSWGS84',
    ...rows.map(([c, b, f, p], i) => `${i};${c};${b};0;${f};${degrees(p.lon)};${degrees(p.lat)}`),
  ].join('\r\n')

describe('accidents', () => {
  test('rows as the Unfallatlas writes them; what is of no use is counted', () => {
    const text = `${csv([1, 1, 0, { lat: 515000000, lon: 74600000 }], [2, 0, 1, { lat: 515100000, lon: 74700000 }], [3, 0, 0, { lat: 515000000, lon: 74600000 }])}
9;9;1;0;0;7,46;51,5
10;3;1;0;0;;
`
    const { accidents, report } = readAccidents(text, 'unfaelle.csv')
    expect(accidents).toEqual([
      { lat: 515000000, lon: 74600000, weight: 4 },
      { lat: 515100000, lon: 74700000, weight: 2 },
    ])
    expect(report).toEqual({ rows: 5, dropped: { badPlace: 1, badCategory: 1, onlyVehicles: 1 } })
    expect(() => readAccidents('a;b\n1;2', 'x.csv')).toThrow(/FEED_MISSING_COLUMN at x.csv: no column UKATEGORIE/)
  })

  test('a street with accidents is gone round, and the answer says so; the detour is bounded', () => {
    const s = streets(`
      at a 0,0 at b 300,0 at c 300,60 at d 0,60
      a-b highway=residential
      a-d-c-b highway=residential`)
    const { accidents } = readAccidents(
      csv([1, 1, 0, s.at([150, 5])], [2, 1, 0, s.at([150, 3])], [3, 1, 0, s.at([2000, 0])]),
      'x',
    )
    const { graph, report } = layStreets(s.graph, { accidents })
    expect(report).toMatchObject({ dangerous: 1, accidentsNowhere: 1 })
    // 6 on 300 m: 2 for each 100 m
    expect([...Array(graph.counts.edges).keys()].map(e => accidentsOf(formOf(graph, e as EdgeIdx))).sort()).toEqual([
      0, 2,
    ])
    const search = createStreetSearch(graph, s.links)
    const ride = (safety: number, maxDetour: number) =>
      streetRoute(search, s.at('a'), s.at('b'), {
        profile: withChanges(Profile.bike, { weights: { safety, maxDetour } }),
        maxSeconds: 3600,
        maxMatchingDistance: 10,
      })
    const safe = ride(1, 1)
    expect(Math.round(safe.path!.metres)).toBe(420)
    expect(safe.avoided.map(spot => [spot.osmWay, spot.accidents])).toEqual([[1, 2]])
    expect(safe.passed).toEqual([])
    // 420 m are 40 % more
    const bounded = ride(1, 0.3)
    expect(Math.round(bounded.path!.metres)).toBe(300)
    expect([bounded.avoided, bounded.passed.length]).toEqual([[], 1])
  })
})

describe('accidents on every kind of street', () => {
  const roads = ['primary', 'secondary', 'tertiary', 'unclassified', 'residential', 'living_street', 'cycleway', 'path']
  const ways = (kind: string, profile: Profile) => {
    const s = streets(`
      at a 0,0 at b 300,0 at c 300,20 at d 0,20
      a-b highway=${kind}
      a-d-c-b highway=${kind}`)
    const accidents = Array.from({ length: 10 }, () => ({ ...s.at([150, 2]), weight: 4 }))
    const { graph } = layStreets(s.graph, { accidents })
    const search = createStreetSearch(graph, s.links)
    return streetRoute(search, s.at('a'), s.at('b'), { profile, maxSeconds: 3600, maxMatchingDistance: 10 })
  }
  test.each(roads)('%s: a bicycle goes round them by an equal way of 340 m instead of 300 m', kind => {
    for (const safety of [Profile.bike.weights.safety, 1]) {
      const { path, passed, avoided } = ways(kind, withChanges(Profile.bike, { weights: { safety } }))
      expect([Math.round(path!.metres), passed.length, avoided.length]).toEqual([340, 0, 1])
    }
    expect(Math.round(ways(kind, withChanges(Profile.bike, { weights: { safety: 0 } })).path!.metres)).toBe(300)
  })
  test.each(roads)('%s: on foot only who asks for safety', kind => {
    expect(Math.round(ways(kind, Profile.foot).path!.metres)).toBe(300)
    const { path, avoided } = ways(kind, withChanges(Profile.foot, { weights: { safety: 1 } }))
    expect([Math.round(path!.metres), avoided.length]).toEqual([340, 1])
  })
  test('each level makes any way dearer, none by more than the detour', () => {
    let looked = 0
    const ways = ['', 'cycleway=lane', 'bicycle_road=yes', 'incline=31%', 'lit=no', 'maxspeed=30', 'sidewalk=both']
    for (const kind of [...kindNames, 'cycleway'])
      for (const way of ways) {
        const tags = `highway=${kind} bicycle=yes foot=yes ${way}`.trim().split(' ')
        const street = readStreet(new Map(tags.map(tag => tag.split('=') as [string, string])))
        if (!street) continue
        for (const preset of [Profile.bike, Profile.eBike, Profile.foot])
          for (const safety of [0.1, 0.8, 1])
            for (const maxDetour of [0.05, 1, 3]) {
              const profile = withChanges(preset, {
                weights: { safety, flat: 1, lit: 1, maxDetour },
                limits: { stairs: true },
              })
              const sorts = {
                traits: Array(8).fill(street.traits),
                form: Array.from({ length: 8 }, (_, level) => withAccidents(street.form, level)),
              }
              const g = {
                counts: { sorts: 8 },
                sortTraits: sorts.traits,
                sortForm: sorts.form,
              } as unknown as StreetGraph
              const { time, pace } = costsOf(g, profile)
              for (let level = 0; level < 8; level++) {
                if (time[2 * level] === Number.POSITIVE_INFINITY) continue
                looked++
                expect(pace[2 * level]).toBeLessThanOrEqual(time[2 * level]! * (1 + maxDetour))
                if (level > 0) expect(pace[2 * level]).toBeGreaterThan(pace[2 * level - 2]!)
              }
            }
      }
    expect(looked).toBeGreaterThan(5000)
  })
})

describe('places of accidents', () => {
  //   a ──(2)── b ──(1)── c ──── d ──(1)── e        one way of four edges of 110 m; f and g lie beside it
  const s = streets(`
    at a 0,0 at b 110,0 at c 220,0 at d 330,0 at e 440,0 at f 110,105 at g 330,105
    a-b-c-d-e highway=residential
    b-f highway=residential
    c-g highway=residential
    d-g highway=residential`)
  const at = (east: number, weight = 1) => ({ ...s.at([east, 2]), weight })
  const lay = (...accidents: ReturnType<typeof at>[]) =>
    createStreetSearch(layStreets(s.graph, { accidents }).graph, s.links)
  const route = (search: ReturnType<typeof lay>, from: string, to: string, safety: number) =>
    streetRoute(search, s.at(from), s.at(to), {
      profile: withChanges(Profile.bike, { weights: { safety, maxDetour: 1 } }),
      maxSeconds: 3600,
      maxMatchingDistance: 10,
    })
  const places = (spots: ReturnType<typeof route>['passed']) =>
    spots.map(({ osmWay, accidents, lon }) => [
      osmWay,
      accidents,
      Math.round(((lon * 1e7 - s.at('a').lon) / (s.at('b').lon - s.at('a').lon)) * 100),
    ])

  test('along one street: side by side they are one, in the middle of the worst; with a gap between them two', () => {
    expect(places(route(lay(at(55, 2), at(165), at(385)), 'a', 'e', 0).passed)).toEqual([
      [1, 2, 50],
      [1, 1, 350],
    ])
  })
  test('at a junction it counts on every street that meets there', () => {
    const atB = lay(at(114))
    expect(places(route(atB, 'a', 'f', 0).passed)).toEqual([
      [1, 1, 50],
      [2, 1, 100],
    ])
    expect(places(route(lay(at(135)), 'a', 'f', 0).passed)).toEqual([])
  })
  test('gone round are those of the quickest way that this one does not pass, on the same street as well', () => {
    //   a ──✕── b ──✕── c        b ══ d ══ c is a cycleway
    const ring = streets(`
      at a 0,0 at b 100,0 at c 200,0 at d 100,20
      a-b-c highway=residential
      b-d-c highway=cycleway`)
    const { graph } = layStreets(ring.graph, {
      accidents: [50, 150].map(east => ({ ...ring.at([east, 1]), weight: 3 })),
    })
    const way = streetRoute(createStreetSearch(graph, ring.links), ring.at('a'), ring.at('c'), {
      profile: withChanges(Profile.bike, { weights: { safety: 1, maxDetour: 1 } }),
      maxSeconds: 3600,
      maxMatchingDistance: 10,
    })
    expect([way.passed.length, way.avoided.length]).toEqual([1, 1])
    expect(way.avoided[0]!.osmWay).toBe(way.passed[0]!.osmWay)
  })
})

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'random city %i: no car edge inside a zone without cars, all others as before',
  seed => {
    const r = random(seed)
    const s = streets(drawStreets(r))
    const [east, north] = [r.between(-50, 200), r.between(-50, 200)]
    const [low, high] = [s.at([east, north]), s.at([east + r.between(50, 250), north + r.between(50, 250)])]
    const zone = parseArea([low.lon, low.lat, high.lon, high.lat].map(v => v / 1e7).join(','))
    const { graph, report } = layStreets(s.graph, { carFree: zone })
    let closed = 0
    for (let e = 0 as EdgeIdx; e < graph.counts.edges; e++) {
      const points = edgePoints(graph, e)
      const inside = points.some((lat, i) => i % 2 === 0 && areaContains(zone, lat, points[i + 1]!))
      if (inside) expect(mayUse(traitsOf(graph, e), Mode.car)).toBe(false)
      const [before, after] = [traitsOf(s.graph, e), traitsOf(graph, e)]
      if (before !== after) closed++
      expect(after | (0x11 << Mode.car)).toBe((before | (0x11 << Mode.car)) >>> 0)
      expect(edgePoints(graph, e)).toEqual(edgePoints(s.graph, e))
    }
    expect(closed).toBe(report.carFree)
  },
)

describe('heights', () => {
  // a plane: 100 m at the north-west corner, 10 m up for each row to the south, 1 m for each column to the east
  const plane = readTile(
    tileOf(1201, (row, column) => 100 + 10 * row + column),
    'plane',
  )

  test('slopes where nobody has mapped one, both ways', () => {
    const s = streets('at a 0,0 at b 500,0 at c 500,500\n a-b highway=footway\n b-c highway=footway incline=3%')
    const { graph, report } = layStreets(s.graph, { heightAt: heightsFrom(() => plane) })
    expect(report.sloped).toBe(1)
    const slopes = [...Array(2).keys()].map(e => [
      slopeOf(formOf(graph, e as EdgeIdx), 0),
      slopeOf(formOf(graph, e as EdgeIdx), 1),
    ])
    // a column is 1/1200 of a degree, here 57.7 m: 1 m up on that are 1.7 %
    expect(slopes.sort()).toEqual([[2, -2], [3, -3]]) // biome-ignore format: one line
  })

  test('a limit is answered only as far as heights tell: by the length of the way, never off the ground or on stairs', () => {
    // 5.8 m up on 333 m to the east, 1.7 %
    const names = ['long', 'middling', 'short', 'tiny', 'bridge', 'tunnel', 'layered', 'stairs', 'mapped']
    const tags = ['', '', '', '', ' bridge=yes', ' tunnel=culvert', ' layer=-1', '', ' bridge=yes incline=9%']
    const metres = [300, 150, 60, 20, 300, 300, 300, 300, 300]
    const s = streets(
      names
        .map((_, i) => {
          const kind = names[i] === 'stairs' ? 'steps' : 'footway'
          return `at a${i} 0,${i * 200} at b${i} ${metres[i]},${i * 200}\na${i}-b${i} highway=${kind}${tags[i]}`
        })
        .join('\n'),
    )
    const { graph } = layStreets(s.graph, { heightAt: heightsFrom(() => plane) })
    const said = (maxSlope: number): Record<string, string> => {
      const profile = withChanges(Profile.foot, { limits: { maxSlope } })
      return Object.fromEntries(
        names.map((name, i) => {
          const edge = [...Array(graph.counts.edges).keys()].find(e => graph.edgeWay[e] === i + 1) as EdgeIdx
          const verdict = judgeWay(profile, traitsOf(graph, edge), formOf(graph, edge)).find(
            ([limit]) => limit === 'slope',
          )
          return [name, verdict?.[1] ?? 'yes']
        }),
      )
    }
    const rest = { tiny: 'unknown', bridge: 'unknown', tunnel: 'unknown', layered: 'unknown', stairs: 'unknown' }
    expect(said(3)).toEqual({ long: 'unknown', middling: 'unknown', short: 'unknown', ...rest, mapped: 'no' })
    expect(said(4)).toEqual({ long: 'yes', middling: 'unknown', short: 'unknown', ...rest, mapped: 'no' })
    expect(said(8)).toEqual({ long: 'yes', middling: 'yes', short: 'unknown', ...rest, mapped: 'no' })
    expect(said(10)).toEqual({ long: 'yes', middling: 'yes', short: 'unknown', ...rest, mapped: 'yes' })
    // what a climb costs is known all the same
    const { time } = costsOf(graph, Profile.foot)
    expect(new Set([...time].filter(Number.isFinite).map(t => t.toFixed(6))).size).toBeGreaterThan(2)
  })

  test('the noise of real heights closes no flat street to a wheelchair', () => {
    const r = random(11)
    const errors = new Map<string, number>()
    // 100 m everywhere, measured every arc second with an error of ±6 m
    const heightAt = (lat: number, lon: number): number =>
      100 + errors.getOrInsertComputed(`${Math.round(lat / 2778)} ${Math.round(lon / 2778)}`, () => r.between(-6, 6))
    const s = streets(
      Array.from({ length: 400 }, (_, i) => {
        const [x, y, length] = [r.between(0, 9000), r.between(0, 9000), r.between(30, 600)]
        return `at a${i} ${x},${y} at b${i} ${x + length},${y}\na${i}-b${i} highway=footway`
      }).join('\n'),
    )
    const { graph, report } = layStreets(s.graph, { heightAt })
    expect(report.sloped).toBe(graph.counts.edges)
    const count = { yes: 0, unknown: 0, no: 0 }
    for (let e = 0 as EdgeIdx; e < graph.counts.edges; e++) {
      const slopes = judgeWay(
        withChanges(Profile.foot, { limits: { maxSlope: 8 } }),
        traitsOf(graph, e),
        formOf(graph, e),
      )
      count[slopes.find(([limit]) => limit === 'slope')?.[1] ?? 'yes']++
    }
    expect(count.no).toBe(0)
    expect(count.yes).toBeGreaterThan(200)
  })
})

test('what blocks is told by the ids of the map', () => {
  const s = streets(`
    at a 0,0 at b 100,0 at c 200,0
    a-b highway=footway surface=asphalt incline=0% width=2
    b-c highway=footway surface=asphalt incline=12% width=2`)
  const ask = (maxSlope: number) =>
    streetRoute(s.search, s.at('a'), s.at('c'), {
      profile: withChanges(Profile.wheelchair, { limits: { maxSlope } }),
      maxSeconds: 3600,
      maxMatchingDistance: 10,
    })
  const blocked = ask(6)
  expect(blocked.path).toBeUndefined()
  expect(blocked.blocking).toEqual([expect.objectContaining({ limit: 'slope', passable: 'no', osmWay: 2 })])
  expect(ask(15).path!.verdict).toEqual({ passable: 'yes', obstacles: [] })
})

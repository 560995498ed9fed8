import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EdgeIdx } from '#engine/core/ids.ts'
import {
  accessOf,
  crossingOf,
  hasIsland,
  isAreaRim,
  isNoThrough,
  isRoundabout,
  kindNames,
  kindOf,
  limitOf,
  litOf,
  Mode,
  mayUse,
  openStreetGraph,
  packTraits,
  surfaceOf,
  traitsOf,
  wheelchairOf,
} from '#engine/street/graph.ts'
import { openStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch, reachStops } from '#engine/street/search.ts'
import { snap } from '#engine/street/snap.ts'
import { random } from '../helpers/random.ts'
import { drawStreets, streets } from '../helpers/streets.ts'

const ways = (s: ReturnType<typeof streets>): string[] =>
  Array.from({ length: s.graph.counts.edges }, (_, e) => e as EdgeIdx).map(e =>
    `${kindNames[kindOf(traitsOf(s.graph, e))]} ${Math.round(s.graph.edgeMillimetres[e] / 1000)}`).sort() // biome-ignore format: one line

describe('the graph', () => {
  test('traits survive packing', () => {
    const kind = fc.integer({ min: 0, max: kindNames.length - 1 })
    const [two, three] = [fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 7 })]
    fc.assert(
      fc.property(
        fc.record({
          access: fc.integer({ min: 0, max: 255 }),
          kind,
          crossing: two,
          surface: three,
          lit: two,
          wheelchair: two,
          areaRim: fc.boolean(),
          roundabout: fc.boolean(),
          island: fc.boolean(),
          noThrough: fc.boolean(),
          speedLimit: fc.integer({ min: 0, max: 31 }).map(n => n * 5),
        }),
        t => {
          const word = packTraits(t as Parameters<typeof packTraits>[0])
          expect({
            access: accessOf(word),
            kind: kindOf(word),
            crossing: crossingOf(word),
            surface: surfaceOf(word),
            lit: litOf(word),
            wheelchair: wheelchairOf(word),
            areaRim: isAreaRim(word),
            roundabout: isRoundabout(word),
            island: hasIsland(word),
            noThrough: isNoThrough(word),
            speedLimit: limitOf(word) * 5,
          }).toEqual(t)
        },
      ),
    )
  })

  test('cuts ways at junctions and barriers, not at bends', () => {
    const s = streets(`
      at a 0,0  at b 50,0  at c 100,0  at d 150,0  at e 200,0  at x 100,40
      a-b-c-d-e highway=footway
      c-x       highway=path
      node d barrier=bollard`)
    expect(ways(s)).toEqual(['footway 100', 'footway 50', 'footway 50', 'path 40'])
  })

  test('a way that meets itself becomes a loop and a stem', () => {
    const s = streets(`
      at a 0,0  at b 100,0  at c 130,30  at d 130,-30
      a-b-c-d-b highway=residential`)
    expect(ways(s)).toEqual(['residential 100', 'residential 145'])
  })

  test('islands are closed to the mode that cannot reach them, and counted', () => {
    //   a──b footway 200 m;  c──d road, reached from b by stairs only;  e──f far off, 50 m
    const s = streets(
      `
      at a 0,0  at b 200,0  at c 230,0  at d 290,0  at e 0,900  at f 50,900
      a-b highway=footway bicycle=yes
      b-c highway=steps
      c-d highway=residential
      e-f highway=footway`,
      100,
    )
    expect(ways(s)).toEqual(['footway 200', 'residential 60', 'steps 30'])
    // foot: e–f; bike: c–d; wheelchair: c–d and e–f; car: nothing but c–d, which stays as its longest
    expect(s.islands.parts).toEqual([1, 1, 2, 0])
    expect(s.islands.metres.map(Math.round)).toEqual([50, 60, 110, 0])
  })

  test('attaches to the same bytes again and answers alike', () => {
    const s = streets(drawStreets(random(3)))
    const again = createStreetSearch(openStreetGraph(s.graph.buffer), openStopLinks(s.links.buffer))
    const { lat, lon } = s.at([90, 70])
    const options = { profile: Profile.foot, maxSeconds: 900, maxMatchingDistance: 200, reverse: false }
    const ask = (search: typeof again): unknown => structuredClone(reachStops(search, lat, lon, options))
    expect(ask(again)).toEqual(ask(s.search))
    expect(() => openStreetGraph(s.links.buffer)).toThrow(/NETWORK_UNREADABLE/)
  })
})

describe('snap', () => {
  const s = streets(`
    at a 0,0  at b 100,0  at c 200,50  at m 0,30  at n 200,30
    a-b-c highway=footway
    m-n   highway=motorway`)
  const place = (east: number, north: number, metres: number, mode: Mode = Mode.foot) => {
    const { lat, lon } = s.at([east, north])
    return snap(s.graph, lat, lon, metres, edge => mayUse(traitsOf(s.graph, edge), mode))
  }
  test('finds the nearest place on the nearest edge that may be used', () => {
    expect(place(40, 25, 100)).toMatchObject({
      alongMm: expect.closeTo(40_000, -2),
      offsetMm: expect.closeTo(25_000, -2),
    })
    expect(place(40, 25, 100, Mode.car)).toMatchObject({
      alongMm: expect.closeTo(40_000, -2),
      offsetMm: expect.closeTo(5000, -2),
    })
    // beyond the bend: 100 m and half of the second piece (hypot(100, 50) / 2)
    expect(place(140, 45, 100)!.alongMm / 1000).toBeCloseTo(100 + Math.hypot(50, 25), 0)
  })
  test('an end is the nearest place of what lies behind it', () => {
    expect(place(-30, 0, 100)).toMatchObject({ alongMm: 0, offsetMm: expect.closeTo(30_000, -2) })
  })
  test('nothing within the distance, nothing found', () => {
    expect(place(-30, 0, 29)).toBeUndefined()
    expect(place(5000, 0, 250)).toBeUndefined()
  })
})

describe('stop links', () => {
  const drawing = (platform: string): string => `
    at a 0,0  at b 200,0  at c 0,30  at d 200,30  at e 0,-12  at f 200,-12
    a-b   highway=footway
    c-d-b railway=platform ref=3;4
    e-f-b railway=platform ref=1
    stop P 100,3 ${platform}`
  const platformOf = (platform: string): string | undefined => {
    const s = streets(drawing(platform))
    const edge = s.links.linkEdge[0]!
    return kindNames[kindOf(traitsOf(s.graph, edge as never))] + Math.round(s.links.linkOffsetMm[0]! / 1000)
  }
  test('a platform with the same track number is preferred to nearer ways', () => {
    expect(platformOf('4')).toBe('platform27')
    expect(platformOf('1')).toBe('platform15')
  })
  test('any platform is preferred to a street hardly nearer, other ones are not', () => {
    expect(platformOf('9')).toBe('footway3')
    const s = streets(drawing('9').replace('100,3', '100,-5'))
    expect(s.links.linkOffsetMm[0]! / 1000).toBeCloseTo(7, 0)
  })
})

// Who may go where, and how dear it is: limits, wishes, and what they must never do.

import { describe, expect, test } from 'vitest'
import { NONE } from '#engine/core/ids.ts'
import { costsOf, judgeNode, judgeWay, usableSort } from '#engine/street/costs.ts'
import { NODE_BENCH, type StreetGraph } from '#engine/street/graph.ts'
import { streetPath } from '#engine/street/path.ts'
import { type Limits, Profile, withChanges } from '#engine/street/profile.ts'
import { reachStops } from '#engine/street/search.ts'
import { SpotKind, spotAt, spotName, spotsOf, spotTraits } from '#engine/street/spots.ts'
import { readNode } from '#feeds/osm/node-tags.ts'
import { readStreet } from '#feeds/osm/tags.ts'
import { type Random, random } from '../helpers/random.ts'
import { drawStreets, streets } from '../helpers/streets.ts'

const tags = (text: string) => new Map(text.split(' ').map(pair => pair.split('=') as [string, string]))
/** `slope no, width unknown` */
const verdicts = (profile: Profile, text: string): string => {
  const street = readStreet(tags(text))!
  return judgeWay(profile, street.traits, street.form).map(v => v.join(' ')).sort().join(', ') // biome-ignore format: one line
}

const narrower = withChanges(Profile.wheelchair, { limits: { maxSlope: 3, minWidth: 1.2 } })

describe('limits', () => {
  test.each([
    [Profile.foot, 'highway=steps', ''],
    [withChanges(Profile.foot, { limits: { stairs: false } }), 'highway=steps', 'stairs no'],
    [withChanges(Profile.foot, { limits: { stairs: false } }), 'highway=steps ramp:stroller=yes', ''],
    [withChanges(Profile.foot, { limits: { stairs: false } }), 'highway=steps ramp:wheelchair=yes', ''],
    [withChanges(Profile.foot, { limits: { stairs: false } }), 'highway=steps ramp:bicycle=yes', 'stairs no'],
    [
      withChanges(Profile.wheelchair, { limits: { maxSlope: 30 } }),
      'highway=residential surface=asphalt incline=45%',
      'slope no',
    ],
    [Profile.pram, 'highway=steps', 'stairs no, width unknown, smoothness unknown'],
    [Profile.pram, 'highway=steps ramp:stroller=yes width=1', 'smoothness unknown'],
    [Profile.wheelchair, 'highway=footway', 'slope unknown, smoothness unknown, surface unknown, width unknown'],
    [Profile.wheelchair, 'highway=footway wheelchair=yes', ''],
    [Profile.wheelchair, 'highway=footway wheelchair=yes incline=20% width=0.3', ''],
    [Profile.electricWheelchair, 'highway=footway wheelchair=yes', ''],
    // who asks for more than a wheelchair needs is told what is known
    [narrower, 'highway=footway wheelchair=yes incline=5% width=1 surface=gravel', 'slope no, width no'],
    [narrower, 'highway=footway wheelchair=yes', 'slope unknown, width unknown'],
    [Profile.wheelchair, 'highway=residential surface=asphalt incline=-7%', ''],
    [Profile.wheelchair, 'highway=residential surface=asphalt incline=9%', 'slope no'],
    [Profile.wheelchair, 'highway=footway surface=asphalt incline=0% width=0.8', ''],
    [Profile.wheelchair, 'highway=footway surface=asphalt incline=0% width=75_cm'.replace('_', ''), 'width no'],
    [Profile.cargoBike, 'highway=path width=1.1', 'width no'],
    [Profile.cargoBike, 'highway=elevator width=2', 'elevator no'],
  ] as const)('%o on %s: %s', (profile, way, expected) => {
    expect(verdicts(profile, way)).toBe(expected.split(', ').sort().join(', '))
  })

  test.each([
    [Profile.foot, 'kerb=raised', ''],
    [Profile.wheelchair, 'kerb=raised', 'kerb no'],
    [Profile.wheelchair, 'kerb=lowered', ''],
    [Profile.wheelchair, 'barrier=kerb', 'kerb unknown'],
    [Profile.wheelchair, 'barrier=kerb kerb:height=0.05', 'kerb no'],
    [Profile.electricWheelchair, 'barrier=kerb kerb:height=0.05', ''],
    [Profile.cargoBike, 'barrier=cycle_barrier', 'barrier no'],
    [Profile.bike, 'barrier=cycle_barrier', ''],
  ] as const)('%o at %s: %s', (profile, node, expected) => {
    expect(judgeNode(profile, readNode(tags(node))).map(v => v.join(' ')).join(', ')).toBe(expected) // biome-ignore format: one line
  })

  test('what is unknown is passable, or, asked so, not', () => {
    const s = streets(`
      at a 0,0 at b 100,0 at c 100,100 at d 0,100
      a-b highway=footway
      a-d-c-b highway=footway wheelchair=yes`)
    const path = (unknown: 'allow' | 'refuse') =>
      streetPath(s.search, s.at('a'), s.at('b'), {
        profile: withChanges(Profile.wheelchair, { speed: 1, limits: { unknown } }),
        maxSeconds: 3600,
        maxMatchingDistance: 10,
      })
    expect(path('allow')!.seconds).toBeCloseTo(100, -1)
    expect(path('refuse')!.seconds).toBeCloseTo(300, -1)
  })
})

/** Limits each at least as strict as those of `looser`. */
function stricter(r: Random): [looser: Limits, strict: Limits] {
  const pair = (values: readonly number[]): [number, number] => {
    const [a, b] = [r.pick(values), r.pick(values)]
    return [Math.max(a, b), Math.min(a, b)]
  }
  const [slope, kerb, width] = [pair([1, 6, 12, 31]), pair([0, 3, 6, 15]), pair([0.5, 0.9, 2])]
  const stairs = r.chance(0.5)
  return [
    { maxSlope: slope[0], maxKerb: kerb[0], minWidth: width[1], stairs, unknown: 'allow' },
    { maxSlope: slope[1], maxKerb: kerb[1], minWidth: width[0], stairs: stairs && r.chance(0.5), unknown: r.pick(['allow', 'refuse']) },
  ] // biome-ignore format: a pair
}

const closed = (g: StreetGraph, profile: Profile): number[] => {
  const costs = costsOf(g, profile)
  return Array.from({ length: g.counts.sorts }, (_, sort) => sort).filter(sort => !usableSort(costs, sort))
}

test.each(Array.from({ length: 100 }, (_, seed) => seed))(
  'random city %i: relaxing a limit never loses a way',
  seed => {
    const r = random(seed)
    const s = streets(
      drawStreets(r).replaceAll(
        'highway=footway',
        () => `highway=footway ${r.pick(['incline=9%', 'width=0.8', 'wheelchair=yes'])}`,
      ),
    )
    const [loose, strict] = stricter(r)
    const preset = r.pick(Object.values(Profile))
    const profiles = [loose, strict].map(limits => withChanges(preset, { limits })) as [Profile, Profile]
    expect(closed(s.graph, profiles[1])).toEqual(expect.arrayContaining(closed(s.graph, profiles[0])))
    const [from, to] = [s.at([r.between(0, 400), r.between(0, 300)]), s.at([r.between(0, 400), r.between(0, 300)])]
    // the matching distance is the city's size: where the strict start, so can the loose
    const [free, bound] = profiles.map(profile =>
      streetPath(s.search, from, to, { profile, maxSeconds: 7200, maxMatchingDistance: 20 }),
    )
    if (bound) expect(free).toBeDefined()
    const [reachedFree, reachedBound] = profiles.map(profile => {
      const options = { profile, maxSeconds: 7200, maxMatchingDistance: 20, reverse: false }
      const { stops, count } = reachStops(s.search, from.lat, from.lon, options)
      return Array.from(stops.slice(0, count))
    })
    expect(reachedFree).toEqual(expect.arrayContaining(reachedBound!))
  },
)

test.each(Array.from({ length: 100 }, (_, seed) => seed))(
  'random city %i: a wish costs no more than its detour',
  seed => {
    const r = random(seed)
    const s = streets(
      drawStreets(r).replaceAll(
        'highway=residential',
        () => `highway=${r.pick(['residential', 'primary', 'cycleway'])}`,
      ),
    )
    const maxDetour = r.pick([0.1, 0.5, 2])
    const [from, to] = [s.at([r.between(0, 400), r.between(0, 300)]), s.at([r.between(0, 400), r.between(0, 300)])]
    const seconds = (safety: number, detour: number): number | undefined =>
      streetPath(s.search, from, to, {
        profile: withChanges(Profile.bike, { weights: { safety, flat: 1, lit: 1, maxDetour: detour } }),
        maxSeconds: 7200,
        maxMatchingDistance: 100,
      })?.seconds
    const quickest = seconds(0, 0)
    const safe = seconds(1, maxDetour)
    expect(safe === undefined).toBe(quickest === undefined)
    if (quickest !== undefined) {
      expect(safe).toBeGreaterThanOrEqual(quickest)
      expect(safe).toBeLessThanOrEqual(Math.ceil(quickest * (1 + maxDetour)) + 1)
    }
  },
)

test('the separated way is ridden when it is not much longer', () => {
  const s = streets(`
    at a 0,0 at b 1000,0 at c 500,200
    a-b highway=primary
    a-c-b highway=cycleway`)
  const metres = (safety: number, maxDetour: number) =>
    Math.round(
      streetPath(s.search, s.at('a'), s.at('b'), {
        profile: withChanges(Profile.bike, { weights: { safety, maxDetour } }),
        maxSeconds: 3600,
        maxMatchingDistance: 10,
      })!.metres,
    )
  // 2 · hypot(500, 200) = 1077 m
  expect(metres(1, 1)).toBe(1077)
  expect(metres(0, 1)).toBe(1000)
  expect(metres(1, 0.05)).toBe(1000)
})

//        ● bench, 3 m north       the street is cut at the foot of the line; the second bench is the junction itself
//   a ───┴─────── b               the third is too far away from any street
test('benches and charging points beside a way become nodes of it', () => {
  const { graph: g } = streets(`
    at a 0,0 at b 300,0 at c 300,100
    a-b highway=footway
    b-c highway=residential
    spot 100,3 amenity=bench
    spot 299,1 amenity=bench
    spot 100,60 amenity=bench
    spot 310,50 amenity=charging_station bicycle=yes name=Solarbaum
    spot 310,60 amenity=charging_station motorcar=yes
    spot 20,20 amenity=bicycle_parking capacity=12 covered=yes`)
  const lengths = Array.from({ length: g.counts.edges }, (_, e) => Math.round(g.edgeMillimetres[e as never] / 1000))
  expect(lengths.sort((a, b) => a - b)).toEqual([50, 50, 100, 200])
  const nodes = [...spotsOf(g, SpotKind.bench)].map(s => g.spotNode[s]!)
  expect(nodes.filter(n => n !== NONE).map(n => g.nodeTraits[n]! & NODE_BENCH)).toEqual([NODE_BENCH, NODE_BENCH])
  expect(nodes.filter(n => n === NONE)).toHaveLength(1)
  const [charger, ...others] = spotsOf(g, SpotKind.charger)
  expect(others).toEqual([])
  expect([spotName(g, charger!), spotAt(g, g.spotNode[charger!]!, SpotKind.charger)]).toEqual(['Solarbaum', charger])
  const [rack] = spotsOf(g, SpotKind.bikeParking)
  expect([g.spotCapacity[rack!], spotTraits(g.spotTraits[rack!]!).covered, g.spotNode[rack!]]).toEqual([12, 1, NONE])
})

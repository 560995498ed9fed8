// Who may go where, and how dear it is: limits, wishes, and what they must never do.

import { describe, expect, test } from 'vitest'
import { NONE } from '#engine/core/ids.ts'
import { costsOf, judgeNode, judgeWay, usableSort } from '#engine/street/costs.ts'
import { placesAt } from '#engine/street/ends.ts'
import { NODE_BENCH, type StreetGraph } from '#engine/street/graph.ts'
import { isochrones } from '#engine/street/isochrone.ts'
import { waysToMany } from '#engine/street/many.ts'
import { streetPath } from '#engine/street/path.ts'
import { type Limits, Profile, withChanges } from '#engine/street/profile.ts'
import { reachStops } from '#engine/street/search.ts'
import { SpotKind, spotAt, spotName, spotsOf, spotTraits } from '#engine/street/spots.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { readNode } from '#feeds/osm/node-tags.ts'
import { readStreet } from '#feeds/osm/tags.ts'
import { dataFile } from '../helpers/data.ts'
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

//   a ── b ── c     way 1: a–b, 2: b–c, 3: b–d, 4: d–c
//        d
const crossing = (turn: string): string => `
  at a 0,0 at b 100,0 at c 200,0 at d 100,-100 at e 300,0
  a-b highway=residential
  b-c highway=residential
  b-d highway=residential
  d-c highway=residential
  ${turn}`
test.each([
  ['', 'car', 200],
  ['turn 1 b 2 restriction=no_straight_on', 'car', 341],
  ['turn 1 b 3 restriction=only_right_turn', 'car', 341],
  ['turn 1 b 2 restriction=no_straight_on', 'bike', 341],
  ['turn 1 b 2 restriction=no_straight_on except=bicycle', 'bike', 200],
  ['turn 1 b 2 restriction=no_straight_on', 'foot', 200],
  ['turn 2 b 1 restriction=no_straight_on', 'car', 200],
] as const)('%s binds the %s: %i m', (turn, name, expected) => {
  const s = streets(crossing(turn))
  const profile = withChanges(Profile[name], { weights: { safety: 0 } })
  const path = streetPath(s.search, s.at('a'), s.at('c'), { profile, maxSeconds: 3600, maxMatchingDistance: 10 })!
  expect(Math.round(path.metres)).toBe(expected)
})

//   a ── b ── c ── d     way 1: a–b, 2: b–c, 3: c–d, 4: b–e, 5: e–c; from 1 over 2 into 3 is forbidden, from 1 over 4 and 5 it is not
//        └─e──┘
const over = (turn: string): string => `
  at a 0,0 at b 100,0 at c 200,0 at d 300,0 at e 150,-50 at f 100,100
  a-b highway=residential
  b-c highway=residential
  c-d highway=residential
  b-e highway=residential
  e-c highway=residential
  f-b highway=residential
  ${turn}`
test.each([
  ['', 'a', 'd', 'car', 300],
  ['turn 1 2 3 restriction=no_right_turn', 'a', 'd', 'car', 341],
  ['turn 1 2 3 restriction=no_right_turn', 'd', 'a', 'car', 300],
  ['turn 1 2 3 restriction=no_right_turn', 'f', 'd', 'car', 300],
  ['turn 1 2 3 restriction=no_right_turn', 'a', 'c', 'car', 200],
  ['turn 1 2 3 restriction=no_right_turn', 'a', 'd', 'foot', 300],
  ['turn 1 2 3 restriction=no_right_turn except=bicycle', 'a', 'd', 'bike', 300],
  ['turn 1 4+5 3 restriction=no_right_turn', 'a', 'd', 'car', 300],
  ['turn 1 2 5 restriction=only_right_turn', 'a', 'd', 'car', 341],
] as const)('%s, from %s to %s, by %s: %i m', (turn, from, to, name, expected) => {
  const s = streets(over(turn))
  const profile = withChanges(Profile[name], { weights: { safety: 0 } })
  for (const reverse of [false, true]) {
    const [start, end] = [s.at(from), s.at(to)]
    const options = { profile, maxSeconds: 400, maxMatchingDistance: 10, reverse }
    const [way] = waysToMany(s.search, reverse ? end : start, [reverse ? start : end], options)
    expect(way && Math.round(way.metres)).toBe(expected)
  }
})

test('a restriction over ways that do not meet is counted', () => {
  expect(streets(over('turn 1 3 2 restriction=no_u_turn')).brokenRestrictions).toBe(1)
  expect(streets(over('turn 1 2 3 restriction=no_u_turn')).brokenRestrictions).toBe(0)
})

test.skipIf(!dataFile('heidelberg/heidelberg.osm.pbf'))(
  'Heidelberg has a few thousand sorts of ways, and turns',
  async () => {
    const { graph, report } = await loadOsm(dataFile('heidelberg/heidelberg.osm.pbf')!)
    expect(graph.counts.sorts).toBeLessThan(10_000)
    expect(graph.counts.turns).toBeGreaterThan(100)
    expect(report.dropped.brokenRestriction).toBeLessThan(graph.counts.turns)
    expect(report.spots).toBeGreaterThan(1000)
    expect(report.graphBytes / graph.counts.edges).toBeLessThan(110)
  },
)

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

//        b          no left turn at v: on to w, and back. Turning round there takes 20 s, on a road for through traffic 120 s, at the
//        │          end of a street 15 s; who comes to w over z, 15 m more, need not turn round
//   a ── v ══ w ── x
//    └────z───┘
const back = (kind: string, ways: string): string => `
  at a 0,0 at v 100,0 at w 200,0 at x 300,0 at b 100,100 at z 100,-40 at y 110,-300 at q 3000,0
  a-v highway=${kind}
  v-b highway=residential
  v-w highway=${kind}
  ${ways}
  turn 1 v 2 restriction=no_left_turn`
test.each([
  ['at the end of the street', 'residential', '', 'car', 400, 15],
  ['at a junction', 'residential', 'w-x highway=residential', 'car', 400, 20],
  ['at the end of the next street, not on a large road', 'secondary', 'w-x highway=residential', 'car', 600, 39],
  ['on a large road', 'secondary', 'w-q highway=secondary', 'car', 400, 120],
  [
    'not at all, over z',
    'residential',
    'w-x highway=residential\na-z highway=residential\nz-w highway=residential',
    'car',
    415,
    0,
  ],
  ['at a junction, y being far', 'residential', 'a-y highway=residential\ny-w highway=residential', 'car', 400, 20],
  ['at the junction, by bicycle', 'secondary', 'w-x highway=residential', 'bike', 400, 0],
] as const)('turns round %s', (_, kind, ways, name, metres, seconds) => {
  const s = streets(back(kind, ways))
  const profile = withChanges(Profile[name], { weights: { safety: 0 } })
  const way = (profile: Profile) =>
    streetPath(s.search, s.at('a'), s.at('b'), { profile, maxSeconds: 3600, maxMatchingDistance: 10 })!
  const path = way(profile)
  expect(Math.round(path.metres)).toBe(metres)
  const { turningRound: _turning, ...free } = profile as Profile
  const untroubled = way(free)
  // over z it is 15 m more at 30 km/h instead of turning round
  const more = metres === 415 ? 2 : seconds
  expect(path.seconds - untroubled.seconds).toBeCloseTo(more, -0.3)
  for (const reverse of [false, true]) {
    const [start, end] = [s.at('a'), s.at('b')]
    const options = { profile, maxSeconds: 3600, maxMatchingDistance: 10, reverse }
    const [found] = waysToMany(s.search, reverse ? end : start, [reverse ? start : end], options)
    expect([Math.round(found!.metres), found!.seconds]).toEqual([metres, path.seconds])
  }
})

describe('streets that nobody may drive through', () => {
  //   a ───── b ═════ c ───── d        b–c 200 m, for residents; round it over x 500 m
  //            ╲      ╱
  //              ╲x╱
  const world = (tags: string, round = '') =>
    streets(`
      at a 0,0 at b 100,0 at c 300,0 at d 400,0 at x 200,229 at m 200,0
      a-b highway=residential
      b-m-c highway=residential ${tags}
      c-d highway=residential
      ${round}`)
  const bypass = 'b-x-c highway=residential'
  const metres = (s: ReturnType<typeof world>, from: string, to: string, profile: Profile = Profile.car) =>
    Math.round(
      streetPath(s.search, s.at(from), s.at(to), { profile, maxSeconds: 3600, maxMatchingDistance: 10 })!.metres,
    )

  test.each([
    ['motor_vehicle=destination', 700],
    ['access=destination', 700],
    ['access=private motor_vehicle=customers', 700],
    ['motor_vehicle=destination;agricultural', 700],
    ['service=driveway', 700],
    ['service=parking_aisle', 700],
    ['motor_vehicle=destination;permissive', 400],
    ['access=destination motor_vehicle=yes', 400],
    ['foot=destination', 400],
    ['service=alley', 400],
  ])('%s: a car from end to end goes %i m', (tags, expected) => {
    expect(metres(world(tags, bypass), 'a', 'd')).toBe(expected)
  })

  test('whoever begins or ends there drives there, and takes no longer than it takes; others do not care', () => {
    const s = world('motor_vehicle=destination', bypass)
    expect([metres(s, 'a', 'm'), metres(s, 'm', 'd'), metres(s, 'd', 'm')]).toEqual([200, 200, 200])
    expect([Profile.foot, Profile.bike, Profile.moped].map(who => metres(s, 'a', 'd', who))).toEqual([400, 400, 700])
    const plain = world('', bypass)
    const seconds = ({ search, at }: typeof s) =>
      streetPath(search, at('a'), at('m'), { profile: Profile.car, maxSeconds: 3600, maxMatchingDistance: 10 })!.seconds
    expect(seconds(s)).toBe(seconds(plain))
  })

  test('where there is no other way it is driven all the same', () => {
    expect(metres(world('motor_vehicle=destination'), 'a', 'd')).toBe(400)
  })

  describe('count as long as they are towards the longest time', () => {
    const s = streets(`
      at a 0,0 at b 4000,0 at m 4300,0 at c 6000,0
      a-b highway=residential
      b-m highway=residential motor_vehicle=destination
      m-c highway=residential motor_vehicle=destination
      stop C 6000,0`)
    const within = (maxSeconds: number) => ({ profile: Profile.car, maxSeconds, maxMatchingDistance: 10 })

    test.each([
      [720, 900],
      [720, 1200],
      [720, 3600],
      [undefined, 700],
    ])('%s s, if %i are asked for', (seconds, asked) => {
      const options = within(asked)
      expect(streetPath(s.search, s.at('a'), s.at('c'), options)?.seconds).toBe(seconds)
      for (const reverse of [false, true]) {
        const [from, to] = reverse ? [s.at('c'), s.at('a')] : [s.at('a'), s.at('c')]
        const [one, other] = reverse ? [to, from] : [from, to]
        expect(waysToMany(s.search, one, [other], { ...options, reverse })[0]?.seconds).toBe(seconds)
        const { lat, lon } = s.at('a')
        const { count, seconds: reached } = reachStops(s.search, lat, lon, { ...options, reverse })
        expect([...reached.subarray(0, count)]).toEqual(seconds === undefined ? [] : [seconds])
      }
    })

    //  a ═══ 4 km, 480 s ═══ b ── for residents, 2 km, 240 s ── c      what is rented does not go the 7 km by the main road
    //                        ╰─────── 3 km, 180 s ─────────────╯
    test.each([
      [8000, 900, 660],
      [6500, 900, 720],
      [6500, 700, undefined],
      [5900, 900, undefined],
    ])('a rented car for %i m, within %i s: %s', (metres, maxSeconds, seconds) => {
      const s = streets(`
        at a 0,0 at b 4000,0 at c 6000,0 at x 5000,${Math.sqrt(1500 ** 2 - 1000 ** 2)}
        a-b highway=residential
        b-c highway=residential motor_vehicle=destination
        b-x-c highway=primary
        stop C 6000,0`)
      const profile: Profile = { ...Profile.car, range: { weakest: metres, strongest: metres } }
      const options = { profile, maxSeconds, maxMatchingDistance: 10 }
      expect(streetPath(s.search, s.at('a'), s.at('c'), options)?.seconds).toBe(seconds)
      for (const reverse of [false, true]) {
        const [one, other] = reverse ? [s.at('c'), s.at('a')] : [s.at('a'), s.at('c')]
        expect(waysToMany(s.search, one, [other], { ...options, reverse })[0]?.seconds).toBe(seconds)
      }
      const { lat, lon } = s.at('a')
      const { count, seconds: reached } = reachStops(s.search, lat, lon, { ...options, reverse: false })
      expect([...reached.subarray(0, count)]).toEqual(seconds === undefined ? [] : [seconds])
    })

    test('an area ends where the time does', () => {
      const travel = { profile: Profile.car, rings: [600], reverse: false }
      const places = [s.at('a')].flatMap(at => placesAt(s.search, at, 10, false))
      const [area] = isochrones(s.search, places.map(place => ({ place, ms: 0 })), travel) // biome-ignore format: one line
      const east = Math.max(...area!.polygons.flat(2).filter((_, i) => i % 2 === 0))
      // 5 km, and a little beside
      expect((east * 1e7 - s.at('a').lon) / (s.at('c').lon - s.at('a').lon)).toBeCloseTo(5 / 6, 1)
    })
  })

  test('one by one and to many as long, whatever is asked for', () => {
    const r = random(11)
    let found = 0
    for (let town = 0; town < 20; town++) {
      const s = streets(grid(r))
      const full = within3600(s)
      for (const maxSeconds of [30, 60, 90, 120, 240]) {
        const options = { profile: Profile.car, maxSeconds, maxMatchingDistance: 10 }
        const ways = waysToMany(s.search, s.at('n0'), nodes.map(n => s.at(n)), { ...options, reverse: false }) // biome-ignore format: one line
        for (const [n, name] of nodes.entries()) {
          const path = streetPath(s.search, s.at('n0'), s.at(name), options)
          expect(path?.seconds).toBe(ways[n]?.seconds)
          if (path) expect(path.seconds).toBeLessThanOrEqual(maxSeconds)
          // what is found without a limit is found within its time
          if (full[n]! <= maxSeconds) expect(path?.seconds).toBe(full[n])
          if (path) found++
        }
      }
    }
    expect(found).toBeGreaterThan(500)
  })

  const nodes = Array.from({ length: 25 }, (_, n) => `n${n}`)
  /** Five by five, some of the streets for residents only. */
  const grid = (r: Random): string => {
    const at = nodes.map((n, i) => `at ${n} ${(i % 5) * 150 + r.below(60)},${Math.floor(i / 5) * 150 + r.below(60)}`)
    const street = (a: number, b: number) =>
      r.chance(0.85) ? [`n${a}-n${b} highway=residential${r.chance(0.4) ? ' motor_vehicle=destination' : ''}`] : []
    const lines = nodes.flatMap((_, i) => [...(i % 5 < 4 ? street(i, i + 1) : []), ...(i < 20 ? street(i, i + 5) : [])])
    return [...at, 'n0-n1 highway=residential', ...lines].join('\n')
  }
  const within3600 = ({ search, at }: ReturnType<typeof streets>): number[] =>
    nodes.map(
      n =>
        streetPath(search, at('n0'), at(n), { profile: Profile.car, maxSeconds: 3600, maxMatchingDistance: 10 })
          ?.seconds ?? Number.POSITIVE_INFINITY,
    )
})

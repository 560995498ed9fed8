// Streets for who begins or ends there: driven through only where there is no other way.

import { describe, expect, test } from 'vitest'
import { placesAt } from '#engine/street/ends.ts'
import { isochrones } from '#engine/street/isochrone.ts'
import { waysToMany } from '#engine/street/many.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile } from '#engine/street/profile.ts'
import { reachStops } from '#engine/street/search.ts'
import { type Random, random } from '../helpers/random.ts'
import { streets } from '../helpers/streets.ts'

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

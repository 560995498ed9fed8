// Whoever would rather go one way than another reaches what he reaches if it is all the same to him, and goes as he would rather where that is in time.

import { describe, expect, test } from 'vitest'
import { bikeCourse, parkingPlaces } from '#engine/access/parking.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { hurried } from '#engine/street/hurry.ts'
import { waysToMany } from '#engine/street/many.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { reachStops } from '#engine/street/search.ts'
import { reached } from '../helpers/courses.ts'
import { type Random, random } from '../helpers/random.ts'
import { type DrawnStreets, metresToPoint, type Point, streets } from '../helpers/streets.ts'

//   a ═══ 1,150 m of cycleway, 240 s ═══ v ── 300 m, 63 s ── z
//   ╰──── 1,000 m of main road, 209 s ───╯
describe('a cheaper, later way hides none that is in time', () => {
  const s = streets(`
    at a 0,0 at v 1000,0 at m 500,284 at z 1300,0
    a-v highway=primary
    a-m-v highway=cycleway
    v-z highway=residential
    stop Z 1300,0`)
  test.each([
    [310, 303],
    [290, 271],
    [265, undefined],
  ])('in %i s: %s', (maxSeconds, seconds) => {
    const options = { profile: Profile.bike, maxSeconds, maxMatchingDistance: 5 }
    const [a, z] = [s.at('a'), s.at('z')]
    expect(streetPath(s.search, a, z, options)?.seconds).toBe(seconds)
    for (const reverse of [false, true]) {
      const [one, other] = reverse ? [z, a] : [a, z]
      expect(waysToMany(s.search, one, [other], { ...options, reverse })[0]?.seconds).toBe(seconds)
    }
    const { count, seconds: found } = reachStops(s.search, a.lat, a.lon, { ...options, reverse: false })
    expect([...found.subarray(0, count)]).toEqual(seconds === undefined ? [] : [seconds])
    // and half a minute to lock it
    const places = parkingPlaces(s.graph, noConditions)
    const course = bikeCourse(s.graph, Profile.bike, 'anywhere', places, undefined)
    const ridden = reached(s, course, a, maxSeconds + course.leave.seconds).get('Z')
    expect(ridden?.seconds).toBe(seconds === undefined ? undefined : seconds + course.leave.seconds)
    if (seconds !== undefined) expect(Math.ceil(ridden!.by.parts[0]!.seconds)).toBe(seconds)
  })
})

test('a search that is given up leaves nothing behind', () => {
  const [side, lines] = [70, [] as string[]]
  const isCycleway = (x: number, y: number): boolean => (x + y) % 3 === 0
  for (let x = 0; x < side; x++)
    for (let y = 0; y < side; y++) {
      const street = `highway=${isCycleway(x, y) ? 'cycleway' : 'primary'}`
      lines.push(`at n${x}_${y} ${x * 100},${y * 100}`)
      if (x > 0) lines.push(`n${x - 1}_${y}-n${x}_${y} ${street}`)
      if (y > 0) lines.push(`n${x}_${y - 1}-n${x}_${y} ${street}`)
    }
  for (let i = 0; i < 6; i++) lines.push(`stop S${i} ${3000 + 200 * i},3300`)
  const s = streets(lines.join('\n'))
  const from = s.at('n35_35')
  const ask = () => secondsTo(s, Profile.bike, from, 900, false)
  const whole = ask()
  expect(whole.size).toBe(6)
  let asked = 0
  s.search.caller.isGivenUp = () => ++asked < 0
  ask()
  expect(asked).toBeGreaterThan(1)
  for (let nth = 1; nth <= asked; nth++) {
    let n = 0
    s.search.caller.isGivenUp = () => ++n === nth
    expect(ask).toThrow()
    s.search.caller.isGivenUp = () => false
    expect(ask()).toEqual(whole)
  }
})

const secondsTo = (s: DrawnStreets, profile: Profile, from: Point, maxSeconds: number, reverse: boolean) => {
  const options = { profile, maxSeconds, maxMatchingDistance: 100, reverse }
  const { stops, seconds, count } = reachStops(s.search, from.lat, from.lon, options)
  return new Map(Array.from({ length: count }, (_, i) => [s.stopName(stops[i]!), seconds[i]!]))
}

/** A grid of streets, some of which one would rather go than others, with six stops. */
function city(r: Random): DrawnStreets {
  const size = 5
  const all = Array.from({ length: size * size }, (_, i) => [i % size, Math.floor(i / size)] as const)
  const street = (a: string, b: string): string => (r.chance(0.85) ? `${a}-${b} highway=${r.pick(kinds)}` : '')
  return streets(
    [
      ...all.map(([x, y]) => `at n${x}_${y} ${x * 100 + r.between(-30, 30)},${y * 100 + r.between(-30, 30)}`),
      ...all.filter(([x]) => x > 0).map(([x, y]) => street(`n${x - 1}_${y}`, `n${x}_${y}`)),
      ...all.filter(([, y]) => y > 0).map(([x, y]) => street(`n${x}_${y - 1}`, `n${x}_${y}`)),
      ...Array.from({ length: 6 }, (_, i) => `stop S${i} ${r.between(0, 400)},${r.between(0, 400)}`),
    ].join('\n'),
  )
}
const kinds = ['primary', 'primary', 'cycleway', 'cycleway lit=yes', 'residential lit=yes', 'tertiary lit=no']

test('in random cities the same stops and places are reached, and as one would rather where that is in time', () => {
  const seen = { stops: 0, hurried: 0, slower: 0, ways: 0 }
  const battery = { chargeWh: 3, reserveWh: 0, charging: false }
  for (let seed = 0; seed < 300; seed++) {
    const r = random(seed)
    const s = city(r)
    const point = (): Point => metresToPoint(r.between(0, 400), r.between(0, 400))
    const profile = r.pick([
      Profile.bike,
      Profile.cargoBike,
      withChanges(Profile.eBike, { battery }),
      withChanges(Profile.foot, { weights: { lit: 1, safety: 1 } }),
      withChanges(Profile.wheelchair, { weights: { flat: 1, safety: 0.5 } }),
    ])
    const [from, to] = [point(), point()]
    const far = [...secondsTo(s, hurried(profile)!, from, 7200, false).values()]
    const maxSeconds = (far.length > 0 ? r.pick(far) : 100) + r.below(30)
    for (const reverse of [false, true]) {
      const found = secondsTo(s, profile, from, maxSeconds, reverse)
      const quickest = secondsTo(s, hurried(profile)!, from, maxSeconds, reverse)
      const rather = secondsTo(s, profile, from, 7200, reverse)
      expect([...found.keys()].sort(), `city ${seed}`).toEqual([...quickest.keys()].sort())
      for (const [stop, seconds] of found) {
        const liked = rather.get(stop)!
        seen.stops++
        if (liked <= maxSeconds) expect(seconds, `city ${seed}, ${stop}`).toBe(liked)
        expect(seconds).toBeGreaterThanOrEqual(quickest.get(stop)!)
        if (liked > maxSeconds) seen.hurried++
        if (seconds > quickest.get(stop)!) seen.slower++
      }
    }
    const way = (profile: Profile, maxSeconds: number) =>
      streetPath(s.search, from, to, { profile, maxSeconds, maxMatchingDistance: 100 })?.seconds
    const [told, quick, liked] = [way(profile, maxSeconds), way(hurried(profile)!, maxSeconds), way(profile, 7200)]
    expect(told === undefined, `city ${seed}`).toBe(quick === undefined)
    if (liked !== undefined && liked <= maxSeconds) expect(told).toBe(liked)
    const [one] = waysToMany(s.search, from, [to], { profile, maxSeconds, maxMatchingDistance: 100, reverse: false })
    expect(one?.seconds, `city ${seed}`).toBe(told)
    if (told !== undefined) seen.ways++
  }
  expect(seen.stops).toBeGreaterThan(1500)
  expect(seen.hurried).toBeGreaterThan(20)
  expect(seen.slower).toBeGreaterThan(50)
  expect(seen.ways).toBeGreaterThan(80)
})

test('who has no wishes is in no hurry, and what is not to be driven through stays so', () => {
  expect([Profile.foot, Profile.car].map(hurried)).toEqual([undefined, undefined])
  expect(hurried(withChanges(Profile.bike, { weights: { maxDetour: 0 } }))).toBeUndefined()
  expect(hurried(withChanges(Profile.car, { weights: { safety: 1 } }))?.passing).toBe(Profile.car.passing)
})

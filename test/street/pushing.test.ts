// Where a bicycle may not be ridden but pushed, it is, if one may walk there.

import { describe, expect, test } from 'vitest'
import { waysToMany } from '#engine/street/many.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile } from '#engine/street/profile.ts'
import { reachStops } from '#engine/street/search.ts'
import { streets } from '../helpers/streets.ts'

/** Seconds from a to z, and how each step is told. */
function ridden(drawing: string, profile: Profile = Profile.bike) {
  const s = streets(drawing)
  const options = { profile, maxSeconds: 7200, maxMatchingDistance: 5 }
  const path = streetPath(s.search, s.at('a'), s.at('z'), options)
  return (
    path && { seconds: path.seconds, steps: path.steps.map(({ kind, pushed }) => (pushed ? `push ${kind}` : kind)) }
  )
}

/** Flat, at these metres a second. */
const riding = (metres: number): number => metres / Profile.bike.speed

//   a ═══ 480 m ═══ b ── 120 m ── c ═══ 480 m ═══ z
const through = (tags: string): string => `
  at a 0,0 at b 480,0 at c 600,0 at z 1080,0
  a-b highway=residential
  b-c ${tags}
  c-z highway=residential`

test.each([
  ['highway=footway', 'footway'],
  ['highway=footway bicycle=no', 'footway'],
  ['highway=path bicycle=no', 'path'],
  ['highway=pedestrian', 'pedestrian'],
  ['highway=platform', 'platform'],
  ['highway=footway bicycle=dismount', 'footway'],
  ['highway=cycleway bicycle=dismount', 'cycleway'],
  ['highway=pedestrian bicycle=dismount', 'pedestrian'],
  ['highway=residential oneway=yes bicycle=dismount', 'residential'],
  ['highway=residential bicycle=dismount', 'residential'],
])('%s: at 1.2 m/s', (tags, kind) => {
  const way = ridden(through(tags))!
  expect(way.steps).toEqual(['residential', `push ${kind}`, 'residential'])
  expect(Math.abs(way.seconds - (riding(960) + 120 / 1.2))).toBeLessThanOrEqual(1)
})

test.each([
  'highway=footway access=private',
  'highway=footway foot=no bicycle=dismount',
  'highway=steps',
  'highway=steps bicycle=dismount',
  'highway=steps conveying=yes bicycle=dismount',
  'highway=motorway bicycle=dismount',
])('%s: not at all', tags => {
  expect(ridden(through(tags))).toBeUndefined()
})

test('against a one-way street, where one would ride round for long', () => {
  const s = streets(`
    at a 0,0 at z 120,0 at b 120,600
    z-a highway=residential oneway=yes
    a-b-z highway=residential`)
  const options = { profile: Profile.bike, maxSeconds: 7200, maxMatchingDistance: 5 }
  const way = (from: string, to: string) => streetPath(s.search, s.at(from), s.at(to), options)!
  expect(way('z', 'a').seconds).toBeLessThanOrEqual(1 + 120 / 4.8)
  expect(way('a', 'z').steps.map(({ pushed }) => pushed)).toEqual([true])
  expect(Math.abs(way('a', 'z').seconds - 120 / 1.2)).toBeLessThanOrEqual(1)
})

test('up and down stairs on their ramp, at half the pace; not what is heavy', () => {
  const way = ridden(through('highway=steps ramp:bicycle=yes'))!
  expect(way.steps).toEqual(['residential', 'push steps', 'residential'])
  expect(Math.abs(way.seconds - (riding(960) + 120 / 0.6))).toBeLessThanOrEqual(1)
  for (const profile of [Profile.cargoBike, Profile.eBike, Profile.eScooter])
    expect(ridden(through('highway=steps ramp:bicycle=yes'), profile)).toBeUndefined()
})

//   b ── 120 m of footway ── c        pushed: 100 s; round by d: 300 s at 4.8 m/s, a minute pushed counts as two
//   ╰────────── d ───────────╯
test.each([
  [620, ['residential', 'push footway', 'residential']],
  [400, ['residential']],
])('round by a street of twice %i m: %j', (half, steps) => {
  const way = ridden(`
    at a 0,0 at b 480,0 at c 600,0 at z 1080,0 at d 540,${Math.sqrt(half ** 2 - 60 ** 2)}
    a-b highway=residential
    b-c highway=footway bicycle=dismount
    b-d-c highway=residential
    c-z highway=residential`)
  expect(new Set(way!.steps)).toEqual(new Set(steps))
})

//   a ═══ 100 m ═══ b          the doors stand beside c–d, so far from the street
//   c ───────────── d
test.each([
  [40, [['residential', undefined]]],
  [
    90,
    [
      ['residential', undefined],
      ['footway', true],
    ],
  ],
])('whoever has a bicycle ends %i m off the street he may ride on: %j', (away, steps) => {
  const s = streets(`
    at a 0,0 at b 100,0 at c 0,${away} at d 100,${away}
    a-b highway=residential
    b-d highway=residential
    c-d highway=footway`)
  const way = (profile: Profile) =>
    streetPath(s.search, s.at('a'), s.at([0, away - 2]), { profile, maxSeconds: 3600, maxMatchingDistance: 100 })!.steps
  const told = way(Profile.bike).map(({ kind, pushed }) => [kind, pushed])
  expect(new Set(told.map(String))).toEqual(new Set(steps.map(String)))
  expect(way(Profile.foot).some(({ pushed }) => pushed)).toBe(false)
})

test('cars and mopeds are not pushed', () => {
  for (const profile of [Profile.car, Profile.moped])
    expect(ridden(through('highway=footway'), profile)).toBeUndefined()
})

//   a ═══ 1,200 m of cycleway, 250 s ═══════ b ─╮ 150 m
//   ╰──── 800 m of main road, 167 s, dearer ── c ─┴ z        282 s by b, 198 s by c
test.each([
  [300, 282],
  [260, 198],
  [190, undefined],
])('in %i s a place on a street is come to from the end that is within the time: %s', (maxSeconds, seconds) => {
  const s = streets(`
    at a 0,0 at c 800,0 at b 1100,0 at m 550,${Math.sqrt(600 ** 2 - 550 ** 2)}
    a-m-b highway=cycleway
    a-c highway=primary
    c-b highway=residential
    stop Z 950,0`)
  const [from, to] = [s.at('a'), s.at([950, 0])]
  const options = { profile: Profile.bike, maxSeconds, maxMatchingDistance: 5 }
  expect(streetPath(s.search, from, to, options)?.seconds).toBe(seconds)
  expect(waysToMany(s.search, from, [to], { ...options, reverse: false })[0]?.seconds).toBe(seconds)
  const { count, seconds: reached } = reachStops(s.search, from.lat, from.lon, { ...options, reverse: false })
  expect([...reached.subarray(0, count)]).toEqual(seconds === undefined ? [] : [seconds])
})

describe('the time that is asked for', () => {
  //  a ═══ 1,000 m along the main road ═══ z        by the main road 209 s, at most twice as dear; by the path 240 s
  //  ╰── 1,150 m of path, safe ────────────╯
  const s = streets(`
    at a 0,0 at z 1000,0 at m 500,284
    a-z highway=primary
    a-m-z highway=cycleway
    stop Z 1000,0`)
  test.each([
    [300, 240],
    [220, 209],
    [200, undefined],
  ])('in %i s: %s, though the road is dearer', (maxSeconds, seconds) => {
    const options = { profile: Profile.bike, maxSeconds, maxMatchingDistance: 5 }
    expect(streetPath(s.search, s.at('a'), s.at('z'), options)?.seconds).toBe(seconds)
    const { lat, lon } = s.at('a')
    const { count, seconds: reached } = reachStops(s.search, lat, lon, { ...options, reverse: false })
    expect([...reached.subarray(0, count)]).toEqual(seconds === undefined ? [] : [seconds])
  })
})

describe('what one comes to, or leaves, by pushing alone is no island and no trap', () => {
  const steps = (drawing: string) => {
    const s = streets(drawing, 100)
    const options = { profile: Profile.bike, maxSeconds: 7200, maxMatchingDistance: 5 }
    return streetPath(s.search, s.at('a'), s.at('z'), options)!.steps.map(({ pushed }) => pushed)
  }
  test('80 m behind a footway', () => {
    const drawing = `
      at a 0,0 at b 480,0 at c 600,0 at z 680,0
      a-b highway=residential
      b-c highway=footway
      c-z highway=residential`
    expect(steps(drawing)).toEqual([undefined, true, undefined])
    expect(steps(drawing.replace('b-c highway=footway', 'b-c highway=steps ramp:bicycle=yes'))).toEqual([
      undefined,
      true,
      undefined,
    ])
  })
  test('a one-way street that leads nowhere else', () => {
    expect(
      steps(`
      at a 0,0 at b 480,0 at z 480,60
      a-b highway=residential
      b-z highway=residential oneway=yes`),
    ).toEqual([undefined, undefined])
  })
})

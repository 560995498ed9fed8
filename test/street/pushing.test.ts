// Where a bicycle may not be ridden but pushed, it is, if one may walk there.

import { expect, test } from 'vitest'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
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
  'highway=footway',
  'highway=footway bicycle=no',
  'highway=footway access=private bicycle=dismount',
  'highway=footway foot=no bicycle=dismount',
  'highway=steps bicycle=dismount',
  'highway=steps conveying=yes bicycle=dismount',
  'highway=motorway bicycle=dismount',
])('%s: not at all', tags => {
  expect(ridden(through(tags))).toBeUndefined()
})

test('up and down stairs on their ramp, at half the pace; not with a cargo bike', () => {
  const way = ridden(through('highway=steps ramp:bicycle=yes bicycle=dismount'))!
  expect(way.steps).toEqual(['residential', 'push steps', 'residential'])
  expect(Math.abs(way.seconds - (riding(960) + 120 / 0.6))).toBeLessThanOrEqual(1)
  expect(ridden(through('highway=steps ramp:bicycle=yes bicycle=dismount'), Profile.cargoBike)).toBeUndefined()
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

test('whoever has a bicycle begins and ends where he may ride, and walkers, cars and mopeds push nothing', () => {
  const s = streets(`
    at a 0,0 at b 100,0 at c 0,30 at d 100,30
    a-b highway=residential
    b-d highway=residential
    c-d highway=footway bicycle=dismount`)
  const way = (profile: Profile) =>
    streetPath(s.search, s.at('a'), s.at([0, 25]), { profile, maxSeconds: 3600, maxMatchingDistance: 50 })
  expect(way(Profile.bike)!.steps.map(({ kind, pushed }) => [kind, pushed])).toEqual([['residential', undefined]])
  expect(way(withChanges(Profile.foot, {}))!.steps.some(({ pushed }) => pushed)).toBe(false)
  for (const profile of [Profile.car, Profile.moped])
    expect(ridden(through('highway=footway bicycle=dismount'), profile)).toBeUndefined()
})

// The last metres: from the streets that a traveller may use to where he wants to go, and over kerbs.

import { describe, expect, test } from 'vitest'
import { streetPath } from '#engine/street/path.ts'
import { type Limits, Profile, withChanges } from '#engine/street/profile.ts'
import { streetRoute } from '#engine/street/route.ts'
import { reachStops } from '#engine/street/search.ts'
import { type DrawnStreets, type Point, streets } from '../helpers/streets.ts'

const options = (profile: Profile, maxMatchingDistance = 250) => ({ profile, maxSeconds: 3600, maxMatchingDistance })
const wheels = (limits: Limits = {}) => withChanges(Profile.wheelchair, { speed: 1, limits })
const told = (way: ReturnType<typeof streetRoute>) => [
  way.path?.seconds,
  way.path?.verdict.passable,
  (way.path?.verdict.obstacles ?? way.blocking).map(({ limit, passable, osmWay }) => `${limit} ${passable} ${osmWay}`),
]

//   a ──── 100 m ──── b
//                     ▒ stairs, 60 m
//                     c ● goal
describe('a goal at the head of stairs', () => {
  const s = streets(`
    at a 0,0 at b 100,0 at c 100,59.5
    a-b highway=footway wheelchair=yes
    b-c highway=steps
    stop P 100,61`)
  const way = (profile: Profile) => told(streetRoute(s.search, s.at('a'), s.at('c'), options(profile)))
  test('on wheels one comes to their foot, and nobody knows of more', () => {
    expect(way(wheels())).toEqual([160, 'unknown', ['stairs unknown 2']])
    expect(way(withChanges(Profile.foot, { speed: 1 }))).toEqual([220, 'yes', []])
  })
  test('back from there as well', () => {
    expect(told(streetRoute(s.search, s.at('c'), s.at('a'), options(wheels())))).toEqual([
      160,
      'unknown',
      ['stairs unknown 2'],
    ])
  })
  test('who refuses the unknown has no way, and hears of the stairs', () => {
    expect(way(wheels({ unknown: 'refuse' }))).toEqual([undefined, undefined, ['stairs unknown 2']])
    const asked = wheels({ unknown: 'refuse' })
    expect(told(streetRoute(s.search, s.at('a'), s.at([100, 5]), options(asked)))[0]).toBeUndefined()
    // beside the street itself all is known
    expect(told(streetRoute(s.search, s.at('a'), s.at([95, -4.5]), options(asked)))).toEqual([100, 'yes', []])
  })
})

//   a ───────── b      ● goal 5 m from a, in a yard out of which there are only stairs; the street is 25 m from it, the stairs 180 m
//               ▒
//   d ───────── c
test('out of a yard that only stairs leave nobody knows a way: they are told, however far they are', () => {
  const s = streets(`
    at a 0,0 at b 200,0 at c 200,30 at d 0,30
    a-b highway=footway
    b-c highway=steps
    c-d highway=footway`)
  const asked = options(withChanges(Profile.foot, { speed: 1, limits: { stairs: false } }))
  const goal = s.at([20, 5])
  for (const [from, to] of [
    [s.at('d'), goal],
    [goal, s.at('d')],
  ] as const)
    expect(told(streetRoute(s.search, from, to, asked)).slice(1)).toEqual(['unknown', ['stairs unknown 2']])
  expect(told(streetRoute(s.search, s.at('a'), goal, asked)).slice(1)).toEqual(['yes', []])
  const refusing = options(withChanges(Profile.foot, { speed: 1, limits: { stairs: false, unknown: 'refuse' } }))
  expect(told(streetRoute(s.search, s.at('d'), goal, refusing))).toEqual([undefined, undefined, ['stairs no 2']])
  expect(told(streetRoute(s.search, s.at('a'), goal, refusing)).slice(1)).toEqual(['yes', []])
})

test('what closes the only way to wheels altogether is told as well', () => {
  const s = streets(`
    at a 0,0 at b 100,0 at c 100,60 at d 100,400 at e 200,400
    a-b highway=footway wheelchair=yes
    b-c highway=steps
    c-d highway=footway wheelchair=yes
    d-e highway=footway wheelchair=no`)
  const way = (to: string) => told(streetRoute(s.search, s.at('a'), s.at(to), options(wheels(), 20)))
  expect(way('d')).toEqual([undefined, undefined, ['stairs no 2']])
  expect(way('e')).toEqual([undefined, undefined, ['stairs no 2', 'wheelchair no 4']])
})

//   e ── 50 m ── a ▒▒▒ stairs ▒▒▒ b        P 1 m above the stairs, the ramp 7 m above it
//                └───── ramp ─────┘
describe('a stop beside stairs', () => {
  const drawing = (kind: string) =>
    streets(`
      at a 0,0 at b 40,0 at c 40,8 at d 0,8 at e -50,0
      e-a highway=footway
      a-b ${kind}
      a-d-c-b highway=footway
      stop P 20,1`)
  const both = (s: DrawnStreets, profile: Profile) => {
    const [there, back] = [
      streetPath(s.search, s.at('e'), { stop: s.stop('P') }, options(profile)),
      streetPath(s.search, { stop: s.stop('P') }, s.at('e'), options(profile)),
    ]
    const reach = (reverse: boolean) => {
      const { count, seconds } = reachStops(s.search, s.at('e').lat, s.at('e').lon, { ...options(profile), reverse })
      return count === 0 ? undefined : seconds[0]
    }
    expect([there?.seconds, back?.seconds]).toEqual([reach(false), reach(true)])
    expect(back?.seconds).toBe(there?.seconds)
    return [there?.seconds, there?.verdict.passable, there?.verdict.obstacles.map(o => `${o.limit} ${o.osmWay}`)]
  }
  test.each(['highway=steps', 'highway=footway wheelchair=no', 'highway=bridleway'])('%s: by the ramp', kind => {
    const s = drawing(kind)
    const [seconds, passable, obstacles] = both(s, wheels())
    // 50 m, 8 m up, 20 m along, 7 m down to the stop
    expect(seconds).toBe(85)
    expect(passable).toBe('unknown')
    expect(obstacles).toContain(kind === 'highway=steps' ? 'stairs 2' : 'wheelchair 2')
    expect(both(s, wheels({ unknown: 'refuse' }))[0]).toBeUndefined()
  })
  test('without limits over the stairs; where they have a ramp for wheels there is no other way', () => {
    expect(both(drawing('highway=steps'), withChanges(Profile.foot, { speed: 1 }))).toEqual([91, 'yes', []])
    expect(both(drawing('highway=steps ramp:wheelchair=yes'), wheels())[0]).toBe(71)
  })
  test('a limit that the stairs keep opens no way that there is not without it', () => {
    const s = streets(`
      at e 0,0 at f 100,0 at x -400,0 at y -400,-13 at g -40,-13 at h 20,-13
      x-e-f highway=residential
      x-y-g highway=footway
      g-h highway=steps
      stop P 0,-12`)
    const way = (limits: Limits) =>
      told(
        streetRoute(
          s.search,
          s.at('e'),
          { stop: s.stop('P') },
          options(withChanges(Profile.foot, { speed: 1, limits })),
        ),
      )
    expect(s.links.counts.links).toBe(2)
    for (const limits of [{}, { maxSlope: 20 }, { maxKerb: 15 }, { minWidth: 0.1 }])
      expect(way(limits)[0], JSON.stringify(limits)).toBe(854)
    // the street is 12 m away, and nobody comes to it sooner than over the stairs
    expect(way({ stairs: false })).toEqual([854, 'unknown', ['stairs unknown 3']])
    expect(way({ stairs: false, unknown: 'refuse' })[0]).toBeUndefined()
  })
  test('a street farther than 15 m, or the one behind a platform, is none', () => {
    const far = streets(`
      at a 0,0 at b 200,0 at c 200,17 at d 0,17
      a-b highway=steps
      a-d-c-b highway=footway
      stop P 100,1`)
    expect(far.links.counts.links).toBe(1)
    expect(drawing('highway=platform wheelchair=no').links.counts.links).toBe(1)
    expect(drawing('highway=steps').links.counts.links).toBe(2)
  })
})

//   a ── 100 m ── x elevator     ● goal      the street from x to z is nearest to it at x, whose elevator lies between
//                 │              ▒ stairs
//                 z ▒▒▒▒▒▒▒▒▒▒▒▒▒▒
test('who leaves his streets at a junction has waited there, as everybody who goes on has', () => {
  const s = streets(`
    at a -100,0 at x 0,0 at z 0,-100 at g 60,-100 at h 60,20
    x-z highway=footway
    a-x highway=footway
    z-g-h highway=steps
    node x highway=elevator`)
  const seconds = (from: Point, to: Point, limits: Limits) =>
    streetPath(s.search, from, to, options(withChanges(Profile.foot, { speed: 1, limits }), 50))?.seconds
  const goal = s.at([40, 20])
  for (const [from, to] of [
    [s.at('a'), goal],
    [goal, s.at('a')],
  ] as const) {
    expect(seconds(from, to, {})).toBeGreaterThan(300)
    expect(seconds(from, to, { stairs: false })).toBe(seconds(from, to, {}))
  }
})

//   a ── sidewalk ── k ── crossing ── c ── crossing ── l ── sidewalk ── z          a road leads over c, from n to s
describe('a kerb that nobody has mapped', () => {
  const crossing = (nodes: string, profile: Profile, from = 'a', to = 'z') => {
    const s = streets(`
      at a 0,0 at k 50,0 at c 60,0 at l 70,0 at z 120,0 at n 60,100 at s 60,-100
      a-k highway=footway footway=sidewalk
      k-c-l highway=footway footway=crossing
      l-z highway=footway footway=sidewalk
      n-c-s highway=residential
      ${nodes}`)
    return told(streetRoute(s.search, s.at(from), s.at(to), options(profile, 5)))
  }
  const kerbs = (maxKerb: number, unknown: Limits['unknown'] = 'allow') =>
    withChanges(Profile.foot, { speed: 1, limits: { maxKerb, unknown } })
  test.each([
    ['', 'unknown'],
    ['node c highway=crossing', 'unknown'],
    ['node c highway=crossing\nnode k kerb=lowered', 'unknown'],
    ['node c highway=crossing\nnode k kerb=lowered\nnode l kerb=flush', 'yes'],
    ['node c highway=crossing\nnode k kerb=lowered\nnode l kerb=yes', 'unknown'],
    ['node c highway=crossing kerb=lowered', 'yes'],
    ['node c highway=crossing kerb=no', 'yes'],
  ])('%j: %s; refused only by who refuses the unknown', (nodes, passable) => {
    expect(crossing(nodes, kerbs(3)).slice(0, 2)).toEqual([120, passable])
    expect(crossing(nodes, kerbs(3, 'refuse'))[0]).toBe(passable === 'yes' ? 120 : undefined)
    // no kerb limit, no question
    expect(crossing(nodes, withChanges(Profile.foot, { speed: 1 })).slice(0, 2)).toEqual([120, 'yes'])
  })
  test('it is told by the way that leads over it, or at the node that says nothing', () => {
    expect(crossing('node c highway=crossing', kerbs(3))[2]).toEqual(['kerb unknown 2'])
    expect(crossing('node c highway=crossing', kerbs(3, 'refuse'))).toEqual([undefined, undefined, ['kerb unknown 2']])
  })
  test('who follows the road has none to get over', () => {
    expect(crossing('node c highway=crossing', kerbs(3, 'refuse'), 'n', 's')).toEqual([200, 'yes', []])
  })
  //   n ── a ── s  a road, and a footway from a to where another road's kerb is stated, at k
  test.each([
    ['highway=footway', 300, 'unknown'],
    ['highway=footway', 10, 'yes'],
    ['highway=footway footway=crossing', 30, 'yes'],
  ])('one stated at the other end of %s speaks for %i m: %s', (kind, metres, passable) => {
    const s = streets(`
      at n 0,49.9 at a 0,0 at s 0,-50 at k ${metres},0 at e ${metres + 50},0
      n-a-s highway=residential
      a-k ${kind}
      k-e highway=footway
      node k kerb=lowered`)
    const way = (unknown: Limits['unknown']) =>
      told(streetRoute(s.search, s.at('n'), s.at('k'), options(kerbs(3, unknown), 5))).slice(0, 2)
    expect(way('allow')).toEqual([50 + metres, passable])
    expect(way('refuse')[0]).toBe(passable === 'yes' ? 50 + metres : undefined)
  })
  test('wheelchair=yes on the crossing speaks for who needs no lower one', () => {
    const s = streets(`
      at a 0,0 at c 10,0 at n 10,100 at s 10,-100
      a-c highway=footway footway=crossing wheelchair=yes
      n-c-s highway=residential`)
    const verdict = (limits: Limits) =>
      streetPath(s.search, s.at('a'), s.at('c'), options(wheels(limits), 5))!.verdict.passable
    expect([verdict({}), verdict({ maxKerb: 2 })]).toEqual(['yes', 'unknown'])
  })
})

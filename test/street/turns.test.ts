// Turns: those that are forbidden, over one street or several, and what turning round costs.

import { expect, test } from 'vitest'
import { waysToMany } from '#engine/street/many.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { dataFile } from '../helpers/data.ts'
import { streets } from '../helpers/streets.ts'

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

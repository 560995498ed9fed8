// A change of which transfers.txt states the time is one that people on foot make. Who may not go their way needs his own, and has none where
// there is none for him; where the map knows of no way for anybody, what is stated holds for all.

import { describe, expect, test } from 'vitest'
import { listElevators, outagesOf } from '#engine/access/elevators.ts'
import { createGround, type Ground } from '#engine/access/ground.ts'
import { footpathsWithout, groundWithout } from '#engine/access/outages.ts'
import { ownWalker, ownWalks, walksOf } from '#engine/access/own-walks.ts'
import { walkLimits, walksBetweenStops, walksOfStated } from '#engine/access/walks.ts'
import { E7 } from '#engine/core/geo.ts'
import { changeBetween, type Footpaths } from '#engine/footpaths/footpaths.ts'
import { statedFor } from '#engine/footpaths/rules.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   A ── e ── B      30 m by elevator, or down the stairs at s; round by r 630 m;   C and D are on no street
//   └─ s ═════┤
//   └─── r ───┘
const through = `
  node e highway=elevator
  a-a2-e-b2-b highway=footway
  a2-s-b2 highway=steps`
const drawing = (round: string, inside = through) => `
  at a 0,0  at a2 5,0  at e 15,0  at b2 25,0  at b 30,0  at s 15,8  at r 15,300
  ${inside}
  ${round}`
const places = (s: ReturnType<typeof streets>) => {
  const at = (place: string): string => `${s.at(place).lat / E7},${s.at(place).lon / E7}`
  return timetable(`
    at A ${at('a')}
    at B ${at('b')}
    at C 52,8
    at D 52.001,8
    L A 10:00 C 10:30
    M B 10:00 D 10:30
    rule A→B 70s
    rule B→A 70s
    rule C→D 70s`)
}

function world(round: string, inside?: string) {
  const s = streets(drawing(round, inside))
  const { tt, stop } = places(s)
  const ground = createGround(tt, createStreetSearch(s.graph, buildStopLinks(s.graph, tt)))
  const maxSeconds = walkLimits(tt).far
  const onFoot = walksOfStated(ground, { walker: Profile.foot, maxSeconds })
  const table = (walker: Profile): Footpaths =>
    walker === Profile.foot
      ? mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds }))
      : mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds }), onFoot)
  const outages = outagesOf(listElevators(tt, s.graph))
  const closed = groundWithout(ground, outages)
  const pairs = (f: Footpaths) => ['AB', 'BA', 'CD'].map(([from, to]) => changeBetween(f, stop(from!), stop(to!)))
  /** A to B, B to A, C to D: with the elevator, and without. */
  const told = (walker: Profile) => [
    pairs(table(walker)),
    pairs(footpathsWithout(ground, closed, table(walker), walker, outages)),
  ]
  const own = (on: Ground, known: Footpaths, walker: Profile) => {
    const walks = ownWalks(on, known, ownWalker(tt, walker, Profile.foot), [stop('A')], false).get(stop('A'))!
    return walks.seconds[walks.stops.indexOf(stop('B'))]
  }
  const within = (maxSeconds: number, walker: Profile) => {
    const walks = walksOf(ground, table(Profile.foot), { walker, maxSeconds, reverse: false }, stop('A'))
    return walks.seconds[walks.stops.indexOf(stop('B'))]
  }
  return { told, own, within, ground, closed, table }
}

const chair = Profile.wheelchair
/** Through the elevator, and round: metres at his pace. */
const [LIFT, ROUND] = [Math.ceil(30 / chair.speed + chair.elevatorSeconds), 2 * Math.hypot(15, 300)]

describe('where there is no way but by elevator and stairs', () => {
  const { told, own, ground, closed, table } = world('')
  test('on foot it is as stated, whatever works', () => {
    expect(told(Profile.foot)).toEqual([
      [70, 70, 70],
      [70, 70, 70],
    ])
  })
  test('a wheelchair takes as long as it takes, or has no way', () => {
    const [working, out] = told(chair)
    for (const seconds of working!.slice(0, 2)) expect(Math.abs(seconds! - LIFT)).toBeLessThanOrEqual(1)
    expect(working![2]).toBe(70)
    expect(out).toEqual([undefined, undefined, 70])
  })
  test('and who climbs no stairs likewise', () => {
    const walker = { ...Profile.foot, limits: { ...Profile.foot.limits, stairs: false } }
    expect(own(ground, table(Profile.foot), walker)).toBeGreaterThanOrEqual(70)
    expect(own(closed, table(Profile.foot), walker)).toBeUndefined()
  })
})

test('where there is a way round, it is that without the elevator', () => {
  const [working, out] = world('a-r-b highway=footway').told(chair)
  expect(Math.abs(working![0]! - LIFT)).toBeLessThanOrEqual(1)
  expect(Math.abs(out![0]! - ROUND / chair.speed)).toBeLessThanOrEqual(2)
})

// round by way of r it is 630 m
test('who walks less far than the way on the map is has the stated change all the same', () => {
  const { within } = world('a-r-b highway=footway', 'a-a2 highway=footway\n  b2-b highway=footway')
  const walker = { ...Profile.foot, limits: { ...Profile.foot.limits, stairs: false } }
  for (const maxSeconds of [100, 300, 900])
    for (const who of [Profile.foot, walker]) expect(within(maxSeconds, who), `${maxSeconds} s`).toBe(70)
})

test('never less than stated, and the wait of a vehicle is for all who can come', () => {
  expect(statedFor(300, 60, 120)).toBe(300)
  expect(statedFor(60, 60, 60)).toBe(60)
  expect(statedFor(0, 60, 120)).toBe(0)
  expect(statedFor(0, 60, undefined)).toBeUndefined()
})

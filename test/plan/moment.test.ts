// Whose walks a traveller is given: a pram goes over steps with a ramp where a wheelchair does not.

import { expect, test } from 'vitest'
import { createGround, insideOf } from '#engine/access/ground.ts'
import { walksBetweenStops } from '#engine/access/walks.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import { buildFootpaths } from '#engine/footpaths/footpaths.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { plannerAt } from '#engine/plan/moment.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { directionFor } from '#engine/plan/side.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   A ── a ═ steps with a ramp for prams ═ b ── B
const s = streets(`
  at z -50,0 at a 0,0 at b 20,0 at c 70,0
  z-a highway=footway
  a-b highway=steps ramp:stroller=yes
  b-c highway=footway
  stop A -40,1
  stop B 60,1`)
const ground = createGround(s.tt, s.search)
const walksOf = (walker: Profile): Footpaths =>
  buildFootpaths(2, walksBetweenStops(ground, { walker, maxSeconds: 600 }), new Int32Array(2))
const [foot, wheelchair, walker, pram] = [Profile.foot, Profile.wheelchair, Profile.walker, Profile.pram].map(walksOf)
const planner = createPlanner(s.tt, foot!, s, wheelchair, walker, pram)
const footpathsFor = (profile: Profile): Footpaths =>
  plannerAt(planner, {} as never, { walker: profile, time: 0 as never, realtime: false }).footpaths

test('each goes by its own walks; on foot without stairs one goes as with a pram', () => {
  expect([foot, wheelchair, walker, pram].map(f => f!.counts.footpaths)).toEqual([2, 0, 2, 2])
  expect(footpathsFor(Profile.foot)).toBe(foot)
  expect(footpathsFor(Profile.wheelchair)).toBe(wheelchair)
  expect(footpathsFor(Profile.pram)).toBe(pram)
  expect(footpathsFor(withChanges(Profile.foot, { limits: { stairs: false } })).counts).toEqual(pram!.counts)
  expect(footpathsFor(Profile.electricWheelchair).counts).toEqual(wheelchair!.counts)
})

test('at half the speed walks take twice as long; what transfers.txt states, and a minute at least, do not change', () => {
  const seconds = (profile: Profile) => [...footpathsFor(profile).outSeconds]
  const [there, back] = seconds(Profile.walker) as [number, number]
  expect(seconds(withChanges(Profile.walker, { speed: 0.4 }))).toEqual([2 * there, 2 * back])
  expect(seconds(withChanges(Profile.walker, { speed: 8 }))).toEqual([60, 60])
  const drawn = timetable(`
    L  A 10:00  B 10:10
    rule A→B 100s`)
  const base = createPlanner(drawn.tt, mergeTransfers(drawn.tt, [{ from: 1, to: 0, seconds: 100 }]))
  const slow = { walker: withChanges(Profile.foot, { speed: 0.6 }), time: 0 as never, realtime: false }
  const { outSeconds, inSeconds } = plannerAt(base, {} as never, slow).footpaths
  expect([[...outSeconds], [...inSeconds]]).toEqual([
    [100, 200],
    [200, 100],
  ])
})

test('without a map everybody has his own pace, whether the tables are one or each walker has his own', () => {
  // 0.003° of latitude: 334 m, 434 with the way about it
  const drawn = timetable(`
    at A 51.5,7.4
    at B 51.503,7.4
    L  A 10:00  B 10:10`)
  const table = (walker: Profile) =>
    mergeTransfers(drawn.tt, walksBetweenStops(createGround(drawn.tt, undefined), { walker, maxSeconds: 1800 }))
  const { foot, wheelchair, walker, pram } = Profile
  const one = createPlanner(drawn.tt, table(foot))
  const each = createPlanner(drawn.tt, table(foot), undefined, table(wheelchair), table(walker), table(pram))
  for (const planner of [one, each])
    for (const [profile, speed] of [
      [foot, 1.2],
      [wheelchair, 0.9],
      [walker, 0.8],
      [pram, 1.1],
      [withChanges(wheelchair, { speed: 1.2 }), 1.2],
    ] as const) {
      const asked = { walker: profile, time: 0 as never, realtime: false }
      const [there] = plannerAt(planner, {} as never, asked).footpaths.outSeconds
      expect(Math.abs(there! - 434 / speed)).toBeLessThan(2)
    }
})

test('whoever goes by other walks shares what the timetable alone says', () => {
  const [usual, other] = [Profile.foot, Profile.wheelchair].map(profile =>
    directionFor(
      plannerAt(planner, {} as never, { walker: profile, time: 0 as never, realtime: false }),
      false,
      undefined,
    ),
  )
  expect(other).not.toBe(usual)
  expect(other!.hops).toBe(usual!.hops)
})

test('a pathway of unknown width is passable unless one refuses what nobody knows', () => {
  expect(insideOf(Profile.pram).takesUnknown).toBe(true)
  expect(insideOf(withChanges(Profile.pram, { limits: { unknown: 'refuse' } })).takesUnknown).toBe(false)
})

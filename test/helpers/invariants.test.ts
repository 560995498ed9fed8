// The checker itself: it must fail on each kind of broken journey.

import assert from 'node:assert/strict'
import { test } from 'vitest'
import type { Journey, RideLeg } from '#engine/transit/journey.ts'
import { journeys } from './ask.ts'
import { assertJourney } from './invariants.ts'
import { allRuns } from './plain-runs.ts'
import { timetable } from './timetable.ts'

const world = timetable(`
  S1   A 10:00   B 10:10   C 10:40
  U2   D 10:14   C 10:25
  walk B–D 2m`)
const runs = allRuns(world.tt)
const [good] = journeys(world, 'A', 'C', '09:55–10:05').filter(j => j.transfers === 1)
const check = (j: Journey): void => assertJourney(j, runs, world.footpaths)
const withLeg = (i: number, change: object): Journey => ({
  ...good!,
  legs: good!.legs.map((l, n) => (n === i ? { ...l, ...change } : l)),
})

test('accepts a good journey', () => check(good!))

const ride = good!.legs[0] as RideLeg
const walk = good!.legs[1]!
const broken: [string, Journey][] = [
  ['legs that do not chain', withLeg(2, { from: world.stop('A') })],
  ['time running back', withLeg(1, { departure: ride.arrival - 60 })],
  ['a walk too fast', withLeg(1, { arrival: walk.arrival - 60 })],
  ['a ride the run does not make', withLeg(0, { arrival: ride.arrival - 60 })],
  ['alighting before boarding', withLeg(0, { board: 1, alight: 0 })],
  ['a wrong count of transfers', { ...good!, transfers: 3 }],
  ['a wrong departure', { ...good!, departure: (good!.departure - 1) as Journey['departure'] }],
  ['a run of another day', withLeg(0, { day: ride.day + 1 })],
  ['no legs', { ...good!, legs: [] }],
]
test.each(broken)('refuses %s', (_, j) => {
  assert.throws(() => check(j), assert.AssertionError)
})

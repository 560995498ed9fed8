import { expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { isHardlyWorse, LEAST_GAIN, walkInstead } from '#engine/plan/gain.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import type { Journey, WalkLeg } from '#engine/transit/journey.ts'

const journey = (departure: number, arrival: number, transfers = 0): Journey =>
  ({ departure, arrival, transfers, legs: [] }) as never

test.each<[string, Journey, Journey, boolean]>([
  ['as good', journey(0, 1000), journey(0, 1000), true],
  ['a minute sooner there', journey(0, 1060), journey(0, 1000), true],
  ['a minute at each end', journey(0, 1060), journey(60, 1000), false],
  ['two minutes sooner there', journey(0, 1000 + LEAST_GAIN), journey(0, 1000), false],
  ['later to leave', journey(0, 1000), journey(LEAST_GAIN, 1000), false],
  ['a change less', journey(0, 1000, 1), journey(0, 1000, 0), false],
  ['walking is better', journey(100, 900), journey(0, 1000), true],
])('renting beside walking, %s', (_, walking, renting, hardly) => {
  expect(isHardlyWorse(walking, renting)).toBe(hardly)
})

const access: WalkLeg = {
  kind: 'walk',
  from: { kind: 'start' },
  to: { kind: 'stop', stop: 1 as never },
  departure: 1000 as UnixSeconds,
  arrival: 1100 as UnixSeconds,
}
const egress: WalkLeg = {
  ...access,
  from: access.to,
  to: { kind: 'end' },
  departure: 2000 as UnixSeconds,
  arrival: 2100 as UnixSeconds,
}
const both: Journey = { ...journey(1000, 2100), legs: [access, egress] }
const asked = (time: number, arriveBy = false): Query =>
  ({ ...queryDefaults, time: time as UnixSeconds, arriveBy }) as never

test('an end that gains little is walked, if one may set out as early or come as late', () => {
  expect(walkInstead(asked(900), both, 'access', 190)).toEqual({
    ...both,
    departure: 910,
    legs: [{ kind: 'walk', from: access.from, to: access.to, departure: 910, arrival: 1100 }, egress],
  })
  expect(walkInstead(asked(950), both, 'access', 190)).toBeUndefined()
  expect(walkInstead(asked(0), both, 'access', 100 + LEAST_GAIN)).toBeUndefined()
  expect(walkInstead(asked(900), both, 'egress', 150)).toMatchObject({ arrival: 2150, departure: 1000 })
  expect(walkInstead(asked(2120, true), both, 'egress', 150)).toBeUndefined()
  expect(walkInstead(asked(2150, true), both, 'egress', 150)).toMatchObject({ arrival: 2150 })
})

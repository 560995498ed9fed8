// Service quality, worked out by hand.

import { expect, test } from 'vitest'
import {
  excessWait,
  headwayAdherence,
  meanWait,
  punctuality,
  quantileOf,
  spacingOf,
  variation,
} from '#engine/fleet/figures.ts'
import { fleetDefaults } from '#engine/fleet/rules.ts'

const minutes = (...list: number[]): number[] => list.map(m => m * 60)

test('M5: excess wait time: the published example, 8 12 14 8 11 10 12 minutes where 10 were planned', () => {
  // Σh² = 64+144+196+64+121+100+144 = 833, Σh = 75: 833/150 = 5.553 min
  expect(meanWait(minutes(8, 12, 14, 8, 11, 10, 12))).toBeCloseTo(333.2, 1)
  expect(excessWait(minutes(8, 12, 14, 8, 11, 10, 12), minutes(10, 10, 10, 10, 10, 10, 10))).toBeCloseTo(33.2, 1)
  expect(excessWait([], minutes(10))).toBeUndefined()
  // perfectly regular: half a headway, nothing in excess
  expect([meanWait(minutes(6, 6, 6)), excessWait(minutes(6, 6), minutes(6, 6))]).toEqual([180, 0])
})

test('coefficient of variation', () => {
  // mean 6, deviations −4 0 4: variance 32/3
  expect(variation([2, 6, 10])).toBeCloseTo(Math.sqrt(32 / 3) / 6, 10)
  expect([variation([5, 5, 5]), variation([5])]).toEqual([0, undefined])
})

test.each([
  // planned 5 min: bunched below 75 s, a gap above 450 s
  [74, 300, 'bunched'],
  [75, 300, 'normal'],
  [450, 300, 'normal'],
  [451, 300, 'gap'],
  // planned 15 min: a quarter would be 225 s, but two minutes are enough
  [119, 900, 'bunched'],
  [120, 900, 'normal'],
  // the timetable has no headway: only what is close can be told
  [119, undefined, 'bunched'],
  [5000, undefined, 'unknown'],
  // every twenty minutes: riders come by the timetable
  [10, 1200, 'unknown'],
] as const)('M3, M4: %i s where %s s are planned: %s', (actual, planned, expected) => {
  expect(spacingOf({ actual, planned }, fleetDefaults)).toBe(expected)
})

test('M5: headway adherence: within half of the planned one, both ends included', () => {
  const headways = [149, 150, 300, 450, 451].map(actual => ({ actual, planned: 300 }))
  expect(headwayAdherence(headways, fleetDefaults)).toBe(3 / 5)
  expect(headwayAdherence([{ actual: 60, planned: 1200 }], fleetDefaults)).toBeUndefined()
})

test('M2: on-time performance: −60 … +300 s, cancelled departures in the second share, missing ones in neither', () => {
  expect(punctuality([-61, -60, 0, 300, 301], 4, 5, fleetDefaults)).toEqual({
    observed: 5,
    early: 1,
    onTime: 3,
    late: 1,
    missing: 4,
    share: 3 / 5,
    shareOfPlanned: 3 / 10,
  })
  expect(punctuality([], 2, 0, fleetDefaults)).toMatchObject({ share: undefined, shareOfPlanned: undefined })
  expect(punctuality([290, 200], 0, 0, { ...fleetDefaults, lateSeconds: 240 }).share).toBe(1 / 2)
})

test('quantiles by nearest rank', () => {
  expect([0.5, 0.9, 1].map(q => quantileOf([10, 30, 20, 40], q))).toEqual([20, 40, 40])
  expect(quantileOf([], 0.5)).toBeUndefined()
})

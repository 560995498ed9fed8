import { expect, test } from 'vitest'
import {
  buildOccupancy,
  carriagesOf,
  changedOccupancies,
  crowding,
  OCCUPANCY,
  occupancyOf,
  openOccupancy,
} from '#engine/live/occupancy.ts'
import type { LiveVehicle, SourceStatus } from '#engine/live/state.ts'

const vehicle = (id: string, more: Partial<LiveVehicle>): LiveVehicle => ({ id, source: 0, timestamp: 1000, ...more })
const run = (trip: number, day = 20_000, shift = 0) => ({ trip, day, shift })
const table = (vehicles: readonly LiveVehicle[], now = 1000) =>
  buildOccupancy({ vehicles, sources: [{ timestamp: now } as SourceStatus] })

test('is found by run, whatever order the vehicles come in', () => {
  const vehicles = [5, 2, 9].flatMap(trip => [
    vehicle(`a${trip}`, { ...run(trip), occupancyPercentage: trip }),
    vehicle(`b${trip}`, { ...run(trip, 20_001), occupancyPercentage: 10 + trip }),
    vehicle(`c${trip}`, { ...run(trip, 20_000, 600), occupancyPercentage: 20 + trip }),
  ])
  const t = openOccupancy(table(vehicles).buffer)
  expect(t.counts.runs).toBe(9)
  for (const trip of [5, 2, 9]) {
    expect(occupancyOf(t, run(trip))?.percentage).toBe(trip)
    expect(occupancyOf(t, run(trip, 20_001))?.percentage).toBe(10 + trip)
    expect(occupancyOf(t, run(trip, 20_000, 600))?.percentage).toBe(20 + trip)
  }
  expect(occupancyOf(t, run(3))).toBeUndefined()
  expect(occupancyOf(table([]), run(3))).toBeUndefined()
})

test('says only what was said', () => {
  const t = table([
    vehicle('status', { ...run(1), occupancy: 'FULL' }),
    vehicle('per cent', { ...run(2), occupancyPercentage: 0 }),
    vehicle('both', { ...run(3), occupancy: 'EMPTY', occupancyPercentage: 3, timestamp: 990 }),
    vehicle('nothing', run(4)),
    vehicle('no run', { occupancy: 'EMPTY' }),
  ])
  expect(occupancyOf(t, run(1))).toEqual({ status: 'FULL', measured: 1000 })
  expect(occupancyOf(t, run(2))).toEqual({ percentage: 0, measured: 1000 })
  expect(occupancyOf(t, run(3))).toEqual({ status: 'EMPTY', percentage: 3, measured: 990 })
  expect(t.counts.runs).toBe(3)
})

test('the newest of several vehicles counts, and none that fell silent', () => {
  const t = table(
    [
      vehicle('before', { ...run(1), occupancy: 'FULL', timestamp: 1700 }),
      vehicle('now', { ...run(1), occupancy: 'EMPTY', timestamp: 1900 }),
      vehicle('old', { ...run(2), occupancy: 'FULL', timestamp: 1099 }),
    ],
    2000,
  )
  expect(occupancyOf(t, run(1))?.status).toBe('EMPTY')
  expect(occupancyOf(t, run(2))).toBeUndefined()
})

test('levels rise from empty to full, by status before per cent', () => {
  expect(OCCUPANCY.map(status => crowding({ status, measured: 0 }))).toEqual([0, 0, 1, 2, 3, 4, 4, 4])
  expect([0, 34, 35, 60, 84, 85, 99, 100, 180].map(percentage => crowding({ percentage, measured: 0 }))).toEqual([
    0, 0, 1, 2, 2, 3, 3, 4, 4,
  ])
  expect(crowding({ status: 'EMPTY', percentage: 100, measured: 0 })).toBe(0)
})

test('carriages are those of the vehicle measured last, also when nothing is said of the whole', () => {
  const front = [{ label: 'A', occupancy: 'FULL' }, { label: 'B' }]
  const vehicles = [
    vehicle('elsewhere', { occupancy: 'EMPTY' }),
    vehicle('before', { ...run(1), carriages: [{ label: 'Z' }], timestamp: 990 }),
    vehicle('now', { ...run(1), carriages: front }),
    vehicle('whole', { ...run(2), occupancyPercentage: 40 }),
  ]
  const t = table(vehicles)
  expect(carriagesOf(t, vehicles, run(1))).toEqual(front)
  expect(occupancyOf(t, run(1))).toBeUndefined()
  expect(carriagesOf(t, vehicles, run(2))).toBeUndefined()
  expect(carriagesOf(t, vehicles, run(3))).toBeUndefined()
})

test('runs of which something else is said: begun, ended, changed, not measured again', () => {
  const state = (...vehicles: LiveVehicle[]) => ({ table: table(vehicles), vehicles })
  const carriages = (occupancy: string) => ({ carriages: [{ occupancy }] })
  const before = state(
    vehicle('same', { ...run(1), occupancy: 'FULL', ...carriages('FULL') }),
    vehicle('status', { ...run(2), occupancy: 'FULL' }),
    vehicle('ended', { ...run(3), occupancyPercentage: 5 }),
    vehicle('carriage', { ...run(5), ...carriages('FULL') }),
  )
  const after = state(
    vehicle('same', { ...run(1), occupancy: 'FULL', ...carriages('FULL'), timestamp: 1010 }),
    vehicle('status', { ...run(2), occupancy: 'EMPTY' }),
    vehicle('begun', { ...run(4), occupancyPercentage: 5 }),
    vehicle('carriage', { ...run(5), ...carriages('EMPTY') }),
  )
  expect(changedOccupancies(before, after).map(({ trip }) => trip)).toEqual([2, 3, 4, 5])
  expect(changedOccupancies(after, after)).toEqual([])
})

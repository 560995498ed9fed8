import { expect, test } from 'vitest'
import { DAY, parseDate, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import type { ZoneDay } from '#engine/horizon/days.ts'
import { dayKey } from '#engine/horizon/horizon.ts'
import { BufferPool } from '#workers/buffers.ts'
import { DayCache } from '#workers/day-cache.ts'
import { timetable } from '../helpers/timetable.ts'

const dates = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    new Date((parseDate(from)! + i) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', ''),
  )

// Two lines, one runs every day, the other on even days only: two kinds of day.
const all = dates('20260101', 60)
const { tt } = timetable(
  `S1   A 10:00   B 10:10   [days=${all.join(',')}]
   U2   A 11:00   B 11:10   [days=${all.filter((_, i) => i % 2 === 0).join(',')}]`,
)
const first = parseDate('20260101')!
const noon = (day: number): UnixSeconds => ((first + day) * DAY + DAY / 2) as UnixSeconds
const zoneDay = (day: number): ZoneDay => ({ zone: 0, day: first + day }) as unknown as ZoneDay
const has = (cache: DayCache, day: number): boolean => cache.days.has(dayKey(0, (first + day) as ServiceDay))

function cache(capacity = 4): { days: DayCache; pool: BufferPool } {
  const pool = new BufferPool(64)
  return { days: new DayCache(tt, pool, capacity, 0), pool }
}

test('the days around now are there, and days with equal services share one block', () => {
  const { days, pool } = cache()
  expect(days.moveTo(noon(20))).toBe(true)
  // at noon: from six hours ago (day 20's runs end at 11:10) to three days ahead
  expect([19, 20, 21, 22, 23, 24].map(day => has(days, day))).toEqual([false, true, true, true, true, false])
  expect(pool.inUse).toBe(2)
  const handles = days.handles()
  expect(new Set(handles.map(h => h.block)).size).toBe(2)
  expect(handles[0]!.block).toBe(handles[2]!.block)
  expect(days.moveTo(noon(20))).toBe(false)
})

test('the next day is there long before midnight', () => {
  const { days } = cache()
  days.moveTo(noon(20))
  const version = days.version
  days.moveTo((noon(20) + 11 * 3600) as UnixSeconds)
  expect(has(days, 21)).toBe(true)
  days.moveTo(noon(21))
  expect(has(days, 24)).toBe(true)
  expect(days.version).toBeGreaterThan(version)
})

test('far days are compiled on demand, the least recently wanted go first', () => {
  const { days } = cache(2)
  days.moveTo(noon(20))
  expect(days.ensure([zoneDay(40)])).toBe(true)
  expect(days.ensure([zoneDay(41)])).toBe(true)
  expect(days.ensure([zoneDay(40)])).toBe(false)
  days.ensure([zoneDay(42)])
  expect([40, 41, 42].map(day => has(days, day))).toEqual([true, false, true])
  expect(() => days.ensure([zoneDay(50), zoneDay(51), zoneDay(52)])).toThrow('TOO_LARGE')
})

test('asking for every day of two months keeps memory bounded', () => {
  const { days, pool } = cache(3)
  days.moveTo(noon(20))
  for (let day = 0; day < 60; day++) days.ensure([zoneDay(day)])
  expect(days.days.size).toBeLessThanOrEqual(4 + 3)
  expect(pool.made).toBe(2)
})

test('a block goes back to the pool when its last day has gone', () => {
  const single = timetable(`S1  A 10:00  B 10:10  [days=20260101]\nU2  A 10:00  B 10:10  [days=20260131]`)
  const pool = new BufferPool(8)
  const days = new DayCache(single.tt, pool, 1, 0)
  days.moveTo(noon(60))
  expect(pool.inUse).toBe(0)
  days.ensure([zoneDay(0)])
  days.ensure([zoneDay(30)])
  expect(pool.inUse).toBe(1)
  expect(pool.made).toBe(2)
  days.ensure([zoneDay(0)])
  expect(pool.made).toBe(2)
})

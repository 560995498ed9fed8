import assert from 'node:assert/strict'
import { test } from 'vitest'
import { journeys } from '../helpers/ask.ts'
import { timetable } from '../helpers/timetable.ts'

const utc = (text: string): number => Date.parse(text) / 1000
const times = (list: { departure: number; arrival: number }[]): string[] =>
  list.map(j => [j.departure, j.arrival].map(t => new Date(t * 1000).toISOString()).join(' '))

test('Friday’s night bus at 25:30 leaves on Saturday at 01:30', () => {
  const world = timetable('N1   A 25:30   B 25:50   [days=20260109]', { range: ['20260109', '20260111'] })
  assert.deepEqual(times(journeys(world, 'A', 'B', '25:00–26:00')), [
    '2026-01-10T01:30:00.000Z 2026-01-10T01:50:00.000Z',
  ])
})

test('S16 49:00 is two days later', () => {
  const world = timetable('N1   A 49:00   B 49:10   [days=20260109]', { range: ['20260109', '20260112'] })
  assert.deepEqual(times(journeys(world, 'A', 'B', '48:30–49:30')), [
    '2026-01-11T01:00:00.000Z 2026-01-11T01:10:00.000Z',
  ])
})

test('S13 a service day begins at noon − 12 h: 23:00 the day before when the clocks go forward', () => {
  // Europe/Berlin, 29 March 2026: 02:00 becomes 03:00; noon CEST is 10:00Z, so zero is 22:00Z on the 28th and 09:00 is 07:00Z
  const world = timetable('S1   A 09:00   B 09:20   [days=20260329]', { zone: 'Europe/Berlin' })
  const [j] = journeys(world, 'A', 'B', '06:00–08:00')
  assert.equal(j!.departure, utc('2026-03-29T07:00:00Z'))
})

test('a run that begins yesterday is caught today', () => {
  const world = timetable(
    `S1   A 23:50   B 24:20   C 24:50   [days=20260109]
     S1   A 06:00   B 06:30   C 07:00   [days=20260110]`,
  )
  assert.deepEqual(times(journeys(world, 'B', 'C', '24:10')), ['2026-01-10T00:10:00.000Z 2026-01-10T00:50:00.000Z'])
})

test('S28 frequencies: every 10 minutes while before the end, the template itself does not run', () => {
  const world = timetable('U3   A 06:00   B 06:20   [every 10m until 06:30]')
  assert.equal(journeys(world, 'A', 'B', '05:00–08:00').length, 3)
})

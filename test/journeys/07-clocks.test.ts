// S13: a service day begins twelve hours before its noon. One trip per row, in Berlin, whose clocks go from 01:00Z on an hour forward on
// 2026-03-29 and an hour back on 2026-10-25; when it really leaves was worked out by hand. Asked both ways: who leaves then, who arrives then.

import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { timetable } from '../helpers/timetable.ts'

const table = [
  // service day, time in the feed, when that is, what the clock on the wall shows
  ['midnight, as yesterday', '20260115', '24:00', '2026-01-15T23:00Z', '00:00'],
  ['midnight, as today', '20260116', '00:00', '2026-01-15T23:00Z', '00:00'],
  ['two nights later', '20260115', '49:30', '2026-01-17T00:30Z', '01:30'],
  ['spring: the day begins at 23:00', '20260329', '00:00', '2026-03-28T22:00Z', '23:00'],
  ['spring: the last minute of winter', '20260329', '02:59', '2026-03-29T00:59Z', '01:59'],
  ['spring: no clock shows two', '20260329', '03:00', '2026-03-29T01:00Z', '03:00'],
  ['spring: the afternoon is as ever', '20260329', '15:00', '2026-03-29T13:00Z', '15:00'],
  ['spring: the evening before goes on', '20260328', '26:30', '2026-03-29T01:30Z', '03:30'],
  ['autumn: the day begins at 01:00', '20261025', '00:00', '2026-10-24T23:00Z', '01:00'],
  ['autumn: two for the first time', '20261025', '01:30', '2026-10-25T00:30Z', '02:30'],
  ['autumn: two for the second time', '20261025', '02:30', '2026-10-25T01:30Z', '02:30'],
  ['autumn: the evening before goes on', '20261024', '26:30', '2026-10-25T00:30Z', '02:30'],
  ['autumn: the afternoon is as ever', '20261025', '15:00', '2026-10-25T14:00Z', '15:00'],
] as const

describe.each(table)('%s', (_, day, time, when, wall) => {
  const [hours, minutes] = time.split(':')
  const world = timetable(`S1  A ${time}  B ${hours}:${minutes}:59  [days=${day}]`, {
    zone: 'Europe/Berlin',
    range: [`${Number(day) - 2}`, `${Number(day) + 2}`],
  })
  const leaves = Date.parse(when) / 1000
  const ask = (time: number, arriveBy: boolean): readonly (readonly [number, number])[] =>
    plan(createPlanner(world.tt, world.footpaths), horizonOf(world.tt, world.footpaths), {
      ...queryDefaults,
      from: { kind: 'stop', stop: world.stop('A') },
      to: { kind: 'stop', stop: world.stop('B') },
      time: time as UnixSeconds,
      window: 0,
      arriveBy,
      minJourneys: 0,
      maxDirect: 0,
    }).itineraries.map(j => [j.departure, j.arrival])

  test(`S13 ${time} of ${day} is ${when}`, () => {
    const shown = new Date(leaves * 1000).toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin', timeStyle: 'short' })
    assert.equal(shown, wall)
    const ride = [[leaves, leaves + 59]]
    assert.deepEqual(ask(leaves, false), ride)
    assert.deepEqual(ask(leaves + 59, true), ride)
    assert.deepEqual(ask(leaves + 1, false), [])
    assert.deepEqual(ask(leaves + 58, true), [])
  })
})

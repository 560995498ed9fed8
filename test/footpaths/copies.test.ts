// S33: which of several rules holds for a change. One table row per line of the order in engine/footpaths/rules.ts: S1 comes to the station at
// 10:00, U2 leaves it every minute, and the minute at which the rider is on board tells which rule was kept.

import assert from 'node:assert/strict'
import { describe, expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { stopCopies } from '#engine/footpaths/copies.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import type { RideLeg } from '#engine/transit/journey.ts'
import { horizonOf, liveState, plannedRun } from '../helpers/horizon.ts'
import { timetable } from '../helpers/timetable.ts'

const minutes = Array.from({ length: 31 }, (_, i) => i)
const clock = (minute: number): string => `10:${String(minute).padStart(2, '0')}`

/** S1 and T1 come at 10:00; U2 leaves every minute from 10:00 to 10:30, its trips called m0, m1, m2 … */
const draw = (rules: string): string => `
  station Hbf: P1 P2
  walk P1–P2 120s
  change P1 120s
  S1   A 09:50   P1 10:00                 [id=s]
  S9   B 09:50   P1 10:00                 [id=t]
  ${minutes.map(m => `U2   P2 ${clock(m)}   C ${m + 31 < 60 ? `10:${m + 31}` : `11:${String(m - 29).padStart(2, '0')}`}   [id=m${m}]`).join('\n')}
  ${rules}`

/** The minute of U2's departure for who leaves A (or B), and the ride. */
function caught(rules: string, from = 'A', arriveBy = false): number | undefined {
  const world = timetable(draw(rules))
  const { itineraries } = plan(createPlanner(world.tt, world.footpaths), horizonOf(world.tt, world.footpaths), {
    ...queryDefaults,
    from: { kind: 'stop', stop: world.stop(from) },
    to: { kind: 'stop', stop: world.stop('C') },
    time: (world.day * 86_400 + (arriveBy ? 12 : 9) * 3600) as UnixSeconds,
    window: arriveBy ? 3 * 3600 : 0,
    arriveBy,
    minJourneys: 0,
    maxDirect: 0,
  })
  const ride = itineraries.map(j => j.legs.at(-1) as RideLeg).sort((a, b) => a.departure - b.departure)[0]
  return ride && ((ride.departure - world.day * 86_400) / 60) % 60
}

describe('S33: the more a rule names, the stronger it is', () => {
  // each rule is weaker than the one above it, and the first named gives more minutes than any other; without a rule it takes 2 minutes
  const ladder = [
    ['both trips', 'rule P1→P2 timed from=s to=m0', 0],
    ['a trip and a route', 'rule P1→P2 9m from=s to=U2', 9],
    ['one trip', 'rule P1→P2 11m from=s', 11],
    ['both routes', 'rule P1→P2 13m from=S1 to=U2', 13],
    ['one route', 'rule P1→P2 15m from=S1', 15],
    ['nothing but stops', '', 2],
  ] as const
  test.each(ladder.map(([what, , minute], i) => ({ what, minute, i })))('$what', ({ minute, i }) => {
    // the weakest first in the file, so that it is not the order that decides
    const rules = ladder
      .slice(i)
      .map(([, rule]) => rule)
      .reverse()
      .join('\n')
    assert.equal(caught(rules), minute)
  })

  test('the other order of trip and route is as strong', () => {
    assert.equal(caught('rule P1→P2 4m from=S1 to=m4\n rule P1→P2 20m from=s'), 4)
  })
  test('of equals one that names platforms is stronger than one for their station, then the first row', () => {
    assert.equal(caught('rule Hbf→Hbf 20m from=S1 to=U2\n rule P1→P2 5m from=S1 to=U2'), 5)
    assert.equal(caught('rule Hbf→P2 20m from=S1 to=U2\n rule P1→Hbf 5m from=S1 to=U2'), 20)
  })
  test('a station’s rule for routes is for all its platforms', () => {
    assert.equal(caught('rule Hbf→Hbf 7m from=S1 to=U2'), 7)
  })
  test('a rule is nobody else’s', () => {
    assert.equal(caught('rule P1→P2 7m from=S1 to=U2', 'B'), 2)
    assert.equal(caught('rule P1→P2 7m from=s to=U2', 'B'), 2)
  })
  test('arrive by keeps the same rules', () => {
    assert.equal(caught('rule P1→P2 7m from=S1 to=U2', 'A', true), 7)
    assert.equal(caught('rule P1→P2 never from=s', 'A', true), undefined)
  })
})

describe('S34, S36: the types', () => {
  test.each([
    ['0: as the walk takes', 'rule P1→P2 found from=S1', 2],
    ['1: the vehicle waits', 'rule P1→P2 timed from=S1', 0],
    ['2: its own time', 'rule P1→P2 6m from=S1', 6],
    ['3: not possible', 'rule P1→P2 never from=S1', undefined],
  ] as const)('%s', (_, rule, minute) => {
    assert.equal(caught(rule), minute)
  })

  test('4 and 5 are about staying seated and change nothing for who changes', () => {
    assert.equal(stopCopies(timetable(draw('')).tt).of.size, 0)
  })
})

test('a single trip that is not to be caught does not close its line', () => {
  // m2 is forbidden, m3 goes; who comes with S9 gets m2
  const rule = 'rule P1→P2 never from=S1 to=m2'
  assert.equal(caught(rule), 3)
  assert.equal(caught(rule, 'B'), 2)
})

test('the change that is guaranteed says so, others do not', () => {
  const world = timetable(draw('rule P1→P2 timed from=S1 to=m0'))
  const planner = createPlanner(world.tt, world.footpaths)
  const ask = (from: string, late: number) => {
    const late_ = {
      ...plannedRun(world.tt, world.trip('s'), world.day),
      calls: plannedRun(world.tt, world.trip('s'), world.day).calls.map(c => ({
        ...c,
        arrival: c.arrival + late,
        departure: c.departure + late,
      })),
    }
    const horizon = horizonOf(world.tt, world.footpaths, liveState(late > 0 ? [late_] : []))
    const { itineraries } = plan(planner, horizon, {
      ...queryDefaults,
      from: { kind: 'stop', stop: world.stop(from) },
      to: { kind: 'stop', stop: world.stop('C') },
      time: (world.day * 86_400 + 9 * 3600) as UnixSeconds,
      window: 0,
      minJourneys: 0,
      maxDirect: 0,
    })
    return itineraries.map(j => (j.legs.at(-1) as RideLeg).guaranteed ?? false)
  }
  expect(ask('A', 0)).toEqual([true])
  expect(ask('B', 0)).toEqual([false])
  // late by two minutes: m0 has gone, and with m4 nobody has made an appointment
  expect(ask('A', 120)).toEqual([false])
})

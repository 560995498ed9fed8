// A planner serves one query after another on the same memory, and some of them are given up half way. Whatever was asked before, the answer is
// that of a planner that was never asked anything.

import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { createPlanner, type Planner, plan } from '#engine/plan/plan.ts'
import { type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { type Random, random } from '../helpers/random.ts'
import { type Drawn, timetable } from '../helpers/timetable.ts'

const HOUR = 3600

function draw(r: Random, { tt, day }: Drawn): Query {
  const place = (): QueryPlace => ({ kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx })
  return {
    ...queryDefaults,
    from: place(),
    to: place(),
    time: (day * 86_400 + r.between(0, 24 * HOUR)) as UnixSeconds,
    arriveBy: r.chance(0.5),
    window: r.pick([0, 900, 7200, 4 * HOUR]),
    minJourneys: r.pick([0, 1, 3]),
    maxTravelTime: r.chance(0.7) ? 24 * HOUR : r.between(600, 7200),
    maxTransfers: r.between(0, 5),
    extend: r.pick(['auto', 'auto', 'earlier', 'later']),
    realtime: r.chance(0.8),
    transferTimes: { min: r.pick([0, 0, 300]), additional: r.pick([0, 60]), factor: r.pick([1, 1, 2]) },
    vias: Array.from({ length: r.pick([0, 0, 0, 1, 2]) }, () => ({ place: place(), stay: r.pick([0, 0, 300, 1200]) })),
  }
}

function answers(planner: Planner, horizon: Horizon, q: Query) {
  const { stats: _work, ...said } = plan(planner, horizon, q)
  return said
}

/** Asks, and after so many questions whether anybody still waits, nobody does. @returns whether that came about */
function giveUp(planner: Planner, horizon: Horizon, q: Query, patience: number): boolean {
  let asked = 0
  planner.state.isGivenUp = () => ++asked > patience
  try {
    plan(planner, horizon, q)
  } catch (error) {
    assert.match(String(error), /TIMEOUT/)
  } finally {
    planner.state.isGivenUp = () => false
  }
  return asked > patience
}

test('what was asked before leaves nothing behind, nor what was given up half way', () => {
  let [found, givenUp] = [0, 0]
  for (let seed = 1; seed <= 30; seed++) {
    const r = random(0xa6a1 + seed)
    const world = timetable(drawCity(r), { change: 60 })
    const { tt, footpaths } = world
    const horizons = [horizonOf(tt, footpaths), horizonOf(tt, footpaths, liveState(disturb(r, tt)))]
    const shared = createPlanner(tt, footpaths)
    for (let n = 0; n < 10; n++) {
      const horizon = r.pick(horizons)
      if (r.chance(0.3) && giveUp(shared, horizon, draw(r, world), r.between(0, 20))) givenUp++
      if (r.chance(0.2)) {
        const reach = draw(r, world)
        reachAll(shared, horizon, { ...reach, one: reach.from, maxTravelTime: 7200 })
      }
      const q = draw(r, world)
      const fresh = answers(createPlanner(tt, footpaths), horizon, q)
      assert.deepEqual(answers(shared, horizon, q), fresh, `seed ${seed}, question ${n}: ${JSON.stringify(q)}`)
      found += fresh.itineraries.length
    }
  }
  expect(found).toBeGreaterThan(300)
  expect(givenUp).toBeGreaterThan(30)
})

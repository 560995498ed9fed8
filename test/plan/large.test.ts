// A network is large by its number of stops, and then searched in another way (narrow.ts). A city among thousands of stops where nothing
// calls is answered as the city alone is, whoever asked before on the same planner.

import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { createPlanner, type Planner, plan } from '#engine/plan/plan.ts'
import { type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { LARGE } from '#engine/plan/side.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { answerSet } from '../helpers/reference.ts'
import { timetable } from '../helpers/timetable.ts'

const HOUR = 3600
const CITIES = 12

test(`a city among ${LARGE} stops is answered as the city alone, whoever asked before`, () => {
  let found = 0
  for (let seed = 1; seed <= CITIES; seed++) {
    const r = random(0x1a26e + seed)
    const drawing = drawCity(r)
    const alone = timetable(drawing, { change: 60 })
    const among = timetable(drawing, { change: 60, stops: LARGE })
    const stops = alone.tt.counts.stops - alone.tt.counts.roomStops
    const live = seed % 2 === 0 ? liveState(disturb(r, alone.tt)) : undefined
    const [small, large] = [alone, among].map(({ tt, footpaths }) => ({
      planner: createPlanner(tt, footpaths),
      horizon: horizonOf(tt, footpaths, live),
    })) as [World, World]
    // few ends, so that what is known of one is asked for again from elsewhere
    const ends = [r.below(stops), r.below(stops)]
    const place = (stop: number): QueryPlace => ({ kind: 'stop', stop: stop as StopIdx })
    for (let n = 0; n < 25; n++) {
      const [start, end] = [place(r.below(stops)), place(r.pick(ends))]
      const arriveBy = r.chance(0.4)
      const q: Query = {
        ...queryDefaults,
        from: arriveBy ? end : start,
        to: arriveBy ? start : end,
        time: (alone.day * 86_400 + r.between(0, 24 * HOUR)) as UnixSeconds,
        arriveBy,
        window: r.pick([0, 900, 2 * HOUR, 4 * HOUR]),
        minJourneys: r.pick([0, 1, 3]),
        maxTravelTime: r.chance(0.7) ? 24 * HOUR : r.between(600, 7200),
        maxTransfers: r.between(0, 5),
        wheelchair: r.pick(['no', 'no', 'yes-or-unknown']),
        wheelchairStops: r.pick(['no', 'no', 'yes-or-unknown']),
        vias: Array.from({ length: r.pick([0, 0, 0, 1]) }, () => ({
          place: place(r.below(stops)),
          stay: r.pick([0, 300]),
        })),
      }
      const expected = answers(small, q)
      assert.deepEqual(answers(large, q), expected, `seed ${seed}, question ${n}: ${JSON.stringify(q)}\n${drawing}`)
      found += expected.length
    }
  }
  expect(found).toBeGreaterThan(10 * CITIES)
})

interface World {
  readonly planner: Planner
  readonly horizon: Horizon
}

const answers = ({ planner, horizon }: World, q: Query): string[] =>
  answerSet(
    plan(planner, horizon, q).itineraries.map(j => ({
      departure: j.departure,
      arrival: j.arrival,
      rides: j.transfers + 1,
    })),
  )

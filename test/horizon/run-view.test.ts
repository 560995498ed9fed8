// Two readers of one run: object by object (runs.ts) and in place (run-view.ts).

import assert from 'node:assert/strict'
import { test } from 'vitest'
import type { TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { arrivalOf, canAlight, canBoard, departureOf, isSkipped, stopOf, viewRun } from '#engine/horizon/run-view.ts'
import { readRun } from '#engine/horizon/runs.ts'
import { frequencyShifts } from '#engine/timetable/frequencies.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { timetable } from '../helpers/timetable.ts'

test('both say the same of every run of 30 random cities, live or not', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const r = random(seed)
    const { tt, footpaths, day } = timetable(drawCity(r), { zone: 'Europe/Berlin' })
    const horizon = horizonOf(tt, footpaths, liveState(disturb(r, tt)))
    for (let t = 0; t < tt.counts.trips; t++)
      for (const shift of [0, ...frequencyShifts(tt, t as TripIdx)])
        for (const annotate of [true, false]) {
          const key = { trip: t as TripIdx, day: (day + (t % tt.counts.days)) as ServiceDay, shift }
          const view = viewRun(horizon, key, annotate)
          const { calls } = readRun(horizon, key, annotate)
          assert.equal(view.length, calls.length)
          calls.forEach((call, i) => {
            const { stop, arrival, departure, skipped, canBoard: boards, canAlight: alights } = call
            const seen = [stopOf(view, i), arrivalOf(view, i), departureOf(view, i), isSkipped(view, i)]
            assert.deepEqual(
              [...seen, canBoard(view, i), canAlight(view, i)],
              [...[stop, arrival, departure, skipped], ...[boards, alights]],
            )
          })
        }
  }
})

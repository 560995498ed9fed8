// The room for what realtime adds: rows are written again when nobody names them any more, and nothing of what stood there is left.

import { beforeEach, expect, test } from 'vitest'
import { NONE } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { extraTripsOf, likeTrip } from '#engine/live/extra-trips.ts'
import type { LiveStore } from '#engine/live/store.ts'
import { raw, say, storeOf } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'
import { added, event, T, tt } from './added.ts'

let store: LiveStore
beforeEach(() => {
  store = storeOf(tt)
})

test('a row written again has nothing of the longer line that it had before', () => {
  const lineOf = (name: string, encodedPolyline: string) => {
    const run = added(name).becomes({ shapeId: name }).stop(1, 'A').departure(event('10:00'))
    const shape = raw({ shape: { shapeId: name, encodedPolyline } })
    const { state } = say(store, { timestamp: T }, run.stop(2, 'C').arrival(event('10:10')), shape)
    const number = state.runs.runTrip[0 as never]!
    const begin = tt.counts.shapePoints + (number - tt.counts.trips) * tt.counts.roomPoints
    return { number, points: tt.shapeLat.subarray(begin, begin + tt.counts.roomPoints).indexOf(0) }
  }
  const long = lineOf('long', '_p~iF~ps|U_ulLnnqC_mqNvxq`@')
  expect(long.points).toBe(3)
  let short = { number: NONE, points: 0 }
  for (let i = 0; short.number !== long.number && i < tt.counts.roomTrips; i++)
    short = lineOf(`short${i}`, '_p~iF~ps|U_ulLnnqC')
  expect(short).toEqual({ number: long.number, points: 2 })
})

test('a day of changing added runs fits the room: what nobody names any more is written again', () => {
  for (let i = 0; i < 600; i++) {
    const time = T + 60 * (i % 500)
    say(
      store,
      { timestamp: T + i },
      added(`x${i}`)
        .stop(1, 'A')
        .departure({ time })
        .stop(2, 'C')
        .arrival({ time: time + 600 }),
    )
    expect(store.state.sources[0]!.rejected).toEqual({})
  }
  expect(store.extras.inUse).toBeLessThan(tt.counts.roomTrips / 8)
})

test('an id for which there is no room spoils no trip that may come back', () => {
  const fresh = timetable('S1   A 10:00   B 10:10')
  const extras = extraTripsOf(fresh.tt)
  const row = { ...likeTrip(fresh.tt, fresh.trip('S1')), headsign: 'Zoo' }
  // each number once, and given back
  const ids = Array.from({ length: fresh.tt.counts.roomTrips }, (_, i) => `n${i}`)
  for (const tripId of ids) extras.release(extras.claim({ ...row, tripId })!)
  expect(extras.claim({ ...row, tripId: 'x'.repeat(fresh.tt.counts.roomTextBytes + 1) })).toBeUndefined()
  expect(ids.map(tripId => textOf(fresh.tt, fresh.tt.tripId[extras.claim({ ...row, tripId })!]!))).toEqual(ids)
})

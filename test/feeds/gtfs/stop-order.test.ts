// Stops numbered along a curve are the same stops.

import assert from 'node:assert/strict'
import { test } from 'vitest'
import { NONE } from '#engine/core/ids.ts'
import { TimetableBuilder } from '#engine/timetable/builder.ts'
import { numberAlongCurve } from '#feeds/gtfs/stop-order.ts'
import { random } from '../../helpers/random.ts'

const [FIRST, STOPS, SIDE] = [3, 400, 20]

/** A square of stops in random order, 100 m apart, every tenth without a place; ids count up from 1 as a feed's do. */
function draw(): { builder: TimetableBuilder; indexOf: Uint32Array; ids: number[] } {
  const r = random(7)
  const builder = new TimetableBuilder()
  const add = (id: string, place?: number): number =>
    builder.addStop({
      feed: 0 as never,
      id: builder.text(id),
      name: builder.text(`name of ${id}`),
      zone: 0 as never,
      lat: place === undefined ? undefined : 500_000_000 + 10_000 * Math.floor(place / SIDE),
      lon: place === undefined ? undefined : 80_000_000 + 10_000 * (place % SIDE),
    })
  for (let i = 0; i < FIRST; i++) add(`another feed's ${i}`, i)
  const places = Array.from({ length: STOPS }, (_, i) => i).sort(() => r.below(2) - 0.5)
  const indexOf = new Uint32Array(STOPS + 2).fill(NONE)
  const ids = places.map((place, i) => {
    const id = `stop ${place}`
    indexOf[i + 1] = add(id, place % 10 === 0 ? undefined : place)
    return builder.text(id)
  })
  return { builder, indexOf, ids }
}

test('each stop keeps its row, and neighbours get neighbouring numbers', () => {
  const { builder, indexOf, ids } = draw()
  const { stopId, stopName, stopLat, stopLon, stopHasPosition } = builder.stops
  const rowOf = (stop: number): number[] =>
    [stopId, stopName, stopLat, stopLon, stopHasPosition].map(column => column.data[stop]!)
  const apart = (): number => {
    let sum = 0
    for (let stop = FIRST; stop + 1 < FIRST + STOPS - STOPS / 10; stop++)
      sum +=
        Math.abs(stopLat.data[stop]! - stopLat.data[stop + 1]!) +
        Math.abs(stopLon.data[stop]! - stopLon.data[stop + 1]!)
    return sum
  }
  const others = Array.from({ length: FIRST }, (_, stop) => rowOf(stop))
  const before = ids.map((_, i) => rowOf(indexOf[i + 1]!))
  const apartBefore = apart()
  numberAlongCurve(builder, FIRST, indexOf, 1)

  assert.deepEqual(
    ids.map((_, i) => rowOf(indexOf[i + 1]!)),
    before,
  )
  assert.deepEqual(
    Array.from({ length: FIRST }, (_, stop) => rowOf(stop)),
    others,
  )
  assert.equal(new Set(indexOf.subarray(1, STOPS + 1)).size, STOPS)
  assert.deepEqual([indexOf[0], indexOf[STOPS + 1]], [NONE, NONE])
  assert.ok(apart() < apartBefore / 5, `${apart()} of ${apartBefore}`)
  // those without a place are last
  for (let stop = FIRST; stop < FIRST + STOPS; stop++)
    assert.equal(stopHasPosition.data[stop], stop < FIRST + STOPS - STOPS / 10 ? 1 : 0)
})

test('a small feed keeps its order', () => {
  const { builder, indexOf } = draw()
  const before = indexOf.slice()
  numberAlongCurve(builder, FIRST, indexOf)
  assert.deepEqual(indexOf, before)
})

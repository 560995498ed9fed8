import { describe, expect, test } from 'vitest'
import type { FeedIdx } from '#engine/core/ids.ts'
import { buildLookup, findRoute, findStop, stopsInBox, stopsNear, tripByFeedId } from '#engine/timetable/lookup.ts'
import { openTimetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { sourceOf } from '#feeds/gtfs/source.ts'
import { filesOf, smallFeed } from '../helpers/gtfs.ts'
import { timetable } from '../helpers/timetable.ts'

describe('ids', () => {
  test('with the tag and, while one feed has them, without', () => {
    const { tt, stop, route } = timetable(`
      S1   A_x 10:00   B 10:10
      S2   B 10:00   test_B 10:10`)
    const l = buildLookup(openTimetable(tt.buffer))
    expect(findStop(l, 'test_A_x')).toBe(stop('A_x'))
    expect(findStop(l, 'A_x')).toBe(stop('A_x'))
    expect(findStop(l, 'test_B')).toBe(stop('B'))
    expect(findStop(l, 'test_test_B')).toBe(stop('test_B'))
    expect(findRoute(l, 'S2')).toBe(route('S2'))
    for (const id of ['', 'C', 'test_', 'other_B', '__proto__', 'test_C']) expect(findStop(l, id)).toBeUndefined()
  })

  test('that two feeds have need the tag', async () => {
    const source = () => sourceOf(filesOf(smallFeed))
    const { timetable: tt } = await loadGtfs([
      { tag: 'x', source: source() },
      { tag: 'y', source: source() },
    ])
    const l = buildLookup(tt)
    expect(findStop(l, 'A')).toBeUndefined()
    const [x, y] = [findStop(l, 'x_A')!, findStop(l, 'y_A')!]
    expect([tt.stopFeed[x], tt.stopFeed[y]]).toEqual([0, 1])
    const trips = [0, 1].map(feed => tripByFeedId(l, feed as FeedIdx, 't2')!)
    expect(trips.map(trip => tt.tripFeed[trip])).toEqual([0, 1])
  })
})

test('places: near a point, nearest first, and in a box', () => {
  const { tt, stop } = timetable(`
    at A 51.5000,7.4000
    at B 51.5010,7.4000
    at C 51.5000,7.4100
    S1   A 10:00   B 10:10   C 10:20`)
  const l = buildLookup(tt)
  // B is 111 m north of A, C 692 m east
  const near = stopsNear(l, 515_000_000, 74_000_000, 200)
  expect(near.map(({ stop }) => stop)).toEqual([stop('A'), stop('B')])
  expect(near.map(({ metres }) => Math.round(metres))).toEqual([0, 111])
  expect(stopsNear(l, 515_000_000, 74_000_000, 693).length).toBe(3)
  expect(stopsInBox(l, { south: 514_990_000, west: 74_050_000, north: 515_020_000, east: 74_200_000 })).toEqual([
    stop('C'),
  ])
})

test('departures a day are counted over the calendar, and summed up to stations', () => {
  const { tt, stop } = timetable(`
    station S: A B
    S1   A 10:00   C 10:10   [days=20260110,20260111]
    S1   A 11:00   C 11:10   [days=20260110]
    S2   B 10:00   C 10:10   [days=20260113]
    U3   B 06:00   C 06:20   [days=20260110 every 10m until 07:00]`)
  const { departures } = buildLookup(tt)
  // four days: A 3, B 1 + 6
  expect([stop('A'), stop('B'), stop('S'), stop('C')].map(s => departures[s])).toEqual([0.75, 1.75, 2.5, 0])
})

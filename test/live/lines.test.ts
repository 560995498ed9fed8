// H7: the line on the map that trip_properties.shape_id gives a run, wherever a rider sees it.

import { describe, expect, test } from 'vitest'
import { encodePolyline, toE7 } from '#engine/core/geo.ts'
import { pointsOf } from '#engine/live/lines.ts'
import { packSigns, unpackSigns } from '#engine/live/signs.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { encodeHorizon } from '#feeds/realtime/encode.ts'
import { load } from '../helpers/gtfs.ts'
import { apply, type Entity, raw, say, storeOf, trip, vehicle } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { timetable } from '../helpers/timetable.ts'

//   A ───── B ───── C      planned: no shape, from stop to stop
//    ╲__ ___╱               told: by way of 51.49, 7.405 between A and B
const world = timetable(`
  S1   A 10:00   B 10:10   C 10:20
  at A 51.5,7.4
  at B 51.5,7.41
  at C 51.5,7.42`)
const T = world.day * 86_400 + 9 * 3600 + 55 * 60
const RUN = '20260110_10:00_test_S1'
const way = [51.5, 7.4, 51.49, 7.405, 51.5, 7.41, 51.5, 7.42]
const shape = (points: readonly number[]): Entity =>
  raw({ shape: { shapeId: 'way', encodedPolyline: encodePolyline(points.map(toE7), 5) } })
const run = (shapeId = 'way') => trip('S1').becomes({ shapeId }).stop(1).delay(0)
const told = (...entities: Entity[]) => say(storeOf(world.tt), { timestamp: T }, ...entities).state
const line = (from: number, to: number, precision = 6) =>
  encodePolyline(way.slice(2 * from, 2 * to + 2).map(toE7), precision)
const straight = (...lons: number[]) =>
  encodePolyline(
    lons.flatMap(lon => [toE7(51.5), toE7(lon)]),
    6,
  )

describe('H7: a run of the timetable takes the line that realtime gives it', () => {
  test('on legs, on the trip’s page and on the map of what moves; its parts from stop to stop', async () => {
    const rider = riderOf(world, told(run(), shape(way)), T)
    expect((await rider.trip(RUN)).legGeometry.points).toBe(line(0, 3))
    const leg = async (from: string, to: string, query = '') =>
      (await rider.plan(from, to, query))[0]!.legs[0]!.legGeometry.points
    expect(await leg('A', 'B')).toBe(line(0, 2))
    expect(await leg('B', 'C')).toBe(line(2, 3))
    expect(await leg('A', 'B', 'realtimeMode=OFF')).toBe(straight(7.4, 7.41))
    const [ride] = await rider.moving(T + 420, T + 480)
    expect(ride!.polyline).toBe(line(0, 2, 5))
  })

  test('gone with the next message that does not say so', () => {
    const store = storeOf(world.tt)
    expect(say(store, { timestamp: T }, run(), shape(way)).signsChanged).toBe(true)
    const next = say(store, { timestamp: T + 30 }, trip('S1').stop(1).delay(0))
    expect([next.signsChanged, next.state.runSigns]).toEqual([true, []])
  })

  test('H8: one that is unknown or none costs the line only', async () => {
    for (const entities of [
      [run('nowhere'), shape(way)],
      [run()],
      [run(), raw({ shape: { shapeId: 'way', encodedPolyline: '?' } })],
    ]) {
      const state = told(...entities)
      expect(state.sources[0]!.warnings.bad_shape).toBeGreaterThan(0)
      expect((await riderOf(world, state, T).trip(RUN)).legGeometry.points).toBe(straight(7.4, 7.41, 7.42))
    }
  })

  test('a copy (DUPLICATED) as well', async () => {
    const copy = trip('S1')
      .is('DUPLICATED')
      .becomes({ tripId: 'copy', startDate: '20260110', startTime: '11:00:00', shapeId: 'way' })
      .stop('A')
      .delay(0)
    const rider = riderOf(world, told(copy, shape(way)), T)
    expect((await rider.trip('20260110_11:00_test_copy')).legGeometry.points).toBe(line(0, 3))
  })

  test('I5: a vehicle on it is on its route, and off it where it was planned', () => {
    const at = (latitude: number, longitude: number) =>
      told(run(), shape(way), vehicle('v', { trip: { tripId: 'S1' }, position: { latitude, longitude } })).vehicles[0]!
    expect([at(51.49, 7.405).offRoute, at(51.5, 7.405).offRoute]).toEqual([undefined, true])
  })

  test('a line finer than anybody sees loses points; one that many runs take is told once to all threads', () => {
    const fine = Array.from({ length: 5000 }, (_, i) => [51.5, 7.4 + i * 4e-6]).flat()
    const next = trip('S1#2').becomes({ shapeId: 'way' }).stop(1).delay(0)
    const two = timetable('S1   A 10:00   B 10:10   C 10:20\n    S1   A 11:00   B 11:10   C 11:20')
    const { runSigns } = say(storeOf(two.tt), { timestamp: T }, run(), next, shape(fine)).state
    expect(pointsOf(two.tt, runSigns![0]!.line!)).toMatchObject({ begin: 0, end: two.tt.counts.roomPoints })
    const packed = packSigns(runSigns!)
    expect([packed.runs.length, packed.lines.length]).toEqual([2, 1])
    expect(unpackSigns(JSON.parse(JSON.stringify(packed)))).toEqual(runSigns)
  })

  test('goes out again as it came in', () => {
    const state = told(run(), shape(way))
    const bytes = encodeHorizon(riderOf(world, state, T).horizon, undefined, T)
    expect(apply(storeOf(world.tt), bytes, T).state.runSigns).toEqual(state.runSigns)
  })
})

test('H7: a shape of the timetable is named by its id; the planned one is nothing to tell', async () => {
  const { tt: loaded } = await load({
    'trips.txt': 'route_id,service_id,trip_id,shape_id\nU1,wk,t1,plain\nU1,wk,t2,round\nB2,wk,t3,\n',
    'shapes.txt': `shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence
plain,51.5,7.4,1\nplain,51.5,7.42,2
round,51.5,7.4,1\nround,51.49,7.405,2\nround,51.5,7.41,3\nround,51.5,7.42,4\n`,
  })
  const tt = makeRoom(loaded)
  const made = Date.UTC(2026, 0, 5, 8) / 1000
  const said = (shapeId: string) =>
    say(storeOf(tt), { timestamp: made }, trip('t1', { startDate: '20260105' }).becomes({ shapeId }).stop(1).delay(0))
      .state
  expect(said('plain').runSigns).toEqual([])
  const state = said('round')
  const rider = riderOf({ tt, footpaths: world.footpaths, stop: world.stop }, state, made)
  expect((await rider.trip('20260105_10:00_x_t1')).legGeometry.points).toBe(line(0, 3))
  // also of a copy, whose original has a line of its own
  const copy = trip('t1')
    .is('DUPLICATED')
    .becomes({ tripId: 'copy', startDate: '20260105', startTime: '11:00:00', shapeId: 'round' })
    .stop('A')
    .delay(0)
  const copied = riderOf(
    { tt, footpaths: world.footpaths, stop: world.stop },
    say(storeOf(tt), { timestamp: made }, copy).state,
    made,
  )
  expect((await copied.trip('20260105_10:00_x_copy')).legGeometry.points).toBe(line(0, 3))
  const bytes = encodeHorizon(rider.horizon, undefined, made)
  expect(apply(storeOf(tt), bytes, made).state.runSigns).toEqual(state.runSigns)
})

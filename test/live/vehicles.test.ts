// Where the vehicles are (rules I).

import { describe, expect, test } from 'vitest'
import { readBoard } from '#api/live/board.ts'
import { carriageMembers } from '#api/render/occupancy.ts'
import type { View } from '#api/render/place.ts'
import { lineMembers } from '#api/render/run.ts'
import { encodePolyline } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { readRun } from '#engine/horizon/runs.ts'
import type { LiveState } from '#engine/live/state.ts'
import { usableRun, type Wishes } from '#engine/transit/options.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { alert, apply, type Entity, feedMessage, raw, say, storeOf, vehicle } from '../helpers/realtime.ts'
import { at, search } from '../helpers/search.ts'
import { journeyText } from '../helpers/text.ts'
import { timetable } from '../helpers/timetable.ts'

const T = Date.UTC(2026, 0, 10, 9) / 1000
const world = timetable(`
  S1   A 10:00   B 10:10   C 10:20
  B9   D 10:00   E 10:20`)
const { tt, trip: find, day } = world
const one = (position: Parameters<typeof vehicle>[1]) =>
  say(storeOf(tt), { timestamp: T }, vehicle('v', position)).state.vehicles[0]!
const warnings = (position: Parameters<typeof vehicle>[1]) =>
  say(storeOf(tt), { timestamp: T }, vehicle('v', position)).state.sources[0]!.warnings
const S1 = { tripId: 'S1', startDate: '20260110' }

test('I7: a vehicle on a run for which a TripUpdate names another one is counted, whoever said it', () => {
  const store = storeOf(tt, {}, {})
  const { state } = say(
    store,
    { timestamp: T },
    raw({
      tripUpdate: { trip: S1, vehicle: { id: 'v' }, stopTimeUpdate: [{ stopSequence: 1, departure: { delay: 0 } }] },
    }),
    vehicle('v', { trip: S1 }),
  )
  expect(state.sources[0]!.warnings.other_vehicle).toBeUndefined()
  const positions = feedMessage({ timestamp: T }, vehicle('w', { trip: S1 }))
  expect(apply(store, positions, T, 1).state.sources[1]!.warnings.other_vehicle).toBe(1)
})

test('I5: more than 200 m from its trip’s line, unless an alert tells of a detour', () => {
  const store = storeOf(tt)
  const shape = raw({ shape: { shapeId: 'line', encodedPolyline: encodePolyline([51.5e7, 7.4e7, 51.5e7, 7.42e7], 5) } })
  const run = raw({
    tripUpdate: {
      trip: { tripId: 'extra', routeId: 'S1', startDate: '20260110', scheduleRelationship: 8 },
      tripProperties: { shapeId: 'line' },
      stopTimeUpdate: ['A', 'B', 'C'].map((stopId, i) => ({
        stopSequence: i + 1,
        stopId,
        departure: { time: T + 600 * i },
      })),
    },
  })
  const away = (metres: number) =>
    vehicle('v', { trip: { tripId: 'extra' }, position: { latitude: 51.5 + metres / 111_195, longitude: 7.41 } })
  const notice = (effect: number) => alert('a', { effect, informedEntity: [{ routeId: 'S1' }] })
  const marked = (at: number, ...entities: Entity[]) => {
    const { vehicles, sources } = say(store, { timestamp: at }, shape, run, ...entities).state
    return [vehicles[0]!.offRoute, sources[0]!.warnings.off_route]
  }
  expect(marked(T, away(150))).toEqual([undefined, undefined])
  expect(marked(T + 1, away(250))).toEqual([true, 1])
  expect(marked(T + 2, away(250), notice(4))).toEqual([undefined, undefined])
  expect(marked(T + 3, away(250), notice(3))).toEqual([true, 1])
})

test('I16: of five, two are placed on their run; each of the others has its count', () => {
  const position = { latitude: 51.5, longitude: 7.4 }
  const { state } = say(
    storeOf(tt),
    { timestamp: T },
    vehicle('1', { trip: S1, position }),
    vehicle('2', { trip: S1, position }),
    vehicle('3', { trip: S1 }),
    vehicle('4', { position }),
    vehicle('5', { trip: { startDate: '20260110' }, position }),
  )
  expect(state.vehicles.filter(v => v.trip !== undefined && v.lat !== undefined)).toHaveLength(2)
  expect(state.sources[0]!).toMatchObject({ vehicles: 5, warnings: { no_position: 1, vehicle_without_run: 2 } })
})

describe('a vehicle', () => {
  test('with everything', () => {
    expect(
      one({
        trip: S1,
        vehicle: { id: 'internal', label: '4711' },
        position: { latitude: 51.5, longitude: 7.5, bearing: 90, speed: 12 },
        currentStopSequence: 2,
        currentStatus: 1,
        timestamp: T - 5,
        occupancyStatus: 0,
        occupancyPercentage: 120,
      }),
    ).toEqual({
      id: 'internal',
      source: 0,
      label: '4711',
      trip: find('S1'),
      day,
      shift: 0,
      lat: 515_000_000,
      lon: 75_000_000,
      bearing: 90,
      speed: 12,
      slot: 1,
      status: 'STOPPED_AT',
      timestamp: T - 5,
      occupancy: 'EMPTY',
      occupancyPercentage: 120,
    })
  })

  test('I1: without a trip it is on no run, and counted', () => {
    const { state } = say(
      storeOf(tt),
      { timestamp: T },
      vehicle('v', {}),
      vehicle('w', { trip: { tripId: 'unknown' } }),
    )
    expect(state.vehicles.map(v => [v.id, v.trip])).toEqual([
      ['v', undefined],
      ['w', undefined],
    ])
    expect(state.sources[0]).toMatchObject({ vehicles: 2, warnings: { vehicle_without_run: 2 } })
  })

  test('I2: a status needs a stop, and is IN_TRANSIT_TO when not given', () => {
    expect(one({ trip: S1, stopId: 'C' })).toMatchObject({ slot: 2, status: 'IN_TRANSIT_TO' })
    expect(one({ trip: S1, currentStatus: 1 })).not.toHaveProperty('status')
  })

  test('I3: measured when it says, else when the message was made', () => {
    expect(one({ timestamp: T - 40 })).toMatchObject({ timestamp: T - 40 })
    expect(one({})).toMatchObject({ timestamp: T })
  })

  test('I4: an impossible position is dropped, the rest is kept', () => {
    for (const [latitude, longitude] of [
      [0, 0],
      [91, 7],
      [51, 181],
      [Number.NaN, 7],
    ] as const)
      expect(one({ trip: S1, position: { latitude, longitude }, stopId: 'A' })).toMatchObject({ slot: 0 })
    expect(one({ position: { latitude: 91, longitude: 7 } })).not.toHaveProperty('lat')
    expect(one({ position: { latitude: 51, longitude: 7, bearing: 361 } })).not.toHaveProperty('bearing')
  })

  test('I4: a bearing that is none is counted', () => {
    const counted = (bearing: number) => warnings({ position: { latitude: 51, longitude: 7, bearing } }).bad_bearing
    expect([361, -1, 360, 0].map(counted)).toEqual([1, 1, undefined, undefined])
  })

  // S is a train, B a bus; 26 m/s are 93.6 km/h
  test.each([
    ['B9', 26, undefined],
    ['B9', 26.5, 1],
    ['B9', 200, 1],
    ['B9', -1, 1],
    ['S1', 26.5, undefined],
  ])('I4: %s that says it does %i m/s: implausible_vehicle_speed %s', (tripId, speed, count) => {
    const said = { trip: { ...S1, tripId }, position: { latitude: 51, longitude: 7, speed } }
    expect(warnings(said).implausible_vehicle_speed).toBe(count)
  })

  test.each([
    ['B9', 60, 1500, undefined],
    ['B9', 60, 1600, 1],
    ['B9', 10, 270, 1],
    ['B9', 9, 2000, undefined],
    ['S1', 60, 1600, undefined],
  ])('I4: %s that in %i s is %i m further: implausible_vehicle_speed %s', (tripId, seconds, metres, count) => {
    const store = storeOf(tt)
    const at = (timestamp: number, away: number) =>
      vehicle('v', {
        trip: { ...S1, tripId },
        timestamp,
        position: { latitude: 51 + away / 111_195, longitude: 7 },
      })
    say(store, { timestamp: T }, at(T, 0))
    const { sources, vehicles } = say(store, { timestamp: T + seconds }, at(T + seconds, metres)).state
    expect(sources[0]!.warnings.implausible_vehicle_speed).toBe(count)
    expect(vehicles[0]!.timestamp).toBe(T + seconds)
  })

  test('I3: a position without a time is counted', () => {
    expect([warnings({}).undated_position, warnings({ timestamp: T }).undated_position]).toEqual([1, undefined])
  })

  test.each([
    [{ currentStopSequence: 99 }, 1],
    [{ stopId: 'Z' }, 1],
    [{ stopId: 'A' }, undefined],
    [{}, undefined],
  ])('I12: at %o: vehicle_elsewhere %s', (where, count) => {
    expect(warnings({ trip: S1, ...where }).vehicle_elsewhere).toBe(count)
  })

  test('I8: its id is for machines: what riders read has the label', () => {
    const store = storeOf(tt)
    const position = { latitude: 51.5, longitude: 7.405 }
    const { state } = say(
      store,
      { timestamp: T },
      vehicle('secret', {
        trip: S1,
        vehicle: { id: 'secret', label: '4711' },
        position,
        multiCarriageDetails: [{ id: 'secret', label: 'car 1', carriageSequence: 1 }],
      }),
    )
    const horizon = horizonOf(tt, world.footpaths, state)
    const view: View = { horizon, version: 6, language: [], realtime: true, now: T as UnixSeconds }
    const board = readBoard(horizon, [world.stop('A')], T as UnixSeconds, [])
    expect(board.rows[0]).toMatchObject({ carriages: [{ label: 'car 1' }] })
    const run = readRun(horizon, { trip: find('S1'), day, shift: 0 })
    const read = [board, lineMembers(view, run), carriageMembers(view.horizon, run)]
    expect(JSON.stringify(read)).not.toContain('secret')
  })

  test('I9: what it says of wheelchairs counts on its run, on boards and in searches', () => {
    const access = timetable(`
      at A 51.5,7.40 wheelchair=1
      at C 51.5,7.42 wheelchair=1
      S1   A 10:00   B 10:10   C 10:20   [wheelchair=1]
      S1   A 10:05   B 10:15   C 10:25   [wheelchair=2]
      S1   A 10:10   B 10:20   C 10:30   [wheelchair=1]`)
    const on = (tripId: string, wheelchairAccessible: number) =>
      vehicle(tripId, { trip: { tripId, startDate: '20260110' }, vehicle: { id: tripId, wheelchairAccessible } })
    const store = storeOf(access.tt)
    const known = (state: LiveState, realtime = true) => {
      const horizon = horizonOf(access.tt, access.footpaths, state)
      const rows = readBoard(horizon, [access.stop('A')], T as UnixSeconds, []).rows.map(row => row.wheelchair)
      const query = { from: at(access.stop('A')), to: at(access.stop('C')), time: T, maxRides: 1, maxTravelTime: 7200 }
      const wishes: Wishes = { bikes: 'no', wheelchair: 'yes', wheelchairStops: 'yes' }
      const [first] = search(horizon, { ...query, wishes })
      const usable = usableRun(horizon, { ...wishes, realtime }, { trip: access.trip('S1'), day: access.day, shift: 0 })
      return [rows, first && journeyText(access.tt, first, access.day * 86_400), usable]
    }
    expect(known(store.state)).toEqual([[true, false, true], 'A 10:00 ~S1~ 10:20 C', true])
    const told = say(store, { timestamp: T }, on('S1', 3), on('S1#2', 2), on('S1#3', 1))
    expect(known(told.state)).toEqual([[false, true, true], 'A 10:05 ~S1~ 10:25 C', false])
    expect(known(told.state, false)[2]).toBe(true)
    expect([...told.changedStops]).toEqual([0, 1, 2])
    // the same word again, with another position, changes nothing
    expect(say(store, { timestamp: T + 1 }, on('S1', 3), on('S1#2', 2)).changedRuns).toBe(0)
    expect(known(say(store, { timestamp: T + 2 }).state)[0]).toEqual([true, false, true])
    // of two on one run the one measured last, whatever it says
    const measured = (id: string, wheelchairAccessible: number, timestamp: number) =>
      vehicle(id, { trip: { tripId: 'S1', startDate: '20260110' }, vehicle: { id, wheelchairAccessible }, timestamp })
    const both = (first: number, last: number, now: number) =>
      known(say(store, { timestamp: now }, measured('a', first, T), measured('b', last, T + 2)).state)[0]
    expect(both(3, 2, T + 3)).toEqual([true, false, true])
    expect(both(2, 3, T + 4)).toEqual([false, false, true])
  })

  test('I9, S31: where riders stay seated both trips have to be right for them, whichever the vehicle speaks of', () => {
    const seats = (second: 1 | 2) =>
      timetable(`
        at A 51.5,7.40 wheelchair=1
        at E 51.5,7.44 wheelchair=1
        U1   A 10:00   C 10:20   [block=x wheelchair=1]
        U2   C 10:22   E 10:40   [block=x wheelchair=${second}]
        change C 6h`)
    const found = (second: 1 | 2, ...words: [tripId: string, word: number][]) => {
      const { tt, footpaths, stop } = seats(second)
      const positions = words.map(([tripId, wheelchairAccessible], i) =>
        vehicle(`v${i}`, { trip: { tripId, startDate: '20260110' }, vehicle: { id: `v${i}`, wheelchairAccessible } }),
      )
      const { state } = say(storeOf(tt), { timestamp: T }, ...positions)
      const query = { from: at(stop('A')), to: at(stop('E')), time: T, maxRides: 2, maxTravelTime: 7200 }
      return search(horizonOf(tt, footpaths, state), {
        ...query,
        wishes: { bikes: 'no', wheelchair: 'yes', wheelchairStops: 'yes' },
      }).length
    }
    const [YES, NO] = [2, 3]
    expect([found(1), found(2)]).toEqual([1, 0])
    expect([found(1, ['U1', NO]), found(1, ['U2', NO]), found(1, ['U1', YES], ['U2', NO])]).toEqual([0, 0, 0])
    expect([found(2, ['U2', YES]), found(2, ['U1', YES]), found(2, ['U1', NO], ['U2', YES])]).toEqual([1, 0, 0])
  })

  test('I10: no data is not an occupancy', () => {
    expect(one({ occupancyStatus: 7 })).not.toHaveProperty('occupancy')
    expect(one({})).not.toHaveProperty('occupancy')
  })

  test('I11: carriages in the order of their numbers; when one is missing, none', () => {
    const position = { latitude: 51.5, longitude: 7.4 }
    const carriages = (...numbers: number[]) => {
      const details = numbers.map(n => ({ label: `car ${n}`, carriageSequence: n, occupancyPercentage: -1 }))
      const { state } = say(
        storeOf(tt),
        { timestamp: T },
        vehicle('v', { trip: S1, timestamp: T, position, multiCarriageDetails: details }),
      )
      return [state.vehicles[0]!.carriages, state.sources[0]!.warnings]
    }
    expect(carriages(2, 1)).toEqual([[{ label: 'car 1' }, { label: 'car 2' }], {}])
    expect(carriages(1, 3)).toEqual([undefined, { bad_carriages: 1 }])
  })

  test('I12: an unknown stop is no reason to drop it', () => {
    expect(one({ trip: S1, currentStopSequence: 99, position: { latitude: 51, longitude: 7 } })).toMatchObject({
      trip: find('S1'),
      lat: 510_000_000,
    })
  })
})

describe('vehicles', () => {
  test('I6: of two reports of one vehicle the newest counts', () => {
    const { state } = say(
      storeOf(tt),
      { timestamp: T },
      vehicle('v', { timestamp: T }),
      vehicle('v', { timestamp: T - 60 }),
    )
    expect(state.vehicles.map(v => v.timestamp)).toEqual([T])
    expect(state.sources[0]!.rejected).toEqual({ duplicate_vehicle: 1 })
  })

  test('I13: each message replaces them all', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, vehicle('v', {}), vehicle('w', {}))
    expect(say(store, { timestamp: T + 1 }, vehicle('w', {})).state.vehicles.map(v => v.id)).toEqual(['w'])
  })

  test('I14: an older position than the known one is ignored', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, vehicle('v', { timestamp: T - 5, position: { latitude: 51, longitude: 7 } }))
    const { state } = say(
      store,
      { timestamp: T + 1 },
      vehicle('v', { timestamp: T - 60, position: { latitude: 50, longitude: 7 } }),
    )
    expect(state.vehicles[0]).toMatchObject({ timestamp: T - 5, lat: 510_000_000 })
    expect(state.sources[0]!.rejected).toEqual({ older_position: 1 })
  })

  const seen = (timestamp: number, latitude: number) =>
    vehicle('e', { vehicle: { id: 'v' }, timestamp, position: { latitude, longitude: 7 } })

  test('I14: a position dated ahead is not taken, and holds off no right one', () => {
    const store = storeOf(tt)
    const after = (second: number, dated: number, latitude: number) => {
      const { vehicles, sources } = say(store, { timestamp: T + second }, seen(T + dated, latitude)).state
      return [vehicles[0]?.lat, sources[0]!.rejected.future_position, sources[0]!.rejected.older_position]
    }
    expect(after(0, 601, 50)).toEqual([undefined, 1, undefined])
    expect(after(1, 0, 51)).toEqual([510_000_000, undefined, undefined])
    expect(after(2, 7 * 86_400, 52)).toEqual([510_000_000, 1, undefined])
    expect(after(3, 3, 53)).toEqual([530_000_000, undefined, undefined])
    // within what K8 allows: taken, and given up for one of now
    expect(after(4, 600, 54)).toEqual([540_000_000, undefined, undefined])
    expect(after(5, 5, 55)).toEqual([550_000_000, undefined, undefined])
  })

  test.each([
    ['an hour, at once', 3600, 1],
    ['five minutes, the sixth time', 300, 6],
  ])('K1: a clock set back by %s: positions move on', (_case, back, times) => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, seen(T, 51))
    for (let n = 1; n < times; n++) say(store, { timestamp: T - back + n }, seen(T - back + n, 52))
    const { vehicles, sources } = say(store, { timestamp: T - back + times }, seen(T - back + times, 53)).state
    expect(vehicles).toMatchObject([{ lat: 530_000_000, timestamp: T - back + times }])
    expect(sources[0]!).toMatchObject({ rejected: {}, warnings: { clock_reset: 1 } })
  })
})

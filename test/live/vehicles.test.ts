// Where the vehicles are (rules I).

import { describe, expect, test } from 'vitest'
import { apply, feedMessage, raw, say, storeOf, vehicle } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const T = Date.UTC(2026, 0, 10, 9) / 1000
const { tt, trip: find, day } = timetable('S1   A 10:00   B 10:10   C 10:20')
const one = (position: Parameters<typeof vehicle>[1]) =>
  say(storeOf(tt), { timestamp: T }, vehicle('v', position)).state.vehicles[0]!
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

  test('I10: no data is not an occupancy', () => {
    expect(one({ occupancyStatus: 7 })).not.toHaveProperty('occupancy')
    expect(one({})).not.toHaveProperty('occupancy')
  })

  test('I11: carriages in the order of their numbers; when one is missing, none', () => {
    const carriages = (...numbers: number[]) => {
      const details = numbers.map(n => ({ label: `car ${n}`, carriageSequence: n, occupancyPercentage: -1 }))
      const { state } = say(storeOf(tt), { timestamp: T }, vehicle('v', { trip: S1, multiCarriageDetails: details }))
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
})

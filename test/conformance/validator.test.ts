// Cases of the GTFS-Realtime validator's rules (MobilityData, …/lib/test/rules/*Test.java), built messages told again: whatever its rules find
// is counted here by a word of ours, as often as there; what they let pass is not.

import { describe, expect, test } from 'vitest'
import type { LiveState } from '#engine/live/state.ts'
import { apply, type Entity, feedMessage, proto, say, storeOf, trip, tripBy, vehicle } from '../helpers/realtime.ts'
import { seconds, timetable } from '../helpers/timetable.ts'

const world = timetable(`
  station P: A
  B1   A 10:00   B 10:05   C 10:10   D 10:15   E 10:20          [direction=0]
  B2   A 10:00   B 10:05   A 10:10   C 10:15
  B3   A 06:00   B 06:20   [every 10m until 12:00]
  B4   A 06:00   B 06:20   [about every 10m until 12:00]`)
const T = world.day * 86_400 + seconds('09:00')
const told = (...entities: Entity[]): LiveState => say(storeOf(world.tt), { timestamp: T }, ...entities).state
/** Everything counted, refusals as 1. */
function found(state: LiveState): Record<string, number> {
  const { rejected, warnings, refused } = state.sources[0]!
  return { ...rejected, ...warnings, ...(refused !== undefined && { [refused]: 1 }) }
}
const counted = (...entities: Entity[]) => found(told(...entities))
const sequences = (...numbers: number[]) =>
  numbers.reduce((t, n) => t.stop(n).arrival({ delay: 60 }), trip('B1', { startDate: '20260110' }))
const ids = (tripId: string, ...stops: string[]) =>
  stops.reduce((t, id) => t.stop(id).arrival({ delay: 60 }), trip(tripId, { startDate: '20260110' }))
const header = (fields: object, ...entities: Entity[]) =>
  found(
    apply(
      storeOf(world.tt),
      proto.FeedMessage.encode({
        header: { gtfsRealtimeVersion: '2.0', incrementality: 0, timestamp: T, ...fields },
        entity: entities.map((e, i) => e.entity(String(i))),
      }).finish(),
      T,
    ).state,
  )
const good = sequences(1, 2)

describe('HeaderValidatorTest', () => {
  test.each([
    ['testE038: 1.0', { gtfsRealtimeVersion: '1.0' }, {}],
    ['testE038: 2.0', {}, {}],
    ['testE038: abcd', { gtfsRealtimeVersion: 'abcd' }, { version: 1 }],
    ['testE039: is_deleted in a full dataset', {}, { deleted_in_full_dataset: 1 }],
    ['testE049: no incrementality in 2.0', { incrementality: undefined }, { no_incrementality: 1 }],
    ['testE049: none in 1.0', { gtfsRealtimeVersion: '1.0', incrementality: undefined }, {}],
  ])('%s', (name, fields, expected) => {
    const entity = name.includes('E039') ? sequences(1, 2).isDeleted() : good
    expect(header(fields, entity)).toEqual(expected)
  })
})

describe('TimestampValidatorTest', () => {
  test.each([
    ['testE048: a timestamp', {}, {}],
    ['testE048: none in 2.0', { timestamp: undefined }, { no_timestamp: 1 }],
    ['testE001: milliseconds in the header', { timestamp: T * 1000 }, { bad_timestamp: 1 }],
    ['testE050: a minute ahead', { timestamp: T + 60 }, {}],
    ['testE050: more than a minute ahead', { timestamp: T + 61 }, { clock_skew: 1 }],
    ['testW008: 65 s old', { timestamp: T - 65 }, {}],
    ['testW008: 66 s old', { timestamp: T - 66 }, { old_message: 1 }],
  ])('%s', (_name, fields, expected) => {
    expect(header(fields, good)).toEqual(expected)
  })
  test('testE001: milliseconds at a stop', () => {
    expect(
      counted(
        trip('B1')
          .stop(1)
          .arrival({ time: T * 1000 })
          .stop(2)
          .delay(0),
      ),
    ).toMatchObject({ time_in_milliseconds: 1 })
  })
  const twice = (second: number, ...entities: Entity[]) => {
    const store = storeOf(world.tt)
    say(store, { timestamp: T }, good)
    return found(apply(store, feedMessage({ timestamp: second }, ...entities), T + 20).state)
  }
  test('testE017: the same time with other content', () => {
    expect(twice(T, sequences(1, 3))).toEqual({ same_timestamp: 1 })
  })
  test('testE018: back in time', () => {
    expect(twice(T - 1, sequences(1, 3))).toEqual({ went_backwards: 1 })
  })
  test('testE022, testE025: times that run back', () => {
    const at = (first: number, second: number) =>
      counted(
        trip('B1')
          .stop(1)
          .departure({ time: T + 3600 + first })
          .stop(2)
          .arrival({ time: T + 3600 + second }),
      )
    expect([at(0, 0), at(60, 0), at(600, 0)]).toEqual([{}, { repaired: 1 }, { times_run_back: 1 }])
  })
})

describe('StopTimeUpdateValidatorTest', () => {
  test.each([
    ['testE002: sequences 1, 5', sequences(1, 5), {}],
    ['testE002: sequences 1, 5, 3', sequences(1, 5, 3), { unsorted_stops: 1 }],
    ['testE036: sequences 1, 5, 5', sequences(1, 5, 5), { repeated_stop: 1 }],
    ['testE002noStopSequenceGtfsRt: stop_ids in order', ids('B1', 'A', 'B', 'D'), {}],
    ['testE002noStopSequenceGtfsRt: the first two swapped', ids('B1', 'B', 'A', 'C'), { unsorted_stops: 1 }],
    ['testE040: neither sequence nor stop_id', trip('B1').stop(1).delay(0).stop('').delay(0), { no_stop_ref: 1 }],
    ['testE041: no stop at all', trip('B1'), { no_updates: 1 }],
    ['testE041: no stop at all, CANCELED', trip('B1').cancelled(), {}],
    ['testE043: no arrival, no departure', trip('B1').stop(1).delay(0).stop(2), { no_times: 1 }],
    ['testE044: an arrival without time or delay', trip('B1').stop(1).delay(0).stop(2).arrival({}), { no_times: 1 }],
    ['testE045: sequence and stop_id agree', trip('B1').stop(2, 'B').delay(0), {}],
    ['testE045: they do not', trip('B1').stop(2, 'D').delay(0), { stop_mismatch: 1 }],
    ['testE051: a sequence that the trip does not have', sequences(1, 2, 9), { bad_stop_ref: 1 }],
  ])('%s', (_name, update, expected) => {
    expect(counted(update)).toEqual(expected)
  })
  test('testE009: a loop without sequences is taken in order of travel', () => {
    expect(counted(ids('B2', 'A', 'B', 'A', 'C'))).toEqual({})
  })
})

describe('TripDescriptorValidatorTest', () => {
  const on = (descriptor: object) =>
    tripBy({ startDate: '20260110', ...descriptor })
      .stop(1)
      .delay(0)
  test.each([
    ['testE003: a trip of the timetable', on({ tripId: 'B1' }), {}],
    ['testE003: one that it does not have', on({ tripId: '100' }), { trip_not_found: 1 }],
    ['testE004, testE035: another route', on({ tripId: 'B1', routeId: 'B2' }), { route_mismatch: 1 }],
    [
      'testE016: ADDED, and in the timetable',
      on({ tripId: 'B1', scheduleRelationship: 1 }),
      { trip_already_exists: 1 },
    ],
    ['testE020: a start_time that is none', on({ tripId: 'B1', startTime: '5:15:35' }), { start_time_mismatch: 1 }],
    ['testE021: a start_date that is none', on({ tripId: 'B1', startDate: '20170AA1' }), { bad_start_date: 1 }],
    ['testE023: the planned start', on({ tripId: 'B1', startTime: '10:00:00' }), {}],
    ['testE023: another start', on({ tripId: 'B1', startTime: '10:00:01' }), { start_time_mismatch: 1 }],
    ['testE024: the trip’s direction', on({ tripId: 'B1', directionId: 0 }), {}],
    ['testE024: the other one', on({ tripId: 'B1', directionId: 1 }), { direction_mismatch: 1 }],
    [
      'testE032: an alert about nothing',
      { entity: (id: string) => ({ id, alert: {} }) },
      { alert_without_selector: 1 },
    ],
  ])('%s', (_name, entity, expected) => {
    expect(counted(entity)).toEqual(expected)
  })
})

describe('FrequencyTypeZeroValidatorTest, FrequencyTypeOneValidatorTest', () => {
  const named = (tripId: string, descriptor: object) => trip(tripId, descriptor).stop(1).departure({ time: T })
  test.each([
    ['testE006: start_date and start_time', 'B4', { startDate: '20260110', startTime: '09:00:00' }, {}],
    ['testE006: no start_time', 'B4', { startDate: '20260110' }, { start_time_missing: 1 }],
    ['testE019: a multiple of the headway', 'B3', { startDate: '20260110', startTime: '09:00:00' }, {}],
    ['testE019: none', 'B3', { startDate: '20260110', startTime: '09:00:01' }, { freq_start_mismatch: 1 }],
  ])('%s', (_name, tripId, descriptor, expected) => {
    expect(counted(named(tripId, descriptor))).toEqual(expected)
  })
})

describe('VehicleValidatorTest, CrossFeedDescriptorValidatorTest, StopLocationTypeValidatorTest', () => {
  const at = (position: object, more: object = {}) =>
    vehicle('1', {
      trip: { tripId: 'B1', startDate: '20260110' },
      timestamp: T,
      position: { latitude: 51.5, longitude: 7.4, ...position },
      ...more,
    })
  test.each([
    ['testE026: a place on earth', at({}), {}],
    ['testE026: latitude 1000', at({ latitude: 1000 }), { bad_position: 1 }],
    ['testE026: longitude 1000', at({ longitude: 1000 }), { bad_position: 1 }],
    ['testE027: bearing 15', at({ bearing: 15 }), {}],
    ['testE027: bearing −1', at({ bearing: -1 }), { bad_bearing: 1 }],
    ['testE027: bearing 361', at({ bearing: 361 }), { bad_bearing: 1 }],
    ['testW004: 15 m/s', at({ speed: 15 }), {}],
    ['testW004: −10 m/s', at({ speed: -10 }), { implausible_vehicle_speed: 1 }],
    ['testW004: 31 m/s', at({ speed: 31 }), { implausible_vehicle_speed: 1 }],
    ['testE011: a stop that the timetable does not have', at({}, { stopId: 'Z' }), { vehicle_elsewhere: 1 }],
    [
      'testE015: a station where a stop is wanted',
      trip('B1').stop('P').delay(0),
      { bad_stop_refs: 1, bad_stop_ref: 1 },
    ],
  ])('%s', (_name, entity, expected) => {
    expect(counted(entity)).toEqual(expected)
  })
  test('testE052: one vehicle twice', () => {
    expect(counted(at({}), at({ bearing: 1 }))).toEqual({ duplicate_vehicle: 1 })
  })
  test('testE047: a trip update and a position that pair other vehicles with the trip', () => {
    const update: Entity = {
      entity: id => ({
        id,
        tripUpdate: {
          trip: { tripId: 'B1', startDate: '20260110' },
          vehicle: { id: '44' },
          stopTimeUpdate: [{ stopSequence: 1, departure: { delay: 0 } }],
        },
      }),
    }
    expect(counted(update, at({}))).toEqual({ other_vehicle: 1 })
  })
})

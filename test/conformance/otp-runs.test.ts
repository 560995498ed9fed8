// The same of runs as a whole: added, replaced, cancelled, refused, and vehicles' matching.

import { describe, expect, test } from 'vitest'
import { extraTexts, runText, say, storeOf, type TripBuilder, trip, tripBy, vehicle } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { seconds, timetable } from '../helpers/timetable.ts'
import { clock, HOURLY, MADE, rejected, run, T1, T2, told } from './otp.ts'

describe('AddedTest, AddedOnServiceDateTest, AddedThenRemovedTest, TripAlreadyExistsTest', () => {
  const world = timetable('S1   A 10:00   B 10:10   C 10:20', { range: ['20260110', '20260112'] })
  const at = (time: string, more: object = {}) => ({ time: clock(world, time), ...more })
  const added = (id = 'new', startDate = '20260110') => trip(id, { routeId: 'S1', startDate }).is('NEW')
  const whole = (update: TripBuilder) => update.stop(1, 'A').departure(at('08:30')).stop(2, 'C').arrival(at('08:40'))
  test('addedTrip', () => {
    expect(extraTexts(world.tt, told(world, whole(added())))).toEqual([
      'new 20260110 added: A 08:30/08:30!  C 08:40!/08:40~',
    ])
  })
  test('addedTripWithDelay: 08:35, 300 s late', () => {
    const state = told(
      world,
      added()
        .stop(1, 'A')
        .departure(at('08:35', { delay: 300 }))
        .stop(2, 'C')
        .arrival(at('09:10', { scheduledTime: clock(world, '09:00') })),
    )
    const trip = state.runs.runTrip[0 as never]!
    const planned = [0, 2].map(
      i => world.tt.tripStart[trip]! + world.tt.profileTimes[world.tt.tripProfile[trip]! + i + (i === 0 ? 1 : 0)]!,
    )
    expect(planned).toEqual([seconds('08:30'), seconds('09:00')])
  })
  test('addedTripWithUnknownStop in the middle: left out', () => {
    const update = added()
      .stop(1, 'A')
      .departure(at('08:30'))
      .stop(2, 'UNKNOWN')
      .arrival(at('08:35'))
      .stop(3, 'C')
      .arrival(at('08:40'))
    expect(extraTexts(world.tt, told(world, update))).toEqual(['new 20260110 added: A 08:30/08:30!  C 08:40!/08:40~'])
  })
  test('addedTripWithNoRouteId and an unknown one (deviation 4, F9: no run, unless the source may)', () => {
    expect(rejected(world, whole(trip('x', { startDate: '20260110' }).is('NEW')))).toEqual({ route_not_found: 1 })
    expect(rejected(world, whole(trip('x', { routeId: 'no', startDate: '20260110' }).is('NEW')))).toEqual({
      route_not_found: 1,
    })
  })
  test('addedTripWithSkippedStop', () => {
    const update = added().stop(1, 'A').departure(at('08:30')).stop(2, 'B').skipped().stop(3, 'C').arrival(at('08:40'))
    expect(extraTexts(world.tt, told(world, update))[0]).toContain('(B)')
  })
  test('repeatedlyAddedTrip: still one', () => {
    const store = storeOf(world.tt)
    for (let n = 0; n < 3; n++) say(store, { timestamp: clock(world, MADE) + n }, whole(added()))
    expect(store.state.runs.runs).toBe(1)
  })
  test('outside the service period: refused; on a day without service: taken', () => {
    expect(rejected(world, whole(added('x', '20250110')))).toEqual({ outside_service_period: 1 })
    expect(rejected(world, whole(added('x', '20270110')))).toEqual({ outside_service_period: 1 })
    const idle = added('x', '20260112')
      .stop(1, 'A')
      .departure({ time: clock(world, '08:30') + 2 * 86_400 })
      .stop(2, 'C')
      .arrival({ time: clock(world, '08:40') + 2 * 86_400 })
    expect(rejected(world, idle)).toEqual({})
  })
  test('added, then not in the next message: gone', () => {
    const store = storeOf(world.tt)
    say(store, { timestamp: clock(world, MADE) }, whole(added()))
    expect(say(store, { timestamp: clock(world, MADE) + 1 }).state.runs.runs).toBe(0)
  })
  test('a trip_id of the timetable: refused', () => {
    expect(rejected(world, whole(added('S1')))).toEqual({ trip_already_exists: 1 })
  })
})

describe('ReplacementTest', () => {
  const world = timetable('S1   A 08:30   B 08:40\n    S9   D 06:00   C 06:10', { days: ['20260110', '20260111'] })
  const at = (time: string) => ({ time: clock(world, time) })
  const update = trip('S1', { startDate: '20260110' })
    .is('REPLACEMENT')
    .becomes({ tripHeadsign: 'New Headsign' })
    .stop(1, 'A')
    .departure(at('08:30'))
    .stop(2, 'B')
    .arrival(at('08:45'))
    .departure(at('08:45'))
    .properties({ stopHeadsign: 'Changed Headsign' })
    .stop(3, 'C')
    .arrival(at('09:00'))
  test('replaceTripWithTimes: the day’s run is another, with other headsigns, the next day’s is not', async () => {
    const state = told(world, update)
    expect(extraTexts(world.tt, state)).toEqual(['S1 20260110 replaced: A 08:30/08:30!  B 08:45!  C 09:00!/09:00~'])
    const rider = riderOf(world, state, clock(world, '08:00'))
    const signs = async (stop: string) =>
      (await rider.stoptimes(stop)).map(row => [row.tripId.slice(0, 8), row.headsign])
    expect(await signs('A')).toEqual([
      ['20260110', 'New Headsign'],
      ['20260111', 'B'],
    ])
    expect(await signs('B')).toEqual([['20260110', 'Changed Headsign']])
    expect(rider.board('B').map(row => row.headsign)).toEqual(['Changed Headsign'])
    expect(runText(world.tt, state, world.trip('S1'), world.day)).toMatch(/^superseded/)
    expect(runText(world.tt, state, world.trip('S1'), (world.day + 1) as never)).toBeUndefined()
  })
})

describe('CancellationDeletionTest, CancelAfterPatternChangeTest', () => {
  test('CANCELED is shown struck through', () => {
    expect(run(HOURLY, 'S1', trip('S1').cancelled())).toMatch(/^cancelled/)
  })
  test('DELETED is shown nowhere', () => {
    expect(run(HOURLY, 'S1', trip('S1').is('DELETED'))).toMatch(/^deleted/)
  })
  test('of a trip that nobody knows: refused', () => {
    expect(rejected(HOURLY, trip('nobody').cancelled())).toEqual({ trip_not_found: 1 })
  })
  test('on a day on which it does not run: refused', () => {
    expect(rejected(HOURLY, trip('S1', { startDate: '20260115' }).cancelled())).toEqual({ no_service_on_date: 1 })
  })
  test('cancelled after a stop was skipped: all planned stops, cancelled', () => {
    const store = storeOf(HOURLY.tt)
    say(store, { timestamp: clock(HOURLY, MADE) }, trip('S1').stop(2).skipped())
    const { state } = say(store, { timestamp: clock(HOURLY, MADE) + 1 }, trip('S1').cancelled())
    expect(runText(HOURLY.tt, state, HOURLY.trip('S1'), HOURLY.day)).toBe(
      'cancelled: A 10:00  B 10:10  C 10:20  D 10:30',
    )
  })
  test('the list of cancelled runs has one entry', () => {
    const { runs } = told(HOURLY, trip('S1').cancelled())
    expect([runs.runs, runs.runState[0 as never]]).toEqual([1, 1])
  })
})

describe('rejection/*', () => {
  const on = (startDate: string) => trip('S1', { startDate }).stop(1).delay(0)
  test('InvalidInputTest: ten years before', () => {
    expect(rejected(T1, on('20160110'))).toEqual({ no_service_on_date: 1 })
  })
  test('InvalidInputTest: ten years after', () => {
    expect(rejected(T1, on('20360110'))).toEqual({ no_service_on_date: 1 })
  })
  test('MalformedStartDateTest', () => {
    expect(rejected(T1, on('January 24th 2026'))).toEqual({ bad_start_date: 1 })
  })
  test.each([[undefined], [''], ['  ']])('InvalidTripIdTest: %j', tripId => {
    const update = tripBy({ ...(tripId !== undefined && { tripId }), startDate: '20260110' })
      .stop(1)
      .delay(0)
    expect(rejected(T1, update)).toEqual({ invalid_descriptor: 1 })
  })
  test('UnknownTripTest', () => {
    expect(rejected(T1, trip('nobody').stop(1).delay(0))).toEqual({ trip_not_found: 1 })
  })
  test('InvalidStopRefTest, unknown sequence (deviation 2, C2: that stop only)', () => {
    expect(run(T2, 'S1', trip('S1').stop(1).delay(10).stop(99).delay(20).stop(3).delay(30))).toBe(
      'A 10:01:10!/10:01:11!  B 10:01:20~/10:01:21~  C 10:01:50!/10:01:51!',
    )
  })
  test('InvalidStopRefTest, neither sequence nor stop_id: nothing is left', () => {
    expect(rejected(T1, trip('S1').stop('').delay(0))).toEqual({ bad_stop_refs: 1 })
  })
  test('InvalidScheduledStopSequenceTest, 2 then 1 (deviation 2, C7: put in order)', () => {
    expect(run(T1, 'S1', trip('S1').stop(2).delay(2).stop(1).delay(1))).toBe(
      'A 10:00:11!/10:00:12!  B 10:00:22!/10:00:23!',
    )
  })
  test('InvalidScheduledStopSequenceTest, a negative one', () => {
    expect(rejected(T1, trip('S1').stop(0xffff_fffe).delay(0))).toEqual({ bad_stop_refs: 1 })
  })
  test('TooManyStopsTest (deviation 2, C2: those that are not the trip’s are skipped)', () => {
    expect(run(T1, 'S1', trip('S1').stop('A').delay(1).stop('B').delay(2).stop('X').delay(3))).toBe(
      'A 10:00:11!/10:00:12!  B 10:00:22!/10:00:23!',
    )
  })
  test('NegativeHopTime by more than two minutes', () => {
    expect(rejected(HOURLY, trip('S1').stop(1).delay(3000).stop(2).delay(0))).toEqual({ times_run_back: 1 })
  })
})

describe('RealtimeVehicleMatcherTest', () => {
  const evening = (days: readonly string[]) =>
    timetable('S1   A 18:00   B 18:05', { zone: 'America/New_York', days, range: ['20260401', '20260410'] })
  const dayOf = (days: readonly string[], now: string, position: object = {}) => {
    const world = evening(days)
    const timestamp = Date.parse(now) / 1000
    const { state } = say(
      storeOf(world.tt),
      { timestamp },
      vehicle('v', { trip: { tripId: 'S1' }, timestamp, position: { latitude: 51.5, longitude: 7.4 }, ...position }),
    )
    const day = state.vehicles[0]!.day
    return day === undefined ? undefined : new Date(day * 86_400_000).toISOString().slice(0, 10)
  }
  const daily = ['20260404', '20260405', '20260406', '20260407']
  test.each([
    ['2026-04-05T15:26:00-04:00', '2026-04-05'],
    ['2026-04-06T00:26:00-04:00', '2026-04-05'],
    ['2026-04-06T10:26:00-04:00', '2026-04-06'],
  ])('inferServiceDayOfTripAt6, at %s', (now, day) => {
    expect(dayOf(daily, now)).toBe(day)
  })
  test('a trip of one day: that day', () => {
    expect(dayOf(['20260405'], '2026-04-05T15:26:00-04:00')).toBe('2026-04-05')
  })
  test('a trip of no day nearby: no run', () => {
    expect(dayOf(['20260410'], '2026-04-05T15:26:00-04:00')).toBeUndefined()
  })
  test('invalidStopSequence: the position stays, without a stop', () => {
    const world = evening(daily)
    const timestamp = Date.parse('2026-04-05T18:01:00-04:00') / 1000
    const { state } = say(
      storeOf(world.tt),
      { timestamp },
      vehicle('v', {
        trip: { tripId: 'S1' },
        timestamp,
        currentStopSequence: 99,
        position: { latitude: 51.5, longitude: 7.4 },
      }),
    )
    expect(state.vehicles).toMatchObject([{ lat: 515000000 }])
    expect(state.vehicles[0]).not.toHaveProperty('slot')
  })
  test('clearOldTrips: a vehicle that is not in the next message is gone', () => {
    const world = evening(daily)
    const store = storeOf(world.tt)
    const timestamp = Date.parse('2026-04-05T18:01:00-04:00') / 1000
    say(store, { timestamp }, vehicle('v', { trip: { tripId: 'S1' } }))
    expect(
      say(store, { timestamp: timestamp + 30 }, vehicle('w', { trip: { tripId: 'S1' } })).state.vehicles.map(v => v.id),
    ).toEqual(['w'])
  })
})

// Cases of nigiri's tests (test/rt/*.cc), told again in small worlds; the expected times are theirs, to the second instead of the minute.

import { describe, expect, test } from 'vitest'
import { extraTexts, runText, say, storeOf, type TripBuilder, trip, tripBy, vehicle } from '../helpers/realtime.ts'
import { type Drawn, seconds, timetable } from '../helpers/timetable.ts'

const BERLIN = { zone: 'Europe/Berlin', days: ['20190503', '20190504'] }
const utc = (text: string): number => Date.parse(text) / 1000

function text(
  world: Drawn,
  made: number,
  date: string,
  id: string,
  ...updates: readonly TripBuilder[]
): string | undefined {
  const { state } = say(storeOf(world.tt), { timestamp: made }, ...updates)
  return runText(world.tt, state, world.trip(id), (utc(`${date}T00:00Z`) / 86_400) as never)
}
const matched = (world: Drawn, made: number, update: TripBuilder): number =>
  say(storeOf(world.tt), { timestamp: made }, update).state.sources[0]!.matched

describe('gtfsrt_skip_cancel_test.cc', () => {
  const world = timetable('S1   A 10:00   B 10:10   C 10:20   D 10:30   E 10:40   F 10:50')
  const made = world.day * 86_400
  test('gtfs_rt_skip: four of six stops skipped, the other two are served', () => {
    const update = trip('S1').stop(1).skipped().stop(2).skipped().stop(4).skipped().stop(6).skipped()
    expect(text(world, made, '2026-01-10', 'S1', update)).toBe(
      '(A) 10:00  (B) 10:10  C 10:20  (D) 10:30  E 10:40  (F) 10:50',
    )
  })
  test('gtfs_rt_skip, then CANCELED', () => {
    const store = storeOf(world.tt)
    say(store, { timestamp: made }, trip('S1').stop(1).skipped())
    expect(
      runText(world.tt, say(store, { timestamp: made + 1 }, trip('S1').cancelled()).state, world.trip('S1'), world.day),
    ).toMatch(/^cancelled/)
  })
  test('gtfs_rt_cancel: without any stop', () => {
    expect(text(world, made, '2026-01-10', 'S1', trip('S1').cancelled())).toMatch(/^cancelled/)
  })
  test('all but one skipped: cancelled', () => {
    const update = [1, 2, 3, 4, 5].reduce((t, n) => t.stop(n).skipped(), trip('S1'))
    expect(text(world, made, '2026-01-10', 'S1', update)).toMatch(/^cancelled/)
  })
})

describe('rt_delay_test.cc', () => {
  test('ten minutes late at the first, on time at the second', () => {
    const world = timetable('S1   A 10:00   B 11:00', { zone: 'Europe/Berlin', days: ['20190503'] })
    const update = trip('S1').stop(1).departure({ delay: 600 }).stop(2).arrival({ delay: 0 })
    expect(text(world, utc('2019-05-03T04:00Z'), '2019-05-03', 'S1', update)).toBe('A 10:00/10:10!  B 11:00!/11:00~')
  })
})

describe('gtfsrt_relative_test.cc', () => {
  test('gtfs_rt_relative (deviation 1, D11: what the producer states wins, unstated stops before it give way)', () => {
    const world = timetable('S1   A 10:00   B 11:00   C 12:00   D 13:00   E 14:00   F 15:00')
    const update = trip('S1').stop(3).delay(-5400).stop(5).arrival({ delay: -5460 }).departure({ delay: -5520 })
    expect(text(world, world.day * 86_400, '2026-01-10', 'S1', update)).toBe(
      'A 10:00  B 10:30  C 10:30!  D 11:30~  E 12:29!  F 13:28~',
    )
  })
})

describe('gtfsrt_resolve_trip_test.cc', () => {
  const world = timetable(
    `
    S1   A 49:00   B 50:00                [id=T1 direction=0]
    S2   A 00:30   B 01:00                [id=T2 direction=0]
    S3   A 10:00   B 11:00                [id=T3 direction=1]`,
    { ...BERLIN, range: ['20190501', '20190506'] },
  )
  const made = utc('2019-05-04T12:00Z')
  test('a start of 49:00:00', () => {
    expect(matched(world, made, trip('T1', { startDate: '20190503', startTime: '49:00:00' }).stop(1).delay(0))).toBe(1)
  })
  test('half past midnight local is still the day before in UTC', () => {
    expect(
      text(
        world,
        utc('2019-05-03T22:00Z'),
        '2019-05-04',
        'T2',
        trip('T2', { startDate: '20190504', startTime: '00:30:00' }).stop(1).delay(60),
      ),
    ).toBe('A 00:31!  B 01:01~')
  })
  test('neither date nor time', () => {
    expect(matched(world, made, trip('T3').stop(1).delay(0))).toBe(1)
  })
  test('route, direction, date and time, without a trip_id', () => {
    const update = tripBy({ routeId: 'S3', directionId: 1, startDate: '20190504', startTime: '10:00:00' })
      .stop('A')
      .departure({ time: utc('2019-05-04T08:01Z') })
    expect(matched(world, made, update)).toBe(1)
  })
  test('resolve_tz: Miami, an afternoon', () => {
    const miami = timetable('S1   A 15:15   B 15:45', { zone: 'America/New_York', days: ['20230803'] })
    expect(
      text(
        miami,
        utc('2023-08-03T15:00Z'),
        '2023-08-03',
        'S1',
        trip('S1', { startDate: '20230803', startTime: '15:15:00' })
          .stop(1)
          .departure({ time: utc('2023-08-03T19:16Z') }),
      ),
    ).toBe('A 15:15/15:16!  B 15:46~')
  })
  test('resolve_tz: Miami, 47:15', () => {
    const miami = timetable('S1   A 47:15   B 47:45', { zone: 'America/New_York', days: ['20230803'] })
    expect(
      matched(
        miami,
        utc('2023-08-05T01:00Z'),
        trip('S1', { startDate: '20230803', startTime: '47:15:00' }).stop(1).delay(0),
      ),
    ).toBe(1)
  })
  test('gtfs_rt_update, TU0: an arrival at the first stop moves all', () => {
    const two = timetable('S1   A 00:30   B 00:45/00:45   C 01:00', { zone: 'Europe/Berlin', days: ['20190504'] })
    expect(
      text(
        two,
        utc('2019-05-03T20:00Z'),
        '2019-05-04',
        'S1',
        trip('S1', { startDate: '20190504' }).stop(1).arrival({ delay: 900 }),
      ),
    ).toBe('A 00:45!/00:45~  B 01:00~  C 01:15~')
  })
  test('gtfs_rt_update, TU1: a time, then a delay', () => {
    const two = timetable('S1   A 00:30   B 00:45   C 00:45   D 01:00', { zone: 'Europe/Berlin', days: ['20190504'] })
    const update = trip('S1', { startDate: '20190504' })
      .stop(1)
      .departure({ time: utc('2019-05-03T22:35Z') })
      .stop(4)
      .delay(600)
    expect(text(two, utc('2019-05-03T20:00Z'), '2019-05-04', 'S1', update)).toBe(
      'A 00:30/00:35!  B 00:50~  C 00:50~  D 01:10!',
    )
  })
})

describe('gtfsrt_utc_12_test.cc: Pacific/Auckland', () => {
  const world = timetable(
    `
    R1   A 13:00   B 13:30   [id=T_RE1]
    R2   A 42:00   B 42:30   [id=T_42]
    R3   A 33:00   B 33:30   [id=T_33]
    R4   A 00:30   B 01:00   [id=T_0030]
    R5   A 13:00   B 13:30   [id=T_SUMMER days=20191103]`,
    { zone: 'Pacific/Auckland', days: ['20190503', '20190504'], range: ['20190502', '20191104'] },
  )
  const starts = (id: string, date: string, unix: string, made = unix): void => {
    const update = trip(id, { startDate: date.replaceAll('-', '') })
      .stop(1)
      .departure({ time: utc(unix) })
    const line = text(world, utc(made) - 3600, date, id, update)!
    const [planned, now] = /^A (\S+)!?/.exec(line)![1]!.split('/')
    expect([planned, now ?? `${planned}!`].map(t => t!.replace('!', ''))).toEqual([
      planned!.replace('!', ''),
      planned!.replace('!', ''),
    ])
  }
  test('winter: 13:00 is 01:00 UTC; one minute late is 01:31 at the second', () => {
    expect(
      text(
        world,
        utc('2019-05-03T00:00Z'),
        '2019-05-03',
        'T_RE1',
        trip('T_RE1', { startDate: '20190503' })
          .stop(2)
          .arrival({ time: utc('2019-05-03T01:31Z') }),
      ),
    ).toBe('A 13:00  B 13:31!/13:31~')
  })
  test('summer: 13:00 is 00:00 UTC', () => {
    expect(
      text(
        world,
        utc('2019-11-02T23:00Z'),
        '2019-11-03',
        'T_SUMMER',
        trip('T_SUMMER', { startDate: '20191103' })
          .stop(2)
          .arrival({ time: utc('2019-11-03T00:31Z') }),
      ),
    ).toBe('A 13:00  B 13:31!/13:31~')
  })
  test('42:00 of 3 May is 4 May 06:00 UTC', () => starts('T_42', '2019-05-03', '2019-05-04T06:00Z'))
  test('33:00 of 3 May is 3 May 21:00 UTC', () => starts('T_33', '2019-05-03', '2019-05-03T21:00Z'))
  test('00:30 of 4 May is 3 May 12:30 UTC', () => starts('T_0030', '2019-05-04', '2019-05-03T12:30Z'))
})

describe('ripta_test.cc', () => {
  const world = timetable(
    `
    S1   A 22:15   B 22:45   [id=T2215]
    S1   A 24:17   B 24:47   [id=T2417]
    S1   A 22:52   B 23:22   [id=T2252]`,
    { zone: 'America/New_York', days: ['20240511', '20240512'] },
  )
  test('22:15 of the day', () => {
    expect(
      matched(
        world,
        utc('2024-05-12T02:00Z'),
        trip('T2215', { startDate: '20240511', startTime: '22:15:00' }).stop(1).delay(0),
      ),
    ).toBe(1)
  })
  test('the calendar date and 00:17 for 24:17 of the day before', () => {
    const update = trip('T2417', { startDate: '20240512', startTime: '00:17:00' }).stop(1).delay(60)
    expect(text(world, utc('2024-05-12T04:00Z'), '2024-05-11', 'T2417', update)).toBe('A 24:18!  B 24:48~')
  })
  test('22:52 of the next day', () => {
    expect(
      text(
        world,
        utc('2024-05-13T02:00Z'),
        '2024-05-12',
        'T2252',
        trip('T2252', { startDate: '20240512', startTime: '22:52:00' }).stop(1).delay(0),
      ),
    ).toBe('A 22:52!  B 23:22~')
  })
})

describe('rt_block_id_test.cc: updates stay with their trip', () => {
  const world = timetable(
    `
    S1   A 23:00   B 23:30           [id=T1 block=x]
    S2   B 24:00   C 25:00   D 26:00 [id=T2 block=x]
    S3   D 26:00   E 27:00           [id=T3 block=x]`,
    { days: ['20060702'] },
  )
  const made = world.day * 86_400 + seconds('22:00')
  const updates = [
    trip('T1', { startDate: '20060702' }).stop(1).departure({ delay: 3600 }),
    trip('T2', { startDate: '20060702' }).stop(1).departure({ delay: 60 }).stop(2).arrival({ delay: 3600 }),
    trip('T3', { startDate: '20060702' }).stop(1).departure({ delay: 0 }),
  ]
  const state = () => say(storeOf(world.tt), { timestamp: made }, ...updates).state
  test('three successes', () => {
    expect(state().sources[0]!.matched).toBe(3)
  })
  test.each([
    ['T1', 'A 23:00/24:00!  B 24:30~'],
    ['T2', 'B 24:00/24:01!  C 26:00!/26:00~  D 27:00~'],
    ['T3', 'D 26:00/26:00!  E 27:00~'],
  ])('%s', (id, expected) => {
    expect(runText(world.tt, state(), world.trip(id), world.day)).toBe(expected)
  })
})

describe('gtfsrt_added_test.cc', () => {
  const world = timetable('S1   A 10:00   B 10:10   C 10:20   D 10:30   E 10:40', { days: ['20230810', '20230811'] })
  const made = utc('2023-08-10T08:00Z')
  const stop = (t: TripBuilder, n: number, id: string, time: number) =>
    t.stop(n, id).arrival({ time }).departure({ time })
  const three = (relationship: 'NEW' | 'ADDED', id = 'new') => {
    const update = trip(id, { routeId: 'S1', startDate: '20230810' }).is(relationship)
    stop(update, 1, 'E', 1691658900)
    stop(update, 2, 'D', 1691658960)
    return stop(update, 3, 'B', 1691745480)
  }
  const added = (...updates: readonly TripBuilder[]) => {
    const { state } = say(storeOf(world.tt), { timestamp: made }, ...updates)
    return [extraTexts(world.tt, state), state.sources[0]!.rejected]
  }
  const expected = 'new 20230810 added: E 09:15!  D 09:16!  B 33:18!'
  test('gtfs_rt_added: three stops, the last on the next day', () =>
    expect(added(three('ADDED'))).toEqual([[expected], {}]))
  test('gtfs_rt_new', () => expect(added(three('NEW'))).toEqual([[expected], {}]))
  test('gtfs_rt_new_existing_trip_id', () =>
    expect(added(three('NEW', 'S1'))).toEqual([[], { trip_already_exists: 1 }]))
  test('gtfs_rt_new_non_existing_stops', () => {
    const update = trip('new', { routeId: 'S1', startDate: '20230810' }).is('NEW')
    stop(update, 1, 'X', 1691658900)
    stop(update, 2, 'Y', 1691658960)
    expect(added(update)).toEqual([[], { stop_not_found: 1 }])
  })
  test('gtfs_rt_new_relative: delays alone are no times', () => {
    const update = trip('new', { routeId: 'S1', startDate: '20230810' })
      .is('NEW')
      .stop(1, 'A')
      .delay(60)
      .stop(2, 'B')
      .delay(60)
    expect(added(update)).toEqual([[], { times_missing: 1 }])
  })
  test('gtfs_rt_new_bare (deviation 4, F9: without date and route, where the source may)', () => {
    const update = stop(stop(trip('new').is('NEW'), 1, 'E', 1691658900), 2, 'D', 1691658960)
    const { state } = say(storeOf(world.tt, { addedWithoutRoute: true }), { timestamp: made }, update)
    expect(extraTexts(world.tt, state)).toEqual(['new 20230810 added: E 09:15!  D 09:16!'])
  })
  test('gtfs_rt_new, said again with other times', () => {
    const store = storeOf(world.tt)
    say(store, { timestamp: made }, three('NEW'))
    const again = trip('new', { routeId: 'S1', startDate: '20230810' }).is('NEW')
    stop(again, 1, 'E', 1691658900)
    stop(again, 2, 'B', 1691658960)
    expect(extraTexts(world.tt, say(store, { timestamp: made + 1 }, again).state)).toEqual([
      'new 20230810 added: E 09:15!  B 09:16!',
    ])
  })
})

describe('gtfsrt_rt_vehicle_position_test.cc', () => {
  test('five positions: two on a trip, one without place, one without trip, one of nobody’s', () => {
    const world = timetable('S1   A 10:00   B 10:10')
    const position = { latitude: 51.5, longitude: 7.4 }
    const { state } = say(
      storeOf(world.tt),
      { timestamp: world.day * 86_400 + seconds('10:05') },
      vehicle('1', { trip: { tripId: 'S1' }, position }),
      vehicle('2', { trip: { tripId: 'S1' }, position }),
      vehicle('3', { trip: { tripId: 'S1' } }),
      vehicle('4', { position }),
      vehicle('5', { trip: {}, position }),
    )
    expect(state.vehicles.filter(v => v.trip !== undefined && v.lat !== undefined)).toHaveLength(2)
    expect(state.sources[0]!.warnings).toMatchObject({ vehicle_without_run: 2 })
  })
})

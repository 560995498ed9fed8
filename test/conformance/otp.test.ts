// Cases of OpenTripPlanner’s own tests (application/src/test/…/updater), told again in small worlds; the expected times are theirs.

import { describe, expect, test } from 'vitest'
import { runText, say, storeOf, type TripBuilder, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'
import { clock, HOURLY, LOOP, MADE, run, T1, T2, told } from './otp.ts'

describe('DefaultForwardsDelayInterpolatorTest', () => {
  const line = timetable(
    `S1 ${Array.from({ length: 20 }, (_, i) => `s${i + 1} ${10 + Math.floor(i / 10)}:${String((i % 10) * 6).padStart(2, '0')}`).join('   ')}`,
  )
  const marks = (...updates: readonly TripBuilder[]): string =>
    run(line, 'S1', ...updates)!
      .split('  ')
      .map(call => /[!~.?]?$/.exec(call)![0] || '-')
      .join('')
  test('example1: a single 0/0 at the first stop, everything on time', () => {
    expect(marks(trip('S1').stop(1).delay(0))).toBe(`!${'~'.repeat(19)}`)
    expect(run(line, 'S1', trip('S1').stop(1).delay(0))).toContain('s20 11:54~')
  })
  test('example2: 300 s from the third, 60 s from the eighth, unknown from the tenth', () => {
    const update = trip('S1').stop(3).delay(300).stop(8).delay(60).stop(10).noData()
    expect(marks(update)).toBe(`--!~~~~!~${'?'.repeat(11)}`)
    expect(run(line, 'S1', update)).toMatch(/s7 10:41~ {2}s8 10:43!/)
  })
})

describe('DelayedTest', () => {
  test('singleStopSequence: one second late at the last of two stops', () => {
    expect(run(T1, 'S1', trip('S1').stop(2).delay(1))).toBe('A 10:00:10/10:00:11  B 10:00:21!/10:00:22!')
  })
  test('complexDelay: other delays of arrival and departure', () => {
    const update = trip('S1').stop(1).delay(0).stop(2).arrival({ delay: 60 }).departure({ delay: 80 }).stop(3).delay(90)
    expect(run(T2, 'S1', update)).toBe('A 10:01!/10:01:01!  B 10:02:10!/10:02:31!  C 10:02:50!/10:02:51!')
  })
  test('delayedDepartureThenNoData: the schedule gives way so that time does not run back', () => {
    const world = timetable('S1   A 10:00   B 10:05   C 10:10')
    expect(run(world, 'S1', trip('S1').stop(1).departure({ delay: 450 }).stop(2).noData())).toBe(
      'A 10:00/10:07:30!  B 10:07:30?  C 10:10?',
    )
  })
})

describe('CircularRouteStopIdTest', () => {
  const times = (...calls: [string, string][]) =>
    calls.reduce(
      (t, [stop, time]) =>
        t
          .stop(stop)
          .arrival({ time: clock(LOOP, time) })
          .departure({ time: clock(LOOP, time) }),
      trip('S1'),
    )
  test('all three stops in order', () => {
    expect(run(LOOP, 'S1', times(['A', '10:01'], ['B', '10:21'], ['A', '10:31']))).toBe('A 10:01!  B 10:21!  A 10:31!')
  })
  test('the second and the third', () => {
    expect(run(LOOP, 'S1', times(['B', '10:21'], ['A', '10:31']))).toBe('A 10:00  B 10:21!  A 10:31!')
  })
  test('the first and the second, the third follows', () => {
    expect(run(LOOP, 'S1', times(['A', '10:11'], ['B', '10:21']))).toBe('A 10:11!  B 10:21!  A 10:31~')
  })
})

describe('SkippedTest', () => {
  test('scheduledTripWithSkippedAndScheduled: a skipped stop is passed in between (E3)', () => {
    const update = trip('S1').stop(1).delay(0).stop(2).skipped().stop(3).delay(90)
    expect(run(T2, 'S1', update)).toBe('A 10:01!/10:01:01!  (B) 10:01:52~/10:01:58~  C 10:02:50!/10:02:51!')
  })
  test('scheduledTripWithPreviouslySkipped: said again without, the stop is served', () => {
    const store = storeOf(T2.tt)
    say(store, { timestamp: clock(T2, MADE) }, trip('S1').stop(2).skipped())
    const { state } = say(store, { timestamp: clock(T2, MADE) + 1 }, trip('S1').stop(2).delay(50))
    expect(runText(T2.tt, state, T2.trip('S1'), T2.day)).toBe(
      'A 10:01/10:01:01  B 10:02!/10:02:01!  C 10:02:10~/10:02:11~',
    )
  })
  test('skippedNoData: no data, skipped, no data', () => {
    expect(run(T2, 'S1', trip('S1').stop(1).noData().stop(2).skipped().stop(3).noData())).toBe(
      'A 10:01?/10:01:01?  (B) 10:01:10?/10:01:11?  C 10:01:20?/10:01:21?',
    )
  })
  test('SkippedWithRepeatedTimesTest: two stops in one minute, one of them skipped', () => {
    const world = timetable('S1   A 10:00   B 10:00   C 10:01')
    expect(run(world, 'S1', trip('S1').stop(2).skipped().stop(3).delay(0))).toBe('A 10:00  (B) 10:00  C 10:01!')
  })
})

describe('BackwardsEarlinessTest, NoArrivalTimeTest', () => {
  const three = timetable('S1   A 10:00   B 10:10   C 10:20')
  const at = (time: string) => ({ time: clock(three, time) })
  test('stops before the first word are pulled down, not back-filled', () => {
    expect(
      run(
        three,
        'S1',
        trip('S1').stop(1).noData().stop(2).noData().stop(3).arrival(at('10:09')).departure(at('10:09')),
      ),
    ).toBe('A 10:00?  B 10:09?  C 10:09!')
  })
  test('no data, no data, skipped, early', () => {
    const world = HOURLY
    const early = { time: clock(world, '10:19') }
    expect(
      run(
        world,
        'S1',
        trip('S1').stop(1).noData().stop(2).noData().stop(3).skipped().stop(4).arrival(early).departure(early),
      ),
    ).toBe('A 10:00?  B 10:10?  (C) 10:19?  D 10:19!')
  })
  test('without any word about earlier stops', () => {
    expect(run(three, 'S1', trip('S1').stop(3).arrival(at('10:09')).departure(at('10:09')))).toBe(
      'A 10:00  B 10:09  C 10:09!',
    )
  })
  test('departure only, early: the arrival is not behind it', () => {
    const two = timetable('S1   A 10:00   B 10:10   C 10:20')
    expect(run(two, 'S1', trip('S1').stop(1).departure(at('10:00')).stop(2).departure(at('10:09')))).toMatch(
      /^A 10:00\/10:00! {2}B 10:09~\/10:09!/,
    )
  })
  test('departure only, late', () => {
    expect(run(three, 'S1', trip('S1').stop(1).departure(at('10:00')).stop(2).departure(at('10:12')))).toMatch(
      /B 10:10~\/10:12!/,
    )
  })
})

describe('AssignedStopIdsTest', () => {
  const world = timetable(
    `
    station S: A D E
    S1   A 10:00   B 10:10`,
    { days: ['20260110', '20260111'] },
  )
  const assigned = (stop: string, time: string) =>
    trip('S1', { startDate: '20260110' })
      .stop(1)
      .departure({ time: clock(world, time) })
      .properties({ assignedStopId: stop })
  test('one platform, then another, then the planned one again', () => {
    const store = storeOf(world.tt)
    const after = (stop: string, time: string, n: number) =>
      runText(
        world.tt,
        say(store, { timestamp: clock(world, MADE) + n }, assigned(stop, time)).state,
        world.trip('S1'),
        world.day,
      )
    expect(after('D', '09:50', 1)).toBe('D 09:50/09:50!  B 10:00~')
    expect(after('E', '09:55', 2)).toBe('E 09:55/09:55!  B 10:05~')
    expect(after('A', '10:00', 3)).toBe('A 10:00/10:00!  B 10:10~')
  })
  test('two service days: the other one stays', () => {
    const state = told(world, assigned('D', '09:50'))
    expect(runText(world.tt, state, world.trip('S1'), (world.day + 1) as never)).toBeUndefined()
  })
  test('an unknown platform costs the assignment, not the time', () => {
    expect(run(world, 'S1', assigned('X', '10:01'))).toBe('A 10:00/10:01!  B 10:11~')
  })
})

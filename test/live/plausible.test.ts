// What cannot be is not believed: wormholes and updates of another run of the line (rules D24, D25).

import { describe, expect, test } from 'vitest'
import { runText, say, storeOf, type TripBuilder, trip } from '../helpers/realtime.ts'
import { seconds, timetable } from '../helpers/timetable.ts'

const DAY = Date.UTC(2026, 0, 10) / 1000
const at = (time: string): number => DAY + seconds(time)
// Stuttgart Hauptbahnhof, Frankfurt Jungmannstraße (about 150 km away) and two stops of the same town
const world = timetable(`
  S1   Stuttgart 10:00   Frankfurt 12:00   Main 12:05
  at Stuttgart 48.784,9.182
  at Frankfurt 50.113,8.674
  at Main 50.118,8.680`)

function told(update: TripBuilder, { tt, trip: find, day } = world) {
  const { state } = say(storeOf(tt), { timestamp: at('06:00') }, update)
  return [runText(tt, state, find('S1'), day), state.sources[0]!.rejected]
}

describe('D24: wormholes', () => {
  test('an added run from Stuttgart to Frankfurt in one minute is not there (mfdz/GTFS-Issues#192)', () => {
    const store = storeOf(world.tt, { addedWithoutRoute: true })
    const added = (minutes: number) =>
      trip(`437035-${minutes}`, { startDate: '20260110', startTime: '13:52:00' })
        .is('ADDED')
        .stop(0, 'Stuttgart')
        .departure({ time: at('13:52'), delay: 0 })
        .stop(1, 'Frankfurt')
        .arrival({ time: at('13:52') + 60 * minutes, delay: 0 })
        .departure({ time: at('13:52') + 60 * minutes, delay: 0 })
        .stop(2, 'Main')
        .arrival({ time: at('13:58') + 60 * minutes, delay: 0 })
    const { state } = say(store, { timestamp: at('13:50') }, added(1), added(60))
    expect([state.runs.runs, state.sources[0]!.rejected]).toEqual([1, { implausible_speed: 1 }])
  })

  test('nor is one of the timetable believed that gets there in a few minutes', () => {
    const update = trip('S1')
      .stop('Stuttgart')
      .departure({ time: at('11:45') })
      .stop('Frankfurt')
      .arrival({ time: at('11:50') })
    expect(told(update)).toEqual(['Stuttgart 10:00?  Frankfurt 12:00?  Main 12:05?', { implausible_speed: 1 }])
  })

  test('half an hour is fast and possible', () => {
    const update = trip('S1')
      .stop('Stuttgart')
      .departure({ time: at('11:20') })
      .stop('Frankfurt')
      .arrival({ time: at('11:50') })
    expect(told(update)).toEqual(['Stuttgart 10:00/11:20!  Frankfurt 11:50!/11:50~  Main 11:55~', {}])
  })

  test('stops whose place the timetable has wrong are not the feed’s fault', () => {
    const far = timetable(`
      S1   A 10:00   B 10:02   C 10:10
      at A 51.5,7.4
      at B 55.5,7.4
      at C 51.5,7.41`)
    const update = trip('S1').stop('A').delay(60).stop('B').delay(60).stop('C').delay(60)
    expect(told(update, far)).toEqual(['A 10:01!  B 10:03!  C 10:11!', {}])
  })
})

describe('D25: earliness', () => {
  // the trip of 17:23 was given the realtime of another one, 52 minutes before it (mfdz/GTFS-Issues#269)
  const line = timetable('S1   A 17:23   B 17:30   C 17:40')

  test('nothing leaves its first stop 52 minutes early', () => {
    const update = trip('S1').stop('A').departure({ delay: -3133 }).stop('B').delay(-3100)
    expect(told(update, line)).toEqual(['A 17:23?  B 17:30?  C 17:40?', { implausibly_early: 1 }])
  })

  test('a few minutes happen, and are told as they are', () => {
    const update = trip('S1').stop('A').departure({ delay: -240 }).stop('C').delay(-300)
    expect(told(update, line)).toEqual(['A 17:19/17:19!  B 17:26~  C 17:35!', {}])
  })

  test('one that left in time and runs early is not doubted', () => {
    const update = trip('S1').stop('A').departure({ delay: 0 }).stop('C').delay(-300)
    expect(told(update, line)).toEqual(['A 17:23/17:23!  B 17:30~  C 17:35!', {}])
  })

  test('lateness has no such bound', () => {
    const update = trip('S1').stop('A').departure({ delay: 3133 })
    expect(told(update, line)[1]).toEqual({})
  })
})

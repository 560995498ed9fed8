// Runs that the timetable does not have (rules F6–F17, F20–F22, H7–H8): in the live state, and what boards, searches and pages make of them.

import { beforeEach, describe, expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { createLiveStore, type LiveStore } from '#engine/live/store.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { sourceOf } from '#feeds/gtfs/source.ts'
import { filesOf, smallFeed } from '../helpers/gtfs.ts'
import { apply, type Entity, extraTexts, feedMessage, raw, runText, say, storeOf, trip } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { seconds, timetable } from '../helpers/timetable.ts'
import { added, clock, day, event, midnight, routes, T, tt, world } from './added.ts'

let store: LiveStore
beforeEach(() => {
  store = storeOf(tt)
})
const status = () => store.state.sources[0]!
describe('NEW and ADDED', () => {
  const whole = (id: string, relationship: 'NEW' | 'ADDED' = 'NEW') =>
    added(id, relationship)
      .stop(1, 'A')
      .departure(event('10:02'))
      .stop(2, 'C')
      .arrival(event('10:09', { delay: 60 }))
      .departure(event('10:10', { delay: 60 }))
      .stop(3, 'E')
      .arrival(event('10:21', { scheduledTime: clock('10:20') }))

  test.each(['NEW', 'ADDED'] as const)(
    'F6, F15, F22: %s runs, and the search of the same generation rides it',
    relationship => {
      const { state, changedStops } = say(store, { timestamp: T }, whole('extra', relationship))
      expect(extraTexts(tt, state)).toEqual(['extra 20260110 added: A 10:02/10:02!  C 10:09!/10:10!  E 10:21!/10:21~'])
      expect([...changedStops]).toEqual([world.stop('A'), world.stop('C'), world.stop('E')])
      expect(routes(state, 'A', 'E', '10:00')).toEqual(['A 10:02 ~U2~ 10:21 E'])
      // without it: over C
      expect(routes(say(store, { timestamp: T + 1 }).state, 'A', 'E', '10:00')).toEqual([
        'A 10:00 ~S1~ 10:20 C 10:25 ~U2~ 10:40 E',
      ])
    },
  )

  test('F8: planned is the scheduled time, else the time less its delay', () => {
    const { state } = say(store, { timestamp: T }, whole('extra'))
    const number = state.runs.runTrip[(state.runs.runs - 1) as never]!
    const profile = tt.tripProfile[number]!
    expect(
      [...tt.profileTimes.subarray(profile, profile + 6)].map(t => (t + tt.tripStart[number]! - seconds('10:00')) / 60),
    ).toEqual([2, 2, 8, 9, 20, 20])
  })

  test('F6: a trip_id of the timetable is no new trip', () => {
    say(
      store,
      { timestamp: T },
      added('S1').stop(1, 'A').departure(event('10:02')).stop(2, 'C').arrival(event('10:09')),
    )
    expect(status()).toMatchObject({ unmatched: 1, rejected: { trip_already_exists: 1 } })
  })

  test('F7: a stop that nobody knows is left out, but not the first or the last', () => {
    const stops = (...ids: string[]) =>
      ids.reduce((t, id, i) => t.stop(i + 1, id).departure(event(`10:0${i}`)), added(ids.join('')))
    expect(extraTexts(tt, say(store, { timestamp: T }, stops('A', 'X', 'C')).state)).toEqual([
      'AXC 20260110 added: A 10:00/10:00!  C 10:02~/10:02!',
    ])
    expect(status().warnings).toEqual({ bad_stop_ref: 1 })
    for (const bad of [stops('X', 'A', 'C'), stops('A', 'C', 'X')]) {
      const { state } = say(storeOf(tt), { timestamp: T }, bad)
      expect([state.runs.runs, state.sources[0]!.rejected]).toEqual([0, { stop_not_found: 1 }])
    }
  })

  test('F8: without an absolute time at a stop there is no run', () => {
    say(store, { timestamp: T }, added('x').stop(1, 'A').delay(60).stop(2, 'C').arrival(event('10:09')))
    expect(status().rejected).toEqual({ times_missing: 1 })
  })

  test('F9: a route that nobody knows; none at all only where the source may', () => {
    const bare = (rest: object) =>
      trip('x', { startDate: '20260110', ...rest })
        .is('NEW')
        .stop(1, 'A')
        .departure(event('10:00'))
        .stop(2, 'C')
        .arrival(event('10:09'))
    for (const rest of [{ routeId: 'nowhere' }, {}])
      expect(say(storeOf(tt), { timestamp: T }, bare(rest)).state.sources[0]!.rejected).toEqual({ route_not_found: 1 })
    const tolerant = storeOf(tt, { addedWithoutRoute: true })
    expect(say(tolerant, { timestamp: T }, bare({})).state.runs.runs).toBe(1)
  })

  test('F10, D13: days and times beyond the timetable', () => {
    const on = (startDate: string, time: number) =>
      trip('x', { routeId: 'U2', startDate })
        .is('NEW')
        .stop(1, 'A')
        .departure({ time })
        .stop(2, 'C')
        .arrival({ time: time + 600 })
    const reason = (startDate: string, time: number) =>
      say(storeOf(tt), { timestamp: T }, on(startDate, time)).state.sources[0]!.rejected
    expect(reason('20270110', T + 365 * 86_400)).toEqual({ outside_service_period: 1 })
    expect(reason('20260110', midnight + 49 * 3600)).toEqual({ outside_service_day: 1 })
    expect(reason('20260110', midnight + 47 * 3600)).toEqual({})
  })

  test('F11: said again with another stop it is another list, and still one run', () => {
    say(store, { timestamp: T }, whole('extra'))
    const { state } = say(
      store,
      { timestamp: T + 30 },
      added('extra').stop(1, 'A').departure(event('10:04')).stop(2, 'B').arrival(event('10:12')),
    )
    expect(extraTexts(tt, state)).toEqual(['extra 20260110 added: A 10:04/10:04!  B 10:12!/10:12~'])
  })

  test('B15: said twice in one message it is one', () => {
    expect(
      extraTexts(tt, say(store, { timestamp: T }, whole('extra'), whole('extra').withId('again')).state),
    ).toHaveLength(1)
    expect(status().rejected).toEqual({ duplicate_trip_update: 1 })
  })

  test('F12: it belongs to its source’s feed; two feeds’ trips of one name are two', async () => {
    // the second one's stops a degree to the north: the same names are other places
    const source = (north: string) =>
      sourceOf(filesOf({ ...smallFeed, 'stops.txt': smallFeed['stops.txt']!.replaceAll('51.5', north) }))
    const { timetable: loaded } = await loadGtfs([
      { tag: 'x', source: source('51.5') },
      { tag: 'y', source: source('52.5') },
    ])
    const two = makeRoom(loaded)
    const both = createLiveStore(two, [
      { tag: 'x', url: 'x:' },
      { tag: 'y', url: 'y:' },
    ])
    const made = Date.UTC(2026, 0, 5, 8) / 1000
    const extra = () =>
      trip('extra', { routeId: 'U1', startDate: '20260105' })
        .is('NEW')
        .stop(1, 'A')
        .departure({ time: made + 3660 })
        .stop(2, 'B')
        .arrival({ time: made + 4200 })
    apply(both, feedMessage({ timestamp: made }, extra()), made, 0)
    // to the other feed's source a run of that name is nobody's
    const strange = [trip('extra').stop('A').delay(60), trip('extra', { startDate: '20260105' }).cancelled()]
    const { runs, sources } = apply(both, feedMessage({ timestamp: made }, ...strange), made, 1).state
    expect([runs.runs, sources[1]!.rejected]).toEqual([1, { trip_not_found: 2 }])
    const { state } = apply(both, feedMessage({ timestamp: made + 1 }, extra()), made + 1, 1)
    for (const tag of ['x', 'y']) {
      const stop = (name: string) =>
        two.stopId.findIndex(
          (id, s) => textOf(two, id) === name && textOf(two, two.feedTag[two.stopFeed[s as StopIdx]]!) === tag,
        )
      const rider = riderOf({ tt: two, footpaths: world.footpaths, stop: stop as never }, state, made, tag)
      const added = (await rider.stoptimes('A')).filter(row => row.scheduled === false)
      expect(added.map(row => [row.tripId, row.place.stopId])).toEqual([[`20260105_09:01_${tag}_extra`, `${tag}_A`]])
      expect(rider.board('A').filter(row => row.state === 'new')).toHaveLength(1)
    }
  })

  test('F13: nothing goes faster than 100 m/s', () => {
    // A and E are four stops, some 2.8 km, apart
    say(store, { timestamp: T }, added('x').stop(1, 'A').departure(event('10:00')).stop(2, 'E').arrival(event('10:00')))
    expect(status().rejected).toEqual({})
    const far = timetable(`
      S1   A 10:00   B 12:00
      at A 51.5,7.4
      at B 52.5,13.4`)
    const { state } = say(
      storeOf(far.tt),
      { timestamp: T },
      trip('x', { routeId: 'S1', startDate: '20260110' })
        .is('NEW')
        .stop(1, 'A')
        .departure(event('10:00'))
        .stop(2, 'B')
        .arrival(event('10:30')),
    )
    expect(state.sources[0]!.rejected).toEqual({ implausible_speed: 1 })
  })

  test('F15: ADDED beside the NEW that it is counts once', () => {
    const { state } = say(store, { timestamp: T }, whole('extra', 'ADDED'), whole('extra'))
    expect(extraTexts(tt, state)).toHaveLength(1)
    expect(status().rejected).toEqual({ added_twice: 1 })
  })

  test('F15: an ADDED of that name on another day, or on another route, is another run', () => {
    const on = (relationship: 'NEW' | 'ADDED', date: string, rest: object = {}) => {
      const later = date === '20260111' ? 86_400 : 0
      return added('x', relationship, { startDate: date, ...rest })
        .stop(1, 'A')
        .departure({ time: clock('10:00') + later })
        .stop(2, 'C')
        .arrival({ time: clock('10:10') + later })
    }
    const heard = (...entities: Entity[]) => {
      const { state } = say(storeOf(tt), { timestamp: T }, ...entities)
      return [extraTexts(tt, state).map(text => text.slice(0, 10)), state.sources[0]!.rejected]
    }
    const twice = [['x 20260110'], { added_twice: 1 }]
    const both = [['x 20260110', 'x 20260111'], {}]
    expect(heard(on('NEW', '20260110'), on('ADDED', '20260111'))).toEqual(both)
    expect(heard(on('ADDED', '20260111'), on('NEW', '20260110'))).toEqual(both)
    // of a day that is not said the times tell; a route that is not said is any
    expect(heard(on('NEW', '20260110'), on('ADDED', '20260111', { startDate: '' }))).toEqual(both)
    expect(heard(on('NEW', '20260110'), on('ADDED', '20260110', { startDate: '' }))).toEqual(twice)
    expect(heard(on('NEW', '20260110', { startDate: '' }), on('ADDED', '20260110'))).toEqual(twice)
    expect(heard(on('NEW', '20260110'), on('ADDED', '20260110', { routeId: '' }))).toEqual(twice)
    expect(heard(on('NEW', '20260110'), on('ADDED', '20260110', { routeId: 'S1' }))).toEqual([
      ['x 20260110', 'x 20260110'],
      {},
    ])
  })

  test('F15: ADDED beside a DUPLICATED, by the name of the copy or of the trip that it copies', () => {
    const copy = trip('S1')
      .is('DUPLICATED')
      .becomes({ tripId: 'copy', startDate: '20260110', startTime: '10:30:00' })
      .stop('A')
      .delay(0)
    const old = (id: string, more: object = {}) =>
      added(id, 'ADDED', { startDate: '20260110', startTime: '10:30:00', ...more })
        .stop(1, 'A')
        .departure(event('10:30'))
        .stop(2, 'B')
        .arrival(event('10:40'))
    for (const again of [old('copy'), old('S1')]) {
      const { state } = say(storeOf(tt), { timestamp: T }, again, copy)
      expect(extraTexts(tt, state)).toEqual(['copy 20260110 added: A 10:30!  B 10:40~  C 10:50~  D 11:00~'])
      expect(state.sources[0]!.rejected).toEqual({ added_twice: 1 })
    }
    // without a date and without a time
    const bare = trip('S1').is('DUPLICATED').becomes({ tripId: 'copy', startTime: '10:30:00' }).stop('A').delay(0)
    expect(extraTexts(tt, say(storeOf(tt), { timestamp: T }, bare, old('copy')).state)).toHaveLength(1)
    const { state } = say(storeOf(tt), { timestamp: T }, copy, old('S1', { startDate: '20260111' }))
    expect(state.sources[0]!.rejected).not.toHaveProperty('added_twice')
  })

  test('F15: after midnight as well', () => {
    const night = (relationship: 'NEW' | 'ADDED', rest?: object) =>
      added('night', relationship, rest)
        .stop(1, 'A')
        .departure({ time: midnight + seconds('25:10') })
        .stop(2, 'C')
        .arrival({ time: midnight + seconds('25:20') })
    const { state } = say(store, { timestamp: T }, night('NEW'), night('ADDED', {}))
    expect(extraTexts(tt, state)).toEqual(['night 20260110 added: A 25:10/25:10!  C 25:20!/25:20~'])
    expect(status().rejected).toEqual({ added_twice: 1 })
  })

  test('F6, S13: without a date it belongs to the day that begins last before it, also when the clocks change', () => {
    const berlin = timetable('S1   A 10:00   B 10:10', {
      zone: 'Europe/Berlin',
      days: ['20261024', '20261025', '20261026'],
    })
    const on = (utc: number) => {
      const time = utc / 1000
      const run = trip('x', { routeId: 'S1' })
        .is('NEW')
        .stop(1, 'A')
        .departure({ time })
        .stop(2, 'B')
        .arrival({ time: time + 600 })
      return extraTexts(berlin.tt, say(storeOf(berlin.tt), { timestamp: time - 600 }, run).state)[0]?.slice(0, 25)
    }
    // the 25th begins at 01:00 CEST: 12 hours before its noon
    expect(on(Date.UTC(2026, 9, 24, 22, 30))).toBe('x 20261024 added: A 24:30')
    expect(on(Date.UTC(2026, 9, 24, 23, 30))).toBe('x 20261025 added: A 00:30')
    expect(on(Date.UTC(2026, 9, 25, 22, 30))).toBe('x 20261025 added: A 23:30')
  })

  test('F16: ADDED with a trip_id of the timetable is a copy at another time, or nothing', () => {
    const copy = (startTime: string) =>
      trip('S1', { startDate: '20260110', startTime })
        .is('ADDED')
        .stop('A')
        .departure(event('10:45', { delay: 0 }))
    expect(extraTexts(tt, say(store, { timestamp: T }, copy('10:45:00')).state)).toEqual([
      'S1@20260110T104500 20260110 added: A 10:45/10:45!  B 10:55~  C 11:05~  D 11:15~',
    ])
    say(store, { timestamp: T + 1 }, copy('10:00:00'))
    expect(status().rejected).toEqual({ trip_already_exists: 1 })
  })

  test('a stop that is skipped is passed; nobody left to serve is a cancelled run', () => {
    const { state } = say(
      store,
      { timestamp: T },
      added('x').stop(1, 'A').departure(event('10:00')).stop(2, 'C').skipped().stop(3, 'E').arrival(event('10:20')),
    )
    expect(extraTexts(tt, state)).toEqual(['x 20260110 added: A 10:00/10:00!  (C) 10:00~  E 10:20!/10:20~'])
  })
})

describe('REPLACEMENT', () => {
  const replaced = () =>
    trip('S1', { startDate: '20260110' })
      .is('REPLACEMENT')
      .becomes({ tripHeadsign: 'Changed' })
      .stop(1, 'A')
      .departure(event('10:00'))
      .stop(2, 'E')
      .arrival(event('10:15'))
      .departure(event('10:16'))
      .stop(3, 'D')
      .arrival(event('10:40'))

  test('F17: the run of that day is gone, the feed’s stop list runs instead; other days stay', () => {
    const { state } = say(store, { timestamp: T }, replaced())
    expect(extraTexts(tt, state)).toEqual(['S1 20260110 replaced: A 10:00/10:00!  E 10:15!/10:16!  D 10:40!/10:40~'])
    expect(runText(tt, state, world.trip('S1'), day)).toMatch(/^superseded: /)
    expect(routes(state, 'A', 'B', '9:50')).toEqual(['A 11:00 ~S1~ 11:10 B'])
    expect(routes(state, 'A', 'E', '9:50')).toEqual(['A 10:00 ~S1~ 10:15 E'])
    expect(runText(tt, state, world.trip('S1'), (day + 1) as never)).toBeUndefined()
  })

  test('F17: boards, trip and journeys show it under the planned run’s name with its own headsign, and the planned one nowhere', async () => {
    const { state } = say(store, { timestamp: T }, replaced())
    const rider = riderOf(world, state, T)
    const id = '20260110_10:00_test_S1'
    expect((await rider.stoptimes('A')).map(row => [row.tripId, row.headsign]).slice(0, 2)).toEqual([
      [id, 'Changed'],
      ['20260110_11:00_test_S1#2', 'D'],
    ])
    expect((await rider.stoptimes('B'))[0]!.tripId).toBe('20260110_11:00_test_S1#2')
    expect(rider.board('E')[0]).toMatchObject({ trip: id, headsign: 'Changed', state: 'replaced' })
    expect(rider.calls(id).run).toMatchObject({ trip: id, headsign: 'Changed', state: 'replaced' })
    expect(rider.calls(id).rows.map(row => row.stop)).toEqual(['test_A', 'test_E', 'test_D'])
    const [itinerary] = await rider.plan('A', 'E')
    expect(itinerary!.legs[0]).toMatchObject({ tripId: id, headsign: 'Changed', endTime: '2026-01-10T10:15:00Z' })
    // the day after it goes as ever
    const [next] = await rider.stoptimes('B', 'n=1&time=2026-01-11T10:00:00Z')
    expect(next).toMatchObject({ tripId: '20260111_10:00_test_S1', headsign: 'D', realTime: false })
  })

  test('F17: only of a run that there is', () => {
    say(
      store,
      { timestamp: T },
      trip('S1', { startDate: '20260115' }).is('REPLACEMENT').stop(1, 'A').departure(event('10:00')),
    )
    expect(status().rejected).toEqual({ no_service_on_date: 1 })
  })
})

describe('lines on the map', () => {
  const line = (encodedPolyline: string) => raw({ shape: { shapeId: 'way', encodedPolyline } })
  const run = () =>
    added('x').becomes({ shapeId: 'way' }).stop(1, 'A').departure(event('10:00')).stop(2, 'C').arrival(event('10:10'))

  test('H7, H8: a run’s own line; one that is none costs the line, not the run', () => {
    // Google's own example: (38.5, −120.2) (40.7, −120.95) (43.252, −126.453)
    const { state } = say(store, { timestamp: T }, run(), line('_p~iF~ps|U_ulLnnqC_mqNvxq`@'))
    const number = state.runs.runTrip[0 as never]!
    const begin = tt.geometryPoints[tt.geometryBegin[tt.tripGeometry[number]!]!]!
    expect([tt.shapeLat[begin], tt.shapeLon[begin]].map(v => v! / 1e7)).toEqual([38.5, -120.2])
    for (const bad of ['', '_p~iF~ps|U', 'ü', '_p~iF~ps|U~~~~~~~~~~~~']) {
      const { state } = say(storeOf(tt), { timestamp: T }, run(), line(bad))
      expect([state.runs.runs, state.sources[0]!.warnings]).toEqual([1, { bad_shape: 2 }])
    }
  })
})

test('A10: in any order, again and again, the same', () => {
  const entities = [
    added('n1').stop(1, 'A').departure(event('10:02')).stop(2, 'E').arrival(event('10:20')),
    trip('S1', { startDate: '20260110' }).stop(2).delay(60),
    trip('S1#2', { startDate: '20260110' })
      .is('REPLACEMENT')
      .stop(1, 'A')
      .departure(event('11:00'))
      .stop(2, 'E')
      .arrival(event('11:30')),
    trip('U2')
      .is('DUPLICATED')
      .becomes({ tripId: 'copy', startDate: '20260110', startTime: '10:35:00' })
      .stop('C')
      .delay(30),
  ]
  const expected = extraTexts(tt, say(store, { timestamp: T }, ...entities).state)
  expect(expected).toHaveLength(3)
  for (let turn = 1; turn < entities.length; turn++)
    expect(
      extraTexts(tt, say(storeOf(tt), { timestamp: T }, ...entities.slice(turn), ...entities.slice(0, turn)).state),
    ).toEqual(expected)
})

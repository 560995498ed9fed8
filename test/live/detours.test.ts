// TripModifications (rules H9–H19).

import { beforeEach, describe, expect, test } from 'vitest'
import { stopSequence } from '#api/render/run.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import { extraTripsIn } from '#engine/live/runs.ts'
import type { LiveStore } from '#engine/live/store.ts'
import { isExtraTrip } from '#engine/timetable/room.ts'
import { encodeHorizon } from '#feeds/realtime/encode.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { apply, extraTexts, feedMessage, raw, runText, say, storeOf, trip, tripBy } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { timetable } from '../helpers/timetable.ts'
import { day, event, routes, T, tt, world } from './added.ts'

let store: LiveStore
beforeEach(() => {
  store = storeOf(tt)
})
const status = () => store.state.sources[0]!

describe('TripModifications', () => {
  const detour = (more: object = {}, modification: object = {}) =>
    raw({
      id: 'm1',
      tripModifications: {
        selectedTrips: [{ tripIds: ['S1'] }],
        serviceDates: ['20260110'],
        modifications: [
          {
            startStopSelector: { stopSequence: 2 },
            endStopSelector: { stopSequence: 3 },
            propagatedModificationDelay: 120,
            replacementStops: [{ stopId: 'E', travelTimeToStop: 300 }, { stopId: 'new' }],
            ...modification,
          },
        ],
        ...more,
      },
    })
  const newStop = raw({
    stop: {
      stopId: 'new',
      stopName: { translation: [{ text: 'Neu', language: 'de' }] },
      stopLat: 51.5,
      stopLon: 7.415,
    },
  })

  test('H9, H12, H14, H15, H16: other stops, times from the stop before, what follows later', () => {
    const { state } = say(store, { timestamp: T }, newStop, detour())
    // E 300 s after A; "new" halfway between A 10:00 and D 10:32, two of three parts on
    expect(extraTexts(tt, state)).toEqual(['S1 20260110 replaced: A 10:00  E 10:05  new 10:21:20  D 10:32'])
    expect(runText(tt, state, world.trip('S1'), day)).toMatch(/^superseded/)
    expect(routes(state, 'A', 'E', '9:50')[0]).toBe('A 10:00 ~S1~ 10:05 E')
    expect(routes(state, 'A', 'B', '9:50')).toEqual(['A 11:00 ~S1~ 11:10 B'])
  })

  test('H5: on its detour a run says what its update has it say', async () => {
    const update = tripBy({ modifiedTrip: { modificationsId: 'm1', affectedTripId: 'S1', startDate: '20260110' } })
      .becomes({ tripHeadsign: 'Depot' })
      .stop(1)
      .delay(0)
      .stop(2)
      .delay(0)
      .properties({ stopHeadsign: 'by way of E' })
    const { state } = say(store, { timestamp: T }, newStop, detour(), update)
    const rider = riderOf(world, state, T)
    const [first] = await rider.stoptimes('A')
    expect([first!.tripId, first!.headsign]).toEqual(['20260110_10:00_test_S1', 'Depot'])
    expect(rider.board('E').map(row => row.headsign)[0]).toBe('by way of E')
  })

  test('H17: the detour is there whatever is wrong with what is said of it', () => {
    const plan = ['S1 20260110 replaced: A 10:00  E 10:05  new 10:21:20  D 10:32']
    const said = () => tripBy({ modifiedTrip: { modificationsId: 'm1', affectedTripId: 'S1', startDate: '20260110' } })
    for (const update of [said(), said().stop('nowhere').delay(60), said().stop(1)]) {
      const { state } = say(storeOf(tt), { timestamp: T }, newStop, detour(), update)
      expect(extraTexts(tt, state)).toEqual(plan)
    }
  })

  test('a detour without predictions goes out as it came in', () => {
    const stops = { replacementStops: [{ stopId: 'E', travelTimeToStop: 300 }] }
    const { state } = say(store, { timestamp: T }, detour({}, stops))
    const bytes = encodeHorizon(horizonOf(tt, world.footpaths, state), undefined, T)
    const again = apply(storeOf(tt), bytes, T).state
    expect(extraTexts(tt, again)).toEqual(extraTexts(tt, state))
    expect(runText(tt, again, world.trip('S1'), day)).toMatch(/^superseded/)
  })

  test('H10, H12: a trip named again and again, and more spans than it has stops, are not worth the work', () => {
    const many = detour({ selectedTrips: [{ tripIds: Array.from({ length: 50 }, () => 'S1') }] })
    say(store, { timestamp: T }, newStop, many)
    expect(status().rejected).toEqual({ second_modification: 49 })
    const modifications = Array.from({ length: 50 }, () => ({ startStopSelector: { stopSequence: 2 } }))
    say(store, { timestamp: T + 1 }, detour({ modifications }))
    expect(status().rejected).toEqual({ bad_modification: 2 })
  })

  test('H17: updates of the modified trip', () => {
    const update = tripBy({ modifiedTrip: { modificationsId: 'm1', affectedTripId: 'S1', startDate: '20260110' } })
      .stop(2)
      .delay(60)
    const { state } = say(store, { timestamp: T }, newStop, update, detour())
    expect(extraTexts(tt, state)).toEqual(['S1 20260110 replaced: A 10:00  E 10:06!  new 10:22:20~  D 10:33~'])
  })

  test('H17: updates of the trip as it was reach the stops that are left; H18: those of the modified one are stronger', () => {
    const old = trip('S1', { startDate: '20260110' }).stop(1).delay(60).stop(2).delay(90).stop(4).delay(180)
    const { state } = say(store, { timestamp: T }, newStop, old, detour())
    expect(extraTexts(tt, state)).toEqual(['S1 20260110 replaced: A 10:01!  E 10:06?  new 10:22:20?  D 10:35!'])
    const update = tripBy({ modifiedTrip: { modificationsId: 'm1', affectedTripId: 'S1', startDate: '20260110' } })
      .stop(1)
      .delay(0)
    expect(extraTexts(tt, say(store, { timestamp: T + 1 }, newStop, update, old, detour()).state)).toEqual([
      'S1 20260110 replaced: A 10:00!  E 10:05~  new 10:21:20~  D 10:32~',
    ])
  })

  test('a cancelled trip is cancelled on its detour', () => {
    const { state } = say(store, { timestamp: T }, newStop, detour(), trip('S1', { startDate: '20260110' }).cancelled())
    expect(extraTexts(tt, state)).toEqual(['S1 20260110 cancelled: A 10:00  E 10:05  new 10:21:20  D 10:32'])
  })

  test('H12: without an end nothing is replaced, stops are put in', () => {
    const { state } = say(
      store,
      { timestamp: T },
      detour({}, { endStopSelector: undefined, replacementStops: [{ stopId: 'E' }], propagatedModificationDelay: 60 }),
    )
    expect(extraTexts(tt, state)).toEqual(['S1 20260110 replaced: A 10:00  E 10:05:30  B 10:11  C 10:21  D 10:31'])
  })

  test('H10, H11, H12: what does not fit is counted, the run stays', () => {
    const reason = (entity: ReturnType<typeof raw>) =>
      say(storeOf(tt), { timestamp: T }, entity).state.sources[0]!.rejected
    expect(reason(detour({}, { startStopSelector: { stopSequence: 9 } }))).toMatchObject({ bad_modification: 2 })
    expect(reason(detour({}, { replacementStops: [{ stopId: 'nowhere' }] }))).toMatchObject({ bad_modification: 2 })
    expect(reason(detour({ selectedTrips: [{ tripIds: ['nobody'] }] }))).toMatchObject({ trip_not_found: 1 })
    const twice = say(store, { timestamp: T }, newStop, detour(), raw({ ...detour().entity('x'), id: 'm2' }))
    expect(twice.state.sources[0]!.rejected).toEqual({ second_modification: 1 })
    expect(extraTexts(tt, twice.state)).toHaveLength(1)
  })

  test('H11: with start_times it is about one trip, and about its runs at these times', () => {
    const { rejected } = say(
      storeOf(tt),
      { timestamp: T },
      detour({ startTimes: ['12:10:00'], selectedTrips: [{ tripIds: ['B4', 'S1'] }] }),
    ).state.sources[0]!
    expect(rejected).toEqual({ bad_modification: 1 })
    const over = {
      endStopSelector: undefined,
      startStopSelector: { stopSequence: 2 },
      replacementStops: [{ stopId: 'E' }],
    }
    const one = detour({ startTimes: ['12:10:00'], selectedTrips: [{ tripIds: ['B4'] }] }, over)
    const { state } = say(store, { timestamp: T }, one)
    expect(extraTexts(tt, state)).toEqual(['B4 20260110 replaced: A 12:10  E 12:26  D 12:42'])
    expect(runText(tt, state, world.trip('B4'), day, 600)).toMatch(/^superseded/)
    expect(runText(tt, state, world.trip('B4'), day, 1200)).toBeUndefined()
  })

  test('H13: its stops are numbered anew, from 1', () => {
    const { state } = say(store, { timestamp: T }, newStop, detour({}, { endStopSelector: { stopSequence: 2 } }))
    const [trip] = extraTripsIn(tt, state.runs) as [TripIdx]
    expect([0, 1, 2, 3, 4].map(i => stopSequence(tt, { trip }, i))).toEqual([1, 2, 3, 4, 5])
    const update = tripBy({ modifiedTrip: { modificationsId: 'm1', affectedTripId: 'S1', startDate: '20260110' } })
      .stop(4)
      .delay(60)
    const again = say(
      store,
      { timestamp: T + 1 },
      newStop,
      update,
      detour({}, { endStopSelector: { stopSequence: 2 } }),
    )
    expect(extraTexts(tt, again.state)[0]).toContain('C 10:23!')
  })

  test('H14: before the first stop, and nowhere else, a stop may come before its reference', () => {
    const from = (startStopSelector: object, travelTimeToStop: number) => {
      const stops = { startStopSelector, endStopSelector: undefined, propagatedModificationDelay: 0 }
      const entity = detour({}, { ...stops, replacementStops: [{ stopId: 'E', travelTimeToStop }] })
      const { state } = say(storeOf(tt), { timestamp: T }, entity)
      return [extraTexts(tt, state)[0], state.sources[0]!.rejected]
    }
    expect(from({ stopSequence: 1 }, -300)).toEqual([
      'S1 20260110 replaced: E 09:55  A 10:00  B 10:10  C 10:20  D 10:30',
      {},
    ])
    expect(from({ stopSequence: 2 }, -300)).toEqual([undefined, { bad_modification: 2 }])
  })

  test('H15: stops without a time of their own share the span evenly', () => {
    const stops = { replacementStops: [{ stopId: 'E' }, { stopId: 'E' }], propagatedModificationDelay: 0 }
    const { state } = say(store, { timestamp: T }, detour({}, stops))
    expect(extraTexts(tt, state)).toEqual(['S1 20260110 replaced: A 10:00  E 10:10  E 10:20  D 10:30'])
  })

  test('H16: delays of several modifications add up', () => {
    const one = (stopSequence: number, propagatedModificationDelay: number) => ({
      startStopSelector: { stopSequence },
      propagatedModificationDelay,
      replacementStops: [{ stopId: 'E', travelTimeToStop: 600 }],
    })
    const { state } = say(store, { timestamp: T }, detour({ modifications: [one(2, 60), one(4, 120)] }))
    expect(extraTexts(tt, state)).toEqual([
      'S1 20260110 replaced: A 10:00  E 10:10  B 10:11  C 10:21  E 10:31  D 10:33',
    ])
  })

  test('H20: a hundred detours are in the state that their message makes, and in what is searched', () => {
    const many = timetable(
      Array.from(
        { length: 100 },
        (_, i) => `L   A 10:${String(i % 60).padStart(2, '0')}   B 12:00   C 13:00   [id=t${i}]`,
      ).join('\n'),
    )
    const entities = Array.from({ length: 100 }, (_, i) =>
      raw({
        tripModifications: {
          selectedTrips: [{ tripIds: [`t${i}`] }],
          serviceDates: ['20260110'],
          modifications: [{ startStopSelector: { stopSequence: 2 }, endStopSelector: { stopSequence: 2 } }],
        },
      }),
    )
    const { state } = say(storeOf(many.tt), { timestamp: T }, ...entities)
    expect(extraTexts(many.tt, state).filter(text => / A 10:\d\d {2}C 13:00$/.test(text))).toHaveLength(100)
    const { live } = horizonOf(many.tt, many.footpaths, state)
    expect([...live.laneTrip].filter(trip => isExtraTrip(many.tt, trip))).toHaveLength(100)
  })

  test('H19: a REPLACEMENT of the run is stronger', () => {
    const replacement = trip('S1', { startDate: '20260110' })
      .is('REPLACEMENT')
      .stop(1, 'A')
      .departure(event('10:00'))
      .stop(2, 'D')
      .arrival(event('10:30'))
    const { state } = say(store, { timestamp: T }, newStop, detour(), replacement)
    expect(extraTexts(tt, state)).toEqual(['S1 20260110 replaced: A 10:00/10:00!  D 10:30!/10:30~'])
    expect(status().warnings).toEqual({ replaced_and_modified: 1 })
  })

  test('another source of the feed may speak of the run, whichever came first', () => {
    const two = storeOf(tt, {}, {})
    const update = () => feedMessage({ timestamp: T }, trip('S1', { startDate: '20260110' }).stop(1).delay(60))
    apply(two, update(), T, 1)
    apply(two, feedMessage({ timestamp: T }, newStop, detour()), T, 0)
    const expected = ['S1 20260110 replaced: A 10:01!  E 10:06?  new 10:22:20?  D 10:33~']
    apply(two, feedMessage({ timestamp: T + 1 }, trip('S1', { startDate: '20260110' }).stop(1).delay(60)), T + 1, 1)
    expect(extraTexts(tt, two.state)).toEqual(expected)
  })

  test('H9: a stop of the timetable’s name stays what it is', () => {
    say(
      store,
      { timestamp: T },
      raw({ stop: { stopId: 'A', stopName: { translation: [{ text: 'x' }] }, stopLat: 1, stopLon: 1 } }),
    )
    expect(status().warnings).toEqual({ stop_exists: 1 })
    expect(tt.stopLat[world.stop('A')]).toBe(515000000)
  })
})

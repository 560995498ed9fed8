import { describe, expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { buildFootpaths } from '#engine/footpaths/footpaths.ts'
import { LiveCompiler } from '#engine/horizon/compile-live.ts'
import { createLiveStore, publish } from '#engine/live/store.ts'
import { encodeHorizon } from '#feeds/realtime/encode.ts'
import { loadFeed } from '../conformance/feeds.ts'
import { appFor } from '../helpers/api.ts'
import { dataFile } from '../helpers/data.ts'
import { alert, apply, feedMessage, proto, raw, say, storeOf, trip, vehicle } from '../helpers/realtime.ts'
import { kingstonMessages } from '../helpers/replays.ts'
import { testService } from '../helpers/service.ts'
import { stateLines } from '../helpers/state-hash.ts'
import { at, city, iso } from './city.ts'

const NOON = at('9:00')
const text = (text: string) => ({ translation: [{ text }] })
const about = { informedEntity: [{ stopId: 'A' }], headerText: text('Bauarbeiten') }
const entities = () => [
  trip('S1', { startDate: '20260110' })
    .stop(1)
    .arrival({ time: NOON + 3660 })
    .departure({ time: NOON + 3720 })
    .fills(5)
    .stop(3)
    .skipped(),
  trip('S1#2', { startDate: '20260110' })
    .is('REPLACEMENT')
    .stop(1, 'A')
    .departure({ time: at('10:30') })
    .stop(2, 'D')
    .arrival({ time: at('10:50') }),
  trip('night', { startDate: '20260110' }).cancelled(),
  trip('U2', { startDate: '20260110' })
    .stop(1, 'H2')
    .delay(60)
    .properties({ assignedStopId: 'H1', pickupType: 3, dropOffType: 0 })
    .stop(2)
    .noData(),
  trip('extra', { routeId: 'U2', startDate: '20260110' })
    .is('NEW')
    .becomes({ tripHeadsign: 'Depot', tripShortName: 'E1' })
    .stop(1, 'A')
    .departure({ time: at('9:55'), delay: 60 })
    .properties({ stopHeadsign: 'Depot via E' })
    .stop(2, 'E')
    .arrival({ time: at('10:07') }),
  vehicle('v1', {
    trip: { tripId: 'S1' },
    position: { latitude: 51.5, longitude: 7.4 },
    timestamp: NOON,
    occupancyStatus: 2,
    vehicle: { id: 'v1', wheelchairAccessible: 2 },
    multiCarriageDetails: [{ carriageSequence: 1, label: 'a', occupancyStatus: 1 }],
  }),
  alert('a1', {
    informedEntity: [{ stopId: 'A' }],
    headerText: { translation: [{ text: 'Aufzug', language: 'de' }] },
    cause: 9,
    causeDetail: { translation: [{ text: 'Gleisbau', language: 'de' }] },
    effect: 11,
    effectDetail: { translation: [{ text: 'nur mit Treppen' }] },
    severityLevel: 3,
    ttsHeaderText: { translation: [{ text: 'Auf-zug' }] },
    activePeriod: [{ start: NOON }],
  }),
  alert('shown', { ...about, communicationPeriod: [{ start: NOON, end: NOON + 60 }] }),
  alert('holds', { ...about, impactPeriod: [{ start: NOON + 7 * 86_400 }] }),
  alert('both', { ...about, communicationPeriod: [{ end: NOON + 60 }], impactPeriod: [{ start: NOON + 90 }] }),
  alert('ever', about),
  raw({
    stop: {
      stopId: 'tmp',
      stopName: text('Ersatzhalt'),
      stopLat: 51.5,
      stopLon: 7.41,
      parentStation: 'Hbf',
      platformCode: text('7a'),
      wheelchairBoarding: 1,
    },
  }),
]

describe('GET /gtfsrt', () => {
  const store = storeOf(city.tt)
  const { state } = say(store, { timestamp: NOON }, ...entities())

  test('read by a second engine it makes the same state', async () => {
    const answer = await appFor(testService(city, NOON, state)).inject('/gtfsrt?tag=test')
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/x-protobuf'])
    const again = apply(storeOf(city.tt), answer.rawPayload, NOON).state
    const told = (lines: string[]) => lines.map(line => line.replace(/"id":"[^"]*"/, ''))
    expect(told(stateLines(city.tt, again))).toEqual(told(stateLines(city.tt, state)))
    expect(again.sources[0]).toMatchObject({ rejected: {}, warnings: {} })
  })

  test('J10: an alert goes out again with the words for its cause and effect', async () => {
    const { rawPayload } = await appFor(testService(city, NOON, state)).inject('/gtfsrt?tag=test')
    const [sent] = proto.FeedMessage.decode(rawPayload).entity.flatMap(({ alert }) => alert ?? [])
    expect(proto.Alert.toObject(sent as never)).toMatchObject({
      causeDetail: { translation: [{ text: 'Gleisbau', language: 'de' }] },
      effectDetail: { translation: [{ text: 'nur mit Treppen' }] },
      ttsHeaderText: { translation: [{ text: 'Auf-zug' }] },
      severityLevel: 3,
    })
  })

  const sent = async (of: typeof state, now = NOON) => {
    const { rawPayload } = await appFor(testService(city, now, of)).inject('/gtfsrt?tag=test')
    return proto.FeedMessage.decode(rawPayload).entity.map(entity => proto.FeedEntity.toObject(entity as never))
  }

  test('readers that know nothing but active_period show alerts when they are to be shown', async () => {
    const active = Object.fromEntries(
      (await sent(state)).flatMap(({ id, alert }) => (alert ? [[id, alert.activePeriod]] : [])),
    )
    const long = (object: unknown) => JSON.parse(JSON.stringify(object ?? [], (_, v) => v?.low ?? v))
    expect(long(active.test_shown)).toEqual([{ start: NOON, end: NOON + 60 }])
    expect(long(active.test_holds)).toEqual([{ start: NOON + 7 * 86_400 }])
    expect(long(active.test_both)).toEqual([{ end: NOON + 60 }])
    expect(long(active.test_ever)).toEqual([])
  })

  test('wheelchairs, occupancy at departure, an added stop’s station and platform go out', async () => {
    const all = await sent(state)
    expect(all.find(({ vehicle }) => vehicle)!.vehicle).toMatchObject({ vehicle: { wheelchairAccessible: 2 } })
    expect(all.find(({ stop }) => stop)!.stop).toMatchObject({
      parentStation: 'Hbf',
      platformCode: text('7a'),
      wheelchairBoarding: 1,
    })
    const updates = all.flatMap(({ tripUpdate }) => tripUpdate?.stopTimeUpdate ?? [])
    expect(updates.map(update => update.departureOccupancyStatus).filter(status => status)).toEqual([5])
  })

  test('E041: a run whose feed has fallen silent, or that is our own prediction, is not said without a word', async () => {
    const runs = storeOf(city.tt)
    say(
      runs,
      { timestamp: NOON },
      trip('S1', { startDate: '20260110' })
        .stop(1)
        .departure({ time: NOON + 3720 }),
    )
    const ids = async (of: typeof state) => (await sent(of)).flatMap(({ tripUpdate }) => tripUpdate?.trip.tripId ?? [])
    expect(await ids(runs.state)).toEqual(['S1'])
    expect(await ids(publish(runs, (NOON + 301) as UnixSeconds).state)).toEqual([])
    const own = createLiveStore(city.tt, [{ tag: 'test', url: 'test:', options: { predictFromPositions: true } }])
    const place = { latitude: city.tt.stopLat[0]! / 1e7, longitude: city.tt.stopLon[0]! / 1e7 }
    const late = vehicle('v', {
      trip: { tripId: 'S1', startDate: '20260110' },
      vehicle: { id: 'v' },
      position: place,
      currentStopSequence: 1,
      currentStatus: 1,
      timestamp: at('10:05'),
    })
    const predicted = apply(own, feedMessage({ timestamp: at('10:05') }, late), at('10:05')).state
    expect(predicted.runs.runs).toBe(1)
    expect(await ids(predicted)).toEqual([])
  })

  test('the same generation is not sent twice', async () => {
    const app = appFor(testService(city, NOON, state))
    const { etag } = (await app.inject('/gtfsrt')).headers
    const again = await app.inject({ url: '/gtfsrt', headers: { 'if-none-match': etag as string } })
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0])
  })

  test('of a tag nobody has', async () => {
    expect((await appFor(testService(city, NOON, state)).inject('/gtfsrt?tag=no')).statusCode).toBe(404)
  })

  test('boards of both engines agree', async () => {
    const answer = await appFor(testService(city, NOON, state)).inject('/gtfsrt')
    const again = apply(storeOf(city.tt), answer.rawPayload, NOON).state
    const board = (of: typeof state) =>
      appFor(testService(city, NOON, of)).inject(`/api/v6/stoptimes?stopId=test_A&n=9&time=${iso('9:30')}`)
    const told = (await board(state)).json() as StoptimesResponse
    expect((await board(again)).json()).toEqual(told)
    const extra = { headsign: 'Depot via E', tripShortName: 'E1' }
    expect(told.stopTimes).toContainEqual(expect.objectContaining(extra))
  })
})

test.skipIf(!dataFile('kingston/gtfs.zip'))('Kingston: out and in again, added runs included', async () => {
  const tt = await loadFeed('kingston/gtfs.zip')
  const { made, bytes } = kingstonMessages()[100]!
  const { state } = apply(storeOf(tt), bytes, made)
  const live = new LiveCompiler(tt).compile([], state, made as UnixSeconds)
  const footpaths = buildFootpaths(0, [], new Int32Array(0))
  const told = encodeHorizon(
    { ...state, generation: 1, timetable: tt, footpaths, days: new Map(), live },
    undefined,
    made,
  )
  expect(proto.FeedMessage.decode(told).entity.length).toBe(state.runs.runs)
  const again = apply(storeOf(tt), told, made).state
  expect(stateLines(tt, again)).toEqual(stateLines(tt, state))
})

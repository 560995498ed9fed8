// Recorded messages and small feeds of other projects' test suites, with the numbers that those suites (or the specification) expect.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { liveReport } from '#api/cli/live.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { parseDate, parseTime, type UnixSeconds } from '#engine/core/time.ts'
import { buildFootpaths } from '#engine/footpaths/footpaths.ts'
import { type LiveState, silence } from '#engine/live/state.ts'
import { patternLength, runsOn, type Timetable } from '#engine/timetable/timetable.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { liveOnce } from '#workers/live-once.ts'
import { dataFile } from '../helpers/data.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { apply, extraTexts, storeOf } from '../helpers/realtime.ts'
import { at, search } from '../helpers/search.ts'
import { jsonMessage, loadFeed } from './feeds.ts'

const here = dataFile('gtfs-rt/otp/septa.pbf') !== undefined
const bytes = (path: string): Uint8Array => readFileSync(dataFile(`gtfs-rt/${path}`)!)
const json = (path: string): unknown => JSON.parse(readFileSync(dataFile(`gtfs-rt/${path}`)!, 'utf8'))
const stopAt = (tt: Timetable, id: string): number => {
  for (let s = 0; s < tt.counts.stops; s++) if (textOf(tt, tt.stopId[s]!) === id) return s
  throw new Error(`no stop ${id}`)
}

describe.skipIf(!here)('second opinions', () => {
  test('Caltrain: all trips and 308 stop times of `freifahrt live --json` are those of an independent program', async () => {
    const expected = json('expected/caltrain.expected.json') as { trips: { trip_id: string; stops: unknown[] }[] }
    const feed = dataFile('gtfs-rt/transitland-lib/ct.zip')!
    const report = liveReport(await liveOnce(feed, [dataFile('gtfs-rt/transitland-lib/ct-trip-updates.pb')!]))
    const stops = (trips: readonly { trip_id: string; stops: readonly unknown[] }[]) =>
      Object.fromEntries(trips.map(trip => [trip.trip_id, trip.stops]))
    expect(stops(report.trips)).toEqual(stops(expected.trips))
    expect(report.counts).toMatchObject({ stop_times: 308, rt: 220, propagated: 13, none: 75, matched: 19 })
  })
})

describe.skipIf(!here)('OTP VehiclePositionParsingTest', () => {
  test.each([
    ['otp/king-county-metro-1.pbf', 627, '49195152'],
    ['otp/king-county-metro-2.pbf', 570, '49195157'],
  ])('%s: %i positions, the first of trip %s', (path, count, trip) => {
    const message = decodeMessage(bytes(path))
    const { tripIdBegin, tripIdEnd } = message.descriptors.columns
    expect(message.vehicles).toHaveLength(count)
    const d = message.vehicles[0]!.descriptor
    expect(Buffer.from(message.bytes.subarray(tripIdBegin[d], tripIdEnd[d])).toString()).toBe(trip)
  })
})

test.skipIf(!here)('OTP GtfsRealtimeTripUpdateSourceTest: 35 updates, the first of AIR_4846_V55_M', () => {
  const message = decodeMessage(bytes('otp/septa.pbf'))
  const { tripIdBegin, tripIdEnd } = message.descriptors.columns
  expect(message.updates.length).toBe(35)
  expect(Buffer.from(message.bytes.subarray(tripIdBegin[0], tripIdEnd[0])).toString()).toBe('AIR_4846_V55_M')
})

/** First journey's departure and arrival, Unix seconds. */
function firstJourney(
  tt: Timetable,
  state: LiveState,
  from: string,
  to: string,
  time: number,
): [number, number] | undefined {
  const footpaths = buildFootpaths(tt.counts.stops, [], new Int32Array(tt.counts.stops))
  const [journey] = search(horizonOf(tt, footpaths, state), {
    from: at(stopAt(tt, from)),
    to: at(stopAt(tt, to)),
    time: time as UnixSeconds,
    maxRides: 3,
    maxTravelTime: 3600,
  })
  const ride = journey?.legs.find(leg => leg.kind === 'ride')
  return ride && [ride.departure, journey!.arrival]
}

describe.skipIf(!here)('MMRI conformance set (OTP mmri)', () => {
  test.each([1388530860, 1388531460])('3b UnplannedChangesTest, asked at %i', async time => {
    const tt = await loadFeed('gtfs-rt/otp/mmri/3b')
    const { state } = apply(storeOf(tt), bytes('otp/3b.pb'), 1388530800)
    expect(firstJourney(tt, state, '3b1', '3b2', time)).toEqual([1388531460, 1388531520])
  })
  test('3c BeneficialChangesTest: the earlier bus, delayed, is still ahead', async () => {
    const tt = await loadFeed('gtfs-rt/otp/mmri/3c')
    const { state } = apply(storeOf(tt), bytes('otp/3c.pb'), 1388530800)
    expect(firstJourney(tt, state, '3c2', '3c3', 1388531040)).toEqual([1388531040, 1388531100])
  })
  test('3e ExcludedTripsTest: a cancelled trip is not ridden', async () => {
    const tt = await loadFeed('gtfs-rt/otp/mmri/3e')
    const { state } = apply(storeOf(tt), bytes('otp/3e.pb'), 1388530800)
    expect(firstJourney(tt, state, '3e1', '3e2', 1388530860)).toEqual([1388530980, 1388531040])
  })
  test.each([
    ['1g', '1g1', '1g2', 1388530920, 180, 240],
    ['2a1', '2a1', '2a2', 1388530860, 60, 120],
    ['2d', '2d1', '2d4', 1388530860, 60, 240],
  ])('%s, static: %s → %s', async (feed, from, to, time, departure, arrival) => {
    const tt = await loadFeed(`gtfs-rt/otp/mmri/${feed}`)
    const midnight = 1388530800
    expect(firstJourney(tt, silence, from, to, time)).toEqual([midnight + departure, midnight + arrival])
  })
})

describe.skipIf(!here)('transitland-lib rt/stats_test.go TestTripUpdateStats', () => {
  test('22 updates: 20 of trips that run, one added, two that nobody knows', async () => {
    const tt = await loadFeed('gtfs-rt/transitland-lib/ct.zip')
    const { state } = apply(storeOf(tt), jsonMessage(json('transitland-lib/ct-trip-stats.json')), 1699405801)
    expect(state.sources[0]).toMatchObject({ tripUpdates: 22, unmatched: 2, rejected: { trip_not_found: 2 } })
    expect(extraTexts(tt, state)).toHaveLength(1)
    const route = (r: number) =>
      textOf(tt, tt.routeId[tt.patternRoute[tt.tripPattern[state.runs.runTrip[r as never]!]!]!]!)
    const routes: Record<string, number> = {}
    for (let r = 0; r < state.runs.runs; r++)
      if (state.runs.runTrip[r as never]! < tt.counts.trips) routes[route(r)] = (routes[route(r)] ?? 0) + 1
    expect(routes).toEqual({ L1: 6, L3: 4, L4: 5, B7: 4 })
  })
  test('at half past five: which trips are under way by plan, and of how many the feed speaks', async () => {
    const tt = await loadFeed('gtfs-rt/transitland-lib/ct.zip')
    const { runs } = apply(storeOf(tt), jsonMessage(json('transitland-lib/ct-trip-stats.json')), 1699405801).state
    const told = new Set(Array.from({ length: runs.runs }, (_, r) => runs.runTrip[r as never]))
    const day = parseDate('20231107')!
    const scheduled = (route: string): TripIdx[] =>
      Array.from({ length: tt.counts.trips }, (_, t) => t as TripIdx).filter(t => {
        const pattern = tt.tripPattern[t]
        const time = parseTime('17:30:00')! - tt.tripStart[t]!
        const last = tt.profileTimes[tt.tripProfile[t]! + 2 * (patternLength(tt, pattern) - 1)]!
        return (
          textOf(tt, tt.routeId[tt.patternRoute[pattern]]!) === route &&
          runsOn(tt, tt.tripService[t], day) &&
          time >= 0 &&
          time <= last
        )
      })
    const ids = (trips: readonly TripIdx[]): string[] => trips.map(t => textOf(tt, tt.tripId[t]!)).sort()
    const matched = (route: string): number => scheduled(route).filter(t => told.has(t)).length
    expect([ids(scheduled('L1')), matched('L1')]).toEqual([['125', '126', '127'], 3])
    expect([ids(scheduled('L3')), matched('L3')]).toEqual([['308', '309', '310', '311', '312'], 4])
    expect([scheduled('L4').length, matched('L4')]).toEqual([3, 3])
    expect([scheduled('B7').length, matched('B7')]).toEqual([2, 2])
  })
})

describe.skipIf(!here)('gtfs-realtime-bindings, presence of fields (A11)', () => {
  test.each([
    ['vehicle-position-pre-occupancy-defaults-no-occupancy.pb', false],
    ['vehicle-position-pre-occupancy-defaults-with-occupancy-status.pb', true],
  ])('%s', (file, given) => {
    const [vehicle] = decodeMessage(bytes(`bindings/${file}`)).vehicles
    expect(vehicle!.occupancy !== undefined).toBe(given)
  })
})

describe.skipIf(!here)('OneBusAway STDuplicatedTripsIntegrationTest', () => {
  const rows = async (file: string) => {
    const tt = await loadFeed('gtfs-rt/onebusaway/st_duplicated_trips/40/st.zip')
    const message = json(`onebusaway/st_duplicated_trips/${file}`) as { header: { timestamp: number } }
    const { state } = apply(storeOf(tt), jsonMessage(message), message.header.timestamp)
    return extraTexts(tt, state)
  }
  test('a copy named by its start alone is one extra run, shown once at each stop', async () => {
    const found = await rows('TripUpdate-DUPLICATED-1690679342.json')
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^LLR_2023-03-18_Saturday_100479_2021@20230729T180340 20230729 added: 990005 /)
    expect(found[0]!.split(' 99913 ')).toHaveLength(2)
  })
  test('a copy without any stop is no run', async () => {
    expect(await rows('TripUpdate-DUPLICATED-Empty-1690865133.json')).toEqual([])
  })
})

describe.skipIf(!here)('bytes that are no message', () => {
  test('transitland-lib invalid.pb does not decode', () => {
    expect(() => decodeMessage(bytes('transitland-lib/invalid.pb'))).toThrow(/REALTIME_UNREADABLE/)
  })
  test('transitland-lib hart-*.pb: valid, without entities', () => {
    expect(decodeMessage(bytes('transitland-lib/hart-trip-updates.pb')).entities).toBe(0)
    expect(decodeMessage(bytes('transitland-lib/hart-vehicle-positions.pb')).entities).toBe(0)
  })
})

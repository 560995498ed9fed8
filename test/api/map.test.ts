import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { Place } from '#api/contract/common.ts'
import { Match } from '#api/contract/geocode.ts'
import type { Itinerary } from '#api/contract/itinerary.ts'
import {
  InitialResponse,
  RoutesResponse,
  StopResponse,
  TransfersResponse,
  type TripSegment,
  TripsResponse,
} from '#api/contract/map.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { boxAround, E7, encodePolyline } from '#engine/core/geo.ts'
import { silence } from '#engine/live/state.ts'
import { type StreetGraph, withSlope } from '#engine/street/graph.ts'
import { appFor, expectShape, get, refused } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, city } from './city.ts'

const app = () => appFor(testService(city, at('9:00')))

test('map/initial: where the departures are', async () => {
  const answer = await app().inject('/api/v1/map/initial')
  expect(answer.headers.link).toBe('<https://example.org/licence>; rel="license"')
  const initial = answer.json<InitialResponse>()
  expectShape(InitialResponse, initial)
  expect(initial.lat).toBeGreaterThan(51.5)
  expect(initial.lat).toBeLessThan(51.55)
})

test.each([['min=51.5,7.3&max=51.6,7.5'], ['min=51.6,7.5&max=51.5,7.3'], ['min=51.5,7.5&max=51.6,7.3']])(
  'map/stops %s',
  async box => {
    const stops = await get<Place[]>(app(), `/api/v6/map/stops?${box}`)
    expectShape(Type.Array(Place), stops)
    expect(stops.map(s => s.name).sort()).toEqual(['A', 'C', 'D', 'E', 'F', 'Hbf', 'Hbf', 'Hbf'])
  },
)

test('map/stops grouped: stations for their platforms, with modes; v1 has levels', async () => {
  const stops = await get<Place[]>(app(), '/api/v1/map/stops?min=51.505,7.41&max=51.515,7.43&grouped=true')
  expect(stops).toHaveLength(1)
  expect(stops[0]).toMatchObject({ name: 'Hbf', modes: ['SUBWAY', 'REGIONAL_RAIL'], level: 0 })
})

test('floors as levels.txt has them: of platforms wherever they are told, and in map/levels, with a map or without', async () => {
  const station = timetable(`
    station S: T U
    at S 51.5,7.4
    at T 51.5,7.4 level=0
    at U 51.5001,7.4 level=-2.5
    L   U 10:00   A 10:10`)
  const told = appFor(testService(station, at('9:00')))
  const box = 'min=51.49,7.39&max=51.51,7.41'
  const stops = await get<Place[]>(told, `/api/v6/map/stops?${box}`)
  expect(stops.map(({ stopId, level }) => [stopId, level]).sort()).toEqual([
    ['test_S', undefined],
    ['test_T', 0],
    ['test_U', -2.5],
  ])
  const before = await get<Place[]>(told, `/api/v1/map/stops?${box}`)
  expect(before.map(({ stopId, level }) => [stopId, level]).sort()).toEqual([
    ['test_S', 0],
    ['test_T', 0],
    ['test_U', -2.5],
  ])
  const { legs } = await get<Itinerary>(told, '/api/v6/trip?tripId=20260110_10:00_test_L')
  expect([legs[0]!.from.level, legs[0]!.to.level]).toEqual([-2.5, undefined])
  expect(await get(told, `/api/v1/map/levels?${box}`)).toEqual([0, -2.5])
  // the map's floors are there as well
  const { graph } = streets('at a 0,0\nat b 50,0\na-b highway=footway level=1')
  const { south, north, west, east } = boxAround(graph.nodeLat[0]!, graph.nodeLon[0]!, 100)
  const around = `min=${south / E7},${west / E7}&max=${north / E7},${east / E7}`
  const walked = appFor(Object.assign(testService(station, at('9:00')), { streets: graph }))
  expect(await get(walked, `/api/v1/map/levels?${around}`)).toEqual([1])
})

test('importance grows with the departures, up to 1', async () => {
  const stops = await get<Place[]>(app(), '/api/v6/map/stops?min=51,7&max=52,8&grouped=true')
  const importance = new Map(stops.map(s => [s.name, s.importance!]))
  expect(importance.get('D')).toBe(1)
  expect(importance.get('Hbf')).toBeGreaterThan(importance.get('A')!)
  expect(importance.get('F')).toBe(0)
})

test('map/stops by mode', async () => {
  const stops = await get<Place[]>(app(), '/api/v6/map/stops?min=51,7&max=52,8&modes=BUS')
  expect(stops.map(s => s.name).sort()).toEqual(['D', 'E'])
})

test('geocode finds stations by the beginning of a name, and its ids can be asked for', async () => {
  const matches = await get<Match[]>(
    app(),
    '/api/v1/geocode?text=hauptb&language=de&language=en&type=STOP&place=51.5,7.4',
  )
  expectShape(Type.Array(Match), matches)
  expect(matches[0]).toMatchObject({ type: 'STOP', name: 'Hbf', id: 'test_Hbf' })
  expect(await get<Match[]>(app(), '/api/v1/geocode?text=hbf&type=ADDRESS')).toEqual([])
  expect(await get<Match[]>(app(), '/api/v1/geocode?text=')).toEqual([])
})

test('geocode: tokens say what was matched, in the name itself', async () => {
  const [match] = await get<Match[]>(app(), '/api/v1/geocode?text=hb')
  expect(match!.tokens).toEqual([[0, 2]])
})

test('reverse-geocode: the nearest station first', async () => {
  const matches = await get<Match[]>(app(), '/api/v1/reverse-geocode?place=51.5101,7.4202&numResults=2')
  expectShape(Type.Array(Match), matches)
  expect(matches[0]).toMatchObject({ name: 'Hbf', id: 'test_Hbf' })
})

test('health', async () => {
  expect(await get(app(), '/api/v1/health')).toEqual({})
})

test('health: vehicles for rent that are asked for and not known are said to be missing', async () => {
  const quiet = testService(city, at('9:00'))
  const source = { kind: 'gbfs', tag: 'bikes', url: 'https://x/gbfs.json', receivedAt: undefined, since: at('8:00') }
  const asking = appFor(Object.assign(quiet, { conditionSources: () => [source] }))
  expect(await get(asking, '/api/v1/health')).toEqual({ gbfs: false })
  quiet.publish(silence, [], { ...noConditions, rentals: [{}] as never })
  expect(await get(asking, '/api/v1/health')).toEqual({ gbfs: true })
})

test.each([
  ['without a map', undefined, false, false],
  ['with a map', mapOf(0), false, true],
  ['with heights laid over it', mapOf(5), true, true],
])('map/initial says what there is: %s', async (_, graph, hasElevation, hasRoutedTransfers) => {
  const mapped = appFor(Object.assign(testService(city, at('9:00')), { streets: graph }))
  const { serverConfig } = await get<InitialResponse>(mapped, '/api/v1/map/initial')
  expect(serverConfig).toMatchObject({ hasElevation, hasRoutedTransfers, hasStreetRouting: graph !== undefined })
})

/** One street, so many percent steep. */
function mapOf(slope: number): StreetGraph {
  const { graph } = streets('at a 0,0\nat b 100,0\na-b highway=footway')
  return slope === 0 ? graph : { ...graph, sortForm: graph.sortForm.map(form => withSlope(form, slope)) }
}

test('feeds: whose data it is', async () => {
  expect(await get(app(), '/api/freifahrt/v1/feeds')).toMatchObject({
    attributions: [{ text: 'Test data' }],
    feeds: [{ tag: 'test', tz: 'UTC' }],
    serviceDays: { first: '20260109', last: '20260112' },
    realtime: [],
  })
})

test('lines to draw', async () => {
  const { features } = await get<GeoJSON.FeatureCollection<GeoJSON.LineString>>(
    app(),
    '/api/freifahrt/v1/map/lines?min=51.52,7.43&max=51.525,7.445',
  )
  expect(features.map(f => f.properties)).toEqual([
    { routeId: 'test_S1', name: 'S1', mode: 'REGIONAL_RAIL' },
    { routeId: 'test_U2', name: 'U2', mode: 'SUBWAY' },
    { routeId: 'test_U2', name: 'U2', mode: 'SUBWAY' },
  ])
  expect(features[0]!.geometry.coordinates).toEqual([
    [7.4, 51.5],
    [7.4201, 51.5101],
    [7.44, 51.52],
  ])
})

test('map/trips: rides under way, with their times and a line to move along', async () => {
  const span = 'startTime=2026-01-10T10:05:00Z&endTime=2026-01-10T10:06:00Z'
  const box = 'min=51.6,7.3&max=51.4,7.5'
  const rides = await get<TripSegment[]>(app(), `/api/v6/map/trips?zoom=12&${box}&${span}`)
  expectShape(TripsResponse, rides)
  // A 51.50,7.40 → H1 51.5101,7.4201 in Google's encoding with five decimals
  expect(rides).toMatchObject([
    {
      trips: [{ tripId: '20260110_10:00_test_S1', displayName: 'S1' }],
      departure: '2026-01-10T10:00:00Z',
      arrival: '2026-01-10T10:10:00Z',
      realTime: false,
      polyline: encodePolyline([515000000, 74000000, 515101000, 74201000], 5),
    },
  ])
  expect(await get(app(), `/api/v6/map/trips?zoom=6&${box}&${span}`)).toEqual([])
  expect(
    await refused(
      app(),
      `/api/v6/map/trips?zoom=12&${box}&startTime=2026-01-10T10:05:00Z&endTime=2026-01-09T10:05:00Z`,
    ),
  ).toEqual([400, 'BAD_REQUEST at endTime: is before startTime'])
})

test('stop: the station and what calls there', async () => {
  const answer = await get<StopResponse>(app(), '/api/v6/stop?stopId=test_H1')
  expectShape(StopResponse, answer)
  expect(answer.place.name).toBe('Hbf')
  expect(answer.routes.map(route => [route.routeShortName, route.mode])).toEqual([
    ['S1', 'REGIONAL_RAIL'],
    ['U2', 'SUBWAY'],
  ])
  const around = await get<StopResponse>(app(), '/api/v6/stop?center=51.53,7.45&radius=50')
  expect(around.routes.map(route => route.routeShortName)).toEqual(['B3', 'U2'])
})

test('experimental routes and one of them in detail', async () => {
  const lines = await get<RoutesResponse>(app(), '/api/experimental/map/routes?zoom=14&min=51,7&max=52,8')
  expectShape(RoutesResponse, lines)
  // U2 and B3 both run D–E: one piece of line, two routes
  const [from, to] = ['D', 'E'].map(name => lines.stops.findIndex(stop => stop.name === name))
  const pieces = lines.routes.flatMap(r => r.segments.filter(s => s.from === from && s.to === to).map(s => s.polyline))
  expect(new Set(pieces).size).toBe(1)
  expect(lines.polylines[pieces[0]!]!.routeIndexes).toHaveLength(pieces.length)
  expect(pieces.length).toBeGreaterThan(1)
  const [line] = lines.routes
  const details = await get<RoutesResponse>(app(), `/api/experimental/map/route-details?routeIdx=${line!.routeIdx}`)
  expect(details.routes[0]!.transitRoutes).toEqual(line!.transitRoutes)
  const [status] = await refused(app(), '/api/experimental/map/route-details?routeIdx=99')
  expect(status).toBe(400)
})

test('debug/transfers: minutes from a platform', async () => {
  const answer = await get<TransfersResponse>(app(), '/api/debug/transfers?id=test_H1')
  expectShape(TransfersResponse, answer)
  expect(answer.root.stopId).toBe('test_Hbf')
  expect(answer.transfers.map(t => [t.to.stopId, t.default])).toEqual([
    ['test_H1', 1],
    ['test_H2', 2],
  ])
})

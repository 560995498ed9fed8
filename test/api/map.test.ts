import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { InitialResponse, Match, Place } from '#api/contract.ts'
import { appFor, expectShape, get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
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

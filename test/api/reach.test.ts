// one-to-all and one-to-many through HTTP; what they count is tested in test/plan and test/street.

import { expect, test } from 'vitest'
import { ManyResponse, ReachResponse } from '#api/contract/reach.ts'
import { appFor, expectShape, get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

const app = () => appFor(testService(city, at('9:00')))

test.each(['experimental', 'v1', 'v6'])('one-to-all in %s: minutes and rides to every stop', async version => {
  const answer = await get<ReachResponse>(
    app(),
    `/api/${version}/one-to-all?one=test_A&time=${iso('9:55')}&maxTravelTime=45`,
  )
  expectShape(ReachResponse, answer)
  expect(answer.one).toMatchObject({ name: 'A', stopId: 'test_A' })
  expect(answer.all.map(({ place, duration, k }) => [place.stopId, duration, k])).toEqual([
    ['test_A', 0, 0],
    ['test_H1', 15, 1],
    ['test_H2', 17, 1],
    ['test_D', 25, 2],
    ['test_E', 35, 2],
    ['test_C', 45, 1],
  ])
})

test('arriving by a time, durations are negative', async () => {
  const { all } = await get<ReachResponse>(
    app(),
    `/api/v6/one-to-all?one=test_E&time=${iso('10:31')}&maxTravelTime=31&arriveBy=true`,
  )
  expect(all.map(({ place, duration, k }) => [place.stopId, duration, k])).toEqual([
    ['test_E', 0, 0],
    ['test_D', -11, 1],
    ['test_H2', -17, 1],
    ['test_H1', -19, 1],
    ['test_A', -31, 2],
  ])
})

test('from a coordinate; far from everything nothing is reached', async () => {
  const near = await get<ReachResponse>(
    app(),
    `/api/v6/one-to-all?one=51.5005,7.4005&time=${iso('9:55')}&maxTravelTime=20`,
  )
  expect(near.one).toMatchObject({ name: 'one', lat: 51.5005, vertexType: 'NORMAL' })
  expect(near.all.map(({ place }) => place.name)).toContain('Hbf')
  const far = await get<ReachResponse>(app(), `/api/v6/one-to-all?one=10,10&time=${iso('9:55')}&maxTravelTime=20`)
  expect(far.all).toEqual([])
})

test('one-to-many without a map: straight lines with a detour, in the order asked', async () => {
  const many = '51.5009;7.4,52.5;7.4,51.5;7.4'
  const answer = await get<unknown>(
    app(),
    `/api/v1/one-to-many?one=51.5;7.4&many=${many}&mode=WALK&max=900&maxMatchingDistance=250&arriveBy=false&withDistance=true`,
  )
  expectShape(ManyResponse, answer)
  // 0.0009 degrees are 100.08 m, 130.1 m on foot, at 1.2 m/s
  expect(answer).toEqual([{ duration: 109, distance: 130.1 }, {}, { duration: 0, distance: 0 }])
})

test.each([{}, { payload: 'null', headers: { 'content-type': 'application/json' } }])(
  'a POST without a body says what it lacks',
  async body => {
    const answer = await app().inject({ method: 'POST', url: '/api/v1/one-to-many', ...body })
    expect([answer.statusCode, answer.json()]).toEqual([400, { error: 'BAD_REQUEST at one: is required' }])
  },
)

test('one-to-many as a POST, distances left out', async () => {
  const body = { one: '51.5;7.4', many: ['51.5009;7.4'], mode: 'BIKE', max: 900, arriveBy: true }
  const answer = await app().inject({ method: 'POST', url: '/api/v1/one-to-many', payload: body })
  // 130.1 m at 4.8 m/s
  expect([answer.statusCode, answer.json()]).toEqual([200, [{ duration: 28 }]])
})

test('map/initial says how far these go', async () => {
  const { serverConfig } = await get<{ serverConfig: unknown }>(app(), '/api/v1/map/initial')
  expect(serverConfig).toMatchObject({ maxOneToManySize: 128, maxOneToAllTravelTimeLimit: 90 })
})

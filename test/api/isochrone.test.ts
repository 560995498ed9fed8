// GET isochrone through HTTP, with the demo's plan threads left out: shapes, rings, who travels.

import { expect, test } from 'vitest'
import { appFor, get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

const app = () => appFor(testService(city, at('9:00')))

test('without a map there are no areas; a wrong mode or too long a time is refused', async () => {
  const empty = await get<object>(app(), '/api/freifahrt/v1/isochrone?one=51.5,7.4&minutes=5,10')
  const none = { type: 'FeatureCollection', features: [], reasons: [{ code: 'NO_MAP' }] }
  expect(empty).toMatchObject(none)
  const transit = `/api/freifahrt/v1/isochrone?one=test_A&minutes=30&mode=TRANSIT&time=${iso('9:55')}`
  expect(await get<object>(app(), transit)).toMatchObject(none)
  const refused = await app().inject('/api/freifahrt/v1/isochrone?one=51.5,7.4&minutes=500')
  expect(refused.statusCode).toBe(422)
  expect((await app().inject('/api/freifahrt/v1/isochrone?one=51.5,7.4&mode=ROCKET')).statusCode).toBe(400)
})

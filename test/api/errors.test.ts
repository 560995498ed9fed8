import { expect, test } from 'vitest'
import { type Code, FreifahrtError } from '#engine/core/errors.ts'
import { appFor, refused } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

const app = () => appFor(testService(city, at('9:00')))

test.each([
  ['/api/v6/plan?toPlace=test_A', 400, 'fromPlace'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_XX', 404, "no stop 'test_XX'"],
  ['/api/v6/plan?fromPlace=de-DELFI_de:1&toPlace=test_A', 404, "no feed 'de-DELFI'"],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&time=2031-01-01T00:00:00Z', 400, 'TIME_OUTSIDE_TIMETABLE'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&time=yesterday', 400, 'time'],
  ['/api/v6/plan?fromPlace=91,7&toPlace=test_C', 400, '-90 … 90'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&numItineraries=257', 422, 'numItineraries: 257 is not within 0 … 256'],
  [
    '/api/v6/plan?fromPlace=test_A&toPlace=test_C&searchWindow=345601',
    422,
    'searchWindow: 345601 is not within 0 … 345600',
  ],
  [
    '/api/v6/plan?fromPlace=test_A&toPlace=test_C&maxPreTransitTime=3601',
    422,
    'maxPreTransitTime: 3601 is not within 0 … 3600',
  ],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&maxDirectTime=21601', 422, '0 … 21600'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&maxMatchingDistance=-1', 400, '0 … 250'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&timeout=91', 422, '0 … 90'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&pageCursor=LATER', 400, 'pageCursor'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&via=a,b,c,d,e,f,g,h,i', 422, 'via: 9 values, at most 8'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&pedestrianSpeed=NaN', 400, 'pedestrianSpeed'],
  ['/api/v6/plan?fromPlace=test_A&toPlace=test_C&arriveBy=1', 400, 'arriveBy'],
  ['/api/v6/stoptimes?stopId=test_A', 400, 'either n or window is required'],
  ['/api/v6/stoptimes?n=3', 400, 'either stopId, or center and radius'],
  ['/api/v6/stoptimes?stopId=test_A&n=1025', 422, 'n: 1025 is not within 0 … 1024'],
  ['/api/v6/stoptimes?stopId=__proto__&n=1', 404, '__proto__'],
  [`/api/v6/stoptimes?stopId=test_A&n=1&time=${iso('600:00')}`, 400, 'TIME_OUTSIDE_TIMETABLE'],
  ['/api/v6/map/stops?min=51,7', 400, 'max: is required'],
  ['/api/v1/geocode', 400, 'text: is required'],
  ['/api/v1/geocode?text=x&numResults=513', 422, '1 … 512'],
  ['/api/v1/reverse-geocode?place=Hbf', 400, 'place'],
  ['/api/freifahrt/v1/map/lines?min=40,0&max=60,20', 422, '1.5 degrees'],
  ['/api/v7/plan?fromPlace=test_A&toPlace=test_C', 404, 'nothing here: GET /api/v7/plan'],
  ['/api/v2/stoptimes?stopId=test_A&n=1', 404, 'nothing here'],
  ['/api/v6/%E0%A4%A', 400, 'not a valid url'],
])('%s → %i', async (url, status, detail) => {
  expect(await refused(app(), url)).toEqual([status, expect.stringContaining(detail)])
})

test.each([
  ['OVERLOADED', 503],
  ['TIMEOUT', 504],
  ['TOO_LARGE', 422],
  ['UNKNOWN_STOP', 404],
  ['BAD_REQUEST', 400],
  ['INTERNAL', 500],
  ['NETWORK_UNREADABLE', 500],
] as [Code, number][])('what the planner throws: %s → %i', async (code, status) => {
  const failing = testService(city, at('9:00'))
  failing.plan = () => Promise.reject(new FreifahrtError(code, 'somewhere', 'secret detail'))
  const answer = await appFor(failing).inject('/api/v6/plan?fromPlace=test_A&toPlace=test_C')
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined)
  if (status === 500) expect(answer.json()).toEqual({ error: expect.stringMatching(/^internal error, request \S+$/) })
})

test('a bug says nothing but its request id', async () => {
  const failing = testService(city, at('9:00'))
  failing.plan = () => Promise.reject(new Error('secret detail'))
  const answer = await appFor(failing).inject('/api/v6/plan?fromPlace=test_A&toPlace=test_C')
  expect(answer.statusCode).toBe(500)
  expect(answer.body).not.toContain('secret')
})

test('errors carry the CORS header too', async () => {
  const answer = await app().inject({ url: '/api/v6/plan', headers: { origin: 'https://example.org' } })
  expect(answer.headers['access-control-allow-origin']).toBe('*')
})

test('a caller who goes away takes the request along', async () => {
  const slow = testService(city, at('9:00'))
  const leave = new AbortController()
  const { promise: gone, resolve } = Promise.withResolvers<void>()
  slow.plan = (_query, _style, options) => {
    options!.signal!.addEventListener('abort', () => resolve())
    leave.abort()
    return gone.then(() => Promise.reject(new FreifahrtError('TIMEOUT', 'plan', 'gone')))
  }
  const running = appFor(slow)
  const answer = running.inject({ url: '/api/v6/plan?fromPlace=test_A&toPlace=test_C', signal: leave.signal })
  await expect(answer).rejects.toThrow()
  await gone
})

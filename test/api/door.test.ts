// What stands in front of Fastify, over real sockets: who is refused there hears the same as from inside, and nobody else notices it.

import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { buildApp } from '#api/app.ts'
import { type ApiConfig, apiDefaults } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { TransitService } from '#workers/service.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

const open = new Set<App>()
afterEach(async () => {
  for (const app of open) await app.close()
  open.clear()
})

const PLAN = `/api/v6/plan?fromPlace=test_A&toPlace=test_C&time=${iso('9:50')}`
const FULL = '64 requests are waiting already'
const overloaded = (): Promise<never> => Promise.reject(new FreifahrtError('OVERLOADED', 'plan', FULL))

/** A service without room, as the pool's owner and the pool itself say it. */
const full = (): TransitService => ({
  ...testService(city, at('9:00')),
  refusal: () => FULL,
  plan: overloaded,
  ask: overloaded,
  load: () => ({ threads: 1, busy: 1, waiting: 64, waitMs: 2300 }),
})

async function listening(service: TransitService, config: Partial<ApiConfig> = {}) {
  const app = buildApp(service, { ...apiDefaults, ...config })
  open.add(app)
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { app, port, ask: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init) }
}

/** Everything that is answered to these bytes until the server hangs up. */
async function raw(port: number, ...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(lines.join('\r\n'))
  let text = ''
  for await (const bytes of socket) text += bytes
  return text
}
const LAST = ['host: x', 'connection: close', '', '']

/** Status, body and headers, without what is another one each time, or from one second to the next. */
async function told(response: Response): Promise<unknown> {
  const { date: _, 'ratelimit-reset': __, 'x-request-id': id, ...headers } = Object.fromEntries(response.headers)
  expect(id).toMatch(/^[\w-]{8,64}$/)
  return [response.status, await response.text(), headers]
}

test.each([
  ['any page may ask', {}, 'https://page.example'],
  ['a page that may ask', { origins: ['https://a.example', 'https://b.example'] }, 'https://b.example'],
  ['a page that may not', { origins: ['https://a.example'] }, 'https://b.example'],
  ['no page', { origins: ['https://a.example'] }, undefined],
  ['with a limit', { requestsPerMinute: 100 }, 'https://page.example'],
])('31: 503 at the door is 503 from inside: %s', async (_, config, origin) => {
  const headers = { 'x-request-id': 'mine-1234', 'accept-encoding': 'gzip', ...(origin && { origin }) }
  const atDoor = await listening(full(), config)
  const inside = await listening({ ...full(), refusal: () => undefined }, config)
  const answer = await atDoor.ask(PLAN, { headers })
  expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('x-request-id')]).toEqual([
    503,
    '3',
    'mine-1234',
  ])
  const [status, body, rest] = (await told(answer)) as [number, string, object]
  expect(body).toBe(`{"error":"${FULL}"}`)
  const [, words, others] = (await told(await inside.ask(PLAN, { headers }))) as [number, string, object]
  // the pool says where it is; else not a letter differs
  expect([status, rest]).toEqual([503, { ...others, 'content-length': String(body.length) }])
  expect(words).toBe(`{"error":"OVERLOADED at plan: ${FULL}"}`)
})

test.each([
  ['https://例え.jp/ü?"<x>', '<https://xn--r8jz45g.jp/%C3%BC?%22%3Cx%3E>; rel="license"'],
  ['javascript:alert(1)', null],
  ['nonsense', null],
])('a licence at an address of any letters: %s', async (url, link) => {
  const service = { ...full(), attributions: [{ text: 'x', url }] }
  for (const one of [service, { ...service, refusal: () => undefined }]) {
    const { ask } = await listening(one)
    const { status, headers } = await ask(PLAN)
    expect([status, headers.get('link')]).toEqual([503, link])
  }
})

test('45: 429 at the door is 429 from inside, for all that is asked, and stays so until the minute is over', async () => {
  const { app, ask } = await listening(testService(city, at('9:00')), { requestsPerMinute: 2 })
  const answers = []
  for (const path of [PLAN, '/nothing', PLAN, '/api/v1/health', '/nothing']) answers.push(await ask(path))
  expect(answers.map(a => [a.status, a.headers.get('ratelimit-remaining')])).toEqual([
    [200, '1'],
    [404, '0'],
    [429, '0'],
    [429, '0'],
    [429, '0'],
  ])
  const [, body, headers] = (await told(answers[2]!)) as [number, string, Record<string, string>]
  expect(JSON.parse(body)).toEqual({ error: expect.stringMatching(/^too many requests: come back in \d+ s$/) })
  const inside = await app.inject({ url: PLAN, remoteAddress: '127.0.0.1' })
  expect(inside.statusCode).toBe(429)
  const { date: _, 'x-request-id': __, 'ratelimit-reset': ___, ...others } = inside.headers
  // a second may have passed; node:http's own of a connection that stays
  const seconds = expect.stringMatching(/^\d+$/)
  expect(headers).toEqual({ ...others, 'retry-after': seconds, 'keep-alive': 'timeout=72' })
  // of another address
  expect((await app.inject({ url: PLAN, remoteAddress: '10.0.0.9' })).statusCode).toBe(200)
})

test('who is refused because there is no room is counted like anybody else', async () => {
  const { ask } = await listening(full(), { requestsPerMinute: 2 })
  const answers = []
  for (let i = 0; i < 3; i++) answers.push(await ask(PLAN))
  expect(answers.map(a => [a.status, a.headers.get('ratelimit-remaining')])).toEqual([
    [503, '1'],
    [503, '0'],
    [429, '0'],
  ])
})

test('31: what plan threads answer is refused before anything is read; all else goes on', async () => {
  const { ask } = await listening(full(), { requestsPerMinute: 1000 })
  for (const path of ['/api/v6/plan?fromPlace=nonsense', '/api/v6/one-to-all', '/api/freifahrt/v1/isochrone'])
    expect((await ask(path)).status, path).toBe(503)
  for (const path of [`/api/v6/stoptimes?stopId=test_A&n=1&time=${iso('9:30')}`, '/api/v1/health', '/openapi.json'])
    expect((await ask(path)).status, path).toBe(200)
})

test('health and metrics are refused to nobody, and count for nobody', async () => {
  const { ask } = await listening(full(), { requestsPerMinute: 1 })
  expect((await ask(PLAN)).status).toBe(503)
  for (const path of ['/health/live', '/health/ready', '/metrics', '/metrics?x=1']) {
    const { status, headers } = await ask(path)
    expect([status, headers.get('ratelimit-limit')], path).toEqual([200, null])
  }
  expect((await ask('/health/livelier')).status).toBe(429)
})

test('a browser that asks whether it may ask is answered', async () => {
  const { ask } = await listening(full(), { requestsPerMinute: 1 })
  const headers = { origin: 'https://page.example', 'access-control-request-method': 'GET' }
  for (let i = 0; i < 3; i++) expect((await ask(PLAN, { method: 'OPTIONS', headers })).status).toBe(204)
})

test('31: how long a caller waits is heeded', async () => {
  const asked: unknown[] = []
  const { ask } = await listening({
    ...full(),
    refusal(...urgency) {
      asked.push(urgency)
      return FULL
    },
  })
  for (const url of ['v6/plan?timeout=2', 'v5/plan?a=b&timeout=x', 'v6/plan', 'v6/one-to-all?timeout=2'])
    expect((await ask(`/api/${url}`)).status).toBe(503)
  expect(asked).toEqual([['plan', 2000], ['plan', undefined], ['plan', undefined], []])
})

test('refusals are counted by route and status; a path that no route has is no name of its own', async () => {
  const { app, ask } = await listening(full(), { requestsPerMinute: 3 })
  for (const path of ['/made/up/41', PLAN, PLAN, PLAN, '/made/up/42']) await ask(path)
  const { body } = await app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })
  const counted = [...body.matchAll(/^freifahrt_http_seconds_count(\{.*) (\d+)$/gm)].map(m => `${m[1]} ${m[2]}`)
  expect(counted).toEqual([
    '{route="other",method="GET",status="404"} 1',
    '{route="/api/v6/plan",method="GET",status="503"} 2',
    '{route="/api/v6/plan",method="GET",status="429"} 1',
    '{route="other",method="GET",status="429"} 1',
  ])
})

test('refusals stand in the log where requests do, without keys', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    for (const log of ['errors', 'requests'] as const) {
      const { ask } = await listening(full(), { log })
      await ask(`${PLAN}&token=secret`, { headers: { 'x-request-id': `from-${log}` } })
    }
    const lines = written.mock.calls.map(([text]) => JSON.parse(String(text))).filter(line => line.res)
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'request refused',
        reqId: 'from-requests',
        req: { method: 'GET', url: `${PLAN}&token=…`, ip: '127.0.0.1' },
        res: { statusCode: 503 },
      }),
    ])
  } finally {
    written.mockRestore()
  }
})

test('requests one behind the other on a connection are answered in their order, refused ones between', async () => {
  const { port } = await listening(full())
  const text = await raw(
    port,
    ...['GET /api/v6/plan HTTP/1.1', 'host: x', '', 'GET /health/live HTTP/1.1', 'host: x', ''],
    ...['GET /api/v6/plan HTTP/1.1', 'host: x', '', 'GET /api/v1/health HTTP/1.1', ...LAST],
  )
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200', 'HTTP/1.1 503', 'HTTP/1.1 200'])
})

test('a body is read away, so that the next request of the connection is understood', async () => {
  const { port } = await listening(full())
  const body = 'GET /nothing HTTP/1.1\r\n\r\n'.repeat(4000)
  const text = await raw(
    port,
    ...['POST /api/v6/plan HTTP/1.1', 'host: x', 'content-type: application/json'],
    `content-length: ${body.length}\r\n\r\n${body}GET /health/live HTTP/1.1`,
    ...LAST,
  )
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200'])
})

test('HEAD is refused with the headers alone', async () => {
  const { port } = await listening(full())
  const text = await raw(port, 'HEAD /api/v6/plan HTTP/1.1', ...LAST)
  expect(text).toMatch(/^HTTP\/1\.1 503 /)
  expect(text).toMatch(/content-length: 43\r\n/)
  expect(text.endsWith('\r\n\r\n')).toBe(true)
})

test('an address that others count for is refused when they have', async () => {
  let current = 0
  const counts = { count: async () => ({ current: ++current, ttl: 30_000 }), close: async () => {} }
  const { ask } = await listening(testService(city, at('9:00')), { requestsPerMinute: 1, counts })
  const answers = []
  for (let i = 0; i < 4; i++) answers.push(await ask('/api/v1/health'))
  expect(answers.map(a => a.status)).toEqual([200, 429, 429, 429])
  expect(answers[1]!.headers.get('retry-after')).toBe('30')
  // known to be over until its minute is: nobody was asked again
  expect(current).toBe(2)
})

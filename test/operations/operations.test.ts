// The process as its operators see it: metrics, health, who may ask.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { systemScheduler } from '#api/live/scheduler.ts'
import { scopeOf } from '#api/operations/access.ts'
import { createOperations, type Operations } from '#api/operations/operations.ts'
import { operatorsOf, readOperators } from '#api/operations/operators.ts'
import { startOperationsServer } from '#api/operations/server.ts'
import { parseTraceparent, startTracing } from '#api/operations/tracing.ts'
import { withoutKeys } from '#api/plugins/requests.ts'
import { readSettings } from '#api/settings.ts'
import { at } from '../api/city.ts'
import { listenHere } from '../helpers/loopback.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'

const open = new Set<App>()
afterEach(async () => {
  for (const app of open) await app.close()
  open.clear()
})
const town = timetable('U1   A 10:00   B 10:10')

function appWith(operations: Operations = createOperations(), config = apiDefaults): App {
  const service = testService(town, at('9:00'))
  const app = buildApp(service, config, systemScheduler, operations)
  operations.serving(service)
  open.add(app)
  return app
}
const viewer = 'v'.repeat(32)
const operator = 'o'.repeat(32)
const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex')
const staff = () =>
  operatorsOf([
    { name: 'wall display', role: 'viewer', sha256: tokenHash(viewer) },
    { name: 'control room', role: 'operator', sha256: tokenHash(operator) },
    { name: 'last year', role: 'operator', sha256: tokenHash('old'), until: '2020-01-01T00:00:00Z' },
  ])
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('42: the file of operators is read again when it is another; one that is wrong is told once, and those before stay', () => {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-operators-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'operators.json')
  const entry = (token: string) => ({ name: token, role: 'viewer', sha256: tokenHash(token) })
  const write = (text: string): void => writeFileSync(path, text)
  write(JSON.stringify([entry('one'), entry('two')]))
  const told: string[] = []
  const operators = readOperators(path, error => told.push((error as Error).message))
  const known = (nowMs: number) => ['one', 'two'].filter(token => operators.find(token, nowMs))
  expect(known(0)).toEqual(['one', 'two'])
  write(JSON.stringify([entry('two')]))
  expect(known(4999)).toEqual(['one', 'two'])
  expect(known(5000)).toEqual(['two'])
  write('[{"name": "half')
  expect(known(10_000)).toEqual(['two'])
  expect(known(20_000)).toEqual(['two'])
  rmSync(path)
  expect(known(30_000)).toEqual(['two'])
  expect(told).toEqual([expect.stringMatching(/is no JSON/), expect.stringMatching(/FILE_MISSING/)])
  write(JSON.stringify([entry('one')]))
  expect(known(40_000)).toEqual(['one'])
})

test('32: who is stopping says that the connection will not be kept', async () => {
  const operations = createOperations()
  const app = appWith(operations)
  const connection = async () => (await app.inject('/api/v6/stoptimes?stopId=test_A&n=1')).headers.connection
  expect(await connection()).not.toBe('close')
  operations.unready.add('stopping')
  expect(await connection()).toBe('close')
})

test('requests are counted by route, status and time; states are read when scraped', async () => {
  const app = appWith()
  await app.inject('/api/v6/stoptimes?stopId=test_A&n=1')
  await app.inject('/api/v6/stoptimes?stopId=test_nowhere&n=1')
  const { body, headers } = await app.inject('/metrics')
  expect(headers['content-type']).toContain('text/plain')
  for (const [status, n] of [
    [200, 1],
    [404, 1],
  ])
    expect(body).toMatch(
      new RegExp(`freifahrt_http_seconds_count\\{route="[^"]*stoptimes",method="GET",status="${status}"\\} ${n}`),
    )
  expect(body).toContain('freifahrt_live_clients 0')
  expect(body).toContain('freifahrt_plan_threads 1')
  expect(body).toContain('nodejs_eventloop_lag_p99_seconds')
})

test('readiness follows what is said, liveness does not', async () => {
  const operations = createOperations()
  const app = appWith(operations)
  expect((await app.inject('/health/ready')).json()).toMatchObject({ ready: true, roles: ['serve'] })
  operations.unready.add('stopping')
  operations.degraded.add('redis')
  const answer = await app.inject('/health/ready')
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toMatchObject({ ready: false, because: ['stopping'], degraded: ['redis'] })
  expect((await app.inject('/health/live')).statusCode).toBe(200)
})

test('a process that serves nobody else says where its health is, on a free port as well', async () => {
  const { settings } = readSettings({ host: '127.0.0.1', port: 0 }, {})
  const server = await startOperationsServer(createOperations({ roles: ['feed'] }), settings)
  expect(await (await fetch(`${server.url}/health/ready`)).json()).toMatchObject({ ready: true, roles: ['feed'] })
  await server.close()
})

describe('operators', () => {
  test('without any configured only this machine may ask, and not through a proxy', async () => {
    const app = appWith()
    expect((await app.inject('/metrics')).statusCode).toBe(200)
    expect((await app.inject({ url: '/metrics', remoteAddress: '10.0.0.7' })).statusCode).toBe(403)
    const proxied = await app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '127.0.0.1' } })
    expect(proxied.statusCode).toBe(403)
  })

  test('a token opens what its role may see; wrong, old and missing ones nothing', async () => {
    const app = appWith(createOperations({ operators: staff() }))
    const status = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/metrics', headers })).statusCode
    expect(await status({})).toBe(401)
    expect(await status(bearer('wrong'))).toBe(401)
    expect(await status(bearer('old'))).toBe(401)
    expect(await status(bearer(viewer))).toBe(200)
    expect(await status(bearer(operator))).toBe(200)
    expect((await app.inject('/health/ready')).statusCode).toBe(200)
  })

  test('44: ten wrong tokens in a minute, and the address has to wait', async () => {
    const app = appWith(createOperations({ operators: staff() }))
    for (let i = 0; i < 10; i++)
      expect((await app.inject({ url: '/metrics', headers: bearer(`wrong${i}`) })).statusCode).toBe(401)
    const late = await app.inject({ url: '/metrics', headers: bearer(viewer) })
    expect([late.statusCode, late.headers['retry-after']]).toEqual([429, '60'])
  })

  test('44: what an operator does is written down with the name, what a viewer may not do is not, and no token is', async () => {
    const written: string[] = []
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation(text => written.push(String(text)) > 0)
    const operations = createOperations({ operators: staff() })
    operations.jobs = { list: async () => [], start: async () => {}, close: async () => {} }
    const app = appWith(operations, { ...apiDefaults, log: 'errors' })
    const start = async (token: string): Promise<number> => {
      const url = '/api/freifahrt/v1/operator/jobs/city/start?token=canary'
      return (await app.inject({ method: 'POST', url, headers: bearer(token) })).statusCode
    }
    expect([await start(viewer), await start('wrong'), await start(operator)]).toEqual([403, 401, 202])
    spy.mockRestore()
    const lines = written.map(line => JSON.parse(line))
    expect(lines).toMatchObject([
      {
        msg: 'operator',
        operator: 'control room',
        method: 'POST',
        path: '/api/freifahrt/v1/operator/jobs/city/start',
        reqId: expect.stringMatching(/./),
      },
    ])
    for (const secret of [operator, viewer, 'canary']) expect(written.join()).not.toContain(secret)
  })

  test('44: every route of the server has a scope', async () => {
    const service = testService(town, at('9:00'))
    const app = buildApp(service)
    open.add(app)
    const unknown: string[] = []
    let seen = 0
    for (const line of routesOf(await printed(app))) {
      seen++
      if (scopeOf(line) === undefined) unknown.push(line)
    }
    expect(seen).toBeGreaterThan(15)
    expect(unknown).toEqual([])
    expect(scopeOf('/metrics')).toBe('viewer')
    expect(scopeOf('/api/freifahrt/v1/operator/jobs')).toBe('operator')
    expect(scopeOf('/internal/anything')).toBeUndefined()
  })
})

async function printed(app: App): Promise<string> {
  await app.ready()
  return app.printRoutes({ commonPrefix: false })
}
/** Routes of fastify's tree drawing. */
function routesOf(tree: string): string[] {
  const path: string[] = []
  return tree.split('\n').flatMap(line => {
    const m = /^([ │├└─]*)(\S+)(?: \(([A-Z, ]+)\))?/.exec(line)
    if (!m) return []
    const depth = m[1]!.length / 4
    path.length = depth
    path[depth] = m[2]!
    return m[3] ? [path.join('')] : []
  })
}

describe('requests', () => {
  test('carry an id, the caller’s own when it is a plain one', async () => {
    const app = appWith()
    expect((await app.inject('/health/live')).headers['x-request-id']).toMatch(/^[\w-]{36}$/)
    const own = await app.inject({ url: '/health/live', headers: { 'x-request-id': 'abc-12345' } })
    expect(own.headers['x-request-id']).toBe('abc-12345')
    const odd = await app.inject({ url: '/health/live', headers: { 'x-request-id': 'a\tb<script>' } })
    expect(odd.headers['x-request-id']).toMatch(/^[\w-]{36}$/)
  })

  test('48: are limited in length and number of parameters', async () => {
    const app = appWith()
    const long = await app.inject(`/api/v6/stoptimes?stopId=${'x'.repeat(14_000)}`)
    expect(long.statusCode).toBe(414)
    const many = await app.inject(`/api/v6/stoptimes?${Array.from({ length: 257 }, (_, i) => `p${i}=1`).join('&')}`)
    expect(many.statusCode).toBe(400)
  })

  test('48: headers, a body and its depth are limited, and the connection of the next one is served', async () => {
    const app = appWith()
    await app.listen({ host: '127.0.0.1', port: 0 })
    const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
    const status = async (path: string, init: RequestInit = {}): Promise<number> => {
      const answer = await fetch(base + path, init)
      await answer.body?.cancel()
      return answer.status
    }
    const header = (bytes: number) => ({ headers: { 'x-long': 'h'.repeat(bytes) } })
    expect(await status('/health/live', header(15_000))).toBe(200)
    expect(await status('/health/live', header(17_000))).toBe(431)
    const post = (body: string) =>
      status('/api/v1/one-to-many', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(await post(JSON.stringify({ one: 'x'.repeat(64 * 1024) }))).toBe(413)
    // as deep as 64 KiB can be
    expect(await post(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)).toBe(400)
    expect(await post(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)).toBe(400)
    expect(await post('{"one":')).toBe(400)
    expect(await status('/health/live')).toBe(200)
  })

  test('48: whoever sends by the drop is cut off: headers after 10 s, a whole request after 30', () => {
    const { server } = appWith()
    expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000])
  })

  test('45: beyond the limit of an address 429 with headers, never 500', async () => {
    const app = appWith(createOperations(), { ...apiDefaults, requestsPerMinute: 5 })
    const answers = []
    for (let i = 0; i < 100; i++) answers.push(await app.inject('/api/v6/stoptimes?stopId=test_A&n=1'))
    expect(answers.map(a => a.statusCode)).toEqual([...Array(5).fill(200), ...Array(95).fill(429)])
    expect(answers[0]!.headers['ratelimit-limit']).toBe('5')
    expect(answers[0]!.headers['ratelimit-remaining']).toBe('4')
    expect(Number(answers[99]!.headers['retry-after'])).toBeGreaterThan(0)
    expect(answers[99]!.json()).toEqual({ error: expect.stringContaining('too many requests') })
    const other = await app.inject({ url: '/api/v6/stoptimes?stopId=test_A&n=1', remoteAddress: '10.0.0.9' })
    expect(other.statusCode).toBe(200)
  })

  test('50: browsers of any origin may read, none may sniff, frame or run foreign scripts', async () => {
    const app = appWith()
    const { headers } = await app.inject({
      url: '/api/v6/stoptimes?stopId=test_A&n=1',
      headers: { origin: 'https://x.org' },
    })
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toContain("script-src 'self'")
    const own = appWith(createOperations(), { ...apiDefaults, origins: ['https://city.example'] })
    // what an answer depends on besides is said as well
    const nowhere = await own.inject({ url: '/nowhere', headers: { origin: 'https://city.example' } })
    expect([nowhere.statusCode, nowhere.headers.vary]).toEqual([404, 'accept-encoding, Origin, accept'])
    const from = async (origin: string) =>
      (await own.inject({ url: '/health/live', headers: { origin } })).headers['access-control-allow-origin']
    expect(await from('https://city.example')).toBe('https://city.example')
    expect(await from('https://evil.example')).toBeUndefined()
  })

  test('51: keys in addresses are struck out of the log', () => {
    expect(withoutKeys('/x?apiKey=canary&n=1&access_token=canary')).toBe('/x?apiKey=…&n=1&access_token=…')
  })
})

test('a trace goes to where it is asked for, as part of the caller’s', async () => {
  const bodies: string[] = []
  const collector = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      bodies.push(`${request.url} ${body}`)
      response.end('{}')
    })
  })
  const tracing = await startTracing(await listenHere(collector))
  const app = appWith(createOperations({ tracing }))
  const trace = '0af7651916cd43dd8448eb211c80319c'
  await app.inject({ url: '/health/live', headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } })
  await tracing.close()
  collector.close()
  expect(bodies).toHaveLength(1)
  expect(bodies[0]).toMatch(/^\/v1\/traces /)
  expect(bodies[0]).toContain(trace)
  expect(bodies[0]).toContain('GET /health/live')
  expect(parseTraceparent('00-00000000000000000000000000000000-b7ad6b7169203331-01')).toBeUndefined()
})

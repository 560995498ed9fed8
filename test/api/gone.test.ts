// Callers that go before they are answered leave nothing behind: no connection that counts, no search, no error in the log. And a server that
// goes leaves nobody without an answer.

import { once } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import type { Counted } from '#workers/counts.ts'
import { testService } from '../helpers/service.ts'
import { until } from '../helpers/until.ts'
import { at, city, iso } from './city.ts'

let app: App
afterEach(() => app.close())

const PLAN = `/api/v6/plan?fromPlace=test_A&toPlace=test_C&time=${iso('9:50')}`

/** An app over a real socket, whose requests are counted when the test says so, and whose plans are never found. */
async function slow() {
  const counted = Promise.withResolvers<Counted>()
  const signals: AbortSignal[] = []
  app = buildApp(
    {
      ...testService(city, at('9:00')),
      plan: (_query, _style, { signal } = {}) => {
        signals.push(signal!)
        return new Promise((_, reject) => {
          if (signal!.aborted) reject(signal!.reason)
          signal!.addEventListener('abort', () => reject(signal!.reason))
        })
      },
    },
    {
      ...apiDefaults,
      log: 'errors',
      requestsPerMinute: 100,
      counts: { count: () => counted.promise, close: async () => {} },
    },
  )
  let gone = 0
  app.server.on('request', (_, response) => response.once('close', () => gone++))
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    signals,
    count: () => counted.resolve({ current: 1, ttl: 60_000 }),
    /** Asks, and hangs up when `then` resolves. */
    async hangUp(path: string, then: () => Promise<unknown>) {
      const arrived = once(app.server, 'request')
      const request = get({ port, path })
      const ended = once(request, 'error')
      await arrived
      await then()
      request.destroy(new Error('closed'))
      await ended
      await until('the server to notice', () => gone === 1)
    },
  }
}
test('who comes while the server is closing is answered, and told to come by another connection', async () => {
  app = buildApp(testService(city, at('9:00')), { ...apiDefaults, log: 'nothing' })
  const answers: Response[] = []
  app.addHook('preClose', async () => {
    const { port } = app.server.address() as AddressInfo
    answers.push(await fetch(`http://localhost:${port}/health/live`))
  })
  await app.listen({ port: 0 })
  await app.close()
  expect(answers.map(({ status, headers }) => [status, headers.get('connection')])).toEqual([[200, 'close']])
})

const rest = () => new Promise(resolve => setImmediate(resolve))

test('an event stream that was closed while its requests were counted is no client', async () => {
  const { hangUp, count } = await slow()
  await hangUp('/live/sse?ch=stop:test_A', rest)
  count()
  await rest()
  expect((await app.inject('/metrics')).body).toMatch(/freifahrt_live_clients 0/)
})

test('a plan that nobody waits for any more by then is not searched', async () => {
  const { hangUp, count, signals } = await slow()
  await hangUp(PLAN, rest)
  count()
  await rest()
  expect(signals.every(signal => signal.aborted)).toBe(true)
})

test('who hangs up in the middle of a search is no error of ours', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const { hangUp, count, signals } = await slow()
    count()
    await hangUp(PLAN, () => until('the search to begin', () => signals.length === 1))
    await rest()
    expect(signals[0]!.aborted).toBe(true)
    expect(written.mock.calls.map(([text]) => String(text))).toEqual([])
  } finally {
    written.mockRestore()
  }
})

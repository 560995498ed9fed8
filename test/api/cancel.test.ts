// Nobody waits any more: the search in the plan thread ends, and the thread stays.

import { once } from 'node:events'
import { get } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Server, startServer } from '#api/server.ts'
import { createClock } from '#workers/clock.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { openNetworkOf } from '../helpers/open-network.ts'
import { until } from '../helpers/until.ts'
import { at, city, iso } from './city.ts'

let service: RunningService
let server: Server
const died: unknown[] = []
beforeAll(async () => {
  const clock = createClock()
  clock.set(at('9:00'), true)
  service = await startService({
    network: openNetworkOf(city),
    clock,
    planWorker: new URL('./endless.worker.ts', import.meta.url),
    threads: 1,
    // no other limit than the client's patience
    planTimeoutMs: 3_600_000,
    onTrouble: (_where, error) => died.push(error),
  })
  server = await startServer(service, { port: 0, log: 'nothing' })
})
afterAll(async () => {
  await server.close()
  await service.close()
})

const path = `/api/v6/plan?fromPlace=test_A&toPlace=test_C&time=${iso('9:50')}`

test('a client that closes ends the search in its thread, and the next one gets the thread', async () => {
  for (let i = 0; i < 3; i++) {
    const request = get(server.url + path)
    const ended = once(request, 'error')
    await until('the search to begin', () => service.load().busy === 1)
    request.destroy(new Error('closed'))
    await ended
    await until('the thread to be free', () => service.load().busy === 0)
  }
  expect(died).toEqual([])
})

test('a time limit ends it too', async () => {
  const answer = await fetch(`${server.url}${path}&timeout=1`)
  expect([answer.status, await answer.json()]).toEqual([504, { error: expect.stringContaining('1000 ms') }])
  await until('the thread to be free', () => service.load().busy === 0)
  expect(died).toEqual([])
})

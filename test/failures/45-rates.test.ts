// 45: one limit for an address, whichever gateway it asks; while Redis is away each gateway counts for itself, and nobody is kept waiting.
// Real Redis.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiDefaults } from '#api/config.ts'
import type { Counts } from '#workers/counts.ts'
import { countInRedis } from '#workers/redis/counts.ts'
import { at, city } from '../api/city.ts'
import { appFor } from '../helpers/api.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { testService } from '../helpers/service.ts'
import { until } from '../helpers/until.ts'

const there = findRedis() !== undefined
let redis: RedisServer
let both: Counts[] = []
/** As the others, but no busy machine makes them count for themselves. */
let patient: Counts[] = []
beforeAll(async () => {
  if (!there) return
  redis = await startRedis()
  const two = (patienceMs?: number) =>
    [0, 1].map(() => countInRedis({ redisUrl: redis.url, prefix: 'test', ...(patienceMs && { patienceMs }) }))
  both = two()
  patient = two(10_000)
  for (const [one, other] of [both, patient])
    await until('both to count together', async () => {
      await one!.count('probe', 60_000)
      return (await other!.count('probe', 60_000)).current % 2 === 0
    })
})
afterAll(async () => {
  for (const counts of [...both, ...patient]) await counts.close()
  await redis?.stop()
})

const gateway = (counts: Counts) =>
  appFor(testService(city, at('9:00')), { ...apiDefaults, requestsPerMinute: 5, counts })
const ask = async (app: ReturnType<typeof gateway>, remoteAddress: string) =>
  app.inject({ url: '/api/v6/stoptimes?stopId=test_A&n=1', remoteAddress })

test.skipIf(!there)('two gateways count together', async () => {
  const apps = patient.map(gateway)
  const answers = []
  for (let i = 0; i < 12; i++) answers.push(await ask(apps[i % 2]!, '10.0.0.1'))
  expect(answers.map(a => a.statusCode)).toEqual([...Array(5).fill(200), ...Array(7).fill(429)])
  expect(answers.map(a => a.headers['ratelimit-remaining']).slice(0, 6)).toEqual(['4', '3', '2', '1', '0', '0'])
  expect((await ask(apps[1]!, '10.0.0.2')).statusCode).toBe(200)
  // of IPv6 a /64 is one address, here and there
  const house = []
  for (let i = 0; i < 6; i++) house.push(await ask(apps[i % 2]!, `2001:db8:1:2::${i}`))
  expect(house.map(a => a.statusCode)).toEqual([...Array(5).fill(200), 429])
})

test.skipIf(!there)('Redis stands still: each counts for itself, nobody waits for it, nothing is 500', async () => {
  const apps = both.map(gateway)
  redis.kill('SIGSTOP')
  try {
    const began = performance.now()
    const answers = await Promise.all(Array.from({ length: 16 }, (_, i) => ask(apps[i % 2]!, '10.0.0.3')))
    // a command to Redis has three seconds
    expect(performance.now() - began).toBeLessThan(2000)
    expect(answers.filter(a => a.statusCode === 200)).toHaveLength(10)
    expect(answers.filter(a => a.statusCode === 429)).toHaveLength(6)
  } finally {
    redis.kill('SIGCONT')
  }
})

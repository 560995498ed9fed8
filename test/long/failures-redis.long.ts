// 23: Redis stands still for fifteen seconds, with the leases and waits of real life: gateways keep what they have and say so, nobody writes
// twice, and news flow again within ten seconds.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFeedRole } from '#workers/feed.ts'
import { followRealtime } from '#workers/follow.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

const STOPPED_MS = 15_000
const there = findRedis() !== undefined
let redis: RedisServer
let feed: Server
let asked = 0
beforeAll(async () => {
  if (!there) return
  redis = await startRedis()
  feed = createServer((_, response) => response.end(`message ${++asked}`))
  await new Promise<void>(done => feed.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  feed?.close()
  await redis?.stop()
})

test.skipIf(!there)('23: Redis stopped for fifteen seconds', async () => {
  const url = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/feed.pb`
  const of = { redisUrl: redis.url, prefix: 'stopped', sources: [{ url }], urls: [url] }
  const roles = [1, 2].map(() => startFeedRole({ ...of, pollSeconds: 1 }))
  const heard: string[] = []
  let up = false
  const follower = followRealtime({ ...of, onState: is => (up = is) })
  await follower.moveTo({
    async hear(_source, news) {
      heard.push(news.kind === 'message' ? Buffer.from(news.bytes).toString() : news.kind)
      return undefined
    },
  })
  await until('news', () => heard.length > 2, 30_000)
  redis.kill('SIGSTOP')
  const stopped = performance.now()
  let told: number | undefined
  while (performance.now() - stopped < STOPPED_MS) {
    if (!up) told ??= performance.now() - stopped
    await sleep(50)
  }
  const before = heard.length
  redis.kill('SIGCONT')
  const back = performance.now()
  await until('news again', () => heard.length > before + 1 && up, 10_000)
  const recovered = performance.now() - back
  const most = roles.reduce((n, role) => n + role.leading().length, 0)
  console.log(
    `23: told after ${told === undefined ? 'never' : `${Math.round(told)} ms`}, right again ${Math.round(recovered)} ms after Redis was back, ${most} leads`,
  )
  expect(told).toBeLessThan(20_000)
  expect(most).toBeLessThanOrEqual(1)
  // the feed counts. The newest is read again after an outage, which changes nothing; nothing older may follow
  const numbers = heard.map(text => Number(text.split(' ')[1]))
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  await Promise.all([...roles, follower].map(one => one.close()))
})

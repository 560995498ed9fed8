// 23: Redis stands still for 15 and for 120 seconds, is killed and comes back empty, with the leases and waits of real life: gateways keep what
// they have and say so, nobody writes twice, and news flow again within ten seconds.

import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFeedRole } from '#workers/feed.ts'
import { followRealtime } from '#workers/follow.ts'
import { listenHere } from '../helpers/loopback.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

const there = findRedis() !== undefined
let redis: RedisServer
let feed: Server
let url = ''
let asked = 0
beforeAll(async () => {
  if (!there) return
  redis = await startRedis()
  feed = createServer((_, response) => response.end(`message ${++asked}`))
  url = `${await listenHere(feed)}/feed.pb`
})
afterAll(async () => {
  feed?.close()
  await redis?.stop()
})

const outages: [string, number, () => void, () => unknown][] = [
  ['stopped for 15 s', 15_000, () => redis.kill('SIGSTOP'), () => redis.kill('SIGCONT')],
  ['stopped for 120 s', 120_000, () => redis.kill('SIGSTOP'), () => redis.kill('SIGCONT')],
  ['killed, back after 15 s, empty', 15_000, () => redis.kill('SIGKILL'), () => redis.restart({ empty: true })],
]

test.skipIf(!there).each(outages)('23: Redis %s', async (name, ms, away, comesBack) => {
  const of = { redisUrl: redis.url, prefix: name.slice(0, 12), urls: [url], sources: [{ url }] }
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
  away()
  const gone = performance.now()
  let told: number | undefined
  let heardAway = 0
  const before = heard.length
  while (performance.now() - gone < ms) {
    if (!up) told ??= performance.now() - gone
    heardAway = heard.length - before
    await sleep(50)
  }
  await comesBack()
  const back = performance.now()
  await until('news again', () => heard.length > before + heardAway + 1 && up, 10_000)
  const recovered = performance.now() - back
  await until('one to lead', () => roles.reduce((n, role) => n + role.leading().length, 0) === 1, 10_000)
  console.log(
    `23: ${name}: told after ${told === undefined ? 'never' : `${Math.round(told)} ms`}, right again ${Math.round(recovered)} ms after Redis was back`,
  )
  expect(told).toBeLessThan(20_000)
  // nothing was made up while it was away; what was under way may still have come
  expect(heardAway).toBeLessThanOrEqual(1)
  // the feed counts: nothing older after something newer, and no message twice but the newest, which is read again after an outage
  const numbers = heard.map(text => Number(text.split(' ')[1]))
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  expect(numbers.length - new Set(numbers).size).toBeLessThanOrEqual(1)
  await Promise.all([...roles, follower].map(one => one.close()))
})

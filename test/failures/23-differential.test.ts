// 23: a source that tells only what has changed (A6), over a real Redis: whoever asks next goes on with what the one before had made.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type FeedOptions, startFeedRole } from '#workers/feed.ts'
import { followRealtime } from '#workers/follow.ts'
import type { News } from '#workers/news.ts'
import { feedMessage, proto, trip } from '../helpers/realtime.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

const there = findRedis() !== undefined
const T = Date.UTC(2026, 0, 10, 9) / 1000
const changes = (id: string): Uint8Array =>
  feedMessage({ timestamp: T, differential: true }, trip(id).withId(id).stop('A').delay(60))
let redis: RedisServer
let feed: Server
let url = ''
let now = changes('a')
const open: { close(): unknown }[] = []

beforeAll(async () => {
  if (!there) return
  redis = await startRedis()
  feed = createServer((_, response) => response.end(now))
  await new Promise<void>(done => feed.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/feed.pb`
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(async () => {
  feed?.close()
  await redis?.stop()
})

test.skipIf(!there)('A6: the next to ask a source of changes begins with what the one before had', async () => {
  const of: FeedOptions = {
    redisUrl: redis.url,
    prefix: 'changes',
    sources: [{ url, options: { differential: true } }],
    pollSeconds: 0.05,
    allowHosts: ['127.0.0.1'],
    leaseMs: 600,
  }
  let ids: string[] = []
  const follower = followRealtime({ redisUrl: redis.url, prefix: of.prefix, urls: [url] })
  open.push(follower)
  await follower.moveTo({
    async hear(_, news: News) {
      if (news.kind === 'message') ids = proto.FeedMessage.decode(news.bytes).entity.map(({ id }) => id)
      return undefined
    },
  })
  const first = startFeedRole(of)
  await until('the first change', () => ids.includes('a'))
  await first.close()
  now = changes('b')
  open.push(startFeedRole(of))
  await until('the next change', () => ids.includes('b'))
  expect(ids).toEqual(['a', 'b'])
})

// 23: a source that tells only what has changed (A6), over a real Redis: whoever asks next goes on with what the one before had made; and processes
// of two releases beside each other.

import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type FeedOptions, startFeedRole } from '#workers/feed.ts'
import { followRealtime } from '#workers/follow.ts'
import type { News } from '#workers/news.ts'
import { closeRedis, connectRedis } from '#workers/redis/connection.ts'
import { takeLease } from '#workers/redis/lease.ts'
import { sayNews, sourceKey } from '#workers/redis/realtime.ts'
import { listenHere } from '../helpers/loopback.ts'
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
  url = `${await listenHere(feed)}/feed.pb`
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

test.skipIf(!there)(
  'a message in the format of another release is told of its source; the other sources go on',
  async () => {
    const own = connectRedis(redis.url, { onChange: () => {} })
    open.push({ close: () => closeRedis(own) })
    await until('Redis', () => own.isReady)
    const urls = ['http://127.0.0.1/first.pb', 'http://127.0.0.1/second.pb']
    const keys = urls.map(one => sourceKey('releases', one))
    const tokens: string[] = []
    for (const key of keys) tokens.push((await takeLease(own, { key, holder: 'a', ttlMs: 60_000 }))!)
    const say = (source: number, text: string) =>
      sayNews(own, keys[source]!, tokens[source]!, { kind: 'message', bytes: Buffer.from(text) }, 1)
    for (const source of [0, 1]) await say(source, `old ${source}`)
    await own.set(`${keys[0]}:last`, 'as nobody has written it yet')
    const heard: string[] = []
    const follower = followRealtime({ redisUrl: redis.url, prefix: 'releases', urls })
    open.push(follower)
    await follower.moveTo({
      async hear(source, news: News) {
        const what = news.kind === 'message' ? Buffer.from(news.bytes).toString() : JSON.stringify(news)
        heard.push(`${source}: ${what}`)
        return undefined
      },
    })
    const refusal = '0: {"kind":"failure","reason":"OTHER_RELEASE"}'
    await until('both', () => heard.includes(refusal) && heard.includes('1: old 1'))
    await say(1, 'next')
    await until('the second to go on', () => heard.includes('1: next'))
    // a word that nobody has said yet
    const refusals = (): number => heard.filter(text => text === refusal).length
    const before = refusals()
    await own.xAdd(keys[0]!, '*', { kind: 'patch', detail: '', token: tokens[0]!, at: '1' })
    await until('that it was not understood', () => refusals() > before)
    // whoever writes it again in the format of here is heard
    await say(0, 'right')
    await until('the first', () => heard.includes('0: right'))
  },
)

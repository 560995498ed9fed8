// 22–25: Redis that is late, stopped, killed or emptied, and leaders that are paused: one process asks each feed, never two; who listens goes
// on with what it has and is right again when Redis is. Real Redis, real processes. Leases are half as long as the real ones.

import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type FeedOptions, type FeedRole, startFeedRole } from '#workers/feed.ts'
import { type Follower, followRealtime } from '#workers/follow.ts'
import type { News } from '#workers/news.ts'
import { closeRedis, connectRedis, type Redis } from '#workers/redis/connection.ts'
import { dropLease, takeLease } from '#workers/redis/lease.ts'
import { newestMessage, sayNews, sourceKey } from '#workers/redis/realtime.ts'
import { listenHere } from '../helpers/loopback.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

/** Whoever is held up for two thirds of it loses its lease, as it should: a busy machine holds nobody up so long. */
const LEASE_MS = 3000
const POLL_MS = 200
const there = findRedis() !== undefined
let redis: RedisServer
let feed: Server
let url = ''
let asked = 0
const open: { close(): unknown }[] = []

beforeAll(async () => {
  if (!there) return
  redis = await startRedis()
  feed = createServer((_, response) => response.end(`message ${++asked}`))
  url = `${await listenHere(feed)}/feed.pb`
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(async () => {
  feed?.close()
  await redis?.stop()
})

let prefixes = 0
const options = (): FeedOptions => ({
  redisUrl: redis.url,
  prefix: `test${++prefixes}`,
  sources: [{ url }],
  pollSeconds: POLL_MS / 1000,
  leaseMs: LEASE_MS,
})
function role(of: FeedOptions): FeedRole {
  const started = startFeedRole(of)
  open.push(started)
  return started
}
/** A gateway that writes down what it hears. */
async function gateway({ redisUrl, prefix, sources }: FeedOptions) {
  const urls = sources.map(source => source.url)
  const heard: string[] = []
  const states: boolean[] = []
  const follower: Follower = followRealtime({ redisUrl, prefix, urls, onState: up => states.push(up) })
  open.push(follower)
  await follower.moveTo({
    async hear(_source, news: News) {
      heard.push(news.kind === 'message' ? Buffer.from(news.bytes).toString() : news.kind)
      return undefined
    },
  })
  return { heard, states, follower }
}
async function client(): Promise<Redis> {
  const own = connectRedis(redis.url, { onChange: () => {} })
  open.push({ close: () => closeRedis(own) })
  await until('Redis', () => own.isReady)
  return own
}
function child(of: FeedOptions): { process: ChildProcess; said: { kind: string; taken: boolean }[] } {
  const process = spawn(globalThis.process.execPath, [
    resolve(import.meta.dirname, '../helpers/feed-child.ts'),
    JSON.stringify(of),
  ])
  const said: { kind: string; taken: boolean }[] = []
  createInterface(process.stdout!).on('line', line => said.push(JSON.parse(line)))
  open.push({ close: () => process.kill('SIGKILL') })
  return { process, said }
}

test.skipIf(!there)('gateways hear what the leader hears, those that join later at once', async () => {
  const of = options()
  const early = await gateway(of)
  role(of)
  await until('three messages', () => early.heard.length >= 3)
  const late = await gateway(of)
  await until('the newest message', () => late.heard.length > 0)
  const count = asked
  await until('both to hear the same', () => early.heard.at(-1) === late.heard.at(-1) && asked > count)
})

test.skipIf(!there)('an address that two feeds name is heard for both', async () => {
  const of = options()
  const heard: number[] = []
  const follower = followRealtime({ redisUrl: of.redisUrl, prefix: of.prefix, urls: [url, url] })
  open.push(follower)
  await follower.moveTo({
    async hear(source) {
      heard.push(source)
      return undefined
    },
  })
  role(of)
  const times = (source: number): number => heard.filter(one => one === source).length
  // the first may have lain there already: the stream's as well
  await until('news for both again and again', () => times(0) > 4 && times(1) > 4)
})

test.skipIf(!there)('a new network gets what came meanwhile, and again what it did not take', async () => {
  const of = options()
  const own = await client()
  const key = sourceKey(of.prefix, url)
  const token = (await takeLease(own, { key, holder: 'a', ttlMs: 60_000 }))!
  let at = 0
  const say = (text: string): Promise<boolean> =>
    sayNews(own, key, token, { kind: 'message', bytes: Buffer.from(text) }, ++at)
  const { heard, follower } = await gateway(of)
  await until('both connections', async () => {
    await say('old')
    return heard.length > 1
  })
  const next: string[] = []
  await follower.moveTo({
    async hear(_source, news: News) {
      next.push(news.kind === 'message' ? Buffer.from(news.bytes).toString() : news.kind)
      if (next.length === 1) {
        await say('meanwhile')
        await until('the one before to hear it', () => heard.at(-1) === 'meanwhile')
      }
      return next.length === 2 ? 'not taken' : undefined
    },
  })
  expect(next).toEqual(['old', 'meanwhile'])
  for (const count of [3, 4]) {
    await sayNews(own, key, token, { kind: 'unchanged' }, ++at)
    await until('the next word', () => next.length === count)
  }
  expect(next).toEqual(['old', 'meanwhile', 'meanwhile', 'unchanged'])
})

test.skipIf(!there)('one asks, the other takes over when it goes', async () => {
  const of = options()
  const [first, second] = [role(of), role(of)]
  const both = (): number => first.leading().length + second.leading().length
  await until('a leader', () => both() === 1)
  const begun = asked
  // whoever is the second has had its turn to ask for the lease
  await until('it to ask for longer than the other rests', () => {
    expect(both()).toBe(1)
    return asked > begun + (LEASE_MS / 3 / POLL_MS) * 2
  })
  const [leader, other] = first.leading().length === 1 ? [first, second] : [second, first]
  open.splice(open.indexOf(leader), 1)
  await leader.close()
  await until('the other', () => other.leading().length === 1)
})

test.skipIf(!there)('a leader that was paused writes nothing when it comes back (fencing)', async () => {
  const of = options()
  // both are started at once: whoever is first leads
  const both = [child(of), child(of)] as const
  const leads = ({ said }: (typeof both)[number]): boolean => said.some(({ taken }) => taken)
  await until('a leader', () => both.some(leads))
  const [old, next] = leads(both[0]) ? both : [both[1], both[0]]
  old.process.kill('SIGSTOP')
  await until('the next leader', () => leads(next))
  // what it had said before has come by now
  const paused = old.said.length
  old.process.kill('SIGCONT')
  const before = next.said.length
  await until('the next to go on', () => next.said.length > before + 5)
  const late = old.said.slice(paused + 1).filter(({ taken }) => taken)
  // what was under way while it was stopped may have been taken before; nothing is afterwards
  expect(late).toEqual([])
  expect(next.said.slice(before).every(({ taken }) => taken)).toBe(true)
})

test.skipIf(!there)(
  'a token that is no longer the holder’s writes nothing, nor does one from before Redis was emptied',
  async () => {
    const own = await client()
    const key = sourceKey('fence', url)
    const news: News = { kind: 'message', bytes: Buffer.from('old') }
    const first = (await takeLease(own, { key, holder: 'a', ttlMs: 60_000 }))!
    expect(await takeLease(own, { key, holder: 'b', ttlMs: 60_000 })).toBeUndefined()
    expect(await takeLease(own, { key, holder: 'a', ttlMs: 60_000 })).toBe(first)
    expect(await sayNews(own, key, first, news, 1234.4)).toBe(true)
    expect(await newestMessage(own, key)).toMatchObject({ kind: 'message', at: 1234 })
    await dropLease(own, { key }, first)
    const second = (await takeLease(own, { key, holder: 'b', ttlMs: 60_000 }))!
    expect(await sayNews(own, key, first, news, 0)).toBe(false)
    expect(await sayNews(own, key, second, news, 0)).toBe(true)
    await own.flushAll()
    expect(await sayNews(own, key, second, news, 0)).toBe(false)
    expect(await takeLease(own, { key, holder: 'a', ttlMs: 60_000 })).not.toBe(second)
  },
)

test.skipIf(!there)('22: Redis that comes late is found', async () => {
  redis.kill('SIGSTOP')
  const of = options()
  const waiting = await gateway(of)
  role(of)
  redis.kill('SIGCONT')
  await until('news', () => waiting.heard.length > 0)
})

test.skipIf(!there)('23: killed and restarted empty: told, and right again within seconds', async () => {
  const of = options()
  const listening = await gateway(of)
  role(of)
  await until('news', () => listening.heard.length > 2)
  redis.kill('SIGKILL')
  await until('to be told', () => listening.states.at(-1) === false)
  const before = listening.heard.length
  await redis.restart({ empty: true })
  await until('news again', () => listening.heard.length > before)
  expect(listening.states.at(-1)).toBe(true)
})

test.skipIf(!there)('25, 26: CLIENT KILL, a server without memory and a read-only one are survived', async () => {
  const of = options()
  const listening = await gateway(of)
  let refused = 0
  const leader = role({ ...of, onNews: (_url, _news, taken) => (taken ? 0 : refused++) })
  await until('news', () => listening.heard.length > 0)
  const own = await client()
  const goesOn = async (): Promise<void> => {
    const before = listening.heard.length
    await until('news again', () => listening.heard.length > before + 1)
  }
  await own.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'])
  await goesOn()
  await own.sendCommand(['CONFIG', 'SET', 'maxmemory', '1'])
  await until('writes to fail, and to be seen failing', () => refused > 0)
  await own.sendCommand(['CONFIG', 'SET', 'maxmemory', '0'])
  await goesOn()
  await own.sendCommand(['REPLICAOF', '127.0.0.1', '1'])
  await until('the leader to lose hold', () => leader.leading().length === 0)
  await own.sendCommand(['REPLICAOF', 'NO', 'ONE'])
  await goesOn()
})

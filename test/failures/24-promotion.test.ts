// 24: Redis fails over to a replica that has not got the last writes. The address stays (a proxy here; a load balancer or Sentinel elsewhere),
// what answers behind it is older. Two real Redis; the clocks of feed and gateway are their own.

import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createProxy, type Socket, type Server as TcpServer } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createClock } from '#workers/clock.ts'
import { startFeedRole } from '#workers/feed.ts'
import { followRealtime } from '#workers/follow.ts'
import { Publisher } from '#workers/publisher.ts'
import { closeRedis, connectRedis, type Redis } from '#workers/redis/connection.ts'
import { takeLease } from '#workers/redis/lease.ts'
import { newestMessage, sayNews, sourceKey } from '#workers/redis/realtime.ts'
import { listenHere } from '../helpers/loopback.ts'
import { feedMessage, trip } from '../helpers/realtime.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { timetable } from '../helpers/timetable.ts'
import { until } from '../helpers/until.ts'

/** A busy machine holds nobody up so long that the lease runs out. */
const LEASE_MS = 3000
const there = findRedis() !== undefined
const town = timetable('U1   A 10:00   B 10:10   [id=t1]', { days: ['20260110'] })
const T = town.day * 86_400 + 36_000 - 600
let master: RedisServer
let replica: RedisServer
let proxy: TcpServer
let port: number
let feed: Server
let url = ''
let said = 0
const sockets = new Set<Socket>()
const open: { close(): unknown }[] = []

beforeAll(async () => {
  if (!there) return
  master = await startRedis()
  replica = await startRedis(['--replicaof', '127.0.0.1', String(master.port), '--repl-diskless-sync-delay', '0'])
  port = master.port
  proxy = createProxy(socket => {
    const behind = connect(port, '127.0.0.1')
    for (const one of [socket, behind]) {
      sockets.add(one)
      one.on('error', () => {}).on('close', () => sockets.delete(one))
    }
    socket.pipe(behind).pipe(socket)
  })
  await new Promise<void>(done => proxy.listen(0, '127.0.0.1', done))
  // each message is newer than the one before, and a minute's delay more
  feed = createServer((_, response) => {
    said++
    response.end(
      feedMessage(
        { timestamp: T + said },
        trip('t1', { startDate: '20260110' })
          .stop('A')
          .delay(60 * said),
      ),
    )
  })
  url = `${await listenHere(feed)}/feed.pb`
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  proxy?.close()
  feed?.close()
  await replica?.stop()
  await master?.stop()
})

async function client(of: RedisServer): Promise<Redis> {
  const own = connectRedis(of.url, { onChange: () => {} })
  open.push({ close: () => closeRedis(own) })
  await until('Redis', () => own.isReady)
  return own
}

test.skipIf(!there)(
  '24: a replica is promoted without the last writes: no gateway goes back, all end at the newest message',
  async () => {
    const redisUrl = `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const prefix = 'promoted'
    const key = sourceKey(prefix, url)
    // a gateway's live state, as the live thread has it
    const clock = createClock()
    clock.set(T as UnixSeconds, true)
    const { tt } = town
    let generation = 0
    let timestamp = 0
    const publisher = new Publisher({
      timetable: tt,
      sources: [{ tag: 'test', url }],
      clock,
      cut: false,
      firstGeneration: 1,
      publish: ({ horizon, sources }) => {
        generation = horizon.generation
        if (sources) timestamp = sources[0]!.timestamp
      },
    })
    publisher.start()
    const applied: number[] = []
    const bytes: Buffer[] = []
    const states: boolean[] = []
    const follower = followRealtime({ redisUrl, prefix, urls: [url], onState: up => states.push(up) })
    open.push(follower)
    await follower.moveTo({
      async hear(source, news) {
        if (news.kind !== 'message') return undefined
        bytes.push(Buffer.from(news.bytes))
        const refused = publisher.apply(source, news.bytes, 0)
        publisher.release(generation - 1)
        applied.push(timestamp - T)
        return refused
      },
    })
    const role = startFeedRole({ redisUrl, prefix, sources: [{ url }], pollSeconds: 0.1, leaseMs: LEASE_MS })
    open.push(role)
    const [ofMaster, ofReplica] = [await client(master), await client(replica)]
    await until('the replica to follow', async () => (await newestMessage(ofReplica, key)) !== undefined)

    // from here on the replica hears nothing: these writes are lost
    await ofReplica.sendCommand(['REPLICAOF', 'NO', 'ONE'])
    const before = applied.at(-1)!
    await until('some more messages', () => applied.at(-1)! > before + 5)
    const lost = applied.at(-1)!
    const oldToken = String(await ofMaster.get(`${key}:lease`))
    master.kill('SIGKILL')
    await until('to be told', () => states.at(-1) === false)
    const old = await newestMessage(ofReplica, key)
    expect(old?.kind === 'message' && bytes.findIndex(one => one.equals(old.bytes))).toBeLessThan(bytes.length - 1)
    const heardBefore = applied.length
    port = replica.port

    await until('the newest again', () => applied.at(-1)! > lost + 3)
    // the older message was heard again, and left the state as it was
    expect(applied.slice(heardBefore).every((value, i, all) => value >= (all[i - 1] ?? lost))).toBe(true)
    // one leader, with a token of the promoted one; the lost one's writes nothing
    await until('one leader', () => role.leading().length === 1)
    const token = await takeLease(ofReplica, { key, holder: 'another', ttlMs: LEASE_MS })
    expect(token).toBeUndefined()
    const now = String(await ofReplica.get(`${key}:lease`))
    if (now !== oldToken) expect(await sayNews(ofReplica, key, oldToken, { kind: 'unchanged' }, 0)).toBe(false)
    const last = await newestMessage(ofReplica, key)
    expect(last?.kind === 'message' && last.bytes.length).toBeGreaterThan(0)
  },
)

// 23 and 32, the whole path over Redis with the command as it is run: one feed process, two gateways, one feed; SIGTERM; Redis killed empty.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { importNetwork } from '#workers/import.ts'
import { type RunningCommand, runCommand, watch } from '../helpers/command.ts'
import { smallFeed } from '../helpers/gtfs.ts'
import { listenHere } from '../helpers/loopback.ts'
import { feedMessage, trip } from '../helpers/realtime.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

const there = findRedis() !== undefined
const dir = mkdtempSync(join(tmpdir(), 'freifahrt-drain-'))
const children: ChildProcess[] = []
let redis: RedisServer
let feed: Server
let source = ''
let delay = 60

beforeAll(async () => {
  if (!there) return
  mkdirSync(join(dir, 'feed'))
  for (const [file, text] of Object.entries(smallFeed)) writeFileSync(join(dir, 'feed', file), text)
  await importNetwork({ gtfs: [{ tag: 'x', from: join(dir, 'feed') }], out: join(dir, 'network') })
  redis = await startRedis()
  feed = createServer((_, response) => response.end(message()))
  source = `${await listenHere(feed)}/feed.pb`
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  feed?.close()
  await redis?.stop()
  rmSync(dir, { recursive: true, force: true })
})

// the clock of every process starts here
const NOW = '2026-01-05T09:50:00+01:00'
const started = performance.now()
const now = (): number => Math.floor(Date.parse(NOW) / 1000 + (performance.now() - started) / 1000)
const message = (): Uint8Array =>
  feedMessage({ timestamp: now() }, trip('t1', { startDate: '20260105' }).stop('A').delay(delay))

/** A word of the command over the shared Redis; resolves with the address that it prints. */
async function run(...args: string[]): Promise<RunningCommand> {
  const running = await runCommand([...args, '--port', '0'], { REDIS_URL: redis.url, FREIFAHRT_POLL_SECONDS: '1' })
  children.push(running.child)
  return running
}

test.skipIf(!there)(
  'a feed and two gateways over Redis: the same boards; SIGTERM drains; the other goes on',
  async () => {
    const gateway = ['serve', '--network', join(dir, 'network'), '--gtfs-rt', source, '--now', NOW]
    const [, first, second] = await Promise.all([run('feed', '--gtfs-rt', source), run(...gateway), run(...gateway)])
    const board = async (url: string): Promise<string> => {
      const answer = await fetch(
        `${url}/api/v6/stoptimes?stopId=x_A&n=1&time=${encodeURIComponent('2026-01-05T08:55:00Z')}`,
      )
      const { stopTimes } = (await answer.json()) as StoptimesResponse
      return stopTimes[0]!.place.departure!
    }
    for (const { url } of [first, second])
      await until('the delay', async () => (await board(url)) === '2026-01-05T09:01:00Z', 20_000)
    delay = 120
    for (const { url } of [first, second])
      await until('the next delay', async () => (await board(url)) === '2026-01-05T09:02:00Z', 10_000)

    const { socket, types } = await watch(first, 'stop:x_A')
    const asked = Array.from({ length: 50 }, () => fetch(`${first.url}/api/v6/stoptimes?stopId=x_A&n=1`))
    await Promise.all(asked.map(async request => expect((await request).status).toBe(200)))
    const closed = once(socket, 'close')
    const ended = once(first.child, 'close')
    const told = performance.now()
    first.child.kill('SIGTERM')
    expect((await closed)[0]).toBe(1001)
    expect(types).toContain('goaway')
    expect((await ended)[0]).toBe(0)
    expect(performance.now() - told).toBeLessThan(15_000)
    expect(await board(second.url)).toBe('2026-01-05T09:02:00Z')

    redis.kill('SIGKILL')
    const health = async () =>
      (await (await fetch(`${second.url}/health/ready`)).json()) as { ready: boolean; degraded?: string[] }
    await until('to say that Redis is away', async () => (await health()).degraded?.includes('redis'), 20_000)
    expect((await health()).ready).toBe(true)
    expect(await board(second.url)).toBe('2026-01-05T09:02:00Z')
    delay = 180
    await redis.restart({ empty: true })
    await until('the newest delay', async () => (await board(second.url)) === '2026-01-05T09:03:00Z', 12_000)
    expect((await health()).degraded).toBeUndefined()
  },
  90_000,
)

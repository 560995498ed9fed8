// Figure 5: one feed, Redis, two gateways and a crowd at each, on the demo city: how long it takes from a message's bytes to everybody whose
// board changed, whether both gateways say the same, and who has to be given a new snapshot when one of them is started again after a change: half of
// its clients go to the other, half wait for itself, which has never been in the state they know.
//
//   CLIENTS=2000   of both gateways together

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiDefaults, liveDefaults } from '#api/config.ts'
import { publicStopId } from '#api/render/texts.ts'
import { type Server, startServer } from '#api/server.ts'
import { NONE, type StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { type Follower, followRealtime } from '#workers/follow.ts'
import { closeRedis, connectRedis, type Redis } from '#workers/redis/connection.ts'
import { takeLease } from '#workers/redis/lease.ts'
import { sayNews, sourceKey } from '#workers/redis/realtime.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { type DemoBench, NOW, openDemo } from '../../bench/subjects.ts'
import type { CrowdReport, ToCrowd } from '../helpers/live-crowd.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

const CLIENTS = Number(process.env.CLIENTS ?? 2000)
const there = findRedis() !== undefined
const planWorker = new URL('../../api/plan.worker.ts', import.meta.url)
const live = { ...liveDefaults, connectionsPerAddress: 20_000, heartbeatMs: 3_600_000, socketPingMs: 3_600_000 }
const SOURCE = 'http://127.0.0.1/demo.pb'
const key = sourceKey('demo', SOURCE)
const names: string[] = []
let demo: DemoBench
let redis: RedisServer
let feed: Redis
let token = ''

interface Gateway {
  readonly service: RunningService
  readonly follower: Follower
  readonly server: Server
}

async function gateway(port = 0): Promise<Gateway> {
  const service = await startService({
    network: demo.network,
    clock: demo.clock,
    sources: [{ tag: 'demo', url: SOURCE }],
    planWorker,
    threads: 1,
    polled: false,
  })
  const follower = followRealtime({ redisUrl: redis.url, prefix: 'demo', urls: [SOURCE] })
  await follower.moveTo(service)
  return { service, follower, server: await startServer(service, { ...apiDefaults, port, live }) }
}

async function stop({ service, follower, server }: Gateway): Promise<void> {
  await server.close()
  await follower.close()
  await service.close()
}

function newCrowd() {
  const child: ChildProcess = fork(new URL('../helpers/live-crowd.ts', import.meta.url))
  const tell = (message: ToCrowd): void => void child.send(message)
  return {
    tell,
    close: () => child.disconnect(),
    async connect(urls: readonly string[], clients: number): Promise<void> {
      tell({ kind: 'connect', urls, clients, stops: names })
      await once(child, 'message')
    },
    async report(): Promise<CrowdReport> {
      tell({ kind: 'report' })
      return ((await once(child, 'message')) as [CrowdReport])[0]
    },
  }
}
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

beforeAll(async () => {
  if (!there) return
  ;[demo, redis] = await Promise.all([openDemo(), startRedis()])
  feed = connectRedis(redis.url, { onChange: () => {} })
  await until('Redis', () => feed.isReady)
  token = (await takeLease(feed, { key, holder: 'feed', ttlMs: 3_600_000 }))!
})
afterAll(async () => {
  if (!there) return
  closeRedis(feed)
  await redis.stop()
})

test.skipIf(!there)(`5: ${CLIENTS} clients at two gateways over Redis; one is started again`, async () => {
  const gateways = [await gateway(), await gateway()]
  const { timetable: tt } = demo.network
  for (let s = 0; s < tt.counts.stops; s++)
    if (tt.stopParent[s as StopIdx] === NONE && gateways[0]!.service.lookup.departures[s]! > 0)
      names.push(publicStopId(tt, s as StopIdx))
  // at both gateways, and at the first alone
  const [both, only] = [newCrowd(), newCrowd()]
  let minutes = 0
  const newMessage = async (): Promise<void> => {
    const time = NOW + ++minutes * 60
    const bytes = demo.messageAt(time)
    demo.clock.set(time as UnixSeconds, true)
    for (const crowd of [both, only]) crowd.tell({ kind: 'sent', at: Date.now() })
    expect(await sayNews(feed, key, token, { kind: 'message', bytes }, Date.now())).toBe(true)
  }
  const boardsOf = async ({ server }: Gateway): Promise<string[]> => {
    const boards: string[] = []
    for (const name of names)
      boards.push(await (await fetch(`${server.url}/api/v6/stoptimes?stopId=${name}&n=30`)).text())
    return boards
  }
  await newMessage()
  const urls = gateways.map(({ server }) => server.url)
  await both.connect(urls, CLIENTS / 4)
  await both.connect(urls.toReversed(), CLIENTS / 2)
  await only.connect(urls.slice(0, 1), CLIENTS / 4)
  for (let i = 0; i < 6; i++) {
    await newMessage()
    await sleep(4000)
  }
  const reports = () => Promise.all([both.report(), only.report()])
  const latencies = (await reports()).flatMap(report => report.latencies).sort((x, y) => x - y)
  const quantile = (q: number): number => latencies[Math.floor(q * (latencies.length - 1))]!
  const [first, second] = await Promise.all(gateways.map(boardsOf))
  const same = first!.filter((board, i) => board === second![i]).length

  const { port } = gateways[0]!.server
  const began = performance.now()
  await stop(gateways[0]!)
  await newMessage()
  gateways[0] = await gateway(port)
  await newMessage()
  await until('all to be back', async () => (await reports()).reduce((n, { open }) => n + open, 0) === CLIENTS, 30_000)
  await sleep(1000)
  const came = await reports()
  const [toOther, toSame] = came.map(({ resumed, started }) => resumed / (resumed + started))
  const bytes = came.map(({ resumeBytes, resumed, started }) => Math.round(resumeBytes / (resumed + started)))
  console.log(
    `5: ${latencies.length} deltas from bytes to client over Redis: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms; ${same} of ${names.length} boards the same at both; all back ${Math.round(performance.now() - began)} ms after a restart`,
  )
  console.log(
    `5: without a new snapshot: ${percent(toOther!)} at the other gateway (${bytes[0]} bytes first), ${percent(toSame!)} at the restarted one (${bytes[1]} bytes first)`,
  )
  for (const crowd of [both, only]) crowd.close()
  for (const one of gateways) await stop(one)
  expect(quantile(0.99)).toBeLessThan(2000)
  expect(same).toBe(names.length)
  expect(toOther).toBeGreaterThanOrEqual(0.95)
  expect(toSame).toBeGreaterThanOrEqual(0.95)
})

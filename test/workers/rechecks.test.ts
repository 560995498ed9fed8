// A timetable that its realtime has left behind is looked for before its time (A16, B18): alone, and over Redis.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import { systemScheduler } from '#api/live/scheduler.ts'
import { createOperations } from '#api/operations/operations.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import { jobsHere } from '#workers/jobs/here.ts'
import type { JobLine, JobView } from '#workers/jobs/line.ts'
import { inOwnProcess } from '#workers/jobs/process.ts'
import { leftBehind, lookAgain, recheckHere, startImports } from '#workers/jobs/rechecks.ts'
import { importsFrom, type ScheduledJob } from '#workers/jobs/schedule.ts'
import { openNetwork } from '#workers/network.ts'
import { closeRedis, connectRedis } from '#workers/redis/connection.ts'
import { hearRechecks, recheckInRedis } from '#workers/redis/rechecks.ts'
import { get } from '../helpers/api.ts'
import { smallFeed } from '../helpers/gtfs.ts'
import { listenHere } from '../helpers/loopback.ts'
import { say, storeOf, trip } from '../helpers/realtime.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { until } from '../helpers/until.ts'
import { zipOf } from '../helpers/zip.ts'

const T = Date.UTC(2026, 0, 10, 9) / 1000
const HOUR = 3600_000
const world = timetable('S1   A 10:00   B 10:10')
world.tt.feedVersion[0] = world.tt.tripId[0]! // any text: the version is now "S1"
const known = trip('S1').stop('A').delay(60)
const strangers = [1, 2, 3].map(n => trip(`next-${n}`).stop('A').delay(60))
const FROM = 'https://example.org/gtfs.zip'
const origins = new Map([['test', FROM]])

/** What a source says in these messages, one a second: the version it names, or that it knows other trips. */
function statusAfter(...said: ('S1' | 'v2' | 'strangers')[]): readonly SourceStatus[] {
  const store = storeOf(world.tt)
  said.forEach((what, n) => {
    if (what === 'strangers') say(store, { timestamp: T + n }, known, ...strangers)
    else say(store, { timestamp: T + n, feedVersion: what }, known)
  })
  return store.state.sources
}

test.each([
  ['A16: names our version', ['S1'], 0, []],
  ['A16: names another', ['v2'], 0, ['test']],
  ['A16: named another, and ours now', ['v2', 'S1'], 0, []],
  ['A16: named another, and has been silent since', ['v2'], 301, []],
  ['B18: most trips unknown, twice', ['strangers', 'strangers'], 0, []],
  ['B18: most trips unknown, three times', ['strangers', 'strangers', 'strangers'], 0, ['test']],
] as const)('%s', (_case, said, later, tags) => {
  expect([...leftBehind(statusAfter(...said), T + said.length + later)]).toEqual(tags)
})

test('A16: asked for at once, then after 1, 2, 4 … 24 hours however often one looks, and counted', async () => {
  const started: [string, number][] = []
  let now = 0
  const rechecks = recheckHere(
    async from => {
      started.push([from, now])
      return ['one']
    },
    () => now,
  )
  const sources = statusAfter('v2')
  const hours = [0, 1, 3, 7, 15, 31, 55, 79]
  for (; now < 80 * HOUR; now += 60_000) {
    const asked = await lookAgain({ sources, origins, now: T }, rechecks)
    expect(asked).toEqual(hours.includes(now / HOUR) ? ['test'] : [])
  }
  expect(started).toEqual(hours.map(hour => [FROM, hour * HOUR]))
  expect(rechecks.told.get(FROM)).toEqual({ asked: 8, at: 79 * HOUR })
  // right for two days since, and then left behind again
  now = (79 + 48) * HOUR
  await rechecks.ask('another.zip')
  expect([...rechecks.told]).toEqual([['another.zip', { asked: 1, at: now }]])
  expect(await lookAgain({ sources, origins, now: T }, rechecks)).toEqual(['test'])
  expect(rechecks.told.get(FROM)).toEqual({ asked: 1, at: now })
  // a feed of which nobody knows where it came from
  expect(await lookAgain({ sources, origins: new Map(), now: T }, rechecks)).toEqual([])
})

test('A16: what no job imports is not said to be asked for, and who could not be asked is asked again', async () => {
  let trouble: Error | undefined = new Error('the line is away')
  const line: JobLine = {
    start: async () => {},
    list: async () => {
      if (trouble) throw trouble
      return []
    },
    close: async () => {},
  }
  const rechecks = recheckHere(
    from => startImports(line, schedule, from),
    () => 0,
  )
  expect(await rechecks.ask('nobody.zip')).toBe(false)
  await expect(rechecks.ask('other.zip')).rejects.toBe(trouble)
  expect([...rechecks.told]).toEqual([])
  trouble = undefined
  expect(await rechecks.ask('other.zip')).toBe(true)
  expect([...rechecks.told]).toEqual([['other.zip', { asked: 1, at: 0 }]])
})

const city = (name: string, from: string): ScheduledJob => ({
  name,
  everyHours: 24,
  import: { gtfs: [{ from: 'other.zip' }, { from }], out: name },
})
const schedule: ScheduledJob[] = [
  city('one', `${FROM}?key=secret`),
  city('two', 'https://example.org/another.zip'),
  { name: 'bikes', everyHours: 24, discover: { from: [FROM], out: 'x.json' } },
  { name: 'ruhr', everyHours: 24, preset: 'dortmund' },
  { name: 'folder', everyHours: 24, import: { gtfs: [{ from: '/feeds/city' }], out: 'folder' } },
]

test('A16: the jobs are those that import the feed, as the manifest names it', () => {
  const names = (from: string) => schedule.filter(job => importsFrom(job, from)).map(({ name }) => name)
  expect(names(FROM)).toEqual(['one'])
  expect(names('https://example.org/another.zip')).toEqual(['two'])
  expect(names('https://download.gtfs.de/germany/nv_free/latest.zip')).toEqual(['ruhr'])
  expect(names('city')).toEqual(['folder'])
  expect(names('other.zip')).toEqual(['one', 'two'])
})

test('A16: a job that waits or runs already is not started again', async () => {
  const views: JobView[] = [{ id: '1', name: 'one', state: 'running', attempts: 1 }]
  const started: string[] = []
  const line: JobLine = { start: async name => void started.push(name), list: async () => views, close: async () => {} }
  expect(await startImports(line, schedule, 'other.zip')).toEqual(['two'])
  expect(started).toEqual(['two'])
})

test('A16: on /feeds: how often a newer timetable was looked for, and when last', async () => {
  const operations = createOperations()
  operations.rechecks = tag => (tag === 'test' ? { asked: 2, at: T * 1000 } : undefined)
  const app = buildApp(testService(world, T as UnixSeconds), apiDefaults, systemScheduler, operations)
  const { feeds } = await get<{ feeds: object[] }>(app, '/api/freifahrt/v1/feeds')
  expect(feeds).toMatchObject([{ tag: 'test', recheck: { asked: 2, at: '2026-01-10T09:00:00Z' } }])
  operations.rechecks = () => undefined
  expect((await get<{ feeds: object[] }>(app, '/api/freifahrt/v1/feeds')).feeds[0]).not.toHaveProperty('recheck')
  await app.close()
})

/** A server of one feed, which tells whether it was asked conditionally. */
async function feedServer() {
  const published = (version: string) => {
    const feed_info = `feed_publisher_name,feed_publisher_url,feed_lang,feed_version\nX,https://x.example,en,${version}`
    const files = { ...smallFeed, 'feed_info.txt': feed_info }
    return { version, bytes: zipOf(Object.entries(files).map(([name, content]) => ({ name, content: content! }))) }
  }
  let newest = published('v1')
  const answers: number[] = []
  const server = createServer(({ headers }, response) => {
    const etag = `"${newest.version}"`
    const status = headers['if-none-match'] === etag ? 304 : 200
    answers.push(status)
    response.writeHead(status, { etag }).end(status === 200 ? newest.bytes : undefined)
  })
  const { host } = new URL(await listenHere(server))
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-rechecks-'))
  onTestFinished(() => {
    server.close()
    rmSync(dir, { recursive: true })
  })
  const publish = (version: string): void => {
    newest = published(version)
  }
  return { from: `http://${host}/gtfs.zip`, host, dir, answers, publish }
}

test('A16: a feed that names version v2 has v2 fetched: conditionally, again after an hour, and imported when it is there', async () => {
  const { from, host, dir, answers, publish } = await feedServer()
  const out = join(dir, 'city')
  const jobs: ScheduledJob[] = [{ name: 'city', everyHours: 1000, import: { gtfs: [{ tag: 'test', from }], out } }]
  const line = jobsHere(jobs, inOwnProcess({ allowHosts: [host] }))
  const done = (jobsDone: number) =>
    until('the job', async () => (await line.list()).filter(({ state }) => state === 'done').length === jobsDone)
  await line.start('city')
  await done(1)
  const version = () => openNetwork(out).manifest.createdAt
  const first = version()

  let now = 0
  const rechecks = recheckHere(
    feed => startImports(line, jobs, feed),
    () => now,
  )
  const { manifest } = openNetwork(out)
  const look = () =>
    lookAgain(
      { sources: statusAfter('v2'), origins: new Map(manifest.feeds.map(feed => [feed.tag, feed.from])), now: T },
      rechecks,
    )
  expect(await look()).toEqual(['test'])
  await done(2)
  expect([answers, version()]).toEqual([[200, 304], first])
  publish('v2')
  now = HOUR - 1
  expect(await look()).toEqual([])
  now = HOUR
  expect(await look()).toEqual(['test'])
  await done(3)
  expect(answers).toEqual([200, 304, 200])
  expect(version()).not.toBe(first)
  await line.close()
})

describe.skipIf(!findRedis())('over Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.stop())

  test('A16: of all gateways one asks, once an hour; who runs the jobs starts those that import the feed', async () => {
    const options = { redisUrl: redis.url, prefix: 'test' }
    let now = T * 1000
    // the second gateway's clock is three seconds behind
    const gateways = [recheckInRedis(options, () => now), recheckInRedis(options, () => now - 3000)]
    const started: string[] = []
    const line = (mine: readonly ScheduledJob[]) => ({
      ...options,
      line: { start: async (name: string) => void started.push(name), list: async () => [], close: async () => {} },
      schedule: mine,
      onTrouble: (_where: string, error: unknown) => {
        throw error
      },
      lookMs: 20,
    })
    const workers = [hearRechecks(line([city('one', FROM)])), hearRechecks(line([city('two', 'x.zip')]))]
    onTestFinished(async () => {
      for (const gateway of gateways) gateway.close()
      for (const worker of workers) await worker.close()
    })
    const sources = statusAfter('v2')
    const look = () => Promise.all(gateways.map(gateway => lookAgain({ sources, origins, now: T }, gateway)))
    // one that is not connected yet would lose what the other was answered
    const connected = () => Promise.all(gateways.map(gateway => gateway.look()))
    await until('Redis', () => connected().catch(() => undefined))
    expect((await look()).flat()).toEqual(['test'])
    await until('the job', () => started.length > 0)
    now += HOUR - 1
    expect((await look()).flat()).toEqual([])
    now += 3001
    expect((await look()).flat()).toEqual(['test'])
    await until('the second job', () => started.length > 1)
    expect(started).toEqual(['one', 'one'])
    for (const gateway of gateways) {
      await gateway.look()
      expect(gateway.told.get(FROM)).toMatchObject({ asked: 2 })
    }
  })

  test('A16: what nobody here imports is left to whoever does, and one that could not be started is tried again', async () => {
    const options = { redisUrl: redis.url, prefix: 'again' }
    const gateway = recheckInRedis(options, () => T * 1000)
    let tries = 0
    const troubles: unknown[] = []
    const start = async (): Promise<void> => {
      if (++tries === 1) throw new Error('no luck')
    }
    const worker = hearRechecks({
      ...options,
      line: { start, list: async () => [], close: async () => {} },
      schedule: [city('one', FROM)],
      onTrouble: (_where, error) => troubles.push(error),
      lookMs: 20,
    })
    onTestFinished(async () => {
      gateway.close()
      await worker.close()
    })
    await until('Redis', () => gateway.ask('elsewhere.zip').catch(() => false))
    await gateway.ask(FROM)
    await until('the second try', () => tries === 2)
    expect(troubles).toEqual([new Error('no luck')])
    expect([...gateway.told.keys()].sort()).toEqual(['elsewhere.zip', FROM])
  })

  test('A16: feeds that nobody asks for any more are forgotten; while nothing helps it is asked ever less often', async () => {
    const options = { redisUrl: redis.url, prefix: 'forget' }
    let now = T * 1000
    const gateway = recheckInRedis(options, () => now)
    const client = connectRedis(redis.url, { onChange: () => {} })
    onTestFinished(() => {
      gateway.close()
      closeRedis(client)
    })
    await until('Redis', () => client.isReady)
    await until('the gateway', () => gateway.ask('old.zip').catch(() => false))
    const asked: number[] = []
    for (let hour = 0; hour < 8; hour++, now += HOUR) if (await gateway.ask(FROM)) asked.push(hour)
    expect(asked).toEqual([0, 1, 3, 7])
    expect([...gateway.told.keys()]).toEqual([FROM])
    expect((await client.sMembers('forget:{rechecks}:wanted')).map(String)).toEqual([FROM])
    for (const key of ['asked', 'wanted']) expect(await client.pTTL(`forget:{rechecks}:${key}`)).toBeGreaterThan(HOUR)
  })
})

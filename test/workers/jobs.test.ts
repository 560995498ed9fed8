// The line of jobs: what is done at the same time, what waits, what is shown. What becomes of jobs that fail is in
// failures/27-jobs and 28-restart.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'redis'
import { expect, onTestFinished, test } from 'vitest'
import { jobsHere } from '#workers/jobs/here.ts'
import type { RunJob } from '#workers/jobs/line.ts'
import { inOwnProcess } from '#workers/jobs/process.ts'
import type { ScheduledJob } from '#workers/jobs/schedule.ts'
import { closeRedis, connectRedis, type Redis } from '#workers/redis/connection.ts'
import { openJobQueue } from '#workers/redis/job-queue.ts'
import { holdPlaces } from '#workers/redis/places.ts'
import type { HourCounts } from '#workers/statistics/counts.ts'
import { readDay } from '#workers/statistics/folder.ts'
import { job, jobLines, NOEVICTION, thereIsRedis } from '../helpers/job-lines.ts'
import { listenHere } from '../helpers/loopback.ts'
import { startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

const lines = jobLines()
const { here, inRedis, kinds } = lines

/** Jobs that run until they are told to end. */
function gates() {
  const running = new Map<string, () => void>()
  const run: RunJob = ({ name }, { signal }) =>
    new Promise((done, fail) => {
      const end = (): void => {
        running.delete(name)
        done('fine')
      }
      running.set(name, end)
      signal.addEventListener('abort', () => fail(signal.reason))
    })
  return { run, running: () => [...running.keys()].sort(), end: (name: string) => running.get(name)!() }
}
const counts = (name: string, out = name): ScheduledJob => ({
  name,
  everyHours: 1000,
  statistics: { from: 'http://localhost', out },
})

test.skipIf(!thereIsRedis).each(kinds)(
  'imports are few at once, others do not wait for them, and no two write to one place (%s)',
  async (_, begun, make) => {
    const { run, running, end } = gates()
    const schedule = [job('a'), job('b'), job('c'), counts('x'), counts('y', 'x'), counts('z')]
    const line = await make({ schedule, run, most: { imports: 2, others: 3 } })
    if (begun(schedule) === 0) for (const { name } of schedule) await line.start(name)
    await until('all that fits', () => running().length === 4)
    expect(running()).toEqual(['a', 'b', 'x', 'z'])
    end('b')
    await until('the next import', () => running().includes('c'))
    end('x')
    await until('the next one there', () => running().includes('y'))
    expect(running()).toEqual(['a', 'c', 'y', 'z'])
    // over itself, too, a job does not run; however often it is asked for, once more is enough
    for (let i = 0; i < 3; i++) await line.start('a')
    end('c')
    await until('the list', async () => (await line.list()).filter(({ state }) => state === 'waiting').length === 1)
    expect(running()).toEqual(['a', 'y', 'z'])
    end('a')
    await until('it again', () => running().includes('a'))
  },
)

test.skipIf(!thereIsRedis)('two processes do not write to one place either', async () => {
  const { run, running, end } = gates()
  const schedule = [counts('x'), counts('y', 'x')]
  const options = { schedule, run, prefix: 'places', most: { imports: 1, others: 1 } }
  const [line] = await Promise.all([inRedis(options), inRedis(options)])
  await until('one', () => running().length === 1)
  const [first] = running()
  await until('the other to be put back', async () => (await line.list()).some(({ state }) => state === 'waiting'))
  expect(running()).toEqual([first])
  end(first!)
  await until('the other', () => running().length === 1 && running()[0] !== first)
})

test.skipIf(!thereIsRedis)(
  'what a process of an older release puts among the others is done among the imports, once',
  async () => {
    const { run, running, end } = gates()
    const prefix = 'older'
    const older = openJobQueue({
      ...{ name: 'jobs', prefix, redisUrl: lines.redis.url, stop: new AbortController().signal, onTrouble: () => {} },
      ...{ most: 1, backoffMs: 5, lockMs: 30_000, watchdogMs: 60_000 },
    })
    onTestFinished(() => older.close())
    const line = await inRedis({ schedule: [job('a'), job('b')], run, prefix, most: { imports: 1, others: 4 } })
    await until('what is scheduled', () => running().length === 1)
    end(running()[0]!)
    await until('the next', () => running().length === 1)
    // it has started after ours
    await older.queue.upsertJobScheduler('a', { every: 3600_000 }, { name: 'a', data: {} })
    await until('it to wait', async () =>
      (await line.list()).some(({ name, state }) => name === 'a' && state === 'waiting'),
    )
    expect(await older.queue.getJobSchedulersCount()).toBe(0)
    expect(running()).toEqual(['b'])
    end('b')
    await until('it', () => running().includes('a'))
  },
)

test.skipIf(!thereIsRedis)(
  'a place is let go when the next one cannot be asked for, and who has lost one is told',
  async () => {
    const redis = connectRedis(lines.redis.url, { onChange: () => {} })
    onTestFinished(() => closeRedis(redis))
    await until('Redis', () => redis.isReady)
    // a third of it passes before a loss is seen, and all of it before one that a busy machine forgets is lost
    const hold = (of: Redis, places: string[], onLost = (): void => {}) =>
      holdPlaces(of, { prefix: 'held', places, ttlMs: 3000, onLost })
    let asked = 0
    const broken = Object.create(redis, {
      eval: {
        value: (...args: Parameters<Redis['eval']>) =>
          ++asked === 2 ? Promise.reject(new Error('away')) : redis.eval(...args),
      },
    })
    await expect(hold(broken, ['a', 'b'])).rejects.toThrow('away')
    const letGo = await hold(redis, ['a', 'b'])
    expect(letGo).toBeDefined()
    expect(await hold(redis, ['b', 'c'])).toBeUndefined()
    await letGo!()
    const lost = Promise.withResolvers<void>()
    const again = await hold(redis, ['b'], lost.resolve)
    for (const key of await redis.keys('held:*:lease')) await redis.set(key, 'somebody else:1')
    await lost.promise
    await again!()
  },
)

test.skipIf(!thereIsRedis)('a job that is in no file any more is set aside once, and is not begun again', async () => {
  const prefix = 'gone'
  const schedule = [job('kept')]
  const line = await inRedis({ prefix, schedule, run: async () => 'fine' })
  const older = openJobQueue({
    ...{
      name: 'imports',
      prefix,
      redisUrl: lines.redis.url,
      stop: new AbortController().signal,
      onTrouble: () => {},
    },
    ...{ most: 1, backoffMs: 5, lockMs: 30_000, watchdogMs: 60_000 },
  })
  onTestFinished(() => older.close())
  await older.queue.upsertJobScheduler('old', { every: 3600_000 }, { name: 'old', data: {} })
  const failed = async () => (await line.list()).filter(({ state }) => state === 'failed')
  // another process may know it: for ten seconds it is left to that one
  await until('it to be set aside', async () => (await failed()).length > 0)
  expect(await failed()).toMatchObject([{ name: 'old', error: "'old' is not scheduled any more" }])
  expect((await older.queue.getJobSchedulers()).map(({ key }) => key)).toEqual(['kept'])
})

test.skipIf(!thereIsRedis)(
  'a job that takes longer than its rhythm is not done again for each time that it missed',
  async () => {
    const { run, running, end } = gates()
    const line = await inRedis({ schedule: [{ ...job('long'), everyHours: 0.3 / 3600 }], run })
    await until('it', () => running().length === 1)
    await until(
      'times that it misses',
      async () => (await line.list()).filter(({ state }) => state === 'done').length >= 3,
    )
    expect((await line.list()).filter(({ state }) => state === 'waiting').length).toBeLessThan(2)
    end('long')
  },
)

test('two imports of one address write to one download', async () => {
  const from = 'https://example.org/country.zip'
  const { run, running } = gates()
  const city = (name: string, gtfs = from): ScheduledJob => ({
    ...job(name),
    import: { gtfs: [{ from: gtfs }], out: `data/${name}` },
  })
  const line = await here({
    schedule: [city('a'), city('b'), city('c', `${from}?v=2`)],
    run,
    most: { imports: 3, others: 1 },
  })
  for (const name of ['a', 'b', 'c']) await line.start(name)
  expect(running()).toEqual(['a', 'c'])
})

test('who rests before another attempt holds nobody up, and comes back at the end', async () => {
  const ran: string[] = []
  const run: RunJob = async ({ name }) => {
    ran.push(name)
    if (name === 'bad') throw new Error('no luck')
    return 'fine'
  }
  const line = await here({
    schedule: [job('bad'), job('good')],
    run,
    most: { imports: 1, others: 1 },
    backoffMs: 60_000,
  })
  await line.start('bad')
  await line.start('good')
  await until('the other', () => ran.length === 2)
  expect(await line.list()).toMatchObject([
    { name: 'bad', state: 'waiting', attempts: 1, error: 'no luck' },
    { name: 'good', state: 'done', attempts: 1 },
  ])
})

test('only the last jobs that have ended are shown', async () => {
  const line = await here({ schedule: [job('good')], run: async () => 'fine' })
  for (let i = 0; i < 60; i++) {
    await line.start('good')
    await until('its end', async () => (await line.list()).at(-1)!.state === 'done')
  }
  const list = await line.list()
  expect(list).toHaveLength(50)
  expect(list.at(-1)).toMatchObject({ id: '60' })
})

test('a line that is closed ends what runs and begins nothing more', async () => {
  const { run, running } = gates()
  const line = jobsHere([job('a'), job('b')], run, { most: { imports: 1, others: 1 } })
  await line.start('a')
  await line.start('b')
  expect(running()).toEqual(['a'])
  await line.close()
  expect(await line.list()).toMatchObject([
    { name: 'a', state: 'failed', error: 'the process is stopping' },
    { name: 'b', state: 'waiting' },
  ])
})

test.skipIf(!thereIsRedis)('systems are discovered and days are counted by way of Redis', async () => {
  const hour: HourCounts = { from: '2026-01-05T08:00:00Z', date: '2026-01-05', seconds: 3600, feeds: [], routes: [] }
  const gbfs = (data: object) => ({ last_updated: 1_767_600_000, ttl: 60, version: '2.3', data })
  const pages: Record<string, (base: string) => object> = {
    '/gbfs.json': base =>
      gbfs({
        de: {
          feeds: ['system_information', 'station_information', 'station_status'].map(name => ({
            name,
            url: `${base}/${name}`,
          })),
        },
      }),
    '/system_information': () => gbfs({ system_id: 'rad', name: 'Räder' }),
    '/station_information': () => gbfs({ stations: [{ station_id: '1', name: 'M', lat: 51.5, lon: 7.4 }] }),
    '/station_status': () => gbfs({ stations: [] }),
  }
  const server = createServer(({ url = '', headers }, response) =>
    response.end(
      JSON.stringify(pages[url]?.(`http://${headers.host}`) ?? { now: '2026-01-05T09:00:00Z', hours: [hour] }),
    ),
  )
  const base = await listenHere(server)
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-jobs-'))
  onTestFinished(() => {
    server.close()
    rmSync(dir, { recursive: true })
  })
  const [manifest, days] = [join(dir, 'gbfs.json'), join(dir, 'statistics')]
  const jobs: ScheduledJob[] = [
    { name: 'bikes', everyHours: 24, discover: { from: [`${base}/gbfs.json`], out: manifest } },
    { name: 'statistics', everyHours: 1, statistics: { from: base, out: days } },
  ]
  const access = { allowHosts: [new URL(base).host] }
  const line = await inRedis({ schedule: jobs, run: inOwnProcess(access) })
  await until('both', async () => (await line.list()).filter(({ state }) => state === 'done').length === 2)
  expect(JSON.parse(readFileSync(manifest, 'utf8')).data.datasets).toMatchObject([{ system_id: 'rad' }])
  expect(await readDay(days, '2026-01-05')).toMatchObject({ seconds: 3600 })
  // done again, they say the same
  await line.start('bikes')
  await line.start('statistics')
  await until('both again', async () => (await line.list()).filter(({ state }) => state === 'done').length === 4)
  expect(await readDay(days, '2026-01-05')).toMatchObject({ seconds: 3600 })
})

test.skipIf(!thereIsRedis)('what was opened is closed: a line leaves no connection behind', async () => {
  // one of its own: the lines of other tests are still going when this one begins
  const own = await startRedis(NOEVICTION)
  const looking = createClient({ url: own.url })
  onTestFinished(async () => {
    looking.destroy()
    await own.stop()
  })
  await looking.connect()
  const connections = async (): Promise<number> => (await looking.clientList()).length
  const line = await inRedis({ redisUrl: own.url, schedule: [job('good')], run: async () => 'fine' })
  await until('its connections', async () => (await connections()) > 2)
  await line.close()
  await until('none of them', async () => (await connections()) === 1)
})

test.skipIf(!thereIsRedis)('whoever does jobs says so whenever Redis comes and goes', async () => {
  const own = await startRedis(NOEVICTION)
  onTestFinished(() => own.stop())
  const states: boolean[] = []
  await inRedis({ redisUrl: own.url, run: async () => 'fine', onState: up => void states.push(up) })
  await until('it', () => states.length === 1)
  await own.restart({ empty: true })
  await until('it again', () => states.length === 3)
  expect(states).toEqual([true, false, true])
})

test.skipIf(!thereIsRedis).each(kinds)(
  'a job that is done after all shows no error any more (%s)',
  async (_, begun, make) => {
    let tries = 0
    const run: RunJob = async () => {
      if (++tries === 1) throw new Error('no luck')
      return 'fine'
    }
    const schedule = [job('good')]
    const line = await make({ schedule, run })
    if (begun(schedule) === 0) await line.start('good')
    await until('its end', async () => (await line.list()).some(({ state }) => state === 'done'))
    const [view] = await line.list()
    expect(view).toMatchObject({ attempts: 2 })
    expect(view).not.toHaveProperty('error')
  },
)

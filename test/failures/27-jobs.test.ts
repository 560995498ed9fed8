// 27, 28 and BullMQ's #4585: jobs that fail, kill their process or are done twice; Redis that goes away under them. Real Redis.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from 'redis'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type JobLine, type RunJob, readSchedule, runJob, type ScheduledJob } from '#workers/jobs.ts'
import { jobsHere } from '#workers/jobs-here.ts'
import { jobsInRedis } from '#workers/redis/jobs.ts'
import type { HourCounts } from '#workers/statistics/counts.ts'
import { readDay } from '#workers/statistics/folder.ts'
import { findRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

const there = findRedis() !== undefined
let redis: RedisServer
const open: JobLine[] = []
beforeAll(async () => {
  if (there) redis = await startRedis(['--maxmemory-policy', 'noeviction'])
})
afterEach(async () => {
  for (const line of open.splice(0)) await line.close()
})
afterAll(() => redis?.stop())

const job = (name: string): ScheduledJob => ({
  name,
  everyHours: 1000,
  import: { gtfs: [{ from: 'x.zip' }], out: 'x' },
})
const schedule = [job('good'), job('bad')]

let lines = 0
/** How it is called, how many jobs its schedule begins at once, and the line. */
const kinds: [string, number, (run: RunJob) => Promise<JobLine>][] = [
  ['in this process', 0, async run => jobsHere(schedule, run, 5)],
  // nobody dies here, so nobody is to be taken for dead on a busy machine
  ['in Redis', schedule.length, run => inRedis(run, `jobs${++lines}`, 30_000)],
]
/** How long a job's process may be silent where one dies or Redis does; 30 s as configured. */
const LOCK_MS = 400
const inRedis = (
  run: RunJob | undefined,
  prefix: string,
  lockMs = LOCK_MS,
  redisUrl = redis.url,
  jobs: readonly ScheduledJob[] = schedule,
) =>
  jobsInRedis({
    redisUrl,
    prefix,
    schedule: jobs,
    ...(run && { run }),
    onTrouble: () => {},
    backoffMs: 5,
    lockMs,
    watchdogMs: 2 * lockMs,
  })

test.skipIf(!there).each(kinds)(
  '27: a job that always fails is tried three times and set aside; others go on (%s)',
  async (_, begun, make) => {
    let tries = 0
    const line = await make(async ({ name }, { progress }) => {
      progress({ step: name })
      if (name === 'bad') throw new Error(`no luck ${++tries}`)
      return 'fine'
    })
    open.push(line)
    const rest = (jobs: number) =>
      until('a rest', async () => {
        const list = await line.list()
        return list.length === jobs && list.every(({ state }) => state === 'done' || state === 'failed')
      })
    await rest(begun)
    tries = 0
    await line.start('bad')
    await line.start('good')
    await rest(begun + 2)
    expect(tries).toBe(3)
    expect((await line.list()).find(({ state, error }) => state === 'failed' && error === 'no luck 3')).toMatchObject({
      name: 'bad',
      attempts: 3,
    })
    expect((await line.list()).some(({ state, name }) => state === 'done' && name === 'good')).toBe(true)
    await expect(line.start('ugly')).rejects.toThrow(/'ugly' is not scheduled; there are good, bad/)
  },
)

test.skipIf(!there)('28: a process that dies in a job leaves it to another', async () => {
  const prefix = 'dying'
  const child = spawn(process.execPath, [
    resolve(import.meta.dirname, '../helpers/jobs-child.ts'),
    JSON.stringify({ redisUrl: redis.url, prefix, schedule, lockMs: LOCK_MS }),
  ])
  const said: string[] = []
  createInterface(child.stdout).on('line', text => said.push(text))
  await until('the child to begin', () => said.length > 0, 20_000)
  child.kill('SIGKILL')
  const ran: string[] = []
  const line = await inRedis(async ({ name }) => {
    ran.push(name)
    return 'fine'
  }, prefix)
  open.push(line)
  await until('the job that was begun', () => ran.includes(said[0]!), 15_000)
})

test.skipIf(!there)(
  '#4585: jobs are done again after Redis was stopped, and after it was killed and emptied',
  async () => {
    const ran: string[] = []
    const line = await inRedis(async ({ name }) => {
      ran.push(name)
      return 'fine'
    }, 'outage')
    open.push(line)
    await until('the first', () => ran.length >= 2)
    redis.kill('SIGSTOP')
    // longer than a lock lasts
    await new Promise(done => setTimeout(done, 2 * LOCK_MS))
    redis.kill('SIGCONT')
    let before = ran.length
    await line.start('good')
    await until('one after the stop', () => ran.length > before, 15_000)
    redis.kill('SIGKILL')
    await redis.restart({ empty: true })
    before = ran.length
    await until(
      'to be able to start',
      () =>
        line.start('good').then(
          () => true,
          () => false,
        ),
      15_000,
    )
    await until('one after the restart', () => ran.length > before, 20_000)
  },
)

test.skipIf(!there)('systems are discovered and days are counted by way of Redis', async () => {
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
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-jobs-'))
  onTestFinished(() => {
    server.close()
    rmSync(dir, { recursive: true })
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [manifest, days] = [join(dir, 'gbfs.json'), join(dir, 'statistics')]
  const jobs: ScheduledJob[] = [
    { name: 'bikes', everyHours: 24, discover: { from: [`${base}/gbfs.json`], out: manifest } },
    { name: 'statistics', everyHours: 1, statistics: { from: base, out: days } },
  ]
  const access = { allowHosts: [new URL(base).host] }
  const line = await inRedis((job, context) => runJob(job, access, context), 'counting', 30_000, redis.url, jobs)
  open.push(line)
  await until('both', async () => (await line.list()).filter(({ state }) => state === 'done').length === 2, 8000)
  expect(JSON.parse(readFileSync(manifest, 'utf8')).data.datasets).toMatchObject([{ system_id: 'rad' }])
  expect(await readDay(days, '2026-01-05')).toMatchObject({ seconds: 3600 })
  // done again, they say the same
  await line.start('bikes')
  await line.start('statistics')
  await until('both again', async () => (await line.list()).filter(({ state }) => state === 'done').length === 4, 8000)
  expect(await readDay(days, '2026-01-05')).toMatchObject({ seconds: 3600 })
})

test.skipIf(!there)('what was opened is closed: a line leaves no connection behind', async () => {
  // one of its own: the lines of other tests are still going when this one begins
  const own = await startRedis(['--maxmemory-policy', 'noeviction'])
  const looking = createClient({ url: own.url })
  onTestFinished(async () => {
    looking.destroy()
    await own.stop()
  })
  await looking.connect()
  const connections = async (): Promise<number> => (await looking.clientList()).length
  const line = await inRedis(async () => 'fine', 'closing', LOCK_MS, own.url)
  await until('its connections', async () => (await connections()) > 2)
  await line.close()
  await until('none of them', async () => (await connections()) === 1)
})

test('a file of jobs says what is wrong with it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-jobs-'))
  const path = join(dir, 'jobs.json')
  const read = (value: unknown) => {
    writeFileSync(path, JSON.stringify(value))
    return () => readSchedule(path)
  }
  expect(read([job('a')])()).toHaveLength(1)
  expect(read([job('a'), job('a')])).toThrow(/two jobs have one name/)
  expect(read([{ name: 'a', everyHours: 1 }])).toThrow(/give one of preset, import, discover, statistics/)
  expect(read([{ ...job('a'), everyHours: 0 }])).toThrow(/BAD_REQUEST at .*jobs\.json\/0\/everyHours/)
  const from = (more: object) =>
    read([{ name: 'a', everyHours: 1, import: { gtfs: [{ from: 'x' }], out: 'y', ...more } }])
  expect(from({ accidents: ['2024.csv'], carFree: 'c.geojson', elevation: 'srtm' })()).toHaveLength(1)
  expect(from({ aera: '7,51,8,52' })).toThrow(/BAD_REQUEST at .*jobs\.json\/0\/import/)
  expect(from({ accidents: '2024.csv' })).toThrow(/BAD_REQUEST at .*jobs\.json\/0\/import\/accidents/)
  expect(() => readSchedule(join(dir, 'none.json'))).toThrow(/FILE_MISSING/)
  rmSync(dir, { recursive: true })
})

test('22: a process of jobs is there before Redis is, says so, and ends when it is told to', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-jobs-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'jobs.json')
  writeFileSync(file, '[]')
  const port = String(20_000 + (process.pid % 20_000))
  const cli = resolve(import.meta.dirname, '../../api/cli.ts')
  const child = spawn(process.execPath, [cli, 'jobs', 'run', '--jobs', file, '--port', port], {
    env: { ...process.env, REDIS_URL: 'redis://127.0.0.1:1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', data => (said += data))
  let ready: unknown
  await until('it to answer', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    ready = await answer?.json()
    return ready !== undefined
  })
  expect(ready).toMatchObject({ degraded: ['redis'] })
  await until('the trouble to be told', () => said !== '')
  const ended = new Promise(done => child.once('close', done))
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(said.trim().split('\n')).toHaveLength(1)
})

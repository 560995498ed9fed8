// What is promised of jobs beside 27-jobs: progress, rests that grow, poison that kills its process, nothing lost or done twice over a restart, and a
// worker that does not come back. Real Redis where it says so.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { JobLine, RunJob, ScheduledJob } from '#workers/jobs.ts'
import { jobsHere } from '#workers/jobs-here.ts'
import { jobsInRedis } from '#workers/redis/jobs.ts'
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
/** How long a job's process may be silent where one dies; 30 s as configured, and here where nobody does. */
const LOCK_MS = 400
interface Line {
  readonly prefix: string
  readonly schedule?: readonly ScheduledJob[]
  readonly run?: RunJob
  readonly redisUrl?: string
  readonly lockMs?: number
  readonly watchdogMs?: number
  readonly backoffMs?: number
}
async function inRedis(options: Line) {
  const line = await jobsInRedis({
    redisUrl: redis.url,
    schedule: [],
    onTrouble: () => {},
    lockMs: 30_000,
    backoffMs: 5,
    ...options,
  })
  open.push(line)
  return line
}
const kinds: [string, (schedule: ScheduledJob[], run: RunJob, backoffMs: number) => Promise<JobLine>][] = [
  [
    'in this process',
    async (schedule, run, backoffMs) => {
      const line = jobsHere(schedule, run, backoffMs)
      open.push(line)
      return line
    },
  ],
  ['in Redis', (schedule, run, backoffMs) => inRedis({ prefix: 'rests', schedule, run, backoffMs })],
]

test.skipIf(!there).each(kinds)(
  '27: a job is seen at work, how far it is, and each rest before it is tried again is twice as long (%s)',
  async (kind, make) => {
    const times: number[] = []
    const go = Promise.withResolvers<void>()
    const run: RunJob = async (_, { progress }) => {
      progress({ step: 'walks', done: 3 })
      await go.promise
      times.push(performance.now())
      throw new Error('no luck')
    }
    const line = await make([job('bad')], run, 150)
    // Redis begins what is new in a schedule by itself
    if (kind === 'in this process') await line.start('bad')
    await until('its progress', async () =>
      (await line.list()).some(
        ({ state, progress }) => state === 'running' && JSON.stringify(progress) === '{"step":"walks","done":3}',
      ),
    )
    go.resolve()
    await until('its end', async () => (await line.list()).some(({ state }) => state === 'failed'), 8000)
    const rests = times.slice(1).map((time, i) => time - times[i]!)
    expect(rests).toHaveLength(2)
    // timers may be a millisecond early
    expect(rests[0]).toBeGreaterThanOrEqual(148)
    expect(rests[1]).toBeGreaterThanOrEqual(298)
  },
)

test.skipIf(!there)('27: a job that kills its process twice is set aside and says so; others go on', async () => {
  const prefix = 'poison'
  const schedule = [job('poison')]
  for (let death = 1; death <= 2; death++) {
    const child = spawn(process.execPath, [
      resolve(import.meta.dirname, '../helpers/jobs-child.ts'),
      JSON.stringify({ redisUrl: redis.url, prefix, schedule, lockMs: LOCK_MS }),
    ])
    await once(createInterface(child.stdout), 'line')
    child.kill('SIGKILL')
  }
  const ran: string[] = []
  const run: RunJob = async ({ name }) => {
    ran.push(name)
    return 'fine'
  }
  const line = await inRedis({ prefix, schedule: [...schedule, job('good')], run, lockMs: LOCK_MS })
  await until('it to be set aside', async () => (await line.list()).some(({ state }) => state === 'failed'), 8000)
  expect((await line.list()).find(({ state }) => state === 'failed')).toMatchObject({
    name: 'poison',
    error: expect.stringMatching(/stalled/),
  })
  await until('the other', () => ran.includes('good'))
  expect(ran).toEqual(['good'])
  // until an operator asks for it
  await line.start('poison')
  await until('it again', () => ran.includes('poison'))
})

test.skipIf(!there)('28: over restarts, and with two at work, each job is done once', async () => {
  const prefix = 'once'
  const schedule = [job('one'), job('two')]
  const ran: string[] = []
  const run: RunJob = async ({ name }) => {
    ran.push(name)
    await sleep(5)
    return 'fine'
  }
  const first = await inRedis({ prefix, schedule, run })
  await until('what is scheduled', () => ran.length === 2)
  await until('it to be written', async () => (await first.list()).every(({ state }) => state === 'done'))
  await open.pop()!.close()
  // nobody works: what is started waits
  const looking = await inRedis({ prefix, schedule })
  for (let i = 0; i < 10; i++) await looking.start(i % 2 === 0 ? 'one' : 'two')
  expect((await looking.list()).filter(({ state }) => state === 'waiting')).toHaveLength(10)
  await open.pop()!.close()
  const [again] = await Promise.all([inRedis({ prefix, schedule, run }), inRedis({ prefix, schedule, run })])
  await until('all of it', async () => (await again.list()).filter(({ state }) => state === 'done').length === 12)
  // a schedule that is told again begins nothing again
  expect(ran).toHaveLength(12)
})

test.skipIf(!there)(
  '28: a process that is stopped in the middle of a job leaves it to the next, which does it once',
  async () => {
    const prefix = 'stopped'
    const schedule = [job('long')]
    let begun = 0
    await inRedis({
      prefix,
      schedule,
      lockMs: LOCK_MS,
      run: (_, { signal }) => {
        begun++
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    })
    await until('it to begin', () => begun === 1)
    await open.pop()!.close()
    let ended = 0
    const next = await inRedis({
      prefix,
      schedule,
      lockMs: LOCK_MS,
      run: async () => {
        ended++
        return 'fine'
      },
    })
    await until('its end', async () => (await next.list()).some(({ state }) => state === 'done'), 8000)
    await sleep(3 * LOCK_MS)
    expect([begun, ended]).toEqual([1, 1])
  },
)

/** Before Redis: what says `bzpopmin` on its first connections is never heard, and nobody is told that it was not. */
async function deaf(port: number, connections: number): Promise<{ url: string; heard: () => number }> {
  let unheard = 0
  const sockets: Socket[] = []
  const proxy = createServer(client => {
    const server = connect(port, '127.0.0.1')
    sockets.push(client, server)
    let ignored = false
    client.on('data', bytes => {
      if (!ignored && unheard < connections && /bzpopmin/i.test(bytes.toString('latin1'))) {
        ignored = true
        unheard++
      }
      if (!ignored) server.write(bytes)
    })
    server.on('data', bytes => client.write(bytes))
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    proxy.close()
    for (const socket of sockets) socket.destroy()
  })
  return { url: `redis://127.0.0.1:${(proxy.address() as { port: number }).port}`, heard: () => unheard }
}

test.skipIf(!there)('#4585: a worker that does not come back is noticed and replaced', async () => {
  const ran: string[] = []
  const prefix = 'watchdog'
  const { url, heard } = await deaf(redis.port, 1)
  const run: RunJob = async ({ name }) => {
    ran.push(name)
    return 'fine'
  }
  const line = await inRedis({ prefix, run, redisUrl: url, schedule: [job('good')], watchdogMs: 600 })
  await until('a worker that nobody hears', () => heard() === 1, 8000)
  const before = ran.length
  await line.start('good')
  await until('another', () => ran.length > before, 8000)
  expect(line.replaced).toBe(1)
})

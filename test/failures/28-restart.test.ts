// 28 and BullMQ's #4585: no job is lost, or done twice, when processes of jobs die and are restarted; Redis that goes away under them, and a worker that
// does not come back. Real Redis.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'
import { expect, onTestFinished, test } from 'vitest'
import type { RunJob } from '#workers/jobs/line.ts'
import { job, jobLines, LOCK_MS, thereIsRedis } from '../helpers/job-lines.ts'
import { until } from '../helpers/until.ts'

const lines = jobLines()
const { inRedis, closeLast } = lines

test.skipIf(!thereIsRedis)('28: a process that dies in a job leaves it to another', async () => {
  const prefix = 'dying'
  const schedule = [job('one'), job('two')]
  const child = spawn(process.execPath, [
    resolve(import.meta.dirname, '../helpers/jobs-child.ts'),
    JSON.stringify({ redisUrl: lines.redis.url, prefix, schedule, lockMs: LOCK_MS }),
  ])
  onTestFinished(() => void child.kill('SIGKILL'))
  const said: string[] = []
  createInterface(child.stdout).on('line', text => said.push(text))
  await until('the child to begin', () => said.length > 0)
  child.kill('SIGKILL')
  const ran: string[] = []
  const run: RunJob = async ({ name }) => {
    ran.push(name)
    return 'fine'
  }
  await inRedis({ prefix, schedule, run, lockMs: LOCK_MS })
  await until('the job that was begun', () => ran.includes(said[0]!))
})

test.skipIf(!thereIsRedis)('28: over restarts, and with two at work, each job is done once', async () => {
  const prefix = 'once'
  const schedule = Array.from({ length: 10 }, (_, i) => job(`job ${i}`))
  const ran: string[] = []
  const run: RunJob = async ({ name }) => {
    ran.push(name)
    await sleep(5)
    return 'fine'
  }
  const first = await inRedis({ prefix, schedule, run })
  await until('what is scheduled', () => ran.length === 10)
  await until('it to be written', async () => (await first.list()).every(({ state }) => state === 'done'))
  await closeLast()
  // nobody works: what is started waits
  const looking = await inRedis({ prefix, schedule })
  for (const { name } of schedule) await looking.start(name)
  expect((await looking.list()).filter(({ state }) => state === 'waiting')).toHaveLength(10)
  await closeLast()
  const [again] = await Promise.all([inRedis({ prefix, schedule, run }), inRedis({ prefix, schedule, run })])
  await until('all of it', async () => (await again.list()).filter(({ state }) => state === 'done').length === 20)
  // a schedule that is told again begins nothing again
  expect(ran.toSorted()).toEqual([...schedule, ...schedule].map(({ name }) => name).toSorted())
})

test.skipIf(!thereIsRedis)(
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
    await closeLast()
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
    await until('its end', async () => (await next.list()).some(({ state }) => state === 'done'))
    await sleep(3 * LOCK_MS)
    expect([begun, ended]).toEqual([1, 1])
  },
)

/**
 * Before Redis, looking at what it is told.
 * @param look deaf: nothing more of this connection is heard, and nobody is told that it is not; cut: the connection is reset
 */
async function between(port: number, look: (text: string) => 'pass' | 'deaf' | 'cut'): Promise<string> {
  const sockets: Socket[] = []
  const proxy = createServer(client => {
    const server = connect(port, '127.0.0.1')
    sockets.push(client, server)
    let heard = true
    client.on('data', bytes => {
      if (!heard) return
      const what = look(bytes.toString('latin1'))
      heard = what !== 'deaf'
      if (what === 'cut') client.resetAndDestroy()
      else if (heard) server.write(bytes)
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
  return `redis://127.0.0.1:${(proxy.address() as { port: number }).port}`
}

test.skipIf(!thereIsRedis)('#4585: a worker that does not come back is noticed and replaced', async () => {
  const ran: string[] = []
  const prefix = 'watchdog'
  let unheard = 0
  const url = await between(lines.redis.port, text =>
    unheard === 0 && /bzpopmin[\s\S]*:imports:/i.test(text) && ++unheard ? 'deaf' : 'pass',
  )
  const run: RunJob = async ({ name }) => {
    ran.push(name)
    return 'fine'
  }
  const line = await inRedis({ prefix, run, redisUrl: url, schedule: [job('good')], watchdogMs: 2000 })
  await until('a worker that nobody hears', () => unheard === 1)
  const before = ran.length
  await line.start('good')
  await until('another', () => ran.length > before)
  expect(line.replaced).toBe(1)
})

test.skipIf(!thereIsRedis)('22: jobs are done though each connection breaks as it begins', async () => {
  let cuts = 0
  const url = await between(lines.redis.port, text =>
    cuts < 6 && /\r\nINFO\r\n/i.test(text) && ++cuts ? 'cut' : 'pass',
  )
  let done = 0
  await inRedis({ prefix: 'breaking', redisUrl: url, schedule: [job('good')], run: async () => `fine ${++done}` })
  await until('one of them', () => done > 0)
  expect(cuts).toBe(6)
})

test.skipIf(!thereIsRedis)(
  '#4585: jobs are done again after Redis was stopped, and after it was killed and emptied',
  async () => {
    const ran: string[] = []
    const run: RunJob = async ({ name }) => {
      ran.push(name)
      return 'fine'
    }
    const { redis } = lines
    const schedule = [job('good'), job('other')]
    const line = await inRedis({ schedule, run, lockMs: LOCK_MS, watchdogMs: 2 * LOCK_MS })
    await until('the first', () => ran.length >= 2)
    redis.kill('SIGSTOP')
    // longer than a lock lasts
    await sleep(2 * LOCK_MS)
    redis.kill('SIGCONT')
    let before = ran.length
    await line.start('good')
    await until('one after the stop', () => ran.length > before)
    redis.kill('SIGKILL')
    await redis.restart({ empty: true })
    before = ran.length
    await until('to be able to start', () =>
      line.start('good').then(
        () => true,
        () => false,
      ),
    )
    await until('one after the restart', () => ran.length > before)
  },
)

test.skipIf(!thereIsRedis)('what is scheduled is done again after Redis was emptied, whoever emptied it', async () => {
  // the other tests' lines are closed
  const looking = await createClient({ url: lines.redis.url }).connect()
  onTestFinished(() => looking.destroy())
  let ran = 0
  const schedule = [{ ...job('often'), everyHours: 0.5 / 3600 }]
  const run: RunJob = async () => `${++ran}`
  await inRedis({ schedule, run, watchdogMs: 1000 })
  await until('twice', () => ran >= 2)
  await looking.flushAll()
  const before = ran
  await until('twice more', () => ran >= before + 2)
})

test.skipIf(!thereIsRedis)('a job that ends well as its process is told to stop is not done again', async () => {
  const prefix = 'well'
  const schedule = [job('one')]
  const begun = Promise.withResolvers<void>()
  const run: RunJob = (_, { signal }) =>
    new Promise(done => {
      begun.resolve()
      signal.addEventListener('abort', () => done('fine'))
    })
  await inRedis({ prefix, schedule, run, lockMs: LOCK_MS })
  await begun.promise
  await closeLast()
  let again = 0
  const line = await inRedis({ prefix, schedule, run: async () => `${++again}`, lockMs: LOCK_MS })
  await sleep(3 * LOCK_MS)
  expect(again).toBe(0)
  expect(await line.list()).toMatchObject([{ name: 'one', state: 'done' }])
})

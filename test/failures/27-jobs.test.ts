// 27: a job that fails, dies or never ends is tried three times and set aside, and no other job waits for it. In processes of their own, as jobs are,
// alone and over a real Redis.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { importNetwork } from '#workers/import.ts'
import type { JobView, RunJob } from '#workers/jobs/line.ts'
import { inOwnProcess } from '#workers/jobs/process.ts'
import { openNetwork } from '#workers/network.ts'
import { smallFeed } from '../helpers/gtfs.ts'
import { job, jobLines, LOCK_MS, realImport, thereIsRedis } from '../helpers/job-lines.ts'
import { until } from '../helpers/until.ts'

const lines = jobLines()
const { inRedis, kinds } = lines
const work = inOwnProcess({}, new URL('../helpers/poisoned-job.worker.ts', import.meta.url))
const most = { imports: 3, others: 4 }

test.skipIf(!thereIsRedis).each(kinds)(
  '27: whatever a job does to its process, it has three attempts and is set aside with the reason; others go on (%s)',
  async (_, begun, make) => {
    const reasons: Readonly<Record<string, RegExp>> = {
      'poison-throws': /^INTERNAL at worker: Error: no luck/,
      'poison-exits': /its thread ended with 3/,
      'poison-kills':
        /^OUT_OF_MEMORY at job poison-kills: its process ended with SIGKILL, as Linux ends what finds no memory: give the machine .*`importsAtOnce`/,
      'poison-eats':
        /^OUT_OF_MEMORY at job poison-eats: its worker: .*memory limit: give the machine .*`importsAtOnce`/,
      'poison-hangs':
        /^TIMEOUT at job poison-hangs: was ended after its 0.02 minutes; `maxMinutes` in the file of jobs gives it more/,
    }
    const poisons = Object.keys(reasons)
    const limit = (name: string) => (name === 'poison-hangs' ? { maxMinutes: 0.02 } : {})
    const schedule = [...poisons.map(name => ({ ...job(name), ...limit(name) })), job('good')]
    let seen: readonly JobView[] = []
    const run: RunJob = async (job, context) => {
      if (job.name !== 'good') return work(job, context)
      seen = await (await making).list()
      return 'fine'
    }
    const making = make({ schedule, run, most })
    const line = await making
    if (begun(schedule) === 0) for (const { name } of schedule) await line.start(name)
    const named = async (name: string) => (await line.list()).find(view => view.name === name)!
    await until('the good one, which was asked for last', async () => (await named('good')).state === 'done')
    // it was begun first and hangs
    expect(seen.map(({ name }) => name)).toContain('poison-hangs')
    expect(seen).not.toContainEqual(expect.objectContaining({ name: 'poison-hangs', state: 'failed' }))
    for (const name of poisons) await until(name, async () => (await named(name)).state === 'failed')
    for (const [name, error] of Object.entries(reasons))
      expect(await named(name)).toMatchObject({ attempts: 3, error: expect.stringMatching(error) })
    await expect(line.start('ugly')).rejects.toThrow(/'ugly' is not scheduled; there are poison-throws, poison-exits/)
  },
)

test('19: an import that Linux ends while it writes says what to do, and the network that is there stays', async () => {
  const { import: own, ...rest } = realImport('poison-kills-late')
  const context = { signal: new AbortController().signal, progress() {} }
  await importNetwork(own)
  const { createdAt } = openNetwork(own.out).manifest
  writeFileSync(join(own.gtfs[0]!.from, 'stops.txt'), `${smallFeed['stops.txt']}\nX,Anew,51.5,7.4,,,\n`)
  await expect(work({ import: own, ...rest }, context)).rejects.toThrow(
    /^OUT_OF_MEMORY at job .* `importsAtOnce` to 1.*; what was in force stays$/,
  )
  expect(openNetwork(own.out).manifest.createdAt).toBe(createdAt)
  await work({ import: own, ...rest, name: 'good' }, context)
  expect(openNetwork(own.out).manifest.createdAt).not.toBe(createdAt)
  expect(readdirSync(dirname(own.out)).sort()).toEqual(['gtfs', 'network'])
})

// long/failures-jobs does the same with real imports
test.skipIf(!thereIsRedis)('27: beside poison of each kind other jobs are done as they are asked for', async () => {
  const ended = new Map<string, () => void>()
  const good: RunJob = async ({ name }) => {
    ended.get(name)?.()
    return 'fine'
  }
  const schedule = [job('good'), job('better')]
  const run: RunJob = (job, context) => (job.name.startsWith('poison') ? work(job, context) : good(job, context))
  const line = await inRedis({ schedule, run, most })
  await until('what is scheduled', async () => (await line.list()).every(({ state }) => state === 'done'))
  const done = async (name: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    ended.set(name, resolve)
    await line.start(name)
    await promise
  }
  const poisons = ['poison-loops', 'poison-throws', 'poison-kills']
  for (const poison of poisons) {
    // known from now on, and started by hand only
    schedule.push(job(poison))
    await line.start(poison)
    for (let i = 0; i < 4; i++) await Promise.all([done('good'), done('better')])
  }
  expect((await line.list()).filter(({ state }) => state === 'running')).toContainEqual(
    expect.objectContaining({ name: 'poison-loops' }),
  )
})

test.skipIf(!thereIsRedis).each(kinds)(
  '27: a job is seen at work, how far it is, and each rest before it is tried again is twice as long (%s)',
  async (_, begun, make) => {
    const times: number[] = []
    const go = Promise.withResolvers<void>()
    const run: RunJob = async (_, { progress }) => {
      progress({ step: 'walks', done: 3 })
      await go.promise
      times.push(performance.now())
      throw new Error('no luck')
    }
    const schedule = [job('bad')]
    const line = await make({ schedule, run, backoffMs: 150 })
    if (begun(schedule) === 0) await line.start('bad')
    await until('its progress', async () =>
      (await line.list()).some(
        ({ state, progress }) => state === 'running' && JSON.stringify(progress) === '{"step":"walks","done":3}',
      ),
    )
    go.resolve()
    await until('its end', async () => (await line.list()).some(({ state }) => state === 'failed'))
    const rests = times.slice(1).map((time, i) => time - times[i]!)
    expect(rests).toHaveLength(2)
    // timers may be a millisecond early
    expect(rests[0]).toBeGreaterThanOrEqual(148)
    expect(rests[1]).toBeGreaterThanOrEqual(298)
  },
)

test.skipIf(!thereIsRedis)(
  '27: a job that kills its process twice is set aside and says so; others go on',
  async () => {
    const prefix = 'poison'
    const schedule = [job('poison')]
    for (let death = 1; death <= 2; death++) {
      const child = spawn(process.execPath, [
        resolve(import.meta.dirname, '../helpers/jobs-child.ts'),
        JSON.stringify({ redisUrl: lines.redis.url, prefix, schedule, lockMs: LOCK_MS }),
      ])
      onTestFinished(() => void child.kill('SIGKILL'))
      await once(createInterface(child.stdout), 'line')
      child.kill('SIGKILL')
    }
    const ran: string[] = []
    const run: RunJob = async ({ name }) => {
      ran.push(name)
      return 'fine'
    }
    const line = await inRedis({ prefix, schedule: [...schedule, job('good')], run, lockMs: LOCK_MS })
    await until('it to be set aside', async () => (await line.list()).some(({ state }) => state === 'failed'))
    expect((await line.list()).find(({ state }) => state === 'failed')).toMatchObject({
      name: 'poison',
      error: expect.stringMatching(/stalled/),
    })
    await until('the other', () => ran.includes('good'))
    expect(ran).toEqual(['good'])
    // until an operator asks for it
    await line.start('poison')
    await until('it again', () => ran.includes('poison'))
  },
)

// Lines of jobs for a test file: a Redis of its own where there is one, and every line closed after its test.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest'
import { jobsHere } from '#workers/jobs/here.ts'
import type { JobLine, RunJob } from '#workers/jobs/line.ts'
import type { ScheduledJob } from '#workers/jobs/schedule.ts'
import { jobsInRedis, type RedisJobsOptions } from '#workers/redis/jobs.ts'
import { smallFeed } from './gtfs.ts'
import { findRedis, type RedisServer, startRedis } from './redis.ts'

export const thereIsRedis = findRedis() !== undefined
export const NOEVICTION = ['--maxmemory-policy', 'noeviction']

/**
 * How long a job's process may be silent where one dies or Redis does; 30 s as configured, and here where nobody does. It speaks twice in that time:
 * a busy machine holds nobody up for half of it.
 */
export const LOCK_MS = 1500

/** An import that is due once. */
export const job = (name: string): ScheduledJob => ({
  name,
  everyHours: 1000,
  import: { gtfs: [{ from: 'x.zip' }], out: name },
})

/** One that imports the small feed into a folder of its own, gone with the test. */
export function realImport(name: string): ScheduledJob & { readonly import: { readonly out: string } } {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-jobs-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const from = join(dir, 'gtfs')
  mkdirSync(from)
  for (const [file, text] of Object.entries(smallFeed)) writeFileSync(join(from, file), text)
  return { name, everyHours: 1000, import: { gtfs: [{ from }], out: join(dir, 'network') } }
}

type Options = Pick<RedisJobsOptions, 'schedule' | 'most' | 'backoffMs'>

/** To be called at the top of the file. */
export function jobLines() {
  const open: JobLine[] = []
  const kept = <Line extends JobLine>(line: Line): Line => {
    open.push(line)
    return line
  }
  let redis: RedisServer
  let lines = 0
  beforeAll(async () => {
    if (thereIsRedis) redis = await startRedis(NOEVICTION)
  })
  afterEach(async () => {
    for (const line of open.splice(0)) await line.close()
  })
  afterAll(() => redis?.stop())
  const inRedis = async (options: Partial<RedisJobsOptions>) =>
    kept(
      await jobsInRedis({
        redisUrl: redis.url,
        prefix: `line${++lines}`,
        schedule: [],
        onTrouble: () => {},
        lockMs: 30_000,
        backoffMs: 5,
        ...options,
      }),
    )
  const here = async ({ schedule, run, ...options }: Options & { readonly run: RunJob }) =>
    kept(jobsHere(schedule, run, { backoffMs: 5, ...options }))
  /** How a line is called, and how many jobs of its schedule it begins by itself. */
  const kinds: [string, (schedule: readonly ScheduledJob[]) => number, typeof here][] = [
    ['in this process', () => 0, here],
    ['in Redis', ({ length }) => length, inRedis],
  ]
  return {
    get redis() {
      return redis
    },
    /** The newest line is closed before the test's end. */
    closeLast: () => open.pop()!.close(),
    inRedis,
    here,
    kinds,
  }
}

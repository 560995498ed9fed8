// 27 with real imports: how long they take from being asked for to their end, alone and beside a job that throws, one that kills its process and one
// that hangs. In turn (the one that hangs is held still meanwhile), so that whatever else this machine does is in both.
//
//   ROUNDS=15

import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { atOnce, type RunJob } from '#workers/jobs/line.ts'
import { inOwnProcess } from '#workers/jobs/process.ts'
import { job, jobLines, realImport, thereIsRedis } from '../helpers/job-lines.ts'
import { until } from '../helpers/until.ts'

const { inRedis } = jobLines()
const ROUNDS = Number(process.env.ROUNDS ?? 15)
const work = inOwnProcess({}, new URL('../helpers/poisoned-job.worker.ts', import.meta.url))

test.skipIf(!thereIsRedis)('27: beside poison of each kind the p95 of imports is less than twice as long', async () => {
  const good = realImport('good')
  let ended = (): void => {}
  let hanging = 0
  const run: RunJob = async (job, context) => {
    if (job === good) return work(job, context).finally(() => ended())
    const progress = (pid: unknown): void => {
      hanging = pid as number
    }
    return work(job, { ...context, progress })
  }
  const schedule = [good]
  const line = await inRedis({ schedule, run })
  await until('what is scheduled', async () => (await line.list()).every(({ state }) => state === 'done'))
  // known from now on, and started by hand only
  schedule.push(...['poison-throws', 'poison-kills', 'poison-loops'].map(name => ({ ...good, ...job(name) })))
  /** Milliseconds from asking for it to its end. */
  const latency = async (): Promise<number> => {
    rmSync(good.import.out, { recursive: true })
    const { promise, resolve } = Promise.withResolvers<void>()
    ended = resolve
    const asked = performance.now()
    await line.start('good')
    await promise
    return performance.now() - asked
  }
  await line.start('poison-loops')
  await until('the one that hangs', () => hanging > 0)
  const alone: number[] = []
  const beside: Record<string, number[]> = { 'poison-throws': [], 'poison-kills': [], 'poison-loops': [] }
  for (let round = 0; round < ROUNDS; round++)
    for (const [poison, times] of Object.entries(beside)) {
      process.kill(hanging, 'SIGSTOP')
      alone.push(await latency())
      if (poison === 'poison-loops') process.kill(hanging, 'SIGCONT')
      else await line.start(poison)
      times.push(await latency())
    }
  process.kill(hanging, 'SIGCONT')
  // the last one has done its work a moment before its line says so
  await until('the one that hangs is all that runs', async () => {
    const running = (await line.list()).filter(({ state }) => state === 'running')
    return running.length === 1 && running[0]!.name === 'poison-loops'
  })
  console.log(`${atOnce().imports} imports at once; p50, p95 in ms: alone ${figures(alone)}`)
  for (const [poison, times] of Object.entries(beside)) console.log(`  beside ${poison} ${figures(times)}`)
  expect(quantile(Object.values(beside).flat(), 0.95) / quantile(alone, 0.95)).toBeLessThan(2)
})

const quantile = (times: readonly number[], q: number): number =>
  [...times].sort((a, b) => a - b)[Math.ceil(times.length * q) - 1]!
const figures = (times: readonly number[]): string => [0.5, 0.95].map(q => Math.round(quantile(times, q))).join(', ')

// The line of jobs of a process that is alone.

import { setTimeout as sleep } from 'node:timers/promises'
import { FreifahrtError } from '#engine/core/errors.ts'
import { ATTEMPTS, BACKOFF_MS, type JobLine, type RunJob, type ScheduledJob } from './jobs.ts'
import { createQueue } from './queue.ts'

export function jobsHere(schedule: readonly ScheduledJob[], run: RunJob, backoffMs = BACKOFF_MS): JobLine {
  const queue = createQueue<Record<string, readonly [ScheduledJob, string]>>(
    Object.fromEntries(
      schedule.map(({ name }) => [
        name,
        async (job: ScheduledJob, context) => {
          for (let attempt = 1; ; attempt++) {
            context.attempt(attempt)
            try {
              return await run(job, context)
            } catch (error) {
              if (attempt === ATTEMPTS || context.signal.aborted) throw error
              await sleep(backoffMs * 2 ** (attempt - 1), undefined, { signal: context.signal })
            }
          }
        },
      ]),
    ),
  )
  const add = (job: ScheduledJob): void => void queue.add(job.name, job).catch(() => {}) // stays visible in the list
  // looked at now and then: one timer cannot wait for a month
  const due = new Map(schedule.map(job => [job, nextOf(job)]))
  const timer = setInterval(() => {
    for (const [job, at] of due) {
      if (performance.now() < at) continue
      due.set(job, nextOf(job))
      add(job)
    }
  }, LOOK_MS)
  timer.unref()
  return {
    async start(name) {
      add(jobNamed(schedule, name))
    },
    async list() {
      return queue.jobs().map(({ id, name, state, progress, error, attempts }) => ({
        id: String(id),
        name,
        state,
        progress,
        attempts,
        ...(error !== undefined && { error }),
      }))
    },
    async close() {
      clearInterval(timer)
      await queue.close()
    },
  }
}

const LOOK_MS = 10_000
const nextOf = ({ everyHours }: ScheduledJob): number => performance.now() + everyHours * 3600_000

/** Throws BAD_REQUEST. */
export function jobNamed(schedule: readonly ScheduledJob[], name: string): ScheduledJob {
  const job = schedule.find(one => one.name === name)
  if (!job) {
    const names = schedule.map(one => one.name).join(', ') || 'none'
    throw new FreifahrtError('BAD_REQUEST', 'job', `'${name}' is not scheduled; there are ${names}`)
  }
  return job
}

// The line of jobs in Redis (BullMQ), for several processes: each job is done by one of them. A process that dies in the middle leaves its
// lock to run out, and another does the job again, which does no harm (imports are content-addressed and renamed whole). After three attempts,
// or two deaths of such processes, a job is set aside as failed until an operator starts it again.
//
//   <prefix>:imports, <prefix>:jobs   the two sorts of jobs (jobs/line.ts), a queue each
//   <prefix>:{place …}                who writes where (places.ts)

import { type Job, UnrecoverableError } from 'bullmq'
import { type AtOnce, atOnce, BACKOFF_MS, type JobLine, type RunJob, type Sort, sortOf, sorts } from '../jobs/line.ts'
import { jobNamed, placesOf, type ScheduledJob } from '../jobs/schedule.ts'
import { closeRedis, connectRedis } from './connection.ts'
import { openJobQueue, PlaceTaken } from './job-queue.ts'
import { holdPlaces } from './places.ts'

export interface RedisJobsOptions {
  readonly redisUrl: string
  readonly prefix: string
  readonly schedule: readonly ScheduledJob[]
  /** Undefined: this process only looks and starts. */
  readonly run?: RunJob
  /** How many this process does at once. */
  readonly most?: AtOnce
  readonly onTrouble: (where: string, error: unknown) => void
  /** Redis has come or gone. */
  readonly onState?: ((up: boolean) => void) | undefined
  readonly backoffMs?: number
  /** How long a job's process may be silent before another takes the job. */
  readonly lockMs?: number
  /** Jobs that wait for so long while none is done are a worker's fault. */
  readonly watchdogMs?: number
}

/** Of a job that is in no file, half a second apart. */
const LOOKS_FOR_ITS_OWN = 20

const names: { readonly [Of in Sort]: string } = { imports: 'imports', others: 'jobs' }

/** Writes the schedule as soon as Redis is there, and again whenever it has come back or lost it. */
export async function jobsInRedis(options: RedisJobsOptions): Promise<JobLine & { readonly replaced: number }> {
  const { redisUrl, prefix, schedule, run, most = atOnce(), onTrouble, lockMs = 30_000 } = options
  const { backoffMs = BACKOFF_MS, watchdogMs = 60_000 } = options
  const stop = new AbortController()
  // it may have come back empty
  const redis = connectRedis(redisUrl, {
    onChange(up) {
      options.onState?.(up)
      if (up) void tellSchedule()
    },
  })

  const work = async (job: Job, sort: Sort): Promise<string> => {
    const scheduled = schedule.find(({ name }) => name === job.name)
    if (!scheduled) return notOurs(job, sort)
    if (sortOf(scheduled) !== sort) return toItsOwn(scheduled)
    const lost = new AbortController()
    const onLost = (): void => lost.abort(new PlaceTaken())
    const letGo = await holdPlaces(redis, { prefix, places: placesOf(scheduled), ttlMs: lockMs, onLost }).catch(
      error => {
        // Redis is away, or has just come back: that is no attempt of the job's
        if (!stop.signal.aborted) onTrouble('jobs', error)
      },
    )
    if (!letGo) {
      if (job.repeatJobKey !== undefined && (await isAtWork(job, sort))) return 'is being done already'
      throw new PlaceTaken()
    }
    const signal = AbortSignal.any([stop.signal, lost.signal])
    const progress = (value: unknown): void => void job.updateProgress(value as object).catch(() => {})
    return run!(scheduled, { signal, progress }).finally(letGo)
  }
  const open = (sort: Sort) => {
    const shared = { redisUrl, prefix, backoffMs, lockMs, watchdogMs, onTrouble, stop: stop.signal }
    return openJobQueue({ ...shared, name: names[sort], most: most[sort], work: run && (job => work(job, sort)) })
  }
  const queues = { imports: open('imports'), others: open('others') }
  const all = Object.values(queues)
  /** Takes a job out of the times of every queue but its own: it was another sort's before, or a process of another release knows one queue only. */
  const onlyInItsOwn = async (job: ScheduledJob): Promise<void> => {
    for (const sort of sorts) if (sort !== sortOf(job)) await queues[sort].queue.removeJobScheduler(job.name)
  }
  const toItsOwn = async (job: ScheduledJob): Promise<string> => {
    await onlyInItsOwn(job)
    await queues[sortOf(job)].queue.add(job.name, {})
    return 'is done among its own'
  }

  /** A job that this process' file does not have: whoever does will meet it; when nobody has, it is not begun again. */
  const notOurs = async ({ name, attemptsStarted }: Job, sort: Sort): Promise<string> => {
    if (attemptsStarted < LOOKS_FOR_ITS_OWN) throw new PlaceTaken()
    await queues[sort].queue.removeJobScheduler(name)
    throw new UnrecoverableError(`'${name}' is not scheduled any more`)
  }
  /** Is another of its name running, or does it rest before its next attempt? */
  const isAtWork = async ({ id, name }: Job, sort: Sort): Promise<boolean> =>
    (await queues[sort].queue.getJobs(['active', 'delayed'])).some(
      other => other.name === name && other.id !== id && other.attemptsStarted > 0,
    )

  async function tellSchedule(): Promise<void> {
    try {
      for (const job of schedule) {
        const { name, everyHours } = job
        await onlyInItsOwn(job)
        await queues[sortOf(job)].queue.upsertJobScheduler(name, { every: everyHours * 3600_000 }, { name, data: {} })
      }
    } catch (error) {
      if (!stop.signal.aborted) onTrouble('jobs', error)
    }
  }
  // Redis may come later than this process
  const scheduled = tellSchedule()
  // whatever has emptied it, and however
  const telling = setInterval(tellSchedule, watchdogMs)
  telling.unref()

  return {
    get replaced() {
      return all.reduce((sum, { replaced }) => sum + replaced, 0)
    },
    async start(name) {
      const job = jobNamed(schedule, name)
      await scheduled
      const { list, queue } = queues[sortOf(job)]
      const waits = (await list()).some(other => other.name === name && other.state === 'waiting')
      if (!waits) await queue.add(name, {})
    },
    async list() {
      await scheduled
      const lists = await Promise.all(all.map(queue => queue.list()))
      return lists
        .flat()
        .sort((a, b) => a.since - b.since)
        .map(({ since: _, ...view }) => view)
    },
    async close() {
      clearInterval(telling)
      stop.abort(new Error('the process is stopping'))
      await Promise.all(all.map(queue => queue.close()))
      closeRedis(redis)
    },
  }
}

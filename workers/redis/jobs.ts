// The line of jobs in Redis (BullMQ), for several processes: each job is done by one of them. A process that dies in the middle leaves its
// lock to run out, and another does the job again, which does no harm (imports are content-addressed and renamed whole). After three attempts,
// or two deaths, a job is set aside as failed until an operator starts it again.
//
// A worker that does not come back after Redis was away (BullMQ #4585 and its kin) is noticed and replaced: jobs wait, and none is being done.

import { createNodeRedisClient, Queue, UnrecoverableError, Worker } from 'bullmq'
import { createClient } from 'redis'
import { ATTEMPTS, BACKOFF_MS, type JobLine, type JobView, type RunJob, type ScheduledJob } from '../jobs.ts'
import { jobNamed } from '../jobs-here.ts'

export interface RedisJobsOptions {
  readonly redisUrl: string
  readonly prefix: string
  readonly schedule: readonly ScheduledJob[]
  /** Undefined: this process only looks and starts. */
  readonly run?: RunJob
  readonly onTrouble: (where: string, error: unknown) => void
  readonly backoffMs?: number
  /** How long a job's process may be silent before another takes the job. */
  readonly lockMs?: number
  /** Jobs that wait for so long while none is done are a worker's fault. */
  readonly watchdogMs?: number
}

type Client = ReturnType<typeof createNodeRedisClient>

/** Or it has failed to for now. */
const connected = (client: Client): Promise<void> =>
  new Promise(done => {
    for (const event of ['ready', 'error', 'end']) client.once(event, () => done())
  })

const NAME = 'jobs'
const KEPT = 50
/** Processes that may die in a job: after one more it is set aside. */
const DEATHS_BORNE = 1
const states = {
  waiting: 'waiting',
  delayed: 'waiting',
  prioritized: 'waiting',
  active: 'running',
  completed: 'done',
  failed: 'failed',
} as const

export async function jobsInRedis(options: RedisJobsOptions): Promise<JobLine & { readonly replaced: number }> {
  const {
    redisUrl,
    prefix,
    schedule,
    run,
    onTrouble,
    backoffMs = BACKOFF_MS,
    lockMs = 30_000,
    watchdogMs = 60_000,
  } = options
  /** A connection, and those that BullMQ makes of it to wait with. */
  const connect = () => {
    const clients: Client[] = []
    const keep = (client: Client): Client => {
      // BullMQ does not hear it at every moment, and an error that nobody hears ends the process
      client.on('error', (error: Error) => onTrouble('jobs', error))
      const duplicate = client.duplicate.bind(client)
      client.duplicate = (...args) => keep(duplicate(...args))
      clients.push(client)
      return client
    }
    const client = keep(
      createNodeRedisClient(
        createClient({
          url: redisUrl,
          RESP: 2,
          pingInterval: 5000,
          socket: { socketTimeout: 30_000, reconnectStrategy: tries => Math.min(2000, 100 * 2 ** Math.min(tries, 5)) },
        }),
      ),
    )
    /** Closes all of them after whoever uses them; BullMQ leaves open what was given to it. */
    const close = async (user: { close(): Promise<unknown> }): Promise<void> => {
      // a client told to end while it connects stays connected
      await Promise.all(clients.map(one => one.status === 'connect' && connected(one)))
      await user.close().catch(() => {})
      for (const one of clients) one.disconnect()
    }
    return { client: client as never, close }
  }
  const asking = connect()
  const queue = new Queue(NAME, {
    connection: asking.client,
    prefix,
    defaultJobOptions: {
      attempts: ATTEMPTS,
      backoff: { type: 'exponential', delay: backoffMs },
      removeOnComplete: { count: KEPT },
      removeOnFail: { count: KEPT },
    },
  })
  queue.on('error', error => onTrouble('jobs', error))
  const stop = new AbortController()
  const makeWorker = (): { close(): Promise<void> } => {
    const connection = connect()
    const worker = new Worker(
      NAME,
      async job => {
        // BullMQ sets aside by itself only what was started by hand: what comes from its schedule would kill one process after the other
        if (job.stalledCounter > DEATHS_BORNE)
          throw new UnrecoverableError(`stalled: ${job.stalledCounter} processes died in it`)
        return run!(jobNamed(schedule, job.name), {
          signal: stop.signal,
          progress: value => void job.updateProgress(value as object).catch(() => {}),
          attempt() {}, // BullMQ counts
        })
      },
      {
        connection: connection.client,
        prefix,
        concurrency: 1,
        lockDuration: lockMs,
        stalledInterval: lockMs,
        maxStalledCount: DEATHS_BORNE,
      },
    )
    worker.on('error', error => onTrouble('jobs', error))
    worker.on('failed', (job, error) => onTrouble(`job ${job?.name}, attempt ${job?.attemptsMade}`, error))
    return { close: () => connection.close({ close: () => worker.close(true) }) }
  }
  // Redis may come later than this process
  const scheduled = (async () => {
    for (const job of schedule)
      await queue.upsertJobScheduler(job.name, { every: job.everyHours * 3600_000 }, { name: job.name, data: {} })
  })()
  scheduled.catch(error => stop.signal.aborted || onTrouble('jobs', error))

  let worker = run && makeWorker()
  let replaced = 0
  let idleSince: number | undefined
  const watchdog = setInterval(async () => {
    if (!worker) return
    const { wait = 0, active = 0 } = await queue
      .getJobCounts('wait', 'active')
      .catch(() => ({}) as Record<string, number>)
    if (wait === 0 || active > 0) idleSince = undefined
    else idleSince ??= performance.now()
    if (idleSince === undefined || performance.now() - idleSince < watchdogMs) return
    idleSince = undefined
    replaced++
    onTrouble('jobs', new Error(`${wait} jobs wait and none is done: the worker is replaced`))
    void worker.close()
    worker = makeWorker()
  }, watchdogMs / 4)
  watchdog.unref()

  return {
    get replaced() {
      return replaced
    },
    async start(name) {
      jobNamed(schedule, name)
      await scheduled
      await queue.add(name, {})
    },
    async list() {
      await scheduled
      const views: JobView[] = []
      // all lists in one look: between two a job that moves would be seen in neither
      for (const job of await queue.getJobs(Object.keys(states) as (keyof typeof states)[], 0, KEPT)) {
        const { id = '', name, progress, attemptsMade, failedReason } = job
        const type = await job.getState()
        if (!Object.hasOwn(states, type)) continue // removed meanwhile
        // what is due at its next time is no work yet
        if (type === 'delayed' && attemptsMade === 0) continue
        views.push({
          id,
          name,
          state: states[type as keyof typeof states],
          progress,
          attempts: attemptsMade,
          ...(failedReason && { error: failedReason }),
        })
      }
      return views
    },
    async close() {
      clearInterval(watchdog)
      stop.abort(new Error('the process is stopping'))
      await Promise.all([worker?.close(), asking.close(queue)])
    },
  }
}

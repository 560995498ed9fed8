// One line of jobs in BullMQ: a queue, and who works at it. A worker that does not come back after Redis was away (BullMQ #4585 and its kin) is
// noticed and replaced: jobs wait, and none is being done.

import { setTimeout as sleep } from 'node:timers/promises'
import { createNodeRedisClient, DelayedError, type Job, Queue, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import { createClient } from 'redis'
import { ATTEMPTS, type JobView, KEPT } from '../jobs/line.ts'

export interface JobQueueOptions {
  readonly name: string
  readonly redisUrl: string
  readonly prefix: string
  /** Undefined: this process only looks and starts. Throws PlaceTaken when it is not the time yet. */
  readonly work?: ((job: Job) => Promise<string>) | undefined
  /** How many at once. */
  readonly most: number
  /** Work that ends after this has been aborted has not failed: it goes back, and whoever is left does it. */
  readonly stop: AbortSignal
  readonly backoffMs: number
  readonly lockMs: number
  readonly watchdogMs: number
  readonly onTrouble: (where: string, error: unknown) => void
}

export interface JobQueue {
  readonly queue: Queue
  readonly replaced: number
  /** With when it was asked for, Unix milliseconds. */
  list(): Promise<(JobView & { readonly since: number })[]>
  close(): Promise<void>
}

/** The job goes back into the line. */
export class PlaceTaken extends Error {}

/** For jobs that are told to stop, and to give them back to a Redis that may be away. */
const STOPPING_MS = 5000
/** Before a job that went back is looked at again. */
const AGAIN_MS = 500
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

/** One sort of jobs over Redis, and this process' worker for them if it works. */
export function openJobQueue(options: JobQueueOptions): JobQueue {
  const { name, prefix, work, backoffMs, watchdogMs, onTrouble } = options
  const asking = connect(options)
  const queue = new Queue(name, {
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

  let worker = work && startWorker(options, work)
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
    worker = startWorker(options, work!)
  }, watchdogMs / 4)
  watchdog.unref()

  return {
    queue,
    get replaced() {
      return replaced
    },
    list: () => listJobs(queue),
    async close() {
      clearInterval(watchdog)
      await Promise.all([worker?.close(), asking.close(queue)])
    },
  }
}

function startWorker(options: JobQueueOptions, work: (job: Job) => Promise<string>): { close(): Promise<void> } {
  const { name, prefix, most, stop, lockMs, onTrouble } = options
  const connection = connect(options)
  /** Until what has become of it is written. */
  const begun = new Map<string | undefined, PromiseWithResolvers<void>>()
  const written = (job: Job | undefined): void => {
    begun.get(job?.id)?.resolve()
    begun.delete(job?.id)
  }
  const processed = async (job: Job, token = ''): Promise<string> => {
    // BullMQ sets aside by itself only what was started by hand: what comes from its schedule would kill one process after the other
    if (job.stalledCounter > DEATHS_BORNE)
      throw new UnrecoverableError(`stalled: ${job.stalledCounter} processes died in it`)
    try {
      return await work(job)
    } catch (error) {
      if (!stop.aborted && !(error instanceof PlaceTaken)) throw error
      if (stop.aborted) await job.moveToWait(token)
      else await job.moveToDelayed(Date.now() + AGAIN_MS, token)
      written(job)
      throw stop.aborted ? new WaitingError() : new DelayedError()
    }
  }
  const worker = new Worker(
    name,
    (job, token) => {
      begun.set(job.id, Promise.withResolvers())
      return processed(job, token)
    },
    {
      connection: connection.client,
      prefix,
      concurrency: most,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: DEATHS_BORNE,
    },
  )
  worker.on('error', error => onTrouble('jobs', error))
  worker.on('completed', written)
  worker.on('failed', written)
  worker.on('failed', (job, error) => onTrouble(`job ${job?.name}, attempt ${job?.attemptsMade}`, error))
  return {
    async close() {
      await worker.pause(true)
      const all = Promise.all([...begun.values()].map(({ promise }) => promise))
      await Promise.race([all, sleep(STOPPING_MS, undefined, { ref: false })])
      await connection.close({ close: () => worker.close(true) })
    },
  }
}

async function listJobs(queue: Queue): Promise<(JobView & { readonly since: number })[]> {
  const views: (JobView & { readonly since: number })[] = []
  // all lists in one look: between two a job that moves would be seen in neither
  for (const job of await queue.getJobs(Object.keys(states) as (keyof typeof states)[], 0, KEPT)) {
    const { id = '', name, progress, attemptsMade, attemptsStarted, failedReason, timestamp } = job
    const type = await job.getState()
    if (!Object.hasOwn(states, type)) continue // removed meanwhile
    // what is due at its next time is no work yet
    if (type === 'delayed' && attemptsStarted === 0) continue
    views.push({
      id: `${queue.name}/${id}`,
      name,
      state: states[type as keyof typeof states],
      progress,
      attempts: attemptsMade,
      // of one that has come to a good end after all it stays there
      ...(failedReason && type !== 'completed' && { error: failedReason }),
      since: timestamp,
    })
  }
  return views
}

type Client = ReturnType<typeof createNodeRedisClient>

/** A connection, and those that BullMQ makes of it to wait with. */
function connect({ redisUrl, onTrouble }: JobQueueOptions) {
  const clients: Client[] = []
  const keep = (client: Client): Client => {
    // BullMQ does not hear it at every moment, and an error that nobody hears ends the process
    client.on('error', (error: Error) => onTrouble('jobs', error))
    // it is asked for once: were its answer lost, BullMQ 6.7 would take that for good, and a worker would ask for jobs without a pause
    const info = client.info.bind(client)
    client.info = () => untilEnded(client, info)
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

/** Asks until there is an answer; throws once the client has been ended. */
async function untilEnded<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await ask()
    } catch (error) {
      if (client.status === 'end') throw error
      await sleep(AGAIN_MS, undefined, { ref: false })
    }
}

/** Or it has failed to for now. */
const connected = (client: Client): Promise<void> =>
  new Promise(done => {
    for (const event of ['ready', 'error', 'end']) client.once(event, () => done())
  })

// The threads that plan. piscina keeps them, replaces those that die and wakes them fast; the waiting line is ours, for two reasons:
// a task is put together when a thread is free for it, so it reads the newest generation and pins none while it waits; and a caller
// who goes away only leaves the line, because ending a thread in mid-search would throw away a warm one.

import { availableParallelism } from 'node:os'
import { setTimeout as timer } from 'node:timers'
import { Piscina } from 'piscina'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type AskTask, fromErrorMessage, type PlanReply, type PlanSetup, type PlanTask } from './messages.ts'

export interface PoolOptions {
  /** The worker's module; exports `plan` and `ask`, see attach.ts. */
  readonly worker: URL
  readonly setup: PlanSetup
  /** Default: one less than there are cores, at least one. */
  readonly threads?: number
  /** Of one thread, the tables and the search's own buffers not counted. One that needs more is replaced, and the process lives. */
  readonly heapMb?: number
  /** Tasks in line beyond those being worked on; more are OVERLOADED. */
  readonly maxWaiting?: number
  readonly onThreadError?: (error: unknown) => void
  /** What each task took, in seconds: `plan_wait` in line, `plan` at work; `ask_wait`, `ask` likewise. */
  readonly onStage?: (stage: string, seconds: number) => void
}

export interface PoolTask {
  readonly task: PlanTask | AskTask
  /** Nobody reads the task's buffers any more. */
  readonly done: () => void
}

export interface RunOptions {
  /** Tasks of a kind take about as long as each other: `plan`, `tile`, … */
  readonly kind: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface Pool {
  readonly threads: number
  readonly waiting: number
  readonly busy: number
  /** How long one more would wait in line, in ms, as long as tasks took lately. */
  readonly waitMs: number
  /**
   * Why one more of this kind would be OVERLOADED: the line is full, or would not be done with it within `timeoutMs`; undefined when it would
   * not be. Without a kind its own time counts as nothing.
   */
  refusal(kind: string | undefined, timeoutMs: number): string | undefined
  /**
   * Plans as soon as a thread is free; `prepare` is called then. Rejects with OVERLOADED at once, with TIMEOUT when the answer is not there in
   * time, with the signal's reason, or with what the worker threw. A search that nobody waits for any more gives up between two rounds; a thread
   * that does not even then is replaced.
   */
  run(prepare: () => PoolTask | Promise<PoolTask>, options: RunOptions): Promise<Uint8Array>
  close(): Promise<void>
}

export function createPool({
  worker,
  setup,
  threads = defaultThreads(),
  heapMb = HEAP_MB,
  maxWaiting = 64,
  onThreadError,
  onStage,
}: PoolOptions): Pool {
  const piscina = new Piscina({
    filename: worker.href,
    name: 'plan',
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    // a thread without work sleeps in Atomics.wait: 40 µs there and back instead of 70 through the event loop
    atomics: 'sync',
    workerData: setup,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    recordTiming: false,
  })
  piscina.on('error', error => onThreadError?.(error))
  const line = new Map<() => void, Waiting>()
  let busy = 0
  let closed = false
  // kind → what a task of it takes, in ms: a moving mean
  const taskMs = new Map<string, number>()
  const takes = (kind: string | undefined): number => (kind === undefined ? 0 : (taskMs.get(kind) ?? 0))
  // slot → kind of what is worked on there
  const atWork = new Map<number, string>()
  // slot → 1 when nobody waits any more for the task that is worked on there; one shared memory for all tasks there will ever be
  const given = new Int32Array(new SharedArrayBuffer(4 * threads))
  const free = Array.from({ length: threads }, (_, slot) => slot)

  async function work(
    slot: number,
    kind: string,
    prepare: () => PoolTask | Promise<PoolTask>,
    cancel: AbortSignal,
    since: number,
  ): Promise<Uint8Array> {
    const prepared = prepare()
    // without a turn between: the thread has nothing to do until it is told
    const { task, done } = prepared instanceof Promise ? await prepared : prepared
    const name = 'question' in task ? 'ask' : 'plan'
    const started = performance.now()
    onStage?.(`${name}_wait`, (started - since) / 1000)
    try {
      const reply = (await piscina.run(
        { ...task, givenUp: { flags: given, slot } },
        { signal: cancel, name },
      )) as PlanReply
      if ('error' in reply) throw fromErrorMessage(reply.error)
      return reply.bytes
    } catch (error) {
      if (error instanceof FreifahrtError || cancel.aborted) throw error
      // the thread died under the task; piscina has started another
      throw new FreifahrtError('INTERNAL', 'plan thread', error instanceof Error ? error.message : String(error))
    } finally {
      const took = performance.now() - started
      taskMs.set(kind, takes(kind) + (took - takes(kind)) * NEWEST_SHARE)
      onStage?.(name, took / 1000)
      done()
    }
  }

  function next(): void {
    if (busy >= threads) return
    const [start] = line.keys()
    if (start === undefined) return
    line.delete(start)
    start()
  }

  function waitMs(): number {
    if (busy < threads) return 0
    let ahead = 0
    // one of those at work has to end first: a mean one
    for (const kind of atWork.values()) ahead += takes(kind) / threads
    for (const { kind } of line.values()) ahead += takes(kind)
    return ahead / threads
  }

  // A line that is longer than anybody waits is worse than none: each would be worked on just before its time is over, for nothing
  function refusal(kind: string | undefined, timeoutMs: number): string | undefined {
    if (busy < threads) return undefined
    if (line.size >= maxWaiting) return `${line.size} requests are waiting already`
    const expected = waitMs() + takes(kind)
    return expected > timeoutMs ? `${line.size} requests are waiting, for ${Math.round(expected)} ms` : undefined
  }

  return {
    threads,
    refusal,
    get waitMs() {
      return waitMs()
    },
    get waiting() {
      return line.size
    },
    get busy() {
      return busy
    },
    run(prepare, { kind, timeoutMs, signal }) {
      if (closed) return Promise.reject(closing())
      if (signal?.aborted) return Promise.reject(signal.reason)
      const refused = refusal(kind, timeoutMs)
      if (refused !== undefined) return Promise.reject(new FreifahrtError('OVERLOADED', 'plan', refused))
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
      const cancel = new AbortController()
      const since = performance.now()
      let slot: number | undefined
      const giveUp = (): void => {
        if (slot !== undefined) Atomics.store(given, slot, 1)
      }
      const start = (): void => {
        busy++
        const mine = free.pop()!
        Atomics.store(given, mine, 0)
        slot = mine
        atWork.set(mine, kind)
        const ended = (): void => {
          busy--
          slot = undefined
          atWork.delete(mine)
          free.push(mine)
          clearTimeout(limit)
          clearTimeout(grace)
          signal?.removeEventListener('abort', leave)
          next()
        }
        // the thread first, then who has waited: writing an answer takes as long as a small search
        work(mine, kind, prepare, cancel.signal, since).then(
          bytes => {
            ended()
            resolve(bytes)
          },
          error => {
            ended()
            reject(error)
          },
        )
      }
      const limit = timer(() => {
        line.delete(start)
        reject(new FreifahrtError('TIMEOUT', 'plan', `no answer within ${timeoutMs} ms`))
        giveUp()
        grace = timer(() => cancel.abort(), GRACE_MS)
      }, timeoutMs)
      let grace: NodeJS.Timeout | undefined
      const leave = (): void => {
        if (line.delete(start)) clearTimeout(limit)
        giveUp()
        reject(signal!.reason)
      }
      signal?.addEventListener('abort', leave, { once: true })
      line.set(start, { kind, reject })
      next()
      return promise
    },
    async close() {
      closed = true
      for (const { reject } of line.values()) reject(closing())
      line.clear()
      await piscina.destroy()
    },
  }
}

interface Waiting {
  readonly kind: string
  /** Sends the caller away. */
  readonly reject: (error: unknown) => void
}

/** Ten times what the hardest search is known to need. */
const HEAP_MB = 2048

/** Of the newest task in the mean. */
const NEWEST_SHARE = 0.1

/** How long a thread has to notice that nobody waits any more: many rounds of the longest search. */
const GRACE_MS = 2000

const closing = (): FreifahrtError => new FreifahrtError('OVERLOADED', 'plan', 'the server is closing')

const defaultThreads = (): number => Math.max(1, availableParallelism() - 1)

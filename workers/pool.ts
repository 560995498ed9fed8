// The threads that plan (plan-thread.ts), and who waits for them. A task is put together when a thread is free for it, so it reads the newest
// generation and pins none while it waits; and a caller who goes away only leaves the line, because ending a thread in mid-search would throw
// away a warm one.

import { availableParallelism } from 'node:os'
import { setTimeout as timer } from 'node:timers'
import { Piscina } from 'piscina'
import { FreifahrtError } from '#engine/core/errors.ts'
import { fromErrorMessage, type PlanSetup } from './messages.ts'
import { PlanThread, type ThreadTask, type Told } from './plan-thread.ts'

export interface PoolOptions {
  /** The worker's module; exports `serve`, see attach.ts. */
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
  readonly task: ThreadTask
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
   * time, with the signal's reason, or with what the worker threw. A search that nobody waits for any more gives up between two rounds, or never
   * begins; a thread that does not even then is replaced.
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
    name: 'serve',
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    workerData: setup,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    recordTiming: false,
  })
  piscina.on('error', error => onThreadError?.(error))
  const died = (error: unknown): void => {
    if (!closed) onThreadError?.(error)
  }
  const free = Array.from({ length: threads }, () => new PlanThread(piscina, died))
  // lists and not sets or maps: what has left one of those is held by its memory of before until the next full collection
  const line: Waiting[] = []
  const atWork: Waiting[] = []
  let closed = false
  // kind → what a task of it takes, in ms: a moving mean
  const taskMs = new Map<string, number>()
  const takes = (kind: string | undefined): number => (kind === undefined ? 0 : (taskMs.get(kind) ?? 0))

  /** @returns whether it was still in line */
  function unlist(waiting: Waiting): boolean {
    const at = line.indexOf(waiting)
    if (at >= 0) line.splice(at, 1)
    return at >= 0
  }

  function next(): void {
    const thread = line.length > 0 ? free.pop() : undefined
    if (!thread) return
    const waiting = line.shift()!
    atWork.push(waiting)
    waiting.thread = thread
    try {
      // without a turn between: the thread has nothing to do until it is told
      const prepared = waiting.prepare()
      if (prepared instanceof Promise)
        prepared.then(
          task => work(waiting, thread, task),
          error => end(waiting, { error }),
        )
      else work(waiting, thread, prepared)
    } catch (error) {
      end(waiting, { error })
    }
  }

  function work(waiting: Waiting, thread: PlanThread, { task, done }: PoolTask): void {
    const name = 'question' in task ? 'ask' : 'plan'
    const { kind, since } = waiting
    if (waiting.left) {
      // while it was being prepared
      done()
      end(waiting, { error: undefined })
      return
    }
    const started = performance.now()
    onStage?.(`${name}_wait`, (started - since) / 1000)
    thread.give(task, told => {
      const took = performance.now() - started
      taskMs.set(kind, takes(kind) + (took - takes(kind)) * NEWEST_SHARE)
      onStage?.(name, took / 1000)
      done()
      end(waiting, answerOf(told))
    })
  }

  // the thread first, then who has waited: writing an answer takes as long as a small search
  function end(waiting: Waiting, answer: Answer): void {
    atWork.splice(atWork.indexOf(waiting), 1)
    free.push(waiting.thread!)
    waiting.thread = undefined
    waiting.leave()
    next()
    if ('bytes' in answer) waiting.resolve(answer.bytes)
    else waiting.reject(answer.error)
  }

  function waitMs(): number {
    if (free.length > 0) return 0
    let ahead = 0
    // one of those at work has to end first: a mean one
    for (const { kind } of atWork) ahead += takes(kind) / threads
    for (const { kind } of line) ahead += takes(kind)
    return ahead / threads
  }

  // A line that is longer than anybody waits is worse than none: each would be worked on just before its time is over, for nothing
  function refusal(kind: string | undefined, timeoutMs: number): string | undefined {
    if (free.length > 0) return undefined
    if (line.length >= maxWaiting) return `${line.length} requests are waiting already`
    const expected = waitMs() + takes(kind)
    return expected > timeoutMs ? `${line.length} requests are waiting, for ${Math.round(expected)} ms` : undefined
  }

  return {
    threads,
    refusal,
    get waitMs() {
      return waitMs()
    },
    get waiting() {
      return line.length
    },
    get busy() {
      return atWork.length
    },
    run(prepare, { kind, timeoutMs, signal }) {
      if (closed) return Promise.reject(closing())
      if (signal?.aborted) return Promise.reject(signal.reason)
      const refused = refusal(kind, timeoutMs)
      if (refused !== undefined) return Promise.reject(new FreifahrtError('OVERLOADED', 'plan', refused))
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
      const since = performance.now()
      const waiting: Waiting = { kind, since, prepare, thread: undefined, left: false, resolve, reject, leave }
      let grace: NodeJS.Timeout | undefined
      const limit = timer(() => {
        reject(new FreifahrtError('TIMEOUT', 'plan', `no answer within ${timeoutMs} ms`))
        if (!goes()) grace = timer(() => waiting.thread?.end(), GRACE_MS)
      }, timeoutMs)
      const gone = (): void => {
        reject(signal!.reason)
        goes()
      }
      /** @returns whether that was all: nothing works on it */
      function goes(): boolean {
        waiting.left = true
        waiting.thread?.giveUp()
        if (unlist(waiting)) leave()
        return waiting.thread === undefined
      }
      function leave(): void {
        clearTimeout(limit)
        clearTimeout(grace)
        signal?.removeEventListener('abort', gone)
      }
      signal?.addEventListener('abort', gone, { once: true })
      line.push(waiting)
      next()
      return promise
    },
    async close() {
      closed = true
      for (const { reject, leave } of line.splice(0)) {
        leave()
        reject(closing())
      }
      await piscina.destroy()
    },
  }
}

interface Waiting {
  readonly kind: string
  /** performance.now() when it came. */
  readonly since: number
  readonly prepare: () => PoolTask | Promise<PoolTask>
  /** While it is worked on. */
  thread: PlanThread | undefined
  /** Does nobody wait any more? */
  left: boolean
  readonly resolve: (bytes: Uint8Array) => void
  readonly reject: (error: unknown) => void
  /** No timer and no signal speaks of it any more. */
  readonly leave: () => void
}

type Answer = { readonly bytes: Uint8Array } | { readonly error: unknown }

function answerOf(told: Told): Answer {
  if ('bytes' in told) return told
  if ('error' in told) return { error: fromErrorMessage(told.error) }
  // the thread died under the task; piscina has started another
  const { died } = told
  return { error: new FreifahrtError('INTERNAL', 'plan thread', died instanceof Error ? died.message : String(died)) }
}

/** Ten times what the hardest search is known to need. */
const HEAP_MB = 2048

/** Of the newest task in the mean. */
const NEWEST_SHARE = 0.1

/** How long a thread has to notice that nobody waits any more: many rounds of the longest search. */
const GRACE_MS = 2000

const closing = (): FreifahrtError => new FreifahrtError('OVERLOADED', 'plan', 'the server is closing')

const defaultThreads = (): number => Math.max(1, availableParallelism() - 1)

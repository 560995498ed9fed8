// The threads that plan (plan-thread.ts), as callers see them: a task is answered, refused because too many wait already, or given up because its
// time is over or its caller has gone. Who is worked for when is said by dispatch.ts.

import { availableParallelism } from 'node:os'
import { setTimeout as timer } from 'node:timers'
import { Piscina } from 'piscina'
import { FreifahrtError } from '#engine/core/errors.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import type { PlanSetup } from './messages.ts'
import { PlanThread } from './plan-thread.ts'
import { NOT_GIVEN, type PoolTask, type Seat, type Waiting } from './seat.ts'

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
  run(prepare: () => PoolTask | Promise<PoolTask>, options: RunOptions): Promise<Uint8Array<ArrayBuffer>>
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
  let closed = false
  const died = (error: unknown): void => {
    if (!closed) onThreadError?.(error)
  }
  const seats = Array.from({ length: threads }, (): Seat => ({ thread: new PlanThread(piscina, died) }))
  const dispatch = createDispatch(seats, onStage)

  // A line that is longer than anybody waits is worse than none: each would be worked on just before its time is over, for nothing
  function refusal(kind: string | undefined, timeoutMs: number): string | undefined {
    if (dispatch.busy < threads) return undefined
    const { inLine, waitMs } = dispatch
    if (inLine >= maxWaiting) return `${inLine} requests are waiting already`
    const expected = waitMs + dispatch.takes(kind)
    return expected > timeoutMs ? `${inLine} requests are waiting, for ${Math.round(expected)} ms` : undefined
  }

  return {
    threads,
    refusal,
    get waitMs() {
      return dispatch.waitMs
    },
    get waiting() {
      return dispatch.inLine
    },
    get busy() {
      return dispatch.busy
    },
    run(prepare, options) {
      if (closed) return Promise.reject(closing())
      if (options.signal?.aborted) return Promise.reject(options.signal.reason)
      const refused = refusal(options.kind, options.timeoutMs)
      if (refused !== undefined) return Promise.reject(new FreifahrtError('OVERLOADED', 'plan', refused))
      return wait(dispatch, prepare, options)
    },
    async close() {
      closed = true
      for (const { reject, leave } of dispatch.close()) {
        leave()
        reject(closing())
      }
      await piscina.destroy()
    },
  }
}

/** In line until it is answered, its time is over or its caller has gone. */
function wait(dispatch: Dispatch, prepare: Waiting['prepare'], options: RunOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { kind, timeoutMs, signal } = options
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
  let grace: NodeJS.Timeout | undefined
  const limit = timer(() => {
    reject(new FreifahrtError('TIMEOUT', 'plan', `no answer within ${timeoutMs} ms`))
    if (!dispatch.giveUp(waiting)) grace = timer(endThread, GRACE_MS)
  }, timeoutMs)
  const gone = (): void => {
    reject(signal!.reason)
    dispatch.giveUp(waiting)
  }
  function endThread(): void {
    const { seat, number } = waiting
    if (seat?.atWork === waiting && number !== NOT_GIVEN) seat.thread.end()
  }
  const waiting: Waiting = {
    kind,
    since: performance.now(),
    prepare,
    seat: undefined,
    number: NOT_GIVEN,
    stage: 'plan',
    started: 0,
    left: false,
    done() {},
    resolve,
    reject,
    leave() {
      clearTimeout(limit)
      clearTimeout(grace)
      signal?.removeEventListener('abort', gone)
    },
  }
  signal?.addEventListener('abort', gone, { once: true })
  dispatch.enter(waiting)
  return promise
}

/** Ten times what the hardest search is known to need. */
const HEAP_MB = 2048

/** How long a thread has to notice that nobody waits any more: many rounds of the longest search. */
const GRACE_MS = 2000

const closing = (): FreifahrtError => new FreifahrtError('OVERLOADED', 'plan', 'the server is closing')

const defaultThreads = (): number => Math.max(1, availableParallelism() - 1)

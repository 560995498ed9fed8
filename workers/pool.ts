// The threads that plan (plan-thread.ts), and who waits for them. A task is put together when it is given to a thread, so it reads the newest
// generation and pins none while it waits in line; and a caller who goes away only leaves the line, because ending a thread in mid-search would
// throw away a warm one.
//
//   line ──▶ next ──▶ at work     of each thread. It goes on with the next one as soon as it has answered: until we have heard of it and told it
//                                 another, it would sleep, and its caches would become somebody else's. Who is next behind a long search is
//                                 taken back for another thread.

import { availableParallelism } from 'node:os'
import { setTimeout as timer } from 'node:timers'
import { Piscina } from 'piscina'
import { FreifahrtError } from '#engine/core/errors.ts'
import { fromErrorMessage, type PlanSetup } from './messages.ts'
import { PlanThread, type ThreadTask, type Told } from './plan-thread.ts'
import { hasRoom, LONG_MS, NOT_GIVEN, type Seat, type Waiting } from './seat.ts'

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
  const died = (error: unknown): void => {
    if (!closed) onThreadError?.(error)
  }
  const seats = Array.from({ length: threads }, (): Seat => ({ thread: new PlanThread(piscina, died) }))
  // lists and not sets or maps: what has left one of those is held by its memory of before until the next full collection
  const line: Waiting[] = []
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
    for (;;) {
      const now = performance.now()
      const seat = seats.find(({ atWork }) => !atWork) ?? seats.find(s => hasRoom(s, now))
      const waiting =
        seat && (behind(now - LONG_MS) ?? line.shift() ?? (seat.atWork ? undefined : behind(Number.POSITIVE_INFINITY)))
      if (!waiting) return
      waiting.seat = seat
      if (seat.atWork) seat.next = waiting
      else seat.atWork = waiting
      prepare(waiting)
    }
  }

  /** Who is next behind a task at work since before `since`, taken back. */
  function behind(since: number): Waiting | undefined {
    for (const seat of seats) {
      const { atWork, next: waiting } = seat
      if (waiting && atWork!.started < since && takeBack(waiting)) return waiting
    }
    return undefined
  }

  /** @returns whether it was next in a seat and is in none now */
  function takeBack(waiting: Waiting): boolean {
    const { seat, number } = waiting
    if (seat?.next !== waiting || number === NOT_GIVEN || !seat.thread.takeBack(number)) return false
    waiting.done()
    rise(waiting)
    return true
  }

  function prepare(waiting: Waiting): void {
    waiting.number = NOT_GIVEN
    try {
      // without a turn between: the thread has nothing to do until it is told
      const prepared = waiting.prepare()
      if (prepared instanceof Promise)
        prepared.then(
          task => give(waiting, task),
          error => end(waiting, { error }),
        )
      else give(waiting, prepared)
    } catch (error) {
      end(waiting, { error })
    }
  }

  function give(waiting: Waiting, { task, done }: PoolTask): void {
    const { thread, atWork } = waiting.seat!
    waiting.done = done
    if (waiting.left) {
      // while it was being prepared
      done()
      end(waiting, { error: undefined })
      return
    }
    waiting.stage = 'question' in task ? 'ask' : 'plan'
    if (atWork === waiting) begin(waiting)
    waiting.number = thread.give(task, told => hear(waiting, told))
  }

  function begin(waiting: Waiting): void {
    waiting.started = performance.now()
    onStage?.(`${waiting.stage}_wait`, (waiting.started - waiting.since) / 1000)
  }

  function hear(waiting: Waiting, told: Told): void {
    waiting.done()
    if ('died' in told && !told.begun && !closed) {
      rise(waiting)
      line.unshift(waiting)
      return
    }
    const { kind, stage, started } = waiting
    const took = performance.now() - started
    taskMs.set(kind, takes(kind) + (took - takes(kind)) * NEWEST_SHARE)
    onStage?.(stage, took / 1000)
    end(waiting, answerOf(told))
  }

  /** Leaves its seat, and who is next moves up. */
  function rise(waiting: Waiting): void {
    const seat = waiting.seat!
    waiting.seat = undefined
    if (seat.atWork === waiting) {
      seat.atWork = seat.next
      if (seat.atWork && seat.atWork.number !== NOT_GIVEN) begin(seat.atWork)
    }
    seat.next = undefined
  }

  // the thread first, then who has waited: writing an answer takes as long as a small search
  function end(waiting: Waiting, answer: Answer): void {
    rise(waiting)
    waiting.leave()
    next()
    if ('bytes' in answer) waiting.resolve(answer.bytes)
    else waiting.reject(answer.error)
  }

  const isIdle = (): boolean => seats.some(({ atWork }) => !atWork)
  const inLine = (): number => line.length + seats.filter(seat => seat.next).length

  function waitMs(): number {
    if (isIdle()) return 0
    let ahead = 0
    for (const { atWork, next: after } of seats) {
      // one of those at work has to end first: a mean one
      ahead += takes(atWork!.kind) / threads
      if (after) ahead += takes(after.kind)
    }
    for (const { kind } of line) ahead += takes(kind)
    return ahead / threads
  }

  // A line that is longer than anybody waits is worse than none: each would be worked on just before its time is over, for nothing
  function refusal(kind: string | undefined, timeoutMs: number): string | undefined {
    if (isIdle()) return undefined
    const waiting = inLine()
    if (waiting >= maxWaiting) return `${waiting} requests are waiting already`
    const expected = waitMs() + takes(kind)
    return expected > timeoutMs ? `${waiting} requests are waiting, for ${Math.round(expected)} ms` : undefined
  }

  return {
    threads,
    refusal,
    get waitMs() {
      return waitMs()
    },
    get waiting() {
      return inLine()
    },
    get busy() {
      return seats.filter(({ atWork }) => atWork).length
    },
    run(prepare, { kind, timeoutMs, signal }) {
      if (closed) return Promise.reject(closing())
      if (signal?.aborted) return Promise.reject(signal.reason)
      const refused = refusal(kind, timeoutMs)
      if (refused !== undefined) return Promise.reject(new FreifahrtError('OVERLOADED', 'plan', refused))
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
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
        leave,
      }
      let grace: NodeJS.Timeout | undefined
      const limit = timer(() => {
        reject(new FreifahrtError('TIMEOUT', 'plan', `no answer within ${timeoutMs} ms`))
        if (!goes()) grace = timer(endThread, GRACE_MS)
      }, timeoutMs)
      const gone = (): void => {
        reject(signal!.reason)
        goes()
      }
      /** @returns whether that was all: nothing works on it */
      function goes(): boolean {
        waiting.left = true
        if (unlist(waiting) || takeBack(waiting)) {
          leave()
          next()
        } else if (waiting.number !== NOT_GIVEN) waiting.seat?.thread.giveUp(waiting.number)
        return waiting.seat === undefined
      }
      function endThread(): void {
        const { seat, number } = waiting
        if (seat?.atWork === waiting && number !== NOT_GIVEN) seat.thread.end()
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
      const next = seats.flatMap(seat => seat.next ?? [])
      for (const { reject, leave } of [...next, ...line.splice(0)]) {
        leave()
        reject(closing())
      }
      await piscina.destroy()
    },
  }
}

type Answer = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly error: unknown }

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

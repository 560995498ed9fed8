// Who is worked for: the line, and the seats of the threads that plan (seat.ts). A task is put together when it is given to a thread, so it reads
// the newest generation and pins none while it waits in line; and a caller who goes away only leaves the line, because ending a thread in
// mid-search would throw away a warm one.
//
//   line ──▶ next ──▶ at work     of each thread. It goes on with the next one as soon as it has answered: until we have heard of it and told it
//                                 another, it would sleep, and its caches would become somebody else's. Who is next behind a long search is
//                                 taken back for another thread.

import { FreifahrtError } from '#engine/core/errors.ts'
import { fromErrorMessage } from './messages.ts'
import type { Told } from './plan-thread.ts'
import { hasRoom, LONG_MS, NOT_GIVEN, type PoolTask, type Seat, type Waiting } from './seat.ts'

export interface Dispatch {
  /** At the end of the line; worked for at once where a thread is free. */
  enter(waiting: Waiting): void
  /** Nobody waits for it any more: it leaves the line, or its thread is asked to give it up. @returns whether nothing works on it */
  giveUp(waiting: Waiting): boolean
  readonly inLine: number
  readonly busy: number
  /** How long one more would wait in line, in ms, as long as tasks took lately. */
  readonly waitMs: number
  /** What a task of this kind took lately, in ms; without a kind nothing. */
  takes(kind: string | undefined): number
  /** Nobody is worked for from now on. @returns who was not yet */
  close(): Waiting[]
}

/** @param onStage as PoolOptions has it */
export function createDispatch(seats: readonly Seat[], onStage?: (stage: string, seconds: number) => void): Dispatch {
  // lists and not sets or maps: what has left one of those is held by its memory of before until the next full collection
  const line: Waiting[] = []
  const pace = createPace()
  let closed = false

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
    const took = performance.now() - waiting.started
    pace.note(waiting.kind, took)
    onStage?.(waiting.stage, took / 1000)
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

  return {
    enter(waiting) {
      line.push(waiting)
      next()
    },
    giveUp(waiting) {
      waiting.left = true
      if (unlist(waiting) || takeBack(waiting)) {
        waiting.leave()
        next()
      } else if (waiting.number !== NOT_GIVEN) waiting.seat?.thread.giveUp(waiting.number)
      return waiting.seat === undefined
    },
    get inLine() {
      return line.length + seats.filter(seat => seat.next).length
    },
    get busy() {
      return seats.filter(({ atWork }) => atWork).length
    },
    get waitMs() {
      return seats.some(({ atWork }) => !atWork) ? 0 : expectedMs(seats, line, pace.takes)
    },
    takes: pace.takes,
    close() {
      closed = true
      return [...seats.flatMap(seat => seat.next ?? []), ...line.splice(0)]
    },
  }
}

/** Of one more in line while all threads are at work. */
function expectedMs(seats: readonly Seat[], line: readonly Waiting[], takes: (kind: string) => number): number {
  let ahead = 0
  for (const { atWork, next } of seats) {
    // one of those at work has to end first: a mean one
    ahead += takes(atWork!.kind) / seats.length
    if (next) ahead += takes(next.kind)
  }
  for (const { kind } of line) ahead += takes(kind)
  return ahead / seats.length
}

/** Of the newest task in the mean. */
const NEWEST_SHARE = 0.1

/** What a task of each kind takes, in ms: a moving mean. */
function createPace() {
  const means = new Map<string, number>()
  const takes = (kind: string | undefined): number => (kind === undefined ? 0 : (means.get(kind) ?? 0))
  return {
    takes,
    note(kind: string, ms: number): void {
      means.set(kind, takes(kind) + (ms - takes(kind)) * NEWEST_SHARE)
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

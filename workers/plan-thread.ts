// One plan thread and its line, seen from both ends. piscina starts the thread, limits its memory and starts another when it dies; its one task
// there is to serve, for as long as it lives. What it is asked goes by a port of its own, for three reasons: of a generation, and of who travels
// and how, only the first task says what all after it have alike; a task is one small message, without the promises and maps of a queue that we do
// not need; and nothing of a request is held by a map that outlives it (see decisions.md).
//
//   process ──{query, style, horizon?, habits?}──▶ port ──▶ thread    calls[ASKED]     counts up with each task: what the thread sleeps on
//           ◀──bytes, moved, or an error────────── port ◀──           calls[GIVEN_UP]  1 when nobody waits any more for what it works on

import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Piscina } from 'piscina'
import type { Query } from '#engine/plan/query.ts'
import { type AskTask, type HorizonHandle, type PlanReply, type PlanTask, toErrorMessage } from './messages.ts'
import { comeBack } from './priority.ts'

export type ThreadTask = PlanTask | AskTask

/** Of a query the large part, which hardly any caller has otherwise than the one before. */
type Habits = Pick<Query, 'walker' | 'rider' | 'approaches'>

/** A task without what the thread has been told already. */
type Message = (
  | (Omit<PlanTask, 'horizon' | 'query'> & { readonly query: Partial<Query> })
  | Omit<AskTask, 'horizon'>
) & {
  readonly horizon?: HorizonHandle | undefined
  readonly habits?: Habits | undefined
}

/** What one end knows the other to have been told. */
class Known {
  private horizon: HorizonHandle | undefined
  private habits: Habits | undefined

  /** The sender's end. */
  shorten(task: ThreadTask): Message {
    const horizon = task.horizon === this.horizon ? undefined : task.horizon
    this.horizon = task.horizon
    if (!('query' in task)) return { ...task, horizon }
    const { walker, rider, approaches, ...query } = task.query
    const before = this.habits
    if (before?.walker === walker && before.rider === rider && before.approaches === approaches)
      return { ...task, query, horizon }
    this.habits = { walker, rider, ...(approaches && { approaches }) }
    return { ...task, query, horizon, habits: this.habits }
  }

  /** The receiver's end. */
  complete(message: Message): ThreadTask {
    this.horizon = message.horizon ?? this.horizon
    this.habits = message.habits ?? this.habits
    const horizon = this.horizon!
    return 'query' in message
      ? { ...message, query: { ...message.query, ...this.habits! } as Query, horizon }
      : { ...message, horizon }
  }
}

/** What a thread is started with. */
export interface Line {
  readonly port: MessagePort
  readonly calls: Int32Array
}

const ASKED = 0
const GIVEN_UP = 1

/** What the answer came to; `died` when the thread did. */
export type Told = PlanReply | { readonly died: unknown }

/** The process' end. One task at a time. */
export class PlanThread {
  private readonly piscina: Piscina
  private readonly onIdleDeath: (error: unknown) => void
  private line: Line | undefined
  private ended = new AbortController()
  private known = new Known()
  private told: ((told: Told) => void) | undefined

  /** @param onIdleDeath hears why the thread died when it had nothing to do */
  constructor(piscina: Piscina, onIdleDeath: (error: unknown) => void) {
    this.piscina = piscina
    this.onIdleDeath = onIdleDeath
  }

  /** @param told called once */
  give(task: ThreadTask, told: (told: Told) => void): void {
    this.told = told
    const { port, calls } = this.line ?? this.open()
    calls[GIVEN_UP] = 0
    try {
      port.postMessage(this.known.shorten(task))
      Atomics.add(calls, ASKED, 1)
      Atomics.notify(calls, ASKED)
    } catch (error) {
      this.known = new Known()
      this.tell({ died: error }) // a task that cannot be sent: a bug
    }
  }

  /** Nobody waits for the task any more; the thread ends it when it next looks. */
  giveUp(): void {
    if (this.line) Atomics.store(this.line.calls, GIVEN_UP, 1)
  }

  /** Ends the thread in the middle of its task. */
  end(): void {
    if (this.told) this.ended.abort()
  }

  // a thread that died is asked for again with the next task only: one whose module is broken would die for ever
  private open(): Line {
    const { port1, port2 } = new MessageChannel()
    const calls = new Int32Array(new SharedArrayBuffer(8))
    const ended = new AbortController()
    const line = { port: port1, calls }
    port1.on('message', (reply: PlanReply) => {
      // one that died under its task has nothing more to say of it
      if (this.line === line) this.tell(reply)
    })
    const lost = (error: unknown): void => {
      port1.close()
      if (this.line === line) this.line = undefined
      if (this.told) this.tell({ died: error })
      else this.onIdleDeath(error)
    }
    // its type is made from the newest overload of postMessage, which takes no list
    const transferList = [port2] as never
    this.piscina
      .run({ port: port2, calls } satisfies Line, { name: 'serve', transferList, signal: ended.signal })
      .catch(lost)
    this.ended = ended
    this.line = line
    this.known = new Known()
    return line
  }

  private tell(told: Told): void {
    const who = this.told
    this.told = undefined
    who?.(told)
  }
}

/**
 * The thread's end: makes `serve`, which a plan worker exports.
 * @param answer what it throws goes back as data; `isGivenUp` says whether nobody waits any more
 */
export function serving(
  answer: (task: ThreadTask, isGivenUp: () => boolean) => PlanReply,
): (line: Line) => Promise<never> {
  return async ({ port, calls }) => {
    const isGivenUp = (): boolean => Atomics.load(calls, GIVEN_UP) === 1
    const replyTo = (task: ThreadTask): PlanReply => {
      try {
        return answer(task, isGivenUp)
      } catch (error) {
        return { error: toErrorMessage(error) }
      }
    }
    const known = new Known()
    for (let heard = 0, warm = false; ; ) {
      Atomics.wait(calls, ASKED, heard)
      heard = Atomics.load(calls, ASKED)
      for (let asked = receiveMessageOnPort(port); asked; asked = receiveMessageOnPort(port)) {
        const reply = replyTo(known.complete(asked.message))
        port.postMessage(reply, { transfer: 'bytes' in reply ? [reply.bytes.buffer] : [] })
        // begun behind answers, it gives them from now on
        if (!warm) comeBack()
        warm = true
      }
    }
  }
}

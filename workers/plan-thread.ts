// One plan thread and its line, seen from both ends. piscina starts the thread, limits its memory and starts another when it dies; its one task
// there is to serve, for as long as it lives. What it is asked goes by a port of its own, for three reasons: of a generation, of who travels and how,
// a task says only what is another than in the one before; a task is one small message, without the promises and maps of a queue that we do
// not need; and nothing of a request is held by a map that outlives it (see decisions.md).
//
//   process ──{query?, style?, horizon?}──▶ port ──▶ thread    calls[ASKED]     counts up with each task: what the thread sleeps on
//           ◀──bytes, moved, or an error────────── port ◀──           calls[GIVEN_UP]  1 when nobody waits any more for what it works on

import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Piscina } from 'piscina'
import type { Query } from '#engine/plan/query.ts'
import { type AskTask, type HorizonHandle, type PlanReply, type PlanTask, toErrorMessage } from './messages.ts'
import { comeBack } from './priority.ts'
import type { AnswerStyle } from './service.ts'

export type ThreadTask = PlanTask | AskTask

/** A task without what the thread has been told already: of a query and of how it is answered only what is not the very same as in the one before. */
type Message = ({ readonly query: Partial<Query>; readonly style: AnswerStyle } | Omit<AskTask, 'horizon'>) & {
  /** Above 0, and another than the one before. */
  readonly number: number
  readonly horizon?: HorizonHandle | undefined
}

/** What one end knows the other to have been told. */
class Known {
  private horizon: HorizonHandle | undefined
  private query: Partial<Query> = {}
  private extra: AnswerStyle['extra'] = {}

  /** The sender's end. */
  shorten(task: ThreadTask, number: number): Message {
    const horizon = task.horizon === this.horizon ? undefined : task.horizon
    if (!('query' in task)) return { ...task, number, horizon }
    const style = { ...task.style, extra: news(this.extra, task.style.extra) }
    return { number, horizon, query: news(this.query, task.query), style }
  }

  /** The receiver's end. */
  complete(message: Message): ThreadTask {
    const horizon = message.horizon ?? this.horizon!
    const task: ThreadTask =
      'query' in message
        ? {
            horizon,
            query: { ...this.query, ...message.query } as Query,
            style: { ...message.style, extra: { ...this.extra, ...message.style.extra } },
          }
        : { ...message, horizon }
    this.keep(task)
    return task
  }

  /** Both ends: it has been told. */
  keep(task: ThreadTask): void {
    this.horizon = task.horizon
    if (!('query' in task)) return
    this.query = task.query
    this.extra = task.style.extra
  }
}

/** Members of `after` that are not the very same `before`; undefined for those that are no more. */
function news<Members extends object>(before: Partial<Members>, after: Members): Partial<Members> {
  const other: Partial<Members> = {}
  for (const name in after) if (after[name] !== before[name]) other[name] = after[name]
  for (const name in before) if (!(name in after)) other[name] = undefined
  return other
}

/** What a thread is started with. */
export interface Line {
  readonly port: MessagePort
  readonly calls: Int32Array
}

const NEXT = 0
const GIVEN_UP = 1
/** No task's number. */
const NONE = 0
/** After it numbers begin again. */
const LAST = 0x3fff_ffff

/** What the answer came to; `died` when the thread did, in the middle of the task or before it had begun with it. */
export type Told = PlanReply | { readonly died: unknown; readonly begun: boolean }

interface Given {
  readonly number: number
  /** Called once, unless the task is taken back. */
  readonly told: (told: Told) => void
}

/** The process' end. */
export class PlanThread {
  private readonly piscina: Piscina
  private readonly onIdleDeath: (error: unknown) => void
  private line: Line | undefined
  private ended = new AbortController()
  private known = new Known()
  private newest = 0
  /** The task that it works on, and the one after it. */
  private given: Given[] = []

  /** @param onIdleDeath hears why the thread died when it had nothing to do */
  constructor(piscina: Piscina, onIdleDeath: (error: unknown) => void) {
    this.piscina = piscina
    this.onIdleDeath = onIdleDeath
  }

  /** May it be given a task? One to work on, and one after it. */
  get hasRoom(): boolean {
    return this.given.length < 2 && (this.line === undefined || Atomics.load(this.line.calls, NEXT) === NONE)
  }

  /** @returns the task's number */
  give(task: ThreadTask, told: Given['told']): number {
    const number = (this.newest % LAST) + 1
    const { port, calls } = this.line ?? this.open()
    try {
      port.postMessage(this.known.shorten(task, number))
      this.known.keep(task)
    } catch (error) {
      told({ died: error, begun: true }) // a task that cannot be sent: a bug
      return number
    }
    this.newest = number
    this.given.push({ number, told })
    Atomics.store(calls, NEXT, number)
    Atomics.notify(calls, NEXT)
    return number
  }

  /** @returns whether the thread had not begun with the task; then it never will */
  takeBack(number: number): boolean {
    if (this.line === undefined || Atomics.compareExchange(this.line.calls, NEXT, number, NONE) !== number) return false
    this.given = this.given.filter(task => task.number !== number)
    return true
  }

  /** Nobody waits for the task any more; the thread ends it when it next looks. */
  giveUp(number: number): void {
    if (this.line) Atomics.store(this.line.calls, GIVEN_UP, number)
  }

  /** Ends the thread in the middle of its task. */
  end(): void {
    if (this.given.length > 0) this.ended.abort()
  }

  // a thread that died is asked for again with the next task only: one whose module is broken would die for ever
  private open(): Line {
    const { port1, port2 } = new MessageChannel()
    const calls = new Int32Array(new SharedArrayBuffer(8))
    const ended = new AbortController()
    const line = { port: port1, calls }
    const hear = (reply: PlanReply): void => this.given.shift()?.told(reply)
    port1.on('message', hear)
    const lost = (died: unknown): void => {
      // what it said before may come later than that it died
      for (let said = receiveMessageOnPort(port1); said; said = receiveMessageOnPort(port1)) hear(said.message)
      port1.close()
      if (this.line !== line) return
      const notBegun = Atomics.load(calls, NEXT)
      const { given } = this
      this.line = undefined
      this.given = []
      if (given.length === 0) this.onIdleDeath(died)
      // the one after it first: it is back in line when another is looked for
      for (const { number, told } of given.reverse()) told({ died, begun: number !== notBegun })
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
}

/**
 * The thread's end: makes `serve`, which a plan worker exports.
 * @param answer what it throws goes back as data; `isGivenUp` says whether nobody waits any more
 */
export function serving(
  answer: (task: ThreadTask, isGivenUp: () => boolean) => PlanReply,
): (line: Line) => Promise<never> {
  return async ({ port, calls }) => {
    let number = NONE
    const isGivenUp = (): boolean => Atomics.load(calls, GIVEN_UP) === number
    const replyTo = (task: ThreadTask): PlanReply => {
      try {
        return answer(task, isGivenUp)
      } catch (error) {
        return { error: toErrorMessage(error) }
      }
    }
    const known = new Known()
    // what lies before it was taken back, but may have said what it has not said again
    const find = (): ThreadTask => {
      for (;;) {
        const { message } = receiveMessageOnPort(port)!
        const task = known.complete(message)
        if (message.number === number) return task
      }
    }
    for (let warm = false; ; ) {
      Atomics.wait(calls, NEXT, NONE)
      number = Atomics.exchange(calls, NEXT, NONE)
      if (number === NONE) continue
      const reply = replyTo(find())
      port.postMessage(reply, { transfer: 'bytes' in reply ? [reply.bytes.buffer] : [] })
      // begun behind answers, it gives them from now on
      if (!warm) comeBack()
      warm = true
    }
  }
}

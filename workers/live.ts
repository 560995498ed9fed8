// The process's side of the live thread: holds the current horizon, counts who reads which generation, and starts the thread again should
// it die (the last good horizon stays meanwhile).

import { Worker } from 'node:worker_threads'
import type { Conditions } from '#engine/conditions/conditions.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { ZoneDay } from '#engine/horizon/days.ts'
import { dayKey, type Horizon } from '#engine/horizon/horizon.ts'
import { HorizonReader } from './horizon-reader.ts'
import {
  type FromLive,
  fromErrorMessage,
  type HorizonHandle,
  type LiveSetup,
  type PublishMessage,
  type ToLive,
} from './messages.ts'
import type { NetworkTables } from './network.ts'
import type { News } from './news.ts'
import type { Published } from './service.ts'

export interface Pin {
  readonly handle: HorizonHandle
  /** Call once, when nobody reads the handle's buffers any more. */
  readonly release: () => void
}

export interface LiveThread {
  readonly horizon: Horizon
  /** The current generation, kept as it is until released. */
  pin(): Pin
  /** undefined: these days are all in `horizon`; else resolves when they are. */
  missing(days: readonly ZoneDay[]): Promise<void> | undefined
  /** Resolves when the message is in `horizon`, with undefined, or with why it was refused. */
  apply(source: number, bytes: Uint8Array): Promise<string | undefined>
  /** Resolves when they are in `horizon`. */
  setConditions(conditions: Conditions): Promise<void>
  /** What one source of conditions said to another process. Resolves when it is in `horizon`. */
  hearCondition(source: number, news: News): Promise<void>
  /** Resolves when what the source said instead of a message shows in its status. */
  notice(source: number, news: Exclude<News, { kind: 'message' }>): Promise<void>
  /** No longer behind answers, if it was. */
  makeEqual(): void
  /** Lets the thread look at the clock now. */
  tick(): Promise<void>
  close(): Promise<void>
}

export interface LiveOptions {
  readonly tables: NetworkTables
  readonly setup: Omit<LiveSetup, 'firstGeneration'>
  /** Starts the first thread: as it is, or behind answers. */
  readonly begin: <Begun>(start: () => Begun) => Begun
  readonly onPublish: (published: Published) => void
  /** See ConditionListener. */
  readonly onHeard: (source: number, at: UnixSeconds) => void
  readonly onTrouble: (where: string, error: unknown) => void
}

type Request = ToLive extends infer M ? (M extends { readonly id: number } ? Omit<M, 'id'> : never) : never

const RESTART_MS = 1000

/** Resolves with the first generation published. */
export async function startLive(options: LiveOptions): Promise<LiveThread> {
  const { tables, begin, onTrouble } = options
  const reader = new HorizonReader(tables)
  const requests = createRequests()
  const pins = createPins(generation => tell({ kind: 'release', generation }))
  const first = Promise.withResolvers<void>()
  let handle: HorizonHandle | undefined
  let horizon: Horizon | undefined
  let closed = false
  let worker: Worker | undefined = begin(() => startThread(1))
  await first.promise

  function startThread(firstGeneration: number): Worker {
    const thread = new Worker(new URL('./live.worker.ts', import.meta.url), {
      name: 'live',
      workerData: { ...options.setup, firstGeneration } satisfies LiveSetup,
    })
    thread.on('message', (message: FromLive) => {
      if (message.kind === 'publish') return take(message)
      if (message.kind === 'heard') return options.onHeard(message.source, message.at)
      if (message.kind === 'trouble') return onTrouble(message.where, fromErrorMessage(message.error))
      requests.settle(message)
    })
    let cause: unknown
    thread.on('error', error => {
      cause = error
    })
    thread.on('exit', code => {
      worker = undefined
      if (!closed) restart(cause ?? new Error(`the live thread ended with ${code}`))
    })
    return thread
  }

  function restart(cause: unknown): void {
    onTrouble('live thread', cause)
    if (!handle) return void first.reject(cause)
    requests.rejectAll(restarting())
    const timer = setTimeout(() => {
      if (!closed) worker = startThread(handle!.generation + 1)
    }, RESTART_MS)
    timer.unref()
  }

  function take(message: PublishMessage): void {
    handle = message.horizon
    horizon = {
      ...reader.read(handle),
      vehicles: message.vehicles ?? horizon?.vehicles ?? [],
      sources: message.sources ?? horizon?.sources ?? [],
    }
    pins.publish(handle)
    first.resolve()
    options.onPublish(publishedBy(message))
  }

  function tell(message: ToLive, moved: ArrayBuffer[] = []): void {
    worker?.postMessage(message, moved)
  }

  function ask(request: Request, moved?: ArrayBuffer[]): Promise<string | undefined> {
    if (!worker) return Promise.reject(restarting())
    const { id, answer } = requests.open()
    tell({ ...request, id } as ToLive, moved)
    return answer
  }

  function missing(days: readonly ZoneDay[]): Promise<void> | undefined {
    if (days.every(({ zone, day }) => horizon!.days.has(dayKey(zone, day)))) return undefined
    // another caller's wishes may push ours out again before we look: ask until they are there
    return ask({ kind: 'ensure', days: [...days] }).then(() => missing(days))
  }

  return {
    get horizon() {
      return horizon!
    },
    pin: pins.pin,
    missing,
    apply(source, bytes) {
      const since = performance.timeOrigin + performance.now()
      // a view would take all the memory it looks into along
      const own = new Uint8Array(bytes)
      return ask({ kind: 'apply', source, bytes: own, since }, [own.buffer])
    },
    async setConditions(conditions) {
      await ask({ kind: 'conditions', conditions })
    },
    async hearCondition(source, news) {
      // a view would take all the memory it looks into along
      const own = news.kind === 'message' ? { ...news, bytes: new Uint8Array(news.bytes) } : news
      await ask({ kind: 'condition', source, news: own })
    },
    async notice(source, news) {
      await ask({ kind: 'notice', source, news })
    },
    makeEqual() {
      tell({ kind: 'equal' })
    },
    async tick() {
      await ask({ kind: 'tick' })
    },
    async close() {
      closed = true
      requests.rejectAll(new FreifahrtError('OVERLOADED', 'live thread', 'the server is closing'))
      await worker?.terminate()
    },
  }
}

/** What the thread was asked and has not answered. */
function createRequests() {
  const waiting = new Map<number, PromiseWithResolvers<string | undefined>>()
  let asked = 0
  return {
    /** @returns the number to ask with, and what will be answered */
    open(): { id: number; answer: Promise<string | undefined> } {
      const request = Promise.withResolvers<string | undefined>()
      waiting.set(++asked, request)
      return { id: asked, answer: request.promise }
    },
    settle({ id, error, refused }: Extract<FromLive, { kind: 'done' }>): void {
      const request = waiting.get(id)
      waiting.delete(id)
      if (error) request?.reject(fromErrorMessage(error))
      else request?.resolve(refused)
    },
    rejectAll(error: unknown): void {
      for (const request of waiting.values()) request.reject(error)
      waiting.clear()
    },
  }
}

/** Who reads which generation. @param free what nobody reads, and that is not the current one any more */
function createPins(free: (generation: number) => void) {
  const counts = new Map<number, number>()
  let current: HorizonHandle | undefined
  return {
    publish(handle: HorizonHandle): void {
      const before = current
      current = handle
      if (before && !counts.has(before.generation)) free(before.generation)
    },
    pin(): Pin {
      const handle = current!
      const { generation } = handle
      counts.set(generation, (counts.get(generation) ?? 0) + 1)
      return {
        handle,
        release() {
          const left = counts.get(generation)! - 1
          if (left > 0) counts.set(generation, left)
          else counts.delete(generation)
          if (left === 0 && generation !== current!.generation) free(generation)
        },
      }
    },
  }
}

const publishedBy = (message: PublishMessage): Published => ({
  generation: message.horizon.generation,
  changedStops: message.changedStops,
  alertsChanged: message.alertsChanged,
  vehiclesChanged: message.vehicles !== undefined,
  conditionsChanged: message.conditionsChanged,
  sourcesChanged: message.sources !== undefined,
  latencyMs: message.since === 0 ? 0 : Math.max(0, performance.timeOrigin + performance.now() - message.since),
})

const restarting = (): FreifahrtError =>
  new FreifahrtError('OVERLOADED', 'live thread', 'is being started again, try in a moment')

// The process's side of the live thread: holds the current horizon, counts who reads which generation, and starts the thread again should
// it die (the last good horizon stays meanwhile).

import { Worker } from 'node:worker_threads'
import type { Conditions } from '#engine/conditions/conditions.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { ZoneDay } from '#engine/horizon/days.ts'
import { dayKey, type Horizon } from '#engine/horizon/horizon.ts'
import type { LiveVehicle, SourceStatus } from '#engine/live/state.ts'
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
export async function startLive({
  tables,
  setup,
  begin,
  onPublish,
  onHeard,
  onTrouble,
}: LiveOptions): Promise<LiveThread> {
  const reader = new HorizonReader(tables)
  const pins = new Map<number, number>()
  const waiting = new Map<number, PromiseWithResolvers<string | undefined>>()
  const first = Promise.withResolvers<void>()
  let handle: HorizonHandle | undefined
  let horizon: Horizon | undefined
  let requests = 0
  let closed = false
  let worker: Worker | undefined = begin(() => startThread(1))
  await first.promise

  function startThread(firstGeneration: number): Worker {
    const thread = new Worker(new URL('./live.worker.ts', import.meta.url), {
      name: 'live',
      workerData: { ...setup, firstGeneration } satisfies LiveSetup,
    })
    thread.on('message', (message: FromLive) => {
      if (message.kind === 'publish') return take(message)
      if (message.kind === 'heard') return onHeard(message.source, message.at)
      if (message.kind === 'trouble') return onTrouble(message.where, fromErrorMessage(message.error))
      const request = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error) request?.reject(fromErrorMessage(message.error))
      else request?.resolve(message.refused)
    })
    let cause: unknown
    thread.on('error', error => {
      cause = error
    })
    thread.on('exit', code => {
      worker = undefined
      if (closed) return
      const error = cause ?? new Error(`the live thread ended with ${code}`)
      onTrouble('live thread', error)
      if (!handle) return first.reject(error)
      for (const request of waiting.values()) request.reject(restarting())
      waiting.clear()
      const restart = setTimeout(() => {
        if (!closed) worker = startThread(handle!.generation + 1)
      }, RESTART_MS)
      restart.unref()
    })
    return thread
  }

  function take(message: PublishMessage): void {
    const before = handle
    handle = message.horizon
    const vehicles: readonly LiveVehicle[] = message.vehicles ?? horizon?.vehicles ?? []
    const sources: readonly SourceStatus[] = message.sources ?? horizon?.sources ?? []
    horizon = { ...reader.read(handle), vehicles, sources }
    if (before && !pins.has(before.generation)) free(before.generation)
    first.resolve()
    onPublish({
      generation: handle.generation,
      changedStops: message.changedStops,
      alertsChanged: message.alertsChanged,
      vehiclesChanged: message.vehicles !== undefined,
      conditionsChanged: message.conditionsChanged,
      sourcesChanged: message.sources !== undefined,
      latencyMs: message.since === 0 ? 0 : Math.max(0, performance.timeOrigin + performance.now() - message.since),
    })
  }

  function free(generation: number): void {
    worker?.postMessage({ kind: 'release', generation } satisfies ToLive)
  }

  function ask(request: Request, moved: ArrayBuffer[] = []): Promise<string | undefined> {
    if (!worker) return Promise.reject(restarting())
    const answer = Promise.withResolvers<string | undefined>()
    const id = ++requests
    waiting.set(id, answer)
    worker.postMessage({ ...request, id } as ToLive, moved)
    return answer.promise
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
    pin() {
      const pinned = handle!
      const { generation } = pinned
      pins.set(generation, (pins.get(generation) ?? 0) + 1)
      return {
        handle: pinned,
        release() {
          const left = pins.get(generation)! - 1
          if (left > 0) pins.set(generation, left)
          else pins.delete(generation)
          if (left === 0 && generation !== handle!.generation) free(generation)
        },
      }
    },
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
      worker?.postMessage({ kind: 'equal' } satisfies ToLive)
    },
    async tick() {
      await ask({ kind: 'tick' })
    },
    async close() {
      closed = true
      for (const request of waiting.values())
        request.reject(new FreifahrtError('OVERLOADED', 'live thread', 'the server is closing'))
      waiting.clear()
      await worker?.terminate()
    },
  }
}

const restarting = (): FreifahrtError =>
  new FreifahrtError('OVERLOADED', 'live thread', 'is being started again, try in a moment')

// A network at work: opens what the process needs, starts the live thread and the plan pool, and joins them to one TransitService.

import type { Conditions } from '#engine/conditions/conditions.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { FeedIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { daysBetween, type ZoneDay } from '#engine/horizon/days.ts'
import { daysFor } from '#engine/plan/window.ts'
import { buildLookup } from '#engine/timetable/lookup.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { createBus } from './bus.ts'
import type { SharedClock } from './clock.ts'
import { type LiveThread, startLive } from './live.ts'
import type { ConditionSource, HorizonHandle, RealtimeSource } from './messages.ts'
import { buffersOf, leaveRoom, type OpenNetwork, takeRoom } from './network.ts'
import type { News } from './news.ts'
import type { ThreadTask } from './plan-thread.ts'
import { createPool } from './pool.ts'
import { begunBehind } from './priority.ts'
import type { PoolTask } from './seat.ts'
import type { Published, TransitService } from './service.ts'

export interface ServiceOptions {
  readonly network: OpenNetwork
  readonly clock: SharedClock
  /** An empty tag means the only feed. */
  readonly sources?: readonly RealtimeSource[]
  /** Vehicles for rent, elevators, car parks to follow. */
  readonly conditions?: readonly ConditionSource[]
  /** The plan worker's module; see attach.ts. */
  readonly planWorker: URL
  /** Plan threads; default: one less than there are cores, at least one. */
  readonly threads?: number
  /** Plan requests in line before OVERLOADED. */
  readonly maxWaiting?: number
  /** For a plan whose caller names no limit. */
  readonly planTimeoutMs?: number
  readonly pollSeconds?: number
  /**
   * Its threads begin behind those that answer. Those that plan are equal after their first answer, the live thread by `makeEqual`; where `comeBack`
   * (priority.ts) is allowed.
   */
  readonly behind?: boolean
  /** false: the sources' messages come through `hear`, from a process that asks for many. */
  readonly polled?: boolean
  /** Hosts of sources that may lie in a private network; see feeds/http.ts. */
  readonly allowHosts?: readonly string[]
  /** What no caller hears of: a thread that died, a listener that threw. */
  readonly onTrouble?: (where: string, error: unknown) => void
  /** What each stage took, in seconds: see PoolOptions; `realtime_publish` from a message's bytes to its generation. */
  readonly onStage?: (stage: string, seconds: number) => void
}

export interface RunningService extends TransitService {
  /**
   * One GTFS-Realtime message of a source (index into the sources given), as if it had been fetched.
   * Resolves when the horizon holds it, with undefined, or with why it was refused.
   */
  apply(source: number, bytes: Uint8Array): Promise<string | undefined>
  /** What is known of elevators, vehicles for rent and car parks, as if the sources had said it. Resolves when the horizon holds it. */
  setConditions(conditions: Conditions): Promise<void>
  /**
   * What a source said, message or not; as `apply`. Behind the realtime sources those of conditions are numbered on.
   */
  hear(source: number, news: News): Promise<string | undefined>
  /** tag → where its feed came from, as the manifest names it. */
  readonly origins: ReadonlyMap<string, string>
  /** Looks at the clock now instead of within a second: after it was set. */
  tick(): Promise<void>
  /** It answers from now on: none of its threads is behind others. */
  makeEqual(): void
}

/** What is said inside the process. */
export interface Messages {
  readonly published: Published
}

const PLAN_TIMEOUT_MS = 10_000
const POLL_SECONDS = 15

/** Throws UNKNOWN_TAG for a source whose feed is not in the network. Services over one network each have room of their own for added runs. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const network = takeRoom(options.network)
  try {
    return await serve({ ...options, network })
  } catch (error) {
    leaveRoom(network)
    throw error
  }
}

async function serve(options: ServiceOptions): Promise<RunningService> {
  const { network, clock, planWorker, planTimeoutMs = PLAN_TIMEOUT_MS, pollSeconds = POLL_SECONDS } = options
  const { timetable, streets, manifest } = network
  const trouble = options.onTrouble ?? tellTrouble
  const bus = createBus<Messages>((name, error) => trouble(`listener of ${name}`, error))
  const buffers = buffersOf(network)
  const begin = options.behind ? begunBehind : <Begun>(start: () => Begun): Begun => start()
  const conditions = options.conditions ?? []
  const began = clock.now()
  const heard = new Map<number, UnixSeconds>()
  const live = await startLive({
    tables: network,
    begin,
    setup: {
      network: buffers,
      sources: resolveTags(timetable, options.sources ?? []),
      conditions,
      clock: clock.memory,
      pollSeconds,
      polled: options.polled ?? true,
      ...(options.allowHosts && { allowHosts: options.allowHosts }),
      cut: manifest.area !== undefined,
    },
    onPublish(published) {
      if (published.latencyMs > 0) options.onStage?.('realtime_publish', published.latencyMs / 1000)
      bus.say('published', published)
    },
    onHeard: (source, at) => void heard.set(source, at),
    onTrouble: trouble,
  })
  const pool = begin(() =>
    createPool({
      worker: planWorker,
      setup: { network: buffers, clock: clock.memory },
      ...(options.threads !== undefined && { threads: options.threads }),
      ...(options.maxWaiting !== undefined && { maxWaiting: options.maxWaiting }),
      onThreadError: error => trouble('plan thread', error),
      ...(options.onStage && { onStage: options.onStage }),
    }),
  )
  const lookup = buildLookup(timetable)
  return {
    clock,
    timetable,
    lookup,
    streets,
    places: network.places,
    bounds: manifest.bounds,
    attributions: manifest.attributions,
    origins: new Map(manifest.feeds.map(({ tag, from }) => [tag, from])),
    get horizon() {
      return live.horizon
    },
    plan(query, style, { timeoutMs = planTimeoutMs, signal } = {}) {
      const prepare = pinned(
        live,
        () => daysFor(timetable, query),
        horizon => ({ horizon, query, style }),
      )
      return pool.run(prepare, { kind: 'plan', timeoutMs, signal })
    },
    ask(question, span, { timeoutMs = planTimeoutMs, signal } = {}) {
      const days = () => (span ? daysBetween(timetable, ...span) : [])
      const prepare = pinned(live, days, horizon => ({ horizon, question }))
      return pool.run(prepare, { kind: question.kind, timeoutMs, signal })
    },
    ensureDays: async (from, to) => live.missing(daysBetween(timetable, from, to)),
    onPublish: listener => bus.hear('published', listener),
    sources: () => live.horizon.sources,
    conditionSources: () =>
      conditions.map((source, i) => ({ ...source, receivedAt: heard.get(i), since: heard.get(i) ?? began })),
    load: () => ({ threads: pool.threads, busy: pool.busy, waiting: pool.waiting, waitMs: pool.waitMs }),
    refusal: (kind, timeoutMs = planTimeoutMs) => pool.refusal(kind, timeoutMs),
    apply: live.apply,
    setConditions: live.setConditions,
    async hear(source, news) {
      const realtime = options.sources?.length ?? 0
      if (source >= realtime) {
        await live.hearCondition(source - realtime, news)
        return undefined
      }
      if (news.kind === 'message') return live.apply(source, news.bytes)
      await live.notice(source, news)
      return undefined
    },
    tick: live.tick,
    makeEqual: live.makeEqual,
    async close() {
      await Promise.all([pool.close(), live.close()])
      leaveRoom(network)
    },
  }
}

/** A task over the generation that is current when a thread is free, with these days in it. */
const pinned =
  (live: LiveThread, days: () => readonly ZoneDay[], taskOver: (horizon: HorizonHandle) => ThreadTask) =>
  (): PoolTask | Promise<PoolTask> => {
    const pin = (): PoolTask => {
      const { handle, release } = live.pin()
      return { task: taskOver(handle), done: release }
    }
    return live.missing(days())?.then(pin) ?? pin()
  }

function tellTrouble(where: string, error: unknown): void {
  console.error(`${where}:`, error instanceof FreifahrtError && error.code !== 'INTERNAL' ? error.message : error)
}

/** Throws UNKNOWN_TAG for a source whose feed is not in the network. */
function resolveTags(tt: Timetable, sources: readonly RealtimeSource[]): RealtimeSource[] {
  const tags = Array.from({ length: tt.counts.feeds }, (_, feed) => textOf(tt, tt.feedTag[feed as FeedIdx]!))
  return sources.map(source => {
    const { tag, url } = source
    if (tag === '' && tags.length === 1) return { ...source, tag: tags[0]! }
    if (!tags.includes(tag))
      throw new FreifahrtError('UNKNOWN_TAG', tag || url, `the network's feeds are ${tags.join(', ')}`)
    return source
  })
}

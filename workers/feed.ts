// The feed role: asks realtime sources and puts what they say into Redis. As many processes as you like may do this; per source one holds
// the lease and asks, the others wait for it to fall silent.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { FreifahrtError } from '#engine/core/errors.ts'
import { pollCondition } from './condition-source.ts'
import type { ConditionSource, RealtimeSource } from './messages.ts'
import type { News } from './news.ts'
import { pollSource } from './polling.ts'
import { closeRedis, connectRedis, type Redis } from './redis/connection.ts'
import { dropLease, LEASE_MS, takeLease } from './redis/lease.ts'
import { newestMessage, sayNews, sourceKey } from './redis/realtime.ts'

export interface FeedOptions {
  readonly redisUrl: string
  readonly prefix: string
  readonly sources: readonly Pick<RealtimeSource, 'url' | 'options'>[]
  /** Vehicles for rent, elevators, car parks. */
  readonly conditions?: readonly ConditionSource[]
  readonly pollSeconds: number
  readonly allowHosts?: readonly string[]
  readonly leaseMs?: number
  readonly onState?: (up: boolean, why?: string) => void
  /** A source's news as they are put into Redis, or were refused there because somebody else has the lease. */
  readonly onNews?: (url: string, news: News, taken: boolean) => void
  readonly onTrouble?: (where: string, error: unknown) => void
}

export interface FeedRole {
  /** Indices of the sources that this process asks now, those of conditions behind the others. */
  leading(): readonly number[]
  close(): Promise<void>
}

/** Asks each source whose lease it gets, and stands by for the others. */
export function startFeedRole(options: FeedOptions): FeedRole {
  const { redisUrl, prefix, onState = () => {} } = options
  const redis = connectRedis(redisUrl, { onChange: onState })
  const stop = new AbortController()
  const leading = new Set<number>()
  const lastMessage = async (url: string): Promise<Uint8Array | undefined> => {
    const news = await newestMessage(redis, sourceKey(prefix, url))
    return news?.kind === 'message' ? news.bytes : undefined
  }
  const asked: Asked[] = [
    ...options.sources.map(
      (source): Asked => ({
        url: source.url,
        poll: (signal, onNews) =>
          pollSource(source, { ...options, last: () => lastMessage(source.url) }, signal, onNews),
      }),
    ),
    ...(options.conditions ?? []).map(
      (source): Asked => ({
        url: source.url,
        poll: (signal, onNews) => pollCondition(source, options.allowHosts ?? [], signal, onNews),
      }),
    ),
  ]
  const leads = asked.map((source, i) =>
    lead(redis, { ...options, source, key: sourceKey(prefix, source.url), signal: stop.signal }, holds => {
      if (holds) leading.add(i)
      else leading.delete(i)
    }),
  )
  return {
    leading: () => [...leading],
    async close() {
      stop.abort()
      await Promise.all(leads)
      closeRedis(redis)
    },
  }
}

/** Whatever is asked again and again until `signal` says stop. */
interface Asked {
  readonly url: string
  poll(signal: AbortSignal, onNews: (news: News, error?: unknown) => unknown): Promise<void>
}

interface Lead extends FeedOptions {
  readonly source: Asked
  readonly key: string
  readonly signal: AbortSignal
}

/** Takes the lease when it is free, asks while it is held, and stops asking the moment it is not. */
async function lead(redis: Redis, options: Lead, onLead: (holds: boolean) => void): Promise<void> {
  const { source, key, signal, leaseMs = LEASE_MS, onTrouble = () => {}, onNews = () => {} } = options
  const holder = randomUUID()
  let token: string | undefined
  let asking: AbortController | undefined
  const end = (): void => {
    asking?.abort()
    asking = undefined
    token = undefined
    onLead(false)
  }
  while (!signal.aborted) {
    try {
      const now = await takeLease(redis, { key, holder, ttlMs: leaseMs })
      if (now !== token) end()
      if (now !== undefined && token === undefined) {
        token = now
        asking = new AbortController()
        onLead(true)
        const own = now
        void source.poll(asking.signal, async (news, error) => {
          if (error !== undefined) onTrouble('source', error)
          const taken = await sayNews(redis, key, own, news, performance.timeOrigin + performance.now()).catch(
            () => false,
          )
          onNews(source.url, news, taken)
          return taken
        })
      }
    } catch (error) {
      // Redis is away: nobody hears what is asked, and somebody else may be asking already
      if (token !== undefined) onTrouble('lease', error instanceof FreifahrtError ? error : new Error(String(error)))
      end()
    }
    await sleep(leaseMs / 3, undefined, { signal }).catch(() => {})
  }
  const last = token
  end()
  if (last !== undefined) await dropLease(redis, { key }, last).catch(() => {})
}

// A gateway's end of realtime over Redis: hears what the feed role says and applies it, and tells when Redis is away. Whatever happens there,
// what is known goes on being served, and grows old by its own rules.

import { setTimeout as sleep } from 'node:timers/promises'
import type { News } from './news.ts'
import { closeRedis, connectRedis } from './redis/connection.ts'
import { type Heard, newestMessage, readNews, sourceKey } from './redis/realtime.ts'

/** Whoever applies news: a running service. */
export interface Hearer {
  hear(source: number, news: News): Promise<string | undefined>
}

export interface FollowOptions {
  readonly redisUrl: string
  readonly prefix: string
  readonly urls: readonly string[]
  readonly onState?: (up: boolean, why?: string) => void
  readonly onTrouble?: (where: string, error: unknown) => void
  /** After each piece of news was applied. */
  readonly onHeard?: (source: number, heard: Heard) => void
}

export interface Follower {
  /** From now on this one hears; first of all what every source said last, as far as Redis can tell. */
  moveTo(hearer: Hearer): Promise<void>
  close(): Promise<void>
}

/** Hears nothing until it is moved to somebody. */
export function followRealtime(options: FollowOptions): Follower {
  const { redisUrl, prefix, urls, onState = () => {}, onTrouble = () => {}, onHeard = () => {} } = options
  // an address that two feeds name is read once and heard for both
  const sourcesOf = Map.groupBy(urls.keys(), source => sourceKey(prefix, urls[source]!))
  const keys = [...sourcesOf.keys()]
  const reading = connectRedis(redisUrl, { onChange: onState })
  const asking = connectRedis(redisUrl, { onChange: () => {} })
  const stop = new AbortController()
  let hearer: Hearer | undefined
  // whose newest message was not taken: "unchanged" speaks of that one, which may be taken by now (K1, K8)
  const refused = new Set<number>()
  const newest = (key: string): Promise<News | undefined> => newestMessage(asking, key).catch(() => undefined)

  async function tell(who: Hearer, source: number, news: News): Promise<void> {
    let taken = false
    try {
      taken = (await who.hear(source, news)) === undefined
    } catch (error) {
      onTrouble('news', error)
    }
    if (news.kind !== 'message') return
    if (taken) refused.delete(source)
    else refused.add(source)
  }

  async function onNews(key: number, heard: Heard): Promise<void> {
    for (const source of sourcesOf.get(keys[key]!)!) {
      const news = (refused.has(source) && heard.news.kind === 'unchanged' && (await newest(keys[key]!))) || heard.news
      if (hearer) await tell(hearer, source, news)
      onHeard(source, heard)
    }
  }

  async function follow(): Promise<void> {
    let told = ''
    const tellOnce = (error: Error): void => {
      // Redis being away is told by onState; what lies there and cannot be read is told once
      if (!stop.signal.aborted && reading.isReady && error.message !== told) onTrouble('redis', error)
      told = error.message
    }
    while (!stop.signal.aborted) {
      if (reading.isReady) await readNews(reading, keys, onNews, stop.signal).catch(tellOnce)
      await sleep(AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
  }
  const following = keys.length === 0 ? Promise.resolve() : follow()

  return {
    async moveTo(next) {
      const told = new Map<string, number | undefined>()
      const tellNewest = async (): Promise<void> => {
        for (const [key, sources] of sourcesOf) {
          const news = await newest(key)
          if (news?.kind !== 'message' || (told.has(key) && told.get(key) === news.at)) continue
          told.set(key, news.at)
          for (const source of sources) await tell(next, source, news)
        }
      }
      await tellNewest()
      hearer = next
      // what came meanwhile the one before has heard
      await tellNewest()
    },
    async close() {
      stop.abort()
      closeRedis(reading)
      closeRedis(asking)
      await following
    },
  }
}

const AGAIN_MS = 250

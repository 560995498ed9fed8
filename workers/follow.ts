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

export function followRealtime(options: FollowOptions): Follower {
  const { redisUrl, prefix, urls, onState = () => {}, onTrouble = () => {}, onHeard = () => {} } = options
  const keys = urls.map(url => sourceKey(prefix, url))
  const reading = connectRedis(redisUrl, { onChange: onState })
  const asking = connectRedis(redisUrl, { onChange: () => {} })
  const stop = new AbortController()
  let hearer: Hearer | undefined

  async function onNews(source: number, heard: Heard): Promise<void> {
    try {
      await hearer?.hear(source, heard.news)
    } catch (error) {
      onTrouble('news', error)
    }
    onHeard(source, heard)
  }

  async function follow(): Promise<void> {
    let told = ''
    const tell = (error: Error): void => {
      // Redis being away is told by onState; what lies there and cannot be read is told once
      if (!stop.signal.aborted && reading.isReady && error.message !== told) onTrouble('redis', error)
      told = error.message
    }
    while (!stop.signal.aborted) {
      if (reading.isReady) await readNews(reading, keys, onNews, stop.signal).catch(tell)
      await sleep(AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
  }
  const following = keys.length === 0 ? Promise.resolve() : follow()

  return {
    async moveTo(next) {
      for (const [source, key] of keys.entries()) {
        const bytes = await newestMessage(asking, key).catch(() => undefined)
        if (bytes) await next.hear(source, { kind: 'message', bytes }).catch(error => onTrouble('news', error))
      }
      hearer = next
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

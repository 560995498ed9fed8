// How often each address has asked, over all gateways together. One step in Redis per request; while Redis is away, or slow, each gateway
// counts for itself, so that no request waits for it.
//
//   <prefix>:rate:<address>    requests since the window began; gone when it is over

import { closeRedis, connectRedis } from './connection.ts'

export interface Counted {
  /** Requests in this window, this one included. */
  readonly current: number
  /** Milliseconds until the window is over. */
  readonly ttl: number
}

export interface Counts {
  /** One more of `key`. Never rejects. */
  count(key: string, windowMs: number): Promise<Counted>
  close(): Promise<void>
}

const COUNT = `
local current = redis.call('INCR', KEYS[1])
if current == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {current, redis.call('PTTL', KEYS[1])}`

/** Longer than this no request waits for Redis; then it is not asked for a while. */
const PATIENCE_MS = 100
const AVOIDED_MS = 1000
/** Addresses that a gateway remembers by itself. */
const REMEMBERED = 50_000

export function countInRedis({ redisUrl, prefix }: { readonly redisUrl: string; readonly prefix: string }): Counts {
  const redis = connectRedis(redisUrl, { onChange: () => {} })
  const here = countHere()
  let avoidedUntil = 0
  return {
    async count(key, windowMs) {
      if (!redis.isReady || performance.now() < avoidedUntil) return here(key, windowMs)
      const asked = redis
        .eval(COUNT, { keys: [`${prefix}:rate:${key}`], arguments: [String(windowMs)] })
        .then(answer => answer as unknown as readonly [number, number])
      const { promise: late, resolve } = Promise.withResolvers<undefined>()
      const timer = setTimeout(resolve, PATIENCE_MS, undefined)
      const counted = await Promise.race([asked.catch(() => undefined), late])
      clearTimeout(timer)
      if (counted) return { current: counted[0], ttl: counted[1] }
      avoidedUntil = performance.now() + AVOIDED_MS
      return here(key, windowMs)
    },
    async close() {
      closeRedis(redis)
    },
  }
}

/** The same in this process alone; the address that began longest ago is forgotten first. */
function countHere(): (key: string, windowMs: number) => Counted {
  const windows = new Map<string, { current: number; readonly end: number }>()
  return (key, windowMs) => {
    const now = performance.now()
    let window = windows.get(key)
    if (!window || window.end <= now) {
      window = { current: 0, end: now + windowMs }
      windows.delete(key)
      windows.set(key, window)
      if (windows.size > REMEMBERED) windows.delete(windows.keys().next().value!)
    }
    return { current: ++window.current, ttl: window.end - now }
  }
}

// How often each address has asked, over all gateways together. One step in Redis per request; while Redis is away, or slow, each gateway
// counts for itself, so that no request waits for it.
//
//   <prefix>:rate:<address>    requests since the window began; gone when it is over

import { type Counts, countHere } from '#workers/counts.ts'
import { closeRedis, connectRedis } from './connection.ts'

const COUNT = `
local current = redis.call('INCR', KEYS[1])
if current == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {current, redis.call('PTTL', KEYS[1])}`

/** Longer than this no request waits for Redis; then it is not asked for a while. */
const PATIENCE_MS = 100
const AVOIDED_MS = 1000

export interface RedisCountsOptions {
  readonly redisUrl: string
  readonly prefix: string
  readonly patienceMs?: number
}

/** The counts of `countHere`, shared. @param patienceMs of a request that waits for Redis */
export function countInRedis({ redisUrl, prefix, patienceMs = PATIENCE_MS }: RedisCountsOptions): Counts {
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
      const timer = setTimeout(resolve, patienceMs, undefined)
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

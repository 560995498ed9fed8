// Looking for newer timetables over Redis (see rechecks.ts): gateways say which feeds they miss, whoever runs jobs starts those that import them.
//
//   <prefix>:{rechecks}:asked    feed → how often and when, for all gateways together: who has to wait how long is counted here
//   <prefix>:{rechecks}:wanted   feeds that nobody has started a job for yet
//
// Both forget feeds that nobody has asked for in twice the time to wait.

import { setTimeout as sleep } from 'node:timers/promises'
import type { JobLine } from '../jobs/line.ts'
import { LONGEST_MS, RECHECK_MS, type Recheck, type Rechecks, startImports } from '../jobs/rechecks.ts'
import { importsFrom, type ScheduledJob } from '../jobs/schedule.ts'
import { closeRedis, connectRedis } from './connection.ts'

const keysOf = (prefix: string) => ({ asked: `${prefix}:{rechecks}:asked`, wanted: `${prefix}:{rechecks}:wanted` })

// gateways' clocks differ by seconds: a last time in the near future is one just now
const ASK = `
local now, first, longest = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local asked = 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local n, t = string.match(all[i + 1], '^(%d+) (%d+)$')
  local passed = math.abs(now - tonumber(t))
  local wait = math.min(first * 2 ^ (tonumber(n) - 1), longest)
  if passed >= 2 * wait then
    redis.call('HDEL', KEYS[1], all[i])
    redis.call('SREM', KEYS[2], all[i])
  elseif all[i] == ARGV[1] then
    if passed < wait then return 0 end
    asked = tonumber(n)
  end
end
redis.call('HSET', KEYS[1], ARGV[1], (asked + 1) .. ' ' .. ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[5]) end
return 1`

export interface RecheckOptions {
  readonly redisUrl: string
  readonly prefix: string
}

/**
 * A gateway's end. What all of them have asked is read again with each question, and every LOOK_MS.
 * @param now Unix milliseconds
 */
export function recheckInRedis(
  { redisUrl, prefix }: RecheckOptions,
  now: () => number,
): Rechecks & { look(): Promise<void> } {
  const { asked, wanted } = keysOf(prefix)
  const redis = connectRedis(redisUrl, { onChange: () => {} })
  let told: ReadonlyMap<string, Recheck> = new Map()
  const look = async (): Promise<void> => {
    const all = (await redis.hGetAll(asked)) as unknown as Record<string, Buffer>
    told = new Map(
      Object.entries(all).map(([from, value]) => {
        const [count, at] = String(value).split(' ').map(Number)
        return [from, { asked: count!, at: at! }]
      }),
    )
  }
  const timer = setInterval(() => void look().catch(() => {}), LOOK_MS)
  timer.unref()
  return {
    get told() {
      return told
    },
    look,
    async ask(from) {
      const taken = await redis.eval(ASK, {
        keys: [asked, wanted],
        arguments: [from, ...[Math.round(now()), RECHECK_MS, LONGEST_MS, 2 * LONGEST_MS].map(String)],
      })
      await look()
      return Number(taken) === 1
    },
    close() {
      clearInterval(timer)
      closeRedis(redis)
    },
  }
}

export interface RecheckHearing extends RecheckOptions {
  readonly line: JobLine
  readonly schedule: readonly ScheduledJob[]
  readonly onTrouble: (where: string, error: unknown) => void
  readonly lookMs?: number
}

/** The jobs' end: what gateways miss is started here, by one of those who run jobs. @returns how to stop */
export function hearRechecks(options: RecheckHearing): { close(): Promise<void> } {
  const { redisUrl, prefix, line, schedule, onTrouble, lookMs = LOOK_MS } = options
  const { wanted } = keysOf(prefix)
  const redis = connectRedis(redisUrl, { onChange: () => {} })
  const stop = new AbortController()
  const hear = async (): Promise<void> => {
    for (const member of (await redis.sMembers(wanted)) as unknown as Buffer[]) {
      const from = String(member)
      // another city's are left to whoever imports it
      if (!schedule.some(job => importsFrom(job, from))) continue
      if (Number(await redis.sRem(wanted, from)) !== 1) continue
      await startImports(line, schedule, from).catch(async error => {
        await redis.sAdd(wanted, from).catch(() => {})
        throw error
      })
    }
  }
  const hearing = (async () => {
    while (!stop.signal.aborted) {
      if (redis.isReady) await hear().catch(error => stop.signal.aborted || onTrouble('rechecks', error))
      await sleep(lookMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()
  return {
    async close() {
      stop.abort()
      closeRedis(redis)
      await hearing
    },
  }
}

const LOOK_MS = 10_000

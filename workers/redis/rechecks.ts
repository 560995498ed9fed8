// Looking for newer timetables over Redis (see rechecks.ts): gateways say which feeds they miss, whoever runs jobs starts those that import them.
//
//   <prefix>:{rechecks}:asked    feed → how often and when, for all gateways together: the hour is counted here
//   <prefix>:{rechecks}:wanted   feeds that nobody has started a job for yet

import { setTimeout as sleep } from 'node:timers/promises'
import { importsFrom, type JobLine, type ScheduledJob } from '../jobs.ts'
import { RECHECK_MS, type Recheck, type Rechecks, startImports } from '../rechecks.ts'
import { closeRedis, connectRedis } from './connection.ts'

const keysOf = (prefix: string) => ({ asked: `${prefix}:{rechecks}:asked`, wanted: `${prefix}:{rechecks}:wanted` })

// gateways' clocks differ by seconds: a last time in the near future is one just now
const ASK = `
local known = redis.call('HGET', KEYS[1], ARGV[1])
local asked, at = 0, 0
if known then
  local n, t = string.match(known, '^(%d+) (%d+)$')
  asked, at = tonumber(n), tonumber(t)
  if math.abs(tonumber(ARGV[2]) - at) < tonumber(ARGV[3]) then return 0 end
end
redis.call('HSET', KEYS[1], ARGV[1], (asked + 1) .. ' ' .. ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])
return 1`

export interface RecheckOptions {
  readonly redisUrl: string
  readonly prefix: string
}

/**
 * A gateway's end. What all of them have asked is read again with each question, and every `lookMs`.
 * @param now Unix milliseconds
 */
export function recheckInRedis(
  { redisUrl, prefix }: RecheckOptions,
  now: () => number,
  lookMs = LOOK_MS,
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
  const timer = setInterval(() => void look().catch(() => {}), lookMs)
  timer.unref()
  return {
    get told() {
      return told
    },
    look,
    async ask(from) {
      const taken = await redis.eval(ASK, {
        keys: [asked, wanted],
        arguments: [from, String(Math.round(now())), String(RECHECK_MS)],
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

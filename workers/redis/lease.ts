// One holder at a time, whatever happens to the others: a lease that runs out by itself, and a token that only its holder has. The token is
// checked in Redis together with every write, in one step, so a holder that was paused and comes back writes nothing (fencing).
//
//   A holds ──paused──────────────────────────▶ writes with its token: refused
//                 lease runs out ─▶ B holds ──▶ writes with its own

import type { Redis } from './connection.ts'

export interface LeaseOptions {
  /** Of the thing that is held. */
  readonly key: string
  /** Who we are: different for each process. */
  readonly holder: string
  readonly ttlMs: number
}

/** Longer than a pause of the garbage collector, shorter than what riders notice: with a look every third of it failover takes 8 s at most. */
export const LEASE_MS = 6000

const TAKE = `
local held = redis.call('GET', KEYS[1])
if held then
  if string.sub(held, 1, #ARGV[1] + 1) ~= ARGV[1] .. ':' then return false end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return held
end
local token = ARGV[1] .. ':' .. redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
return token`

const DROP = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/** The first line of a script that only the holder may run: KEYS[1] is the lease, ARGV[1] the token. */
export const FENCE = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end`

export const leaseKeys = ({ key }: Pick<LeaseOptions, 'key'>): { lease: string; count: string } => ({
  lease: `${key}:lease`,
  count: `${key}:fence`,
})

/** Takes the lease or keeps it; undefined when somebody else has it. Tokens count up for as long as Redis keeps its data. */
export async function takeLease(redis: Redis, options: LeaseOptions): Promise<string | undefined> {
  const { lease, count } = leaseKeys(options)
  const token = await redis.eval(TAKE, { keys: [lease, count], arguments: [options.holder, String(options.ttlMs)] })
  return token === null ? undefined : String(token)
}

/** Lets go, so that the next need not wait until it runs out. */
export async function dropLease(redis: Redis, options: Pick<LeaseOptions, 'key'>, token: string): Promise<void> {
  await redis.eval(DROP, { keys: [leaseKeys(options).lease], arguments: [token] })
}

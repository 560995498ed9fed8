// Who writes where, among all processes that do jobs: a lease for each place (jobs/schedule.ts, placesOf). A job that finds one taken goes back
// into the line. Whoever dies holding one lets go after `ttlMs`.

import { createHash, randomUUID } from 'node:crypto'
import type { Redis } from './connection.ts'
import { dropLease, takeLease } from './lease.ts'

/**
 * Takes all of the places, or none.
 * @returns how to let go; undefined: somebody else has one of them
 */
export async function holdPlaces(
  redis: Redis,
  { prefix, places, ttlMs }: { readonly prefix: string; readonly places: readonly string[]; readonly ttlMs: number },
): Promise<(() => Promise<void>) | undefined> {
  const holder = randomUUID()
  const held = new Map<string, string>()
  const take = async (key: string): Promise<boolean> => {
    const token = await takeLease(redis, { key, holder, ttlMs })
    if (token !== undefined) held.set(key, token)
    return token !== undefined
  }
  const letGo = async (): Promise<void> => {
    clearInterval(keeping)
    for (const [key, token] of held) await dropLease(redis, { key }, token).catch(() => {}) // it runs out
  }
  const keeping = setInterval(() => {
    for (const key of held.keys()) void take(key).catch(() => {}) // Redis is away: to do a job twice does no harm
  }, ttlMs / 3)
  for (const place of new Set(places)) {
    if (await take(keyOf(prefix, place))) continue
    await letGo()
    return undefined
  }
  return letGo
}

/** An address may hold a key: it is written nowhere. */
const keyOf = (prefix: string, place: string): string =>
  `${prefix}:{place ${createHash('sha256').update(place).digest('hex').slice(0, 16)}}`

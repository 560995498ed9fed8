// Who writes where, among all processes that do jobs: a lease for each place (jobs/schedule.ts, placesOf). A job that finds one taken goes back
// into the line. Whoever dies holding one lets go after `ttlMs`.

import { createHash, randomUUID } from 'node:crypto'
import type { Redis } from './connection.ts'
import { dropLease, takeLease } from './lease.ts'

export interface PlacesOptions {
  readonly prefix: string
  readonly places: readonly string[]
  readonly ttlMs: number
  /** One of them is somebody else's by now: this process was paused, or Redis was away, for longer than `ttlMs`. */
  readonly onLost: () => void
}

/**
 * Takes all of the places, or none.
 * @returns how to let go; undefined: somebody else has one of them. Rejects, with none taken, when Redis cannot be asked
 */
export async function holdPlaces(
  redis: Redis,
  { prefix, places, ttlMs, onLost }: PlacesOptions,
): Promise<(() => Promise<void>) | undefined> {
  const holder = randomUUID()
  const held = new Map<string, string>()
  const take = async (key: string): Promise<boolean> => {
    const token = await takeLease(redis, { key, holder, ttlMs })
    if (token !== undefined) held.set(key, token)
    return token !== undefined
  }
  const keep = async (key: string): Promise<void> => {
    if (!(await take(key).catch(() => true))) onLost() // while Redis is away nobody else can take it either
  }
  let keeping: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    keeping = Promise.all([...held.keys()].map(keep))
  }, ttlMs / 3)
  const letGo = async (): Promise<void> => {
    clearInterval(timer)
    // a lease that is being prolonged would be there again
    await keeping
    for (const [key, token] of held) await dropLease(redis, { key }, token).catch(() => {}) // it runs out
  }
  try {
    for (const place of new Set(places)) {
      if (await take(keyOf(prefix, place))) continue
      await letGo()
      return undefined
    }
  } catch (error) {
    await letGo()
    throw error
  }
  return letGo
}

/** An address may hold a key: it is written nowhere. */
const keyOf = (prefix: string, place: string): string =>
  `${prefix}:{place ${createHash('sha256').update(place).digest('hex').slice(0, 16)}}`

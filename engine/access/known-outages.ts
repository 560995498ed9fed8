// What was found while some elevators were out of order, remembered by what it is about and by those of them that are near enough to matter: it
// is the same whatever becomes of all others. Where many end their outages one after the other, hardly any walk is another one.

import { metresBetween } from '../core/geo.ts'
import type { Walks } from '../footpaths/footpaths.ts'
import type { Profile } from '../street/profile.ts'
import type { Elevator } from './elevators.ts'

/** The oldest first. */
export interface KnownOutages {
  /** Walks from a stop. */
  readonly rows: Map<string, Walks>
  /** Stops with a longer way over an elevator. */
  readonly farther: Map<string, readonly number[]>
  /** Entries of each. */
  readonly most: number
}

/** A row of walks takes about a kilobyte. */
const MOST = 16_384

export const createKnownOutages = (most = MOST): KnownOutages => ({ rows: new Map(), farther: new Map(), most })

/** What is known of `key`, else what `find` gives; beyond `most` entries what was asked for longest ago is forgotten. */
export function remember<T>(known: Map<string, T>, most: number, key: string, find: () => T): T {
  const found = known.get(key) ?? find()
  known.delete(key)
  known.set(key, found)
  if (known.size > most) known.delete(known.keys().next().value!)
  return found
}

/** Whoever walks may be faster than his pace downhill, and begins so far from where a stop is drawn. Metres. */
const [FASTER, BESIDE] = [1.5, 500]

/** Which of these a walk of so many seconds from a position may lead over, and who walks, as a key. */
export function nearOf(
  out: readonly Elevator[],
  { name, speed }: Pick<Profile, 'name' | 'speed'>,
  seconds: number,
): (at: { readonly lat: number; readonly lon: number } | undefined) => string {
  const reach = seconds * speed * FASTER + BESIDE
  const isNear = (at: Parameters<ReturnType<typeof nearOf>>[0], e: Elevator): boolean =>
    !at || (e.lat === 0 && e.lon === 0) || metresBetween(at.lat, at.lon, e.lat, e.lon) <= reach
  return at => `${name} ${out.flatMap(e => (isNear(at, e) ? [e.id] : [])).join(' ')}`
}

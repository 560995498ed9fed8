// From one point to many without transit: along the streets, or in straight lines where there is no map.

import { metresBetween } from '../core/geo.ts'
import { type StreetPoint, type Way, waysToMany } from '../street/many.ts'
import type { Profile } from '../street/profile.ts'
import type { StreetSearch } from '../street/search.ts'
import { DETOUR } from './access.ts'

export interface ManyQuery {
  readonly one: StreetPoint
  readonly many: readonly StreetPoint[]
  readonly profile: Profile
  /** From the many to the one. */
  readonly arriveBy: boolean
  readonly maxSeconds: number
  /** Metres from a point to the nearest usable street. */
  readonly maxMatchingDistance: number
}

/** For each of the many, in their order, the quickest way; undefined where there is none within `maxSeconds`. */
export function reachMany(streets: StreetSearch | undefined, q: ManyQuery): (Way | undefined)[] {
  const { one, many, profile, maxSeconds, maxMatchingDistance } = q
  if (streets)
    return waysToMany(streets, one, many, {
      profile,
      maxSeconds,
      maxMatchingDistance,
      reverse: q.arriveBy,
    })
  return many.map(({ lat, lon }) => {
    const metres = metresBetween(one.lat, one.lon, lat, lon) * DETOUR
    const seconds = Math.ceil(metres / profile.speed)
    return seconds <= maxSeconds ? { seconds, metres } : undefined
  })
}

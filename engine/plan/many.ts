// From one place to many without transit: along the streets, or in straight lines where there is no map; out of stations and into them by their pathways.

import { between, doorsOf, metresOf, piecesTo, staysInside } from '../access/doors.ts'
import { type Ground, insideOf } from '../access/ground.ts'
import { passage } from '../access/passage.ts'
import type { Way } from '../street/many.ts'
import type { StreetEnd } from '../street/path.ts'
import type { Profile } from '../street/profile.ts'

export interface ManyQuery {
  readonly one: StreetEnd
  readonly many: readonly StreetEnd[]
  readonly profile: Profile
  /** Who goes through the stations, where the profile is a vehicle's. */
  readonly walker?: Profile
  /** From the many to the one. */
  readonly arriveBy: boolean
  readonly maxSeconds: number
  /** Metres from a point to the nearest usable street. */
  readonly maxMatchingDistance: number
}

/** For each of the many, in their order, the quickest way; undefined where there is none within `maxSeconds`. */
export function reachMany(ground: Ground, q: ManyQuery): (Way | undefined)[] {
  const { one, many, arriveBy, maxSeconds } = q
  const inside = insideOf(q.walker ?? q.profile)
  const here = doorsOf(ground, one, inside, maxSeconds, arriveBy)
  const doors = many.flatMap((end, n) =>
    staysInside(ground, one, end)
      ? []
      : doorsOf(ground, end, inside, maxSeconds, !arriveBy).map(door => ({ ...door, end: door.end, of: n })),
  )
  const best: (Way & { readonly here: StreetEnd; readonly there: StreetEnd })[] = []
  const [exits, entries] = arriveBy ? [doors, here] : [here, doors]
  for (const { exit, entry, seconds, metres } of between(ground, exits, entries, q)) {
    const [mine, door] = arriveBy ? [here[entry]!, doors[exit]!] : [here[exit]!, doors[entry]!]
    const whole = Math.ceil(mine.seconds + seconds + door.seconds)
    if (whole > maxSeconds || whole >= (best[door.of]?.seconds ?? Number.POSITIVE_INFINITY)) continue
    best[door.of] = { seconds: whole, metres, here: mine.end, there: door.end }
  }
  const inOrder = (from: StreetEnd, to: StreetEnd): readonly [StreetEnd, StreetEnd] =>
    arriveBy ? [to, from] : [from, to]
  const metresInside = (from: StreetEnd, to: StreetEnd): number =>
    metresOf(ground.timetable, piecesTo(ground, ...inOrder(from, to), inside))
  return many.map((end, n) => {
    if (staysInside(ground, one, end)) return passage(ground, ...inOrder(one, end), q, inside)
    const way = best[n]
    return (
      way && { seconds: way.seconds, metres: metresInside(one, way.here) + way.metres + metresInside(way.there, end) }
    )
  })
}

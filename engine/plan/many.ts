// From one place to many without transit: along the streets, or in straight lines where there is no map; out of stations and into them by their pathways.

import { between, doorsOf, endFor, isInside, metresOf, piecesTo, staysInside } from '../access/doors.ts'
import { isWithin, onTheWay, outagesThrough } from '../access/elevators.ts'
import { type Ground, insideOf } from '../access/ground.ts'
import { passage } from '../access/passage.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { Way } from '../street/many.ts'
import { closedBeside, type StreetEnd } from '../street/path.ts'
import type { Profile } from '../street/profile.ts'
import type { Obstacle } from '../street/verdict.ts'
import { elevatorsNow, groundDuring } from './moment.ts'
import type { Planner } from './plan.ts'
import { spanAround } from './window.ts'

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

/** As `reachMany`, from a moment on (arrive by: until then), over elevators that work for as long as each way takes. */
export function reachManyAt(planner: Planner, horizon: Horizon, q: ManyQuery, time: number): (Way | undefined)[] {
  const { arriveBy, maxSeconds, one, many } = q
  const span = spanAround({ time, arriveBy }, maxSeconds)
  const states = elevatorsNow(planner, horizon).filter(({ state, out }) => state === 'out' && isWithin(out, ...span))
  const near = many.map(end => onTheWay(planner.timetable, one, end, maxSeconds, q.profile))
  const outages = outagesThrough(
    states.filter(({ elevator }) => near.some(mayUse => mayUse(elevator))),
    ...span,
  )
  const matter = new Set(outages.map(({ elevator }) => elevator))
  const breaks = outages
    .flatMap(({ out }) => out.map(([begin, end]) => (arriveBy ? time - end : begin - time)))
    .filter(seconds => seconds > 0 && seconds < maxSeconds)
    .sort((a, b) => a - b)
  let ways: (Way | undefined)[] = []
  for (let quickest = 0; ; ) {
    // whoever is there before the next one breaks goes no other way than who will never know of it
    const until = breaks.find(seconds => seconds >= quickest) ?? maxSeconds
    const ground = groundDuring(planner, horizon, ...spanAround({ time, arriveBy }, until), elevator =>
      matter.has(elevator),
    )
    const found = reachMany(ground, q)
    ways = found.map((way, n) => ways[n] ?? (way && way.seconds <= until ? way : undefined))
    // who is not yet there takes at least so long, over fewer elevators as well
    quickest = Math.min(...found.flatMap((way, n) => (way && !ways[n] ? [way.seconds] : [])))
    if (!Number.isFinite(quickest)) return ways
  }
}

/** For each of the many, what closes the streets beside its end, and beside the one's, to this traveller; ways through stations begin at their doors. */
export function closedAtEnds({ ground }: Pick<Planner, 'ground'>, q: ManyQuery): readonly (readonly Obstacle[])[] {
  const { streets } = ground
  const { one, many, arriveBy } = q
  const at = (end: StreetEnd, reverse: boolean): readonly Obstacle[] =>
    !streets || isInside(ground, end) ? [] : closedBeside(streets, endFor(ground, q, end), q, reverse)
  const here = at(one, arriveBy)
  return many.map(end => [...here, ...at(end, !arriveBy)])
}

/** For each of the many, in their order, the quickest way; undefined where there is none within `maxSeconds`. */
function reachMany(ground: Ground, q: ManyQuery): (Way | undefined)[] {
  const { one, many, arriveBy, maxSeconds } = q
  const inside = insideOf(q.walker ?? q.profile)
  const here = doorsOf(ground, one, inside, maxSeconds, arriveBy)
  const doors = many.flatMap((end, n) =>
    staysInside(ground, one, end)
      ? []
      : doorsOf(ground, end, inside, maxSeconds, !arriveBy).map(door => ({ ...door, of: n })),
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

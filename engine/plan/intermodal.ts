// From one place to many with transit: one pass of the rounds from the one, then the last way to each of the many. The answer for each is
// every trade of time against rides that no other betters.

import type { Horizon } from '../horizon/horizon.ts'
import { usableReach } from '../transit/options.ts'
import { approachQuickest } from './approaches.ts'
import type { Planner } from './plan.ts'
import { type QueryPlace, queryDefaults } from './query.ts'
import { type ReachQuery, reachTrades, spellsForAll } from './reach.ts'

export interface IntermodalQuery extends ReachQuery {
  readonly many: readonly QueryPlace[]
}

export interface Trade {
  /** Since the query's time (arrive by: before it), the last way included. */
  readonly seconds: number
  /** At least one. */
  readonly rides: number
}

/** For each of the many, in their order: fewest rides first, each further one quicker. Throws as `reachAll` does. */
export function reachManyByTransit(base: Planner, horizon: Horizon, q: IntermodalQuery): Trade[][] {
  const spells = spellsForAll(base, horizon, q)
  const tradesOf = new Map(reachTrades(base, horizon, q, spells).map(({ stop, trades }) => [stop, trades]))
  return q.many.map(place => {
    const asked = { ...queryDefaults, ...q, from: place, to: place }
    const best: number[] = []
    for (const { opens, closes, holds } of spells) {
      const around = approachQuickest(holds, horizon, asked, q.arriveBy ? 'access' : 'egress')
      const last = usableReach(base.timetable, q.wheelchairStops, around)
      for (let i = 0; i < last.count; i++)
        for (const { seconds, rides } of tradesOf.get(last.stops[i]!) ?? []) {
          const whole = Math.max(seconds, opens) + last.seconds[i]!
          if (rides > 0 && whole <= Math.min(closes, q.maxTravelTime))
            best[rides] = Math.min(best[rides] ?? Number.POSITIVE_INFINITY, whole)
        }
    }
    const trades: Trade[] = []
    best.forEach((seconds, rides) => {
      if (seconds < (trades.at(-1)?.seconds ?? Number.POSITIVE_INFINITY)) trades.push({ seconds, rides })
    })
    return trades
  })
}

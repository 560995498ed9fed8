// One page of journeys, searched and written: what a plan worker and `freifahrt plan` both do.

import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { type Planner, type PlanResult, plan } from '#engine/plan/plan.ts'
import type { Query } from '#engine/plan/query.ts'
import type { Journey } from '#engine/transit/journey.ts'
import type { PlanResponse } from './contract.ts'
import { renderPlan } from './render/plan.ts'

/** What the answer needs to know besides the query. */
export type PlanExtra = Readonly<{
  requestParameters: Readonly<Record<string, string>>
  /** false: only the ways without transit are asked for. */
  transit: boolean
  /** false: show planned times only. */
  annotate: boolean
  detailedLegs: boolean
  detailedTransfers: boolean
  joinInterlinedLegs: boolean
  maxItineraries: number | undefined
}>

export interface PageStyle {
  readonly version: number
  readonly language: readonly string[]
  readonly extra: PlanExtra
}

export function planPage(
  planner: Planner,
  horizon: Horizon,
  query: Query,
  style: PageStyle,
  now: UnixSeconds,
): PlanResponse {
  const { extra } = style
  const found = plan(planner, horizon, query)
  const result = extra.transit ? cut(found, extra.maxItineraries, query.arriveBy) : { ...found, itineraries: [] }
  const view = {
    horizon,
    version: style.version,
    language: style.language,
    realtime: extra.annotate,
    now,
    query,
    streets: planner.streets,
    detailedLegs: extra.detailedLegs,
    detailedTransfers: extra.detailedTransfers,
    joinStayed: extra.joinInterlinedLegs,
    drawn: new Map(),
  }
  return renderPlan(view, result, extra.requestParameters)
}

/** At most `limit` journeys; those that leave (or arrive) at the same time stay together, and the next page begins where this one was cut. */
function cut(result: PlanResult, limit: number | undefined, arriveBy: boolean): PlanResult {
  if (limit === undefined || result.itineraries.length <= limit) return result
  const at = (j: Journey): number => (arriveBy ? j.arrival : j.departure)
  const sorted = result.itineraries.toSorted((a, b) => at(a) - at(b))
  if (arriveBy) {
    const first = at(sorted.at(-limit) ?? sorted.at(-1)!)
    const kept = limit === 0 ? [] : sorted.filter(j => at(j) >= first)
    return { ...result, itineraries: kept, windowStart: first as PlanResult['windowStart'] }
  }
  const last = at(sorted[limit - 1] ?? sorted[0]!)
  const kept = limit === 0 ? [] : sorted.filter(j => at(j) <= last)
  return { ...result, itineraries: kept, windowEnd: (last + 1) as PlanResult['windowEnd'] }
}

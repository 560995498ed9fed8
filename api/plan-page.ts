// One page of journeys, searched and written: what a plan worker and `freifahrt plan` both do.

import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { alternativesFor } from '#engine/plan/alternatives.ts'
import { parkingNear } from '#engine/plan/approaches.ts'
import { cutPage } from '#engine/plan/cut.ts'
import { plannerAt } from '#engine/plan/moment.ts'
import { type Planner, plan } from '#engine/plan/plan.ts'
import type { Query } from '#engine/plan/query.ts'
import { giveUp } from '#engine/transit/raptor.ts'
import type { PlanResponse } from './contract/itinerary.ts'
import { renderPlan } from './render/plan.ts'

/** What the answer needs to know besides the query. */
export type PlanExtra = Readonly<{
  requestParameters: Readonly<Record<string, string>>
  /** false: show planned times only. */
  annotate: boolean
  detailedLegs: boolean
  detailedTransfers: boolean
  joinInterlinedLegs: boolean
  maxItineraries: number | undefined
  numLegAlternatives: number
  withFares?: boolean | undefined
  /** Also tell calls on the way at which nobody may board or alight by the timetable. */
  scheduledSkipped?: boolean | undefined
}>

export interface PageStyle {
  readonly version: number
  readonly language: readonly string[]
  readonly extra: PlanExtra
}

export function planPage(
  base: Planner,
  horizon: Horizon,
  query: Query,
  style: PageStyle,
  now: UnixSeconds,
): PlanResponse {
  const { extra } = style
  const planner = plannerAt(base, horizon, query)
  const found = plan(planner, horizon, query)
  const result = extra.maxItineraries === undefined ? found : cutPage(found, query, extra.maxItineraries)
  const view = {
    horizon,
    version: style.version,
    language: style.language,
    realtime: extra.annotate,
    now,
    query,
    ground: planner.ground,
    streets: planner.streets,
    fares: extra.withFares === true,
    scheduledSkipped: extra.scheduledSkipped === true,
    detailedLegs: extra.detailedLegs,
    detailedTransfers: extra.detailedTransfers,
    joinStayed: extra.joinInterlinedLegs,
    heed() {
      if (planner.state.isGivenUp()) giveUp([planner.state])
    },
    parking: () => parkingNear(planner, horizon),
    drawn: new Map(),
    written: new Map(),
    described: new Map(),
    ...(extra.numLegAlternatives > 0 && {
      alternatives: { find: alternativesFor(planner, horizon, query), limit: extra.numLegAlternatives },
    }),
  }
  return renderPlan(view, result, extra.requestParameters)
}

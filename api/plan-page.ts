// One page of journeys, searched and written: what a plan worker and `freifahrt plan` both do.

import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { alternativesFor } from '#engine/plan/alternatives.ts'
import { cutPage } from '#engine/plan/cut.ts'
import { parkingNear, rideSearch } from '#engine/plan/kept-courses.ts'
import { elevatorsNow, groundDuring, statesFor } from '#engine/plan/moment.ts'
import { type Planner, planned } from '#engine/plan/plan.ts'
import type { Query } from '#engine/plan/query.ts'
import { giveUp } from '#engine/transit/raptor.ts'
import { keptFor } from './render/kept.ts'
import { writePlan } from './render/plan.ts'
import type { PlanView } from './render/plan-view.ts'

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

/** @returns the bytes of a PlanResponse, in memory of their own */
export function planPage(
  base: Planner,
  horizon: Horizon,
  query: Query,
  style: PageStyle,
  now: UnixSeconds,
): Uint8Array<ArrayBuffer> {
  const { view, result } = searchPage(base, horizon, query, style, now)
  return writePlan(view, result, style.extra.requestParameters)
}

/** A page's journeys, and what is needed to write them. */
export function searchPage(base: Planner, horizon: Horizon, query: Query, style: PageStyle, now: UnixSeconds) {
  const { extra } = style
  const { result: found, planner, inOrder } = planned(base, horizon, query)
  const result = extra.maxItineraries === undefined ? found : cutPage(found, query, extra.maxItineraries)
  const view: PlanView = {
    horizon,
    version: style.version,
    language: style.language,
    realtime: extra.annotate,
    now,
    query,
    groundAt: (from, until, mayUse) =>
      query.realtime ? groundDuring(base, horizon, from, until, mayUse) : base.ground,
    outages: () => statesFor(base, horizon, query),
    allWorks: () => !query.realtime || elevatorsNow(base, horizon).every(({ state }) => state !== 'out'),
    streets: base.streets,
    fares: extra.withFares === true,
    scheduledSkipped: extra.scheduledSkipped === true,
    detailedLegs: extra.detailedLegs,
    detailedTransfers: extra.detailedTransfers,
    joinStayed: extra.joinInterlinedLegs,
    heed() {
      if (planner.state.isGivenUp()) giveUp([planner.state])
    },
    parking: () => parkingNear(base, horizon),
    riding: (streets, rental) => rideSearch(base, horizon, streets, rental),
    drawn: new Map(),
    ways: new Map(),
    written: new Map(),
    described: keptFor({ horizon, ...style }).described,
    ...(extra.numLegAlternatives > 0 && {
      alternatives: { find: alternativesFor(planner, horizon, query, inOrder), limit: extra.numLegAlternatives },
    }),
  }
  return { view, result }
}

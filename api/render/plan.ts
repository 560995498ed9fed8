// A planner's result → MOTIS' answer to `plan`.

import type { Itinerary, Leg, PlanResponse } from '#api/contract.ts'
import type { PlanResult } from '#engine/plan/plan.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { changeLeg, endPlace, type PlanView, rideLeg, walkLeg } from './legs.ts'
import { utc } from './texts.ts'

export function renderPlan(
  view: PlanView,
  result: PlanResult,
  requestParameters: Readonly<Record<string, string>>,
): PlanResponse {
  return {
    requestParameters: { ...requestParameters },
    debugOutput: Object.fromEntries(Object.entries(result.stats).map(([name, n]) => [name, Math.round(n)])),
    from: endPlace(view, { kind: 'start' }),
    to: endPlace(view, { kind: 'end' }),
    direct: result.direct.map(journey => renderJourney(view, journey)),
    itineraries: result.itineraries.map(journey => renderJourney(view, journey)),
    previousPageCursor: `EARLIER|${result.windowStart}`,
    nextPageCursor: `LATER|${result.windowEnd}`,
  }
}

export function renderJourney(view: PlanView, journey: Journey): Itinerary {
  const legs: Leg[] = []
  journey.legs.forEach((leg, i) => {
    const before = journey.legs[i - 1]
    if (leg.kind === 'ride') {
      if (before?.kind === 'ride') legs.push(changeLeg(view, before, leg))
      legs.push(rideLeg(view, leg))
    } else legs.push(walkLeg(view, leg))
  })
  const first = legs[0]
  const last = legs.at(-1)
  return {
    // with live times as they are now: a schedule-only search may show a journey that has become late since
    duration: first && last ? secondsBetween(first.startTime, last.endTime) : 0,
    startTime: first?.startTime ?? utc(journey.departure),
    endTime: last?.endTime ?? utc(journey.arrival),
    transfers: journey.transfers,
    id: itineraryId(legs),
    legs,
  }
}

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000

/** Names the journey whatever happens to its times: what is ridden from where to where. */
function itineraryId(legs: readonly Leg[]): string {
  const parts = legs.map(({ mode, tripId, from, to }) => [
    tripId ?? mode,
    from.stopId ?? `${from.lat},${from.lon}`,
    to.stopId ?? `${to.lat},${to.lon}`,
  ])
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

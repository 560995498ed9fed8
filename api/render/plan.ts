// A planner's result → MOTIS' answer to `plan`.

import type { Itinerary, Leg, PlanResponse } from '#api/contract/itinerary.ts'
import type { PlanResult } from '#engine/plan/plan.ts'
import type { Journey, RideLeg } from '#engine/transit/journey.ts'
import { approachLegs } from './approach.ts'
import { itineraryId } from './itinerary-id.ts'
import { changeLeg, endPlace, joinLegs, type PlanView, rideLeg, walkLeg } from './legs.ts'
import { flat, utc } from './texts.ts'

export function renderPlan(
  view: PlanView,
  result: PlanResult,
  requestParameters: Readonly<Record<string, string>>,
): PlanResponse {
  return {
    requestParameters: { ...requestParameters },
    debugOutput: {
      ...Object.fromEntries(Object.entries(result.stats).map(([name, n]) => [name, Math.round(n)])),
      ...Object.fromEntries(result.reasons.map(({ code }) => [`reason:${code}`, 1])),
    },
    reasons: result.reasons.length > 0 ? [...result.reasons] : undefined,
    from: endPlace(view, { kind: 'start' }),
    to: endPlace(view, { kind: 'end' }),
    direct: result.direct.map(journey => renderJourney(view, journey)),
    itineraries: result.itineraries.map(journey => renderJourney(view, journey)),
    previousPageCursor: flat('EARLIER|', result.windowStart),
    nextPageCursor: flat('LATER|', result.windowEnd),
  }
}

function renderJourney(view: PlanView, journey: Journey): Itinerary {
  view.heed?.()
  const legs: Leg[] = []
  journey.legs.forEach((leg, i) => {
    const before = journey.legs[i - 1]
    if (leg.kind === 'walk') legs.push(...(leg.by ? approachLegs(view, leg, leg.by) : [walkLeg(view, leg)]))
    else if (!leg.stayed || !view.joinStayed) {
      if (before?.kind === 'ride' && !leg.stayed) legs.push(changeLeg(view, before, leg))
      const seated = view.joinStayed ? ridesFrom(journey, i) : [leg]
      const ride = seated.length > 1 ? joinLegs(view, seated) : rideLeg(view, leg)
      const fare = view.fares && { fareTransferIndex: 0, effectiveFareLegIndex: 0 }
      legs.push({
        ...ride,
        ...fare,
        alternatives: leg.stayed ? undefined : renderAlternatives(view, journey, i),
      })
    }
  })
  const first = legs[0]
  const last = legs.at(-1)
  return {
    // with live times as they are now: a schedule-only search may show a journey that has become late since
    duration: first && last ? secondsBetween(first.startTime, last.endTime) : 0,
    startTime: first?.startTime ?? utc(journey.departure),
    endTime: last?.endTime ?? utc(journey.arrival),
    transfers: journey.transfers,
    id: itineraryId(view, journey),
    legs,
    ...(view.fares && journey.legs.some(leg => leg.kind === 'ride') && { fareTransfers: [freeRide] }),
  }
}

/** One product for all rides together: riding is free here, and nobody has to ask for a ticket. */
const freeRide = { effectiveFareLegProducts: [[[{ name: 'Free public transport', amount: 0, currency: 'EUR' }]]] }

function renderAlternatives(view: PlanView, journey: Journey, i: number): Leg[][] | undefined {
  const { alternatives } = view
  return alternatives?.find(journey, i, alternatives.limit).map(legs =>
    legs.flatMap(leg => {
      if (leg.kind === 'ride') return [rideLeg(view, leg)]
      return leg.by ? approachLegs(view, leg, leg.by) : [walkLeg(view, leg)]
    }),
  )
}

/** The ride at `i` and those on which the rider then stays seated. */
function ridesFrom({ legs }: Journey, i: number): RideLeg[] {
  const rides = [legs[i] as RideLeg]
  for (let next = legs[++i]; next?.kind === 'ride' && next.stayed; next = legs[++i]) rides.push(next)
  return rides
}

export const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000

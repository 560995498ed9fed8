// The slow twin of api/render/plan.ts: the answer to `plan` as an object, every ride's calls included.

import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import { type PageStyle, searchPage } from '#api/plan-page.ts'
import { itineraryId } from '#api/render/itinerary-id.ts'
import { rideLeg } from '#api/render/legs.ts'
import { fareMembers, isRidden, legsOf, planEnd, planHead, secondsBetween } from '#api/render/plan.ts'
import type { PlanView } from '#api/render/plan-view.ts'
import { utc } from '#api/render/texts.ts'
import type { Journey } from '#engine/transit/journey.ts'

/** Everything that a page can tell, as the newest version of the API does. */
export const allTold: PageStyle = {
  version: 6,
  language: [],
  extra: {
    ...{ requestParameters: {}, annotate: true, detailedLegs: true, detailedTransfers: true },
    ...{ joinInterlinedLegs: true, maxItineraries: undefined, numLegAlternatives: 0 },
  },
}

export function planObjects(...asked: Parameters<typeof searchPage>): PlanResponse {
  const { view, result } = searchPage(...asked)
  const style: PageStyle = asked[3]
  return {
    ...planHead(view, result, style.extra.requestParameters),
    direct: result.direct.map(journey => itinerary(view, journey)),
    itineraries: result.itineraries.map(journey => itinerary(view, journey)),
    ...planEnd(result),
  }
}

function itinerary(view: PlanView, journey: Journey): Itinerary {
  const legs = legsOf(
    view,
    journey,
    (leg, { interlineWithPreviousLeg: _, guaranteedTransfer: __, stay: ___, ...more }) => ({
      ...rideLeg(view, leg),
      ...more,
    }),
  )
  const [first, last] = [legs[0], legs.at(-1)]
  return {
    duration: first && last ? secondsBetween(first.startTime, last.endTime) : 0,
    startTime: first?.startTime ?? utc(journey.departure),
    endTime: last?.endTime ?? utc(journey.arrival),
    transfers: journey.transfers,
    id: itineraryId(view, journey),
    legs,
    ...fareMembers(view, isRidden(journey)),
  }
}

// A planner's result → MOTIS' answer to `plan`, as the bytes of its JSON.

import type { Itinerary, Leg, PlanResponse } from '#api/contract/itinerary.ts'
import type { PlanResult } from '#engine/plan/plan.ts'
import { seated } from '#engine/plan/seated.ts'
import type { Journey, Leg as JourneyLeg, RideLeg, WalkLeg } from '#engine/transit/journey.ts'
import { annotated } from './annotated.ts'
import { approachLegs } from './approach.ts'
import { tellReason } from './awaited.ts'
import { itineraryId } from './itinerary-id.ts'
import { JsonWriter, json } from './json.ts'
import { changeLeg, joinLegs, rideLeg, rideMembers } from './legs.ts'
import type { PlanView } from './plan-view.ts'
import { flat } from './texts.ts'
import { endPlace, inItsTime, walkLeg } from './walks.ts'
import { type Ride, RideWriter } from './write-ride.ts'
import { type WalkHere, WalkWriter } from './write-walk.ts'

type Parameters = Readonly<Record<string, string>>

const M = {
  begin: json('{'),
  end: json('}'),
  direct: json(',"direct":['),
  itineraries: json('],"itineraries":['),
  duration: json('{"duration":'),
  startTime: json(',"startTime":'),
  endTime: json(',"endTime":'),
  legs: json(',"legs":['),
  endOfList: json(']'),
}
// a thread writes one answer at a time
const out = new JsonWriter()

/** @returns memory of its own */
export function writePlan(view: PlanView, result: PlanResult, asked: Parameters): Uint8Array<ArrayBuffer> {
  const rides = new RideWriter(view, out)
  const walks = new WalkWriter(view, out)
  const journey = (j: Journey): void => writeJourney(view, rides, walks, j)
  out.clear()
  out.open(planHead(view, result, asked))
  out.raw(M.direct)
  out.list(result.direct, journey)
  out.raw(M.itineraries)
  out.list(result.itineraries, journey)
  out.raw(M.endOfList)
  out.members(planEnd(result))
  out.raw(M.end)
  return out.take()
}

export const planHead = (
  view: PlanView,
  { stats, reasons }: PlanResult,
  asked: Parameters,
): Omit<PlanResponse, 'direct' | 'itineraries' | 'previousPageCursor' | 'nextPageCursor'> => ({
  requestParameters: { ...asked },
  debugOutput: {
    ...rounded(stats),
    ...Object.fromEntries(reasons.map(({ code }) => [`reason:${code}`, 1])),
  },
  reasons: reasons.length > 0 ? reasons.map(reason => tellReason(view.horizon.timetable, reason)) : undefined,
  from: endPlace(view, { kind: 'start' }),
  to: endPlace(view, { kind: 'end' }),
})

function rounded<Numbers extends Record<keyof Numbers, number>>(numbers: Numbers): Numbers {
  const whole = { ...numbers }
  for (const name in whole) whole[name] = Math.round(whole[name]) as Numbers[typeof name]
  return whole
}

export const planEnd = ({ windowStart, windowEnd }: PlanResult) => ({
  previousPageCursor: flat('EARLIER|', windowStart),
  nextPageCursor: flat('LATER|', windowEnd),
})

/** A ride that is to be written, and what its leg says besides. */
interface RideHere {
  readonly ride: Ride
  readonly more: Partial<Leg>
}

function writeJourney(view: PlanView, rides: RideWriter, walks: WalkWriter, journey: Journey): void {
  view.heed?.()
  const legs = legsOf<RideHere | WalkHere>(
    view,
    journey,
    (leg, more) => ({ ride: rides.ride(leg), more }),
    leg => walks.walk(leg),
  )
  const [first, last] = [legs[0], legs.at(-1)]
  const [start, end] = [first ? startOf(first) : journey.departure, last ? endOf(last) : journey.arrival]
  out.raw(M.duration)
  // with live times as they are now: a schedule-only search may show a journey that has become late since
  out.whole(first && last ? end - start : 0)
  out.raw(M.startTime)
  out.time(start)
  out.raw(M.endTime)
  out.time(end)
  out.members({ transfers: journey.transfers, id: itineraryId(view, journey) })
  out.raw(M.legs)
  out.list(legs, leg => {
    if ('walk' in leg) return walks.write(leg)
    if (!('ride' in leg)) return out.value(leg)
    rides.write(leg.ride)
    out.members(leg.more)
    out.raw(M.end)
  })
  out.raw(M.endOfList)
  out.members(fareMembers(view, isRidden(journey)))
  out.raw(M.end)
}

const startOf = (leg: Leg | RideHere | WalkHere): number =>
  'ride' in leg ? leg.ride.from.departure : 'walk' in leg ? leg.walk.departure : Date.parse(leg.startTime) / 1000
const endOf = (leg: Leg | RideHere | WalkHere): number =>
  'ride' in leg ? leg.ride.to.arrival : 'walk' in leg ? leg.walk.arrival : Date.parse(leg.endTime) / 1000

/**
 * The legs of a journey, with the walks between its rides.
 * @param tell a ride on one vehicle, with what its leg says besides the ride's own members
 * @param tellWalk a walk on foot
 */
export function legsOf<Told>(
  view: PlanView,
  journey: Journey,
  tell: (leg: RideLeg, more: Partial<Leg>) => Told,
  tellWalk: (leg: WalkLeg) => Leg | Told = leg => walkLeg(view, leg),
): (Leg | Told)[] {
  const legs: (Leg | Told)[] = []
  const { legs: made, missed } = annotated(view, seated(view.horizon, journey.legs, view.realtime))
  made.forEach((leg, i) => {
    const [before, next] = [made[i - 1], made[i + 1]]
    if (leg.kind === 'walk') {
      const until = before?.kind === 'ride' && next?.kind === 'ride' ? next.departure : undefined
      legs.push(...(leg.by ? approachLegs(view, leg, leg.by) : [tellWalk(inItsTime(view, leg, until))]))
    } else if (!leg.stayed || !view.joinStayed) {
      if (before?.kind === 'ride' && !leg.stayed) legs.push(changeLeg(view, before, leg))
      const rides = view.joinStayed ? ridesFrom(made, i) : [leg]
      const more: Partial<Leg> = {
        ...oneFare(view),
        alternatives: leg.stayed ? undefined : alternativesTo(view, journey, i),
        missed: missed.has(leg) || undefined,
      }
      legs.push(rides.length > 1 ? { ...joinLegs(view, rides), ...more } : tell(leg, { ...rideMembers(leg), ...more }))
    }
  })
  return legs
}

export const isRidden = ({ legs }: Journey): boolean => legs.some(leg => leg.kind === 'ride')

export const fareMembers = ({ fares }: PlanView, ridden: boolean): Pick<Itinerary, 'fareTransfers'> =>
  fares && ridden ? { fareTransfers: [freeRide] } : {}

/** What a ride says of the fare. */
export const oneFare = ({ fares }: PlanView): Pick<Leg, 'fareTransferIndex' | 'effectiveFareLegIndex'> =>
  fares ? { fareTransferIndex: 0, effectiveFareLegIndex: 0 } : {}

/** One product for all rides together: riding is free here, and nobody has to ask for a ticket. */
const freeRide = { effectiveFareLegProducts: [[[{ name: 'Free public transport', amount: 0, currency: 'EUR' }]]] }

function alternativesTo(view: PlanView, journey: Journey, i: number): Leg[][] | undefined {
  const { alternatives } = view
  return alternatives?.find(journey, i, alternatives.limit).map(legs =>
    legs.flatMap(leg => {
      if (leg.kind === 'ride') return [rideLeg(view, leg)]
      return leg.by ? approachLegs(view, leg, leg.by) : [walkLeg(view, leg)]
    }),
  )
}

/** The ride at `i` and those on which the rider then stays seated. */
function ridesFrom(legs: readonly JourneyLeg[], i: number): RideLeg[] {
  const rides = [legs[i] as RideLeg]
  for (let next = legs[++i]; next?.kind === 'ride' && next.stayed; next = legs[++i]) rides.push(next)
  return rides
}

export const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000

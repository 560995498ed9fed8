// Why a search found nothing, as a code for programs and a sentence for people. The answer is found by asking again with one wish less at
// a time, for a single moment and without a limit to the travel time: the cheapest question there is, and asked only when nothing was found.

import type { ElevatorState } from '../access/elevators.ts'
import type { UnixSeconds } from '../core/time.ts'
import { coversTime } from '../horizon/days.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { placeNear } from '../street/ends.ts'
import { Mode } from '../street/graph.ts'
import type { StreetEnd } from '../street/path.ts'
import type { Profile } from '../street/profile.ts'
import { withoutLimits } from '../street/route.ts'
import { type PointTravel, type StreetSearch, travelAs } from '../street/search.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Journey } from '../transit/journey.ts'
import type { Reach } from '../transit/range.ts'
import { approachQuickest, type Side, type StreetMode } from './approaches.ts'
import { streetEnd } from './direct.ts'
import { type ElevatorInTheWay, elevatorsOn } from './elevators-out.ts'
import type { Planner } from './plan.ts'
import { MAX_TRANSFERS, type Query, type QueryPlace } from './query.ts'
import { leadingOn } from './rank.ts'
import { searching } from './search.ts'
import type { Ends } from './side.ts'
import { spanOfReasons, type Window } from './window.ts'

const sentences = {
  FROM_NO_STREET: 'No street that can be walked is near enough to the start.',
  FROM_LIMITS: 'No way near the start is known to keep all limits that were asked for.',
  FROM_NO_STOP: 'No stop is within the time allowed for the way to the first ride.',
  FROM_NO_RENTAL: 'Nothing for rent, as asked for, leads from the start to a stop.',
  FROM_NO_PARKING: 'No place to leave the vehicle, as asked for, is on the way to a stop.',
  TO_NO_STREET: 'No street that can be walked is near enough to the destination.',
  TO_LIMITS: 'No way near the destination is known to keep all limits that were asked for.',
  TO_NO_STOP: 'No stop is within the time allowed for the way from the last ride.',
  TO_NO_RENTAL: 'Nothing for rent, as asked for, leads from a stop to the destination.',
  TO_NO_PARKING: 'The vehicle is fetched nowhere, as asked for, on the way from a stop.',
  VIA_NO_STREET: 'No street that can be walked is near enough to a place on the way.',
  VIA_LIMITS: 'No way near a place on the way is known to keep all limits that were asked for.',
  ELEVATORS_OUT: 'There would be a way, but elevators on it are out of order.',
  OUTSIDE_TIMETABLE: 'The timetable has no service on these days.',
  ONLY_BACK: 'Vehicles only lead there and back to where one gets on: it is nearer on foot.',
  NOTHING_IN_WINDOW: 'There are journeys, but none within the time that was searched.',
  MAX_TRAVEL_TIME: 'There are journeys, but they take longer than the time allowed.',
  MAX_TRANSFERS: 'There are journeys, but they have more changes than allowed.',
  TRANSFER_TIMES: 'There are journeys, but not with the time for changes that was asked for.',
  MODES: 'There are journeys, but not with the means of transport that were asked for.',
  WHEELCHAIR: 'There are journeys, but none that a wheelchair is known to be able to use.',
  BIKES: 'There are journeys, but none that is known to take bicycles.',
  CARS: 'There are journeys, but none that is known to take cars.',
  VIA: 'There are journeys, but none by way of all the places asked for, in their order and with the stays there.',
  REALTIME: 'There are journeys in the timetable, but as things run now none of them can be made.',
  BATTERY: 'There are journeys, but the battery does not last for all of their ways together.',
  DIRECT_TIME: 'There is a way without public transport, but it takes longer than the time allowed.',
  DIRECT_LIMITS: 'There is a way without public transport, but none is known to keep all limits that were asked for.',
  NO_MAP: 'This network has no street map.',
  NO_DIRECT: 'No way leads to the destination with what was asked for.',
  NO_CONNECTION: 'No vehicle leads from the start to the destination at this time.',
} as const

export type ReasonCode = keyof typeof sentences

export interface Reason {
  readonly code: ReasonCode
  readonly text: string
  /** Of several places on the way which one, from 1 on. */
  readonly via?: number
  /** Those that stand in the way of the quickest journey that there would be. */
  readonly elevators?: readonly ElevatorInTheWay[]
}

export const because = (code: ReasonCode): Reason => ({ code, text: sentences[code] })

/** Who asks, with every elevator in order, the stops around both places then, and what is known of those that are not. */
export interface AllWorking {
  readonly planner: Planner
  readonly onFeet: Ends
  readonly states: readonly ElevatorState[]
}

/**
 * @param searched the window in which nothing was found; every wish without which there is an answer; if there is none, those in its way
 * @param working where some are out of order
 */
export function whyNothing(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  onFeet: Ends,
  searched: Window,
  working?: () => AllWorking,
): Reason[] {
  const { timetable: tt } = planner
  if (!coversWindow(tt, searched)) return [because('OUTSIDE_TIMETABLE')]
  const ends = endsByAll(planner, horizon, q, onFeet)
  const vias = q.vias.flatMap(({ place }, i) => whyOffStreetsAtVia(planner, q, place, i + 1))
  const far = [
    ...vias,
    ...farAway(planner, q, q.from, ends.start, 'FROM'),
    ...lacking(planner, horizon, q, 'access', ends.start),
    ...farAway(planner, q, q.to, ends.end, 'TO'),
    ...lacking(planner, horizon, q, 'egress', ends.end),
  ]
  if (far.length > 0) return dueToElevators(horizon, q, searched, working) ?? far

  const journeys = (wishes: Query): Journey[] => probe(planner, horizon, wishes, ends, searched)
  const late = journeys(q)
  if (late.length > 0 && leadingOn(tt, q, late).length === 0) return [because('ONLY_BACK')]
  if (late.length > 0)
    return [
      because(late.some(j => j.arrival - j.departure <= q.maxTravelTime) ? 'NOTHING_IN_WINDOW' : 'MAX_TRAVEL_TIME'),
    ]
  const broken = dueToElevators(horizon, q, searched, working)
  if (broken) return broken
  const wishes = wishesOf(q, horizon)
  const enough = wishes.filter(({ without }) => journeys(without(q)).length > 0)
  if (enough.length > 0) return enough.map(({ code }) => because(code))
  const withoutAll = (others: readonly Wish[]): Query => others.reduce((query, { without }) => without(query), q)
  if (journeys(withoutAll(wishes)).length === 0) return [because('NO_CONNECTION')]
  // several stand in the way: those that would do so by themselves
  const each = wishes.filter(wish => journeys(withoutAll(wishes.filter(other => other !== wish))).length === 0)
  return (each.length > 0 ? each : wishes).map(({ code }) => because(code))
}

/** Undefined: with every elevator in order there is no answer either. */
function dueToElevators(
  horizon: Horizon,
  q: Query,
  searched: Window,
  working: (() => AllWorking) | undefined,
): Reason[] | undefined {
  const all = working?.()
  if (!all) return undefined
  const found = probe(all.planner, horizon, q, endsByAll(all.planner, horizon, q, all.onFeet), searched)
  const usable = found.filter(({ departure, arrival }) => arrival - departure <= q.maxTravelTime)
  return usable.length > 0 ? [becauseOfElevators(all, q, quickest(usable, q.arriveBy))] : undefined
}

const quickest = (journeys: readonly Journey[], arriveBy: boolean): Journey =>
  journeys.reduce((best, j) => ((arriveBy ? j.departure > best.departure : j.arrival < best.arrival) ? j : best))

const becauseOfElevators = ({ planner, states }: Omit<AllWorking, 'onFeet'>, q: Query, journey: Journey): Reason => ({
  ...because('ELEVATORS_OUT'),
  elevators: elevatorsOn(planner, q, states, journey),
})

/** The stops around both places by whatever was asked for. */
function endsByAll(planner: Planner, horizon: Horizon, q: Query, { start, end }: Ends): Ends {
  return {
    start: q.fromOffsets ? start : approachQuickest(planner, horizon, q, 'access'),
    end: q.toOffsets ? end : approachQuickest(planner, horizon, q, 'egress'),
  }
}

/** What vehicles lack where they reach no stop: something to rent, or a place to leave it at. */
function lacking(planner: Planner, horizon: Horizon, q: Query, side: Side, reach: Reach): Reason[] {
  if (reach.count > 0 || !q.approaches || !planner.streets) return []
  const { approaches, bikeParking: _asked, ...plain } = q
  const which = side === 'access' ? 'FROM' : 'TO'
  const modes = approaches[side]
  const reaches = (mode: StreetMode): boolean =>
    approachQuickest(planner, horizon, { ...plain, approaches: { ...approaches, [side]: [mode] } }, side).count > 0
  const needsPlace =
    (modes.includes('BIKE') && reaches('BIKE')) || (modes.includes('CAR_PARKING') && reaches('CAR_DROPOFF'))
  return [
    ...(modes.includes('RENTAL') ? [because(`${which}_NO_RENTAL`)] : []),
    ...(needsPlace ? [because(`${which}_NO_PARKING`)] : []),
  ]
}

/** Is any moment of the window on a service day? */
export const coversWindow = (tt: Timetable, { begin, end }: Window): boolean =>
  coversTime(tt, begin) || coversTime(tt, Math.max(begin, end - 1) as UnixSeconds)

function farAway(planner: Planner, q: Query, place: QueryPlace, reach: Reach, which: 'FROM' | 'TO'): Reason[] {
  if (reach.count > 0) return []
  const off = place.kind === 'stop' ? [] : whyOffStreets(planner.streets, q.walker, place, q.maxMatchingDistance, which)
  return off.length > 0 ? off : [because(`${which}_NO_STOP`)]
}

/** Whether a place touches no street that this traveller may use; stops do. */
export function whyOffStreets(
  streets: StreetSearch | undefined,
  profile: Profile,
  end: StreetEnd,
  maxMatchingDistance: number,
  which: 'FROM' | 'TO' | 'VIA',
): Reason[] {
  if (!streets || 'stop' in end) return []
  const isNear = (traveller: Profile): boolean => {
    travelAs(streets, traveller)
    return placeNear(streets, end, maxMatchingDistance) !== undefined
  }
  if (isNear(profile)) return []
  return [because(withoutLimits(profile, isNear) ? `${which}_LIMITS` : `${which}_NO_STREET`)]
}

const whyOffStreetsAtVia = ({ streets }: Planner, q: Query, place: QueryPlace, via: number): Reason[] =>
  place.kind === 'stop'
    ? []
    : whyOffStreets(streets, q.walker, place, q.maxMatchingDistance, 'VIA').map(reason => ({ ...reason, via }))

/** The longest that a way without transit may be asked to take, in seconds. */
const LONGEST_DIRECT = 6 * 3600

/**
 * @param find every way without transit; asked again where none was found
 * @param working where some elevators that matter to who asks are out of order
 */
export function whyNoDirect(
  { streets, timetable }: Planner,
  q: Query,
  find: (q: Query) => readonly Journey[],
  working?: () => Omit<AllWorking, 'onFeet'>,
): Reason[] {
  if (q.vias.length > 0) return [because('VIA')]
  // of what is for rent nobody knows without realtime
  const there = working
    ? find({ ...q, realtime: false }).filter(({ legs }) => !legs.some(leg => leg.kind === 'walk' && leg.by?.rental))
    : []
  if (there.length > 0) return [becauseOfElevators(working!(), q, quickest(there, q.arriveBy))]
  const ends = [streetEnd(timetable, q.from), streetEnd(timetable, q.to)] as const
  return whyNoWay(streets, [q.walker, q.rider], ends, q.maxMatchingDistance, (walker, relax) =>
    find({ ...q, walker, rider: relax(q.rider), maxDirect: LONGEST_DIRECT }).at(0),
  )
}

/** Along the streets alone. @param find as it was looked for, with another traveller or more time; `relax` is for who goes through stations */
export const whyNoStreet = (
  { streets }: Planner,
  ends: readonly [StreetEnd, StreetEnd],
  { profile, maxMatchingDistance }: PointTravel,
  find: (changed: { profile: Profile; maxSeconds: number }, relax: Relax) => unknown,
): Reason[] =>
  whyNoWay(streets, [profile], ends, maxMatchingDistance, (traveller, relax) =>
    find({ profile: traveller, maxSeconds: LONGEST_DIRECT }, relax),
  )

type Relax = (profile: Profile) => Profile

/** @param find with all the time one may ask for, which is dear: nothing is asked twice; `relax` does to others what was done to the first traveller */
function whyNoWay(
  streets: StreetSearch | undefined,
  travellers: readonly [Profile, ...Profile[]],
  [from, to]: readonly [StreetEnd, StreetEnd],
  maxMatchingDistance: number,
  find: (traveller: Profile, relax: Relax) => unknown,
): Reason[] {
  const [profile] = travellers
  const off = [
    ...whyOffStreets(streets, profile, from, maxMatchingDistance, 'FROM'),
    ...whyOffStreets(streets, profile, to, maxMatchingDistance, 'TO'),
  ]
  if (off.length > 0) return off
  if (find(profile, other => other)) return [because('DIRECT_TIME')]
  if (travellers.some(({ battery }) => battery) && find(withoutBattery(profile), withoutBattery))
    return [because('BATTERY')]
  const isLimited = travellers.some(({ mode, limits }) => mode === Mode.wheelchair || Object.keys(limits).length > 0)
  const free =
    isLimited &&
    withoutLimits(withoutBattery(profile), traveller =>
      find(traveller, other => ({ ...withoutBattery(other), limits: {} })),
    )
  return [because(free ? 'DIRECT_LIMITS' : 'NO_DIRECT')]
}

const withoutBattery = ({ battery: _own, ...profile }: Profile): Profile => profile

/** Whoever stands there when the window begins (arrive by: has to be there when it ends), within the days that are at hand. */
function probe(planner: Planner, horizon: Horizon, q: Query, ends: Ends, { begin, end }: Window): Journey[] {
  const span = spanOfReasons(q)
  const time = (q.arriveBy ? Math.max(begin, end - 1) : begin) as UnixSeconds
  const maxTravelTime = q.arriveBy ? time - span.begin : span.end - time
  return searching(planner, horizon, { ...q, time, window: 0, maxTravelTime }, ends, search => search.at(time))
}

interface Wish {
  readonly code: ReasonCode
  readonly without: (q: Query) => Query
}

/** What this query asks for beyond any journey at all; that it should be possible now is a wish too. */
function wishesOf(q: Query, { live }: Horizon): Wish[] {
  const { min, additional, factor } = q.transferTimes
  const wishes: (Wish | false)[] = [
    q.allowedRoutes !== undefined && { code: 'MODES', without: ({ allowedRoutes, ...rest }) => rest },
    [q.wheelchair, q.wheelchairStops].some(need => need !== 'no') && {
      code: 'WHEELCHAIR',
      without: query => ({ ...query, wheelchair: 'no', wheelchairStops: 'no' }),
    },
    q.bikes !== 'no' && { code: 'BIKES', without: query => ({ ...query, bikes: 'no' }) },
    (q.cars ?? 'no') !== 'no' && { code: 'CARS', without: query => ({ ...query, cars: 'no' }) },
    q.maxTransfers < MAX_TRANSFERS && {
      code: 'MAX_TRANSFERS',
      without: query => ({ ...query, maxTransfers: MAX_TRANSFERS }),
    },
    (min > 0 || additional > 0 || factor !== 1) && {
      code: 'TRANSFER_TIMES',
      without: query => ({ ...query, transferTimes: { min: 0, additional: 0, factor: 1 } }),
    },
    q.vias.length > 0 && { code: 'VIA', without: query => ({ ...query, vias: [] }) },
    q.realtime && live.counts.runs > 0 && { code: 'REALTIME', without: query => ({ ...query, realtime: false }) },
  ]
  return wishes.filter(wish => wish !== false)
}

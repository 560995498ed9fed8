// What a plan thread answers besides plans. A question is resolved to indices where it is asked (api/motis/) and answered here, in the
// thread that holds the search's memory.

import { endFor } from '#engine/access/doors.ts'
import { onTheWay } from '#engine/access/elevators.ts'
import { type Ground, insideOf } from '#engine/access/ground.ts'
import { leadsInside, passage } from '#engine/access/passage.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Tile } from '#engine/ground/mercator.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { streetEnd } from '#engine/plan/direct.ts'
import { type IntermodalQuery, reachManyByTransit } from '#engine/plan/intermodal.ts'
import { type IsochroneQuery, isochronesAround } from '#engine/plan/isochrone.ts'
import { parkingNear, rideSearch } from '#engine/plan/kept-courses.ts'
import { closedAtEnds, type ManyQuery, reachManyAt } from '#engine/plan/many.ts'
import { elevatorsNow, groundDuring, statesFor, wayAt } from '#engine/plan/moment.ts'
import type { Planner } from '#engine/plan/plan.ts'
import type { QueryPlace } from '#engine/plan/query.ts'
import { type ReachQuery, reachAll } from '#engine/plan/reach.ts'
import { because, whyNoStreet, whyOffStreets } from '#engine/plan/reasons.ts'
import type { SavedRide } from '#engine/plan/refresh.ts'
import type { WalkWhen } from '#engine/plan/walked.ts'
import { closedBeside, type StreetEnd } from '#engine/street/path.ts'
import type { Profile } from '#engine/street/profile.ts'
import { streetRoute } from '#engine/street/route.ts'
import type { PointTravel } from '#engine/street/search.ts'
import type { WalkLeg } from '#engine/transit/journey.ts'
import type { Question } from '#workers/service.ts'
import type { IntermodalResponse, ReachResponse, Way } from './contract/reach.ts'
import { elevatorsInTheWay } from './render/awaited.ts'
import { isochroneCollection } from './render/isochrone.ts'
import { type FoundItinerary, savedQuery } from './render/itinerary-id.ts'
import { type MovingQuestion, renderMoving } from './render/moving.ts'
import { renderPassage } from './render/passage.ts'
import { coordinatePlace, stopPlace, type View } from './render/place.ts'
import type { PlanView } from './render/plan-view.ts'
import { renderRefreshed } from './render/refresh.ts'
import { renderStreet, type StreetResponse, toldOfEnds } from './render/street.ts'
import { renderTransfers } from './render/transfers.ts'
import { walkAgain } from './render/walk-again.ts'
import { type GlyphRange, makeGlyphs } from './tiles/glyphs/glyphs.ts'
import { makeTile, type TileTables } from './tiles/tile.ts'

export type ApiQuestion =
  | { readonly kind: 'reach'; readonly query: ReachQuery; readonly style: TextStyle }
  | (FoundItinerary & {
      readonly kind: 'refresh'
      readonly rides: readonly SavedRide[]
      readonly style: TextStyle & {
        readonly detailedLegs: boolean
        readonly detailedTransfers?: boolean | undefined
        readonly joinInterlinedLegs: boolean
        readonly withFares?: boolean
        readonly withScheduledSkippedStops?: boolean
      }
    })
  /** How walks of a saved itinerary are made now. */
  | (FoundItinerary & {
      readonly kind: 'walks'
      readonly walks: readonly (readonly [walk: WalkLeg, when: WalkWhen])[]
    })
  | ({ readonly kind: 'tile'; readonly language: readonly string[] } & Tile)
  | ({ readonly kind: 'glyphs' } & GlyphRange)
  | {
      readonly kind: 'transfers'
      readonly stop: StopIdx
      readonly equivalences: readonly StopIdx[]
      readonly style: TextStyle
    }
  | ({ readonly kind: 'moving'; readonly style: TextStyle } & MovingQuestion)
  | {
      readonly kind: 'intermodal'
      readonly query: IntermodalQuery
      readonly direct: Pick<ManyQuery, 'profile' | 'maxSeconds'> & { readonly withDistance: boolean }
    }
  | {
      readonly kind: 'street'
      readonly from: StreetEnd
      readonly to: StreetEnd
      readonly options: PointTravel
      /** Who goes through stations. */
      readonly walker: Profile
      /** Elevators are as they are known to be then. */
      readonly time: UnixSeconds
    }
  | { readonly kind: 'isochrone'; readonly query: IsochroneQuery }
  | { readonly kind: 'many'; readonly query: ManyQuery; readonly withDistance: boolean }

export interface TextStyle {
  readonly version: number
  readonly language: readonly string[]
}

/** The answer, to be written as JSON; bytes are the answer themselves. */
export function answerQuestion(
  planner: Planner,
  horizon: Horizon,
  asked: Question,
  now: UnixSeconds,
  tables: TileTables = { timetable: planner.timetable },
): unknown {
  const question = asked as ApiQuestion
  switch (question.kind) {
    case 'reach':
      return reach(planner, horizon, question.query, { ...question.style, horizon, realtime: true, now })
    case 'refresh': {
      const { saved, rides, style } = question
      const view: PlanView = {
        ...savedView(planner, horizon, question, now),
        version: style.version,
        language: style.language,
        detailedLegs: style.detailedLegs,
        detailedTransfers: style.detailedTransfers ?? style.detailedLegs,
        joinStayed: style.joinInterlinedLegs,
        fares: style.withFares === true,
        scheduledSkipped: style.withScheduledSkippedStops === true,
      }
      return renderRefreshed(view, saved, rides)
    }
    case 'walks': {
      const again = walkAgain(savedView(planner, horizon, question, now))
      return question.walks.map(([walk, when]) => again(walk, when))
    }
    case 'tile':
      return makeTile(tables, question, question.language)
    case 'glyphs':
      return makeGlyphs(question)
    case 'transfers':
      return renderTransfers(
        { ...question.style, horizon, realtime: true, now },
        planner.ground,
        question.stop,
        question.equivalences,
      )
    case 'moving':
      return renderMoving({ ...question.style, horizon, realtime: true, now }, question)
    case 'intermodal':
      return intermodal(planner, horizon, question)
    case 'street':
      return street(planner, horizon, question)
    case 'isochrone':
      return isochrone(planner, horizon, question.query)
    case 'many':
      return renderWays(planner, horizon, question.query, now, question.withDistance)
  }
}

/** An itinerary found before, as who found it sees it now. */
function savedView(planner: Planner, horizon: Horizon, found: FoundItinerary, now: UnixSeconds): PlanView {
  const query = savedQuery(found)
  // one of no use to who climbs the stairs beside it may be to his bicycle
  const isRidden = found.saved.start.by !== undefined || found.saved.end.by !== undefined
  const outages = isRidden
    ? elevatorsNow(planner, horizon).filter(({ state }) => state === 'out')
    : statesFor(planner, horizon, query)
  return {
    ...{ horizon, version: 6, language: [], realtime: true, now },
    parking: () => parkingNear(planner, horizon),
    riding: (streets, rental) => rideSearch(planner, horizon, streets, rental),
    groundAt: (begin, end, mayUse) => groundDuring(planner, horizon, begin, end, mayUse),
    outages: () => outages,
    ...{ query, streets: planner.streets },
    ...{ detailedLegs: false, detailedTransfers: false, joinStayed: true },
    ...{ drawn: new Map(), ways: new Map(), written: new Map() },
  }
}

function street(
  planner: Planner,
  horizon: Horizon,
  { from, to, options, walker, time }: Extract<ApiQuestion, { kind: 'street' }>,
): unknown {
  const isInside = leadsInside(planner.ground, from, to)
  if (!isInside && !planner.streets) throw new FreifahrtError('BAD_REQUEST', 'from', 'this network has no map')
  const mayUse = onTheWay(horizon.timetable, from, to, options.maxSeconds, options.profile)
  const during = (begin: number, end: number): Ground => groundDuring(planner, horizon, begin, end, mayUse)
  const find = (ground: Ground) => passage(ground, from, to, options, insideOf(walker))
  const always = during(time, time + options.maxSeconds)
  const ground = always === planner.ground ? always : wayAt(during, time, false, find).ground
  const along = (): StreetResponse => {
    const [start, end] = [endFor(ground, options, from), endFor(ground, options, to)]
    return renderStreet(streetRoute(ground.streets!, start, end, options), options.profile)
  }
  const answer = isInside ? renderPassage(ground, from, to, options, walker) : along()
  if (answer.route) return answer
  const working = ground === planner.ground ? undefined : find(planner.ground)
  if (working)
    return {
      blocking: elevatorsInTheWay(planner.ground, working, elevatorsNow(planner, horizon), time),
      reasons: [because('ELEVATORS_OUT')],
    }
  const reasons = whyNoStreet(planner, [from, to], options, (changed, relax) =>
    passage(ground, from, to, { ...options, ...changed }, insideOf(relax(walker))),
  )
  return { ...answer, reasons }
}

function isochrone(planner: Planner, horizon: Horizon, query: IsochroneQuery): object {
  const found = isochronesAround(planner, horizon, query)
  const answer = isochroneCollection(found)
  const { streets, timetable } = planner
  const end = streetEnd(timetable, query.one)
  if (found.length > 0) {
    const { traveller: profile, maxMatchingDistance, arriveBy, one } = query
    const closed =
      streets && one.kind === 'coordinate' && closedBeside(streets, end, { profile, maxMatchingDistance }, arriveBy)
    return { ...answer, ...(closed && toldOfEnds(closed)) }
  }
  const off = whyOffStreets(streets, query.traveller, end, query.maxMatchingDistance, 'FROM')
  return { ...answer, reasons: streets ? off : [because('NO_MAP')] }
}

function renderWays(planner: Planner, horizon: Horizon, q: ManyQuery, time: number, withDistance: boolean): Way[] {
  const closed = closedAtEnds(planner, q)
  return reachManyAt(planner, horizon, q, time).map((way, n) => {
    if (!way) return {}
    const distance = Math.round(way.metres * 10) / 10
    return { duration: way.seconds, ...(withDistance && { distance }), ...toldOfEnds(closed[n]!) }
  })
}

/** Seconds, unlike one-to-all's minutes. */
function intermodal(
  planner: Planner,
  horizon: Horizon,
  { query, direct }: Extract<ApiQuestion, { kind: 'intermodal' }>,
): IntermodalResponse {
  const { arriveBy, maxMatchingDistance } = query
  const endOf = (place: QueryPlace): StreetEnd => streetEnd(horizon.timetable, place)
  const onStreets = {
    one: endOf(query.one),
    many: query.many.map(endOf),
    profile: direct.profile,
    walker: query.walker,
    maxSeconds: direct.maxSeconds,
    arriveBy,
    maxMatchingDistance,
  }
  return {
    street_durations: renderWays(planner, horizon, onStreets, query.time, direct.withDistance),
    transit_durations: reachManyByTransit(planner, horizon, query).map(trades =>
      trades.map(({ seconds, rides }) => ({ duration: seconds, transfers: rides - 1 })),
    ),
  }
}

/** MOTIS counts minutes, begun ones as well; arrive-by ones are negative. */
function reach(planner: Planner, horizon: Horizon, query: ReachQuery, view: View): ReachResponse {
  const sign = query.arriveBy ? -1 : 1
  const all = reachAll(planner, horizon, query).map(({ stop, seconds, rides }) => ({
    place: stopPlace(view, stop as StopIdx),
    duration: sign * Math.ceil(seconds / 60) || 0,
    k: rides,
  }))
  const { one } = query
  return {
    one: one.kind === 'stop' ? stopPlace(view, one.stop) : coordinatePlace(view, 'one', one.lat / E7, one.lon / E7),
    all,
  }
}

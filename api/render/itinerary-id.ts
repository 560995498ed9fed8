// The id of an itinerary: what it takes to read it again, whatever has happened to its times since. Opaque to clients; base64url of
//
//   [start, rides, end, 1?, who?]
//                          1: without steps; who: [walks, rides, limits?, m/s?], presets of who walks and who rides, unless on foot and by bike, and
//                          what was asked of the first beside: { "maxSlope": 4 … }
//                          start: [place, seconds of the walk, departure of a way without rides, approach?, wait?, places?]
//                          end: [place, seconds of the walk, approach?, wait?, places?]; approaches: saved-approach.ts, 0 on foot
//                          ride: [trip id, from, to, planned departure, seconds, seconds of the walk before or −1 for staying seated,
//                                 display name, mode, wait?, places?]
//                          wait: seconds between a walk and the ride beside it, where something does not work at once (or not for longer)
//
//                          places: those on the way before or after rides, saved-places.ts
//
// A place is a stop id or `lat,lon[,level]`; a stop that only realtime knows is its position, which says the same when the stop comes again and
// something when it has gone. Who sends one back may have written anything.

import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { DAY, type UnixSeconds } from '#engine/core/time.ts'
import { arrivalOf, departureOf, stopOf, viewRun } from '#engine/horizon/run-view.ts'
import { type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { Surface } from '#engine/street/graph.ts'
import { type Limits, Profile, smoothnessNames, withChanges } from '#engine/street/profile.ts'
import { isExtraStop } from '#engine/timetable/room.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { Approach, Journey, Leg, LegEnd, RideLeg } from '#engine/transit/journey.ts'
import type { PlanView } from './plan-view.ts'
import { displayName, modeOfRun } from './run.ts'
import { readApproach, writeApproach } from './saved-approach.ts'
import { type NamedPlaces, placesAtStart, placesBetween, placesReader, stopAt, writePlaces } from './saved-places.ts'
import { publicStopId, publicTripId } from './texts.ts'
import { offsetMode } from './walks.ts'

export interface SavedEnd {
  readonly place: string
  /** Of the walk there. */
  readonly seconds: number
  /** How, if not on foot. */
  readonly by?: Approach
  /** Seconds, as planned, between that walk and the ride; absent: none. */
  readonly wait?: number
  /** In place of one walk, where there are any. */
  readonly places?: NamedPlaces
}

export interface SavedRide {
  readonly tripId: string
  readonly from: string
  readonly to: string
  /** Unix seconds, as planned. */
  readonly departure: number
  readonly seconds: number
  /** Seconds of the walk before it, 0 for none; −1: the rider stayed seated. */
  readonly before: number
  /** Seconds, as planned, between the ride before and that walk; absent: none. */
  readonly wait?: number
  /** In place of the walk and the wait, where there are any. */
  readonly places?: NamedPlaces
  readonly displayName: string
  readonly mode: string
}

export interface SavedItinerary {
  readonly start: SavedEnd
  readonly rides: readonly SavedRide[]
  readonly end: SavedEnd
  /** Of a walk all the way. */
  readonly departure: number
  /** Of who cannot use steps. */
  readonly stepFree?: true
  /** Presets of who walks and who rides; undefined: on foot and by bike. */
  readonly who?: Travellers
}

export interface Travellers {
  readonly walker: keyof typeof Profile
  readonly rider: keyof typeof Profile
  /** Of who walks, where they are not the preset's. */
  readonly limits?: Limits
  readonly speed?: number
}

/** The travellers of a saved itinerary. */
export function profilesOf({ walker, rider, limits, speed }: Travellers): Record<'walker' | 'rider', Profile> {
  return { walker: withChanges(Profile[walker], { ...(limits && { limits }), speed }), rider: Profile[rider] }
}

/** Who asks again for a saved itinerary, as at first: what is rented is known as it is when he sets out. */
export function savedQuery({ saved, from, to, vias }: FoundItinerary): Query {
  const [first] = saved.rides
  const time = (first ? first.departure - saved.start.seconds : saved.departure) as UnixSeconds
  const places = vias.map(place => ({ place, stay: 0 }))
  return { ...queryDefaults, ...{ from, to, time, vias: places }, ...(saved.who && profilesOf(saved.who)) }
}

/** A saved itinerary whose places were found again; those on the way by their numbers. */
export interface FoundItinerary {
  readonly saved: SavedItinerary
  readonly from: QueryPlace
  readonly to: QueryPlace
  readonly vias: readonly QueryPlace[]
}

/** Of those on the way, by their numbers. */
export const placesOnTheWay = ({ start, rides, end }: SavedItinerary): string[] =>
  [start, ...rides, end].flatMap(({ places }) => places?.walks.flatMap(({ to }) => (to === '' ? [] : [to])) ?? [])

const STAYED = -1

export function itineraryId(view: PlanView, journey: Journey): string {
  const { legs } = journey
  const rides: SavedRide[] = []
  const textOfPlace = (end: LegEnd): string =>
    placeText(view, end.kind === 'via' ? view.query.vias[end.via]!.place : { kind: 'stop', stop: stopAt(end) })
  legs.forEach((leg, i) => {
    if (leg.kind !== 'ride') return
    const planned = plannedArrival(rides.at(-1))
    const places = rides.length > 0 && !leg.stayed ? placesBetween(legs, i, planned, textOfPlace) : {}
    rides.push({ ...savedRide(view, leg, legs[i - 1]), ...waitOf(legs, i - 1, planned), ...places })
  })
  const end = rides.length > 0 ? legs.at(-1) : undefined
  return writeItineraryId({
    start: {
      place: placeText(view, view.query.from),
      ...walked(view, legs[0]),
      ...waitAtStart(legs, rides[0]),
      ...placesAtStart(journey, rides[0]?.departure, textOfPlace),
    },
    rides,
    end: {
      place: placeText(view, view.query.to),
      ...walked(view, end),
      ...waitOf(legs, legs.length - 1, plannedArrival(rides.at(-1))),
      ...(rides.length > 0 ? placesBetween(legs, legs.length, plannedArrival(rides.at(-1)), textOfPlace) : {}),
    },
    departure: rides.length > 0 ? 0 : journey.departure,
    ...travellersIn(view.query),
  })
}

function walked(view: PlanView, leg: Leg | undefined): Pick<SavedEnd, 'seconds' | 'by'> {
  if (leg?.kind !== 'walk') return { seconds: 0 }
  const seconds = leg.arrival - leg.departure
  const mode = offsetMode(view, leg)
  const by: Approach | undefined =
    leg.by ?? (mode === 'WALK' ? undefined : { mode, parts: [{ mode, seconds, from: undefined, to: undefined }] })
  return { seconds, ...(by && { by }) }
}

const plannedArrival = (ride: SavedRide | undefined): number => (ride ? ride.departure + ride.seconds : 0)

/** Before a walk from a stop, on foot, that does not begin at once; who stays at a place on the way waits for nothing, nor with a vehicle. */
function waitOf(legs: readonly Leg[], at: number, planned: number): { readonly wait?: number } {
  const [ride, walk] = [legs[at - 1], legs[at]]
  if (ride?.kind !== 'ride' || walk?.kind !== 'walk') return {}
  if (walk.by || ride.placeAfter || walk.stay) return {}
  return walk.departure > ride.arrival && walk.departure > planned ? { wait: walk.departure - planned } : {}
}

/** At the first stop, for who has to be there before the ride leaves. */
function waitAtStart([walk, ride]: readonly Leg[], saved: SavedRide | undefined): { readonly wait?: number } {
  if (walk?.kind !== 'walk' || ride?.kind !== 'ride' || !saved) return {}
  if (walk.by || ride.stay) return {}
  return walk.arrival < ride.departure && walk.arrival < saved.departure ? { wait: saved.departure - walk.arrival } : {}
}

/** Who travels, as an itinerary says it. */
export const travellersIn = (query: Pick<Query, 'walker' | 'rider'>): Pick<SavedItinerary, 'stepFree' | 'who'> => ({
  ...(query.walker.limits.stairs === false && { stepFree: true }),
  ...whoOf(query),
})

function whoOf(query: Pick<Query, 'walker' | 'rider'>): Pick<SavedItinerary, 'who'> {
  const [walker, rider] = [query.walker.name, query.rider.name] as [keyof typeof Profile, keyof typeof Profile]
  const preset: Limits = Profile[walker].limits
  const asked = Object.entries(query.walker.limits).filter(([name, value]) => preset[name as keyof Limits] !== value)
  const limits = asked.length > 0 && { limits: Object.fromEntries(asked) as Limits }
  const speed = query.walker.speed !== Profile[walker].speed && { speed: query.walker.speed }
  return walker === 'foot' && rider === 'bike' && !limits && !speed
    ? {}
    : { who: { walker, rider, ...limits, ...speed } }
}

function savedRide(view: PlanView, leg: RideLeg, before: Leg | undefined): SavedRide {
  const tt = view.horizon.timetable
  const run = viewRun(view.horizon, leg, false)
  const departure = departureOf(run, leg.board)
  return {
    tripId: publicTripId(tt, leg.trip, leg.day, leg.shift),
    from: stopText(tt, stopOf(run, leg.board)),
    to: stopText(tt, stopOf(run, leg.alight)),
    departure,
    seconds: arrivalOf(run, leg.alight) - departure,
    before: leg.stayed
      ? STAYED
      : before?.kind === 'walk' && before.from.kind === 'stop'
        ? before.arrival - before.departure
        : 0,
    displayName: displayName({ horizon: view.horizon, language: [], realtime: false }, leg),
    mode: modeOfRun(view, leg),
  }
}

function placeText({ horizon }: PlanView, place: QueryPlace): string {
  if (place.kind === 'stop') return stopText(horizon.timetable, place.stop)
  const { lat, lon, level } = place
  return [lat / E7, lon / E7, ...(level === undefined ? [] : [level])].join(',')
}

const stopText = (tt: Timetable, stop: StopIdx): string =>
  isExtraStop(tt, stop) ? `${tt.stopLat[stop]! / E7},${tt.stopLon[stop]! / E7}` : publicStopId(tt, stop)

export function writeItineraryId({ start, rides, end, departure, stepFree, who }: SavedItinerary): string {
  const values = [
    [start.place, start.seconds, departure, ...approachAndWait(start)],
    rides.map(r => [
      ...[r.tripId, r.from, r.to, r.departure, r.seconds, r.before, r.displayName, r.mode],
      ...(r.wait || r.places ? [r.wait ?? 0] : []),
      ...(r.places ? [writePlaces(r.places)] : []),
    ]),
    [end.place, end.seconds, ...approachAndWait(end)],
    ...(stepFree || who ? [stepFree ? 1 : 0] : []),
    ...(who ? [[who.walker, who.rider, ...limitsAndSpeed(who)]] : []),
  ]
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

const limitsAndSpeed = ({ limits, speed }: Travellers): unknown[] =>
  speed === undefined ? (limits ? [limits] : []) : [limits ?? {}, speed]

/** 0: on foot. */
const approachAndWait = ({ by, wait = 0, places }: SavedEnd): unknown[] => {
  const approach = by ? writeApproach(by) : 0
  return places ? [approach, wait, writePlaces(places)] : wait ? [approach, wait] : by ? [approach] : []
}

const bad = (detail: string): FreifahrtError => new FreifahrtError('BAD_REQUEST', 'itineraryId', detail)

/** Throws BAD_REQUEST. */
export function readItineraryId(id: string): SavedItinerary {
  let values: unknown
  try {
    values = JSON.parse(Buffer.from(id, 'base64url').toString())
  } catch {
    throw bad('is no id of an itinerary')
  }
  const [start, rides, end, stepFree, who] = listOf(values)
  if (stepFree !== undefined && stepFree !== 0 && stepFree !== 1) throw bad('has a value that is out of range')
  const [from, startSeconds, departure, startBy, startWait, startPlaces] = listOf(start)
  const [to, endSeconds, endBy, endWait, endPlaces] = listOf(end)
  const placesFrom = placesReader(bad)
  return checked({
    start: {
      place: from as string,
      seconds: startSeconds as number,
      ...byOf(startBy),
      ...waitFrom(startWait),
      ...placesFrom(startPlaces),
    },
    rides: listOf(rides).map(ride => {
      const [tripId, boards, alights, at, seconds, before, name, mode, wait, places] = listOf(ride)
      const texts = { tripId, from: boards, to: alights, displayName: name, mode } as Record<'tripId', string>
      return { ...texts, departure: at, seconds, before, ...waitFrom(wait), ...placesFrom(places) } as SavedRide
    }),
    end: {
      place: to as string,
      seconds: endSeconds as number,
      ...byOf(endBy),
      ...waitFrom(endWait),
      ...placesFrom(endPlaces),
    },
    departure: departure as number,
    ...(stepFree === 1 && { stepFree: true }),
    ...(who !== undefined && { who: travellersOf(who) }),
  })
}

const byOf = (value: unknown): Pick<SavedEnd, 'by'> =>
  value === undefined || value === 0 ? {} : { by: readApproach(value) }
const waitFrom = (value: unknown): Pick<SavedEnd, 'wait'> =>
  value === undefined || value === 0 ? {} : { wait: value as number }

function travellersOf(value: unknown): Travellers {
  const [walker, rider, limits, speed] = listOf(value)
  const isPreset = (name: unknown): name is keyof typeof Profile =>
    typeof name === 'string' && Object.hasOwn(Profile, name)
  if (!isPreset(walker) || !isPreset(rider)) throw bad('names a traveller that is none')
  if (speed !== undefined && !(typeof speed === 'number' && speed > 0 && speed <= FASTEST))
    throw bad('names a pace that is none')
  return {
    walker,
    rider,
    ...(limits !== undefined && { limits: limitsOf(limits) }),
    ...(speed !== undefined && { speed }),
  }
}

/** On foot, m/s. */
const FASTEST = 20

const numbers = { maxSlope: 30, maxKerb: 30, minWidth: 3, maxWithoutRest: 20_000 } as const
const words: Readonly<Record<string, readonly unknown[]>> = {
  stairs: [false],
  surface: Object.keys(Surface),
  smoothness: smoothnessNames,
  unknown: ['allow', 'refuse'],
}

function limitsOf(value: unknown): Limits {
  if (typeof value !== 'object' || value === null) throw bad('names limits that are none')
  const entries = Object.entries(value)
  const good = ([name, limit]: [string, unknown]): boolean =>
    Object.hasOwn(numbers, name)
      ? typeof limit === 'number' && limit >= 0 && limit <= numbers[name as keyof typeof numbers]
      : Object.hasOwn(words, name) && words[name]!.includes(limit)
  if (!entries.every(good)) throw bad('names a limit that is none')
  return Object.fromEntries(entries) as Limits
}

const MAX_RIDES = 32

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw bad('is no id of an itinerary')
  return value
}

/** Nobody has looked at these values yet. Throws BAD_REQUEST. */
export function checked(saved: SavedItinerary): SavedItinerary {
  const { start, rides, end, departure } = saved
  if (rides.length > MAX_RIDES) throw bad(`${rides.length} rides, at most ${MAX_RIDES} are allowed`)
  const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 400
  const isWhole = (value: unknown, from: number, to: number): boolean =>
    Number.isInteger(value) && (value as number) >= from && (value as number) <= to
  const good =
    [start.place, end.place, ...rides.flatMap(r => [r.tripId, r.from, r.to, r.displayName, r.mode])].every(isText) &&
    [start.seconds, end.seconds].every(seconds => isWhole(seconds, 0, DAY)) &&
    [start, end, ...rides].every(({ wait = 0 }) => isWhole(wait, 0, DAY)) &&
    isWhole(departure, 0, LATEST) &&
    rides.every(
      r => isWhole(r.departure, 0, LATEST) && isWhole(r.seconds, 0, 7 * DAY) && isWhole(r.before, STAYED, DAY),
    )
  if (!good) throw bad('has a value that is out of range')
  return saved
}

/** The year 5138: what a date can be told as. */
const LATEST = 1e11

// MOTIS' own words for an itinerary, as refresh-itinerary takes them in a POST: its legs, each with its ends, its planned times and its trip.

import { checked, type SavedEnd, type SavedItinerary, type SavedRide } from '#api/render/itinerary-id.ts'
import { displayName, modeOfRun } from '#api/render/run.ts'
import { readApproach } from '#api/render/saved-approach.ts'
import { placesReader } from '#api/render/saved-places.ts'
import { publicStopId, publicTripId } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { toE7 } from '#engine/core/geo.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { type RunCall, type RunKey, readRun } from '#engine/horizon/runs.ts'
import { throughTripsOf } from '#engine/timetable/continuations.ts'
import { findStop, type StopLookup } from '#engine/timetable/lookup.ts'
import { type Timetable, zoneOfTrip } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { findRide } from './saved.ts'
import { findRun } from './trip.ts'

const bad = (detail: string): FreifahrtError => new FreifahrtError('BAD_REQUEST', 'id.legs', detail)

interface BodyLeg {
  readonly [name: string]: unknown
}

/**
 * `{id: {legs: [{tripId, fromId, fromLat, fromLon, toId, …, schedStart, schedEnd, mode, displayName, stay}]}}`, `stay` our own; legs without a
 * trip are ways along streets. Throws BAD_REQUEST, UNKNOWN_STOP, UNKNOWN_TAG.
 */
export function readLegs(service: TransitService, body: unknown): SavedItinerary {
  const { lookup } = service
  const legs = (body as { id?: { legs?: unknown } } | null)?.id?.legs
  if (!Array.isArray(legs) || legs.length === 0 || !legs.every(leg => typeof leg === 'object' && leg !== null))
    throw bad('is no list of legs')
  const rides: SavedRide[] = []
  const placesOf = placesReader(bad)
  const places = (ways: readonly BodyLeg[], before: BodyLeg | undefined, ride: BodyLeg | undefined) =>
    placesOf(placesIn(lookup, ways, before, ride))
  let start: Pick<SavedEnd, 'seconds' | 'by' | 'places'> = { seconds: 0 }
  let lastRide: BodyLeg | undefined
  let since: BodyLeg[] = [] // the last ride
  for (const leg of legs as BodyLeg[]) {
    if (typeof leg.tripId !== 'string' || leg.tripId === '') {
      since.push(leg)
      continue
    }
    const here = places(since, lastRide, leg)
    if (rides.length === 0) start = { ...wayOf(since), ...here }
    rides.push({
      tripId: leg.tripId,
      from: placeOf(lookup, leg, 'from'),
      to: placeOf(lookup, leg, 'to'),
      departure: timeOf(leg.schedStart),
      seconds: secondsOf(leg, leg),
      // who changes has a leg for it, at one stop as well
      before: since.length > 0 ? wayOf(since).seconds : rides.length > 0 ? STAYED : 0,
      displayName: typeof leg.displayName === 'string' ? leg.displayName : '',
      mode: typeof leg.mode === 'string' ? leg.mode : 'OTHER',
      ...(rides.length > 0 && here),
    })
    lastRide = leg
    since = []
  }
  const way = wayOf(since)
  const end = lastRide ? { ...way, ...places(since, lastRide, undefined) } : { seconds: 0 }
  const saved = checked({
    start: { place: placeOf(lookup, legs[0], 'from'), ...(lastRide ? start : way) },
    rides,
    end: { place: placeOf(lookup, legs.at(-1), 'to'), ...end },
    departure: rides.length > 0 ? 0 : timeOf(legs[0].schedStart),
  })
  const chainsOf = chainsOn(service.timetable)
  return checked({ ...saved, rides: saved.rides.flatMap(ride => ridesOf(service, ride, chainsOf)) })
}

/** Service days of a zone for which one body is answered what vehicles go on as: some hundredths of a second each in a large city. */
const MOST_DAYS = 4

/** Run → the chains of trips that its riders may stay on. */
function chainsOn(tt: Timetable): (run: RunKey) => ReturnType<ReturnType<typeof throughTripsOf>> {
  const days = new Map<string, ReturnType<typeof throughTripsOf>>()
  return ({ trip, day }) => {
    const zone = zoneOfTrip(tt, trip)
    const key = `${zone} ${day}`
    if (!days.has(key) && days.size === MOST_DAYS) return []
    return days.getOrInsertComputed(key, () => throughTripsOf(tt, zone, day))(trip)
  }
}

/** A ride for each trip that the vehicle goes on as while the rider stays seated: told as one leg it has the first one's id. */
function ridesOf(service: TransitService, ride: SavedRide, chainsOf: ReturnType<typeof chainsOn>): SavedRide[] {
  const { horizon } = service
  const run = findRun(service, ride.tripId)
  const arrival = ride.departure + ride.seconds
  /** Does it get there when the rider was told? */
  const isWhole = (part: SavedRide): boolean => {
    const found = findRide(service, part)
    return found.run !== undefined && readRun(horizon, found.run, false).calls[found.alight]!.arrival === arrival
  }
  if (!run || isWhole(ride)) return [ride]
  for (const parts of chainsOf(run)) {
    const rides: SavedRide[] = []
    for (const [i, { trip, days }] of parts.entries()) {
      const key: RunKey = { trip: trip as TripIdx, day: (run.day + days) as ServiceDay, shift: i === 0 ? run.shift : 0 }
      const { calls } = readRun(horizon, key, false)
      const whole = rideBetween(service, key, calls[0]!, calls.at(-1)!)
      const { from, departure, before } = i === 0 ? ride : { ...whole, before: STAYED }
      const last = { ...whole, from, departure, before, to: ride.to, seconds: arrival - departure }
      if (i > 0 && isWhole(last)) return [...rides, last]
      const seconds = whole.departure + whole.seconds - departure
      rides.push({ ...(i === 0 && ride.places && { places: ride.places }), ...whole, from, departure, before, seconds })
    }
  }
  return [ride]
}

const STAYED = -1

function rideBetween({ horizon, timetable: tt }: TransitService, run: RunKey, from: RunCall, to: RunCall) {
  const view = { horizon, version: 6, language: [], realtime: false, now: from.departure } as const
  return {
    tripId: publicTripId(tt, run.trip, run.day, run.shift),
    from: publicStopId(tt, from.stop),
    to: publicStopId(tt, to.stop),
    departure: from.departure as number,
    seconds: to.arrival - from.departure,
    displayName: displayName(view, run),
    mode: modeOfRun(view, run),
  }
}

/** One way along streets, in one leg or several; on foot alone it is as long as it is. Throws BAD_REQUEST. */
function wayOf(legs: readonly BodyLeg[]): Pick<SavedEnd, 'seconds' | 'by'> {
  if (legs.length === 0) return { seconds: 0 }
  const seconds = secondsOf(legs[0]!, legs.at(-1)!)
  const vehicle = legs.map(({ mode }) => mode).find(mode => mode !== undefined && mode !== 'WALK')
  if (vehicle === undefined) return { seconds }
  const parts = legs.map((leg, i) => [
    PARTS[leg.mode as string] ?? leg.mode ?? 'WALK',
    secondsOf(leg, leg),
    ...(i < legs.length - 1 ? [[toE7(Number(leg.toLat)), toE7(Number(leg.toLon)), '', '']] : []),
  ])
  return { seconds, by: readApproach([vehicle, parts], 'id.legs') }
}

/**
 * Places on the way come by on foot between two rides, before the first or after the last, as an id has them (saved-places.ts); undefined: none.
 * What is between two walks beyond a leg's own `stay` is a wait.
 */
function placesIn(
  lookup: StopLookup,
  ways: readonly BodyLeg[],
  before: BodyLeg | undefined,
  ride: BodyLeg | undefined,
): unknown {
  // who changes at one stop walks nowhere; who stays there before the first ride or after the last has a leg for it
  const isMoving = (leg: BodyLeg): boolean => placeOf(lookup, leg, 'from') !== placeOf(lookup, leg, 'to')
  const walks = before && ride ? ways.filter(isMoving) : ways
  const hasStay = [...walks, ...(ride ? [ride] : [])].some(leg => stayOf(leg) !== 0)
  const isOnFoot = ways.every(({ mode }) => mode === undefined || mode === 'WALK')
  if (!isOnFoot || (walks.length < 2 && !hasStay)) return undefined
  /** Is there more time between two legs than has to be spent there? */
  const waits = (leg: BodyLeg | undefined, next: BodyLeg | undefined): boolean =>
    leg !== undefined && next !== undefined && timeOf(next.schedStart) - stayOf(next) > timeOf(leg.schedEnd)
  const apart = (leg: BodyLeg, n: number): number => {
    if (before) return waits(walks[n - 1] ?? before, leg) ? timeOf(leg.schedStart) - timeOf(before.schedEnd) : 0
    return waits(leg, walks[n + 1] ?? ride) ? Math.max(0, timeOf(ride!.schedStart) - timeOf(leg.schedEnd)) : 0
  }
  const saved = walks.map((leg, n) => [
    n < walks.length - 1 ? placeOf(lookup, leg, 'to') : '',
    ...[secondsOf(leg, leg), stayOf(leg), apart(leg, n)],
  ])
  return [saved, ride ? stayOf(ride) : 0]
}

const stayOf = ({ stay }: BodyLeg): number => (stay ?? 0) as number

/** Ways that are told by what becomes of the car. */
const PARTS: Readonly<Record<string, string>> = { CAR_PARKING: 'CAR', CAR_DROPOFF: 'CAR' }

const secondsOf = (first: BodyLeg, last: BodyLeg): number => timeOf(last.schedEnd) - timeOf(first.schedStart)

/** A stop that the timetable does not have is told by its position, if the leg says one. */
function placeOf(lookup: StopLookup, leg: BodyLeg, which: 'from' | 'to'): string {
  const [id, lat, lon] = [leg[`${which}Id`], leg[`${which}Lat`], leg[`${which}Lon`]]
  const isStop = typeof id === 'string' && id !== ''
  const isPoint = Number.isFinite(lat) && Number.isFinite(lon)
  return isStop && (!isPoint || findStop(lookup, id) !== undefined) ? id : `${lat},${lon}`
}

/** Unix seconds, or RFC 3339. */
function timeOf(value: unknown): number {
  if (Number.isInteger(value)) return value as number
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(ms)) throw bad('has a leg without schedStart and schedEnd')
  return Math.floor(ms / 1000)
}

// journey:<itinerary id>, a watched journey. It is read again only when one of its own rides has changed where the rider gets on or off.
// When it can no longer be travelled as planned, a way on is searched and stands beside it as soon as it is found.

import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import { elevatorName, elevatorsNow } from '#api/elevators.ts'
import { findPlaces, findRide } from '#api/motis/saved.ts'
import { withChildren } from '#api/motis/stops.ts'
import type { PlanExtra } from '#api/plan-page.ts'
import { readPlace } from '#api/plugins/parameters.ts'
import { profilesOf, readItineraryId } from '#api/render/itinerary-id.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { isLasting } from '#engine/horizon/runs.ts'
import { type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { isOfferGone, type SavedRide } from '#engine/plan/refresh.ts'
import { Profile } from '#engine/street/profile.ts'
import { extraStops } from '#engine/timetable/room.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { type ElevatorTold, type JourneyReading, readJourney, stampOf, type WatchedJourney } from '../journey.ts'
import { LONGEST_REST, type Topic } from '../topic.ts'
import { inTurn } from './in-turn.ts'
import { WalksNow } from './walks-now.ts'

/** Seconds after which a way on is searched again. */
const SEARCH_AGAIN = 60

/** Throws BAD_REQUEST for an id that is none or an itinerary without rides, UNKNOWN_STOP, UNKNOWN_TAG. */
export function journeyTopic(
  service: TransitService,
  id: string,
  language: readonly string[],
  touch: () => void,
): Topic {
  const watched = watchedJourney(service, id, language)
  const { rides } = watched
  const { timetable: tt } = service
  const ends = new Set(rides.flatMap(({ from, to }) => [rootStop(tt, from), rootStop(tt, to)]))
  const isPoint = (place: string): boolean => readPlace('ch', place).kind === 'coordinate'
  const realtimeStops = watched.saved.rides.some(({ from, to }) => isPoint(from) || isPoint(to)) ? extraStops(tt) : []
  const { start, end } = watched.saved
  const rented = [start, end].flatMap(({ by }) => (by?.rental ? [by] : []))
  const way = new WayOn(watched, touch)
  const walks = new WalksNow(watched, touch)
  const ridesNow = (current: TransitService): readonly SavedRide[] =>
    rides.every(({ run }) => run && isLasting(current.horizon, run))
      ? rides
      : watched.saved.rides.map(ride => findRide(current, ride))
  return {
    kind: 'journey',
    // a ride may move to any platform of the station, and a stop that only realtime knows has another number when it comes again
    stops: [...new Set([...[...ends].flatMap(station => [...withChildren(tt, station)]), ...realtimeStops])],
    get elevators() {
      return walks.elevators
    },
    alerts: false,
    conditions: rented.length > 0,
    vehicles: false,
    sources: false,
    pace: 'slow',
    stamp(current) {
      const offers = rented.flatMap(by => [0, undefined].map(time => String(isOfferGone(current.horizon, by, time))))
      return stampOf(current.horizon, ridesNow(current), [walks.stamp(current), ...offers])
    },
    read(current) {
      const { horizon, clock } = current
      const now = clock.now()
      const { again, end } = walks.begin(current)
      const { rows, journey, notices, stranded } = readJourney(
        horizon,
        { ...watched, rides: ridesNow(current) },
        now,
        again,
        id => elevatorOf(current, id),
      )
      end()
      const over = journey.state === 'over'
      const alternative = way.find(current, over ? undefined : stranded, now)
      const changes = [journey.departure, journey.arrival + 1].filter(time => time > now)
      return {
        rows,
        members: { journey, notices, alternative },
        due: Math.min(way.due, walks.due, ...changes, over ? Number.POSITIVE_INFINITY : now + LONGEST_REST),
      }
    },
    close() {
      way.close()
      walks.close()
    },
  }
}

/** Throws as `journeyTopic`. */
export function watchedJourney(service: TransitService, id: string, language: readonly string[]): WatchedJourney {
  const saved = readItineraryId(id)
  if (saved.rides.length === 0) throw new FreifahrtError('BAD_REQUEST', 'ch', 'a walk all the way has nothing to watch')
  return {
    ...findPlaces(service, saved, 'ch'),
    language,
    rides: saved.rides.map(ride => findRide(service, ride)),
  }
}

function elevatorOf(service: TransitService, id: string): ElevatorTold {
  const state = elevatorsNow(service).find(({ elevator }) => elevator.id === id)
  const { out = [], source } = state ?? {}
  return { id, name: (state && elevatorName(service, state)) || id, out, source }
}

/** The way on: searched once for each place at which the rider is stranded, and again every minute. */
class WayOn {
  due = Number.POSITIVE_INFINITY
  private readonly watched: WatchedJourney
  private readonly touch: () => void
  private from: QueryPlace | undefined
  private found: Itinerary | null = null
  private searching: AbortController | undefined

  constructor(watched: WatchedJourney, touch: () => void) {
    this.watched = watched
    this.touch = touch
  }

  /** What is known of it now; what is not is searched, and told by `touch`. */
  find(service: TransitService, stranded: JourneyReading['stranded'], now: UnixSeconds): Itinerary | null {
    if (!stranded) {
      this.close()
      this.from = undefined
      this.found = null
      return null
    }
    const same = this.from !== undefined && samePlace(this.from, stranded.from)
    if (same && now < this.due) return this.found
    this.close()
    if (!same) this.found = null
    this.from = stranded.from
    const searching = new AbortController()
    this.searching = searching
    inTurn(service, () => this.search(service, stranded, searching.signal))
    return this.found
  }

  /** No search is under way or will be. */
  close(): void {
    this.searching?.abort()
    this.searching = undefined
    this.due = Number.POSITIVE_INFINITY
  }

  private async search(
    service: TransitService,
    { from, at }: NonNullable<JourneyReading['stranded']>,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) return
    const time = Math.max(at, service.clock.now()) as UnixSeconds
    const { to, saved } = this.watched
    const query: Query = {
      ...queryDefaults,
      ...(saved.stepFree && {
        walker: Profile.wheelchair,
        wheelchair: 'yes-or-unknown',
        wheelchairStops: 'yes-or-unknown',
      }),
      ...(saved.who && profilesOf(saved.who)),
      ...{ from, to, time, window: 3600, minJourneys: 1, distinct: true },
    }
    let found = this.found
    try {
      const bytes = await service.plan(query, { version: 6, language: this.watched.language, extra }, { signal })
      const { itineraries, direct } = JSON.parse(new TextDecoder().decode(bytes)) as PlanResponse
      found = [...itineraries, ...direct].reduce<Itinerary | null>(earlier, null)
    } catch {
      // overloaded or too slow: what was found before stays, and it is tried again like any other
    }
    if (signal.aborted) return
    this.due = service.clock.now() + SEARCH_AGAIN
    this.found = found
    this.touch()
  }
}

const extra: PlanExtra = {
  requestParameters: {},
  annotate: true,
  detailedLegs: true,
  detailedTransfers: false,
  joinInterlinedLegs: true,
  maxItineraries: undefined,
  numLegAlternatives: 0,
}

const earlier = (best: Itinerary | null, one: Itinerary): Itinerary =>
  best === null || one.endTime < best.endTime ? one : best

const samePlace = (a: QueryPlace, b: QueryPlace): boolean =>
  a.kind === 'stop' ? b.kind === 'stop' && a.stop === b.stop : b.kind !== 'stop' && a.lat === b.lat && a.lon === b.lon

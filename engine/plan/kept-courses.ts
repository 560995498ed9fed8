// Which courses a query's end is made with, and the searches for them: made once for the conditions of a generation, as far as queries are alike.

import type { Course } from '../access/course.ts'
import { carCourse, rentalCourses, type StreetsFor, withoutForbidden } from '../access/courses.ts'
import { bikeAlong, bikeCourse, type ParkingPlaces, parkingCourse, parkingPlaces } from '../access/parking.ts'
import { noConditions } from '../conditions/conditions.ts'
import { isKnownAt, systemAt } from '../conditions/rental.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { StreetGraph } from '../street/graph.ts'
import { createStreetSearch, type StreetSearch, searchOn } from '../street/search.ts'
import type { ApproachMode } from '../transit/journey.ts'
import type { Side } from './approaches.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'

export function coursesOf(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  side: Side | 'direct',
  mode: ApproachMode,
): Course[] {
  if (!planner.streets) return []
  const { graph } = planner.streets
  const conditions = horizon.conditions ?? noConditions
  const kept = keptFor(planner, conditions)
  // to fetch a vehicle needs no free space
  const begins = side === 'egress' ? undefined : q.time
  switch (mode) {
    case 'BIKE':
      if (q.bikes !== 'no' && side !== 'direct') return [bikeAlong(graph, q.rider)]
      return [bikeCourse(graph, q.rider, q.bikeParking ?? 'anywhere', parkingNear(planner, horizon), begins)]
    case 'CAR':
    case 'CAR_DROPOFF':
      return [carCourse(graph, mode)]
    case 'CAR_PARKING':
      return [parkingCourse(graph, parkingNear(planner, horizon), begins)]
    case 'RENTAL': {
      const time = q.realtime ? q.time : undefined
      const filter = q.approaches!.rental[side]
      const maxSeconds = maxSecondsOf(q, side)
      const known = conditions.rentals.map(system => isKnownAt(system, time))
      const key = JSON.stringify([maxSeconds, filter, q.rider, known])
      const streets = onStreets(kept, graph)
      const courses = streets.rentals
      if (courses.size >= KEPT_RENTALS && !courses.has(key)) courses.delete(courses.keys().next().value!)
      return courses.getOrInsertComputed(key, () => {
        const systems = conditions.rentals.map(system => systemAt(system, time))
        return rentalCourses(graph, systems, filter, maxSeconds, q.rider, ridingOn(streets))
      })
    }
  }
}

/** The streets without those that a rented vehicle of this type may not ride on: where the courses lead, to draw them. */
export function rideSearch(
  planner: Planner,
  { conditions = noConditions }: Horizon,
  streets: StreetSearch,
  rental: { readonly system: string; readonly type: string },
): StreetSearch {
  const system = conditions.rentals.find(({ id }) => id === rental.system)
  // a type comes from outside, and each that is known has a graph of its own
  if (!system?.types.some(({ id }) => id === rental.type)) return streets
  const graph = ridingOn(onStreets(keptFor(planner, conditions), streets.graph))(streets.graph, system, rental.type)
  return graph === streets.graph ? streets : searchFor(planner, graph, RIDING)
}

const ridingOn =
  ({ riding }: OnStreets): StreetsFor =>
  (graph, system, type) =>
    riding.getOrInsertComputed(JSON.stringify([system.id, type]), () => withoutForbidden(graph, system, type))

const noPlaces: ParkingPlaces = { cars: [], bicycles: [] }

/** Racks and car parks of the map and of now. */
export function parkingNear(planner: Planner, { conditions = noConditions }: Horizon): ParkingPlaces {
  if (!planner.streets) return noPlaces
  const { graph } = planner.streets
  const kept = onStreets(keptFor(planner, conditions), graph)
  kept.parking ??= parkingPlaces(graph, conditions)
  return kept.parking
}

export const maxSecondsOf = (q: Query, side: Side | 'direct'): number =>
  side === 'access' ? q.maxAccess : side === 'egress' ? q.maxEgress : q.maxDirect

/** Of as many filters, limits and riders. */
const KEPT_RENTALS = 24

/** What is made once for the conditions of a generation. */
export interface KeptCourses {
  readonly conditions: unknown
  /** The streets asked for last are last. */
  readonly streets: Map<StreetGraph, OnStreets>
  readonly searches: Map<StreetGraph, StreetSearch[]>
  /** By number: whose labels those of that number on all streets use in turn. */
  readonly first: StreetSearch[]
}

interface OnStreets {
  readonly rentals: Map<string, Course[]>
  parking: ParkingPlaces | undefined
  /** By system and type alone, whatever is asked for: each comes with search states of its own. */
  readonly riding: Map<string, StreetGraph>
}

/** Streets are others for each set of elevators that are out; one query is about so many at most (outlook.ts). */
const MOST_STREETS = 8

function onStreets({ streets, searches }: KeptCourses, graph: StreetGraph): OnStreets {
  const found = streets.get(graph) ?? { rentals: new Map(), parking: undefined, riding: new Map() }
  streets.delete(graph)
  streets.set(graph, found)
  if (streets.size > MOST_STREETS) {
    const [oldest, { riding }] = streets.entries().next().value!
    streets.delete(oldest)
    for (const gone of [oldest, ...riding.values()]) searches.delete(gone)
  }
  return found
}

function keptFor({ moments, streets }: Planner, conditions: unknown): KeptCourses {
  const before = moments.courses
  if (before && before.conditions === conditions) return before
  // search states are large: those of the streets themselves stay
  const searches = new Map([...(before?.searches ?? [])].filter(([graph]) => graph === streets?.graph))
  moments.courses = { conditions, streets: new Map(), searches, first: before?.first ?? [] }
  return moments.courses
}

/** The n-th search of these streets, whatever of them is closed: whoever searches by one number at a time keeps the answers of others. */
export function searchFor({ moments, streets, state }: Planner, graph: StreetGraph, nth: number): StreetSearch {
  const { searches, first } = moments.courses!
  const own = searches.getOrInsertComputed(graph, () => [])
  first[nth] ??= createStreetSearch(graph, streets!.links, state)
  own[nth] ??= graph === first[nth].graph ? first[nth] : searchOn(graph, first[nth])
  return own[nth]
}

/** To walk to a vehicle, to walk on from it, to ride. */
export const [TO_VEHICLE, FROM_VEHICLE, RIDING] = [0, 1, 2]

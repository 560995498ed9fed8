// Which courses a query's end is made with, and the searches for them: made once for the conditions of a generation, as far as queries are alike.

import type { Course } from '../access/course.ts'
import { carCourse, rentalCourses, type StreetsFor, withoutForbidden } from '../access/courses.ts'
import { bikeAlong, bikeCourse, type ParkingPlaces, parkingCourse, parkingPlaces } from '../access/parking.ts'
import { noConditions } from '../conditions/conditions.ts'
import { isKnownAt, systemAt } from '../conditions/rental.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { StreetGraph } from '../street/graph.ts'
import { createStreetSearch, type StreetSearch } from '../street/search.ts'
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
      const courses = kept.rentals.getOrInsertComputed(graph, () => new Map())
      if (courses.size >= KEPT_RENTALS && !courses.has(key)) courses.delete(courses.keys().next().value!)
      return courses.getOrInsertComputed(key, () => {
        const systems = conditions.rentals.map(system => systemAt(system, time))
        return rentalCourses(graph, systems, filter, maxSeconds, q.rider, kept.streetsFor)
      })
    }
  }
}

const noPlaces: ParkingPlaces = { cars: [], bicycles: [] }

/** Racks and car parks of the map and of now. */
export function parkingNear(planner: Planner, { conditions = noConditions }: Horizon): ParkingPlaces {
  if (!planner.streets) return noPlaces
  const kept = keptFor(planner, conditions)
  const { graph } = planner.streets
  return kept.parking.getOrInsertComputed(graph, () => parkingPlaces(graph, conditions))
}

export const maxSecondsOf = (q: Query, side: Side | 'direct'): number =>
  side === 'access' ? q.maxAccess : side === 'egress' ? q.maxEgress : q.maxDirect

/** Of as many filters, limits and riders. */
const KEPT_RENTALS = 24

/** What is made once for the conditions of a generation. */
export interface KeptCourses {
  readonly conditions: unknown
  readonly rentals: Map<StreetGraph, Map<string, Course[]>>
  readonly parking: Map<StreetGraph, ParkingPlaces>
  /** By system and type alone, whatever is asked for: each comes with search states of its own. */
  readonly streetsFor: StreetsFor
  readonly searches: Map<StreetGraph, StreetSearch[]>
}

/** Streets are others whenever another elevator is out: what was made on those asked for last is let go beyond so many. */
const MOST_STREETS = 3

function keptFor({ moments, streets }: Planner, conditions: unknown): KeptCourses {
  const before = moments.courses
  if (before && before.conditions === conditions) return before
  // search states are large: those of the streets themselves stay
  const searches = new Map([...(before?.searches ?? [])].filter(([graph]) => graph === streets?.graph))
  const kept: KeptCourses = { conditions, rentals: new Map(), parking: new Map(), streetsFor: keptStreets(), searches }
  moments.courses = kept
  return kept
}

function keptStreets(): StreetsFor {
  const all = new Map<StreetGraph, Map<string, StreetGraph>>()
  return (graph, system, type) =>
    all
      .getOrInsertComputed(graph, () => new Map())
      .getOrInsertComputed(JSON.stringify([system.id, type]), () => withoutForbidden(graph, system, type))
}

export function searchFor(planner: Planner, graph: StreetGraph, nth: number): StreetSearch {
  const searches = planner.moments.courses!.searches.getOrInsertComputed(graph, () => [])
  while (searches.length <= nth) searches.push(createStreetSearch(graph, planner.streets!.links, planner.state))
  return searches[nth]!
}

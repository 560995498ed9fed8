// Courses run over drawn streets: what they reach, how, and how long it takes.

import { type Course, courseStops, runCourse, traceCourse } from '#engine/access/course.ts'
import { anyRental, rentalCourses } from '#engine/access/courses.ts'
import type { RentalStation, RentalSystem } from '#engine/conditions/rental.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { placesOfStop } from '#engine/street/ends.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import type { Approach } from '#engine/transit/journey.ts'
import type { DrawnStreets, Point } from './streets.ts'

export const walker = withChanges(Profile.foot, { speed: 1 })

export const station = (id: string, at: Point, more: Partial<RentalStation> = {}): RentalStation => ({
  id,
  name: id,
  ...at,
  renting: true,
  returning: true,
  available: { b: 3 },
  docks: { b: 2 },
  ...more,
})

export const system = (stations: RentalStation[], more: Partial<RentalSystem> = {}): RentalSystem => ({
  id: 'bikes',
  group: 'bikes',
  name: 'Bikes',
  systemId: 'bikes',
  types: [
    { id: 'b', name: 'b', formFactor: 'BICYCLE', propulsion: 'HUMAN', rangeMetres: undefined, returns: 'ANY_STATION' },
  ],
  stations,
  vehicles: [],
  zones: [],
  otherwise: [],
  measured: 0,
  ...more,
})

function searchesFor(s: DrawnStreets, course: Course) {
  const make = (graph = s.graph) => createStreetSearch(graph, s.links)
  return { first: make(), last: make(), ride: make(course.graph) }
}

export function runFrom(s: DrawnStreets, course: Course, from: Point, maxSeconds = 900, reverse = false) {
  const doors = [{ end: from, point: from, seconds: 0 }]
  const limits = { maxSeconds, maxMatchingDistance: 100, reverse }
  return runCourse(course, searchesFor(s, course), { ...from, doors, walker, ...limits })
}

/** Stop → seconds, and the way there. */
export function reached(s: DrawnStreets, course: Course, from: Point, maxSeconds = 900, reverse = false) {
  const run = runFrom(s, course, from, maxSeconds, reverse)
  const found = new Map<string, { seconds: number; by: Approach }>()
  if (!run) return found
  const { stops, seconds, count } = courseStops(run)
  const all = Array.from({ length: count }, (_, i) => [stops[i]! as StopIdx, seconds[i]!] as const)
  const ways = traceCourse(
    run,
    all.map(([stop]) => placesOfStop(s.search, walker, stop, !reverse)),
  )
  for (const [i, [stop, seconds]] of all.entries()) found.set(s.stopName(stop), { seconds, by: ways[i]! })
  return found
}

export const partsOf = ({ by }: { by: Approach }): string =>
  by.parts.map(p => `${p.from?.name ?? ''}-${p.mode} ${Math.round(p.seconds)}-${p.to?.name ?? ''}`).join(' ')

export const rentals = (s: DrawnStreets, rental: RentalSystem, filter = anyRental, rider: Profile = Profile.bike) =>
  rentalCourses(s.graph, [rental], filter, 900, rider)

// Courses run over drawn streets: what they reach, how, and how long it takes.

import { type Course, runCourse, traceCourse } from '#engine/access/course.ts'
import { anyRental, rentalCourses } from '#engine/access/courses.ts'
import { runsOf } from '#engine/access/runs.ts'
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

const asked = (s: DrawnStreets, course: Course, from: Point, maxSeconds: number, reverse: boolean) =>
  [
    searchesFor(s, course),
    {
      ...from,
      ...{ doors: [{ end: from, point: from, seconds: 0 }], walker },
      ...{ maxSeconds, maxMatchingDistance: 100, reverse },
    },
  ] as const

export const runFrom = (s: DrawnStreets, course: Course, from: Point, maxSeconds = 900, reverse = false) =>
  runCourse(course, ...asked(s, course, from, maxSeconds, reverse))

/** Stop → seconds, and the way there. */
export function reached(s: DrawnStreets, course: Course, from: Point, maxSeconds = 900, reverse = false) {
  const found = new Map<string, { seconds: number; by: Approach }>()
  for (const { run, stops } of runsOf(course, ...asked(s, course, from, maxSeconds, reverse))) {
    const ways = traceCourse(
      run,
      stops.map(([stop]) => placesOfStop(s.search, run.query.walker, stop as StopIdx, !reverse)),
    )
    for (const [i, [stop, seconds]] of stops.entries()) found.set(s.stopName(stop), { seconds, by: ways[i]! })
  }
  return found
}

export const partsOf = ({ by }: { by: Approach }): string =>
  by.parts.map(p => `${p.from?.name ?? ''}-${p.mode} ${Math.round(p.seconds)}-${p.to?.name ?? ''}`).join(' ')

export const rentals = (s: DrawnStreets, rental: RentalSystem, filter = anyRental, rider: Profile = Profile.bike) =>
  rentalCourses(s.graph, [rental], filter, 900, rider)

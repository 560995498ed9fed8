// What is told of a vehicle for rent that does not go as far as anybody gets.

import { expect, test } from 'vitest'
import { anyRental, rentalCourses } from '#engine/access/courses.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import type { RentalSystem } from '#engine/conditions/rental.ts'
import { measured } from '#engine/plan/approaches.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { Profile } from '#engine/street/profile.ts'
import type { Approach } from '#engine/transit/journey.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

const s = streets('at a 0,0  at z 1100,0\na-z highway=residential')
const { tt, footpaths } = timetable('S1   P 10:00   Q 10:10')
const system: RentalSystem = {
  ...{ id: 'r', group: 'r', name: 'r', systemId: 'r', zones: [], otherwise: [], stations: [], measured: 0 },
  types: [
    { id: 'e', name: 'e', formFactor: 'SCOOTER_STANDING', propulsion: 'ELECTRIC', rangeMetres: 9e4, returns: 'NONE' },
  ],
  vehicles: [{ id: 'v', type: 'e', ...metresToPoint(0, 0), usable: true, rangeMetres: 1500 }],
}

test('a ride is told without its metres where the way takes longer than was found, and never dropped', () => {
  const planner = createPlanner(tt, footpaths, { graph: s.graph, links: s.links })
  planner.moments.courses = { conditions: noConditions, streets: new Map(), searches: new Map(), first: [] }
  const [course] = rentalCourses(s.graph, [system], anyRental, 3600, Profile.bike)
  expect(course!.ride.range).toBeDefined()
  const by = (seconds: number): Approach => ({
    mode: 'RENTAL',
    parts: [{ mode: 'RENTAL', seconds, from: metresToPoint(0, 0), to: metresToPoint(1100, 0) }],
    rental: { system: 'r', type: 'e' },
  })
  const { rental } = measured(planner, course!, by(201))
  expect(rental!.metres).toBeCloseTo(1100, 0)
  expect(measured(planner, course!, by(199))).toEqual(by(199))
})

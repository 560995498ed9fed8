// Vehicles for rent that do not go as far as anybody gets: as good as looking at each of them alone, and nobody is let down.

import { describe, expect, test } from 'vitest'
import type { Course } from '#engine/access/course.ts'
import { anyRental, rentalCourses } from '#engine/access/courses.ts'
import type { FormFactor, RentalStation, RentalSystem, RentalVehicle } from '#engine/conditions/rental.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import type { Approach } from '#engine/transit/journey.ts'
import { reached as reachedBy } from '../helpers/courses.ts'
import { random } from '../helpers/random.ts'
import { type DrawnStreets, drawStreets, metresToPoint, type Point, streets } from '../helpers/streets.ts'

const fleet = (
  vehicles: readonly RentalVehicle[],
  stations: readonly RentalStation[] = [],
  formFactor: FormFactor = 'SCOOTER_STANDING',
): RentalSystem => ({
  ...{ id: 'r', group: 'r', name: 'r', systemId: 'r', zones: [], otherwise: [], measured: 0, vehicles, stations },
  types: [{ id: 'e', name: 'e', formFactor, propulsion: 'ELECTRIC', rangeMetres: 800, returns: 'NONE' }],
})

const vehicle = (id: string, at: Point, rangeMetres: number | undefined): RentalVehicle => ({
  ...{ id, type: 'e', lat: at.lat, lon: at.lon, usable: true, rangeMetres },
})

const station = (id: string, at: Point, metres: number | undefined): RentalStation => ({
  ...{ id, name: id, lat: at.lat, lon: at.lon, renting: true, returning: true, available: { e: 1 }, docks: undefined },
  ...(metres !== undefined && { ranges: { e: metres } }),
})

/** Stop → seconds, and the way, by the quickest of the courses. */
function reached(s: DrawnStreets, courses: readonly Course[], from: Point, maxSeconds: number, reverse: boolean) {
  const found = new Map<string, { seconds: number; by: Approach; course: Course }>()
  for (const course of courses)
    for (const [stop, way] of reachedBy(s, course, from, maxSeconds, reverse))
      if (way.seconds < (found.get(stop)?.seconds ?? Number.POSITIVE_INFINITY)) found.set(stop, { ...way, course })
  return found
}

test('what a ride takes has to be in it, not what could be ridden in all the time there is', () => {
  //  a ──100── v ──── 900 ──── m ──── 1000 ──── z
  const s = streets(`
    at a 0,0 at m 1000,0 at n 1000,60 at z 2000,0
    a-m-z highway=residential
    m-n highway=residential
    stop P 2000,0`)
  const seconds = (metres: number | undefined) => {
    const system = fleet([vehicle('v', metresToPoint(100, 0), metres)])
    const courses = rentalCourses(s.graph, [system], anyRental, 1800, Profile.bike)
    return reached(s, courses, s.at('a'), 1800, false).get('P')?.seconds
  }
  // 100 s on foot, 60 s, 1,900 m at 5.5 m/s, 30 s
  expect(Math.abs(seconds(1905)! - (190 + 1900 / 5.5))).toBeLessThan(2)
  // it is left at the junction before, and the rest is walked at 1 m/s
  for (const metres of [1895, 905]) expect(Math.abs(seconds(metres)! - (190 + 900 / 5.5 + 1000))).toBeLessThan(2)
  expect([seconds(895), seconds(0)]).toEqual([undefined, undefined])
  // nobody says how full it is: as far as its kind goes, 800 m
  expect(seconds(undefined)).toBeUndefined()
})

test.each<[FormFactor, number, number, number]>([
  ['SCOOTER_STANDING', 2500, 9000, 6000],
  ['MOPED', 2500, 20_000, 6000],
  ['MOPED', 5000, 20_000, 8000],
  ['CAR', 5000, 60_000, 8000],
])('a %s for %i m at the door hides none for %i m ten metres on: %i m', (formFactor, weak, strong, metres) => {
  const xs = Array.from({ length: 1 + metres / 100 }, (_, i) => i * 100)
  const s = streets(`
    ${xs.map(x => `at n${x} ${x},0 at m${x} ${x},40`).join('\n')}
    ${xs.map(x => `n${x}`).join('-')} highway=residential
    ${xs.map(x => `n${x}-m${x} highway=residential`).join('\n')}
    stop P ${metres},2`)
  const [near, next] = [vehicle('weak', metresToPoint(50, 0), weak), vehicle('strong', metresToPoint(60, 0), strong)]
  const seconds = (vehicles: readonly RentalVehicle[]): number | undefined => {
    const courses = rentalCourses(s.graph, [fleet(vehicles, [], formFactor)], anyRental, 1800, Profile.bike)
    return reached(s, courses, s.at('n0'), 1800, false).get('P')?.seconds
  }
  expect(seconds([next])).toBeGreaterThan(0)
  expect(seconds([near, next])).toBe(seconds([next]))
})

/** Stops that can be reached, and those that would be sooner with full batteries. */
const seen = { hindered: 0, possible: 0 }
describe('random cities', () => {
  test.each(Array.from({ length: 240 }, (_, seed) => seed))('city %i', seed => {
    const r = random(seed)
    const s = streets(drawStreets(r))
    const point = (): Point => metresToPoint(r.between(0, 450), r.between(0, 350))
    const range = (): number => r.between(20, r.chance(0.2) ? 9000 : 900)
    const vehicles = Array.from({ length: r.between(1, 6) }, (_, i) => vehicle(`v${i}`, point(), range()))
    // of two at one place the better one counts
    if (r.chance(0.4)) vehicles.push(vehicle('beside', vehicles[0]!, range()))
    const stations = Array.from({ length: r.between(0, 2) }, (_, i) => station(`s${i}`, point(), range()))
    // of what is dearer than it is long one way from all of them need not be as quick as the best from each
    const wishes = seed % 2 === 1
    const rider = wishes ? Profile.bike : withChanges(Profile.bike, { weights: { safety: 0, flat: 0, maxDetour: 0 } })
    const maxSeconds = r.between(200, 700)
    const courses = (vehicles: readonly RentalVehicle[], taken: readonly string[]) =>
      rentalCourses(
        s.graph,
        [
          fleet(
            vehicles,
            stations.map(t => ({ ...t, renting: taken.includes(t.id) })),
          ),
        ],
        anyRental,
        maxSeconds,
        rider,
      )
    const from = point()
    for (const reverse of [false, true]) {
      const found = reached(
        s,
        courses(
          vehicles,
          stations.map(t => t.id),
        ),
        from,
        maxSeconds,
        reverse,
      )
      const alone = [...vehicles.map(v => courses([v], [])), ...stations.map(t => courses([], [t.id]))].map(one =>
        reached(s, one, from, maxSeconds, reverse),
      )
      const full = courses(
        vehicles.map(v => ({ ...v, rangeMetres: 1e6 })),
        stations.map(t => t.id),
      )
      for (const [stop, { seconds }] of reached(s, full, from, maxSeconds, reverse))
        if (seconds < (found.get(stop)?.seconds ?? Number.POSITIVE_INFINITY)) seen.hindered++
      for (const stop of new Set([...found.keys(), ...alone.flatMap(one => [...one.keys()])])) {
        const least = Math.min(...alone.map(one => one.get(stop)?.seconds ?? Number.POSITIVE_INFINITY))
        const seconds = found.get(stop)?.seconds ?? Number.POSITIVE_INFINITY
        if (!wishes) expect(seconds, stop).toBe(least)
        else expect(seconds < Number.POSITIVE_INFINITY, stop).toBe(least < Number.POSITIVE_INFINITY)
        seen.possible++
      }
      for (const { by, course } of found.values()) {
        const { from, to, seconds } = by.parts.find(part => part.mode === 'RENTAL')!
        const ranges = [
          ...vehicles
            .filter(v => v.lat === from!.lat && v.lon === from!.lon && !from!.station)
            .map(v => v.rangeMetres!),
          ...stations.filter(t => t.id === from!.station).map(t => t.ranges!.e!),
        ]
        const range = Math.max(...ranges)
        const way = (profile: Profile) =>
          streetPath(createStreetSearch(course.graph, s.links), from!, to!, {
            ...{ profile, maxSeconds: seconds, maxMatchingDistance: 100 },
          })
        const within = way({ ...course.ride, range: { weakest: range, strongest: range } })
        expect(seconds).toBeGreaterThan(0)
        expect(within?.metres).toBeLessThanOrEqual(range + 0.01)
      }
    }
  })
  test('of many ways it matters what is in the vehicles', () => {
    expect(seen.possible).toBeGreaterThan(200)
    expect(seen.hindered).toBeGreaterThan(15)
  })
})

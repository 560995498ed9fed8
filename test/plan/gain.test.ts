import { expect, test } from 'vitest'
import { anyRental } from '#engine/access/courses.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import type { RentalStation, RentalSystem } from '#engine/conditions/rental.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { isHardlyWorse, LEAST_GAIN, walkInstead } from '#engine/plan/gain.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import type { Journey, WalkLeg } from '#engine/transit/journey.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

const journey = (departure: number, arrival: number, transfers = 0): Journey =>
  ({ departure, arrival, transfers, legs: [] }) as never

test.each<[string, Journey, Journey, boolean]>([
  ['as good', journey(0, 1000), journey(0, 1000), true],
  ['a minute sooner there', journey(0, 1060), journey(0, 1000), true],
  ['a minute at each end', journey(0, 1060), journey(60, 1000), false],
  ['two minutes sooner there', journey(0, 1000 + LEAST_GAIN), journey(0, 1000), false],
  ['later to leave', journey(0, 1000), journey(LEAST_GAIN, 1000), false],
  ['a change less', journey(0, 1000, 1), journey(0, 1000, 0), false],
  ['walking is better', journey(100, 900), journey(0, 1000), true],
])('renting beside walking, %s', (_, walking, renting, hardly) => {
  expect(isHardlyWorse(walking, renting)).toBe(hardly)
})

const access: WalkLeg = {
  kind: 'walk',
  from: { kind: 'start' },
  to: { kind: 'stop', stop: 1 as never },
  departure: 1000 as UnixSeconds,
  arrival: 1100 as UnixSeconds,
}
const egress: WalkLeg = {
  ...access,
  from: access.to,
  to: { kind: 'end' },
  departure: 2000 as UnixSeconds,
  arrival: 2100 as UnixSeconds,
}
const both: Journey = { ...journey(1000, 2100), legs: [access, egress] }
const asked = (time: number, arriveBy = false): Query =>
  ({ ...queryDefaults, time: time as UnixSeconds, arriveBy }) as never

test('an end that gains little is walked, if one may set out as early or come as late', () => {
  expect(walkInstead(asked(900), both, 'access', 190)).toEqual({
    ...both,
    departure: 910,
    legs: [{ kind: 'walk', from: access.from, to: access.to, departure: 910, arrival: 1100 }, egress],
  })
  expect(walkInstead(asked(950), both, 'access', 190)).toBeUndefined()
  expect(walkInstead(asked(0), both, 'access', 100 + LEAST_GAIN)).toBeUndefined()
  expect(walkInstead(asked(900), both, 'egress', 150)).toMatchObject({ arrival: 2150, departure: 1000 })
  expect(walkInstead(asked(2120, true), both, 'egress', 150)).toBeUndefined()
  expect(walkInstead(asked(2150, true), both, 'egress', 150)).toMatchObject({ arrival: 2150 })
})

//   a ──130 m── b ──────1,870 m────── z         bicycles at a, free docks at b, and at z or not
test('to who asks for what is rented alone none is told that is no quicker than walking', () => {
  const s = streets('at a 0,0  at b 130,0  at z 2000,0\na-b-z highway=residential')
  const { tt, footpaths, day } = timetable('S1   P 10:00   Q 10:10')
  const time = (day * 86_400 + 9 * 3600) as UnixSeconds
  const at = (place: string): Pick<RentalStation, 'lat' | 'lon'> => s.at(place)
  const station = (id: string, bicycles: number, free: number): RentalStation => ({
    ...{ id, name: id, ...at(id), renting: true, returning: true },
    ...{ available: { b: bicycles }, docks: { b: free } },
  })
  const planner = createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) })
  const bicycle = { formFactor: 'BICYCLE', propulsion: 'HUMAN' } as const
  const ways = (freeAtEnd: number, direct: readonly ('WALK' | 'RENTAL')[]) => {
    const system: RentalSystem = {
      ...{ id: 'r', group: 'r', name: 'r', systemId: 'r', zones: [], otherwise: [], vehicles: [], measured: time },
      types: [{ ...bicycle, id: 'b', name: 'b', rangeMetres: undefined, returns: 'ANY_STATION' }],
      stations: [station('a', 3, 0), station('b', 0, 3), station('z', 0, freeAtEnd)],
    }
    const query = {
      ...{ ...queryDefaults, time, transit: false },
      from: { kind: 'coordinate', ...at('a') },
      to: { kind: 'coordinate', ...at('z') },
      approaches: {
        access: [],
        egress: [],
        direct,
        rental: { access: anyRental, egress: anyRental, direct: anyRental },
      },
    } as Query
    const horizon = { ...horizonOf(tt, footpaths), conditions: { ...noConditions, rentals: [system] } }
    return plan(planner, horizon, query).direct.map(({ legs }) => (legs[0] as WalkLeg).by?.mode ?? 'WALK')
  }
  expect(ways(3, ['RENTAL'])).toEqual(['RENTAL'])
  expect(ways(0, ['RENTAL'])).toEqual([])
  expect(ways(0, ['WALK', 'RENTAL'])).toEqual(['WALK'])
})

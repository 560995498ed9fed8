// Where a vehicle of one’s own is left: park and ride, racks and car parks of the map.

import { describe, expect, test } from 'vitest'
import { bikeCourse, freeAt, parkingCourse, parkingFacts, parkingPlaces } from '#engine/access/parking.ts'
import { type Conditions, noConditions, type ParkingReport } from '#engine/conditions/conditions.ts'
import { waysToMany } from '#engine/street/many.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { reached } from '../helpers/courses.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'

//  a ──100── A ─────────── 1800 ─────────── B ──100── P
const road = streets(`
  at a 0,0  at m 1000,0  at z 2000,0
  a-m-z highway=residential
  stop P 2000,0`)
const B = metresToPoint(1900, 0)

describe('park and ride', () => {
  const lot = (more: Partial<ParkingReport>): ParkingReport => ({
    id: 'p',
    name: 'P+R',
    ...B,
    free: 5,
    total: 50,
    open: true,
    trend: 0,
    measured: 0,
    source: 'x',
    ...more,
  })
  const way = (lots: ParkingReport[], s = road) => {
    const course = parkingCourse(s.graph, parkingPlaces(s.graph, { ...noConditions, lots }), 1000)
    return reached(s, course, s.at('a')).get('P')
  }

  test('to a lot with room, then on foot', () => {
    expect(way([lot({})])!.by.parts.map(p => p.mode)).toEqual(['CAR', 'WALK'])
  })
  test.each<[string, Partial<ParkingReport>, boolean]>([
    ['full', { free: 0 }, false],
    ['closed', { open: false }, false],
    ['nobody knows', { free: undefined }, true],
    // 5 free at 0, seen again some 20 minutes later: 5 − 0.3 × 20 < 0
    ['filling up', { trend: -20 }, false],
    ['emptying', { free: 0, trend: 20 }, true],
  ])('%s: %o', (_, more, offered) => {
    expect(way([lot(more)]) !== undefined).toBe(offered)
  })
  test('predicted spaces stay within the lot, and a trend is believed for an hour, a count for six', () => {
    expect(freeAt(lot({ trend: 100 }), 3600)).toBe(50)
    expect(freeAt(lot({ trend: -1 }), 6 * 3600)).toBe(4)
    expect(freeAt(lot({ free: 0 }), 6 * 3600 + 1)).toBeUndefined()
  })
})

describe('racks and car parks of the map', () => {
  //   a ═══════ 900 m ═══════ b ── 100 m, on foot only ── P       racks at 300 (open), 600 (covered, 12) and 900 m (locked)
  const s = streets(`
    at a 0,0 at b 900,0 at c 1000,0
    a-b highway=residential
    b-c highway=footway bicycle=no
    stop P 1000,2
    spot 300,4 amenity=bicycle_parking
    spot 600,4 amenity=bicycle_parking covered=yes capacity=12 name=Dach
    spot 900,4 amenity=bicycle_parking bicycle_parking=lockers
    spot 450,6 amenity=parking capacity=80 fee=no name=Wiese
    spot 460,60 amenity=parking access=private
    spot 465,6 amenity=parking access=customers name=Markt
    spot 30,6 amenity=parking access=customers park_ride=yes name=Bahnhof
    spot 470,6 amenity=parking parking=street_side`)
  const lot = (more: Partial<ParkingReport>): ParkingReport => ({
    ...{ id: 'live', name: 'Live', ...metresToPoint(600, 20), free: 3, total: 10, open: true },
    ...{ trend: 0, measured: 0, source: 's', ...more },
  })
  const conditionsWith = (...lots: ParkingReport[]): Conditions => ({ ...noConditions, lots })
  const rider = withChanges(Profile.bike, { speed: 5, weights: { safety: 0 } })
  /** Metres at which the bicycle is left. */
  const leftAt = (wanted: 'anywhere' | 'rack' | 'covered' | 'secured', conditions = noConditions) => {
    const course = bikeCourse(s.graph, rider, wanted, parkingPlaces(s.graph, conditions), 0)
    const by = reached(s, course, s.at('a')).get('P')?.by
    const to = by?.parts[0]?.to
    return to && Math.round(waysToMany(s.search, s.at('a'), [to], options)[0]!.metres / 100) * 100
  }
  const options = { profile: Profile.foot, maxSeconds: 3600, maxMatchingDistance: 30, reverse: false }

  test('a bicycle is left where one asked for it', () => {
    expect(['anywhere', 'rack', 'covered', 'secured'].map(wanted => leftAt(wanted as 'rack'))).toEqual([
      900, 900, 600, 900,
    ])
  })
  test('what is reported of a rack counts: a full one is passed by', () => {
    const live = (free: number) => conditionsWith(lot({ bicycles: true, free }))
    expect([leftAt('covered', live(3)), leftAt('covered', live(0))]).toEqual([600, undefined])
  })
  test('the car park of the map and the one that reports near it are one', () => {
    const { cars, bicycles } = parkingPlaces(s.graph, conditionsWith(lot({ ...metresToPoint(460, 40) })))
    expect(cars.map(p => [p.name, p.spot !== undefined, p.report !== undefined])).toEqual([
      ['Bahnhof', true, false],
      ['Live', true, true],
    ])
    expect(bicycles).toHaveLength(3)
    const alone = parkingPlaces(s.graph, noConditions)
    expect(alone.cars.map(p => p.name)).toEqual(['Wiese', 'Bahnhof'])
    const facts = (places: ReturnType<typeof parkingPlaces>, station: string) =>
      parkingFacts(s.graph, places, station, 0)
    expect(facts(alone, alone.cars[0]!.station!)).toMatchObject({ capacity: 80, free: undefined, fee: false })
    expect(facts(parkingPlaces(s.graph, conditionsWith(lot({}))), 'live')).toMatchObject({ capacity: 10, free: 3 })
    const course = parkingCourse(s.graph, alone, 0)
    expect(
      reached(s, course, s.at('a'))
        .get('P')
        ?.by.parts.map(p => p.mode),
    ).toEqual(['CAR', 'WALK'])
  })
})

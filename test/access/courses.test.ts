// Courses over the streets: vehicles for rent, zones without cars, where riding ends.

import { describe, expect, test } from 'vitest'
import { courseStops, traceCourse } from '#engine/access/course.ts'
import { anyRental, carCourse } from '#engine/access/courses.ts'
import { bikeCourse, parkingCourse, parkingPlaces } from '#engine/access/parking.ts'
import { noConditions, type ParkingReport } from '#engine/conditions/conditions.ts'
import { findOffer, type RentalStation, type RentalSystem, systemAt } from '#engine/conditions/rental.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { costsOf, usableSort } from '#engine/street/costs.ts'
import { placesOfStop } from '#engine/street/ends.ts'
import { openStreetGraph } from '#engine/street/graph.ts'
import { waysToMany } from '#engine/street/many.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { parseArea } from '#feeds/area.ts'
import { layStreets } from '#feeds/layers.ts'
import { partsOf, reached, rentals, runFrom, station, system, walker } from '../helpers/courses.ts'
import { type DrawnStreets, metresToPoint, type Point, streets } from '../helpers/streets.ts'

//  a ──100── A ─────────── 1800 ─────────── B ──100── P
const road = streets(`
  at a 0,0  at m 1000,0  at z 2000,0
  a-m-z highway=residential
  stop P 2000,0`)
const [A, B] = [metresToPoint(100, 0), metresToPoint(1900, 0)]

describe('a bicycle for rent', () => {
  const riding = 1800 / Profile.bike.speed
  test('walk 100 s, unlock 60 s, ride 1,800 m, lock 30 s, walk 100 s', () => {
    const [course] = rentals(road, system([station('A', A), station('B', B)]))
    const found = reached(road, course!, road.at('a')).get('P')!
    expect(Math.abs(found.seconds - 290 - riding)).toBeLessThanOrEqual(2)
    expect(partsOf(found)).toMatch(/^-WALK (99|100|101)-A A-RENTAL \d+-B B-WALK (129|130|131)-$/)
    expect(Math.abs(found.by.parts[1]!.seconds - 60 - riding)).toBeLessThan(1.5)
  })

  test('the same backwards from a destination, in travel order', () => {
    const s = streets('at a 0,0 at m 1000,0 at z 2000,0\na-m-z highway=residential\nstop Q 0,0')
    const [course] = rentals(s, system([station('A', A), station('B', B)]))
    const found = reached(s, course!, s.at('z'), 900, true).get('Q')!
    expect(Math.abs(found.seconds - 290 - riding)).toBeLessThanOrEqual(2)
    expect(found.by.parts.map(p => [p.mode, p.from?.name, p.to?.name])).toEqual([
      ['WALK', undefined, 'A'],
      ['RENTAL', 'A', 'B'],
      ['WALK', 'B', undefined],
    ])
  })

  test.each<[string, Partial<RentalStation>, Partial<RentalStation>]>([
    ['nothing to take', { available: {} }, {}],
    ['renting is closed', { renting: false }, {}],
    ['no free dock', {}, { docks: { b: 0 } }],
    ['returning is closed', {}, { returning: false }],
    ['only other kinds to take', { available: { c: 5 } }, {}],
  ])('%s: no way', (_, atA, atB) => {
    const one = { id: 'b', name: 'b', formFactor: 'BICYCLE', propulsion: 'HUMAN', rangeMetres: undefined } as const
    const stations = [station('A', A, { docks: { b: 0 }, ...atA }), station('B', B, { available: {}, ...atB })]
    const courses = rentals(road, system(stations, { types: [{ ...one, returns: 'ANY_STATION' }] }))
    expect(courses.some(c => reached(road, c, road.at('a')).has('P'))).toBe(false)
  })

  test('to be brought back to where it was taken it leads nowhere, unless that is ignored', () => {
    const types = [{ ...system([]).types[0]!, returns: 'ROUNDTRIP_STATION' as const }]
    const rental = system([station('A', A), station('B', B)], { types })
    expect(reached(road, rentals(road, rental)[0]!, road.at('a')).size).toBe(0)
    const ignored = rentals(road, rental, { ...anyRental, ignoreReturns: true })[0]!
    expect(reached(road, ignored, road.at('a')).has('P')).toBe(true)
  })

  test('filters choose systems and kinds', () => {
    const rental = system([station('A', A), station('B', B)])
    const count = (filter: Partial<typeof anyRental>): number =>
      rentals(road, rental, { ...anyRental, ...filter }).length
    expect([count({}), count({ formFactors: ['CAR'] }), count({ formFactors: ['BICYCLE'] })]).toEqual([1, 0, 1])
    expect([count({ propulsions: ['ELECTRIC'] }), count({ providers: ['x'] }), count({ groups: ['bikes'] })]).toEqual([
      0, 0, 1,
    ])
  })

  test('one that stands alone is left at the stop; with too little in its battery it is not offered', () => {
    const alone = (rangeMetres: number | undefined) =>
      system([], {
        types: [{ ...system([]).types[0]!, propulsion: 'ELECTRIC_ASSIST', returns: 'NONE' }],
        vehicles: [{ id: 'v', type: 'b', ...A, usable: true, rangeMetres }],
      })
    const seconds = (range?: number) => reached(road, rentals(road, alone(range))[0]!, road.at('a')).get('P')?.seconds
    // 100 s walk, 60 s, 1,900 m at 5.8 m/s = 327.6 s, 30 s
    expect(Math.abs(seconds()! - 518)).toBeLessThanOrEqual(2)
    // what the ride takes, not what could be ridden in 900 s
    expect(seconds(1901)).toBe(seconds())
    expect(seconds(1899)).toBeUndefined()
  })
})

describe('what is rented goes as its kind does', () => {
  const typed = (
    formFactor: 'MOPED' | 'BICYCLE' | 'SCOOTER_STANDING',
    propulsion: 'HUMAN' | 'ELECTRIC' | 'ELECTRIC_ASSIST',
  ) => system([station('A', A), station('B', B)], { types: [{ ...system([]).types[0]!, formFactor, propulsion }] })
  const rideOf = (rental: RentalSystem, rider?: Profile) => rentals(road, rental, anyRental, rider)[0]!.ride

  test('a moped: 45 km/h, and not where bicycles are kept off because traffic is fast', () => {
    const s = streets(`
      at a 0,0 at b 100,0 at c 200,0 at d 300,0 at e 400,0
      a-b highway=motorway oneway=no
      b-c highway=trunk motorroad=yes
      c-d highway=trunk
      d-e highway=residential maxspeed=30`)
    const open = (profile: Profile): string[] => {
      const { time } = costsOf(s.graph, profile)
      return ['a-b', 'b-c', 'c-d', 'd-e'].filter((_, e) =>
        usableSort({ pace: time } as never, s.graph.edgeSort[e as never]),
      )
    }
    expect(open(Profile.car)).toHaveLength(4)
    expect(open(Profile.moped)).toEqual(['c-d', 'd-e'])
    expect(rideOf(typed('MOPED', 'ELECTRIC'))).toBe(Profile.moped)
    const { time } = costsOf(s.graph, Profile.moped)
    const kmh = Array.from(s.graph.sortTraits, (_, sort) => 3600 / time[sort << 1]! / 1000).filter(v => v > 0)
    expect(Math.max(...kmh)).toBeCloseTo(45, 0)
  })
  test('an e-scooter is no e-bike: as fast as the law lets it, pushed through pedestrian zones', () => {
    expect(rideOf(typed('SCOOTER_STANDING', 'ELECTRIC'))).toBe(Profile.eScooter)
    expect(rideOf(typed('SCOOTER_STANDING', 'HUMAN'))).toBe(Profile.bike)
    expect(Profile.eScooter.speed * 3.6).toBeLessThanOrEqual(20)
    expect(Profile.eScooter.speed / Profile.eScooter.slowness.pedestrian!).toBeCloseTo(1.2, 1)
  })
  test('a rider’s wishes count on a rented bicycle; his own speed and battery do not on another kind', () => {
    const asked = withChanges(Profile.bike, { speed: 4, weights: { safety: 1, maxDetour: 0.3 } })
    expect(rideOf(typed('BICYCLE', 'HUMAN'), asked)).toEqual(asked)
    const electric = rideOf(typed('BICYCLE', 'ELECTRIC_ASSIST'), asked)
    expect(electric).toEqual({ ...Profile.eBike, weights: { ...Profile.eBike.weights, safety: 1, maxDetour: 0.3 } })
    expect(rideOf(typed('MOPED', 'ELECTRIC'), asked)).toBe(Profile.moped)
    const battery = { chargeWh: 10, reserveWh: 0, charging: true }
    const own = withChanges(Profile.eBike, { battery, weights: { flat: 1 } })
    expect(rideOf(typed('BICYCLE', 'ELECTRIC_ASSIST'), own)).toEqual(
      withChanges(Profile.eBike, { weights: { flat: 1 } }),
    )
  })
})

test('long after it was measured stations are known, what stands there is not', () => {
  const rental = system(
    [station('A', A, { available: { b: 0 }, docks: { b: 0 }, ranges: { b: 5 } }), station('B', B, { renting: false })],
    {
      vehicles: [{ id: 'v', type: 'b', ...A, usable: true, rangeMetres: undefined }],
      measured: 1000,
    },
  )
  expect(systemAt(rental, 1000 + 6 * 3600)).toBe(rental)
  for (const later of [systemAt(rental, 1001 + 6 * 3600), systemAt(rental, undefined)]) {
    expect(later.vehicles).toEqual([])
    expect([findOffer(later, 'b', { ...A, station: 'A' }), findOffer(later, 'b', { ...B, station: 'B' })]).toEqual([
      { metres: Number.POSITIVE_INFINITY, told: undefined },
      undefined,
    ])
    expect(later.stations.map(s => s.docks)).toEqual([undefined, undefined])
  }
  expect(findOffer(rental, 'b', { ...A, station: 'A' })).toBeUndefined()
})

test('of a time of which nothing is known, stations rent what they are known to have had: docks for whatever there is say nothing', () => {
  const type = (id: string, formFactor: 'BICYCLE' | 'SCOOTER_STANDING') =>
    ({ id, name: id, formFactor, propulsion: 'HUMAN', rangeMetres: undefined, returns: 'ANY_STATION' }) as const
  const whatever = { b: 2, s: 2 }
  const stations = [
    station('bikes', A, { docks: whatever }),
    station('empty', A, { available: {}, docks: whatever }),
    station('mute', A, { available: {}, docks: undefined }),
    station('scooters', A, { available: {}, docks: { s: 1 } }),
    station('both', A, { available: { b: 0 }, docks: { s: 1 } }),
  ]
  const types = [type('b', 'BICYCLE'), type('s', 'SCOOTER_STANDING')]
  const rents = (of: RentalStation[]) =>
    systemAt(system(of, { types }), undefined).stations.map(({ id, available }) => [id, Object.keys(available).join()])
  expect(rents(stations)).toEqual([
    ['bikes', 'b'],
    ['empty', 'b'],
    ['mute', 'b'],
    ['scooters', 's'],
    ['both', 'b,s'],
  ])
  // nobody has said a word of any
  expect(rents([station('mute', A, { available: {}, docks: undefined })])).toEqual([['mute', 'b,s']])
})

test('the ways are read from the labels that found the stops, and are the same when others have used them since', () => {
  const [course] = rentals(road, system([station('A', A), station('B', B)]))
  const run = runFrom(road, course!, road.at('a'))!
  const { stops, count } = courseStops(run)
  const goals = Array.from(stops.slice(0, count), stop => placesOfStop(road.search, walker, stop as StopIdx, true))
  const last = run.stages.at(-1)!.search
  const before = last.begun
  const ways = traceCourse(run, goals)
  expect(last.begun).toBe(before)
  expect(ways.map(by => by?.parts.length)).toEqual([3])
  waysToMany(last, road.at('z'), [], {
    profile: Profile.bike,
    maxSeconds: 900,
    maxMatchingDistance: 100,
    reverse: true,
  })
  expect(traceCourse(run, goals)).toEqual(ways)
  expect(traceCourse(run, goals)).toEqual(ways)
})

describe('one that may be left anywhere in a zone', () => {
  //  a ═══ 1000 m ═══ m ═══ 1000 m ═══ z      a stands in the zone, which ends between m and z; a stop at z
  const side = 'at m 1000,0 at n 1000,60\nm-n highway=residential'
  const s = streets(`at a 0,0 ${side} at z 2000,0\na-m-z highway=residential\nstop P 2000,0`)
  const zone = [[...Object.values(metresToPoint(-100, -100)), ...Object.values(metresToPoint(1500, 100))]] as number[][]
  const [[south, west, north, east]] = zone as [[number, number, number, number]]
  const rule = { types: undefined, start: true, end: true, through: true, stationParking: false }
  const rental = system([], {
    types: [{ ...system([]).types[0]!, returns: 'NONE' }],
    vehicles: [{ id: 'v', type: 'b', ...s.at('a'), usable: true, rangeMetres: undefined }],
    zones: [{ name: 'z', polygon: [[[south, west, north, west, north, east, south, east]]], rules: [rule] }],
    otherwise: [{ ...rule, end: false }],
  })
  const [course] = rentals(s, rental)

  test('it is left at the last junction inside, and the rest is walked', () => {
    const found = reached(s, course!, s.at('a'), 1500).get('P')!
    // 60 s, 1,000 m at 4.8 m/s, 30 s, 1,000 m at 1 m/s
    expect(Math.abs(found.seconds - 90 - 1000 / 4.8 - 1000)).toBeLessThanOrEqual(2)
    expect(found.by.parts.map(p => p.mode)).toEqual(['RENTAL', 'WALK'])
  })

  test('backwards from a destination inside it is ridden to the very door', () => {
    const t = streets(`at a 0,0 ${side} at z 2000,0\na-m-z highway=residential\nstop Q 0,0`)
    const [course] = rentals(t, { ...rental, vehicles: [{ ...rental.vehicles[0]!, ...t.at('a') }] })
    const found = reached(t, course!, metresToPoint(700, 0), 900, true).get('Q')!
    expect(Math.abs(found.seconds - 90 - 700 / 4.8)).toBeLessThanOrEqual(2)
    expect(found.by.parts.at(-1)!.mode).toBe('RENTAL')
  })
})

describe('a zone without cars, laid at import', () => {
  //   a ──────── 1,000 m ──────── m ┊──── 200 m ──── z          m is outside, 60 m from the lots: near enough for a car park
  const drawn = streets(`
    at a 0,0  at m 1000,0  at z 1200,0
    a-m highway=residential
    m-z highway=residential
    stop P 1190,2
    spot 1060,10 amenity=parking name=Inside`)
  const box = ([west, south]: readonly [number, number], [east, north]: readonly [number, number]): DrawnStreets => {
    const [sw, ne] = [drawn.at([west, south]), drawn.at([east, north])]
    const carFree = parseArea([sw.lon, sw.lat, ne.lon, ne.lat].map(v => v / 1e7).join(','))
    return { ...drawn, graph: openStreetGraph(layStreets(drawn.graph, { carFree }).graph.buffer) }
  }
  const open = box([3000, 3000], [3100, 3100])
  const zone = box([1001, -100], [1300, 100])
  // the zone is a wall across the road
  const wall = box([500, -100], [520, 100])
  const reported: ParkingReport = {
    ...{ id: 'p', name: 'P+R', ...drawn.at([1060, -10]), free: 5, total: 50, open: true },
    ...{ trend: 0, measured: 0, source: 'x' },
  }
  test.each([
    ['of the map', true, []],
    ['that only a report knows', false, [reported]],
    ['of both', true, [reported]],
  ])('no car park %s inside it is proposed', (_, mapped, lots) => {
    const parked = (s: DrawnStreets) => {
      const unmapped = { ...s.graph, counts: { ...s.graph.counts, spots: 0 } }
      const places = parkingPlaces(mapped ? s.graph : unmapped, { ...noConditions, lots })
      expect(places.cars).toHaveLength(1)
      return [...reached(s, parkingCourse(s.graph, places, 0), s.at('a')).keys()]
    }
    expect([open, zone, wall].map(parked)).toEqual([['P'], [], []])
  })
  test('no car is rented or left inside it, or fetches anybody there', () => {
    const cars = { ...system([]).types[0]!, formFactor: 'CAR', propulsion: 'COMBUSTION' } as const
    const rented = (s: DrawnStreets, from: Point, to: Point, more: Partial<RentalSystem> = {}) => {
      const [course] = rentals(s, system([station('A', from), station('B', to)], { types: [cars], ...more }))
      return reached(s, course!, from)
    }
    const [outside, inside] = [drawn.at([20, 0]), drawn.at([1060, 10])]
    expect(rented(open, outside, inside).size).toBe(1)
    expect(rented(zone, outside, inside).size).toBe(0)
    const back = (s: DrawnStreets) => {
      const stop = { ...s, stopName: () => 'Q' }
      const [course] = rentals(s, system([station('A', inside), station('B', outside)], { types: [cars] }))
      return reached(stop, course!, outside, 900, true).size
    }
    expect([back(open), back(zone)]).toEqual([1, 0])
    const fetched = (s: DrawnStreets, at: Point) =>
      reached(s, carCourse(s.graph, 'CAR_DROPOFF'), at, 900)
        .get('P')
        ?.by.parts.map(p => p.mode)
    expect(fetched(open, inside)).toEqual(['CAR', 'WALK'])
    expect(fetched(zone, inside)).toBeUndefined()
    expect(fetched(zone, outside)).toEqual(['CAR', 'WALK'])
  })
  test('on foot and by bicycle all is as it was', () => {
    const bicycle = (s: DrawnStreets) =>
      reached(s, bikeCourse(s.graph, Profile.bike, 'anywhere', parkingPlaces(s.graph, noConditions), 0), s.at('a'))
    expect(bicycle(zone)).toEqual(bicycle(open))
  })
})

test('a car is left before the bollard, where riding ends', () => {
  //   a ── 1,000 m ── [bollard] m ── 1,000 m ── P
  const s = streets(`
    at a 0,0  at m 1000,0  at z 2000,0
    node m barrier=bollard
    a-m-z highway=residential
    stop P 1990,0`)
  const driven = (mode: 'CAR' | 'CAR_DROPOFF') => reached(s, carCourse(s.graph, mode), s.at('a'), 1800).get('P')!
  for (const mode of ['CAR', 'CAR_DROPOFF'] as const) {
    const { parts } = driven(mode).by
    expect(parts.map(p => p.mode)).toEqual(['CAR', 'WALK'])
    expect(parts[0]!.to).toMatchObject(s.at('m'))
    // 990 m at 1 m/s, and getting out
    expect(Math.round(parts[1]!.seconds)).toBe(990 + 30)
  }
})

//            ═ A ═                ═ B ═       each 2 m from a street that leads nowhere
//   a ─ 200 m ─┴──── 1,000 m ───────┴ P       and 20 m from the next one
test('a station on a street that leads nowhere is at the next one as well', () => {
  const s = streets(`
    at a 0,0 at b 200,0 at c 1200,0 at p 190,22 at q 210,22 at d 1190,22 at e 1210,22
    a-b-c highway=residential
    p-q highway=residential
    d-e highway=residential
    stop P 1200,-1`)
  const [from, to] = [metresToPoint(200, 20), metresToPoint(1200, 20)]
  const [course] = rentals(s, system([station('A', from), station('B', to)]))
  // 200 m and 20 to it, 60 s, 20 m, 1,000 m and 20 m at 4.8 m/s, 30 s, 20 m and 1 m
  const ridden = (20 + 1000 + 20) / Profile.bike.speed
  const there = reached(s, course!, s.at('a')).get('P')!
  expect(Math.abs(there.seconds - (220 + 60 + ridden + 30 + 21))).toBeLessThanOrEqual(2)
})

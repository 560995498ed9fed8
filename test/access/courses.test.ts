import { describe, expect, test } from 'vitest'
import { type Course, courseStops, runCourse, traceCourse } from '#engine/access/course.ts'
import { anyRental, carCourse, rentalCourses } from '#engine/access/courses.ts'
import { bikeCourse, freeAt, parkingCourse, parkingFacts, parkingPlaces } from '#engine/access/parking.ts'
import { placeAtEnd } from '#engine/access/switches.ts'
import { type Conditions, noConditions, type ParkingReport } from '#engine/conditions/conditions.ts'
import { findOffer, type RentalStation, type RentalSystem, ruleAt, systemAt } from '#engine/conditions/rental.ts'
import type { EdgeIdx, StopIdx } from '#engine/core/ids.ts'
import { costsOf, usableSort } from '#engine/street/costs.ts'
import { placeNear, placesAt, placesOfStop } from '#engine/street/ends.ts'
import { HOLDING_UP, Mode, mayUse, openStreetGraph, traitsOf } from '#engine/street/graph.ts'
import { waysToMany } from '#engine/street/many.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, type StreetSearch, travelAs } from '#engine/street/search.ts'
import { aim } from '#engine/street/shortest.ts'
import type { Place } from '#engine/street/snap.ts'
import type { Approach } from '#engine/transit/journey.ts'
import { parseArea } from '#feeds/area.ts'
import { layStreets } from '#feeds/layers.ts'
import { random } from '../helpers/random.ts'
import { type DrawnStreets, drawStreets, metresToPoint, type Point, streets } from '../helpers/streets.ts'

const walker = withChanges(Profile.foot, { speed: 1 })

const station = (id: string, at: Point, more: Partial<RentalStation> = {}): RentalStation => ({
  id,
  name: id,
  ...at,
  renting: true,
  returning: true,
  available: { b: 3 },
  docks: { b: 2 },
  ...more,
})

const system = (stations: RentalStation[], more: Partial<RentalSystem> = {}): RentalSystem => ({
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

function runFrom(s: DrawnStreets, course: Course, from: Point, maxSeconds = 900, reverse = false) {
  const doors = [{ end: from, point: from, seconds: 0 }]
  const limits = { maxSeconds, maxMatchingDistance: 100, reverse }
  return runCourse(course, searchesFor(s, course), { ...from, doors, walker, ...limits })
}

/** Stop → seconds, and the way there. */
function reached(s: DrawnStreets, course: Course, from: Point, maxSeconds = 900, reverse = false) {
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

const partsOf = ({ by }: { by: Approach }): string =>
  by.parts.map(p => `${p.from?.name ?? ''}-${p.mode} ${Math.round(p.seconds)}-${p.to?.name ?? ''}`).join(' ')

//  a ──100── A ─────────── 1800 ─────────── B ──100── P
const road = streets(`
  at a 0,0  at m 1000,0  at z 2000,0
  a-m-z highway=residential
  stop P 2000,0`)
const [A, B] = [metresToPoint(100, 0), metresToPoint(1900, 0)]
const rentals = (s: DrawnStreets, rental: RentalSystem, filter = anyRental, rider: Profile = Profile.bike) =>
  rentalCourses(s.graph, [rental], filter, 900, rider)

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

describe('random cities: equal to trying every pair of stations, and every junction where it may be left anywhere', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('city %i', seed => {
    const r = random(seed)
    const s = streets(drawStreets(r))
    const point = (): Point => metresToPoint(r.between(0, 450), r.between(0, 350))
    const stations = Array.from({ length: r.between(1, 5) }, (_, i) =>
      station(`s${i}`, point(), {
        available: r.chance(0.7) ? { b: 1 } : {},
        returning: r.chance(0.8),
        docks: r.chance(0.8) ? undefined : { b: r.below(2) },
      }),
    )
    const [lat, lon] = Object.values(point()) as [number, number]
    const zone = [[[lat, lon, lat + 8000, lon, lat + 8000, lon + 12000, lat, lon + 12000]]]
    const closed = { types: undefined, start: true, end: false, through: false, stationParking: false }
    const free = seed % 2 === 1
    const rental = system(stations, {
      zones: r.chance(0.5) ? [{ name: 'z', polygon: zone, rules: [{ ...closed, through: free }] }] : [],
      types: [{ ...system([]).types[0]!, returns: free ? 'NONE' : 'ANY_STATION' }],
    })
    // cost is time: of what is dearer than it is long one way from all of them need not be as quick as the best of each pair
    const rider = withChanges(Profile.bike, { weights: { safety: 0, flat: 0, maxDetour: 0 } })
    const [course] = rentals(s, rental, anyRental, rider)
    const from = point()
    const found = reached(s, course!, from)

    // a station is where a place of the query would be, a junction where it is
    const ways = (
      graph: typeof s.graph,
      profile: Profile,
      a: Point,
      b: readonly (Point & { id: string | undefined; node?: number })[],
    ) => {
      const search = createStreetSearch(graph, s.links)
      travelAs(search, profile)
      const near = (at: Point) => [placeNear(search, at, 100)].filter(place => place !== undefined)
      // by whichever of its streets one comes there
      const at = (node: number) =>
        Array.from(graph.arcEdge.subarray(graph.arcsBegin[node]!, graph.arcsBegin[node + 1]!), arc =>
          placeAtEnd(graph, node, (arc >>> 1) as EdgeIdx),
        )
      const starts = placesAt(search, a, 100, false)
      return b.map(to =>
        secondsBetween(
          search,
          starts,
          to.node === undefined ? placesAt(search, to, 100, true) : [...near(to), ...at(to.node)],
        ),
      )
    }
    const secondsBetween = (search: StreetSearch, starts: readonly Place[], goals: readonly Place[]) => {
      const all = starts.flatMap(start => goals.map(goal => aim(search, start, goal, 900_000)?.ms ?? Infinity))
      return all.some(ms => ms <= 900_000) ? Math.ceil(Math.min(...all) / 1000) : undefined
    }
    const stops = Array.from({ length: s.tt.counts.stops }, (_, i) => i)
    const best = new Map<string, number>()
    const unhindered = new Map<string, number>()
    const take = stations.filter(t => t.renting && (t.available.b ?? 0) > 0)
    // a way drawn from the place of a junction does not wait there, nor is it stopped; one to it may end on another street beside it
    const ridden = (node: number): boolean =>
      s.graph.arcEdge
        .subarray(s.graph.arcsBegin[node]!, s.graph.arcsBegin[node + 1]!)
        .some(arc => mayUse(traitsOf(course!.graph, (arc >>> 1) as never), Mode.bike))
    const junctions = Array.from(s.graph.nodeLat, (lat, node) => ({
      ...{ id: undefined, node, lat, lon: s.graph.nodeLon[node]! },
      held: (s.graph.nodeTraits[node]! & HOLDING_UP) !== 0 || !ridden(node),
    }))
    const leave = [
      ...stations.filter(t => t.returning && (t.docks?.b ?? 1) > 0).map(t => ({ ...t, held: false })),
      ...(free ? junctions.filter(({ lat, lon }) => ruleAt(rental, 'b', lat, lon).end) : []),
    ]
    const directs = leave.map(l => reachedOnFoot(createStreetSearch(s.graph, s.links), l))
    const walks = ways(s.graph, walker, from, take)
    for (const [i, t] of take.entries()) {
      const rides = walks[i] === undefined ? [] : ways(course!.graph, course!.ride, t, leave)
      for (const [j, direct] of directs.entries()) {
        if (rides[j] === undefined) continue
        for (const stop of stops) {
          const total = walks[i]! + 60 + rides[j]! + 30 + (direct.get(stop) ?? Number.POSITIVE_INFINITY)
          if (total > 900) continue
          for (const least of leave[j]!.held ? [best] : [best, unhindered])
            least.set(s.stopName(stop), Math.min(total, least.get(s.stopName(stop)) ?? total))
        }
      }
    }
    // each of the slow way's three parts is rounded up
    for (const [name, seconds] of unhindered)
      if (seconds < 890) expect(found.get(name)?.seconds, name).toBeLessThanOrEqual(seconds)
    for (const [name, { seconds, by }] of found) {
      expect(seconds).toBeGreaterThanOrEqual((best.get(name) ?? 900) - 4)
      expect(by.parts.filter(p => p.mode === 'RENTAL')).toHaveLength(1)
      const ride = by.parts.find(p => p.mode === 'RENTAL')!
      expect(take.some(t => t.id === ride.from?.station)).toBe(true)
      expect(leave.some(l => l.id === ride.to?.station)).toBe(true)
      expect(Math.abs(by.parts.reduce((sum, p) => sum + p.seconds, 0) - seconds)).toBeLessThan(1.01)
    }
    // no edge with an end where riding through is forbidden is open to the bicycle
    for (let e = 0; e < s.graph.counts.edges; e++) {
      const ends = [s.graph.edgeFrom[e as never], s.graph.edgeTo[e as never]]
      const forbidden = ends.some(n => !ruleAt(rental, 'b', s.graph.nodeLat[n]!, s.graph.nodeLon[n]!).through)
      if (forbidden) expect(course!.graph.edgeSort[e as never]).toBe(s.graph.counts.sorts)
    }

    function reachedOnFoot(
      search: ReturnType<typeof createStreetSearch>,
      at: Point & { id: string | undefined },
    ): Map<number, number> {
      travelAs(search, walker)
      const nearest = [placeNear(search, at, 250)].filter(place => place !== undefined)
      const starts = at.id === undefined ? nearest : placesAt(search, at, 100, false)
      return new Map(
        stops.flatMap(i => {
          const seconds = secondsBetween(search, starts, placesOfStop(search, walker, i as StopIdx, true))
          return seconds === undefined ? [] : [[i, seconds] as const]
        }),
      )
    }
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

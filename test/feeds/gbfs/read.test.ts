import { readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { contains, findOffer, ruleAt } from '#engine/conditions/rental.ts'
import { readFacilities, readLots } from '#feeds/facilities.ts'
import { readSystem } from '#feeds/gbfs/read.ts'
import { polygonOf } from '#feeds/gbfs/zones.ts'
import { dataFile } from '../../helpers/data.ts'

const choice = { tag: 'bikes', group: 'bikes' }
const data = (data: unknown, last_updated: unknown = 1_700_000_000) => ({ last_updated, ttl: 30, data })

/** A square around a corner of it, in degrees, as GeoJSON. */
const square = (lat: number, lon: number, size: number) => ({
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [lon, lat],
        [lon + size, lat],
        [lon + size, lat + size],
        [lon, lat + size],
        [lon, lat],
      ],
    ],
  ],
})

const modern = {
  system_information: data({
    system_id: 'x',
    name: [{ text: 'Räder', language: 'de' }],
    url: 'https://example.org',
    brand_assets: { color: '#aabb01' },
  }),
  vehicle_types: data({
    vehicle_types: [
      { vehicle_type_id: 'b', form_factor: 'bicycle', propulsion_type: 'human', return_constraint: 'any_station' },
      { vehicle_type_id: 's', form_factor: 'scooter', propulsion_type: 'electric', max_range_meters: 30000 },
    ],
  }),
  station_information: data({
    stations: [
      { station_id: 'A', name: 'Markt', lat: 51.5, lon: 7.4, capacity: 10 },
      { station_id: 'B', name: 'nowhere', lat: 0, lon: 0 },
      { station_id: 'C', name: 'Bahnhof', lat: 51.51, lon: 7.4 },
    ],
  }),
  station_status: data({
    stations: [
      {
        station_id: 'A',
        is_installed: true,
        is_renting: true,
        is_returning: false,
        vehicle_types_available: [
          { vehicle_type_id: 'b', count: 3 },
          { vehicle_type_id: 'unheard-of', count: 9 },
        ],
        vehicle_docks_available: [{ vehicle_type_ids: ['b'], count: 7 }],
      },
    ],
  }),
  vehicle_status: data({
    vehicles: [
      { vehicle_id: '1', vehicle_type_id: 's', lat: 51.5, lon: 7.41, current_range_meters: 12000 },
      { vehicle_id: '2', vehicle_type_id: 's', lat: 51.5, lon: 7.41, is_reserved: true },
      { vehicle_id: '3', vehicle_type_id: 'unheard-of', lat: 51.5, lon: 7.41 },
      { vehicle_id: '4', vehicle_type_id: 's' },
      { vehicle_type_id: 's', lat: 51.5, lon: 7.41 },
      { vehicle_id: '6', vehicle_type_id: 's', lat: 51.5, lon: 7.41, rental_uris: { web: 'javascript:alert(1)' } },
    ],
  }),
  geofencing_zones: data({
    geofencing_zones: {
      type: 'FeatureCollection',
      features: [
        {
          properties: {
            name: 'lake',
            rules: [{ ride_start_allowed: false, ride_end_allowed: false, ride_through_allowed: false }],
          },
          geometry: square(51.52, 7.4, 0.01),
        },
        {
          properties: {
            name: 'centre',
            rules: [
              { vehicle_type_ids: ['s'], ride_start_allowed: true, ride_end_allowed: true, ride_through_allowed: true },
            ],
          },
          geometry: square(51.5, 7.4, 0.1),
        },
        { properties: { name: 'flat' }, geometry: { type: 'Point', coordinates: [7, 51] } },
      ],
    },
    global_rules: [{ ride_start_allowed: true, ride_end_allowed: false, ride_through_allowed: true }],
  }),
}

describe('GBFS 3', () => {
  const { system, dropped } = readSystem(modern, choice, 0)

  test('types, stations and vehicles; what makes no sense is dropped and counted', () => {
    expect(system).toMatchObject({ name: 'Räder', color: 'AABB01', systemId: 'x', measured: 1_700_000_000 })
    expect(system.types.map(t => [t.formFactor, t.propulsion, t.returns, t.rangeMetres])).toEqual([
      ['BICYCLE', 'HUMAN', 'ANY_STATION', undefined],
      ['SCOOTER_STANDING', 'ELECTRIC', 'NONE', 30000],
    ])
    expect(system.stations).toMatchObject([
      {
        id: 'A',
        renting: true,
        returning: false,
        available: { b: 3 },
        docks: { b: 7 },
        capacity: 10,
      },
      // nobody says how it is: nothing can be counted on
      { id: 'C', renting: false, returning: false },
    ])
    expect(system.vehicles.map(v => [v.id, v.usable, v.rangeMetres])).toEqual([
      ['1', true, 12000],
      ['2', false, undefined],
      ['6', true, undefined],
    ])
    expect(system.vehicles[2]).not.toHaveProperty('uris')
    expect(dropped).toEqual({
      station_without_position: 1,
      station_without_status: 1,
      unknown_vehicle_type: 1,
      vehicle_without_position: 1,
      vehicle_without_id: 1,
      zone_without_polygon: 1,
    })
  })

  test('without a word about returns: what stands alone may be left alone, what is only at stations may not', () => {
    const returns = (documents: object) =>
      readSystem({ ...modern, ...documents }, choice, 0).system.types.map(type => type.returns)
    const vehicle_types = data({
      vehicle_types: ['b', 's'].map(id => ({ vehicle_type_id: id, form_factor: 'bicycle', propulsion_type: 'human' })),
    })
    expect(returns({ vehicle_types })).toEqual(['ANY_STATION', 'NONE'])
    expect(returns({ vehicle_types, vehicle_status: data({ vehicles: [] }) })).toEqual(['ANY_STATION', 'ANY_STATION'])
    // nowhere to bring it to
    expect(returns({ vehicle_types, station_information: data({ stations: [] }) })).toEqual(['NONE', 'NONE'])
    expect(returns({ vehicle_types, vehicle_status: data({ vehicles: [{ bike_id: '1', lat: 51, lon: 7 }] }) })).toEqual(
      ['NONE', 'NONE'],
    )
  })

  test('of docked vehicles the one that goes farthest counts; a charge is as much of what a full one goes', () => {
    const documents = {
      ...modern,
      station_status: data({ stations: [{ station_id: 'A', num_vehicles_available: 3 }] }),
      vehicle_status: data({
        vehicles: [
          { vehicle_id: '1', vehicle_type_id: 's', station_id: 'A', current_range_meters: 300 },
          { vehicle_id: '2', vehicle_type_id: 's', station_id: 'A', current_fuel_percent: 0.05 },
          { vehicle_id: '3', vehicle_type_id: 's', station_id: 'A', current_range_meters: 9000, is_disabled: true },
          { vehicle_id: '4', vehicle_type_id: 's', lat: 51.5, lon: 7.4, current_fuel_percent: 2 },
        ],
      }),
    }
    const { system } = readSystem(documents, choice, 0)
    expect(system.stations[0]).toMatchObject({ available: { s: 2 }, ranges: { s: 1500 } })
    expect(system.vehicles.map(v => v.rangeMetres)).toEqual([300, 1500, 9000, 30_000])
    expect(findOffer(system, 's', { lat: 0, lon: 0, station: 'A' })).toEqual({ metres: 1500, told: 1500 })
    // nobody says how full it is
    const silent = {
      ...documents,
      vehicle_status: data({ vehicles: [{ vehicle_id: '1', vehicle_type_id: 's', station_id: 'A' }] }),
    }
    expect(findOffer(readSystem(silent, choice, 0).system, 's', { lat: 0, lon: 0, station: 'A' })).toEqual({
      metres: 30_000,
      told: undefined,
    })
  })

  test('types and stations may have any name', () => {
    const ids = ['__proto__', 'constructor', 'toString']
    const { system } = readSystem(
      {
        ...modern,
        vehicle_types: data({
          vehicle_types: ids.map(id => ({ vehicle_type_id: id, form_factor: 'bicycle', propulsion_type: 'human' })),
        }),
        station_information: data({ stations: ids.map(id => ({ station_id: id, name: id, lat: 51.5, lon: 7.4 })) }),
        station_status: data({
          stations: ids.map(id => ({
            station_id: id,
            vehicle_docks_available: [{ vehicle_type_ids: ids, count: 2 }],
          })),
        }),
        vehicle_status: data({
          vehicles: ids.map(id => ({ vehicle_id: id, vehicle_type_id: id, station_id: '__proto__' })),
        }),
      },
      choice,
      0,
    )
    // as the workers get it
    const [first, second] = JSON.parse(JSON.stringify(system.stations)) as typeof system.stations
    expect(Object.entries(first!.available)).toEqual(ids.map(id => [id, 1]))
    expect(Object.entries(first!.docks!)).toEqual(ids.map(id => [id, 2]))
    expect(Object.hasOwn(second!.available, 'constructor')).toBe(false)
  })

  test('the first zone that says anything about a type counts, else the global rules', () => {
    const at = (type: string, lat: number, lon: number) => ruleAt(system, type, lat * 1e7, lon * 1e7)
    expect(at('s', 51.525, 7.405)).toMatchObject({ through: false, end: false })
    expect(at('s', 51.505, 7.405)).toMatchObject({ end: true })
    // the centre says nothing about bicycles
    expect(at('b', 51.505, 7.405)).toMatchObject({ end: false, through: true })
    expect(at('s', 50, 7)).toMatchObject({ end: false, start: true })
  })

  const ring = (a: number, b: number): number[] => [a, a, a, b, b, b, b, a]

  test('a hole of a polygon is outside', () => {
    expect([5, 15, 35].map(n => contains([[ring(0, 30), ring(10, 20)]], n, n))).toEqual([true, false, false])
  })

  test('without its outer ring a polygon has no holes either', () => {
    const ring = (a: number, b: number) => [
      [a, a],
      [b, a],
      [b, b],
      [a, b],
      [a, a],
    ] // lon, lat
    const of = (...rings: number[][][]) => polygonOf({ type: 'MultiPolygon', coordinates: [rings, [ring(3, 4)]] })
    expect(of(ring(0, 3), ring(1, 2), [[1, 1]]).map(rings => rings.length)).toEqual([2, 1])
    for (const outer of [
      [],
      [
        [0, 0],
        [0, 3],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 300],
        [3, 3],
      ],
    ])
      expect(of(outer, ring(1, 2)).map(rings => rings.length)).toEqual([1])
  })

  test('where polygons of an area overlap is inside, and so is a hole of one that another covers', () => {
    const areas = [[ring(0, 30), ring(10, 20)], [ring(15, 40)]]
    expect([5, 12, 18, 25, 35, 45].map(n => contains(areas, n, n))).toEqual([true, false, true, true, true, false])
  })
})

describe('whatever comes', () => {
  test.each([
    {},
    { system_information: 7 },
    { station_information: data({ stations: 'x' }) },
    { free_bike_status: data({ bikes: [null, 3, []] }) },
  ])('%j is an empty system', documents => {
    const { system } = readSystem(documents, choice, 5)
    expect(system).toMatchObject({ id: 'bikes', name: 'bikes', stations: [], vehicles: [] })
  })
})

describe.skipIf(!dataFile('bikeshare/baywheels-gbfs'))('Bay Wheels, a system without vehicle types', () => {
  test('496 stations, 720 free bikes; totals as counted in the raw files', () => {
    const names = ['system_information', 'station_information', 'station_status', 'free_bike_status']
    const raw = Object.fromEntries(
      names.map(n => [n, JSON.parse(readFileSync(dataFile(`bikeshare/baywheels-gbfs/${n}.json`)!, 'utf8'))]),
    )
    const { system } = readSystem(raw, choice, 0)
    expect([system.stations.length, system.vehicles.length]).toEqual([496, 720])
    expect(system.types).toMatchObject([{ formFactor: 'BICYCLE', returns: 'NONE' }])
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0)
    const stated = raw.station_status.data.stations as { num_bikes_available: number }[]
    const read = sum(system.stations.map(s => sum(Object.values(s.available))))
    expect(read).toBe(sum(stated.map(s => s.num_bikes_available)))
    expect(system.vehicles.filter(v => !v.usable).length).toBe(
      raw.free_bike_status.data.bikes.filter((b: Record<string, number>) => b.is_reserved || b.is_disabled).length,
    )
  })
})

describe('facilities', () => {
  test('elevators of FaSta: out, working, unknown; escalators are none', () => {
    const place = { geocoordX: 7.459, geocoordY: 51.517 }
    const found = readFacilities(
      {
        rows: [
          { equipmentnumber: 10354, type: 'ELEVATOR', description: 'zu Gleis 10/11', state: 'INACTIVE', ...place },
          { equipmentnumber: 2, type: 'ELEVATOR', state: 'ACTIVE', ...place },
          { equipmentnumber: 3, type: 'ESCALATOR', state: 'INACTIVE', ...place },
          { equipmentnumber: 4, type: 'ELEVATOR', state: 'ACTIVE' },
          { equipmentnumber: 5, type: 'ELEVATOR', ...place, outOfService: [['2026-01-10T08:00:00Z', null]] },
          { equipmentnumber: 6, state: 'INACTIVE', ...place, outOfService: [['2026-01-10T08:00:00Z', null]] },
          { equipmentnumber: 7, state: 'INACTIVE', ...place, outOfService: [[null, '2026-01-10T08:00:00Z']] },
        ],
      },
      'fasta',
      1_768_031_999,
    )
    expect(found.map(e => [e.id, e.state, e.out])).toEqual([
      ['10354', 'out', []],
      ['2', 'working', []],
      ['5', 'out', [{ start: 1_768_032_000 }]],
      // out now as well, and nobody says until when
      ['6', 'out', []],
      ['7', 'out', [{ end: 1_768_032_000 }]],
    ])
  })

  test('car parks of ParkAPI; from two answers follows how fast a lot fills', () => {
    const lots = (free: number, last_updated: string) => ({
      last_updated,
      lots: [
        { id: 'p', name: 'P+R', coords: { lat: 51.5, lng: 7.4 }, free, total: 50, state: 'open' },
        { id: 'q', name: 'shut', coords: { lat: 51.5, lng: 7.4 }, free: 5, total: 50, state: 'closed' },
        {
          id: 'r',
          name: 'silent',
          coords: { lat: 51.5, lng: 7.4 },
          free: 0,
          total: 50,
          state: 'nodata',
          purpose: 'BIKE',
        },
      ],
    })
    const first = readLots(lots(30, '2026-01-10T08:00:00Z'), 'city', 0)
    expect(first.map(l => [l.id, l.free, l.open, l.trend])).toEqual([
      ['p', 30, true, 0],
      ['q', 5, false, 0],
      ['r', undefined, true, 0],
    ])
    expect(first.map(l => l.bicycles === true)).toEqual([false, false, true])
    // ten fewer in half an hour are 20 an hour; half of it is believed at once
    expect(readLots(lots(20, '2026-01-10T08:30:00Z'), 'city', 0, first)[0]!.trend).toBe(-10)
  })

  test('times without a zone are UTC, wherever it is read', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    const lot = { id: 'p', coords: { lat: 51.5, lng: 7.4 }, free: 3 }
    for (const last_updated of ['2026-01-10T08:00:00', '2026-01-10 08:00', '2026-01-10T09:00:00+01:00'])
      expect(readLots({ last_updated, lots: [lot] }, 'city', 0)[0]!.measured).toBe(1_768_032_000)
    vi.unstubAllEnvs()
  })

  test('car parks of ParkAPI 3: places as text, each with a time of its own, and no lockers', () => {
    const site = {
      name: 'Nord',
      lat: '51.5000000',
      lon: '7.4000000',
      purpose: 'CAR',
      capacity: 60,
      has_realtime_data: true,
    }
    const items = [
      { ...site, id: 1, realtime_free_capacity: 12, realtime_data_updated_at: '2026-01-10T08:00:00Z' },
      { ...site, id: 2, realtime_free_capacity: 9, realtime_capacity: 40, realtime_opening_status: 'CLOSED' },
      { ...site, id: 3, has_realtime_data: false, realtime_free_capacity: 7, purpose: 'BIKE' },
      { ...site, id: 4, purpose: 'ITEM' },
      { ...site, id: 5, lat: 'north' },
    ]
    const found = readLots({ items, total_count: 5 }, 'bw', 1_768_040_000)
    expect(found.map(l => [l.id, l.lat, l.lon, l.free, l.total, l.open, l.measured])).toEqual([
      ['1', 515_000_000, 74_000_000, 12, 60, true, 1_768_032_000],
      ['2', 515_000_000, 74_000_000, 9, 40, false, 1_768_040_000],
      ['3', 515_000_000, 74_000_000, undefined, 60, true, 1_768_040_000],
    ])
    expect(found.map(l => l.bicycles === true)).toEqual([false, false, true])
    const later = [{ ...items[0], realtime_free_capacity: 2, realtime_data_updated_at: '2026-01-10T08:30:00Z' }]
    expect(readLots({ items: later }, 'bw', 0, found)[0]!.trend).toBe(-10)
  })
})

// Bicycles for rent in the demo city, told as GBFS 3.0. Stations and bicycles are invented: one station beside every third of the city's,
// as full as the hour and its own dice make it. Like every message of the simulator it depends on the seed and the second alone.

import { METRES_PER_DEGREE } from '#engine/core/geo.ts'
import type { City } from './city.ts'
import { mixText, roll, wave } from './random.ts'

const EVERY = 3
/** Metres from the station of the trains. */
const BESIDE = 40
/** Seconds for which a status stays right, and in which a station may become full or empty. */
const TTL = 15
const SWING = 1800
const TYPE = 'bike'
const NAME = 'Demo-Rad (erfunden)'

interface BikeStation {
  readonly id: string
  readonly name: string
  readonly lat: number
  readonly lon: number
  readonly capacity: number
  readonly seed: number
}

export interface BikeShare {
  readonly stations: readonly BikeStation[]
  /** A document by the name of its file (`gbfs.json`, `station_status.json` …); undefined: there is none of that name. */
  document(name: string, at: number): object | undefined
}

/** One beside every third station. A document depends on the seed and its second alone. */
export function createBikeShare(city: Pick<City, 'stations'>, seed: number): BikeShare {
  const stations = city.stations
    .filter((_, i) => i % EVERY === 0)
    .map(({ id, name, lat, lon }): BikeStation => {
      const own = mixText(seed, `bikes ${id}`)
      const angle = roll(own, 1) * 2 * Math.PI
      const degrees = BESIDE / METRES_PER_DEGREE
      return {
        id: `rad-${id}`,
        name,
        lat: lat + degrees * Math.sin(angle),
        lon: lon + (degrees * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180),
        capacity: 8 + Math.floor(roll(own, 2) * 13),
        seed: own,
      }
    })
  return {
    stations,
    document(name, at) {
      const data = dataOf(stations, name, at)
      return data && { last_updated: new Date(at * 1000).toISOString(), ttl: TTL, version: '3.0', data }
    },
  }
}

function dataOf(stations: readonly BikeStation[], name: string, at: number): object | undefined {
  switch (name) {
    case 'gbfs.json':
      return { feeds: documents.map(document => ({ name: document, url: `${document}.json` })) }
    case 'system_information.json':
      return { system_id: 'demo-rad', languages: ['de'], name: worded(NAME), timezone: 'Europe/Berlin' }
    case 'vehicle_types.json':
      return {
        vehicle_types: [
          { vehicle_type_id: TYPE, form_factor: 'bicycle', propulsion_type: 'human', return_constraint: 'any_station' },
        ],
      }
    case 'station_information.json':
      return {
        stations: stations.map(({ id, name, lat, lon, capacity }) => ({
          station_id: id,
          name: worded(name),
          lat,
          lon,
          capacity,
        })),
      }
    case 'station_status.json':
      return { stations: stations.map(station => statusOf(station, at)) }
  }
  return undefined
}

const documents = ['system_information', 'vehicle_types', 'station_information', 'station_status']

const worded = (text: string) => [{ text, language: 'de' }]

function statusOf({ id, capacity, seed }: BikeStation, at: number): object {
  const share = Math.min(1, Math.max(0, 0.5 + 0.6 * wave(seed, at / SWING)))
  const bikes = Math.round(share * capacity)
  return {
    station_id: id,
    is_installed: true,
    is_renting: true,
    is_returning: true,
    last_reported: new Date(at * 1000).toISOString(),
    num_vehicles_available: bikes,
    vehicle_types_available: [{ vehicle_type_id: TYPE, count: bikes }],
    num_docks_available: capacity - bikes,
  }
}

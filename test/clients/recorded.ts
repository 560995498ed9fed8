// Requests as real clients send them, recorded from motis-client 2.11.3, motis-fptf-client 6.4.0, the MOTIS web UI and KDE Itinerary; places,
// ids and times are the city's. test/api/recorded.test.ts asks the same of a drawn one.

import { beforeAll, expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import type { Match } from '#api/contract/geocode.ts'
import type { World } from './worlds.ts'

interface Names {
  readonly time: string
  readonly end: string
  readonly from: string
  readonly to: string
  readonly trip: string
  readonly door: string
  readonly name: string
  /** Corners around the first station. */
  readonly upperLeft: string
  readonly lowerRight: string
  readonly lowerLeft: string
  readonly upperRight: string
  readonly tile: string
}

const modes =
  'AIRPLANE,HIGHSPEED_RAIL,LONG_DISTANCE,NIGHT_RAIL,REGIONAL_FAST_RAIL,REGIONAL_RAIL,SUBURBAN,SUBWAY,TRAM,BUS,FERRY,ODM,OTHER'

/** Who asks → what, given the city's names. */
const requests: readonly [string, (n: Names) => string][] = [
  [
    'motis-client',
    n =>
      `/api/v6/plan?fromPlace=${n.door}&toPlace=${n.to}&transitModes=BUS&transitModes=TRAM&via=${n.from}&via=${n.from}&time=${n.time}`,
  ],
  ['motis-client', n => `/api/v6/stoptimes?stopId=${n.from}&n=5&mode=BUS&mode=TRAM`],
  ['motis-client', () => '/api/v1/geocode?text=Hbf&language=de&language=en&type=STOP'],
  ['motis-client', n => `/api/v6/one-to-all?one=${n.door}&maxTravelTime=30`],
  ['motis-client', n => `/api/v6/map/stops?min=${n.lowerLeft}&max=${n.upperRight}`],
  [
    'motis-client',
    n => `/api/v6/map/trips?zoom=12&min=${n.lowerLeft}&max=${n.upperRight}&startTime=${n.time}&endTime=${n.end}`,
  ],
  ['motis-client', () => '/api/v1/map/initial'],
  ['motis-client', n => `/api/v6/trip?tripId=${n.trip}`],
  [
    'fptf-client',
    n =>
      `/api/v6/stoptimes?time=${n.time}&stopId=${n.from}&mode=TRANSIT&n=250&radius=300&arriveBy=false&direction=LATER`,
  ],
  [
    'fptf-client',
    n =>
      `/api/v6/stoptimes?time=${n.time}&stopId=${n.from}&mode=TRANSIT&n=250&radius=300&arriveBy=true&direction=LATER`,
  ],
  ['fptf-client', n => `/api/v6/stoptimes?stopId=${n.from}&n=0`],
  [
    'fptf-client',
    n =>
      `/api/v6/plan?fromPlace=${n.from}&toPlace=${n.door}&via=${n.to}&time=${n.time}&detailedTransfers=false&transitModes=TRANSIT&arriveBy=false&requireBikeTransport=true&pedestrianProfile=WHEELCHAIR`,
  ],
  [
    'fptf-client',
    n =>
      `/api/v6/one-to-all?one=${n.door}&time=${n.time}&maxTravelTime=20&maxTransfers=5&transitModes=TRANSIT&pedestrianProfile=WHEELCHAIR`,
  ],
  ['MOTIS UI', () => '/api/v1/map/initial'],
  [
    'MOTIS UI',
    n =>
      `/api/v6/plan?time=${n.time}&fromPlace=${n.from}&toPlace=${n.to}&withFares=true&numLegAlternatives=3&joinInterlinedLegs=false&noCompulsoryReservation=false&maxMatchingDistance=250`,
  ],
  ['MOTIS UI', n => `/api/v6/stoptimes?stopId=${n.from}&time=${n.time}&arriveBy=false&n=10&language=en`],
  ['MOTIS UI', n => `/api/v1/geocode?place=${n.door}&text=${n.name}&language=en&mode=${modes}`],
  ['MOTIS UI', n => `/api/v6/map/stops?min=${n.lowerRight}&max=${n.upperLeft}&grouped=true&modes=${modes}`],
  ['MOTIS UI', n => `/api/v1/rentals?max=${n.upperLeft}&min=${n.lowerRight}`],
  ['MOTIS UI', n => `/api/v1/map/levels?min=${n.upperLeft}&max=${n.lowerRight}`],
  ['MOTIS UI', n => `/tiles/${n.tile}.mvt`],
  [
    'KDE',
    n =>
      `/api/v5/plan?fromPlace=${n.door},0&toPlace=${n.to}&time=${n.time}&detailedTransfers=true&detailedLegs=true&transitModes=TRANSIT&directModes=WALK&preTransitModes=WALK&postTransitModes=WALK&numItineraries=3&arriveBy=false`,
  ],
  ['KDE', n => `/api/v5/stoptimes?time=${n.time}&stopId=${n.from}&n=12&arriveBy=false&radius=200`],
  ['KDE', n => `/api/v5/trip?tripId=${n.trip}`],
  ['KDE', n => `/api/v1/map/stops?min=${n.lowerLeft}&max=${n.upperRight}`],
  ['KDE', n => `/api/v1/geocode?text=${n.name}`],
  ['KDE', n => `/api/v1/reverse-geocode?place=${n.door}`],
  ['KDE', n => `/api/v1/map/rentals?min=${n.lowerLeft}&max=${n.upperRight}`],
]

export function recordedRequests(city: () => World): void {
  let names: Names

  beforeAll(async () => {
    const { url, time, from, to, door } = city()
    const json = async (path: string) => (await fetch(url + encodeURI(path))).json() as Promise<unknown>
    const [start, end] = (await Promise.all(
      [from, to].map(async name => ((await json(`/api/v1/geocode?text=${name}&type=STOP`)) as Match[])[0]),
    )) as [Match, Match]
    const { stopTimes } = (await json(`/api/v6/stoptimes?stopId=${start.id}&n=1&time=${time}`)) as StoptimesResponse
    const corner = (up: number, right: number): string => `${start.lat + up * 0.02},${start.lon + right * 0.05}`
    names = {
      time: new Date(time).toISOString(),
      end: new Date(Date.parse(time) + 60_000).toISOString(),
      from: encodeURIComponent(start.id),
      to: encodeURIComponent(end.id),
      trip: encodeURIComponent(stopTimes[0]!.tripId),
      door,
      name: encodeURIComponent(from),
      upperLeft: corner(1, -1),
      lowerRight: corner(-1, 1),
      lowerLeft: corner(-1, -1),
      upperRight: corner(1, 1),
      tile: tileOver(start, 14),
    }
  })

  test.each(requests.map(([client, of], i) => [client, i, of] as const))('recorded from %s: %i', async (_, __, of) => {
    const path = of(names)
    const answer = await fetch(city().url + path)
    const body = await answer.arrayBuffer()
    expect(answer.status, `${path}: ${answer.ok ? '' : new TextDecoder().decode(body)}`).toBe(200)
    const type = path.startsWith('/tiles/') ? 'application/vnd.mapbox-vector-tile' : 'application/json'
    expect(answer.headers.get('content-type')?.split(';')[0]).toBe(type)
    expect(body.byteLength).toBeGreaterThan(1)
  })
}

/** z/x/y of the tile around a point (Web Mercator). */
export function tileOver({ lat, lon }: Pick<Match, 'lat' | 'lon'>, z: number): string {
  const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2
  return [z, ...[(lon + 180) / 360, y].map(part => Math.floor(part * 2 ** z))].join('/')
}

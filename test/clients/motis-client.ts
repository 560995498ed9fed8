// MOTIS' own client, as npm has it: every call of it, each answer checked against the schemas it carries.

import * as motis from '@motis-project/motis-client'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, expect, test, vi } from 'vitest'
import { PATIENCE } from '../helpers/until.ts'
import type { World } from './worlds.ts'

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
const components = Object.fromEntries(
  Object.entries(motis)
    .filter(([name, schema]) => name.endsWith('Schema') && typeof schema === 'object')
    .map(([name, schema]) => [name.slice(0, -'Schema'.length), schema]),
)
ajv.addSchema({ $id: 'motis', components: { schemas: components } })

export const ref = (name: string): object => ({ $ref: `motis#/components/schemas/${name}` })
export const listOf = (name: string): object => ({ type: 'array', items: ref(name) })
const object = (properties: Record<string, object>): object => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})
const text = { type: 'string' }
export const shapes = {
  plan: object({
    requestParameters: { type: 'object', additionalProperties: text },
    debugOutput: { type: 'object', additionalProperties: { type: 'integer' } },
    from: ref('Place'),
    to: ref('Place'),
    direct: listOf('Itinerary'),
    itineraries: listOf('Itinerary'),
    previousPageCursor: text,
    nextPageCursor: text,
  }),
  stoptimes: object({
    stopTimes: listOf('StopTime'),
    place: ref('Place'),
    previousPageCursor: text,
    nextPageCursor: text,
  }),
  initial: object({
    lat: { type: 'number' },
    lon: { type: 'number' },
    zoom: { type: 'number' },
    serverConfig: ref('ServerConfig'),
  }),
  rentals: object({
    providerGroups: listOf('RentalProviderGroup'),
    providers: listOf('RentalProvider'),
    stations: listOf('RentalStation'),
    vehicles: listOf('RentalVehicle'),
    zones: listOf('RentalZone'),
  }),
  stop: object({ place: ref('Place'), routes: listOf('Route') }),
  routes: object({
    routes: listOf('RouteInfo'),
    polylines: listOf('RoutePolyline'),
    stops: listOf('Place'),
    zoomFiltered: { type: 'boolean' },
  }),
  transfers: object({
    place: ref('Place'),
    root: ref('Place'),
    equivalences: listOf('Place'),
    transfers: listOf('Transfer'),
  }),
}

/** `$ref`s inside the client's schemas are written for a document of their own. */
export function expectShape(schema: object, value: unknown): void {
  const check = ajv.compile(schema)
  expect(check(value) ? [] : check.errors!.slice(0, 5).map(e => `${e.instancePath} ${e.message}`)).toEqual([])
}

interface Answer<T> {
  readonly data?: T | undefined
  readonly error?: unknown
  readonly response: Response
}
export async function good<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call
  expect([response.status, error]).toEqual([200, undefined])
  return data!
}

export function motisClient(city: () => World): void {
  let world: World
  let from: motis.Match
  let to: motis.Match
  beforeAll(async () => {
    world = city()
    motis.client.setConfig({ baseUrl: world.url })
    ;[from, to] = (await Promise.all(
      [world.from, world.to].map(
        async name => (await good(motis.geocode({ query: { text: name, type: ['STOP'] } })))[0]!,
      ),
    )) as [motis.Match, motis.Match]
  })

  const corners = (match: motis.Match, by: number) => ({
    min: `${match.lat - by},${match.lon + by}`,
    max: `${match.lat + by},${match.lon - by}`,
  })

  test('geocode and reverse-geocode', async () => {
    expect([from.name, to.name]).toEqual([world.fromName, world.toName])
    expectShape(listOf('Match'), await good(motis.geocode({ query: { text: 'b', language: ['de', 'en'] } })))
    const near = await good(motis.reverseGeocode({ query: { place: `${from.lat},${from.lon}`, type: ['STOP'] } }))
    expectShape(listOf('Match'), near)
    expect(near[0]!.id).toBe(from.id)
  })

  test('plan, its pages, and an itinerary again', async () => {
    const query = { fromPlace: world.door, toPlace: to.id, time: world.time }
    const found = await good(motis.plan({ query: { ...query, transitModes: ['TRANSIT'], numLegAlternatives: 2 } }))
    expectShape(shapes.plan, found)
    expect(found.itineraries.length).toBeGreaterThan(0)
    for (const pageCursor of [found.previousPageCursor, found.nextPageCursor])
      expectShape(shapes.plan, await good(motis.plan({ query: { ...query, pageCursor } })))
    const [first] = found.itineraries
    const again = await good(motis.refreshItinerary({ query: { itineraryId: first!.id } }))
    expectShape(ref('Itinerary'), again)
    expect(again.legs.length).toBe(first!.legs.length)
    expectShape(shapes.plan, await good(motis.plan({ query: { ...query, via: [from.id], viaMinimumStay: [0] } })))
  })

  test('plan with ways to the stops that the client knows', async () => {
    const query = { fromPlace: world.door, toPlace: to.id, time: world.time }
    for (const mode of [undefined, 'BIKE', 'CAR'] as const) {
      const fromOffsets = [{ stopId: from.id, duration: 300, ...(mode && { mode }) }]
      const found = await good(motis.planPost({ query, body: { fromOffsets, toOffsets: [] } }))
      expectShape(shapes.plan, found)
      expect(found.itineraries.length).toBeGreaterThan(0)
      for (const { legs } of found.itineraries) {
        expect([legs[0]!.mode, legs[0]!.duration]).toEqual([mode ?? 'WALK', 300])
        expect(legs[0]!.to.parentId ?? legs[0]!.to.stopId).toBe(from.id)
      }
    }
    const { response } = await motis.planPost({
      query,
      body: { fromOffsets: [{ stopId: from.id, duration: 300, mode: 'TRAM' }] },
    })
    expect(response.status).toBe(400)
  })

  test('vehicles for rent: in a box, around a point, and on the way', async context => {
    if (!world.rents) return context.skip()
    const all = await vi.waitFor(async () => {
      const answer = await good(motis.rentals({ query: {} }))
      expect(answer.providers.length).toBeGreaterThan(0)
      return answer
    }, PATIENCE)
    expectShape(shapes.rentals, all)
    const near = await good(motis.rentals({ query: corners(from, 0.02) }))
    expectShape(shapes.rentals, near)
    expect(near.stations.length).toBeGreaterThan(5)
    expect(near.stations.length).toBeLessThanOrEqual(all.stations.length)
    const [busy] = near.stations.toSorted((a, b) => b.numVehiclesAvailable - a.numVehiclesAvailable)
    const around = await good(motis.rentals({ query: { point: `${busy!.lat},${busy!.lon}`, radius: 100 } }))
    expect(around.stations.map(station => station.id)).toContain(busy!.id)

    const found = await good(
      motis.plan({
        query: {
          fromPlace: `${busy!.lat},${busy!.lon}`,
          toPlace: to.id,
          time: world.time,
          directModes: ['RENTAL'],
          preTransitModes: ['WALK', 'RENTAL'],
          directRentalFormFactors: ['BICYCLE'],
          maxDirectTime: 7200,
        },
      }),
    )
    expectShape(shapes.plan, found)
    const rides = found.direct.flatMap(({ legs }) => legs.filter(leg => leg.mode === 'RENTAL'))
    expect(rides.length).toBeGreaterThan(0)
    expect(rides[0]!.rental).toMatchObject({ providerId: all.providers[0]!.id, formFactor: 'BICYCLE' })
    expect(rides[0]!.from.vertexType).toBe('BIKESHARE')
  })

  test('a board, its stop, and one of its runs', async () => {
    const board = await good(
      motis.stoptimes({ query: { stopId: from.id, n: 20, time: world.time, mode: ['TRANSIT'], fetchStops: true } }),
    )
    expectShape(shapes.stoptimes, board)
    expect(board.stopTimes.length).toBeGreaterThanOrEqual(20)
    const { routes } = await good(motis.stopInfo({ query: { stopId: from.id } }))
    expectShape(shapes.stop, { place: board.place, routes })
    const known = new Set(routes.map(route => route.routeId))
    expect(board.stopTimes.filter(({ routeId }) => !known.has(routeId))).toEqual([])
    const whole = await good(motis.trip({ query: { tripId: board.stopTimes[0]!.tripId } }))
    expectShape(ref('Itinerary'), whole)
  })

  test('maps: initial, stops, levels, what moves, and the lines', async () => {
    expectShape(shapes.initial, await good(motis.initial()))
    const stops = await good(motis.stops({ query: corners(from, 0.01) }))
    expectShape(listOf('Place'), stops)
    expect(stops.map(stop => stop.stopId)).toContain(from.id)
    expectShape({ type: 'array', items: { type: 'number' } }, await good(motis.levels({ query: corners(from, 0.005) })))
    const startTime = world.time
    const endTime = new Date(Date.parse(startTime) + 120_000).toISOString()
    const moving = await good(motis.trips({ query: { ...corners(from, 0.02), zoom: 14, startTime, endTime } }))
    expectShape(listOf('TripSegment'), moving)
    expect(moving.length).toBeGreaterThan(3)
    for (const { departure, arrival } of moving) {
      expect(Date.parse(departure)).toBeLessThanOrEqual(Date.parse(endTime))
      expect(Date.parse(arrival)).toBeGreaterThanOrEqual(Date.parse(startTime))
    }
    const lines = await good(motis.routes({ query: { ...corners(from, 0.01), zoom: 14 } }))
    expectShape(shapes.routes, lines)
    const [line] = lines.routes
    const details = await good(motis.routeDetails({ query: { routeIdx: line!.routeIdx } }))
    expectShape(shapes.routes, details)
    expect(details.routes[0]!.numStops).toBe(line!.numStops)
    expect(details.stops.length).toBeGreaterThan(1)
  })

  test('one to all, one to many, one to many with transit', async () => {
    const reached = await good(motis.oneToAll({ query: { one: from.id, maxTravelTime: 30, time: world.time } }))
    expectShape(ref('Reachable'), reached)
    const minutes = reached
      .all!.filter(({ place }) => (place!.parentId ?? place!.stopId) === to.id)
      .map(r => r.duration!)
    const point = ({ lat, lon }: motis.Match): string => `${lat};${lon}`
    const params = { one: point(from), many: [point(to), point(from)], max: 7200, maxMatchingDistance: 250 }
    const streets = await good(motis.oneToMany({ query: { ...params, mode: 'WALK', arriveBy: false } }))
    expectShape(listOf('Duration'), streets)
    expect(streets).toEqual(await good(motis.oneToManyPost({ body: { ...params, mode: 'WALK', arriveBy: false } })))
    expect(streets[1]!.duration).toBeLessThan(60)
    const both = await good(motis.oneToManyIntermodal({ query: { one: from.id, many: [to.id], time: world.time } }))
    expectShape(
      { type: 'object', properties: { transit_durations: { type: 'array', items: listOf('ParetoSetEntry') } } },
      both,
    )
    expect(both).toEqual(
      await good(motis.oneToManyIntermodalPost({ body: { one: from.id, many: [to.id], time: world.time } })),
    )
    const quickest = both.transit_durations![0]!.at(-1)!
    expect(Math.ceil(quickest.duration / 60)).toBe(Math.min(...minutes))
  })

  test('health, transfers', async () => {
    expectShape(ref('HealthResponse'), await good(motis.health()))
    const answer = await good(motis.transfers({ query: { id: from.id } }) as Promise<Answer<motis.TransfersResponse>>)
    expectShape(shapes.transfers, answer)
    expect(answer.equivalences.map(place => place.stopId)).toContain(from.id)
    const walked = answer.transfers.filter(({ foot }) => foot !== undefined)
    expect(walked.length).toBeGreaterThan(0)
    expect([answer.hasFootTransfers, answer.hasWheelchairTransfers]).toEqual([true, true])
  })

  test('errors are said as documented', async () => {
    const { error, response } = await motis.stoptimes({ query: { stopId: 'de-DELFI_de:1', n: 1 } })
    expect(response.status).toBe(404)
    expectShape(ref('Error'), error)
  })
}

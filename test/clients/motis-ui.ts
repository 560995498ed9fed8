// What the MOTIS web UI asks, in the order of a user's clicks, with the client and the settings that it uses (lists behind commas), and what
// its map style demands of tiles and letters. The UI itself is on no registry; this is what its source asks at API v6.

import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile'
import * as motis from '@motis-project/motis-client'
import { PbfReader } from 'pbf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectShape, good, listOf, ref, shapes } from './motis-client.ts'
import { tileOver } from './recorded.ts'
import type { World } from './worlds.ts'

/** Zoom: a number with a fraction, as MapLibre has it. */
const ZOOM = 14.37
const transitModes: motis.Mode[] = [
  ...(['AIRPLANE', 'HIGHSPEED_RAIL', 'LONG_DISTANCE', 'NIGHT_RAIL', 'REGIONAL_FAST_RAIL', 'REGIONAL_RAIL'] as const),
  ...(['SUBURBAN', 'SUBWAY', 'TRAM', 'BUS', 'FERRY', 'ODM', 'FUNICULAR', 'AERIAL_LIFT', 'OTHER'] as const),
]

/** Layer → attribute → values that the style has a colour or a filter for; of landuse anything else is painted magenta. */
const painted: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  landuse: {
    landuse: [
      ...['complex', 'commercial', 'industrial', 'residential', 'retail', 'construction', 'park', 'nature_light'],
      ...['nature_heavy', 'cemetery', 'beach', 'public_transport'],
    ],
  },
  rail: { rail: ['detail', 'secondary', 'primary', 'old'] },
  cities: { place: ['city', 'town', 'borough', 'suburb', 'village', 'quarter', 'neighbourhood', 'hamlet'] },
  road: {
    highway: [
      ...['motorway', 'trunk', 'primary', 'secondary', 'tertiary', 'unclassified', 'residential', 'living_street'],
      ...['pedestrian', 'service', 'track', 'cycleway', 'footway', 'path', 'bridleway', 'steps', 'busway'],
      ...['elevator', 'corridor', 'platform', 'pier'],
    ],
  },
}

export function motisUi(city: () => World): void {
  let world: World
  let from: motis.Match
  let to: motis.Match
  let view: { min: string; max: string }
  beforeAll(async () => {
    world = city()
    motis.client.setConfig({ baseUrl: world.url, querySerializer: { array: { explode: false, style: 'form' } } })
  })
  afterAll(() => motis.client.setConfig({ baseUrl: world.url, querySerializer: {} }))

  test('opens: where the map stands, what the server can, whose data it is', async () => {
    const { data, response } = await motis.initial()
    expectShape(shapes.initial, data)
    expect(response.headers.get('link')).toMatch(/^<https?:.*>; rel="license"$/)
    expect(response.headers.get('access-control-expose-headers') ?? 'same origin').toMatch(/link|same origin/i)
  })

  test('typing: suggestions around the middle of the map', async () => {
    const { data } = await motis.initial()
    const place = `${data!.lat},${data!.lon}`
    const find = async (text: string) =>
      good(motis.geocode({ query: { text, place, language: ['de'], mode: transitModes } }))
    const found = await Promise.all([find(world.from), find(world.to)])
    for (const matches of found) expectShape(listOf('Match'), matches)
    ;[from, to] = found.map(matches => matches[0]!) as [motis.Match, motis.Match]
    expect([from.type, to.type]).toEqual(['STOP', 'STOP'])
    const [up, right] = [0.017, 0.031]
    view = {
      max: `${from.lat + up},${from.lon - right}`, // north west
      min: `${from.lat - up},${from.lon + right}`, // south east
    }
  })

  test('a connection, earlier and later, opened; a ride and a stop of it clicked', async () => {
    const query = {
      time: new Date(world.time).toISOString(),
      fromPlace: from.id,
      toPlace: to.id,
      withFares: true,
      fastestDirectFactor: 1.5,
      numLegAlternatives: 3,
      joinInterlinedLegs: false,
      useRoutedTransfers: false,
      maxMatchingDistance: 250,
      algorithm: 'PONG' as const,
    }
    const found = await good(motis.plan({ query }))
    for (const pageCursor of [found.previousPageCursor, found.nextPageCursor]) {
      const page = await good(motis.plan({ query: { ...query, pageCursor } }))
      expectShape(shapes.plan, page)
      expect(page.itineraries.length).toBeGreaterThan(0)
    }
    expectShape(shapes.plan, found)
    const ride = found.itineraries[0]!.legs.find(leg => leg.tripId)!
    for (const { legGeometry } of found.itineraries.flatMap(({ legs }) => legs)) {
      expect(legGeometry.precision).toBe(6)
      // as deep as the line is long: the map draws it
      expect(legGeometry.length).toBeGreaterThan(0)
    }
    if (ride.routeColor) expect(ride.routeColor).toMatch(/^[0-9a-f]{6}$/i)
    const trip = await good(
      motis.trip({ query: { tripId: ride.tripId!, joinInterlinedLegs: false, language: ['de'] } }),
    )
    expectShape(ref('Itinerary'), trip)
    const board = {
      stopId: ride.from.stopId!,
      time: query.time,
      n: 10,
      exactRadius: false,
      radius: 200,
      language: ['de'],
    }
    for (const arriveBy of [false, true]) {
      const events = await good(motis.stoptimes({ query: { ...board, arriveBy } }))
      expectShape(shapes.stoptimes, events)
      for (const pageCursor of [events.previousPageCursor, events.nextPageCursor])
        expectShape(shapes.stoptimes, await good(motis.stoptimes({ query: { ...board, arriveBy, pageCursor } })))
    }
  })

  test('isochrones', async () => {
    const reached = await good(
      motis.oneToAll({
        query: {
          one: `${from.lat},${from.lon}`,
          maxTravelTime: 30,
          time: world.time,
          transitModes,
          maxTransfers: 14,
          arriveBy: false,
          useRoutedTransfers: false,
          pedestrianProfile: 'FOOT',
          requireBikeTransport: false,
          requireCarTransport: false,
          preTransitModes: ['WALK'],
          postTransitModes: ['WALK'],
          maxPreTransitTime: 900,
          maxPostTransitTime: 900,
          elevationCosts: 'NONE',
          maxMatchingDistance: 250,
          ignorePreTransitRentalReturnConstraints: false,
          ignorePostTransitRentalReturnConstraints: false,
        },
      }),
    )
    expectShape(ref('Reachable'), reached)
    expect(reached.all!.length).toBeGreaterThan(20)
  })

  test('the map: what moves, stops, lines, rentals, floors', async () => {
    const startTime = new Date(world.time).toISOString()
    const endTime = new Date(Date.parse(startTime) + 180_000).toISOString()
    const moving = await good(motis.trips({ query: { ...view, startTime, endTime, zoom: ZOOM } }))
    expectShape(listOf('TripSegment'), moving)
    // its worker makes arrays of points − 1
    for (const segment of moving) expect(segment.polyline.length).toBeGreaterThan(2)
    expect(moving.length).toBeGreaterThan(3)
    for (const grouped of [true, false]) {
      const stops = await good(motis.stops({ query: { ...view, grouped, modes: transitModes } }))
      expectShape(listOf('Place'), stops)
      expect(stops.length).toBeGreaterThan(3)
    }
    expectShape(shapes.routes, await good(motis.routes({ query: { ...view, zoom: ZOOM } })))
    expectShape(shapes.rentals, await good(motis.rentals({ query: view })))
    await good(motis.levels({ query: view }))
  })

  test('its style: tiles from the world to a house, every value painted, roads with their numbers', async () => {
    const seen = new Map<string, number>()
    for (let z = 0; z <= 18; z++) {
      const answer = await fetch(`${world.url}/tiles/${tileOver(from, z)}.mvt`)
      expect(answer.status).toBe(200)
      const { layers } = new VectorTile(new PbfReader(await answer.bytes()))
      for (const [name, layer] of Object.entries(layers)) {
        seen.set(name, (seen.get(name) ?? 0) + layer.length)
        for (let i = 0; i < layer.length; i++) expectPainted(name, layer.feature(i))
        if (name === 'road' && z === 12) {
          const numbers = Array.from({ length: layer.length }, (_, i) => layer.feature(i).properties.ref)
          expect(numbers.some(Boolean)).toBe(world.mapped)
        }
      }
    }
    for (const layer of ['road', ...(world.mapped ? ['landuse', 'water', 'rail'] : [])])
      expect(seen.get(layer), layer).toBeGreaterThan(0)
  })
}

/** The same for every city: its style's letters. */
export function letters(city: () => World): void {
  test.each(['Noto Sans Regular', 'Noto Sans Bold'])('its letters: %s', async font => {
    for (const range of ['0-255', '256-511', '8192-8447', '1536-1791']) {
      const answer = await fetch(`${city().url}/tiles/glyphs/${encodeURIComponent(font)}/${range}.pbf`)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-protobuf'])
    }
  })
}

function expectPainted(layer: string, { properties }: VectorTileFeature): void {
  for (const [attribute, values] of Object.entries(painted[layer] ?? {}))
    expect(values, `${layer} ${attribute}`).toContain(properties[attribute])
  for (const level of ['level', 'from_level', 'to_level'])
    if (level in properties) expect(typeof properties[level]).toBe('number')
}

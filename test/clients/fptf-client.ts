// motis-fptf-client as npm has it, its answers judged by validate-fptf, and hafas-rest-api on top: what the many small boards written for
// HAFAS use.

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error it has no types
import { createClient } from '@motis-project/motis-fptf-client/index.js'
// @ts-expect-error it has no types
import { profile } from '@motis-project/motis-fptf-client/p/transitous/index.js'
// @ts-expect-error it has no types
import { createHafasRestApi } from 'hafas-rest-api'
// @ts-expect-error it has no types
import createValidate from 'validate-fptf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { World } from './worlds.ts'

interface Item {
  readonly [name: string]: never
}
/**
 * The client's journeys lack what FPTF asks for whatever a server says: an id, the stopovers' type, an operator beside the leg's line, and
 * early vehicles' delays are negative. With these in place the judge judges the rest.
 */
function strict(journey: { legs: readonly Record<string, unknown>[] }): object {
  const early = (item: Record<string, unknown>): Record<string, unknown> => ({
    ...item,
    departureDelay: Math.max(0, (item.departureDelay as number | null) ?? 0),
    arrivalDelay: Math.max(0, (item.arrivalDelay as number | null) ?? 0),
  })
  const legs = journey.legs.map(leg => ({
    ...early(leg),
    operator: (leg.line as { operator?: unknown } | undefined)?.operator ?? 'nobody',
    ...(Array.isArray(leg.stopovers) && {
      stopovers: leg.stopovers.map(call => ({ type: 'stopover', ...early(call) })),
    }),
  }))
  return { id: 'journey', ...journey, legs }
}
/** Since API v5 the S-Bahn is SUBURBAN; the client asks for v6 and still only knows METRO. */
const products = (profile.products as { motis: string }[]).map(product =>
  product.motis === 'METRO' ? { ...product, motis_alt: 'SUBURBAN' } : product,
)
const validate = createValidate() as (item: unknown, types: string | string[], name: string) => void

export function fptfClient(city: () => World): void {
  let world: World
  let client: Record<string, (...args: unknown[]) => Promise<never>>
  let rest: Server
  let api: string
  const station = async (name: string): Promise<string> => {
    const [first] = (await client.locations!(name, { addresses: false, poi: false })) as { id: string }[]
    return first!.id
  }

  beforeAll(async () => {
    world = city()
    const options = { enrichStations: false }
    client = createClient({ ...profile, products, baseUrl: world.url }, 'freifahrt acceptance tests', options)
    const config = {
      hostname: '127.0.0.1',
      name: 'freifahrt-tests',
      description: 'tests',
      version: '1',
      homepage: 'https://example.org',
      docsLink: 'https://example.org',
    }
    rest = (await createHafasRestApi(client, { ...config, ...adapters })).listen(0, '127.0.0.1')
    await once(rest, 'listening')
    api = `http://127.0.0.1:${(rest.address() as AddressInfo).port}`
  })
  afterAll(() => rest?.close())

  test('locations are stops of FPTF', async () => {
    const found = (await client.locations!(world.from, { results: 5 })) as Item[]
    expect(found.length).toBeGreaterThan(0)
    for (const item of found) validate(item, ['stop', 'station', 'location'], 'location')
  })

  test('departures and arrivals', async () => {
    const from = await station(world.from)
    const when = new Date(world.time)
    for (const kind of ['departures', 'arrivals'] as const) {
      const board = (await client[kind]!(from, { when, duration: 20 })) as Record<typeof kind, Item[]>
      expect(board[kind].length).toBeGreaterThan(3)
      for (const row of board[kind]) {
        const { stop, line } = row as unknown as { stop: unknown; line: unknown }
        validate(stop, ['stop', 'station'], `${kind}.stop`)
        validate(line, 'line', `${kind}.line`)
      }
    }
    const stop = await client.stop!(from)
    validate(stop, ['stop', 'station'], 'stop')
  })

  test('journeys, with their legs, and back in time', async () => {
    const [from, to] = [await station(world.from), await station(world.to)]
    const departure = new Date(world.time)
    const { journeys } = (await client.journeys!(from, to, { departure, stopovers: true, polylines: true })) as {
      journeys: { legs: Record<string, unknown>[] }[]
    }
    expect(journeys.length).toBeGreaterThan(1)
    for (const journey of journeys) validate(strict(journey), 'journey', 'journey')
    const arrival = new Date(Date.parse(world.time) + 3_600_000)
    const before = (await client.journeys!(from, to, {
      arrival,
      accessibility: 'complete',
      bike: true,
    })) as unknown as {
      journeys: { legs: Record<string, unknown>[] }[]
    }
    for (const journey of before.journeys) validate(strict(journey), 'journey', 'journey')
  })

  test('what is reachable', async () => {
    const [latitude, longitude] = world.door.split(',').map(Number)
    const address = { type: 'location', latitude, longitude, address: 'here' }
    const { reachable } = (await client.reachableFrom!(address, { when: new Date(world.time), maxDuration: 20 })) as {
      reachable: { stations: Item[] }[]
    }
    expect(reachable.length).toBeGreaterThan(0)
    for (const { stations } of reachable) for (const item of stations) validate(item, ['stop', 'station'], 'stop')
  })

  test('hafas-rest-api serves journeys, departures and locations from it', async () => {
    const get = async (path: string): Promise<never> => {
      const answer = await fetch(api + path)
      expect(answer.status, `${path}: ${answer.ok ? '' : await answer.text()}`).toBe(200)
      return (await answer.json()) as never
    }
    const [from, to] = [await station(world.from), await station(world.to)].map(encodeURIComponent)
    const when = encodeURIComponent(world.time)
    const found = (await get(`/locations?query=${encodeURIComponent(world.from)}`)) as { id: string }[]
    expect(found.map(place => encodeURIComponent(place.id))).toContain(from)
    const { departures } = (await get(`/stops/${from}/departures?when=${when}&duration=20`)) as { departures: Item[] }
    expect(departures.length).toBeGreaterThan(3)
    const { journeys } = (await get(`/journeys?from=${from}&to=${to}&departure=${when}`)) as { journeys: Item[] }
    expect(journeys.length).toBeGreaterThan(1)
  })
}

// hafas-rest-api takes ids for numbers; the client's own api.js hands them over under other names, and so do we
type Route = ((req: { params: Record<string, string>; query: Record<string, string> }, ...rest: unknown[]) => void) &
  object
const renamed = ['from', 'to', 'via'] as const
const adapters = {
  modifyRoutes(routes: Record<string, Route>): Record<string, Route> {
    for (const [name, route] of Object.entries(routes)) {
      const adapted: Route = (req, ...rest) => {
        if (req.params.id) {
          req.query._id = req.params.id
          req.params.id = '00'
        }
        for (const key of renamed)
          if (req.query[key]) {
            req.query[`_${key}`] = req.query[key]
            req.query[key] = '00'
          }
        route(req, ...rest)
      }
      routes[name] = Object.assign(adapted, route)
    }
    return routes
  },
  mapRouteParsers: (_route: string, parsers: object) => ({
    ...parsers,
    ...Object.fromEntries(
      ['_id', '_from', '_to', '_via'].map(name => [
        name,
        { type: 'string', parse: (_key: string, value: string) => value },
      ]),
    ),
  }),
}

// The API's description, OpenAPI 3.1, made from the schemas that read requests; answers are described by the contract's. For people at /docs, for
// programs at /openapi.json. Of a path with several versions the newest is described.

import { readFileSync } from 'node:fs'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { TSchema } from 'typebox'
import { StoptimesResponse } from './contract/board.ts'
import { ErrorResponse, Place } from './contract/common.ts'
import { Match } from './contract/geocode.ts'
import { Itinerary, PlanResponse } from './contract/itinerary.ts'
import {
  InitialResponse,
  LevelsResponse,
  RoutesResponse,
  StopResponse,
  TransfersResponse,
  TripsResponse,
} from './contract/map.ts'
import {
  AnyObject,
  Bytes,
  ElevatorsResponse,
  FeedsResponse,
  HealthResponse,
  IsochroneResponse,
  JobsResponse,
  LinesResponse,
  LiveResponse,
  ReadyResponse,
  StartedResponse,
  TilesResponse,
} from './contract/own.ts'
import { IntermodalResponse, ManyResponse, ReachResponse } from './contract/reach.ts'
import { RentalsResponse } from './contract/rentals.ts'
import * as statistics from './contract/statistics.ts'
import type { App } from './fastify.ts'
import * as fleet from './fleet/routes.ts'
import { withComponents } from './openapi-components.ts'
import { StreetResponse } from './render/street.ts'

interface Said {
  readonly summary: string
  readonly answer: object
  /** JSON when not given. */
  readonly type?: string
  /** 200 when not given. */
  readonly status?: number
}

const GEOJSON = 'application/geo+json'
const listOf = (items: TSchema): object => ({ type: 'array', items })

/** Path without its version, or the whole of one that has none → what it is for. */
const said: Readonly<Record<string, Said>> = {
  plan: { summary: 'Journeys from here to there', answer: PlanResponse },
  'refresh-itinerary': { summary: 'A journey found before, as it is now', answer: Itinerary },
  stoptimes: { summary: 'The board of a stop, or of all stops around a point', answer: StoptimesResponse },
  trip: { summary: 'One run from its first stop to its last', answer: Itinerary },
  stop: { summary: 'A stop and the routes that call there', answer: StopResponse },
  geocode: { summary: 'Stops, streets, houses and places by what people type', answer: listOf(Match) },
  'reverse-geocode': { summary: 'What is near a point', answer: listOf(Match) },
  'one-to-all': { summary: 'How long it takes to every stop', answer: ReachResponse },
  'one-to-many': { summary: 'Ways along the streets to many points', answer: ManyResponse },
  'one-to-many-intermodal': { summary: 'Ways to many points, on streets and with transit', answer: IntermodalResponse },
  'map/initial': { summary: 'Where a map opens, and what this server can do', answer: InitialResponse },
  'map/stops': { summary: 'Stops in a box', answer: listOf(Place) },
  'map/trips': { summary: 'What moves in a box between two moments', answer: TripsResponse },
  'map/levels': { summary: 'Floors in a box', answer: LevelsResponse },
  'map/routes': { summary: 'Lines in a box', answer: RoutesResponse },
  'map/route-details': { summary: 'One line', answer: RoutesResponse },
  transfers: { summary: 'Changes from a stop, in minutes', answer: TransfersResponse },
  rentals: { summary: 'What is for rent, as map/rentals', answer: RentalsResponse },
  'map/rentals': {
    summary: 'Vehicles, stations and zones for rent in a box or around a point',
    answer: RentalsResponse,
  },
  health: { summary: 'Is there something to answer from, and is realtime alive?', answer: HealthResponse },
  feeds: { summary: 'Whose data this is, and how each realtime source is doing', answer: FeedsResponse },
  elevators: { summary: 'Elevators of a station or in a box, and whether they work', answer: ElevatorsResponse },
  isochrone: { summary: 'How far one gets in so many minutes, as areas', answer: IsochroneResponse, type: GEOJSON },
  street: { summary: 'One way along the streets, with its reasons', answer: StreetResponse },
  'map/lines': { summary: 'The lines of transit in a box, to be drawn', answer: LinesResponse, type: GEOJSON },
  fleet: { summary: 'Vehicles, and how many do how', answer: fleet.FleetResponse },
  routes: { summary: 'Every route with runs under way, summed up', answer: fleet.RoutesResponse },
  'routes/:route': { summary: 'One route with its runs', answer: fleet.RouteResponse },
  cancellations: { summary: 'Runs and stops that are called off, and ghosts', answer: fleet.CancellationsResponse },
  statistics: { summary: 'The last hours, route by route and source by source', answer: statistics.HoursResponse },
  'statistics/days': { summary: 'Days that are kept, in sum', answer: statistics.DaysResponse },
  'statistics/days/:date': { summary: 'One day, route by route', answer: statistics.DayResponse },
  'operator/jobs': { summary: 'What is done again and again', answer: JobsResponse },
  'operator/jobs/:name/start': { summary: 'Does one of them now', answer: StartedResponse, status: 202 },
  'asyncapi.json': { summary: 'The live protocol, as AsyncAPI 3', answer: AnyObject },
  '/gtfsrt': {
    summary: 'What all realtime sources say, as one GTFS-Realtime feed',
    answer: Bytes,
    type: 'application/x-protobuf',
  },
  '/health/live': { summary: 'Does the process answer?', answer: LiveResponse },
  '/health/ready': { summary: 'May requests be sent here? 503: not now', answer: ReadyResponse },
  '/tiles/:z/:x/:y': { summary: 'A vector tile', answer: Bytes, type: 'application/vnd.mapbox-vector-tile' },
  '/tiles/glyphs/:fontstack/:range': {
    summary: 'Letters for styles that ask for them',
    answer: Bytes,
    type: 'application/x-protobuf',
  },
  '/tiles/style.json': { summary: 'A style for MapLibre', answer: AnyObject },
  '/tiles/tiles.json': { summary: 'What the tiles have, as TileJSON', answer: TilesResponse },
}

const ICON = new URL('../web/public/icon.svg', import.meta.url)
const VERSIONED = /^\/api\/(?:v(\d+)|experimental|debug|freifahrt\/v1)\/(.+)$/
const CAPTURE = /:(\w+)/g

export function installOpenApi(app: App): void {
  const newest = new Map<string, number>()
  app.addHook('onRoute', ({ url }) => {
    const [, version, name] = VERSIONED.exec(url) ?? []
    if (version !== undefined) newest.set(name!, Math.max(newest.get(name!) ?? 0, Number(version)))
  })
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Freifahrt',
        version: '1',
        description:
          'Real-time transit. Paths and members are those of MOTIS 2, so its clients work here; what is our own lies under `/api/freifahrt/v1/` or is an optional member. Times are RFC 3339; ids carry their feed’s tag; lists come behind commas or as repeated keys.',
      },
      tags: [
        { name: 'motis', description: 'As MOTIS 2 has them' },
        { name: 'freifahrt', description: 'Our own' },
        { name: 'map', description: 'Tiles and their style' },
      ],
    },
    transformObject: document =>
      withComponents('openapiObject' in document ? document.openapiObject : document.swaggerObject),
    transform: ({ schema, url }) => {
      const [, version, name] = VERSIONED.exec(url) ?? []
      const tiles = url.startsWith('/tiles/')
      const older = version !== undefined && Number(version) < newest.get(name!)!
      if ((name === undefined && !Object.hasOwn(said, url)) || older) return { schema: { hide: true }, url }
      const superseded = url.startsWith('/api/experimental/') && newest.has(name!)
      return { schema: described(schema as Schema | undefined, url, name ?? url, tiles, superseded), url }
    },
  })
  app.register(swaggerUi, {
    routePrefix: '/docs',
    // nothing is asked of anybody else's server
    uiConfig: { docExpansion: 'list', deepLinking: true, validatorUrl: null },
    theme: {
      title: 'Freifahrt API',
      // its bar is for looking at other people's APIs
      css: [{ filename: 'own.css', content: '.swagger-ui .topbar { display: none }' }],
      favicon: [
        { filename: 'icon.svg', rel: 'icon', sizes: 'any', type: 'image/svg+xml', content: readFileSync(ICON) },
      ],
    },
  })
  app.get('/openapi.json', { schema: { hide: true } as object }, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').send(app.swagger()),
  )
}

interface Asked {
  readonly required?: readonly string[]
  readonly properties: Readonly<Record<string, { readonly default?: unknown }>>
}
interface Schema {
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly response?: object
  readonly querystring?: Asked
  readonly body?: Asked
}

/** What has a default need not be given; while a request is read it counts as there. */
const withoutDefaults = ({ required = [], ...asked }: Asked): Asked => ({
  ...asked,
  required: required.filter(name => asked.properties[name]?.default === undefined),
})

function described(schema: Schema | undefined, url: string, name: string, tiles: boolean, superseded: boolean): object {
  const known = said[name]
  const own = url.startsWith('/api/freifahrt/')
  const problem = {
    description: 'What was wrong, in a sentence',
    content: { 'application/json': { schema: ErrorResponse } },
  }
  const good = {
    description: 'The answer',
    ...(known && { content: { [known.type ?? 'application/json']: { schema: known.answer } } }),
  }
  const trouble = {
    description: 'What is wrong here; 503 says in Retry-After when to come back',
    content: problem.content,
  }
  const params = [...url.matchAll(CAPTURE)].map(([, param]) => [param!, { type: 'string' }] as const)
  return {
    ...(params.length > 0 && { params: { type: 'object', properties: Object.fromEntries(params) } }),
    ...schema,
    ...(schema?.querystring && { querystring: withoutDefaults(schema.querystring) }),
    ...(schema?.body && { body: withoutDefaults(schema.body) }),
    summary: schema?.summary ?? known?.summary ?? name,
    ...(superseded && {
      deprecated: true,
      description: 'The address of older clients; answers like the one with the newest version.',
    }),
    tags: schema?.tags ?? [tiles ? 'map' : url.startsWith('/api/') && !own ? 'motis' : 'freifahrt'],
    response: {
      [known?.status ?? 200]: good,
      '4xx': problem,
      ...(url === '/health/ready' ? { 503: { ...good, description: 'Not now' } } : { '5xx': trouble }),
    },
  }
}

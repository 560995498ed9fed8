// The public shape of what is our own: paths under /api/freifahrt/v1/, the process' health, tiles. What the live protocol has as well is in
// live/rows/.

import { Type } from 'typebox'
import { FeedStateName, SourceRow } from '../live/rows/feed.ts'
import { Obstacle, Reason } from './itinerary.ts'
import { Color, maybe, oneOf, Time } from './values.ts'

const Position = Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })

export const HealthResponse = Type.Object({
  /** Does every realtime source speak? Missing where there is none. */
  rt: maybe(Type.Boolean()),
  /** Is anything known of vehicles for rent? Missing where nobody asks for them. */
  gbfs: maybe(Type.Boolean()),
})
export const LiveResponse = Type.Object({
  status: Type.String(),
  roles: Type.Array(Type.String()),
  upSeconds: Type.Integer(),
})
export const ReadyResponse = Type.Object({
  ready: Type.Boolean(),
  roles: Type.Array(Type.String()),
  because: maybe(Type.Array(Type.String())),
  degraded: maybe(Type.Array(Type.String())),
  generation: maybe(Type.Integer()),
})

const {
  id: _id,
  exp: _exp,
  asOf: _asOf,
  receivedAt: _receivedAt,
  state: _state,
  poorMatches: _,
  ...counts
} = SourceRow.properties
export const FeedsResponse = Type.Object({
  now: Time,
  attributions: Type.Array(
    Type.Object({ text: Type.String(), url: maybe(Type.String()), license: maybe(Type.String()) }),
  ),
  feeds: Type.Array(
    Type.Object({
      tag: Type.String(),
      publisher: maybe(Type.String()),
      version: maybe(Type.String()),
      tz: Type.String(),
      /** Its realtime speaks of another timetable: how often in a row a newer one was asked for before its job's time, and when last. */
      recheck: maybe(Type.Object({ asked: Type.Integer(), at: Time })),
    }),
  ),
  /** YYYYMMDD. */
  serviceDays: Type.Object({ first: Type.String(), last: Type.String() }),
  generation: Type.Integer(),
  realtime: Type.Array(
    Type.Object({
      tag: Type.String(),
      ...counts,
      /** Its own: several sources of one feed may do differently well. */
      state: FeedStateName,
      timestamp: maybe(Time),
      receivedAt: maybe(Time),
      /** Since its newest message was made, of an undated one since it was received. */
      ageSeconds: maybe(Type.Number()),
      /** How far its clock was ahead of ours at its newest message; below 0: how old the message was. */
      skewSeconds: maybe(Type.Number()),
      /** Shares are 0…1. */
      matchRate: maybe(Type.Number()),
      availability: maybe(Type.Number()),
      /** It speaks of another timetable: most of its trips are unknown; it names another version. */
      mismatch: Type.Boolean(),
      staticMismatch: Type.Boolean(),
    }),
  ),
  /** Vehicles for rent, elevators, car parks: what is followed, and when its newest word was fetched. After 15 minutes it is forgotten. */
  conditions: Type.Array(
    Type.Object({
      kind: oneOf('gbfs', 'elevators', 'parking'),
      tag: Type.String(),
      url: Type.String(),
      receivedAt: maybe(Time),
      ageSeconds: maybe(Type.Number()),
    }),
  ),
})

export const ElevatorsResponse = Type.Array(
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    lat: Type.Number(),
    lon: Type.Number(),
    stopId: maybe(Type.String()),
    stopName: maybe(Type.String()),
    state: oneOf('working', 'out', 'unknown'),
    outOfService: Type.Array(Type.Object({ from: maybe(Time), to: maybe(Time) })),
    source: maybe(Type.String()),
  }),
)

/** GeoJSON (RFC 7946). */
const featureCollection = <P extends Parameters<typeof Type.Object>[0]>(
  properties: P,
  geometry: string,
  depth: number,
  members: Parameters<typeof Type.Object>[0] = {},
) =>
  Type.Object({
    type: Type.Literal('FeatureCollection'),
    ...members,
    features: Type.Array(
      Type.Object({
        type: Type.Literal('Feature'),
        properties: Type.Object(properties),
        geometry: Type.Object({ type: Type.Literal(geometry), coordinates: nested(depth) }),
      }),
    ),
  })
const nested = (depth: number): ReturnType<typeof Type.Array> =>
  Type.Array(depth === 1 ? Position : nested(depth - 1)) as never

/** Without areas: `reasons`. Where the street beside the place is closed to this traveller: UNKNOWN, and what closes it. */
export const IsochroneResponse = featureCollection({ minutes: Type.Number() }, 'MultiPolygon', 3, {
  reasons: maybe(Type.Array(Reason)),
  accessible: maybe(oneOf('UNKNOWN')),
  obstacles: maybe(Type.Array(Obstacle)),
})
export const LinesResponse = featureCollection(
  {
    routeId: Type.String(),
    name: Type.String(),
    mode: Type.String(),
    color: maybe(Color),
    textColor: maybe(Color),
  },
  'LineString',
  1,
)

export const JobsResponse = Type.Object({
  jobs: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      state: oneOf('waiting', 'running', 'done', 'failed'),
      progress: maybe(Type.Unknown()),
      error: maybe(Type.String()),
      attempts: Type.Integer(),
    }),
  ),
})
export const StartedResponse = Type.Object({ started: Type.String() })

/** TileJSON 3. */
export const TilesResponse = Type.Object({
  tilejson: Type.String(),
  tiles: Type.Array(Type.String()),
  minzoom: Type.Integer(),
  maxzoom: Type.Integer(),
  /** West, south, east, north. */
  bounds: Type.Array(Type.Number(), { minItems: 4, maxItems: 4 }),
  attribution: Type.String(),
  vector_layers: Type.Array(Type.Object({ id: Type.String(), fields: Type.Record(Type.String(), Type.String()) })),
})
/** A MapLibre style, an AsyncAPI document: what others have described. */
export const AnyObject = Type.Object({})
export const Bytes = Type.String({ format: 'binary' })

// The public shape of what maps are drawn from, and of the answers that tell how the network hangs together. MOTIS' names.

import { type Static, Type } from 'typebox'
import { EncodedPolyline, Mode, Place } from './common.ts'
import { Color, maybe, Time } from './values.ts'

/** A vehicle on its way from one stop to the next; the client moves it along the line. */
export const TripSegment = Type.Object({
  trips: Type.Array(
    Type.Object({ tripId: Type.String(), routeShortName: maybe(Type.String()), displayName: maybe(Type.String()) }),
  ),
  routeColor: maybe(Color),
  mode: Mode,
  distance: Type.Number(),
  from: Place,
  to: Place,
  departure: Time,
  arrival: Time,
  scheduledDeparture: Time,
  scheduledArrival: Time,
  realTime: Type.Boolean(),
  polyline: Type.String(),
})
export type TripSegment = Static<typeof TripSegment>
export const TripsResponse = Type.Array(TripSegment)

export const LevelsResponse = Type.Array(Type.Number())

export const Route = Type.Object({
  routeId: Type.String(),
  routeShortName: Type.String(),
  routeLongName: Type.String(),
  mode: Mode,
  agencyId: Type.String(),
  agencyName: Type.String(),
  agencyUrl: Type.String(),
  routeColor: maybe(Color),
  routeTextColor: maybe(Color),
  routeType: maybe(Type.Integer()),
})
export type Route = Static<typeof Route>
export const StopResponse = Type.Object({ place: Place, routes: Type.Array(Route) })
export type StopResponse = Static<typeof StopResponse>

export const RouteInfo = Type.Object({
  mode: Mode,
  transitRoutes: Type.Array(
    Type.Object({
      id: Type.String(),
      shortName: Type.String(),
      longName: Type.String(),
      color: maybe(Color),
      textColor: maybe(Color),
    }),
  ),
  numStops: Type.Integer(),
  routeIdx: Type.Integer(),
  pathSource: Type.Unsafe<'NONE' | 'TIMETABLE' | 'ROUTED'>({ type: 'string', enum: ['NONE', 'TIMETABLE', 'ROUTED'] }),
  /** Indices into the answer's stops and polylines. */
  segments: Type.Array(Type.Object({ from: Type.Integer(), to: Type.Integer(), polyline: Type.Integer() })),
})
export const RoutesResponse = Type.Object({
  routes: Type.Array(RouteInfo),
  polylines: Type.Array(
    Type.Object({
      polyline: EncodedPolyline,
      colors: Type.Array(Type.String()),
      routeIndexes: Type.Array(Type.Integer()),
    }),
  ),
  stops: Type.Array(Place),
  /** Some routes are only shown further in. */
  zoomFiltered: Type.Boolean(),
})
export type RoutesResponse = Static<typeof RoutesResponse>

export const TransfersResponse = Type.Object({
  place: Place,
  root: Place,
  equivalences: Type.Array(Place),
  hasFootTransfers: Type.Boolean(),
  hasWheelchairTransfers: Type.Boolean(),
  hasCarTransfers: Type.Boolean(),
  /** Minutes. */
  transfers: Type.Array(
    Type.Object({
      to: Place,
      default: maybe(Type.Number()),
      foot: maybe(Type.Number()),
      wheelchair: maybe(Type.Number()),
      wheelchairUsesElevator: maybe(Type.Boolean()),
    }),
  ),
})
export type TransfersResponse = Static<typeof TransfersResponse>

export const InitialResponse = Type.Object({
  lat: Type.Number(),
  lon: Type.Number(),
  zoom: Type.Number(),
  serverConfig: Type.Object({
    motisVersion: Type.String(),
    hasElevation: Type.Boolean(),
    hasRoutedTransfers: Type.Boolean(),
    hasStreetRouting: Type.Boolean(),
    maxOneToManySize: Type.Number(),
    maxOneToAllTravelTimeLimit: Type.Number(),
    maxPrePostTransitTimeLimit: Type.Number(),
    maxDirectTimeLimit: Type.Number(),
    shapesDebugEnabled: Type.Boolean(),
  }),
})
export type InitialResponse = Static<typeof InitialResponse>

// The fleet over HTTP, to look at:
//
//   GET /api/freifahrt/v1/fleet[?min=lat,lon&max=lat,lon][&tag=…]   vehicles, and how many do how
//   GET /api/freifahrt/v1/routes                                    every route with runs under way, summed up
//   GET /api/freifahrt/v1/routes/ROUTE                              one route with its runs
//   GET /api/freifahrt/v1/cancellations[?hours=…]                   runs cancelled and stops left out, from now on; ghosts of now

import { type Static, Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { RouteHead, RouteRow, RouteSummary } from '#api/live/rows/route.ts'
import { type VehicleRow, VehicleRow as VehicleSchema } from '#api/live/rows/vehicle.ts'
import { boxGiven, integer, list, optional, or, text as parameterText, point } from '#api/plugins/parameters.ts'
import { displayName, headsign } from '#api/render/run.ts'
import { placeName, publicRouteId, publicStopId, publicTripId, text, utc } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { isInside, toE7 } from '#engine/core/geo.ts'
import type { RouteIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { isGhost, servedRuns } from '#engine/fleet/route.ts'
import { type RunUnderWay, runsBetween } from '#engine/fleet/runs.ts'
import { readRun } from '#engine/horizon/runs.ts'
import { RunState } from '#engine/live/state.ts'
import { findRoute } from '#engine/timetable/lookup.ts'
import type { TransitService } from '#workers/service.ts'
import { fleetOf } from './fleet.ts'
import { routeContent, SHOWN_FOR, speakingTags, vehicleRow } from './render.ts'

const language = { language: or(list(parameterText(35)), []) }
const FleetQuery = Type.Object({
  min: optional(point()),
  max: optional(point()),
  tag: optional(parameterText(100)),
  ...language,
})
const LanguageQuery = Type.Object(language)
const RouteParams = Type.Object({ route: Type.String({ maxLength: 300 }) })
const CancellationsQuery = Type.Object({ hours: or(integer(1, 48), 24), ...language })

const now = { now: Type.String({ format: 'date-time' }) }
export const FleetResponse = Type.Object({
  ...now,
  vehicles: Type.Array(VehicleSchema),
  /** How many vehicles are in each state. */
  states: Type.Record(Type.String(), Type.Integer()),
})
export const RouteResponse = Type.Object({
  ...now,
  route: RouteHead,
  summary: RouteSummary,
  runs: Type.Array(RouteRow),
})
export const RoutesResponse = Type.Object({
  ...now,
  routes: Type.Array(Type.Object({ route: RouteHead, summary: RouteSummary })),
})
const CancelledRun = Type.Object({
  trip: Type.String(),
  route: Type.String(),
  line: Type.String(),
  headsign: Type.String(),
  /** Planned, RFC 3339. */
  begin: Type.String(),
  end: Type.String(),
  from: Type.String(),
  to: Type.String(),
})
export const CancellationsResponse = Type.Object({
  ...now,
  cancelled: Type.Array(CancelledRun),
  skipped: Type.Array(
    Type.Object({
      ...CancelledRun.properties,
      stops: Type.Array(Type.Object({ stop: Type.String(), name: Type.String(), sched: Type.String() })),
    }),
  ),
  /** Under way by plan, but nothing is heard of them though their feed speaks. */
  ghosts: Type.Array(CancelledRun),
})

export function fleetRoutes(app: App): void {
  app.get('/api/freifahrt/v1/fleet', { schema: { querystring: FleetQuery } }, request =>
    fleet(request.service, request.query),
  )
  app.get('/api/freifahrt/v1/routes', { schema: { querystring: LanguageQuery } }, request =>
    routes(request.service, request.query.language),
  )
  app.get('/api/freifahrt/v1/routes/:route', { schema: { params: RouteParams, querystring: LanguageQuery } }, request =>
    oneRoute(request.service, request.params.route, request.query.language),
  )
  app.get('/api/freifahrt/v1/cancellations', { schema: { querystring: CancellationsQuery } }, request =>
    cancellations(request.service, request.query),
  )
}

function fleet(
  service: TransitService,
  { min, max, tag, language }: Static<typeof FleetQuery>,
): Static<typeof FleetResponse> {
  const { horizon, clock } = service
  const state = fleetOf(service)
  const at = clock.now()
  const box = boxGiven({ min, max })
  const isWanted = ({ id, lat, lon }: VehicleRow): boolean => {
    if (tag !== undefined && !id.startsWith(`${tag}_`)) return false
    if (lat === undefined || lon === undefined) return min === undefined
    return !box || isInside(box, toE7(lat), toE7(lon))
  }
  const vehicles = horizon.vehicles
    .filter(vehicle => vehicle.timestamp + SHOWN_FOR > at)
    .map(vehicle => vehicleRow(horizon, vehicle, at, state, language))
    .filter(isWanted)
  const states: Record<string, number> = {}
  for (const { state } of vehicles) states[state] = (states[state] ?? 0) + 1
  return { now: utc(at), vehicles, states }
}

function routes(service: TransitService, language: readonly string[]): Static<typeof RoutesResponse> {
  const { horizon, clock, timetable: tt } = service
  const at = clock.now()
  const busy = new Set(runsBetween(horizon, at, at).map(({ trip }) => tt.patternRoute[tt.tripPattern[trip]]))
  const found = [...busy]
    .sort((a, b) => a - b)
    .map(route => {
      const { route: head, summary } = routeContent(service, route, language)
      return { route: head, summary }
    })
  return { now: utc(at), routes: found }
}

function oneRoute(service: TransitService, id: string, language: readonly string[]): Static<typeof RouteResponse> {
  const { rows, route, summary } = routeContent(service, routeOf(service, id), language)
  return { now: utc(service.clock.now()), route, summary, runs: rows }
}

/** Throws UNKNOWN_ROUTE. */
export function routeOf(service: TransitService, id: string, parameter = 'route'): RouteIdx {
  const route = findRoute(service.lookup, id)
  if (route === undefined) throw new FreifahrtError('UNKNOWN_ROUTE', parameter, `no route '${id}'`)
  return route
}

function cancellations(
  service: TransitService,
  { hours, language }: Static<typeof CancellationsQuery>,
): Static<typeof CancellationsResponse> {
  const { horizon, clock, timetable: tt } = service
  const { rules } = fleetOf(service)
  const at = clock.now()
  const served = servedRuns(horizon)
  const tags = speakingTags(service)
  const all = runsBetween(horizon, at, (at + hours * 3600) as UnixSeconds).sort((a, b) => a.begin - b.begin)
  const skips = (run: RunUnderWay) =>
    run.state === RunState.cancelled || run.row >= horizon.live.counts.runs
      ? []
      : readRun(horizon, run).calls.filter(call => call.skipped && call.scheduledDeparture >= at)
  return {
    now: utc(at),
    cancelled: all.filter(run => run.state === RunState.cancelled).map(run => cancelledRun(service, run, language)),
    skipped: all.flatMap(run => {
      const stops = skips(run).map(({ scheduledStop, scheduledDeparture }) => ({
        stop: publicStopId(tt, scheduledStop),
        name: placeName(tt, scheduledStop, language),
        sched: utc(scheduledDeparture),
      }))
      return stops.length === 0 ? [] : [{ ...cancelledRun(service, run, language), stops }]
    }),
    ghosts: all
      .filter(run => tags.has(text(tt, tt.feedTag[tt.tripFeed[run.trip]]!)) && isGhost(horizon, run, served, at, rules))
      .map(run => cancelledRun(service, run, language)),
  }
}

function cancelledRun(
  { horizon, timetable: tt }: TransitService,
  run: RunUnderWay,
  language: readonly string[],
): Static<typeof CancelledRun> {
  const { calls } = readRun(horizon, run)
  const [first, last] = [calls[0]!, calls.at(-1)!]
  return {
    trip: publicTripId(tt, run.trip, run.day, run.shift),
    route: publicRouteId(tt, tt.patternRoute[tt.tripPattern[run.trip]]),
    line: displayName({ horizon, language, realtime: true }, run),
    headsign: headsign({ horizon, language, realtime: true }, run, 0),
    begin: utc(first.scheduledDeparture),
    end: utc(last.scheduledArrival),
    from: placeName(tt, first.scheduledStop, language),
    to: placeName(tt, last.scheduledStop, language),
  }
}

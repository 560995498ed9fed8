// The fleet in public ids and names: the same rows for REST and for the live channels vehicle:, fleet: and route:.

import type { RouteHead, RouteRow, RouteSummary } from '#api/live/rows/route.ts'
import type { VehicleRow } from '#api/live/rows/vehicle.ts'
import { modeOfRouteType } from '#api/render/modes.ts'
import { displayName, headsign, modeOfRun } from '#api/render/run.ts'
import { departureSource } from '#api/render/source.ts'
import {
  colorText,
  placeName,
  publicRouteId,
  publicStopId,
  publicTripId,
  publicVehicleId,
  routeLongName,
  routeShortName,
  text,
} from '#api/render/texts.ts'
import { E7 } from '#engine/core/geo.ts'
import type { RouteIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { type RouteReading, type RunOnRoute, readRoute } from '#engine/fleet/route.ts'
import { readVehicle, vehicleOf } from '#engine/fleet/vehicles.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { STALE_AFTER, saidAt } from '#engine/live/aging.ts'
import { type LiveVehicle, RunState, type SourceStatus } from '#engine/live/state.ts'
import type { TransitService } from '#workers/service.ts'
import { type Fleet, fleetOf } from './fleet.ts'

/** Seconds after which a vehicle that says nothing is no longer shown. */
export const SHOWN_FOR = 900

/** A vehicle as `vehicle:` and `fleet:` channels and the fleet's list tell it. */
export function vehicleRow(
  horizon: Horizon,
  vehicle: LiveVehicle,
  now: UnixSeconds,
  { rules, tracks }: Fleet,
  language: readonly string[],
): VehicleRow {
  const { timetable: tt } = horizon
  const { run, call, position, delay, condition } = readVehicle(horizon, vehicle, now, rules, tracks.alarmOf(vehicle))
  const route = run && tt.patternRoute[tt.tripPattern[run.trip]]
  const view = { horizon, version: 6, language, realtime: true, now }
  return {
    id: publicVehicleId(horizon, vehicle),
    label: vehicle.label,
    trip: run && publicTripId(tt, run.trip, run.day, run.shift),
    route: route === undefined ? undefined : publicRouteId(tt, route),
    line: run && displayName(view, run),
    headsign: run && headsign(view, run, position ?? 0),
    mode: run && modeOfRun(view, run),
    color: route === undefined ? undefined : colorText(tt.routeColor[route]!),
    textColor: route === undefined ? undefined : colorText(tt.routeTextColor[route]!),
    lat: vehicle.lat === undefined ? undefined : vehicle.lat / E7,
    lon: vehicle.lon === undefined ? undefined : vehicle.lon / E7,
    bearing: vehicle.bearing,
    speed: vehicle.speed,
    stop: call && publicStopId(tt, call.stop),
    stopName: call && placeName(tt, call.stop, language),
    status: vehicle.status,
    delay: delay ?? null,
    occupancy: vehicle.occupancy,
    occupancyPercentage: vehicle.occupancyPercentage,
    state: condition,
    at: vehicle.timestamp,
    exp: vehicle.timestamp + SHOWN_FOR,
  }
}

/** The route as its channel says it. */
export function routeContent(service: TransitService, route: RouteIdx, language: readonly string[]) {
  const { horizon, clock } = service
  const { rules, seen } = fleetOf(service)
  const now = clock.now()
  const reading = readRoute(horizon, route, seen, now, rules, isSpeaking(service, route))
  const rows = reading.runs.map(run => routeRow(horizon, run, language))
  return { rows, route: routeHead(horizon, route, language), summary: summaryOf(horizon, reading, language) }
}

/** Tags of feeds of whose runs a realtime source says anything at present: its trips or vehicles, not its alerts alone. */
export function speakingTags(service: TransitService): ReadonlySet<string> {
  const now = service.clock.now()
  const speaks = (s: SourceStatus): boolean =>
    s.tripUpdates + s.vehicles > 0 && saidAt(s) > 0 && now - saidAt(s) <= STALE_AFTER
  return new Set(service.sources().flatMap(s => (speaks(s) ? [s.tag] : [])))
}

/** Does a realtime source of the route's feed say anything of its runs at present? */
function isSpeaking(service: TransitService, route: RouteIdx): boolean {
  return speakingTags(service).has(
    text(service.timetable, service.timetable.feedTag[service.timetable.routeFeed[route]]!),
  )
}

function routeHead({ timetable: tt }: Horizon, route: RouteIdx, language: readonly string[]): RouteHead {
  const name = routeLongName(tt, route, language)
  return {
    id: publicRouteId(tt, route),
    line: routeShortName(tt, route, language) || name,
    name,
    mode: modeOfRouteType(tt.routeType[route]!),
    color: colorText(tt.routeColor[route]!),
    textColor: colorText(tt.routeTextColor[route]!),
  }
}

function routeRow(horizon: Horizon, reading: RunOnRoute, language: readonly string[]): RouteRow {
  const { timetable: tt } = horizon
  const { run, direction, position, call, delay, headway, headwayPlanned, spacing, ghost } = reading
  const vehicle = vehicleOf(horizon, run)
  return {
    id: publicTripId(tt, run.trip, run.day, run.shift),
    direction,
    headsign: headsign({ horizon, language, realtime: true }, run, position),
    state: runStateName(run.state),
    stop: publicStopId(tt, call.stop),
    stopName: placeName(tt, call.stop, language),
    sched: call.scheduledDeparture,
    pred: delay === undefined ? null : call.departure,
    delay: delay ?? null,
    source: departureSource(call),
    headway: headway ?? null,
    headwayPlanned: headwayPlanned ?? null,
    spacing,
    ghost,
    vehicle: vehicle && publicVehicleId(horizon, vehicle),
    exp: run.end + 1,
  }
}

export const runStateName = (state: RunState): RouteRow['state'] => {
  if (state === RunState.cancelled || state === RunState.deleted) return 'cancelled'
  if (state === RunState.added) return 'new'
  return state === RunState.replaced ? 'replaced' : 'normal'
}

function summaryOf({ timetable: tt }: Horizon, reading: RouteReading, language: readonly string[]): RouteSummary {
  const { delays, punctuality: p, directions } = reading
  return {
    runs: reading.runs.length,
    live: reading.live,
    cancelled: reading.cancelled,
    ghosts: reading.ghosts,
    delay: { median: delays.median ?? null, p90: delays.p90 ?? null, max: delays.max ?? null },
    punctuality: { ...p, share: rounded(p.share, 3), shareOfPlanned: rounded(p.shareOfPlanned, 3) },
    headways: directions.map(d => ({
      direction: d.direction,
      stop: publicStopId(tt, d.station),
      stopName: placeName(tt, d.station, language),
      planned: rounded(d.planned, 0),
      actual: rounded(d.actual, 0),
      cv: rounded(d.cv, 3),
      adherence: rounded(d.adherence, 3),
      excessWait: rounded(d.excessWait, 1),
      bunched: d.bunched,
      gaps: d.gaps,
    })),
  }
}

const rounded = (value: number | undefined, digits: number): number | null =>
  value === undefined ? null : Number(value.toFixed(digits))

// trip:, one run with all its calls.

import { runStateName } from '#api/fleet/render.ts'
import { withChildren } from '#api/motis/stops.ts'
import { findRun, runOf } from '#api/motis/trip.ts'
import { boardAlert, callAlertIds } from '#api/render/alerts.ts'
import { arrangement } from '#api/render/arrangement.ts'
import type { View } from '#api/render/place.ts'
import { displayName, headsign, modeOfRun, stopSequence } from '#api/render/run.ts'
import { arrivalSource, departureSource } from '#api/render/source.ts'
import {
  colorText,
  placeName,
  publicRouteId,
  publicStopId,
  publicTripId,
  publicVehicleId,
  textOrNone,
} from '#api/render/texts.ts'
import { E7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { DAY } from '#engine/core/time.ts'
import { vehicleOf } from '#engine/fleet/vehicles.ts'
import { isLasting, type Run, type RunCall, readRun, wheelchairOn } from '#engine/horizon/runs.ts'
import { occupancyOf } from '#engine/live/occupancy.ts'
import { RunState } from '#engine/live/state.ts'
import { Access, rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import type { CallRow, RunHead } from '../rows/run.ts'
import { LONGEST_REST, type Topic } from '../topic.ts'

/** Throws BAD_REQUEST, UNKNOWN_TRIP, UNKNOWN_TAG. */
export function tripTopic(service: TransitService, id: string, language: readonly string[]): Topic {
  const found = runOf(service, id)
  const { timetable: tt } = service
  // the run may move to any platform of its stations
  const platformsOf = ({ calls }: Run): StopIdx[] => [
    ...new Set(calls.flatMap(({ stop, scheduledStop }) => [stop, ...withChildren(tt, rootStop(tt, scheduledStop))])),
  ]
  const planned = platformsOf(readRun(service.horizon, found))
  let stops: Topic['stops'] = planned
  /** The run that takes its place may call somewhere else; when there is none, another may come anywhere. */
  const follow = (run: Run | undefined): void => {
    if (!run) stops = 'any'
    else if (stops === 'any' || run.calls.some(({ stop }) => !stops.includes(stop as never)))
      stops = [...new Set([...planned, ...platformsOf(run)])]
  }
  let head: RunHead | undefined
  return {
    kind: 'trip',
    get stops() {
      return stops
    },
    alerts: true,
    vehicles: true,
    sources: false,
    pace: 'slow',
    read(current) {
      const { horizon, clock } = current
      const now = clock.now()
      const view: View = { horizon, version: 6, language, realtime: true, now }
      const key = isLasting(horizon, found) ? found : findRun(current, id)
      if (!key) {
        follow(undefined)
        const run = { ...head, state: 'cancelled' as const }
        return { rows: [], members: { run, alerts: [] }, due: now + LONGEST_REST }
      }
      const run = readRun(horizon, key)
      follow(run)
      head = runHead(view, run)
      const rows = run.calls.map((call, position) => callRow(view, run, call, position))
      const ids = new Set(run.calls.flatMap(call => callAlertIds(view, key, call)))
      const alerts = horizon.alerts.filter(alert => ids.has(alert.id)).map(alert => boardAlert(view, alert))
      return { rows, members: { run: head, alerts }, due: now + LONGEST_REST }
    },
  }
}

function callRow({ horizon, language }: View, run: Run, call: RunCall, position: number): CallRow {
  const { timetable: tt } = horizon
  const [first, last] = [position === 0, position === run.calls.length - 1]
  const cancelled = run.state === RunState.cancelled || run.state === RunState.deleted
  const closed = !call.canBoard && !call.canAlight && (call.couldBoard || call.couldAlight)
  return {
    id: String(stopSequence(tt, run, position)),
    stop: publicStopId(tt, call.stop),
    name: placeName(tt, call.stop, language),
    lat: tt.stopLat[call.stop]! / E7,
    lon: tt.stopLon[call.stop]! / E7,
    platform: textOrNone(tt, tt.stopPlatform[call.stop]!),
    platformPlanned: textOrNone(tt, tt.stopPlatform[call.scheduledStop]!),
    schedArrival: first ? null : call.scheduledArrival,
    arrival: first ? null : call.arrival,
    arrivalSource: arrivalSource(call),
    schedDeparture: last ? null : call.scheduledDeparture,
    departure: last ? null : call.departure,
    departureSource: departureSource(call),
    arrivalUncertainty: first ? undefined : call.arrivalUncertainty,
    departureUncertainty: last ? undefined : call.departureUncertainty,
    departureOccupancy: call.occupancy,
    state: cancelled ? 'cancelled' : call.skipped || closed ? 'skipped' : 'normal',
    boarding: call.canBoard && !cancelled,
    alighting: call.canAlight && !cancelled,
    pickupArrangement: cancelled ? undefined : arrangement(call.canBoard, call.pickupType),
    dropoffArrangement: cancelled ? undefined : arrangement(call.canAlight, call.dropOffType),
    // calls that are over still belong to the trip
    exp: run.calls.at(-1)!.scheduledArrival + DAY,
  }
}

function runHead(view: View, run: Run): RunHead {
  const { horizon } = view
  const { timetable: tt } = horizon
  const route = tt.patternRoute[tt.tripPattern[run.trip]]
  const wheelchair = wheelchairOn(horizon, run, true)
  const occupancy = horizon.occupancy && occupancyOf(horizon.occupancy, run)
  const vehicle = vehicleOf(horizon, run)
  return {
    trip: publicTripId(tt, run.trip, run.day, run.shift),
    route: publicRouteId(tt, route),
    line: displayName(view, run),
    headsign: headsign(view, run, 0),
    mode: modeOfRun(view, run),
    color: colorText(tt.routeColor[route]!),
    textColor: colorText(tt.routeTextColor[route]!),
    state: runStateName(run.state),
    wheelchair: wheelchair === Access.unknown ? undefined : wheelchair === Access.yes,
    vehicle: vehicle && publicVehicleId(horizon, vehicle),
    occupancy: occupancy?.status,
    occupancyPercentage: occupancy?.percentage,
  }
}

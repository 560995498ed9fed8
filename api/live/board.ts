// The board that a channel shows: what `stoptimes` answers at this moment, as rows. Everything a row says is read here and nowhere else.

import { boardAlerts, callAlertIds } from '#api/render/alerts.ts'
import { arrangement } from '#api/render/arrangement.ts'
import { carriageMembers } from '#api/render/occupancy.ts'
import type { View } from '#api/render/place.ts'
import { displayName, headsign, modeOfRun, stopSequence, timeState } from '#api/render/run.ts'
import { departureSource } from '#api/render/source.ts'
import { colorText, publicRouteId, publicStopId, publicTripId, textOrNone } from '#api/render/texts.ts'
import { type StopEvent, stopEvents } from '#engine/board/departures.ts'
import { lineService } from '#engine/board/service.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { DAY, type UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { wheelchairOn } from '#engine/horizon/runs.ts'
import { occupancyOf } from '#engine/live/occupancy.ts'
import { RunState } from '#engine/live/state.ts'
import { headwayOf } from '#engine/timetable/frequencies.ts'
import { Access } from '#engine/timetable/timetable.ts'
import type { BoardAlert, Row } from './rows/board.ts'

/** Rows of a board (those that leave at the time of the last one are not cut off), and how far it looks. */
export const BOARD_ROWS = 30
export const BOARD_SECONDS = DAY

export interface Board {
  readonly rows: readonly Row[]
  readonly alerts: readonly BoardAlert[]
  /** Those of the alerts that speak of the stop itself. */
  readonly stopAlerts: readonly string[]
}

/** The next BOARD_ROWS departures, none later than BOARD_SECONDS after `now`, and what is to be said beside them. */
export function readBoard(
  horizon: Horizon,
  stops: readonly StopIdx[],
  now: UnixSeconds,
  language: readonly string[],
): Board {
  const view: View = { horizon, version: 6, language, realtime: true, now }
  const events = stopEvents(horizon, stops, {
    arrivals: false,
    from: now,
    direction: 'later',
    limit: BOARD_ROWS,
    window: 0,
    realtime: true,
    withClosedCalls: false,
  }).filter(event => event.time <= now + BOARD_SECONDS)
  const rows = events.map(event => renderRow(view, event))
  return { rows, ...boardAlerts(view, stops, new Set(rows.flatMap(row => row.alerts))) }
}

function renderRow(view: View, event: StopEvent): Row {
  const tt = view.horizon.timetable
  const { call, trip, day, shift, position } = event
  const route = tt.patternRoute[tt.tripPattern[trip]]
  const tripId = publicTripId(tt, trip, day, shift)
  const rt = timeState(call.departureSource)
  // a call before the first one stated has no prediction, yet leaves no later than that one allows: its time is no longer the planned one
  const told = !event.cancelled && (rt === 'live' || call.departure !== call.scheduledDeparture)
  const wheelchair = wheelchairOn(view.horizon, event, true)
  const occupancy = view.horizon.occupancy && occupancyOf(view.horizon.occupancy, event)
  return {
    id: `${tripId}#${stopSequence(tt, event, position)}`,
    trip: tripId,
    route: publicRouteId(tt, route),
    line: displayName(view, event),
    headsign: headsign(view, event, position),
    mode: modeOfRun(view, event),
    color: colorText(tt.routeColor[route]!),
    textColor: colorText(tt.routeTextColor[route]!),
    stop: publicStopId(tt, call.stop),
    platform: textOrNone(tt, tt.stopPlatform[call.stop]!),
    platformPlanned: textOrNone(tt, tt.stopPlatform[call.scheduledStop]!),
    sched: call.scheduledDeparture,
    pred: told ? call.departure : null,
    delay: told ? call.departure - call.scheduledDeparture : null,
    rt,
    source: departureSource(call),
    state: rowState(event),
    headway: headwayOf(tt, trip, shift),
    ...lineService(view.horizon, event, position),
    wheelchair: wheelchair === Access.unknown ? undefined : wheelchair === Access.yes,
    occupancy: occupancy?.status,
    occupancyPercentage: occupancy?.percentage,
    uncertainty: call.departureUncertainty,
    departureOccupancy: call.occupancy,
    pickupArrangement: event.cancelled ? undefined : arrangement(call.canBoard, call.pickupType),
    carriages: carriageMembers(view.horizon, event),
    alerts: callAlertIds(view, event, call),
    exp: event.time + 1,
  }
}

function rowState(event: StopEvent): Row['state'] {
  if (event.state === RunState.cancelled) return 'cancelled'
  if (event.cancelled) return 'skipped'
  if (event.state === RunState.added) return 'new'
  return event.state === RunState.replaced ? 'replaced' : 'normal'
}

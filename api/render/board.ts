// One event of a board as a MOTIS StopTime.

import type { StopTime } from '#api/contract/board.ts'
import type { Place } from '#api/contract/common.ts'
import type { StopEvent } from '#engine/board/departures.ts'
import { lineService } from '#engine/board/service.ts'
import { readCall } from '#engine/horizon/runs.ts'
import { RunState } from '#engine/live/state.ts'
import { patternLength } from '#engine/timetable/timetable.ts'
import { callAlerts } from './alerts.ts'
import { carriageMembers, occupancyMember } from './occupancy.ts'
import { callPlace, type View } from './place.ts'
import { headsign, isLive, lineMembers, timeState } from './run.ts'
import { arrivalSource, departureSource } from './source.ts'
import { text, utc } from './texts.ts'

export interface StopTimeStyle {
  readonly arrivals: boolean
  /** Also the stops before and after. */
  readonly fetchStops: boolean
  readonly withAlerts: boolean
  /** Seconds that the rider walks to the stop. */
  readonly walkTime?: number | undefined
}

/** One stop time as MOTIS' boards have it, with the stops before and after if the style wants them. */
export function renderStopTime(view: View, event: StopEvent, style: StopTimeStyle): StopTime {
  const tt = view.horizon.timetable
  const { call, position } = event
  const last = patternLength(tt, tt.tripPattern[event.trip]) - 1
  const placeAt = (at: number): Place => callPlace(view, event, readCall(view.horizon, event, event.live, at), at)
  const alerts = style.withAlerts ? callAlerts(view, event, call) : []
  const source = style.arrivals ? call.arrivalSource : call.departureSource
  const open = style.arrivals ? call.canAlight : call.canBoard
  const line = lineMembers(view, event)
  const tripCancelled = event.state === RunState.cancelled
  return {
    ...line,
    // required here, unlike on legs: nobody is promised what nobody knows
    bikesAllowed: line.bikesAllowed ?? false,
    wheelchairAccessible: line.wheelchairAccessible ?? 'NOT_ACCESSIBLE',
    place: { ...callPlace(view, event, call, position), alerts: alerts.length > 0 ? alerts : undefined },
    realTime: isLive(source),
    timeState: timeState(source),
    timeSource: style.arrivals ? arrivalSource(call) : departureSource(call),
    ...(!style.arrivals && lineService(view.horizon, event, position)),
    scheduled: event.state === RunState.added ? false : undefined,
    occupancy: occupancyMember(view, event),
    carriages: view.realtime ? carriageMembers(view.horizon, event) : undefined,
    leaveBy: style.walkTime === undefined || style.arrivals ? undefined : utc(event.time - style.walkTime),
    headsign: headsign(view, event, position),
    tripFrom: placeAt(0),
    tripTo: placeAt(last),
    previousStops: style.fetchStops ? Array.from({ length: position }, (_, at) => placeAt(at)) : undefined,
    nextStops: style.fetchStops
      ? Array.from({ length: last - position }, (_, i) => placeAt(position + 1 + i))
      : undefined,
    pickupDropoffType: open && !tripCancelled ? 'NORMAL' : 'NOT_ALLOWED',
    cancelled: event.cancelled,
    tripCancelled,
    source: text(tt, tt.feedTag[tt.tripFeed[event.trip]]!),
  }
}

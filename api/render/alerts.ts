// Alerts as MOTIS shows them on legs and calls, and as the live board lists them.

import type { Alert } from '#api/contract/common.ts'
import type { BoardAlert } from '#api/live/rows/board.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { plannedTrip, type RunCall, type RunKey } from '#engine/horizon/runs.ts'
import { alertsFor, choose, chooseText } from '#engine/live/alerts.ts'
import type { LiveAlert, Period, Translated } from '#engine/live/state.ts'
import type { View } from './place.ts'
import { utc } from './texts.ts'

/** Alerts on a ride: on its run, its route, its operator, and on the two stops where the rider gets on and off. */
export function rideAlerts(view: View, run: RunKey, from: RunCall, to: RunCall): Alert[] {
  const found = new Set([...callFound(view, run, from), ...callFound(view, run, to)])
  return [...found].map(alert => renderAlert(view, alert))
}

/** Those of several rides, each once. */
export const joinAlerts = (rides: readonly (readonly Alert[] | undefined)[]): Alert[] => [
  ...new Map(rides.flatMap(alerts => alerts ?? []).map(alert => [JSON.stringify(alert), alert])).values(),
]

/** Alerts on one call of a run. */
export const callAlerts = (view: View, run: RunKey, call: RunCall): Alert[] =>
  callFound(view, run, call).map(alert => renderAlert(view, alert))

export const callAlertIds = (view: View, run: RunKey, call: RunCall): string[] =>
  callFound(view, run, call).map(alert => alert.id)

function callFound({ horizon, now, realtime }: View, run: RunKey, { stop }: RunCall): LiveAlert[] {
  if (!realtime || horizon.alerts.length === 0) return []
  const { timetable, alerts } = horizon
  // feeds name the trip by its id, whatever stops it has today
  const trip = plannedTrip(horizon, run)
  // a run that stands for one of a trip's starts is named by that start
  const shift = timetable.tripStart[run.trip]! + run.shift - timetable.tripStart[trip]!
  return alertsFor(timetable, alerts, { trip, day: run.day, shift, stop }, now)
}

/** The alerts on a board's stops, and all those that its rows refer to. */
export function boardAlerts(
  view: View,
  stops: readonly StopIdx[],
  referred: ReadonlySet<string>,
): { alerts: BoardAlert[]; stopAlerts: string[] } {
  const { horizon, now } = view
  const onStops = new Set(stops.flatMap(stop => alertsFor(horizon.timetable, horizon.alerts, { stop }, now)))
  return {
    alerts: horizon.alerts.filter(alert => onStops.has(alert) || referred.has(alert.id)).map(a => boardAlert(view, a)),
    stopAlerts: [...onStops].map(alert => alert.id),
  }
}

/** In the view's language; what the alert does not say is absent. */
export function renderAlert(view: View, alert: LiveAlert): Alert {
  const say = (texts: readonly Translated[]): string | undefined => chooseText(texts, view.language)
  const image = choose(alert.images ?? [], view.language)
  return {
    headerText: say(alert.header) ?? '',
    descriptionText: say(alert.description) ?? '',
    communicationPeriod: periods(alert.communication),
    impactPeriod: periods(alert.impact),
    cause: alert.cause,
    causeDetail: say(alert.causeDetail ?? []),
    effect: alert.effect,
    effectDetail: say(alert.effectDetail ?? []),
    url: say(alert.url),
    ttsHeaderText: say(alert.ttsHeader),
    ttsDescriptionText: say(alert.ttsDescription),
    severityLevel: alert.severity as Alert['severityLevel'],
    imageUrl: image?.text,
    imageMediaType: image?.mediaType,
    imageAlternativeText: say(alert.imageText ?? []),
  }
}

// MOTIS' schema requires both ends, so an open one is written as a moment nobody will see
const EVER = { start: 0, end: Date.UTC(2100, 0) / 1000 }

const periods = (list: readonly Period[]): Alert['impactPeriod'] =>
  list.length === 0
    ? undefined
    : list.map(({ start = EVER.start, end = EVER.end }) => ({ start: utc(start), end: utc(end) }))

/** As boards and channels say it: of several times in effect the one that is now, or comes next. */
export function boardAlert(view: View, alert: LiveAlert): BoardAlert {
  const period = alert.impact.find(({ end }) => end === undefined || end > view.now) ?? alert.impact.at(-1)
  return {
    id: alert.id,
    header: chooseText(alert.header, view.language) ?? '',
    description: chooseText(alert.description, view.language),
    url: chooseText(alert.url, view.language),
    severity: alert.severity,
    effect: alert.effect,
    start: period?.start,
    end: period?.end,
  }
}

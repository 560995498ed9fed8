// alerts:<tag>, all that a feed has to say in words, and what it is about.

import { boardAlert, renderAlert } from '#api/render/alerts.ts'
import type { View } from '#api/render/place.ts'
import { publicRouteId, publicStopId, publicTripId, text } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { RouteIdx, StopIdx, TripIdx } from '#engine/core/ids.ts'
import { DAY, type ServiceDay } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { extraRuns, type RunKey } from '#engine/horizon/runs.ts'
import { isActive } from '#engine/live/alerts.ts'
import type { AlertSelector, LiveAlert } from '#engine/live/state.ts'
import type { TransitService } from '#workers/service.ts'
import type { AlertRow } from '../rows/feed.ts'
import { nextDue, type Topic } from '../topic.ts'

/** Alerts that are in their communication period. Throws UNKNOWN_TAG. */
export function alertsTopic(service: TransitService, tag: string, language: readonly string[]): Topic {
  if (!service.lookup.feedByTag.has(tag)) throw new FreifahrtError('UNKNOWN_TAG', 'ch', `no feed '${tag}'`)
  return {
    kind: 'alerts',
    stops: [],
    alerts: true,
    vehicles: false,
    sources: false,
    pace: 'slow',
    read({ horizon, clock }) {
      const now = clock.now()
      const view: View = { horizon, version: 6, language, realtime: true, now }
      const runs = addedRuns(horizon)
      const rows = horizon.alerts
        .filter(({ id, communication }) => id.startsWith(`${tag}_`) && isActive(communication, now))
        .map(
          (alert): AlertRow => ({
            ...boardAlert(view, alert),
            ...furtherWords(view, alert),
            ...subjectsOf(horizon, alert, runs),
            exp: endOf(alert, now),
          }),
        )
      return { rows, members: {}, due: Math.min(nextDue(rows, now), nextEnd(rows, now)) }
    },
  }
}

/** When the first of those in effect is over, and the next of its times is told. */
const nextEnd = (rows: readonly AlertRow[], now: number): number =>
  Math.min(...rows.map(({ end }) => (end !== undefined && end > now ? end : Number.POSITIVE_INFINITY)))

/** When its last communication period ends; a day from now (to the next full day, so that it stays the same) where it is open. */
function endOf({ communication }: LiveAlert, now: number): number {
  const ends = communication.map(({ end }) => end ?? Number.POSITIVE_INFINITY)
  const last = Math.max(...ends, ends.length === 0 ? Number.POSITIVE_INFINITY : 0)
  return Number.isFinite(last) ? last : (Math.floor(now / DAY) + 2) * DAY
}

/** What boards have no room for. */
function furtherWords(view: View, alert: LiveAlert) {
  const { cause, causeDetail, effectDetail, ttsHeaderText, ttsDescriptionText, ...rest } = renderAlert(view, alert)
  const { imageUrl, imageMediaType, imageAlternativeText } = rest
  return {
    cause,
    causeDetail,
    effectDetail,
    ttsHeader: ttsHeaderText,
    ttsDescription: ttsDescriptionText,
    imageUrl,
    imageMediaType,
    imageAlternativeText,
  }
}

/** Runs that the timetable does not have, by their trips' names; once a reading, as each alert may be about some. */
function addedRuns(horizon: Horizon): () => ReadonlyMap<string, readonly RunKey[]> {
  const { timetable: tt } = horizon
  let byName: Map<string, RunKey[]> | undefined
  return () => {
    byName ??= Map.groupBy(extraRuns(horizon), ({ trip }) => `${tt.tripFeed[trip]}_${text(tt, tt.tripId[trip]!)}`)
    return byName
  }
}

function subjectsOf(horizon: Horizon, { selectors }: LiveAlert, runs: ReturnType<typeof addedRuns>) {
  const { timetable: tt } = horizon
  const each = <T>(read: (selector: AlertSelector) => T | undefined): T[] => [
    ...new Set(selectors.map(read).filter(id => id !== undefined)),
  ]
  const nameOf = (feed: number, id: number): string => `${text(tt, tt.feedTag[feed]!)}_${text(tt, id)}`
  const everyDay = each(({ trip, added, feed, day }) => {
    if (day !== undefined) return undefined
    if (trip !== undefined) return nameOf(tt.tripFeed[trip as TripIdx], tt.tripId[trip]!)
    return added === undefined ? undefined : `${text(tt, tt.feedTag[feed!]!)}_${added}`
  })
  const routeTypes = each(({ routeType }) => routeType)
  const directions = [0, 1].flatMap(direction =>
    each(s => (s.direction === direction ? s.route : undefined)).map(route => ({
      route: publicRouteId(tt, route as RouteIdx),
      direction,
    })),
  )
  return {
    agencies: each(({ agency }) => (agency === undefined ? undefined : text(tt, tt.agencyId[agency]!))),
    routes: each(({ route }) => (route === undefined ? undefined : publicRouteId(tt, route as RouteIdx))),
    trips: [
      ...each(({ trip, day, shift = 0 }) =>
        trip === undefined || day === undefined
          ? undefined
          : publicTripId(tt, trip as TripIdx, day as ServiceDay, shift),
      ),
      ...selectors.flatMap(({ added, feed, day }) =>
        added === undefined
          ? []
          : (runs().get(`${feed}_${added}`) ?? [])
              .filter(run => day === undefined || run.day === day)
              .map(run => publicTripId(tt, run.trip, run.day, run.shift)),
      ),
    ],
    stops: each(({ stop }) => (stop === undefined ? undefined : publicStopId(tt, stop as StopIdx))),
    ...(everyDay.length > 0 && { everyDay }),
    ...(routeTypes.length > 0 && { routeTypes }),
    ...(directions.length > 0 && { directions }),
  }
}

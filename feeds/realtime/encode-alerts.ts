// Alerts, with what they are about.

import bindings from 'gtfs-realtime-bindings'
import type { StopIdx, TripIdx } from '#engine/core/ids.ts'
import { formatDate, formatTime, type ServiceDay } from '#engine/core/time.ts'
import type { LiveAlert, LiveImage, Period, Translated } from '#engine/live/state.ts'
import type { Entity, Names } from './encode-names.ts'

const { Alert } = bindings.transit_realtime

/** An alert about nothing but feeds that are not asked for is left out. */
export function* encodeAlerts(names: Names): Generator<Entity> {
  for (const alert of names.horizon.alerts) {
    const informedEntity = alert.selectors.flatMap(selector => encodeSelector(names, selector) ?? [])
    if (informedEntity.length > 0) yield { id: alert.id, alert: { ...words(alert), informedEntity } }
  }
}

function encodeSelector(
  names: Names,
  s: LiveAlert['selectors'][number],
): bindings.transit_realtime.IEntitySelector | undefined {
  const { timetable: tt } = names.horizon
  const feeds = [
    s.agency === undefined ? undefined : tt.agencyFeed[s.agency],
    s.route === undefined ? undefined : tt.routeFeed[s.route as never],
    s.stop === undefined ? undefined : tt.stopFeed[s.stop as StopIdx],
    s.trip === undefined ? s.feed : tt.tripFeed[s.trip as TripIdx],
  ]
  if (feeds.some(feed => feed !== undefined && !names.wants(feed))) return undefined
  return {
    ...(s.agency !== undefined && { agencyId: names.id(tt.agencyFeed[s.agency]!, tt.agencyId[s.agency]!) }),
    ...(s.route !== undefined && { routeId: names.id(tt.routeFeed[s.route as never]!, tt.routeId[s.route]!) }),
    ...(s.routeType !== undefined && { routeType: s.routeType }),
    ...(s.direction !== undefined && { directionId: s.direction }),
    ...(s.stop !== undefined && { stopId: names.stopId(s.stop as StopIdx) }),
    ...((s.trip !== undefined || s.added !== undefined) && {
      trip: {
        tripId:
          s.trip === undefined
            ? `${names.prefix[s.feed!]}${s.added}`
            : names.id(tt.tripFeed[s.trip as TripIdx], tt.tripId[s.trip]!),
        ...(s.day !== undefined && { startDate: formatDate(s.day as ServiceDay) }),
        ...(s.shift !== undefined && { startTime: formatTime(tt.tripStart[s.trip as TripIdx]! + s.shift) }),
      },
    }),
  }
}

function words(alert: LiveAlert): bindings.transit_realtime.IAlert {
  const text = (list: readonly Translated[]) => ({
    translation: list.map(({ text, language }) => ({ text, ...(language && { language }) })),
  })
  return {
    ...periods(alert),
    cause: Alert.Cause[alert.cause as 'OTHER_CAUSE'],
    effect: Alert.Effect[alert.effect as 'OTHER_EFFECT'],
    severityLevel: Alert.SeverityLevel[alert.severity as 'INFO'],
    ...(alert.causeDetail && { causeDetail: text(alert.causeDetail) }),
    ...(alert.effectDetail && { effectDetail: text(alert.effectDetail) }),
    headerText: text(alert.header),
    ...(alert.description.length > 0 && { descriptionText: text(alert.description) }),
    ...(alert.ttsHeader.length > 0 && { ttsHeaderText: text(alert.ttsHeader) }),
    ...(alert.ttsDescription.length > 0 && { ttsDescriptionText: text(alert.ttsDescription) }),
    ...(alert.url.length > 0 && { url: text(alert.url) }),
    ...(alert.images && { image: images(alert.images), imageAlternativeText: text(alert.imageText ?? []) }),
  }
}

/**
 * When it is told and when it holds, and for readers who know nothing but active_period the former, or else the latter. To those who know
 * all three, active_period stands for what is missing: what is always so is then written as being so since 1970.
 */
function periods({ communication, impact }: LiveAlert) {
  const active = communication.length > 0 ? communication : impact
  if (active.length === 0) return {}
  const orAlways = (list: readonly Period[]) => (list.length > 0 ? [...list] : [{ start: 0 }])
  return { activePeriod: [...active], communicationPeriod: orAlways(communication), impactPeriod: orAlways(impact) }
}

const images = (list: readonly LiveImage[]): bindings.transit_realtime.ITranslatedImage => ({
  localizedImage: list.map(({ text, mediaType, language }) => ({
    url: text,
    mediaType,
    ...(language && { language }),
  })),
})

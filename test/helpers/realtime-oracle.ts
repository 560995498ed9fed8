// A FeedMessage in one plain form, made from our decoder's columns and from the bindings' objects, so that the two can be compared.
// Absent fields are undefined in both; fields that Freifahrt does not read are left out.

import type bindings from 'gtfs-realtime-bindings'
import { NONE } from '#engine/core/ids.ts'
import type { SelectorEntity } from '#engine/live/entities.ts'
import {
  ARRIVAL_DELAY,
  ARRIVAL_TIME,
  ASSIGNED_STOP,
  DEPARTURE_DELAY,
  DEPARTURE_TIME,
  type DecodedMessage,
  DROP_OFF_TYPE,
  messageText,
  NO_DELAY,
  NO_VALUE,
  NOT_SAID,
  PICKUP_TYPE,
} from '#engine/live/message.ts'

type RT = typeof bindings.transit_realtime
type Of<K extends keyof RT> = RT[K] extends abstract new (...a: never[]) => infer T ? T : never

export function ofDecoded(m: DecodedMessage) {
  const text = (begin: number, end: number): string => messageText(m, begin, end)
  const trip = (d: number) => {
    if (d === NONE) return undefined
    const c = m.descriptors.columns
    return {
      tripId: text(c.tripIdBegin[d]!, c.tripIdEnd[d]!),
      routeId: text(c.routeIdBegin[d]!, c.routeIdEnd[d]!),
      startTime: text(c.startTimeBegin[d]!, c.startTimeEnd[d]!),
      startDate: text(c.startDateBegin[d]!, c.startDateEnd[d]!),
      direction: given(c.direction[d]!),
      relationship: c.relationship[d],
      modified: c.modified[d]! !== 0,
    }
  }
  const stop = (s: number) => {
    const c = m.stops.columns
    const has = (bit: number, value: number): number | undefined => (c.given[s]! & bit ? value : undefined)
    return {
      sequence: c.sequence[s] === NONE ? undefined : c.sequence[s],
      stopId: text(c.stopIdBegin[s]!, c.stopIdEnd[s]!),
      arrivalTime: has(ARRIVAL_TIME, c.arrivalTime[s]!),
      arrivalDelay: has(ARRIVAL_DELAY, c.arrivalDelay[s]!),
      departureTime: has(DEPARTURE_TIME, c.departureTime[s]!),
      departureDelay: has(DEPARTURE_DELAY, c.departureDelay[s]!),
      relationship: c.relationship[s],
      assigned: c.given[s]! & ASSIGNED_STOP ? text(c.assignedBegin[s]!, c.assignedEnd[s]!) : '',
      pickup: has(PICKUP_TYPE, c.pickupType[s]!),
      dropOff: has(DROP_OFF_TYPE, c.dropOffType[s]!),
    }
  }
  const update = (u: number) => {
    const c = m.updates.columns
    return {
      id: text(c.entityBegin[u]!, c.entityEnd[u]!),
      trip: trip(c.descriptor[u]!),
      timestamp: c.timestamp[u],
      delay: c.delay[u] === NO_DELAY ? undefined : c.delay[u],
      vehicleId: text(c.vehicleIdBegin[u]!, c.vehicleIdEnd[u]!),
      newTripId: text(c.newTripIdBegin[u]!, c.newTripIdEnd[u]!),
      newStartDate: text(c.newStartDateBegin[u]!, c.newStartDateEnd[u]!),
      newStartTime: text(c.newStartTimeBegin[u]!, c.newStartTimeEnd[u]!),
      newHeadsign: text(c.newHeadsignBegin[u]!, c.newHeadsignEnd[u]!),
      stops: range(c.stopsBegin[u]!, c.stopsEnd[u]!).map(stop),
    }
  }
  const selector = (s: SelectorEntity) => ({
    agencyId: text(s.agencyIdBegin, s.agencyIdEnd),
    routeId: text(s.routeIdBegin, s.routeIdEnd),
    stopId: text(s.stopIdBegin, s.stopIdEnd),
    routeType: s.routeType,
    direction: s.direction,
    trip: trip(s.descriptor),
  })
  return {
    version: m.version,
    incrementality: m.incrementality,
    timestamp: m.timestamp,
    feedVersion: m.feedVersion,
    entities: m.entities,
    updates: range(0, m.updates.length).map(update),
    vehicles: m.vehicles.map(({ descriptor, stopIdBegin, stopIdEnd, ...v }) => ({
      ...v,
      trip: trip(descriptor),
      stopId: text(stopIdBegin, stopIdEnd),
    })),
    alerts: m.alerts.map(a => ({ ...a, selectors: a.selectors.map(selector) })),
  }
}

export function ofBindings(message: Of<'FeedMessage'>): ReturnType<typeof ofDecoded> {
  const own = <T extends object, K extends keyof T>(from: T, name: K): T[K] | undefined =>
    Object.hasOwn(from, name) ? from[name] : undefined
  // unsigned, too, because uint64 times are read as signed: 2^64 − 1 is no time in either
  const number = (value: unknown): number | undefined =>
    value === undefined || value === null ? undefined : Number(BigInt.asIntN(64, BigInt(String(value))))
  const trip = (t: bindings.transit_realtime.ITripDescriptor | null | undefined) =>
    t
      ? {
          tripId: t.tripId ?? '',
          routeId: t.routeId ?? '',
          startTime: t.startTime ?? '',
          startDate: t.startDate ?? '',
          direction: own(t, 'directionId') !== undefined && t.directionId! <= 1 ? t.directionId! : undefined,
          relationship: known(own(t, 'scheduleRelationship'), [0, 1, 2, 3, 5, 6, 7, 8], 0),
          modified: Boolean(own(t, 'modifiedTrip')),
        }
      : undefined
  const stop = (s: bindings.transit_realtime.TripUpdate.IStopTimeUpdate) => ({
    sequence: own(s, 'stopSequence') ?? undefined,
    stopId: s.stopId ?? '',
    arrivalTime: s.arrival ? number(own(s.arrival, 'time')) : undefined,
    arrivalDelay: s.arrival ? (own(s.arrival, 'delay') ?? undefined) : undefined,
    departureTime: s.departure ? number(own(s.departure, 'time')) : undefined,
    departureDelay: s.departure ? (own(s.departure, 'delay') ?? undefined) : undefined,
    relationship: known(own(s, 'scheduleRelationship'), [0, 1, 2, 3], 0),
    assigned: s.stopTimeProperties?.assignedStopId ?? '',
    pickup: s.stopTimeProperties ? (own(s.stopTimeProperties, 'pickupType') ?? undefined) : undefined,
    dropOff: s.stopTimeProperties ? (own(s.stopTimeProperties, 'dropOffType') ?? undefined) : undefined,
  })
  const periods = (list: readonly bindings.transit_realtime.ITimeRange[] | null | undefined) =>
    (list ?? []).map(p => ({ start: number(own(p, 'start')), end: number(own(p, 'end')) }))
  const texts = (t: bindings.transit_realtime.ITranslatedString | null | undefined) =>
    (t?.translation ?? []).map(x => ({ text: x.text, language: own(x, 'language') ?? undefined }))
  const entities = message.entity.filter(e => !e.isDeleted)
  return {
    version: message.header.gtfsRealtimeVersion,
    incrementality: own(message.header, 'incrementality') ?? NOT_SAID,
    timestamp: number(own(message.header, 'timestamp')) ?? 0,
    feedVersion: message.header.feedVersion ?? '',
    entities: message.entity.length,
    updates: entities.flatMap(e => {
      const u = e.tripUpdate
      if (!u) return []
      const properties = u.tripProperties
      return {
        id: e.id,
        trip: trip(u.trip),
        timestamp: number(own(u, 'timestamp')) ?? 0,
        delay: own(u, 'delay') ?? undefined,
        vehicleId: u.vehicle?.id ?? '',
        newTripId: properties?.tripId ?? '',
        newStartDate: properties?.startDate ?? '',
        newStartTime: properties?.startTime ?? '',
        newHeadsign: properties?.tripHeadsign ?? '',
        stops: (u.stopTimeUpdate ?? []).map(stop),
      }
    }),
    vehicles: entities.flatMap(e => {
      const v = e.vehicle
      if (!v) return []
      const position = v.position
      return {
        entityId: e.id,
        vehicleId: v.vehicle ? (own(v.vehicle, 'id') ?? undefined) : undefined,
        label: v.vehicle ? (own(v.vehicle, 'label') ?? undefined) : undefined,
        lat: position?.latitude,
        lon: position?.longitude,
        bearing: position ? (own(position, 'bearing') ?? undefined) : undefined,
        speed: position ? (own(position, 'speed') ?? undefined) : undefined,
        stopSequence: own(v, 'currentStopSequence') ?? undefined,
        status: own(v, 'currentStatus') ?? undefined,
        timestamp: number(own(v, 'timestamp')),
        occupancy: own(v, 'occupancyStatus') ?? undefined,
        occupancyPercentage: own(v, 'occupancyPercentage') ?? undefined,
        wheelchair: v.vehicle ? (own(v.vehicle, 'wheelchairAccessible') ?? undefined) : undefined,
        carriages: v.multiCarriageDetails?.length
          ? v.multiCarriageDetails.map(c => ({
              id: own(c, 'id') ?? undefined,
              label: own(c, 'label') ?? undefined,
              occupancy: own(c, 'occupancyStatus') ?? undefined,
              occupancyPercentage: own(c, 'occupancyPercentage') ?? undefined,
              sequence: own(c, 'carriageSequence') ?? undefined,
            }))
          : undefined,
        trip: trip(v.trip),
        stopId: v.stopId ?? '',
      }
    }),
    alerts: entities.flatMap(e => {
      const a = e.alert
      if (!a) return []
      return {
        entityId: e.id,
        active: periods(a.activePeriod),
        communication: periods(a.communicationPeriod),
        impact: periods(a.impactPeriod),
        selectors: (a.informedEntity ?? []).map(s => ({
          agencyId: s.agencyId ?? '',
          routeId: s.routeId ?? '',
          stopId: s.stopId ?? '',
          routeType: own(s, 'routeType') ?? undefined,
          direction: own(s, 'directionId') ?? undefined,
          trip: trip(s.trip),
        })),
        cause: own(a, 'cause') ?? undefined,
        effect: own(a, 'effect') ?? undefined,
        severity: own(a, 'severityLevel') ?? undefined,
        header: texts(a.headerText),
        description: texts(a.descriptionText),
        ttsHeader: texts(a.ttsHeaderText),
        ttsDescription: texts(a.ttsDescriptionText),
        url: texts(a.url),
        images: (a.image?.localizedImage ?? []).map(i => ({
          text: i.url ?? '',
          language: own(i, 'language') ?? undefined,
          mediaType: i.mediaType ?? '',
        })),
        imageText: texts(a.imageAlternativeText),
        causeDetail: texts(a.causeDetail),
        effectDetail: texts(a.effectDetail),
      }
    }),
  }
}

const range = (begin: number, end: number): number[] => Array.from({ length: end - begin }, (_, i) => begin + i)
const given = (value: number): number | undefined => (value === NO_VALUE ? undefined : value)
const known = (value: number | null | undefined, numbers: readonly number[], otherwise: number): number =>
  value !== undefined && value !== null && numbers.includes(value) ? value : otherwise

// The live state out again as GTFS-Realtime: all sources laid over one another, for programs that read one feed. What follows from other
// times (propagated delays) is left to the reader; of runs that no timetable has, everything is told (NEW, REPLACEMENT).

import bindings from 'gtfs-realtime-bindings'
import { E7, encodePolyline } from '#engine/core/geo.ts'
import { type FeedIdx, type LiveRunIdx, NONE, type StopIdx, type TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, formatTime, type ServiceDay } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { type RunCall, readCall } from '#engine/horizon/runs.ts'
import { NO_VALUE } from '#engine/live/message.ts'
import { signsKey } from '#engine/live/signs.ts'
import {
  type LiveAlert,
  type LiveImage,
  type LiveVehicle,
  NO_DROP_OFF,
  NO_PICKUP,
  RunState,
  Source,
  type Translated,
} from '#engine/live/state.ts'
import { isExtraTrip } from '#engine/timetable/room.ts'

const { transit_realtime: proto } = bindings
type Entity = bindings.transit_realtime.IFeedEntity
type StopUpdate = bindings.transit_realtime.TripUpdate.IStopTimeUpdate
const { TripDescriptor, TripUpdate, VehiclePosition, Alert } = proto
const Stop = TripUpdate.StopTimeUpdate.ScheduleRelationship

/**
 * @param feed only what is said of this feed, in its own ids; undefined: all, ids with their feed's tag in front if there are several
 * @param timestamp Unix seconds of the message
 */
export function encodeHorizon(horizon: Horizon, feed: FeedIdx | undefined, timestamp: number): Uint8Array {
  const writer = new Writer(horizon, feed)
  const entity = [...writer.stops(), ...writer.runs(), ...writer.vehicles(), ...writer.alerts()]
  return proto.FeedMessage.encode({
    header: { gtfsRealtimeVersion: '2.0', incrementality: 0, timestamp },
    entity,
  }).finish()
}

class Writer {
  private readonly horizon: Horizon
  private readonly feed: FeedIdx | undefined
  private readonly prefix: readonly string[]

  constructor(horizon: Horizon, feed: FeedIdx | undefined) {
    const { timetable: tt } = horizon
    this.horizon = horizon
    this.feed = feed
    const tagged = feed === undefined && tt.counts.feeds > 1
    this.prefix = Array.from(tt.feedTag, tag => (tagged ? `${textOf(tt, tag)}_` : ''))
  }

  private wants(feed: number): boolean {
    return this.feed === undefined || feed === this.feed
  }

  private id(feed: number, text: number): string {
    return this.prefix[feed]! + textOf(this.horizon.timetable, text)
  }

  private stopId(stop: StopIdx): string {
    const { timetable: tt } = this.horizon
    return this.id(tt.stopFeed[stop], tt.stopId[stop]!)
  }

  /** Stops that the timetable does not have. */
  *stops(): Generator<Entity> {
    const { timetable: tt, added } = this.horizon
    for (const s of added?.stops ?? []) {
      if (!this.wants(tt.stopFeed[s])) continue
      yield {
        id: `stop:${this.stopId(s)}`,
        stop: {
          stopId: this.stopId(s),
          stopName: { translation: [{ text: textOf(tt, tt.stopName[s]!) }] },
          stopLat: tt.stopLat[s]! / E7,
          stopLon: tt.stopLon[s]! / E7,
        },
      }
    }
  }

  *runs(): Generator<Entity> {
    const { timetable: tt, live } = this.horizon
    for (let r = 0 as LiveRunIdx; r < live.counts.runs; r++) {
      const trip = live.runTrip[r]! as TripIdx
      const state = live.runState[r]! as RunState
      if (state === RunState.superseded || !this.wants(tt.tripFeed[trip])) continue
      const extra = isExtraTrip(tt, trip)
      // an added run that does not take place needs no word
      if (extra && live.runOther[r]! >= tt.counts.trips && (state === RunState.cancelled || state === RunState.deleted))
        continue
      if (state === RunState.running && !extra && this.isPlanned(r)) continue
      const line = extra ? this.line(trip) : undefined
      if (line) yield line
      yield this.run(r, trip, state, extra, line?.shape?.shapeId ?? undefined)
    }
  }

  /** Nothing but the schedule: only its vehicle said something (I9). */
  private isPlanned(r: LiveRunIdx): boolean {
    const { live } = this.horizon
    for (let e = live.runEventBegin[r]!; e < live.runEventBegin[r + 1]!; e++)
      if (
        live.eventArrivalSource[e] !== Source.schedule ||
        live.eventDepartureSource[e] !== Source.schedule ||
        live.eventFlags[e] !== 0
      )
        return false
    return true
  }

  /** The line of an extra trip that has one of its own. */
  private line(trip: TripIdx): Entity | undefined {
    const { timetable: tt } = this.horizon
    const geometry = tt.tripGeometry[trip]!
    if (geometry === NONE || tt.tripShape[trip] !== NONE) return undefined
    const begin = tt.counts.shapePoints + (trip - tt.counts.trips) * tt.counts.roomPoints
    const points: number[] = []
    for (let i = begin; i < begin + tt.counts.roomPoints && tt.shapeLat[i] !== 0; i++)
      points.push(tt.shapeLat[i]!, tt.shapeLon[i]!)
    const shapeId = `line:${this.id(tt.tripFeed[trip], tt.tripId[trip]!)}`
    return { id: shapeId, shape: { shapeId, encodedPolyline: encodePolyline(points, 5) } }
  }

  private run(r: LiveRunIdx, trip: TripIdx, state: RunState, extra: boolean, shapeId: string | undefined): Entity {
    const { horizon } = this
    const { timetable: tt, live } = horizon
    const key = { trip, day: live.runDay[r]! as ServiceDay, shift: live.runShift[r]! }
    const stands = live.runOther[r]! < tt.counts.trips && extra
    const relationship = relationshipOf(state, extra, stands)
    const descriptor = this.descriptor(trip, key.day, key.shift)
    const shown = state === RunState.running || extra
    const begin = live.runEventBegin[r]!
    const calls = shown ? live.runEventBegin[r + 1]! - begin : 0
    const whole = extra && state !== RunState.cancelled && state !== RunState.deleted
    const told = extra ? undefined : horizon.signs?.get(signsKey(key))
    const updates: StopUpdate[] = []
    let noData = false
    for (let i = 0; i < calls && (whole || !extra); i++) {
      const call = readCall(horizon, key, r, i)
      const update = this.stopUpdate(
        call,
        tt.sequences[tt.tripSequences[trip]! + i]!,
        live.eventFlags[begin + i]!,
        whole,
        noData,
        i,
        calls - 1,
      )
      // NO_DATA goes on by itself until the next word (E6)
      noData = call.arrivalSource === Source.noData && call.departureSource === Source.noData
      const stopHeadsign = told?.stops?.[i]
      if (update && stopHeadsign) update.stopTimeProperties = { ...update.stopTimeProperties, stopHeadsign }
      if (update) updates.push(update)
    }
    const first = calls > 0 ? readCall(horizon, key, r, 0) : undefined
    const delay =
      first && !extra && first.arrivalSource === Source.propagated && first.departureSource === Source.propagated
        ? first.departure - first.scheduledDeparture
        : undefined
    const headsign = extra ? textOf(tt, tt.tripHeadsign[trip]!) : ''
    return {
      id: `${descriptor.tripId}@${descriptor.startDate}${key.shift === 0 ? '' : `T${descriptor.startTime}`}${extra ? '+' : ''}`,
      tripUpdate: {
        trip: { ...descriptor, scheduleRelationship: TripDescriptor.ScheduleRelationship[relationship] },
        stopTimeUpdate: updates,
        ...(delay !== undefined && { delay }),
        ...((told?.headsign || told?.shortName) && {
          tripProperties: {
            ...(told.headsign && { tripHeadsign: told.headsign }),
            ...(told.shortName && { tripShortName: told.shortName }),
          },
        }),
        ...(whole &&
          (headsign || shapeId) && {
            tripProperties: { ...(headsign && { tripHeadsign: headsign }), ...(shapeId && { shapeId }) },
          }),
      },
    }
  }

  private descriptor(trip: TripIdx, day: ServiceDay, shift: number) {
    const { timetable: tt } = this.horizon
    const route = tt.patternRoute[tt.tripPattern[trip]]
    return {
      tripId: this.id(tt.tripFeed[trip], tt.tripId[trip]!),
      startDate: formatDate(day),
      startTime: formatTime(tt.tripStart[trip]! + shift),
      ...(tt.routeId[route] !== 0 && { routeId: this.id(tt.routeFeed[route], tt.routeId[route]!) }),
      ...(tt.tripDirection[trip] !== NO_VALUE && { directionId: tt.tripDirection[trip]! }),
    }
  }

  /** Undefined: nothing is said of this stop. */
  private stopUpdate(
    call: RunCall,
    sequence: number,
    flags: number,
    whole: boolean,
    inNoData: boolean,
    at: number,
    last: number,
  ): StopUpdate | undefined {
    const arrival = isStated(call.arrivalSource)
    const departure = isStated(call.departureSource)
    const noData = call.arrivalSource === Source.noData && call.departureSource === Source.noData
    const moved = call.stop !== call.scheduledStop
    const properties = {
      ...(moved && { assignedStopId: this.stopId(call.stop) }),
      ...(flags & NO_PICKUP || (whole && at < last && !call.couldBoard) ? { pickupType: 1 } : {}),
      ...(flags & NO_DROP_OFF || (whole && at > 0 && !call.couldAlight) ? { dropOffType: 1 } : {}),
    }
    const special = Object.keys(properties).length > 0
    if (!whole && !arrival && !departure && !call.skipped && !special && (!noData || inNoData)) return undefined
    const event = (stated: boolean, time: number, scheduledTime: number, uncertainty: number | undefined) =>
      stated || whole
        ? {
            ...(stated && { time }),
            ...(whole && { scheduledTime }),
            ...(uncertainty !== undefined && { uncertainty }),
          }
        : undefined
    const [arrives, departs] = [
      event(arrival, call.arrival, call.scheduledArrival, call.arrivalUncertainty),
      event(departure, call.departure, call.scheduledDeparture, call.departureUncertainty),
    ]
    return {
      stopSequence: sequence,
      stopId: this.stopId(call.scheduledStop),
      ...(call.skipped ? { scheduleRelationship: Stop.SKIPPED } : noData ? { scheduleRelationship: Stop.NO_DATA } : {}),
      ...(!call.skipped && arrives && { arrival: arrives }),
      ...(!call.skipped && departs && { departure: departs }),
      ...(special && { stopTimeProperties: properties }),
    }
  }

  *vehicles(): Generator<Entity> {
    const { timetable: tt, vehicles } = this.horizon
    for (const v of vehicles) {
      if (v.trip !== undefined && !this.wants(tt.tripFeed[v.trip as TripIdx])) continue
      if (v.trip === undefined && this.feed !== undefined) continue
      yield { id: `vehicle:${v.source}:${v.id}`, vehicle: this.vehicle(v) }
    }
  }

  private vehicle(v: LiveVehicle): bindings.transit_realtime.IVehiclePosition {
    const { timetable: tt } = this.horizon
    const trip = v.trip as TripIdx | undefined
    return {
      vehicle: { id: v.id, ...(v.label && { label: v.label }) },
      timestamp: v.timestamp,
      ...(trip !== undefined && { trip: this.descriptor(trip, v.day as ServiceDay, v.shift ?? 0) }),
      ...(v.lat !== undefined && {
        position: {
          latitude: v.lat / E7,
          longitude: v.lon! / E7,
          ...(v.bearing !== undefined && { bearing: v.bearing }),
          ...(v.speed !== undefined && { speed: v.speed }),
        },
      }),
      ...(trip !== undefined &&
        v.slot !== undefined && {
          currentStopSequence: tt.sequences[tt.tripSequences[trip]! + v.slot]!,
          currentStatus: VehiclePosition.VehicleStopStatus[v.status ?? 'IN_TRANSIT_TO'],
        }),
      ...(v.occupancy && { occupancyStatus: VehiclePosition.OccupancyStatus[v.occupancy as 'FULL'] }),
      ...(v.occupancyPercentage !== undefined && { occupancyPercentage: v.occupancyPercentage }),
      ...(v.carriages && {
        multiCarriageDetails: v.carriages.map(({ occupancy, ...carriage }, i) => ({
          ...carriage,
          carriageSequence: i + 1,
          ...(occupancy && { occupancyStatus: VehiclePosition.OccupancyStatus[occupancy as 'FULL'] }),
        })),
      }),
    }
  }

  *alerts(): Generator<Entity> {
    for (const alert of this.horizon.alerts) {
      const informedEntity = alert.selectors.flatMap(selector => this.selector(selector) ?? [])
      if (informedEntity.length > 0) yield { id: alert.id, alert: { ...words(alert), informedEntity } }
    }
  }

  private selector(s: LiveAlert['selectors'][number]): bindings.transit_realtime.IEntitySelector | undefined {
    const { timetable: tt } = this.horizon
    const feeds = [
      s.agency === undefined ? undefined : tt.agencyFeed[s.agency],
      s.route === undefined ? undefined : tt.routeFeed[s.route as never],
      s.stop === undefined ? undefined : tt.stopFeed[s.stop as StopIdx],
      s.trip === undefined ? s.feed : tt.tripFeed[s.trip as TripIdx],
    ]
    if (feeds.some(feed => feed !== undefined && !this.wants(feed))) return undefined
    return {
      ...(s.agency !== undefined && { agencyId: this.id(tt.agencyFeed[s.agency]!, tt.agencyId[s.agency]!) }),
      ...(s.route !== undefined && { routeId: this.id(tt.routeFeed[s.route as never]!, tt.routeId[s.route]!) }),
      ...(s.routeType !== undefined && { routeType: s.routeType }),
      ...(s.direction !== undefined && { directionId: s.direction }),
      ...(s.stop !== undefined && { stopId: this.stopId(s.stop as StopIdx) }),
      ...((s.trip !== undefined || s.added !== undefined) && {
        trip: {
          tripId:
            s.trip === undefined
              ? `${this.prefix[s.feed!]}${s.added}`
              : this.id(tt.tripFeed[s.trip as TripIdx], tt.tripId[s.trip]!),
          ...(s.day !== undefined && { startDate: formatDate(s.day as ServiceDay) }),
        },
      }),
    }
  }
}

const isStated = (source: Source): boolean => source === Source.predicted || source === Source.recorded

function relationshipOf(
  state: RunState,
  extra: boolean,
  stands: boolean,
): 'SCHEDULED' | 'CANCELED' | 'DELETED' | 'NEW' | 'REPLACEMENT' {
  if (state === RunState.cancelled) return 'CANCELED'
  if (state === RunState.deleted) return 'DELETED'
  if (!extra) return 'SCHEDULED'
  return stands ? 'REPLACEMENT' : 'NEW'
}

function words(alert: LiveAlert): bindings.transit_realtime.IAlert {
  const text = (list: readonly Translated[]) => ({
    translation: list.map(({ text, language }) => ({ text, ...(language && { language }) })),
  })
  return {
    communicationPeriod: [...alert.communication],
    impactPeriod: [...alert.impact],
    cause: Alert.Cause[alert.cause as 'OTHER_CAUSE'],
    effect: Alert.Effect[alert.effect as 'OTHER_EFFECT'],
    severityLevel: Alert.SeverityLevel[alert.severity as 'INFO'],
    headerText: text(alert.header),
    ...(alert.description.length > 0 && { descriptionText: text(alert.description) }),
    ...(alert.ttsHeader.length > 0 && { ttsHeaderText: text(alert.ttsHeader) }),
    ...(alert.ttsDescription.length > 0 && { ttsDescriptionText: text(alert.ttsDescription) }),
    ...(alert.url.length > 0 && { url: text(alert.url) }),
    ...(alert.images && { image: images(alert.images), imageAlternativeText: text(alert.imageText ?? []) }),
  }
}

const images = (list: readonly LiveImage[]): bindings.transit_realtime.ITranslatedImage => ({
  localizedImage: list.map(({ text, mediaType, language }) => ({
    url: text,
    mediaType,
    ...(language && { language }),
  })),
})

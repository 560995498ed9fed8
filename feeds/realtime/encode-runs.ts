// Runs as TripUpdates: of a run of the timetable what is stated, of a run that no timetable has everything, its line included.

import bindings from 'gtfs-realtime-bindings'
import { encodePolyline } from '#engine/core/geo.ts'
import { type LiveRunIdx, NONE, type TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { type RunCall, readCall } from '#engine/horizon/runs.ts'
import { runKey } from '#engine/live/runs.ts'
import { DROP_OFF_SHIFT, PICKUP_SHIFT, RunState, Source, typeNow } from '#engine/live/state.ts'
import { isExtraTrip, isNewTrip } from '#engine/timetable/room.ts'
import type { Entity, Names } from './encode-names.ts'

const { TripDescriptor, TripUpdate } = bindings.transit_realtime
type StopUpdate = bindings.transit_realtime.TripUpdate.IStopTimeUpdate
const Stop = TripUpdate.StopTimeUpdate.ScheduleRelationship

export function* encodeRuns(names: Names): Generator<Entity> {
  const { timetable: tt, live } = names.horizon
  for (let r = 0 as LiveRunIdx; r < live.counts.runs; r++) {
    const trip = live.runTrip[r]! as TripIdx
    const state = live.runState[r]! as RunState
    if (state === RunState.superseded || !names.wants(tt.tripFeed[trip])) continue
    const extra = isExtraTrip(tt, trip)
    // an added run that does not take place needs no word
    if (extra && isNewTrip(tt, trip) && (state === RunState.cancelled || state === RunState.deleted)) continue
    if (state === RunState.running && !extra && isPlanned(names.horizon, r)) continue
    const line = extra ? encodeLine(names, trip) : undefined
    if (line) yield line
    yield encodeRun(names, r, trip, state, extra, line?.shape?.shapeId ?? undefined)
  }
}

/** Nothing but the schedule: only its vehicle said something (I9). */
function isPlanned({ live }: Horizon, r: LiveRunIdx): boolean {
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
function encodeLine(names: Names, trip: TripIdx): Entity | undefined {
  const { timetable: tt } = names.horizon
  const geometry = tt.tripGeometry[trip]!
  if (geometry === NONE || tt.tripShape[trip] !== NONE) return undefined
  const begin = tt.counts.shapePoints + (trip - tt.counts.trips) * tt.counts.roomPoints
  const points: number[] = []
  for (let i = begin; i < begin + tt.counts.roomPoints && tt.shapeLat[i] !== 0; i++)
    points.push(tt.shapeLat[i]!, tt.shapeLon[i]!)
  const shapeId = `line:${names.id(tt.tripFeed[trip], tt.tripId[trip]!)}`
  return { id: shapeId, shape: { shapeId, encodedPolyline: encodePolyline(points, 5) } }
}

function encodeRun(
  names: Names,
  r: LiveRunIdx,
  trip: TripIdx,
  state: RunState,
  extra: boolean,
  shapeId: string | undefined,
): Entity {
  const { horizon } = names
  const { timetable: tt, live } = horizon
  const key = { trip, day: live.runDay[r]! as ServiceDay, shift: live.runShift[r]! }
  const stands = extra && !isNewTrip(tt, trip)
  const relationship = relationshipOf(state, extra, stands)
  const descriptor = names.descriptor(trip, key.day, key.shift)
  const shown = state === RunState.running || extra
  const begin = live.runEventBegin[r]!
  const calls = shown ? live.runEventBegin[r + 1]! - begin : 0
  const whole = extra && state !== RunState.cancelled && state !== RunState.deleted
  const told = extra ? undefined : horizon.signs?.get(runKey(key))
  const updates: StopUpdate[] = []
  let noData = false
  for (let i = 0; i < calls && (whole || !extra); i++) {
    const call = readCall(horizon, key, r, i)
    const update = stopUpdate(
      names,
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

/** Undefined: nothing is said of this stop. */
function stopUpdate(
  names: Names,
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
  // what the feed says, and of a whole run also what it was added with
  const pickupType = typeNow(flags, PICKUP_SHIFT, whole && at < last && call.pickupType > 0 ? call.pickupType : -1)
  const dropOffType = typeNow(flags, DROP_OFF_SHIFT, whole && at > 0 && call.dropOffType > 0 ? call.dropOffType : -1)
  const properties = {
    ...(moved && { assignedStopId: names.stopId(call.stop) }),
    ...(pickupType >= 0 && { pickupType }),
    ...(dropOffType >= 0 && { dropOffType }),
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
    stopId: names.stopId(call.scheduledStop),
    ...(call.skipped ? { scheduleRelationship: Stop.SKIPPED } : noData ? { scheduleRelationship: Stop.NO_DATA } : {}),
    ...(!call.skipped && arrives && { arrival: arrives }),
    ...(!call.skipped && departs && { departure: departs }),
    ...(special && { stopTimeProperties: properties }),
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

// Runs as TripUpdates: of a run of the timetable what is stated, of a run that no timetable has everything, its line included.

import bindings from 'gtfs-realtime-bindings'
import { encodePolyline } from '#engine/core/geo.ts'
import { type LiveRunIdx, NONE, type TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { type RunCall, readCall } from '#engine/horizon/runs.ts'
import { pointsOf } from '#engine/live/lines.ts'
import { runKey } from '#engine/live/runs.ts'
import { DROP_OFF_SHIFT, OWN, PICKUP_SHIFT, RunState, Source, typeNow } from '#engine/live/state.ts'
import type { Points } from '#engine/timetable/geometry.ts'
import { isExtraTrip, isNewTrip } from '#engine/timetable/room.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { Entity, Names } from './encode-names.ts'

const { TripDescriptor, TripUpdate, VehiclePosition } = bindings.transit_realtime
type StopUpdate = bindings.transit_realtime.TripUpdate.IStopTimeUpdate
const Stop = TripUpdate.StopTimeUpdate.ScheduleRelationship

/** Runs of which nobody said anything, and added ones that do not take place, are left out; a line of a run's own comes before it. */
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
    const { shapeId, points } = lineOf(names, r, trip)
    const entity = encodeRun(names, r, trip, state, extra, shapeId)
    if (entity === undefined) continue
    if (shapeId && points) yield { id: shapeId, shape: { shapeId, encodedPolyline: encodePolyline(points, 5) } }
    yield entity
  }
}

/** Nothing but the schedule and our own prediction: only its vehicle said something (I9, I15). */
function isPlanned({ live }: Horizon, r: LiveRunIdx): boolean {
  if ((live.eventFlags[live.runEventBegin[r]!]! & OWN) !== 0) return true
  for (let e = live.runEventBegin[r]!; e < live.runEventBegin[r + 1]!; e++)
    if (
      live.eventArrivalSource[e] !== Source.schedule ||
      live.eventDepartureSource[e] !== Source.schedule ||
      live.eventFlags[e] !== 0
    )
      return false
  return true
}

/** The shape of the timetable that realtime has the run take (H7), or the points of one of its own: lat, lon, … in 1e-7 degrees. */
function lineOf(names: Names, r: LiveRunIdx, trip: TripIdx): { shapeId?: string; points?: number[] } {
  const { horizon } = names
  const { timetable: tt, live } = horizon
  const key = runKey({ trip, day: live.runDay[r]!, shift: live.runShift[r]! })
  const told = horizon.signs?.get(key)?.line
  const extra = isExtraTrip(tt, trip)
  const shape = told && 'shape' in told ? told.shape : extra && !told ? tt.tripShape[trip]! : NONE
  if (shape !== NONE) return { shapeId: names.id(tt.shapeFeed[shape]!, tt.shapeId[shape]!) }
  if (!told && (!extra || tt.tripGeometry[trip] === NONE)) return {}
  const points: number[] = []
  const { lat, lon, begin, end } = told ? pointsOf(tt, told) : roomLine(tt, trip)
  for (let i = begin; i < end; i++) points.push(lat[i]!, lon[i]!)
  return { shapeId: `line:${names.id(tt.tripFeed[trip], tt.tripId[trip]!)}@${key}`, points }
}

/** The line that an extra trip brought along. */
function roomLine({ counts, shapeLat: lat, shapeLon: lon }: Timetable, trip: TripIdx): Points {
  const begin = counts.shapePoints + (trip - counts.trips) * counts.roomPoints
  let end = begin
  while (end < begin + counts.roomPoints && lat[end] !== 0) end++
  return { lat, lon, begin, end }
}

/** Undefined: of a run of the timetable nothing is left to say, as of one whose feed has fallen silent. */
function encodeRun(
  names: Names,
  r: LiveRunIdx,
  trip: TripIdx,
  state: RunState,
  extra: boolean,
  shapeId: string | undefined,
): Entity | undefined {
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
  const told = horizon.signs?.get(runKey(key))
  const headsigns = whole ? tt.tripHeadsigns[trip]! : NONE
  const updates: StopUpdate[] = []
  let noData = false
  for (let i = 0; i < calls && (whole || !extra); i++) {
    const call = readCall(horizon, key, r, i)
    const update = stopUpdate(names, call, {
      sequence: tt.sequences[tt.tripSequences[trip]! + i]!,
      flags: live.eventFlags[begin + i]!,
      headsign: told?.stops?.[i] ?? (headsigns === NONE ? '' : textOf(tt, tt.headsigns[headsigns + i]!)),
      whole,
      inNoData: noData,
      isFirst: i === 0,
      isLast: i === calls - 1,
    })
    // NO_DATA goes on by itself until the next word (E6)
    noData = call.arrivalSource === Source.noData && call.departureSource === Source.noData
    if (update) updates.push(update)
  }
  const first = calls > 0 ? readCall(horizon, key, r, 0) : undefined
  const delay =
    first && !extra && first.arrivalSource === Source.propagated && first.departureSource === Source.propagated
      ? first.departure - first.scheduledDeparture
      : undefined
  // a trip without a word is none (the validator's E041)
  if (relationship === 'SCHEDULED' && updates.length === 0 && delay === undefined) return undefined
  const [headsign, shortName] = whole ? [textOf(tt, tt.tripHeadsign[trip]!), textOf(tt, tt.tripShortName[trip]!)] : []
  const properties = {
    tripHeadsign: told?.headsign ?? headsign,
    tripShortName: told?.shortName ?? shortName,
    shapeId: shown ? shapeId : undefined,
  }
  const said = Object.entries(properties).filter(([, text]) => text)
  return {
    id: `${descriptor.tripId}@${descriptor.startDate}${key.shift === 0 ? '' : `T${descriptor.startTime}`}${extra ? '+' : ''}`,
    tripUpdate: {
      trip: { ...descriptor, scheduleRelationship: TripDescriptor.ScheduleRelationship[relationship] },
      stopTimeUpdate: updates,
      ...(delay !== undefined && { delay }),
      ...(said.length > 0 && { tripProperties: Object.fromEntries(said) }),
    },
  }
}

interface CallStyle {
  readonly sequence: number
  readonly flags: number
  readonly headsign: string
  /** Everything is said of the run, as no timetable has it. */
  readonly whole: boolean
  /** The stop before said NO_DATA. */
  readonly inNoData: boolean
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** Undefined: nothing is said of this stop. */
function stopUpdate(
  names: Names,
  call: RunCall,
  { sequence, flags, headsign, whole, inNoData, isFirst, isLast }: CallStyle,
): StopUpdate | undefined {
  const arrival = isStated(call.arrivalSource)
  const departure = isStated(call.departureSource)
  const noData = call.arrivalSource === Source.noData && call.departureSource === Source.noData
  const moved = call.stop !== call.scheduledStop
  // what the feed says, and of a whole run also what it was added with
  const pickupType = typeNow(flags, PICKUP_SHIFT, whole && !isLast && call.pickupType > 0 ? call.pickupType : -1)
  const dropOffType = typeNow(flags, DROP_OFF_SHIFT, whole && !isFirst && call.dropOffType > 0 ? call.dropOffType : -1)
  const properties = {
    ...(moved && { assignedStopId: names.stopId(call.stop) }),
    ...(pickupType >= 0 && { pickupType }),
    ...(dropOffType >= 0 && { dropOffType }),
    ...(headsign && { stopHeadsign: headsign }),
  }
  const changed = Object.keys(properties).length > 0
  const special = changed || call.occupancy !== undefined
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
    ...(call.occupancy && { departureOccupancyStatus: VehiclePosition.OccupancyStatus[call.occupancy] }),
    ...(changed && { stopTimeProperties: properties }),
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

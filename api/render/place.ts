// Stops, calls and coordinates as MOTIS places.

import type { Place } from '#api/contract/common.ts'
import { levelAlways } from '#api/contract/versions.ts'
import { E7 } from '#engine/core/geo.ts'
import type { StopIdx, TripIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import type { RunCall, RunKey } from '#engine/horizon/runs.ts'
import { RunState } from '#engine/live/state.ts'
import { levelOf } from '#engine/station/walk.ts'
import { isExtraStop } from '#engine/timetable/room.ts'
import { patternLength, rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import { arrangement } from './arrangement.ts'
import { arrivalSource, departureSource } from './source.ts'
import { placeName, publicStopId, stopDescription, stopName, textOrNone, utc, zoneNameOfTrip } from './texts.ts'

/** What every part of an answer is written from: one generation of the network, and how the client wants it told. */
export interface View {
  readonly horizon: Horizon
  readonly version: number
  readonly language: readonly string[]
  /** false: the schedule alone (realtimeMode=OFF). */
  readonly realtime: boolean
  /** Alerts are shown that are in force now. */
  readonly now: UnixSeconds
  /** Also tell calls on the way at which nobody may board or alight by the timetable. */
  readonly scheduledSkipped?: boolean
  /** Stops already described, here or in another answer; none that realtime added. */
  readonly described?: Map<StopIdx, Readonly<Place>>
}

const levelFor = (view: View, level: number | undefined): number | undefined =>
  level ?? (levelAlways(view.version) ? 0 : undefined)

export function coordinatePlace(view: View, name: string, lat: number, lon: number, level?: number): Place {
  return { name, lat, lon, level: levelFor(view, level), vertexType: 'NORMAL' }
}

/** A stop by itself: no times. */
export const stopPlace = (view: View, stop: StopIdx): Place => ({ ...describedStop(view, stop, stop) })

/** Not to be changed: others read it too. `scheduled` is where the timetable has the vehicle stop when realtime moved it. */
const describedStop = (view: View, stop: StopIdx, scheduled: StopIdx): Readonly<Place> =>
  (stop === scheduled &&
    !isExtraStop(view.horizon.timetable, stop) &&
    view.described?.getOrInsertComputed(stop, () => describe(view, stop, stop))) ||
  describe(view, stop, scheduled)

function describe(view: View, stop: StopIdx, scheduled: StopIdx): Place {
  const tt = view.horizon.timetable
  const root = rootStop(tt, stop)
  return {
    name: placeName(tt, stop, view.language),
    stopId: publicStopId(tt, stop),
    parentId: root === stop ? undefined : publicStopId(tt, root),
    lat: tt.stopLat[stop]! / E7,
    lon: tt.stopLon[stop]! / E7,
    level: levelFor(view, levelOf(tt, stop)),
    tz: zoneNameOfStop(tt, stop),
    scheduledTrack: textOrNone(tt, tt.stopPlatform[scheduled]!),
    track: textOrNone(tt, tt.stopPlatform[stop]!),
    stopCode: textOrNone(tt, tt.stopCode[stop]!),
    description: stopDescription(tt, scheduled, view.language) || undefined,
    vertexType: 'TRANSIT',
  }
}

/** For clocks that are shown there (S14). */
const zoneNameOfStop = (tt: Timetable, stop: StopIdx): string | undefined =>
  textOrNone(tt, tt.zoneName[tt.stopZone[rootStop(tt, stop)]!]!)

/** Does the stop say what zone it is in? Else it is in that of the agency whose vehicle calls there (S15). */
export const hasOwnZone = (tt: Timetable, stop: StopIdx): boolean =>
  tt.stopZone[rootStop(tt, stop)] !== tt.feedZone[tt.stopFeed[stop]]

/** A run as far as a single call needs it. */
export type RunHead = RunKey & { readonly state: RunState }

/** A stop as a trip's call tells it: no times, but the zone that they are in. @param scheduled where the timetable has it */
export const calledStop = (view: View, trip: TripIdx, stop: StopIdx, scheduled: StopIdx): Place => ({
  ...describedStop(view, stop, scheduled),
  ...(!hasOwnZone(view.horizon.timetable, stop) && { tz: zoneNameOfTrip(view.horizon.timetable, trip) }),
})

/** What riders may do at a call. */
export function boardingMembers({ state }: RunHead, call: RunCall) {
  const { canBoard, canAlight, couldBoard, couldAlight } = call
  const cancelled = state === RunState.cancelled
  return {
    pickupType: canBoard && !cancelled ? ('NORMAL' as const) : ('NOT_ALLOWED' as const),
    dropoffType: canAlight && !cancelled ? ('NORMAL' as const) : ('NOT_ALLOWED' as const),
    pickupArrangement: cancelled ? undefined : arrangement(canBoard, call.pickupType),
    dropoffArrangement: cancelled ? undefined : arrangement(canAlight, call.dropOffType),
    cancelled: cancelled || (!canBoard && !canAlight && (couldBoard || couldAlight)),
  }
}

/**
 * A run's call: times, tracks and whether it still stops there. The first call has no arrival, the last no departure.
 * A leg's are written by write-ride.ts, to the letter as here.
 */
export function callPlace(view: View, run: RunHead, call: RunCall, position: number): Place {
  const tt = view.horizon.timetable
  const first = position === 0
  const last = position === patternLength(tt, tt.tripPattern[run.trip]) - 1
  return {
    ...calledStop(view, run.trip, call.stop, call.scheduledStop),
    arrival: first ? undefined : utc(call.arrival),
    departure: last ? undefined : utc(call.departure),
    scheduledArrival: first ? undefined : utc(call.scheduledArrival),
    scheduledDeparture: last ? undefined : utc(call.scheduledDeparture),
    arrivalSource: first ? undefined : arrivalSource(call),
    departureSource: last ? undefined : departureSource(call),
    arrivalUncertainty: first ? undefined : call.arrivalUncertainty,
    departureUncertainty: last ? undefined : call.departureUncertainty,
    departureOccupancy: last ? undefined : call.occupancy,
    ...boardingMembers(run, call),
  }
}

/**
 * A run that calls at two platforms of one station names them by their own names: the station's alone would not tell them apart.
 * @param places the places of `stops`, in the same order
 */
export function tellPlatformsApart(
  { horizon, language }: View,
  stops: readonly StopIdx[],
  places: readonly Place[],
): void {
  const tt = horizon.timetable
  const firstOf = new Map<StopIdx, StopIdx>()
  const shared = new Set<StopIdx>()
  for (const stop of stops) {
    const root = rootStop(tt, stop)
    const known = firstOf.get(root)
    if (known === undefined) firstOf.set(root, stop)
    else if (known !== stop) shared.add(root)
  }
  if (shared.size === 0) return
  stops.forEach((stop, i) => {
    if (shared.has(rootStop(tt, stop))) places[i]!.name = stopName(tt, stop, language)
  })
}

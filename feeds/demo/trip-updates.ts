// Runs of the demo city → entities of a GTFS-Realtime message: a TripUpdate each and, where a vehicle is on the road, its position.

import bindings from 'gtfs-realtime-bindings'
import { formatDate } from '#engine/core/time.ts'
import { lookOut, type Outlook } from './outlook.ts'
import type { Run } from './trouble.ts'
import { vehicleOf } from './vehicles.ts'

const { TripDescriptor, TripUpdate } = bindings.transit_realtime
const { ScheduleRelationship } = TripUpdate.StopTimeUpdate
type Entity = bindings.transit_realtime.IFeedEntity
type StopTimeUpdate = bindings.transit_realtime.TripUpdate.IStopTimeUpdate

/** What a message holds; a producer may serve each by itself or all in one. */
export interface Parts {
  readonly tripUpdates?: boolean
  readonly vehiclePositions?: boolean
  readonly alerts?: boolean
}

const MOST_STOPS = 64

/** Adds the runs' entities to `entity`. @param now Unix seconds */
export function tellRuns(runs: readonly Run[], now: number, parts: Parts, entity: Entity[]): void {
  const times = new Float64Array(2 * MOST_STOPS)
  const seen = new Set<string>()
  for (const run of runs) {
    const { id, pattern, block } = run.trip
    const trip = {
      tripId: id,
      routeId: pattern.line.name,
      directionId: pattern.direction,
      startDate: formatDate(run.day),
      scheduleRelationship: TripDescriptor.ScheduleRelationship[run.added ? 'NEW' : 'SCHEDULED'] as number,
    }
    const key = `${id}-${trip.startDate}`
    if (run.cancelled && now - run.start >= run.cancelled.known) {
      const cancelled = { ...trip, scheduleRelationship: TripDescriptor.ScheduleRelationship.CANCELED }
      if (parts.tripUpdates) entity.push({ id: key, tripUpdate: { trip: cancelled, timestamp: now } })
      continue
    }
    const outlook = lookOut(run, now, times)
    const vehicle = seen.has(block) ? undefined : vehicleOf(run, now, outlook, trip)
    if (vehicle) seen.add(block)
    if (parts.tripUpdates) {
      const stopTimeUpdate = stopTimeUpdates(run, now, outlook, times)
      const descriptor = vehicle && { vehicle: vehicle.vehicle! }
      const told = run.added && { tripProperties: { tripHeadsign: pattern.headsign } }
      entity.push({ id: key, tripUpdate: { trip, ...descriptor, ...told, stopTimeUpdate, timestamp: now } })
    }
    if (vehicle && parts.vehiclePositions) entity.push({ id: `${key}-v`, vehicle })
  }
}

function stopTimeUpdates(run: Run, now: number, { next }: Outlook, times: Float64Array): StopTimeUpdate[] {
  const { pattern } = run.trip
  const { platforms } = pattern
  const known = (fact: { readonly known: number } | undefined): boolean =>
    fact !== undefined && now - run.start >= fact.known
  const skipped = known(run.skipped) ? run.skipped!.stop : -1
  const turned = known(run.otherPlatform) ? run.otherPlatform!.stop : -1
  const updates: StopTimeUpdate[] = []
  for (let i = 0; i < platforms.length; i++) {
    const stopSequence = i + 1
    const stopId = platforms[i]!.id
    if (i === skipped) {
      updates.push({ stopSequence, stopId, scheduleRelationship: ScheduleRelationship.SKIPPED })
    } else if (i >= run.noDataFrom && i >= next) {
      // no data here means none further on either
      updates.push({ stopSequence, stopId, scheduleRelationship: ScheduleRelationship.NO_DATA })
      break
    } else {
      updates.push({
        stopSequence,
        // a stop id beside an assigned one would have to be the same
        ...(i === turned ? { stopTimeProperties: { assignedStopId: run.otherPlatform!.platformId } } : { stopId }),
        ...(i > 0 && { arrival: timed(times[2 * i]!, run, pattern.arrivals[i]!) }),
        ...(i < platforms.length - 1 && { departure: timed(times[2 * i + 1]!, run, pattern.departures[i]!) }),
      })
    }
  }
  return updates
}

/** Of a run that the timetable does not have it is told as well when it is planned. */
const timed = (time: number, run: Run, planned: number) => ({
  time,
  ...(run.added && { scheduledTime: run.start + planned }),
})

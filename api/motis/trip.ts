// GET trip: one run from its first stop to its last, as an itinerary of one leg.

import { Type } from 'typebox'
import type { Itinerary } from '#api/contract/itinerary.ts'
import { paths } from '#api/contract/versions.ts'
import type { App } from '#api/fastify.ts'
import { choice, list, or, text } from '#api/plugins/parameters.ts'
import { runLeg } from '#api/render/legs.ts'
import type { View } from '#api/render/place.ts'
import { parseRunId, publicTripId } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { extraRuns, type RunKey, readRun, standIn } from '#engine/horizon/runs.ts'
import { tripByFeedId } from '#engine/timetable/lookup.ts'
import { runsOn, type Timetable } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'

const TripQuery = Type.Object({
  tripId: text(400),
  withScheduledSkippedStops: or(Type.Boolean(), false),
  detailedLegs: or(Type.Boolean(), true),
  joinInterlinedLegs: or(Type.Boolean(), true),
  realtimeMode: or(choice('REALTIME', 'REALTIME_ANNOTATION_ONLY', 'OFF'), 'REALTIME'),
  language: or(list(text(35)), []),
})

export function tripRoutes(app: App): void {
  for (const { url, version } of paths('trip', 1, 2, 4, 5, 6))
    app.get(url, { schema: { querystring: TripQuery } }, ({ query, service }) => {
      const { tripId, detailedLegs, realtimeMode, language, withScheduledSkippedStops } = query
      const key = runOf(service, tripId)
      const view: View = {
        horizon: service.horizon,
        version,
        language,
        realtime: realtimeMode !== 'OFF',
        now: service.clock.now(),
        scheduledSkipped: withScheduledSkippedStops,
      }
      return renderRun(view, key, detailedLegs)
    })
}

function renderRun(view: View, key: RunKey, detailed: boolean): Itinerary {
  const run = readRun(view.horizon, key, view.realtime)
  const leg = runLeg(view, run, 0, run.calls.length - 1, detailed)
  return {
    duration: leg.duration,
    startTime: leg.startTime,
    endTime: leg.endTime,
    transfers: 0,
    id: leg.tripId!,
    legs: [leg],
  }
}

/** The run a public trip id names. Throws UNKNOWN_TRIP, UNKNOWN_TAG or BAD_REQUEST. */
export function runOf(service: TransitService, id: string): RunKey {
  const { timetable: tt, lookup } = service
  const name = parseRunId(id)
  if (!name) throw new FreifahrtError('BAD_REQUEST', 'tripId', `'${id}' is not YYYYMMDD_HH:MM_<tag>_<trip_id>`)
  const feed = service.lookup.feedByTag.get(name.tag)
  if (feed === undefined) throw new FreifahrtError('UNKNOWN_TAG', 'tripId', `no feed '${name.tag}'`)
  for (const run of extraRuns(service.horizon)) if (publicTripId(tt, run.trip, run.day, run.shift) === id) return run
  const trip = tripByFeedId(lookup, feed, name.tripId)
  if (trip === undefined || !runsOn(tt, tt.tripService[trip], name.day))
    throw new FreifahrtError('UNKNOWN_TRIP', 'tripId', `no trip '${id}' on that day`)
  const shift = shiftOf(tt, trip, name.start) ?? vagueShift(service.horizon, trip, name.day, name.start)
  if (shift === undefined)
    throw new FreifahrtError('UNKNOWN_TRIP', 'tripId', `trip '${id}' does not start at that time`)
  return standIn(service.horizon, { trip, day: name.day, shift })
}

/** As `runOf`; undefined when there is no such run, or no more. */
export function findRun(service: TransitService, id: string): RunKey | undefined {
  try {
    return runOf(service, id)
  } catch (error) {
    if (error instanceof FreifahrtError) return undefined
    throw error
  }
}

/** A run of a line that goes "every so often" starts when its vehicle does: only realtime knows (G1). */
function vagueShift(
  { timetable: tt, live }: Horizon,
  trip: TripIdx,
  day: ServiceDay,
  minute: number,
): number | undefined {
  for (let r = 0; r < live.counts.runs; r++) {
    const start = tt.tripStart[trip]! + live.runShift[r]!
    if (live.runTrip[r] === trip && live.runDay[r] === day && Math.floor(start / 60) === Math.floor(minute / 60))
      return live.runShift[r]!
  }
  return undefined
}

/** Which of a frequency trip's runs starts in this minute; 0 for an ordinary trip. */
function shiftOf(tt: Timetable, trip: TripIdx, minute: number): number | undefined {
  const start = tt.tripStart[trip]!
  const sameMinute = (s: number): boolean => Math.floor(s / 60) === Math.floor(minute / 60)
  const [begin, end] = [tt.tripFrequencyBegin[trip]!, tt.tripFrequencyBegin[trip + 1]!]
  if (begin === end) return sameMinute(start) ? 0 : undefined
  for (let f = begin; f < end; f++)
    for (let at = tt.frequencyStart[f]!; at < tt.frequencyEnd[f]!; at += tt.frequencyHeadway[f]!)
      if (sameMinute(at)) return at - start
  return undefined
}

// GET trip: one run from its first stop to its last, and on as what its vehicle goes on as while riders stay seated; as an itinerary of one leg, or
// of one for each run.

import { Type } from 'typebox'
import type { Itinerary } from '#api/contract/itinerary.ts'
import { paths } from '#api/contract/versions.ts'
import type { App } from '#api/fastify.ts'
import { choice, list, or, text } from '#api/plugins/parameters.ts'
import { joined, legOfRide, rideMembers } from '#api/render/legs.ts'
import type { View } from '#api/render/place.ts'
import { secondsBetween } from '#api/render/plan.ts'
import { parseRunId, publicTripId } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { extraRuns, type RunKey, readRun, standIn } from '#engine/horizon/runs.ts'
import { isServed } from '#engine/live/state.ts'
import { seated } from '#engine/plan/seated.ts'
import { tripByFeedId } from '#engine/timetable/lookup.ts'
import { runsOn, type Timetable } from '#engine/timetable/timetable.ts'
import type { RideLeg } from '#engine/transit/journey.ts'
import type { TransitService } from '#workers/service.ts'
import { goesOnAs } from './onward.ts'

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
      const { tripId, detailedLegs, joinInterlinedLegs, realtimeMode, language, withScheduledSkippedStops } = query
      const key = runOf(service, tripId)
      const view: View = {
        horizon: service.horizon,
        version,
        language,
        realtime: realtimeMode !== 'OFF',
        now: service.clock.now(),
        scheduledSkipped: withScheduledSkippedStops,
      }
      return renderRun(view, key, detailedLegs, joinInterlinedLegs)
    })
}

function renderRun(view: View, key: RunKey, detailed: boolean, join: boolean): Itinerary {
  const rides = wholeRides(view, key)
  const legs = rides.map(ride => ({ ...legOfRide(view, ride, detailed), ...rideMembers(ride) }))
  const [first, last] = [legs[0]!, legs.at(-1)!]
  return {
    duration: secondsBetween(first.startTime, last.endTime),
    startTime: first.startTime,
    endTime: last.endTime,
    transfers: 0,
    id: first.tripId!,
    legs: join && legs.length > 1 ? [joined(view, rides, legs, detailed)] : legs,
  }
}

/** The run, and those on which its riders stay seated, as far as they take place; each from its first stop to its last. */
function wholeRides({ horizon, realtime }: View, key: RunKey): RideLeg[] {
  const rides: RideLeg[] = []
  for (const planned of goesOnAs(horizon.timetable, key)) {
    const part = rides.length > 0 ? standIn(horizon, planned) : planned
    const { calls, state } = readRun(horizon, part, realtime)
    if (rides.length > 0 && !isServed(state)) break
    const [from, to] = [calls[0]!, calls.at(-1)!]
    rides.push({
      ...{ kind: 'ride', trip: part.trip, day: part.day, shift: part.shift, board: 0, alight: calls.length - 1 },
      ...{ from: from.stop, to: to.stop, departure: from.departure, arrival: to.arrival },
      ...(rides.length > 0 && { stayed: true }),
    })
    if (!isServed(state)) break
  }
  return seated(horizon, rides, realtime) as RideLeg[]
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

// Runs the demo city's vehicles and tells about them in genuine GTFS-Realtime: TripUpdates, VehiclePositions and Alerts in a FULL_DATASET.
// There is no state that time would move: a message is a function of (seed, second), so the same second always gives the same bytes.
// Runs are kept from call to call only to save working out their fate again.
//
//   runs.ts  which runs?  ─▶  trouble.ts  what happens to each?  ─▶  outlook.ts  what is known now?  ─▶  trip-updates.ts, vehicles.ts

import bindings from 'gtfs-realtime-bindings'
import { alertsAt } from './alerts.ts'
import { buildCity, type City } from './city.ts'
import { byService, dayStart, runKey, runsAt } from './runs.ts'
import { buildTrips } from './schedule.ts'
import { type Parts, tellRuns } from './trip-updates.ts'
import type { Run } from './trouble.ts'

const { FeedHeader, FeedMessage } = bindings.transit_realtime

const EVERYTHING: Parts = { tripUpdates: true, vehiclePositions: true, alerts: true }

export interface Simulator {
  readonly seed: number
  /** The feed's message of a second (Unix time; parts of a second do not count). */
  messageAt(unixSeconds: number, parts?: Parts): Uint8Array
}

/** Any second may be asked for, in any order. */
export function createSimulator({
  seed,
  city = buildCity(),
}: {
  readonly seed: number
  readonly city?: City
}): Simulator {
  const departures = byService(buildTrips(city))
  let kept: ReadonlyMap<string, Run> = new Map()

  return {
    seed,
    messageAt(unixSeconds, parts = EVERYTHING) {
      const now = Math.floor(unixSeconds)
      const runs = runsAt(departures, seed, now, kept)
      kept = new Map(runs.map(run => [runKey(run.trip, run.day), run]))
      const entity = parts.alerts ? alertsAt(city, seed, now, dayStart) : []
      tellRuns(runs, now, parts, entity)
      const header = {
        gtfsRealtimeVersion: '2.0',
        incrementality: FeedHeader.Incrementality.FULL_DATASET,
        timestamp: now,
      }
      return FeedMessage.encode({ header, entity }).finish()
    },
  }
}

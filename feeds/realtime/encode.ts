// The live state out again as GTFS-Realtime: all sources laid over one another, for programs that read one feed. What follows from other
// times (propagated delays) is left to the reader; of runs that no timetable has, everything is told (NEW, REPLACEMENT).

import bindings from 'gtfs-realtime-bindings'
import { E7 } from '#engine/core/geo.ts'
import { type FeedIdx, NONE } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { encodeAlerts } from './encode-alerts.ts'
import { type Entity, Names } from './encode-names.ts'
import { encodeRuns } from './encode-runs.ts'
import { encodeVehicles } from './encode-vehicles.ts'

/**
 * @param feed only what is said of this feed, in its own ids; undefined: all, ids with their feed's tag in front if there are several
 * @param timestamp Unix seconds of the message
 */
export function encodeHorizon(horizon: Horizon, feed: FeedIdx | undefined, timestamp: number): Uint8Array {
  const names = new Names(horizon, feed)
  const entity = [...encodeStops(names), ...encodeRuns(names), ...encodeVehicles(names), ...encodeAlerts(names)]
  return bindings.transit_realtime.FeedMessage.encode({
    header: { gtfsRealtimeVersion: '2.0', incrementality: 0, timestamp },
    entity,
  }).finish()
}

/** Stops that the timetable does not have. */
function* encodeStops(names: Names): Generator<Entity> {
  const { timetable: tt, added } = names.horizon
  for (const s of added?.stops ?? []) {
    if (!names.wants(tt.stopFeed[s])) continue
    const station = tt.stopParent[s]
    const platform = textOf(tt, tt.stopPlatform[s]!)
    yield {
      id: `stop:${names.stopId(s)}`,
      stop: {
        stopId: names.stopId(s),
        stopName: { translation: [{ text: textOf(tt, tt.stopName[s]!) }] },
        stopLat: tt.stopLat[s]! / E7,
        stopLon: tt.stopLon[s]! / E7,
        ...(station !== NONE && { parentStation: names.stopId(station) }),
        ...(platform && { platformCode: { translation: [{ text: platform }] } }),
        // unknown, yes, no: numbered alike here and in the timetable
        ...(tt.stopWheelchair[s] !== 0 && { wheelchairBoarding: tt.stopWheelchair[s]! }),
      },
    }
  }
}

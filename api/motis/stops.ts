// Public stop ids → stops, for every endpoint that takes one.

import { publicStopId, text } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { metresBetween } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { findStop, stopsNear } from '#engine/timetable/lookup.ts'
import { isExtraStop } from '#engine/timetable/room.ts'
import { rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'

/** As `stopOf`, or undefined. */
export const findStopNow = ({ lookup, horizon }: TransitService, id: string): StopIdx | undefined =>
  findStop(lookup, id) ?? findAdded(horizon, id)

/** Among those that only realtime knows. */
function findAdded({ timetable: tt, added }: Horizon, id: string): StopIdx | undefined {
  const stops = added?.stops ?? []
  const own = stops.filter(stop => text(tt, tt.stopId[stop]!) === id)
  const isOfOneFeed = own.every(stop => tt.stopFeed[stop] === tt.stopFeed[own[0]!])
  return stops.find(stop => publicStopId(tt, stop) === id) ?? (isOfOneFeed ? own[0] : undefined)
}

/**
 * The stop with this public id (`<tag>_<stop_id>`), or the feed's own id while that is unambiguous. One that only realtime knows is there
 * for as long as realtime tells of it, and may have another number in the next generation.
 * @param parameter where it stood, for the error
 * @throws UNKNOWN_STOP, UNKNOWN_TAG
 */
export function stopOf(service: TransitService, id: string, parameter = 'stopId'): StopIdx {
  const stop = findStopNow(service, id)
  if (stop !== undefined) return stop
  const tt = service.timetable
  const tag = id.split('_', 1)[0]!
  for (let f = 0; f < tt.counts.feeds; f++)
    if (text(tt, tt.feedTag[f]!) === tag) throw new FreifahrtError('UNKNOWN_STOP', parameter, `no stop '${id}'`)
  throw new FreifahrtError('UNKNOWN_TAG', parameter, `no stop '${id}', and no feed '${tag}'`)
}

/** The stop and everything inside it: platforms, and their boarding areas. */
export function withChildren(tt: Timetable, stop: StopIdx, into: Set<StopIdx> = new Set()): Set<StopIdx> {
  into.add(stop)
  for (let i = tt.childrenBegin[stop]!; i < tt.childrenBegin[stop + 1]!; i++) {
    const child = tt.children[i]!
    if (!into.has(child)) withChildren(tt, child, into)
  }
  return into
}

/** Stops of one name so near to each other are one place to a rider: the two sides of a street. */
const SAME_PLACE_METRES = 200

/** What the board of a stop shows: its whole station and its neighbours of the same name; `exact`: only what lies inside the stop. */
export function boardStops(service: TransitService, stop: StopIdx, exact: boolean): StopIdx[] {
  const { timetable: tt, horizon } = service
  const root = exact ? stop : rootStop(tt, stop)
  const name = text(tt, tt.stopName[root]!)
  const found = withChildren(tt, root)
  const isBeside = (other: StopIdx): boolean =>
    text(tt, tt.stopName[other]!) === name &&
    metresBetween(tt.stopLat[root]!, tt.stopLon[root]!, tt.stopLat[other]!, tt.stopLon[other]!) <= SAME_PLACE_METRES
  for (const added of horizon.added?.stops ?? []) {
    const station = rootStop(tt, added)
    if (found.has(station) || (!exact && isBeside(station))) found.add(added)
  }
  if (exact) return [...found]
  for (const { stop: near } of stopsNear(service.lookup, tt.stopLat[root]!, tt.stopLon[root]!, SAME_PLACE_METRES)) {
    const other = rootStop(tt, near)
    if (!found.has(other) && text(tt, tt.stopName[other]!) === name) withChildren(tt, other, found)
  }
  return [...found]
}

/** The stops on whose boards events at this one show: of one that only realtime knows, those around it, which may not know of it yet. */
export const shownAt = (service: TransitService, stop: StopIdx): readonly StopIdx[] =>
  isExtraStop(service.timetable, stop) ? [stop, ...boardStops(service, stop, false)] : [stop]

// Public stop ids → stops, for every endpoint that takes one.

import { text } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { findStop, stopsNear } from '#engine/timetable/lookup.ts'
import { rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'

/**
 * The stop with this public id (`<tag>_<stop_id>`), or the feed's own id while that is unambiguous.
 * @param parameter where it stood, for the error
 * @throws UNKNOWN_STOP, UNKNOWN_TAG
 */
export function stopOf(service: TransitService, id: string, parameter = 'stopId'): StopIdx {
  const stop = findStop(service.lookup, id)
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
  const tt = service.timetable
  if (exact) return [...withChildren(tt, stop)]
  const root = rootStop(tt, stop)
  const name = text(tt, tt.stopName[root]!)
  const found = withChildren(tt, root)
  for (const { stop: near } of stopsNear(service.lookup, tt.stopLat[root]!, tt.stopLon[root]!, SAME_PLACE_METRES)) {
    const other = rootStop(tt, near)
    if (!found.has(other) && text(tt, tt.stopName[other]!) === name) withChildren(tt, other, found)
  }
  return [...found]
}

// Walks between stops while elevators are out of order: only those of the stops around them are made anew, the rest is as it was.

import { metresBetween } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { buildFootpaths, type Footpaths, type Walk } from '../footpaths/footpaths.ts'
import { readStopRules } from '../footpaths/rules.ts'
import { mergeWalk } from '../footpaths/transfers.ts'
import { withoutElevators } from '../street/elevators.ts'
import type { Profile } from '../street/profile.ts'
import { createStreetSearch } from '../street/search.ts'
import { rootStop } from '../timetable/timetable.ts'
import type { Elevator, Outages } from './elevators.ts'
import type { Ground } from './ground.ts'
import { MAX_WALK_SECONDS, walksBetweenStops } from './walks.ts'

/** The same ground without what is out of order. */
export function groundWithout(ground: Ground, { out }: Outages): Ground {
  const closed = new Set(out.flatMap(e => ('pathway' in e ? [e.pathway] : [])))
  const onStreets = out.filter(e => !('pathway' in e)) as Exclude<Elevator, { readonly pathway: number }>[]
  const { streets } = ground
  return {
    ...ground,
    closed,
    streets:
      streets && onStreets.length > 0
        ? createStreetSearch(withoutElevators(streets.graph, onStreets), streets.links)
        : streets,
  }
}

/**
 * The footpaths of a walker while these elevators are out of order.
 * @param footpaths while everything works
 * @param ground without what is out of order
 */
export function footpathsWithout(ground: Ground, footpaths: Footpaths, walker: Profile, { out }: Outages): Footpaths {
  const { timetable: tt } = ground
  const affected = affectedStops(ground, walker, out)
  const rules = readStopRules(tt)
  function* walks(): Generator<Walk> {
    const { outBegin, outTo, outSeconds } = footpaths
    for (let from = 0; from < tt.counts.stops; from++)
      for (let i = outBegin[from]!; i < outBegin[from + 1]!; i++) {
        const to = outTo[i]!
        // a rule's walk is the rule's, whatever works
        if (affected.has(from) && !rules.has(from * tt.counts.stops + to)) continue
        yield { from, to, seconds: outSeconds[i]! }
      }
    const found = walksBetweenStops(ground, { walker, maxSeconds: MAX_WALK_SECONDS, from: [...affected] })
    for (const walk of found) {
      if (!rules.has(walk.from * tt.counts.stops + walk.to)) yield mergeWalk(walk)
    }
  }
  return buildFootpaths(tt.counts.stops, walks(), footpaths.changeSeconds)
}

/** Platforms so near an elevator, or in its station, that a walk from them may lead over it. */
function affectedStops({ timetable: tt }: Ground, { speed }: Profile, out: readonly Elevator[]): Set<number> {
  const reach = MAX_WALK_SECONDS * speed
  const stations = new Set(out.map(e => e.station))
  const affected = new Set<number>()
  for (let s = 0; s < tt.counts.stops; s++) {
    if (tt.stopLocationType[s] !== 0) continue
    const near = (e: Elevator): boolean =>
      tt.stopHasPosition[s] === 1 && metresBetween(tt.stopLat[s]!, tt.stopLon[s]!, e.lat, e.lon) <= reach
    if (stations.has(rootStop(tt, s as StopIdx)) || out.some(near)) affected.add(s)
  }
  return affected
}

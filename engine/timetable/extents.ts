// Where patterns go: the box around the stops of each, for everything that asks what runs in a part of the map.

import { type Box, E7, metresBetween } from '../core/geo.ts'
import type { PatternIdx } from '../core/ids.ts'
import { patternLength, slotStop, type Timetable } from './timetable.ts'

const extents = new WeakMap<Timetable, Int32Array>()

/** pattern → south, west, north, east; a pattern without any position touches nothing */
function patternExtents(tt: Timetable): Int32Array {
  const known = extents.get(tt)
  if (known) return known
  const all = new Int32Array(tt.counts.patterns * 4)
  for (let p = 0 as PatternIdx; p < tt.counts.patterns; p++) {
    const { south, west, north, east } = measure(tt, p)
    all.set([south, west, north, east], p * 4)
  }
  extents.set(tt, all)
  return all
}

function measure(tt: Timetable, p: PatternIdx): Box {
  let [south, west, north, east] = [90 * E7, 180 * E7, -90 * E7, -180 * E7]
  for (let slot = tt.slotBegin[p]!; slot < tt.slotBegin[p]! + patternLength(tt, p); slot++) {
    const stop = slotStop(tt.slots[slot]!)
    if (tt.stopHasPosition[stop] === 0) continue
    south = Math.min(south, tt.stopLat[stop]!)
    north = Math.max(north, tt.stopLat[stop]!)
    west = Math.min(west, tt.stopLon[stop]!)
    east = Math.max(east, tt.stopLon[stop]!)
  }
  return { south, west, north, east }
}

/** The box around a pattern's stops, in 1e-7 degrees; south > north where none has a position. */
export function extentOf(tt: Timetable, p: PatternIdx): Box {
  // of a run that realtime added: another one may stand there in the next generation
  if (p >= tt.counts.patterns) return measure(tt, p)
  const [south, west, north, east] = patternExtents(tt).subarray(p * 4, p * 4 + 4) as unknown as number[]
  return { south: south!, west: west!, north: north!, east: east! }
}

/** Metres from corner to corner; 0 for a pattern without positions. */
export const diagonalMetres = (e: Box): number =>
  e.north < e.south ? 0 : metresBetween(e.south, e.west, e.north, e.east)

/** Patterns whose stops' box touches this one. */
export function patternsIn(tt: Timetable, box: Box): PatternIdx[] {
  const all = patternExtents(tt)
  const found: PatternIdx[] = []
  for (let p = 0, i = 0; p < tt.counts.patterns; p++, i += 4)
    if (all[i]! <= box.north && all[i + 2]! >= box.south && all[i + 1]! <= box.east && all[i + 3]! >= box.west)
      found.push(p as PatternIdx)
  return found
}

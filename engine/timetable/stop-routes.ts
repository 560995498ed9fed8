// Which routes call at a stop: the patterns of each, laid out stop by stop when first asked for.

import type { PatternIdx, RouteIdx, StopIdx } from '../core/ids.ts'
import { slotStop, type Timetable } from './timetable.ts'

interface StopPatterns {
  // stop → range in patterns
  readonly begin: Uint32Array
  readonly patterns: Uint32Array
}

const tables = new WeakMap<Timetable, StopPatterns>()

/** The routes that call at any of the stops by the timetable, in no order. */
export function routesCallingAt(tt: Timetable, stops: Iterable<StopIdx>): Set<RouteIdx> {
  const { begin, patterns } = tables.getOrInsertComputed(tt, buildStopPatterns)
  const routes = new Set<RouteIdx>()
  for (const stop of stops)
    for (let i = begin[stop]!; i < begin[stop + 1]!; i++) routes.add(tt.patternRoute[patterns[i] as PatternIdx])
  return routes
}

function buildStopPatterns(tt: Timetable): StopPatterns {
  const { counts, slots, slotBegin } = tt
  const calls = slotBegin[counts.patterns]!
  const begin = new Uint32Array(counts.stops + 1)
  for (let slot = 0; slot < calls; slot++) begin[slotStop(slots[slot]!) + 1]!++
  for (let s = 0; s < counts.stops; s++) begin[s + 1]! += begin[s]!
  const next = begin.slice()
  const patterns = new Uint32Array(calls)
  for (let p = 0; p < counts.patterns; p++)
    for (let slot = slotBegin[p]!; slot < slotBegin[p + 1]!; slot++) patterns[next[slotStop(slots[slot]!)]!++] = p
  return { begin, patterns }
}

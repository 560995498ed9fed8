// What is known of a stop beyond its row: how important it is and what stops there.

import { type Mode, TRANSIT_MODES } from '#api/contract/common.ts'
import { modeInVersion } from '#api/contract/versions.ts'
import type { PatternIdx, StopIdx } from '#engine/core/ids.ts'
import type { StopLookup } from '#engine/timetable/lookup.ts'
import { rootStop, slotStop, type Timetable } from '#engine/timetable/timetable.ts'
import { modeOfRouteType } from './modes.ts'

const modesOf = new WeakMap<Timetable, Uint32Array>()

/** Modes that call at the stop, at a station those of all its platforms. */
export function stopModes(tt: Timetable, stop: StopIdx, version: number): Mode[] {
  const bits = stopModeBits(tt)[stop]!
  return TRANSIT_MODES.filter((_, i) => (bits >>> i) & 1).map(mode => modeInVersion(mode, version))
}

/** stop → bit per entry of TRANSIT_MODES */
function stopModeBits(tt: Timetable): Uint32Array {
  const known = modesOf.get(tt)
  if (known) return known
  const bits = new Uint32Array(tt.counts.stops)
  for (let p = 0 as PatternIdx; p < tt.counts.patterns; p++) {
    const mode = modeOfRouteType(tt.routeType[tt.patternRoute[p]]!) as (typeof TRANSIT_MODES)[number]
    const bit = 1 << TRANSIT_MODES.indexOf(mode)
    for (let slot = tt.slotBegin[p]!; slot < tt.slotBegin[p + 1]!; slot++) {
      const stop = slotStop(tt.slots[slot]!)
      bits[stop]! |= bit
      bits[rootStop(tt, stop)]! |= bit
    }
  }
  modesOf.set(tt, bits)
  return bits
}

const busiest = new WeakMap<StopLookup, number>()

/** 0 … 1: the departures of a day, on a logarithmic scale up to the busiest stop's. */
export function stopImportance(lookup: StopLookup, stop: StopIdx): number {
  let most = busiest.get(lookup)
  if (most === undefined) {
    most = lookup.departures.reduce((a, b) => Math.max(a, b), 0)
    busiest.set(lookup, most)
  }
  return most === 0 ? 0 : Math.round((1000 * Math.log1p(lookup.departures[stop]!)) / Math.log1p(most)) / 1000
}
